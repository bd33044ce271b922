"""What to do with a value that is no array of the right type: the last sentence of its error."""

from __future__ import annotations

from os import PathLike
from typing import Any

import numpy as np

__all__ = ["array_hint", "picture_hint"]

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
    if type(value).__module__.startswith("PIL."):
        if getattr(value, "mode", "") in ("P", "PA"):
            return "It has a palette: use np.asarray(picture.convert('RGB')), not its indices."
        return "Use np.asarray(picture)."
    if type(value).__module__.split(".")[0] == "torch":
        return "Give a numpy array: tensor.numpy(), and torch.from_numpy for the result."
    if isinstance(value, list | tuple) or hasattr(value, "__array__"):
        return "Give a numpy array: numpy.asarray(value)."
    return ""


def picture_hint(picture: np.ndarray[Any, Any]) -> str:
    """How an array of another type becomes a picture."""
    if picture.dtype.kind == "f" and picture.size and picture.max() > 1:
        return "Levels up to 255 are uint8: picture.astype(numpy.uint8), or divide them by 255."
    if picture.dtype.kind == "f":
        return "Convert it: picture.astype(numpy.float32)."
    if picture.dtype.kind in "iu":
        return "Convert levels of 8 bits: picture.astype(numpy.uint8)."
    return ""
