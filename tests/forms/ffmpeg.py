"""torchcodec, which loads the FFmpeg of the system; where there is none, its tests are skipped."""

from __future__ import annotations

from tests.programs import lacking

try:
    from torchcodec import AudioSamples, FrameBatch
    from torchcodec.decoders import AudioDecoder, VideoDecoder
    from torchcodec.encoders import VideoEncoder
except (ImportError, OSError, RuntimeError) as error:
    lacking("ffmpeg", f"torchcodec does not load ({type(error).__name__})")

__all__ = ["AudioDecoder", "AudioSamples", "FrameBatch", "VideoDecoder", "VideoEncoder"]
