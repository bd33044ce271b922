"""The warp that takes the distortion of a camera out of its picture, with a formula both ways."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.camera import Camera
from syncaug.maps.lens import NO_LENS, Lens
from syncaug.maps.numbers import Matrix, Nine, as_matrix, product
from syncaug.maps.plane import FieldMap, Size

__all__ = ["LensMap", "straightened"]

_FIELDS = 8
"""How many fields are kept: the cameras of a rig are the same from sample to sample."""
_BESIDE = 1e-6
_ROWS = 64


class LensMap(FieldMap):
    """The warp from the picture of one camera to that of another that stands and looks alike.

    `before` has a lens and `after` has none. As a field it is resampled like any other; points go
    by `points`, exactly.
    """

    before: Camera
    after: Camera

    def __init__(self, before: Camera, after: Camera) -> None:
        for name, value in (("before", before), ("after", after), ("source", before.size)):
            object.__setattr__(self, name, value)

    @property
    def field(self) -> NDArray[np.float32]:
        """For each pixel of the picture without distortion, the pixel that it shows (H, W, 2)."""
        return self._fields[0]

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Which pixels show the distorted picture (H, W), and no place outside of it."""
        return self._fields[1]

    @property
    def size(self) -> Size:
        """Width and height of the target."""
        return self.after.size

    @property
    def tears(self) -> bool:
        """A lens leaves neighbours together."""
        return False

    @property
    def _fields(self) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        before, after = self.before, self.after
        return _field(before.calibration, before.lens, after.calibration, before.size, after.size)

    def points(self, points: Matrix) -> Matrix:
        """Where pixels (N, 2) of the distorted picture go; NaN where no pinhole shows them."""
        back = _affine(_inverse(self.before.intrinsics), points)
        return _affine(self.after.intrinsics, self.before.lens.undistorted(back))

    def back(self, points: Matrix) -> Matrix:
        """The pixels (N, 2) of the distorted picture that pixels of the other show, or NaN."""
        return _sources(self.before.calibration, self.before.lens, self.after.calibration, points)


def straightened(camera: Camera, size: Size, alpha: float | None) -> Camera:
    """The camera of a picture of `size` without the distortion.

    Without `alpha` K stays, as of `cv2.undistort`. With 0 it is such that the picture shows nothing
    but what the distorted one showed, with 1 that it shows all of that, and in between linear: the
    rule of `cv2.getOptimalNewCameraMatrix`, by all pixels of the border. Raises ValueError where
    the border cannot be shown, as of a lens that sees beside itself.
    """
    straight = camera._replace(lens=NO_LENS, size=size)
    if alpha is None:
        return straight
    wide, high = size[0] - 1, size[1] - 1
    lens_map = LensMap(camera._replace(size=size), straight)
    across, down = np.arange(size[0], dtype=np.float64), np.arange(size[1], dtype=np.float64)
    sides = [
        lens_map.points(np.stack(np.broadcast_arrays(*side), axis=1))
        for side in ((0.0, down), (wide, down), (across, 0.0), (across, high))
    ]
    if not all(np.isfinite(side).all() for side in sides):
        raise ValueError("its lens sees more than a picture without distortion can show")
    left, right, top, bottom = sides
    whole = np.concatenate(sides)
    inner = left[:, 0].max(), right[:, 0].min(), top[:, 1].max(), bottom[:, 1].min()
    outer = whole[:, 0].min(), whole[:, 0].max(), whole[:, 1].min(), whole[:, 1].max()
    x, shift_x = _onto(inner[:2], outer[:2], wide, alpha)
    y, shift_y = _onto(inner[2:], outer[2:], high, alpha)
    numbers: Nine = (x, 0.0, shift_x, 0.0, y, shift_y, 0.0, 0.0, 1.0)
    return straight._replace(calibration=product(numbers, camera.calibration))


def _onto(inner: Any, outer: Any, last: int, alpha: float) -> tuple[float, float]:
    """Factor and shift that take a span between the inner and the outer one onto 0 to `last`."""
    factors = [max(last, 1) / (high - low) for low, high in (inner, outer)]
    shifts = [-factor * low for factor, (low, _) in zip(factors, (inner, outer), strict=True)]
    if min(factors) <= 0.0:
        raise ValueError("its lens bends the picture so much that no rectangle of it is left")
    return (
        float(factors[0] * (1.0 - alpha) + factors[1] * alpha),
        float(shifts[0] * (1.0 - alpha) + shifts[1] * alpha),
    )


def _affine(matrix: Matrix, points: Matrix) -> Matrix:
    return np.asarray(points @ matrix[:2, :2].T + matrix[:2, 2])


def _inverse(matrix: Matrix) -> Matrix:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _sources(before: Nine, lens: Lens, after: Nine, points: Matrix) -> Matrix:
    directions = np.ones((len(points), 3))
    directions[:, :2] = _affine(_inverse(as_matrix(after)), points)
    return _affine(as_matrix(before), lens.distorted(directions)[0])


@lru_cache(maxsize=_FIELDS)
def _field(
    before: Nine, lens: Lens, after: Nine, source: Size, size: Size
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The field and where it is valid, row by row, in memory that a few rows take."""
    width, height = size
    field = np.empty((height, width, 2), np.float32)
    for top in range(0, height, _ROWS):
        rows = np.arange(top, min(height, top + _ROWS), dtype=np.float64)
        x, y = np.meshgrid(np.arange(width, dtype=np.float64), rows)
        pixels = np.stack([x.ravel(), y.ravel()], axis=1)
        shown = _sources(before, lens, after, pixels)
        field[top : top + _ROWS] = shown.reshape(len(rows), width, 2)
    with np.errstate(invalid="ignore"):
        low, high = -0.5 - _BESIDE, np.array(source) - 0.5 + _BESIDE
        valid = np.asarray(((field >= low) & (field <= high)).all(axis=2), dtype=np.bool_)
    field[~valid] = -1.0
    field.flags.writeable = valid.flags.writeable = False
    return field, valid
