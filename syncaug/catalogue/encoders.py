"""Encoders of third parties, for the check `similarity` and for steps in latent spaces.

A package declares `[project.entry-points."syncaug.encoders"] clip = "my_package:encode"`. That is
a callable: `encode(modality, value)` gives the vector of an image (HxWxC) or of a text; or an
object with `encode(name, values)`, which gives vectors (N, D). Policies then name `encoder: clip`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from operator import index
from typing import Any

from syncaug.catalogue.external import ENCODERS, external_error, external_object, guarded

__all__ = [
    "encodes",
    "external_encoder",
    "external_one_by_one",
    "one_by_one",
    "own_copy",
    "wrongly_told",
]


def external_encoder(name: str) -> Any:
    """The encoder of that name. Raises KeyError where none is installed, and ExternalError."""
    encoder = external_object(ENCODERS, name)
    if not encodes(encoder):
        form = "a callable, or an object with encode(name, values)"
        raise external_error(ENCODERS, name, f"it is {encoder!r:.80}; expected {form}")
    wrong = wrongly_told(encoder)
    if wrong:
        part, expected, came = wrong
        raise external_error(ENCODERS, name, f"its {part} are {came}; expected {expected}")
    return encoder


def external_one_by_one(name: str) -> Callable[[str, Any], Any]:
    """That encoder as a function of a modality and one value, whose faults are told as its own."""
    return guarded(ENCODERS, name, "it", one_by_one(external_encoder(name)))


def encodes(encoder: Any) -> bool:
    """Whether an object can be an encoder."""
    return callable(encoder) or callable(getattr(encoder, "encode", None))


def wrongly_told(encoder: Any) -> tuple[str, str, str] | None:
    """What an object with `encode` says wrongly of itself: which part, what is expected, and came.

    None where nothing is wrong.
    """
    if not callable(getattr(encoder, "encode", None)):
        return None
    width, streams = getattr(encoder, "dimensions", None), getattr(encoder, "streams", None)
    if width is not None and not _is_width(width):
        return "dimensions", "the width of its vectors, or None", f"{width!r:.80}"
    named = isinstance(streams, Collection) and not isinstance(streams, str | bytes)
    if streams is not None and not (named and all(isinstance(name, str) for name in streams)):
        return "streams", "names in a list, or None", f"{streams!r:.80}"
    return None


def _is_width(value: Any) -> bool:
    try:
        return index(value) > 0 and not isinstance(value, bool)
    except TypeError:
        return False


def one_by_one(encoder: Any) -> Callable[[str, Any], Any]:
    """An encoder as a function of a modality and one value."""
    if callable(encoder):
        return lambda modality, value: encoder(modality, own_copy(value))
    return lambda modality, value: encoder.encode(modality, [own_copy(value)])[0]


def own_copy(value: Any) -> Any:
    """A value in memory of its own, since encoders may write into what they are given."""
    if hasattr(value, "__array__") and callable(getattr(value, "copy", None)):
        return value.copy()
    if isinstance(value, Mapping):
        return {name: own_copy(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [own_copy(inner) for inner in value]
    return value.clone() if hasattr(value, "clone") and hasattr(value, "detach") else value
