"""Losses for pairs of features: functions of N x D tensors that give a scalar, and modules.

    info_nce, siglip             contrastive: each pair against all others
    cosine                       pairs alone
    cycle_consistency            A to B and back to A
    alignment_uniformity, vicreg pairs together, and all features spread out

All are worked out in float32 (float64 for features in float64), whatever autocast says, and in
blocks of rows that are made again in the backward pass, so that no matrix of N x N is kept. All
take `weights`, one for each pair. Features that no loss can be worked out of are one ValueError.
"""

from __future__ import annotations

from syncaug.training.losses.contrast import InfoNCE, info_nce
from syncaug.training.losses.cycles import CycleConsistency, cycle_consistency
from syncaug.training.losses.pairwise import (
    AlignmentUniformity,
    Cosine,
    alignment_uniformity,
    cosine,
)
from syncaug.training.losses.sigmoid import SigLIP, siglip
from syncaug.training.losses.variance import VICReg, vicreg

__all__ = [
    "AlignmentUniformity",
    "Cosine",
    "CycleConsistency",
    "InfoNCE",
    "SigLIP",
    "VICReg",
    "alignment_uniformity",
    "cosine",
    "cycle_consistency",
    "info_nce",
    "siglip",
    "vicreg",
]
