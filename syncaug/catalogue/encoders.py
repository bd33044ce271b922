"""Encoders of third parties, for the check `similarity` and for steps in latent spaces.

A package declares `[project.entry-points."syncaug.encoders"] clip = "my_package:encode"`. That is
a callable: `encode(modality, value)` gives the vector of an image (HxWxC) or of a text; or an
object with `encode(name, values)`, which gives vectors (N, D). Policies then name `encoder: clip`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncaug.catalogue.external import ENCODERS, external_error, external_object

__all__ = ["encodes", "external_encoder", "one_by_one"]


def external_encoder(name: str) -> Any:
    """The encoder of that name. Raises KeyError where none is installed, and ExternalError."""
    encoder = external_object(ENCODERS, name)
    if not encodes(encoder):
        form = "a callable, or an object with encode(name, values)"
        raise external_error(ENCODERS, name, f"it is {encoder!r:.80}; expected {form}")
    return encoder


def encodes(encoder: Any) -> bool:
    """Whether an object can be an encoder."""
    return callable(encoder) or callable(getattr(encoder, "encode", None))


def one_by_one(encoder: Any) -> Callable[[str, Any], Any]:
    """An encoder as a function of a modality and one value."""
    if callable(encoder):
        function: Callable[[str, Any], Any] = encoder
        return function
    return lambda modality, value: encoder.encode(modality, [value])[0]
