"""Which optional libraries are installed, and what brings each."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from syncaug.plan.plan import Plan

__all__ = ["MODULES", "installed", "needs_opencv"]

MODULES = {
    "albumentations": ("albumentations", "image"),
    "audiomentations": ("audiomentations", "audio"),
    "nlpaug": ("nlpaug", "text"),
    "open3d": ("open3d", "points"),
    "opencv": ("cv2", "image"),
    "nltk": ("nltk", "wordnet"),
    "soxr": ("soxr", "audio"),
}
"""Library -> the module whose presence shows that it is installed, and the extra that brings it."""


@cache
def installed(library: str) -> bool:
    """Whether a library can be imported; it is looked for, not imported."""
    return find_spec(MODULES[library][0]) is not None


def needs_opencv(plan: Plan) -> bool:
    """Whether the plan's samples hold what OpenCV carries, and it is installed."""
    return installed("opencv") and any(stream.spec.opencv for stream in plan.streams)
