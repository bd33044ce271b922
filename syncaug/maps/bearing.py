"""What directions that a picture sees have turned by, after all maps of its plane."""

from __future__ import annotations

import math
from dataclasses import dataclass

from syncaug.maps.numbers import IDENTITY, Nine, determinant, product
from syncaug.maps.plane import PlaneMap

__all__ = ["Bearing"]

_ALIKE = 1e-6


@dataclass(frozen=True, slots=True)
class Bearing:
    """The turn or mirror (3x3) from the first axes of a picture's camera to its axes now.

    Axes are x right, y down as the picture lies now, z forward. `turn` is what the camera takes as
    turns of its own. `rest` is what is left: the turn or mirror in the picture that the camera took
    into its matrix K instead, as without a camera and under `world: keep`. `lain` is all that the
    picture's own plane has met since K was upright, sizes and shears too.
    """

    turn: Nine = IDENTITY
    rest: Nine = IDENTITY
    lain: Nine = IDENTITY

    @property
    def numbers(self) -> Nine:
        """The matrix by which directions are multiplied."""
        return product(self.rest, self.turn)

    def then(self, plane: PlaneMap) -> Bearing:
        """This one followed by a map of the plane.

        With the camera's matrix K, the map A and its turn T the matrix becomes K' = A K T^-1. A map
        that is similar to its turn only turns the camera, and leaves K. One that turns, and is
        neither similar to it nor of the picture's own plane, makes K' upright, whose focal lengths
        keep their signs (`perspective`). Raises ValueError for a map with a perspective that no
        camera takes as a turn.
        """
        a, b, _, d, e, _, _, _, i = plane.numbers
        if not plane.turns:
            if not plane.is_affine:
                raise ValueError("a perspective without the turn of a camera")
            lain = product(_in_plane(a, b, d, e), self.lain)
            return Bearing(self.turn, product(_polar(a, b, d, e), self.rest), lain)
        turn = product(plane.turn, self.turn)
        p, q, r, s, t, u, v, w, x = plane.turn
        if plane.is_affine and _is_rigid(a, b, d, e):
            back = (p, s, v, q, t, w, r, u, x)
            lain = product(product(_in_plane(a, b, d, e), self.lain), back)
            return Bearing(turn, product(product(_polar(a, b, d, e), self.rest), back), lain)
        alike = (
            abs(a + e + i - p - t - x) < _ALIKE
            and abs(determinant(plane.numbers) - determinant(plane.turn)) < _ALIKE
        )
        if alike:
            return Bearing(turn, self.rest, self.lain)
        signs = _signs(self.lain)
        return Bearing(turn, signs, signs)


def _is_rigid(a: float, b: float, d: float, e: float) -> bool:
    """Whether a matrix (2x2) is orthogonal, but for its size."""
    size = a * a + d * d
    return abs(a * b + d * e) < _ALIKE * size and abs(b * b + e * e - size) < _ALIKE * size


def _in_plane(a: float, b: float, d: float, e: float) -> Nine:
    return a, b, 0.0, d, e, 0.0, 0.0, 0.0, 1.0


def _signs(lain: Nine) -> Nine:
    """The signs that the focal lengths of an upright K keep: down as it lay, and no new mirror."""
    down = -1.0 if lain[4] < 0.0 else 1.0
    across = -down if determinant(lain) < 0.0 else down
    return across, 0.0, 0.0, 0.0, down, 0.0, 0.0, 0.0, 1.0


def _polar(a: float, b: float, c: float, d: float) -> Nine:
    """The orthogonal matrix that is nearest to [a b; c d], in the picture's plane; it may mirror.

    The polar factor, in closed form (Higham, Computing the polar decomposition, SISC 1986).
    """
    if a * d - b * c >= 0.0:
        cosine, sine = a + d, c - b
        length = math.hypot(cosine, sine) or 1.0
        p, q = cosine / length, sine / length
        return p, -q, 0.0, q, p, 0.0, 0.0, 0.0, 1.0
    cosine, sine = a - d, b + c
    length = math.hypot(cosine, sine) or 1.0
    p, q = cosine / length, sine / length
    return p, q, 0.0, q, -p, 0.0, 0.0, 0.0, 1.0
