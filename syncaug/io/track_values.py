"""Streams as their samples hold them, made ready for a container: clips, samples, cues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.clips.clip import ArrayClip, Clip, end_of, regular_times
from syncaug.io.problem import FileProblem

__all__ = ["clip_of", "cues_of", "sound_of"]

Options = Mapping[str, Any]


def clip_of(value: Any, options: Options) -> Clip:
    """A video stream as a clip; nothing is decoded or copied. Raises FileProblem."""
    said = value if isinstance(value, Mapping) else {}
    frames = said.get("frames", value)
    if isinstance(frames, Clip):
        return frames
    if not isinstance(frames, np.ndarray) or frames.ndim != 4 or len(frames) == 0:
        raise FileProblem("frames of shape TxHxWxC", f"{type(frames).__name__}")
    if options.get("layout") == "chw":
        frames = frames.transpose(0, 2, 3, 1)
    if "timestamps" in said:
        times = np.asarray(said["timestamps"], dtype=np.float64)
        return ArrayClip(frames, times, float(said.get("duration", end_of(times))))
    rate = float(said.get("fps") or options.get("fps") or 0.0)
    if rate <= 0:
        raise FileProblem(
            "frames in a second", "an array without them", "Declare fps for the stream."
        )
    return ArrayClip(frames, regular_times(len(frames), rate), len(frames) / rate)


def sound_of(value: Any, options: Options) -> tuple[NDArray[Any], float]:
    """An audio stream as samples and rate. Raises FileProblem."""
    array, rate = value, options.get("sample_rate")
    if isinstance(value, Mapping):
        array, rate = value["array"], value["sampling_rate"]
    if not rate:
        raise FileProblem(
            "a sample rate", "an array without one", "Declare sample_rate for the stream."
        )
    return np.asarray(array), float(rate)


def cues_of(value: Any) -> list[dict[str, Any]]:
    """A timed_text stream as cues. Raises FileProblem."""
    whole = isinstance(value, list | tuple) and all(
        isinstance(one, Mapping) and {"start", "end", "text"} <= set(one) for one in value
    )
    if not whole:
        raise FileProblem('a list of {"start", "end", "text"}', f"{value!r}"[:60])
    return [dict(one) for one in value]
