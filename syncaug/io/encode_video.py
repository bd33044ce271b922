"""Clips encoded: a few frames at a time, each with its own time and duration."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import Clip, chunks
from syncaug.clips.parts import parts
from syncaug.io.container_forms import Coding, Form
from syncaug.io.containers import load_av
from syncaug.io.problem import FileProblem

__all__ = ["VideoTrack"]

VARIABLE = 90_000
"""Ticks in a second for clips without a constant rate."""

_BT709, _LIMITED = 1, 1
"""Colours of HDTV in limited range, as the file then says, so that no player has to guess."""


class VideoTrack:
    """One clip on its way into a container. `written` counts frames."""

    def __init__(self, container: Any, clip: Clip, form: Form, coding: Coding) -> None:
        count, height, width, channels = clip.shape
        if count == 0:
            raise FileProblem("a video with frames", "one without any")
        if channels not in (1, 3):
            raise FileProblem("frames with 1 or 3 channels", f"frames with {channels}")
        self.written = 0
        self._clip = clip
        rate, self._stamps, ends = _ticks(clip, form.tick)
        self._lasts = dict(zip(self._stamps, np.diff([*self._stamps, ends]).tolist(), strict=True))
        self._base = Fraction(1, rate)
        self._pieces: Iterator[range] = chunks(count, int(np.prod(clip.shape[1:])))
        self._piece: range | None = next(self._pieces)
        self._converter = load_av().video.reformatter.VideoReformatter()
        self._stream = container.add_stream(form.video, rate=_shown_rate(clip))
        self._stream.width, self._stream.height = width, height
        odd = width % 2 or height % 2  # half-size colour planes need even sizes
        self._stream.pix_fmt = "yuv444p" if odd else "yuv420p"
        context = self._stream.codec_context
        context.time_base = self._base
        self._stream.time_base = self._base
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED
        context.thread_count = coding.threads
        context.gop_size = max(1, round(2 * count / max(clip.duration, 1e-3)))
        context.options = _options(form.video, coding, constant=clip.fps > 0)

    @property
    def time(self) -> float:
        return math.inf if self._piece is None else float(self._clip.times[self._piece.start])

    def step(self) -> list[Any]:
        assert self._piece is not None
        packets: list[Any] = []
        for part in parts(self._clip, self._piece):
            places = self._piece[part.start : part.stop]
            frames = _levels(self._clip.read(places))
            for index, picture in zip(places, frames, strict=True):
                packets += self._encoded(self._frame(picture, self._stamps[index]))
        self.written = self._piece.stop
        self._piece = next(self._pieces, None)
        if self._piece is None:
            packets += self._encoded(None)
        return packets

    def _frame(self, picture: NDArray[np.uint8], stamp: int) -> Any:
        rgb = load_av().VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        kinds = load_av().video.reformatter.Interpolation
        frame = self._converter.reformat(
            rgb,
            format=self._stream.pix_fmt,
            dst_colorspace=_BT709,
            dst_color_range=_LIMITED,
            interpolation=kinds.BILINEAR | kinds.ACCURATE_RND,
            threads=1,  # the encoder has threads of its own
        )
        frame.color_primaries = frame.color_trc = _BT709
        frame.pts, frame.time_base = stamp, self._base
        return frame

    def _encoded(self, frame: Any) -> list[Any]:
        packets: list[Any] = self._stream.encode(frame)
        for packet in packets:
            packet.duration = self._lasts[packet.pts]
        return packets


def _ticks(clip: Clip, finest: int) -> tuple[int, list[int], int]:
    """Ticks in a second, the tick of each frame, and the tick at which the last one ends."""
    if clip.fps:
        exact = Fraction(clip.fps).limit_denominator(1001)
        if abs(float(exact) - clip.fps) < 1e-9 * clip.fps:
            stamps = [index * exact.denominator for index in range(len(clip))]
            return exact.numerator, stamps, len(clip) * exact.denominator
    rate = finest or VARIABLE
    stamps = np.rint(clip.times * rate).astype(np.int64).tolist()
    for index in range(1, len(stamps)):  # frames closer together than ticks
        stamps[index] = max(stamps[index], stamps[index - 1] + 1)
    return rate, stamps, max(round(clip.duration * rate), stamps[-1] + 1)


def _shown_rate(clip: Clip) -> Fraction:
    """The rate that the file states; for a varying one, its mean."""
    span = clip.duration - float(clip.times[0])
    rate = clip.fps or len(clip) / max(span, 1e-3)
    return Fraction(rate).limit_denominator(1001)


def _options(encoder: str, coding: Coding, *, constant: bool) -> dict[str, str]:
    if encoder == "libvpx-vp9":
        return {
            "crf": str(coding.crf),
            "b": "0",
            "deadline": "good",
            "cpu-used": "5",
            "row-mt": "1",
        }
    # With mbtree, x264 reads memory that it never wrote where a side is no multiple of 16 or the
    # film is longer than its look-ahead: equal frames then give other bytes now and then.
    options = {"crf": str(coding.crf), "preset": coding.preset, "mbtree": "0"}
    if not constant:  # without B-frames each packet's duration is that of its own frame
        options["bf"] = "0"
    return options


def _levels(frames: NDArray[Any]) -> NDArray[np.uint8]:
    """Frames (n, H, W, 3) of 8 bits: grey repeated, floats in 0..1 rounded."""
    if frames.dtype.kind == "f":
        frames = np.rint(np.clip(frames, 0.0, 1.0) * 255.0).astype(np.uint8)
    elif frames.dtype != np.uint8:
        raise FileProblem("frames of uint8, or float in 0..1", f"frames of {frames.dtype}")
    return np.repeat(frames, 3, axis=3) if frames.shape[3] == 1 else frames
