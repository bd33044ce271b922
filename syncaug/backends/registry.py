"""Which module adapts which library."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from syncaug.backends.operation import Operation
from syncaug.errors import MissingExtraError

__all__ = ["BACKENDS", "EXTRAS", "prepare"]

BACKENDS: Mapping[str, str] = {
    "albumentations": "syncaug.backends.albumentations",
    "audiomentations": "syncaug.backends.audiomentations",
    "nlpaug": "syncaug.backends.nlpaug",
    "open3d": "syncaug.backends.open3d",
    "syncaug": "syncaug.backends.lexicon",
}
"""Library -> the module that adapts it. Nothing else is ever imported by name."""

_EXTERNAL = "syncaug.backends.external"
"""The module that adapts what packages bring by entry point."""

EXTRAS: Mapping[str, str] = {
    "albumentations": "image",
    "audiomentations": "audio",
    "nlpaug": "text",
    "open3d": "points",
}
"""Library -> the extra of `pip install 'syncaug[...]'` that brings it."""


def prepare(
    name: str, modality: str, constants: Mapping[str, Any], options: Mapping[str, Any]
) -> Operation:
    """Build the operation `name` ("library.Name") for a stream, once per plan.

    `constants` are the parameters that never vary; `options` are the stream's own (the
    `sample_rate` of audio, the `columns` of points). Raises KeyError for a name that the
    catalogue lacks, ValueError for one that it refuses, and MissingExtraError where the library
    is not installed.
    """
    from syncaug.catalogue import operation

    spec = operation(name)
    if spec.refused:
        raise ValueError(f"{name} cannot be used: {spec.refused}")
    prepared: Operation = _adapter(spec.library).prepare(spec, modality, constants, options)
    return prepared


def _adapter(library: str) -> ModuleType:
    try:
        return import_module(BACKENDS.get(library, _EXTERNAL))
    except ImportError as error:
        if (error.name or "").startswith("syncaug") or library not in EXTRAS:
            raise
        raise MissingExtraError(library, EXTRAS[library]) from error
