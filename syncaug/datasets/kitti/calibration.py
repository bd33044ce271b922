"""KITTI's calibration files: projections of four cameras, and where the other sensors stand.

    P0 to P3          3x4, from rectified coordinates (of camera 0) to the pixels of each camera
    R0_rect           3x3, from camera 0 to its rectified coordinates
    Tr_velo_to_cam    3x4, from the laser scanner to camera 0
    Tr_imu_to_velo    3x4, from the inertial unit to the laser scanner

Geiger et al., Vision meets Robotics (2013), equations 4 to 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from syncaug.datasets.problem import text_lines
from syncaug.errors import ManifestError

__all__ = ["read_calibration", "scanner_to_camera", "text_of"]

Matrix = NDArray[np.float64]

_SHAPES = {
    **{f"P{number}": (3, 4) for number in range(4)},
    "R0_rect": (3, 3),
    "Tr_velo_to_cam": (3, 4),
    "Tr_imu_to_velo": (3, 4),
}


def read_calibration(path: Path) -> dict[str, Matrix]:
    """The matrices of a file by their names. Raises ManifestError."""
    found: dict[str, Matrix] = {}
    for line in text_lines(path):
        name, _, text = line.partition(":")
        try:
            numbers = [float(field) for field in text.split()]
        except ValueError:
            raise ManifestError(
                f"{path}: {name}: expected numbers; got {text.strip()!r}"[:300]
            ) from None
        rows, columns = _SHAPES.get(name, (1, len(numbers)))
        if len(numbers) != rows * columns or not np.isfinite(numbers).all():
            raise ManifestError(
                f"{path}: {name}: expected {rows * columns} finite numbers; got {len(numbers)}"
            )
        found[name] = np.array(numbers).reshape(rows, columns)
    if "P2" not in found:
        raise ManifestError(f"{path}: expected the matrix P2; got {', '.join(found) or 'nothing'}")
    return found


def scanner_to_camera(calibration: Mapping[str, Matrix]) -> Matrix:
    """4x4, from the laser scanner to rectified coordinates: R0_rect times Tr_velo_to_cam.

    Raises KeyError where the calibration has no scanner.
    """
    turn, place = np.eye(4), np.eye(4)
    turn[:3, :3] = calibration.get("R0_rect", np.eye(3))
    place[:3] = calibration["Tr_velo_to_cam"]
    return turn @ place


def text_of(calibration: Mapping[str, Matrix]) -> str:
    """The text of a calibration file. Each number comes back as the same float64."""
    lines = [
        f"{name}: " + " ".join(repr(float(number)) for number in matrix.ravel())
        for name, matrix in calibration.items()
    ]
    return "\n".join(lines) + "\n"
