"""The least rectangle, lying any way, around some points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["least_rectangle"]

Points = NDArray[np.float64]
_ALIKE = 1e-9
"""The share of an area by which two rectangles may differ and still be equally small."""


def least_rectangle(points: Points, along: Points) -> Points:
    """The corners (4, 2) of the rectangle of least area around points (K, 2).

    One of its sides lies along an edge of the convex hull (Freeman and Shapira, Determining the
    minimum-area encasing rectangle for an arbitrary closed curve, CACM 1975), so that the ways
    between neighbours of the hull are tried. The way from its first corner to the second is the one
    of its sides' that is nearest to `along` (2,), and the third corner lies to the same hand as
    those of rectangles that run around clockwise as seen. Of equally small ones it is that whose
    sides are nearest to `along`.
    """
    hull = _hull(points)
    ways = np.roll(hull, -1, axis=0) - hull
    ways = ways[(ways**2).sum(axis=1) > 0.0]
    if not len(ways):
        return np.repeat(points[:1], 4, axis=0)
    axes = ways / np.linalg.norm(ways, axis=1, keepdims=True)
    across = hull @ axes.T  # (K, E)
    down = hull @ (axes @ np.array([[0.0, 1.0], [-1.0, 0.0]])).T
    areas = np.ptp(across, axis=0) * np.ptp(down, axis=0)
    least = axes[areas <= areas.min() * (1.0 + _ALIKE)]
    slants = np.abs(least @ along), np.abs(least @ np.array([-along[1], along[0]]))
    x, y = least[int(np.argmax(np.maximum(*slants)))].tolist()
    turns = np.array([[x, y], [-y, x], [-x, -y], [y, -x]])
    right = turns[int(np.argmax(turns @ along))]
    below = np.array([-right[1], right[0]])
    u, v = hull @ right, hull @ below
    ends = [(u.min(), v.min()), (u.max(), v.min()), (u.max(), v.max()), (u.min(), v.max())]
    return np.array([a * right + b * below for a, b in ends])


def _hull(points: Points) -> Points:
    """The convex hull of points, in order (Andrew's monotone chain, 1979)."""
    ordered = sorted(set(map(tuple, points.tolist())))
    if len(ordered) < 3:
        return np.array(ordered)
    chains = []
    for run in (ordered, ordered[::-1]):
        chain: list[tuple[float, ...]] = []
        for point in run:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0.0:
                chain.pop()
            chain.append(point)
        chains += chain[:-1]
    return np.array(chains)


def _turn(a: tuple[float, ...], b: tuple[float, ...], c: tuple[float, ...]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
