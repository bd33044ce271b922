"""torchcodec, which loads the FFmpeg of the system; where there is none, tests say what to do."""

from __future__ import annotations

import pytest

try:
    from torchcodec import AudioSamples, FrameBatch
    from torchcodec.decoders import AudioDecoder, VideoDecoder
    from torchcodec.encoders import VideoEncoder
except (ImportError, OSError, RuntimeError):
    pytest.fail(
        "torchcodec finds no FFmpeg: install Debian's package (apt-get install ffmpeg)",
        pytrace=False,
    )

__all__ = ["AudioDecoder", "AudioSamples", "FrameBatch", "VideoDecoder", "VideoEncoder"]
