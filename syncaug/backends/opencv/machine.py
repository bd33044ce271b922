"""What OpenCV uses of this machine."""

from __future__ import annotations

import cv2

__all__ = ["instruction_sets", "threads"]


def threads() -> int:
    """How many threads OpenCV may use in this process."""
    return int(cv2.getNumThreads())


def instruction_sets() -> list[str]:
    """The instruction sets that OpenCV uses here: those built in, and those it found and chose."""
    line = str(cv2.getCPUFeaturesLine())  # "SSE *AVX *AVX2?": * is chosen at its start, ? is off
    return [name.removeprefix("*") for name in line.split() if not name.endswith("?")]
