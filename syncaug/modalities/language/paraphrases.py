"""The texts that a sample brings for one of its texts: in a list, or by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.errors import SampleError
from syncaug.modalities.carrier import describe

__all__ = ["paraphrases_under"]

_FORM = "a list of texts, or a mapping of names to a text, a list of texts or null"


def paraphrases_under(key: str, sample: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """The texts by name; those of a list have an empty one. Raises SampleError."""
    if key not in sample:
        raise SampleError(
            key, expected=_FORM, came="no such entry in the sample", hint="Give null for none."
        )
    value = sample[key]
    if value is None:
        return {}
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str) or not name:
                raise SampleError(key, expected=_FORM, came=f"the name {describe(name)}")
        return {name: _texts(key, texts, f" under {name!r}") for name, texts in value.items()}
    if isinstance(value, str):
        raise SampleError(key, expected=_FORM, came="one text", hint="Put it into a list.")
    return {"": _texts(key, value, "")}


def _texts(key: str, value: Any, place: str) -> tuple[str, ...]:
    if value is None:
        return ()
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, list | tuple):
        raise SampleError(key, expected=_FORM, came=f"{describe(value)}{place}")
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            came = "an empty text" if isinstance(text, str) else describe(text)
            raise SampleError(key, expected=_FORM, came=f"{came}{place}")
    return tuple(texts)
