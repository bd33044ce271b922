"""Which module adapts which library, and what an adapter promises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from syncaug.catalogue.external import external_module
from syncaug.errors import MissingExtraError

if TYPE_CHECKING:
    from syncaug.maps.plane import FieldMap, PlaneMap
    from syncaug.randomness import Entropy

__all__ = ["BACKENDS", "EXTRAS", "FrameOperation", "MovingOperation", "Operation", "prepare"]

BACKENDS: Mapping[str, str] = {
    "albumentations": "syncaug.backends.albumentations",
    "audiomentations": "syncaug.backends.audiomentations",
    "nlpaug": "syncaug.backends.nlpaug",
    "open3d": "syncaug.backends.open3d",
    "syncaug": "syncaug.backends.lexicon",
}
"""Library -> the module that adapts it. Nothing else is ever imported by name."""

EXTRAS: Mapping[str, str] = {
    "albumentations": "image",
    "audiomentations": "audio",
    "nlpaug": "text",
    "open3d": "points",
    "syncaug": "text",
}
"""Library -> the extra of `pip install 'syncaug[...]'` that brings it."""


class Operation(Protocol):
    """One call of a library on one stream, built once; safe from several threads."""

    def run(self, data: Any, values: Mapping[str, Any], entropy: Entropy) -> Any:
        """The new data: a pure function of the three, which are left as they are.

        `values` holds concrete values of the parameters that vary per sample; whatever else the
        library draws comes from `entropy`. Raises ValueError where the data does not suit.
        """
        ...


class MovingOperation(Operation, Protocol):
    """An operation that moves the plane."""

    def run_with_map(
        self, data: Any, values: Mapping[str, Any], entropy: Entropy
    ) -> tuple[Any, PlaneMap | FieldMap]:
        """As `run`, and the map that the very same parameters imply."""
        ...


@runtime_checkable
class FrameOperation(Operation, Protocol):
    """An operation that carries videos frame by frame."""

    def on_frames(
        self, first: Any, values: Mapping[str, Any], entropy: Entropy
    ) -> tuple[Callable[[Any], Any], PlaneMap | FieldMap | None]:
        """A pure function of a frame (HxWxC), and the map where the operation moves the plane.

        What it draws, it draws once; `first` is the video's first frame.
        """
        ...


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
    library = spec.library
    adapter = _adapter(library) if library in BACKENDS else external_module(library)
    prepared: Operation = adapter.prepare(name, modality, constants, options)
    return prepared


def _adapter(library: str) -> ModuleType:
    try:
        return import_module(BACKENDS[library])
    except ImportError as error:
        if (error.name or "").startswith("syncaug"):
            raise
        raise MissingExtraError(library, EXTRAS[library]) from error
