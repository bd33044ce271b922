"""Synchronized augmentation: paired streams augmented together from one shared parameter draw.

from syncaug import load_policy

policy = load_policy("policies/pets.yaml", seed=7)
out = policy(sample, key="pets/1", epoch=3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.lazy import names_of

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
        RecordError,
        RecordWarning,
        RefusalError,
        SampleError,
        SampleWarning,
        SyncaugError,
    )
    from syncaug.loading import load_policy
    from syncaug.problem import Problem
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

__getattr__ = names_of(
    __name__,
    {
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
            "RecordError",
            "RecordWarning",
            "RefusalError",
            "SampleError",
            "SampleWarning",
            "SyncaugError",
        ),
        "syncaug.loading": ("load_policy",),
        "syncaug.problem": ("Problem",),
        "syncaug.record": ("Record",),
        "syncaug.version": ("__version__",),
    },
)
