"""Play a clock faster here and slower there."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.time import TimeMap
from syncaug.transforms.clock import numbers
from syncaug.transforms.view import Located, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import TimeWarpParameters

__all__ = ["maps"]

_PIECES = 16
"""Straight pieces between two knots: the speed of neighbours differs by a few percent at most."""


def maps(parameters: TimeWarpParameters, view: View) -> Maps:
    """One time map for each clock, all of the same shape; both ends stay where they are.

    The logarithm of the speed goes through random values at evenly spaced knots, with a level
    tangent at each, so that time never stands still or runs backwards.
    """
    knots = int(parameters["knots"])
    reach = math.log1p(parameters["strength"])
    values = 2.0 * numbers(parameters["shape"], knots) - 1.0
    speeds = np.exp(reach * _smooth(values))
    out: list[Located] = []
    for clock in view.clocks(parameters.get("clock", "")):
        length = view.duration(clock)
        moments = np.concatenate([[0.0], np.cumsum(speeds)]) * (length / speeds.sum())
        moments[-1] = length
        step = length / len(speeds)
        spans = pairwise(moments.tolist())
        if parameters["preserve_pitch"]:
            pieces = [(step, first, last, 1.0) for first, last in spans]
        else:
            pieces = [(step, first, last, (last - first) / step) for first, last in spans]
        out.append(("time", clock, TimeMap.of(pieces, length)))
    return out


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The middles of all pieces of a curve through `values` that is level at each of them."""
    share = (np.arange(_PIECES) + 0.5) / _PIECES
    ease = (1.0 - np.cos(np.pi * share)) / 2.0
    return (values[:-1, None] + np.diff(values)[:, None] * ease).reshape(-1)
