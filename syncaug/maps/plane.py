"""Plane maps: where each pixel goes.

Pixel centres lie on integers, as in OpenCV and in a camera matrix: the picture of width W spans
[-0.5, W - 0.5]. A `PlaneMap` is projective; a `FieldMap` is any smooth warp given as a field.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FieldMap", "Matrix", "PlaneMap", "Size", "apply_projective"]

Matrix = NDArray[np.float64]
Size = tuple[int, int]
"""Width and height in pixels."""

_IDENTITY = np.eye(3)
_IDENTITY.setflags(write=False)


class _PlaneMap(NamedTuple):
    matrix: Matrix
    source: Size
    size: Size
    turn: Matrix = _IDENTITY


class PlaneMap(_PlaneMap):
    """A projective map of pixels to pixels, and the size of the picture that results.

    `matrix` (3x3) takes homogeneous source pixels to target pixels. `turn` (3x3, orthogonal) is the
    part of it that a camera takes as a turn of its own: K' = matrix K turn^-1, and its extrinsics
    turn with it. Where a camera turns, `matrix` keeps its natural scale K turn K^-1, so that
    depth is multiplied by the homogeneous coordinate of its pixel. Compare maps by their matrices.
    """

    _met: tuple[PlaneMap, PlaneMap] | None = None
    """The map that this one last followed, and both as one: all streams of a plane ask the same."""

    def then(self, later: PlaneMap) -> PlaneMap:
        """This map followed by `later`, as one map."""
        if self.matrix is _IDENTITY and self.turn is _IDENTITY:
            return later
        met = later._met
        if met is not None and met[0] is self:
            return met[1]
        turn = later.turn if self.turn is _IDENTITY else later.turn @ self.turn
        both = PlaneMap(later.matrix @ self.matrix, self.source, later.size, turn)
        later._met = (self, both)
        return both

    def __reduce__(self) -> tuple[type[PlaneMap], tuple[Any, ...]]:
        return PlaneMap, tuple(self)

    @property
    def is_affine(self) -> bool:
        """Whether parallel lines stay parallel."""
        row = self.matrix[2]
        return bool(row[0] == 0.0 and row[1] == 0.0)

    @property
    def mirrors(self) -> bool:
        """Whether left and right trade places: its Jacobian at the centre changes orientation."""
        (a, b, c), (d, e, f), (g, h, i) = self.matrix.tolist()
        return bool(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) < 0.0)

    @property
    def linear(self) -> Matrix:
        """The linear part (2x2); of a map that is not affine, at the centre of its source."""
        return np.array(self.jacobian).reshape(2, 2)

    @cached_property
    def jacobian(self) -> tuple[float, float, float, float]:
        """`linear`, row by row."""
        (a, b, c), (d, e, f), (g, h, i) = self.matrix.tolist()
        if g == 0.0 and h == 0.0:
            return a, b, d, e
        x, y = (self.source[0] - 1) / 2, (self.source[1] - 1) / 2
        weight = g * x + h * y + i
        u, v = (a * x + b * y + c) / weight, (d * x + e * y + f) / weight
        return (
            (a - u * g) / weight,
            (b - u * h) / weight,
            (d - v * g) / weight,
            (e - v * h) / weight,
        )

    def points(self, points: Matrix) -> Matrix:
        """Move pixels (..., 2)."""
        return apply_projective(self.matrix, points)

    @staticmethod
    def identity(size: Size) -> PlaneMap:
        """The map that leaves a picture of `size` as it is."""
        return PlaneMap(_IDENTITY, size, size)


@dataclass(frozen=True, eq=False)
class FieldMap:
    """A warp without a formula: for each target pixel, the source pixel that it shows.

    `field` has shape (H', W', 2), float32, in source pixels (x, y); `valid` (H', W') is False where
    the target shows fill instead of the source.
    """

    field: NDArray[np.float32]
    valid: NDArray[np.bool_]
    source: Size

    @property
    def size(self) -> Size:
        """Width and height of the target."""
        height, width = self.field.shape[:2]
        return width, height


def apply_projective(matrix: Matrix, points: Matrix) -> Matrix:
    """Move points (..., 2) by a 3x3 matrix in homogeneous coordinates."""
    moved: Matrix = points @ matrix[:2, :2].T + matrix[:2, 2]
    row = matrix[2]
    if row[0] == 0.0 and row[1] == 0.0 and row[2] == 1.0:
        return moved
    projected: Matrix = moved / (points @ row[:2] + row[2])[..., None]
    return projected
