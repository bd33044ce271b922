"""Plane maps: where each pixel goes.

Pixel centres lie on integers, as in OpenCV and in a camera matrix: the picture of width W spans
[-0.5, W - 0.5]. A `PlaneMap` is projective, and knows what was cut on the way; a `FieldMap` is any
smooth warp given as a field. A plane map is plain floats: an array is made when data is touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.forks import cached_property
from syncaug.maps.numbers import (
    IDENTITY,
    Matrix,
    Nine,
    adjugate,
    as_matrix,
    as_nine,
    determinant,
    product,
)
from syncaug.maps.window import Size, Window, clipped, sides

__all__ = ["FieldMap", "Matrix", "PlaneMap", "Size", "apply_projective"]

_BEYOND = 4.0
_ALIKE = 1e-9
_NEARLY_ONE = 1e-5 + _ALIKE
_SIZES = 64
"""How many sizes of pictures have their identity kept."""


class _PlaneMap(NamedTuple):
    numbers: Nine
    source: Size
    size: Size
    turn: Nine = IDENTITY
    windows: tuple[Window, ...] = ()


class PlaneMap(_PlaneMap):
    """A projective map of pixels to pixels, and the size of the picture that results.

    `numbers` are the nine of the matrix (3x3), row by row, which takes homogeneous source pixels to
    target pixels; `matrix` is the same as an array. `turn` (nine numbers of an orthogonal matrix)
    is the part of it that a camera takes as a turn of its own: K' = matrix K turn^-1, and its
    extrinsics turn with it. Where a camera turns, the matrix keeps its natural scale K turn K^-1,
    so that depth is multiplied by the homogeneous coordinate of its pixel.

    `windows` are what was cut on the way, each seen from the source. What lies outside of one of
    them is gone for good; what merely lies outside of `size` comes back where a later map brings it
    back.
    """

    @staticmethod
    def of(matrix: Matrix, source: Size, size: Size, turn: Matrix | None = None) -> PlaneMap:
        """The map of a matrix (3x3), and of a turn (3x3), that are arrays."""
        return PlaneMap(as_nine(matrix), source, size, IDENTITY if turn is None else as_nine(turn))

    @staticmethod
    def plain(numbers: Nine, source: Size, size: Size) -> PlaneMap:
        """The map of nine numbers that cuts nothing and that no camera takes as a turn."""
        return _new(PlaneMap, (numbers, source, size, IDENTITY, ()))  # type: ignore[no-any-return]

    @staticmethod
    @lru_cache(maxsize=_SIZES)
    def identity(size: Size) -> PlaneMap:
        """The map that leaves a picture of `size` as it is."""
        return PlaneMap(IDENTITY, size, size)

    @cached_property
    def matrix(self) -> Matrix:
        """`numbers` as an array (3x3), made when somebody first asks."""
        return as_matrix(self.numbers)

    @property
    def turns(self) -> bool:
        """Whether a camera takes a part of it as a turn of its own."""
        return self.turn is not IDENTITY and self.turn != IDENTITY

    def then(self, later: PlaneMap) -> PlaneMap:
        """This map followed by `later`, as one map."""
        first, source, _, turn, windows = self
        if first is IDENTITY and turn is IDENTITY and not windows:
            return later
        last, _, size, later_turn, later_windows = later
        if later_turn is not IDENTITY:
            turn = later_turn if turn is IDENTITY else product(later_turn, turn)
        if later_windows:
            cuts = [Window(product(cut, first), cut_size) for cut, cut_size in later_windows]
            windows = (*windows, *cuts)
        return _new(PlaneMap, (product(last, first), source, size, turn, windows))  # type: ignore[no-any-return]

    @cached_property
    def cut(self) -> PlaneMap:
        """The same map, after which what lies outside of its picture is gone for good."""
        numbers, source, size, turn, windows = self
        here = _new(Window, (numbers, size))
        if numbers is IDENTITY or (windows and windows[-1] == here):
            return self
        return _new(PlaneMap, (numbers, source, size, turn, (*windows, here)))  # type: ignore[no-any-return]

    @cached_property
    def inverse(self) -> Nine:
        """The matrix from target to source, up to a factor above 0: what is in front stays so."""
        a, b, c = self.numbers[:3]
        inverse = adjugate(self.numbers)
        if a * inverse[0] + b * inverse[3] + c * inverse[6] < 0.0:
            p, q, r, s, t, u, v, w, x = inverse
            return -p, -q, -r, -s, -t, -u, -v, -w, -x
        return inverse

    @cached_property
    def cuts(self) -> tuple[Window, ...]:
        """The windows that hide a part of the target: nearly always none."""
        return self._crossing(self.windows) if self.windows else ()

    @property
    def frames(self) -> tuple[Window, ...]:
        """The pictures of which each must show a pixel of the source, for the target to show it.

        The target itself, and those of the first picture and its cuts that hide a part of it.
        """
        first = Window(IDENTITY, self.source)
        return (Window(self.numbers, self.size), *self._crossing((first, *self.windows)))

    def _crossing(self, windows: tuple[Window, ...]) -> tuple[Window, ...]:
        own = Window(self.numbers, self.size)
        if windows[-1] == own and len(windows) == 1:
            return ()
        a, b, c, d, e, f, g, h, i = self.inverse
        wide, high = self.size[0] - 0.5, self.size[1] - 0.5
        corners = [
            (a * x + b * y + c, d * x + e * y + f, g * x + h * y + i)
            for x, y in ((-0.5, -0.5), (wide, -0.5), (wide, high), (-0.5, high))
        ]
        return tuple(window for window in windows if window != own and window.crosses(corners))

    def leaves(self, points: Matrix) -> NDArray[np.bool_]:
        """For each pixel (N, 2) of the source that the target shows, whether no cut took it."""
        if not self.cuts:
            return np.ones(len(points), dtype=bool)
        first, *others = self.cuts
        left = first.contains(points)
        for window in others:
            left &= window.contains(points)
        return left

    @property
    def shows_all(self) -> bool:
        """Whether it is seen at once that no cut hides a part of the target, and no camera turns.

        So it is of what is affine and was not cut, or is cut at its own turned picture only.
        """
        numbers, _, size, _, windows = self
        if numbers[6] != 0.0 or numbers[7] != 0.0:
            return False
        if not windows:
            return True
        cut, cut_size = windows[0]
        turned = numbers[0] != 0.0 != numbers[1]
        return turned and cut is numbers and cut_size == size and len(windows) == 1

    @property
    def cuts_nothing(self) -> bool:
        """Whether a cut at its own picture leaves it as it is: `shows_all` before and after."""
        numbers = self[0]
        turned = numbers[0] != 0.0 != numbers[1]
        return turned and not self[4] and numbers[6] == 0.0 == numbers[7]

    @property
    def excerpt(self) -> tuple[int, int, int, int]:
        """Whole pixels of the source from which a warp may start, as upright cuts leave them.

        Left, top, right and bottom (the last two excluded), inside of the source; without such
        cuts all of it. What starts from this part makes these cuts by itself.
        """
        return self._parts[0]

    @property
    def _turned(self) -> tuple[Window, ...]:
        """The windows that are no whole pixels of the source."""
        return self._parts[1]

    @cached_property
    def _parts(self) -> tuple[tuple[int, int, int, int], tuple[Window, ...]]:
        left, top, right, bottom = 0, 0, *self.source
        turned: list[Window] = []
        for window in self.windows:
            part = window.whole_pixels
            if part is None:
                turned.append(window)
            else:
                left, top = max(left, part[0]), max(top, part[1])
                right, bottom = min(right, part[2]), min(bottom, part[3])
        return (left, top, max(left, right), max(top, bottom)), tuple(turned)

    @cached_property
    def from_excerpt(self) -> Nine:
        """The matrix that takes pixels counted from the corner of `excerpt` to the target."""
        left, top, _, _ = self.excerpt
        a, b, c, d, e, f, g, h, i = self.numbers
        c, f, i = c + (left * a + top * b), f + (left * d + top * e), i + (left * g + top * h)
        return a, b, c, d, e, f, g, h, i

    @cached_property
    def shown(self) -> Sequence[tuple[float, float]] | None:
        """The convex polygon of the target outside of which a cut or a turn hides it.

        None where that is nowhere; without points where it is everywhere. Where nothing is hidden
        it reaches beyond the target. What the edges of `excerpt` cut already is left out.
        """
        if not self.windows and self.is_affine:
            return None
        left, top, right, bottom = self.excerpt
        if left == right or top == bottom:
            return ()
        turned = self._turned
        lines: list[Sequence[float]] = []
        for window in self._crossing(turned) if turned else ():
            lines += sides(product(window.numbers, self.inverse), window.size)
        wide, high = self.size[0] - 0.5, self.size[1] - 0.5
        corners = [(-0.5, -0.5), (wide, -0.5), (wide, high), (-0.5, high)]
        if not self.is_affine:
            a, b, c = self.inverse[6:]
            if min(a * x + b * y + c for x, y in corners) <= 0.0:
                lines.append([a, b, c])
        if not lines:
            return None
        beyond = [(-_BEYOND, -_BEYOND), (wide + _BEYOND, -_BEYOND)]
        beyond += [(wide + _BEYOND, high + _BEYOND), (-_BEYOND, high + _BEYOND)]
        return clipped(beyond, lines)

    def __reduce__(self) -> tuple[type[PlaneMap], tuple[Any, ...]]:
        return PlaneMap, tuple(self)

    @property
    def is_affine(self) -> bool:
        """Whether parallel lines stay parallel."""
        numbers = self.numbers
        return numbers[6] == 0.0 == numbers[7]

    @property
    def is_identity(self) -> bool:
        """Whether every pixel stays where it is, in a picture of the same size."""
        return self.source == self.size and all(
            abs(number - one) <= (_NEARLY_ONE if one else _ALIKE)
            for number, one in zip(self.numbers, IDENTITY, strict=True)
        )

    @property
    def is_resizing(self) -> bool:
        """Whether the whole picture is shown whole, upright, in another or the same size."""
        a, b, c, d, e, f, g, h, i = self.numbers
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
        numbers = a, b, _, d, e, _, g, h, i = self[0]
        if g == h == 0.0 and i == 1.0:
            return a * e - b * d < 0.0
        return determinant(numbers) < 0.0

    @property
    def jacobian(self) -> tuple[float, float, float, float]:
        """The linear part (2x2), row by row; of a projective map, at the centre of its source."""
        a, b, c, d, e, f, g, h, i = self[0]
        if g == 0.0 == h:
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


_new: Any = tuple.__new__
"""Makes maps and windows without looking at their fields, in half the time of a constructor."""


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

    @property
    def tears(self) -> bool:
        """Whether neighbours come from far apart, as where tiles trade places: a tenth of the size.

        Then left and right of the source mean nothing in the target.
        """
        far = np.array(self.source) / 10
        torn = 0
        for axis in (0, 1):
            here = [slice(None), slice(None)]
            here[axis] = slice(1, None)
            there = [slice(None), slice(None)]
            there[axis] = slice(None, -1)
            shown = self.valid[tuple(here)] & self.valid[tuple(there)]
            jump = np.abs(np.diff(self.field, axis=axis)) > far
            torn += int(np.count_nonzero(jump.any(axis=-1) & shown))
        return torn >= min(self.size) / 8


def apply_projective(matrix: Matrix, points: Matrix) -> Matrix:
    """Move points (..., 2) by a 3x3 matrix in homogeneous coordinates."""
    moved: Matrix = points @ matrix[:2, :2].T + matrix[:2, 2]
    row = matrix[2]
    if row[0] == 0.0 and row[1] == 0.0 and row[2] == 1.0:
        return moved
    projected: Matrix = moved / (points @ row[:2] + row[2])[..., None]
    return projected
