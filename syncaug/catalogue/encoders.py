"""Encoders of third parties, for the check `similarity`: named by entry point.

A package declares `[project.entry-points."syncaug.encoders"] clip = "my_package:encode"`. That is
a callable: `encode(modality, value)` gives the vector of an image (HxWxC) or of a text. Policies
then name `similarity: {encoder: clip}`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncaug.catalogue.external import ENCODERS, external_error, external_object

__all__ = ["external_encoder"]


def external_encoder(name: str) -> Callable[[str, Any], Any]:
    """The encoder of that name. Raises KeyError where none is installed, and ExternalError."""
    encoder: Callable[[str, Any], Any] = external_object(ENCODERS, name)
    if not callable(encoder):
        raise external_error(ENCODERS, name, f"it is {encoder!r:.80}; expected a callable")
    return encoder
