"""The forms of a text: one string, or several in a list, a tuple or an array."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from syncaug.errors import SampleError
from syncaug.modalities.carrier import describe

__all__ = ["in_form", "is_several", "texts_of"]

_FORM = "a string, or a list of strings"


def is_several(value: Any) -> bool:
    """Whether a value holds several texts, be they one or none."""
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def texts_of(stream: str, value: Any) -> Sequence[str]:
    """The strings of a text, one for a string alone. Raises SampleError where one is none."""
    if isinstance(value, str):
        return (value,)
    if not is_several(value) or (isinstance(value, np.ndarray) and value.ndim != 1):
        raise SampleError(stream, expected=_FORM, came=describe(value), hint=_hint(value))
    texts: list[str] = []
    for index, text in enumerate(value.tolist() if isinstance(value, np.ndarray) else value):
        if not isinstance(text, str):
            raise SampleError(
                stream,
                expected=f"{_FORM}, of which none is missing or a list itself",
                came=f"text {index}: {describe(text)}",
                hint=_hint(text)
                if isinstance(text, bytes)
                else "Write it as a string, or take it out of the list.",
            )
        texts.append(text)
    return texts


def in_form(texts: Sequence[str], like: Any) -> Any:
    """Texts in the form in which `like` came; an array gets room for longer ones."""
    if isinstance(like, str):
        return texts[0]
    if isinstance(like, np.ndarray):
        if not len(texts):
            return like
        dtype = "U" if like.dtype.kind == "U" else like.dtype
        return np.array(texts, dtype=dtype)
    return tuple(texts) if isinstance(like, tuple) else list(texts)


def _hint(value: Any) -> str:
    """What to do with a text in another form."""
    if isinstance(value, np.ndarray):
        return "Give the string alone: value.item()." if value.ndim == 0 else ""
    if isinstance(value, bytes):
        return 'Decode it first: value.decode("utf-8").'
    if value is None or (isinstance(value, float) and math.isnan(value)):  # as pandas has it
        return "Declare optional: true if the stream may be missing, and give None where it is."
    return ""
