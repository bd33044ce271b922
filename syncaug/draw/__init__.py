"""The draw: all values of one sample, drawn once and shared by all of its streams.

A draw is a pure function of the plan, the seed, the sample's key, the epoch and the attempt. It
needs no sample and none of the augmentation libraries.
"""

from syncaug.draw.coordinator import AugmentationCoordinator, Drawn
from syncaug.draw.model import MET, OPEN, SHARED, UNMET, Draw, StepDraw, applies

__all__ = [
    "MET",
    "OPEN",
    "SHARED",
    "UNMET",
    "AugmentationCoordinator",
    "Draw",
    "Drawn",
    "StepDraw",
    "applies",
]
