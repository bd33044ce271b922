"""What to do with a value that is no array of the right type: the last sentence of its error."""

from __future__ import annotations

from os import PathLike
from typing import Any

import numpy as np

__all__ = ["array_hint", "batch_hint"]

_PATH = (
    "In Python a sample holds the array: read the file first, or let syncaug apply read the paths "
    "of a manifest."
)


def array_hint(value: Any) -> str:
    """How what is no numpy array becomes one; nothing for arrays."""
    if isinstance(value, np.ndarray):
        return ""
    if isinstance(value, str | PathLike):
        return _PATH
    if isinstance(value, bytes | bytearray | memoryview):
        return "These are the bytes of a file or a buffer: decode them to a numpy array first."
    if isinstance(value, list | tuple) or hasattr(value, "__array__"):
        return "Give a numpy array: numpy.asarray(value)."
    return ""


def batch_hint(value: Any, axes: int) -> str:
    """What to do with a batch of samples: an array of one more axis than the `axes` of one."""
    if getattr(value, "ndim", 0) != axes + 1:
        return ""
    return (
        "A policy takes one sample: policy.batch takes a list of them, and of a batch of one give "
        "value[0]."
    )
