"""Synchronized augmentation: paired streams augmented together from one shared parameter draw.

from syncaug import load_policy

policy = load_policy("policies/pets.yaml", seed=7)
out = policy(sample, key="pets/1", epoch=3)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syncaug.augmenter import DROPPED, Augmenter
    from syncaug.draw import AugmentationCoordinator, Draw
    from syncaug.errors import (
        AlignmentError,
        ArgumentError,
        ExternalError,
        ManifestError,
        MissingExtraError,
        PolicyError,
        PolicyWarning,
        Problem,
        RecordError,
        RecordWarning,
        RefusalError,
        SampleError,
        SampleWarning,
        SyncaugError,
    )
    from syncaug.loading import load_policy
    from syncaug.record import Record
    from syncaug.version import __version__

__all__ = [
    "DROPPED",
    "AlignmentError",
    "ArgumentError",
    "AugmentationCoordinator",
    "Augmenter",
    "Draw",
    "ExternalError",
    "ManifestError",
    "MissingExtraError",
    "PolicyError",
    "PolicyWarning",
    "Problem",
    "Record",
    "RecordError",
    "RecordWarning",
    "RefusalError",
    "SampleError",
    "SampleWarning",
    "SyncaugError",
    "__version__",
    "load_policy",
]

_HOMES = {
    "syncaug.augmenter": ("DROPPED", "Augmenter"),
    "syncaug.draw": ("AugmentationCoordinator", "Draw"),
    "syncaug.errors": (
        "AlignmentError",
        "ArgumentError",
        "ExternalError",
        "ManifestError",
        "MissingExtraError",
        "PolicyError",
        "PolicyWarning",
        "Problem",
        "RecordError",
        "RecordWarning",
        "RefusalError",
        "SampleError",
        "SampleWarning",
        "SyncaugError",
    ),
    "syncaug.loading": ("load_policy",),
    "syncaug.record": ("Record",),
    "syncaug.version": ("__version__",),
}
"""Where each public name lives; its module is imported when the name is first used."""


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'syncaug' has no attribute {name!r}")
