"""The disparity of one picture of a pair as that of the other: every pixel that both show."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["other_view"]

_ALIKE = 1.0
"""Pixels by which disparities on both sides of a gap differ at most on one slanted surface."""


def other_view(disparity: NDArray[Any], way: float) -> NDArray[Any]:
    """Disparities (H, W, ...) where the other picture shows their pixels; 0 where it shows none.

    A pixel at x is at x + `way` times its disparity there, to the nearest pixel. Where several
    land the nearest thing is seen. A gap of one pixel in a surface that the other picture shows
    wider is filled with the farther of its neighbours.
    """
    flat: NDArray[Any] = disparity.reshape(disparity.shape[0], -1)
    out = np.zeros_like(flat)
    with np.errstate(invalid="ignore"):
        known: NDArray[np.bool_] = np.isfinite(flat) & (flat > 0.0)
    rows, columns = np.divmod(np.flatnonzero(known), flat.shape[1])
    values = flat[rows, columns]
    places = np.rint(columns + way * values.astype(np.float64)).astype(np.intp)
    inside = (places >= 0) & (places < flat.shape[1])
    order = np.flatnonzero(inside)[np.argsort(values[inside], kind="stable")]
    out[rows[order], places[order]] = values[order]
    left, middle, right = out[:, :-2], out[:, 1:-1], out[:, 2:]
    slanted = (middle == 0.0) & (left > 0.0) & (right > 0.0)
    slanted &= np.abs(left - right) * abs(way) <= _ALIKE
    middle[slanted] = np.minimum(left, right)[slanted]
    return out.reshape(disparity.shape)
