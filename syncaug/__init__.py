"""Synchronized augmentation: paired streams augmented together from one shared parameter draw.

from syncaug import load_policy

policy = load_policy("policies/pets.yaml", seed=7)
out = policy(sample, key="pets/1", epoch=3)
"""

from __future__ import annotations

from syncaug.augmenter import DROPPED, Augmenter
from syncaug.draw import AugmentationCoordinator, Draw
from syncaug.errors import (
    AlignmentError,
    ManifestError,
    PolicyError,
    Problem,
    RecordError,
    RefusalError,
    SampleError,
    SyncaugError,
)
from syncaug.loading import load_policy
from syncaug.version import __version__

__all__ = [
    "DROPPED",
    "AlignmentError",
    "AugmentationCoordinator",
    "Augmenter",
    "Draw",
    "ManifestError",
    "PolicyError",
    "Problem",
    "RecordError",
    "RefusalError",
    "SampleError",
    "SyncaugError",
    "__version__",
    "load_policy",
]
