"""Plane maps: where each pixel goes.

Pixel centres lie on integers, as in OpenCV and in a camera matrix: the picture of width W spans
[-0.5, W - 0.5]. A `PlaneMap` is projective, and knows what was cut on the way; a `FieldMap` is any
smooth warp given as a field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FieldMap", "Matrix", "PlaneMap", "Size", "Window", "apply_projective"]

Matrix = NDArray[np.float64]
Size = tuple[int, int]
"""Width and height in pixels."""

_IDENTITY = np.eye(3)
_IDENTITY.setflags(write=False)


_ROUNDING = 1e-9
_WHOLE = 1e-6
"""Pixels by which an edge may miss the border between two pixels and still be it."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right and bottom edge in pixels; the edges of a pixel lie at half numbers."""


class Window(NamedTuple):
    """A cut: of the source, only what `matrix` (3x3) takes into a picture of `size` is left."""

    matrix: Matrix
    size: Size

    @property
    def edges(self) -> Matrix:
        """Four lines (4, 3) of the source: left, right, top, bottom.

        A pixel (x, y, 1) lies inside, and in front of a turned camera, where its products with all
        of them are above 0.
        """
        x, y, weight = self.matrix
        width, height = self.size
        half = 0.5 * weight
        return np.stack(
            [x + half, (width - 0.5) * weight - x, y + half, (height - 0.5) * weight - y]
        )

    @property
    def rectangle(self) -> Rectangle | None:
        """The part of the source that is left; None where it is no upright rectangle."""
        (a, b, c), (d, e, f), row = self.matrix.tolist()
        if row != [0.0, 0.0, 1.0]:
            return None
        width, height = self.size
        if b == d == 0.0 != a * e:
            across, down = _span(a, c, width), _span(e, f, height)
        elif a == e == 0.0 != b * d:
            across, down = _span(d, f, height), _span(b, c, width)
        else:
            return None
        return across[0], down[0], across[1], down[1]

    def contains(self, points: Matrix) -> NDArray[np.bool_]:
        """For each pixel (N, 2) of the source, whether it is left."""
        left, right, top, bottom = self.edges @ np.column_stack([points, np.ones(len(points))]).T
        inside: NDArray[np.bool_] = (left >= 0.0) & (right > 0.0) & (top >= 0.0) & (bottom > 0.0)
        return inside


def _span(factor: float, shift: float, length: int) -> tuple[float, float]:
    """Between which coordinates `factor` x + `shift` lies in a picture of this length."""
    ends = (-0.5 - shift) / factor, (length - 0.5 - shift) / factor
    return min(ends), max(ends)


class _PlaneMap(NamedTuple):
    matrix: Matrix
    source: Size
    size: Size
    turn: Matrix = _IDENTITY
    windows: tuple[Window, ...] = ()


