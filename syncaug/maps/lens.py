"""Lens distortion as a value: OpenCV's pinhole and fisheye models, both ways, and how axes turn it.

A lens takes a direction before the camera to a place in the plane of focal length 1, on which K
acts afterwards: x ~ K [f(X, Y, Z), 1]. So all that moves pixels leaves it true, and only what turns
the camera's axes changes its terms.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.forks import cached_property
from syncaug.maps.numbers import Matrix, Nine

__all__ = ["COUNTS", "NO_LENS", "TERMS", "Lens", "LensError"]

TERMS = ("k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6", "s1", "s2", "s3", "s4", "tx", "ty")
"""The terms of the pinhole model in OpenCV's order."""
COUNTS = {"pinhole": (4, 5, 8, 12, 14), "fisheye": (4,)}
"""How many coefficients a model has."""

_SAMPLES = 2048
_WIDEST = 1e4
"""The tangent of the widest angle that the pinhole model is inverted for: 89.99 degrees."""
_STEPS = 30
_CLOSE = 1e-13
_FOUND = 1e-9
_STRAIGHT = 1e-9


class LensError(ValueError):
    """Distortion that no coefficients of its model state any more."""


class _Lens(NamedTuple):
    model: str
    terms: tuple[float, ...]


class Lens(_Lens):
    """The distortion of a `model`, "pinhole" or "fisheye".

    `terms` are the 14 of OpenCV's pinhole model (`TERMS`), or the four of its fisheye model
    (Kannala and Brandt, 2006). The pinhole model: Brown, Decentering Distortion of Lenses (1966),
    with the rational, thin prism and tilt terms of OpenCV's documentation of `calib3d`.
    """

    @staticmethod
    def of(model: str, terms: Any) -> Lens:
        """The lens of as many terms as are given; further ones are 0."""
        given = tuple(float(term) for term in terms)
        whole = len(TERMS) if model == "pinhole" else 4
        return Lens(model, given + (0.0,) * (whole - len(given)))

    @cached_property
    def bends(self) -> bool:
        """Whether it distorts anything. A fisheye does so with terms of 0 as well."""
        return self.model == "fisheye" or any(self.terms)

    @cached_property
    def _critical(self) -> float:
        """The radius (pinhole) or angle (fisheye) up to which it grows outwards; may be infinite.

        Beyond it, the model would fold what it shows back into the picture.
        """
        if self.model == "fisheye":
            one = np.polynomial.Polynomial([1.0, *(term for term in self.terms)])
            slope = 2 * np.polynomial.Polynomial([0.0, 1.0]) * one.deriv() + one
            roots = [math.sqrt(root) for root in _above_zero(slope)]
            return min([math.pi, *roots])
        k1, k2, _, _, k3, k4, k5, k6 = self.terms[:8]
        over = np.polynomial.Polynomial([1.0, k1, k2, k3])
        under = np.polynomial.Polynomial([1.0, k4, k5, k6])
        square = np.polynomial.Polynomial([0.0, 1.0])
        slope = (over + 2 * square * over.deriv()) * under - 2 * square * over * under.deriv()
        roots = [math.sqrt(root) for poly in (slope, under) for root in _above_zero(poly)]
        return min(roots, default=math.inf)

    @property
    def reach(self) -> float:
        """The tangent of the widest angle from the axis that it shows; may be infinite."""
        if self.model == "fisheye":
            return math.tan(self._critical) if self._critical < math.pi / 2 else math.inf
        return self._critical

    @cached_property
    def _tilt(self) -> Matrix | None:
        """The map of the plane by a tilted sensor, 3x3; None where it is not tilted."""
        if self.model == "fisheye" or not any(self.terms[12:]):
            return None
        x, y = self.terms[12:]
        about_x = np.array(
            [[1, 0, 0], [0, math.cos(x), math.sin(x)], [0, -math.sin(x), math.cos(x)]]
        )
        about_y = np.array(
            [[math.cos(y), 0, -math.sin(y)], [0, 1, 0], [math.sin(y), 0, math.cos(y)]]
        )
        turn = about_y @ about_x
        down = np.array([[turn[2, 2], 0, -turn[0, 2]], [0, turn[2, 2], -turn[1, 2]], [0, 0, 1]])
        return np.asarray(down @ turn)

    def distorted(self, directions: Matrix) -> tuple[Matrix, NDArray[np.bool_]]:
        """Where directions (N, 3) before the camera are seen (N, 2), and which are seen at all.

        Those that are not, because they lie behind or beyond what the model can show, are NaN.
        """
        directions = np.asarray(directions, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if self.model == "fisheye":
                places, seen = self._fisheye(directions)
            else:
                x, y = directions[:, 0] / directions[:, 2], directions[:, 1] / directions[:, 2]
                places, slopes = self._brown(x, y)
                seen = (directions[:, 2] > 0.0) & (np.hypot(x, y) <= self._critical)
                seen &= slopes[0] * slopes[3] - slopes[1] * slopes[2] > 0.0
                if self._tilt is not None:
                    weight = places @ self._tilt[2, :2] + self._tilt[2, 2]
                    places = (places @ self._tilt[:2, :2].T + self._tilt[:2, 2]) / weight[:, None]
                    seen &= weight > 0.0
        seen &= np.isfinite(places).all(axis=1)
        places[~seen] = np.nan
        return places, seen

    def undistorted(self, places: Matrix) -> Matrix:
        """The direction (x, y, 1) that is seen at each place (N, 2), as (N, 2); NaN where none is.

        The model is inverted along the radius first, and by Newton's method from there: exact to
        rounding, unlike a fixed number of steps from the place itself.
        """
        places = np.asarray(places, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if self.model == "fisheye":
                return self._straight_from_fisheye(places)
            if self._tilt is not None:
                back = np.linalg.inv(self._tilt)
                weight = places @ back[2, :2] + back[2, 2]
                places = (places @ back[:2, :2].T + back[:2, 2]) / weight[:, None]
            radius = np.hypot(places[:, 0], places[:, 1])
            end = math.atan(min(self._critical, _WIDEST))
            known = np.tan(np.linspace(0.0, end, _SAMPLES))
            far = self._radial(known)
            start = np.interp(radius, far, known) / np.where(radius > 0.0, radius, 1.0)
            x, y = places[:, 0] * start, places[:, 1] * start
            for _ in range(_STEPS):
                there, (a, b, c, d) = self._brown(x, y)
                miss_x, miss_y = there[:, 0] - places[:, 0], there[:, 1] - places[:, 1]
                area = a * d - b * c
                step_x = (d * miss_x - b * miss_y) / area
                step_y = (a * miss_y - c * miss_x) / area
                known_step = np.isfinite(step_x) & np.isfinite(step_y)
                x, y = x - np.where(known_step, step_x, 0.0), y - np.where(known_step, step_y, 0.0)
                if not (np.hypot(step_x, step_y)[known_step] > _CLOSE).any():
                    break
            there, (a, b, c, d) = self._brown(x, y)
            found = np.hypot(there[:, 0] - places[:, 0], there[:, 1] - places[:, 1])
            seen = (found <= _FOUND * (1.0 + radius)) & (a * d - b * c > 0.0)
            seen &= np.hypot(x, y) <= self._critical
        out = np.stack([x, y], axis=1)
        out[~seen] = np.nan
        return out

    def turned(self, turn: Nine) -> Lens:
        """The lens of a camera whose axes turned or mirrored by an orthogonal `turn` (3x3).

        It is T f T^-1. Radial terms are alike in all directions about the axis; p and s are
        vectors in the picture, 2 (p.x) x + r^2 p, and turn with it; tilts change sign in a mirror
        and trade places in a quarter turn. Raises LensError where no terms state it: the axis
        itself has turned, or a tilted sensor turned otherwise.
        """
        a, b, u, c, d, v, w, x, axis = turn
        if max(abs(u), abs(v), abs(w), abs(x)) > _STRAIGHT or axis < 0.0:
            if self.bends:
                raise LensError("its axis turns")
            return self
        if self.model == "fisheye" or not any(self.terms[2:4] + self.terms[8:]):
            return self
        k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4, tx, ty = self.terms
        p2, p1 = a * p2 + b * p1, c * p2 + d * p1
        s1, s3 = a * s1 + b * s3, c * s1 + d * s3
        s2, s4 = a * s2 + b * s4, c * s2 + d * s4
        if tx or ty:
            tx, ty = _tilted(a, b, c, d, tx, ty)
        return Lens(self.model, (k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4, tx, ty))

    def __reduce__(self) -> tuple[type[Lens], tuple[Any, ...]]:
        return Lens, tuple(self)

    # The models

    def _radial(self, radius: Matrix) -> Matrix:
        """How far from the centre a direction is seen that lies `radius` from the axis."""
        k1, k2, _, _, k3, k4, k5, k6 = self.terms[:8]
        square = radius * radius
        over = 1.0 + square * (k1 + square * (k2 + square * k3))
        under = 1.0 + square * (k4 + square * (k5 + square * k6))
        seen: Matrix = np.maximum.accumulate(radius * over / under)
        return seen

    def _brown(self, x: Matrix, y: Matrix) -> tuple[Matrix, tuple[Matrix, Matrix, Matrix, Matrix]]:
        """Places (N, 2) before a tilt, and the four numbers of the Jacobian at each."""
        k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4 = self.terms[:12]
        square = x * x + y * y
        over = 1.0 + square * (k1 + square * (k2 + square * k3))
        under = 1.0 + square * (k4 + square * (k5 + square * k6))
        over_slope = k1 + square * (2 * k2 + square * 3 * k3)
        under_slope = k4 + square * (2 * k5 + square * 3 * k6)
        share, slope = over / under, (over_slope * under - over * under_slope) / (under * under)
        both = 2 * x * y
        places = np.stack(
            [
                x * share + p1 * both + p2 * (square + 2 * x * x) + square * (s1 + s2 * square),
                y * share + p2 * both + p1 * (square + 2 * y * y) + square * (s3 + s4 * square),
            ],
            axis=1,
        )
        prism_x, prism_y = 2 * (s1 + 2 * s2 * square), 2 * (s3 + 2 * s4 * square)
        cross = both * slope + 2 * (p1 * x + p2 * y)
        across = share + 2 * x * x * slope + 2 * p1 * y + 6 * p2 * x + x * prism_x
        down = share + 2 * y * y * slope + 6 * p1 * y + 2 * p2 * x + y * prism_y
        return places, (across, cross + y * prism_x, cross + x * prism_y, down)

    def _fisheye(self, directions: Matrix) -> tuple[Matrix, NDArray[np.bool_]]:
        side = np.hypot(directions[:, 0], directions[:, 1])
        angle = np.arctan2(side, directions[:, 2])
        share = np.where(side > 0.0, self._bent(angle)[0] / side, 1.0 / directions[:, 2])
        seen = (angle <= self._critical) & (angle < math.pi)
        return directions[:, :2] * share[:, None], np.asarray(seen, dtype=np.bool_)

    def _bent(self, angle: Matrix) -> tuple[Matrix, Matrix]:
        """The distorted angle of each angle, and how fast it grows."""
        k1, k2, k3, k4 = self.terms
        square = angle * angle
        share = 1 + square * (k1 + square * (k2 + square * (k3 + square * k4)))
        slope = 1 + square * (3 * k1 + square * (5 * k2 + square * (7 * k3 + square * 9 * k4)))
        return angle * share, slope

    def _straight_from_fisheye(self, places: Matrix) -> Matrix:
        radius = np.hypot(places[:, 0], places[:, 1])
        known = np.linspace(0.0, min(self._critical, math.pi / 2), _SAMPLES)
        far = np.maximum.accumulate(self._bent(known)[0])
        angle = np.interp(radius, far, known)
        for _ in range(_STEPS):
            there, slope = self._bent(angle)
            step = (there - radius) / slope
            angle = np.clip(angle - np.where(np.isfinite(step), step, 0.0), 0.0, known[-1])
            if not (np.abs(step[np.isfinite(step)]) > _CLOSE).any():
                break
        seen = np.abs(self._bent(angle)[0] - radius) <= _FOUND * (1.0 + radius)
        seen &= angle < math.pi / 2 - _STRAIGHT
        share = np.where(radius > 0.0, np.tan(angle) / radius, 1.0)
        out = places * share[:, None]
        out[~seen] = np.nan
        return np.asarray(out)


NO_LENS = Lens("pinhole", (0.0,) * len(TERMS))
"""The pinhole camera that distorts nothing."""


def _above_zero(polynomial: np.polynomial.Polynomial) -> list[float]:
    """The real roots above 0, where the sign changes or not."""
    coefficients = np.trim_zeros(polynomial.coef, "b")
    if len(coefficients) < 2:
        return []
    roots = np.polynomial.Polynomial(coefficients).roots()
    real = roots[np.abs(roots.imag) <= 1e-9 * (1.0 + np.abs(roots.real))].real
    return [float(root) for root in real if root > 0.0]


def _tilted(a: float, b: float, c: float, d: float, x: float, y: float) -> tuple[float, float]:
    """The tilts of a sensor in a picture that turned by [[a, b], [c, d]]; see `Lens.turned`.

    A tilt about x mirrors with y, and about y with x.
    """
    if max(abs(b), abs(c)) <= _STRAIGHT:
        return math.copysign(1.0, d) * x, math.copysign(1.0, a) * y
    if max(abs(a), abs(d)) <= _STRAIGHT and not (x and y):
        return -math.copysign(1.0, c) * y, -math.copysign(1.0, b) * x
    raise LensError("its sensor is tilted and the picture turns")
