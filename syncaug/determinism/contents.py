"""All that an entry of a sample holds, in memory, and a digest of it for each entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from syncaug.clips.clip import Clip, chunks
from syncaug.digest import digest_of

__all__ = ["digests_of", "held"]

_MOST = 64 << 20
"""Bytes of frames of one film that are kept to be compared."""


def digests_of(sample: Mapping[str, Any]) -> dict[str, str]:
    """A digest of the type, the shape and every byte of each entry; frames of films are decoded."""
    return {name: digest_of({name: _decoded(value)}, (name,)) for name, value in sample.items()}


def _decoded(value: Any) -> Any:
    """A value with each film in it as its times, its form, and digests of its frames."""
    if isinstance(value, Mapping):
        return {name: _decoded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_decoded(item) for item in value]
    if not isinstance(value, Clip):
        return value
    count, *form = value.shape
    parts = [
        digest_of({"frames": np.asarray(value.read(part))}, ("frames",))
        for part in _parts(count, form, value.dtype.itemsize)
    ]
    return [value.times, value.duration, tuple(value.shape), str(value.dtype), *parts]


def _parts(count: int, form: list[int], size: int) -> list[range]:
    return list(chunks(count, int(np.prod(form)) * size))


def held(value: Any) -> Any:
    """A value that pickles and that two of can be compared: films become their first frames."""
    if isinstance(value, Mapping):
        return {name: held(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [held(item) for item in value]
    if not isinstance(value, Clip):
        return value
    count, *form = value.shape
    frames = max(1, _MOST // max(1, int(np.prod(form)) * value.dtype.itemsize))
    return {
        "times": value.times,
        "duration": value.duration,
        "shape": tuple(value.shape),
        "frames": np.array(value.read(range(min(count, frames)))),
    }