class PlaneMap(_PlaneMap):
    """A projective map of pixels to pixels, and the size of the picture that results.

    `matrix` (3x3) takes homogeneous source pixels to target pixels. `turn` (3x3, orthogonal) is the
    part of it that a camera takes as a turn of its own: K' = matrix K turn^-1, and its extrinsics
    turn with it. Where a camera turns, `matrix` keeps its natural scale K turn K^-1, so that
    depth is multiplied by the homogeneous coordinate of its pixel. Compare maps by their matrices.

    `windows` are what was cut on the way, each seen from the source. What lies outside of one of
    them is gone for good; what merely lies outside of `size` comes back where a later map brings it
    back.
    """

    _met: tuple[PlaneMap, PlaneMap] | None = None
    """The map that this one last followed, and both as one: all streams of a plane ask the same."""

    def then(self, later: PlaneMap) -> PlaneMap:
        """This map followed by `later`, as one map."""
        if self.matrix is _IDENTITY and self.turn is _IDENTITY and not self.windows:
            return later
        met = later._met
        if met is not None and met[0] is self:
            return met[1]
        turn = later.turn if self.turn is _IDENTITY else later.turn @ self.turn
        windows = self.windows
        if later.windows:
            cuts = (Window(window.matrix @ self.matrix, window.size) for window in later.windows)
            windows = (*windows, *cuts)
        both = PlaneMap(later.matrix @ self.matrix, self.source, later.size, turn, windows)
        later._met = (self, both)
        return both

    @cached_property
    def cut(self) -> PlaneMap:
        """The same map, after which what lies outside of its picture is gone for good."""
        if self.matrix is _IDENTITY:
            return self
        last = self.windows[-1] if self.windows else None
        if last is not None and last.size == self.size and np.array_equal(last.matrix, self.matrix):
            return self
        return self._replace(windows=(*self.windows, Window(self.matrix, self.size)))

    @cached_property
    def inverse(self) -> Matrix:
        """The matrix from target to source, up to a factor above 0: what is in front stays so.

        The adjugate, which exists for every matrix.
        """
        (a, b, c), (d, e, f), (g, h, i) = self.matrix.tolist()
        adjugate = np.array(
            [
                [e * i - f * h, c * h - b * i, b * f - c * e],
                [f * g - d * i, a * i - c * g, c * d - a * f],
                [d * h - e * g, b * g - a * h, a * e - b * d],
            ]
        )
        return (
            -adjugate
            if a * adjugate[0, 0] + b * adjugate[1, 0] + c * adjugate[2, 0] < 0.0
            else adjugate
        )

    @cached_property
    def cuts(self) -> tuple[Window, ...]:
        """The windows that hide a part of the target: nearly always none."""
        return self._crossing(self.windows) if self.windows else ()

    @property
    def frames(self) -> tuple[Window, ...]:
        """The pictures of which each must show a pixel of the source, for the target to show it.

        The target itself, and those of the first picture and its cuts that hide a part of it.
        """
        first = Window(_IDENTITY, self.source)
        return (Window(self.matrix, self.size), *self._crossing((first, *self.windows)))

    def _crossing(self, windows: tuple[Window, ...]) -> tuple[Window, ...]:
        width, height = self.size
        corners = np.array([[x - 0.5, y - 0.5, 1.0] for x in (0, width) for y in (0, height)])
        back = corners @ self.inverse.T
        return tuple(
            window
            for window in windows
            if window.matrix is not self.matrix and _crosses(window, back)
        )

    def leaves(self, points: Matrix) -> NDArray[np.bool_]:
        """For each pixel (N, 2) of the source that the target shows, whether no cut took it."""
        left: NDArray[np.bool_] = np.ones(len(points), dtype=bool)
        for window in self.cuts:
            left &= window.contains(points)
        return left

    @cached_property
    def excerpt(self) -> tuple[int, int, int, int]:
        """Whole pixels of the source from which a warp may start, as upright cuts leave them.

        Left, top, right and bottom (the last two excluded), inside of the source; without such
        cuts all of it. What starts from this part makes these cuts by itself.
        """
        left, top, right, bottom = 0, 0, *self.source
        for window in self.windows:
            part = _whole(window.rectangle)
            if part is not None:
                left, top = max(left, part[0]), max(top, part[1])
                right, bottom = min(right, part[2]), min(bottom, part[3])
        return left, top, max(left, right), max(top, bottom)

    @cached_property
    def shown(self) -> NDArray[np.uint8] | None:
        """For each pixel (H, W) of the target 255, and 0 where a cut or a turned camera hides it.

        None where that is nowhere. What the edges of `excerpt` cut already is left out.
        """
        left, top, right, bottom = self.excerpt
        if left == right or top == bottom:
            return np.zeros(self.size[::-1], np.uint8)
        cuts = [window for window in self.cuts if _whole(window.rectangle) is None]
        lines = [line for window in cuts for line in (window.edges @ self.inverse).tolist()]
        width, height = self.size
        if not self.is_affine:
            front = self.inverse[2].tolist()
            corners = [
                front[0] * x + front[1] * y + front[2]
                for x in (-0.5, width - 0.5)
                for y in (-0.5, height - 0.5)
            ]
            if min(corners) <= 0.0:
                lines.append(front)
        return _between(lines, self.size) if lines else None

    def __reduce__(self) -> tuple[type[PlaneMap], tuple[Any, ...]]:
        return PlaneMap, tuple(self)

    @property
    def is_affine(self) -> bool:
        """Whether parallel lines stay parallel."""
        row = self.matrix[2]
        return bool(row[0] == 0.0 and row[1] == 0.0)

    @property
    def is_identity(self) -> bool:
        """Whether every pixel stays where it is, in a picture of the same size."""
        return self.source == self.size and bool(np.allclose(self.matrix, _IDENTITY, atol=1e-9))

    @property
    def is_resizing(self) -> bool:
        """Whether the whole picture is shown whole, upright, in another or the same size."""
        (a, b, c), (d, e, f), (g, h, i) = self.matrix.tolist()
        if max(abs(b), abs(d), abs(g), abs(h)) > 1e-12 or not (a > 0.0 and e > 0.0 and i > 0.0):
            return False
        ends = ((a, c, 0), (e, f, 1))
        return all(
            abs(low * -0.5 + shift + 0.5 * i) < 1e-6
            and abs(low * (self.source[axis] - 0.5) + shift - i * (self.size[axis] - 0.5)) < 1e-6
            for low, shift, axis in ends
        )

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


def _whole(rectangle: Rectangle | None) -> tuple[int, int, int, int] | None:
    """The pixels of a rectangle whose edges lie between pixels; None of any other."""
    if rectangle is None:
        return None
    edges = [edge + 0.5 for edge in rectangle]
    if any(abs(edge - round(edge)) > _WHOLE for edge in edges):
        return None
    left, top, right, bottom = map(round, edges)
    return left, top, right, bottom


def _crosses(window: Window, corners: Matrix) -> bool:
    """Whether an edge of a window separates some of the corners (4, 3) of a picture from others."""
    edges = window.edges.T
    return bool((corners @ edges < -_ROUNDING * (np.abs(corners) @ np.abs(edges))).any())


def _between(lines: Sequence[Sequence[float]], size: Size) -> NDArray[np.uint8]:
    """For each pixel (H, W) 255 where its products with all lines are at least 0, else 0."""
    width, height = size
    rows = np.arange(height, dtype=np.float64)
    low, high = np.full(height, -_WHOLE), np.full(height, width - 1 + _WHOLE)
    for across, down, rest in lines:
        height_of = down * rows + rest
        if abs(across) * width <= _ROUNDING * (abs(down) * height + abs(rest)):
            high[height_of < -_ROUNDING * abs(rest)] = -1.0
        elif across > 0.0:
            np.maximum(low, height_of / -across - _WHOLE, out=low)
        else:
            np.minimum(high, height_of / -across + _WHOLE, out=high)
    columns = np.arange(width)
    inside = (columns >= np.ceil(low)[:, None]) & (columns <= np.floor(high)[:, None])
    shown: NDArray[np.uint8] = np.where(inside, np.uint8(255), np.uint8(0))
    return shown


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
