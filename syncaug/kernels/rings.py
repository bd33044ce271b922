"""Rings: outlines of any form against half planes, by the even-odd rule.

A set of rings is what a point lies in that an odd number of them surround: holes are rings inside
of rings, whichever way round their points run, and an outline that crosses itself is no mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Line",
    "Ring",
    "Rings",
    "area_of",
    "clipped",
    "depths",
    "extent",
    "following",
    "half",
    "has_inside",
]

Ring = NDArray[np.float64]
"""The points (K, 2) of a closed outline, each once."""
Rings = tuple[Ring, ...]
Line = Sequence[float]
"""a, b and c: the half plane where a x + b y + c is at least 0."""

_ON = 1e-9
"""Pixels from a line within which a point lies on it."""
_FLAT = 1e-9
"""Square pixels, and pixels of width, up to which a ring has no inside."""


def following(ring: NDArray[Any]) -> NDArray[Any]:
    """For each of a ring's points, or of their numbers, the next one."""
    return np.concatenate((ring[1:], ring[:1]))


def clipped(rings: Rings, lines: Iterable[Line]) -> Rings:
    """The part of rings that lies in all half planes; rings that do so whole are the same."""
    for line in lines:
        if not rings:
            break
        rings = half(rings, line)
    return rings


def half(rings: Rings, line: Line, *, outside: bool = False) -> Rings:
    """The part of rings on one side of a line; `outside` is the other one.

    The line cuts outlines into chains. Sorted along the line, their ends belong together in pairs,
    the first and the second, the third and the fourth, for between them lies the inside. This is
    the step of Weiler and Atherton (Hidden surface removal using polygon area sorting, SIGGRAPH
    1977) for one straight edge; unlike that of Sutherland and Hodgman it leaves no bridges between
    the parts of a concave outline.
    """
    a, b, c = (float(n) for n in line)
    length = float(np.hypot(a, b))
    if length == 0.0:
        return rings if (c >= 0.0) != outside else ()
    a, b, c = a / length, b / length, c / length
    whole: list[Ring] = []
    chains: list[Ring] = []
    for ring in rings:
        heights = ring[:, 0] * a + ring[:, 1] * b + c
        inside = (heights >= -_ON) != outside
        count = int(np.count_nonzero(inside))
        if count == len(ring):
            whole.append(ring)
        elif count:
            chains += _chains(ring, heights, inside, (a, b, c))
    return (*whole, *_linked(chains, a, b)) if chains else tuple(whole)


def _chains(
    ring: Ring, heights: NDArray[np.float64], inside: NDArray[np.bool_], line: Line
) -> list[Ring]:
    """What is left of a ring that a line cuts: open chains from the line to the line."""
    ends = following(ring)
    after = following(heights)
    crossing = (inside != following(inside)).nonzero()[0]
    span = heights[crossing] - after[crossing]
    shares = np.clip(heights[crossing] / span, 0.0, 1.0)[:, None]
    places = ring[crossing] + (ends[crossing] - ring[crossing]) * shares
    a, b, c = line
    if b == 0.0:
        places[:, 0] = -c / a
    elif a == 0.0:
        places[:, 1] = -c / b
    first = 0 if not inside[crossing[0]] else 1  # the crossing that leads to the kept side
    out = []
    count = len(crossing)
    for number in range(first, first + count, 2):
        here, there = number % count, (number + 1) % count
        start, stop = int(crossing[here]) + 1, int(crossing[there]) + 1
        middle = ring[start:stop] if start <= stop else np.concatenate([ring[start:], ring[:stop]])
        out.append(np.concatenate([places[here : here + 1], middle, places[there : there + 1]]))
    return out


def _linked(chains: Sequence[Ring], a: float, b: float) -> list[Ring]:
    """Chains whose ends lie on a line, closed along it."""
    ends = np.array([end for chain in chains for end in (chain[0], chain[-1])])
    order = np.argsort(ends[:, 1] * a - ends[:, 0] * b, kind="stable").tolist()
    partner = {}
    for one, other in zip(order[::2], order[1::2], strict=True):
        partner[one], partner[other] = other, one
    left = dict.fromkeys(range(len(chains)))
    out = []
    while left:
        begin = next(iter(left))
        end, parts = 2 * begin, []
        while end // 2 in left:
            chain = chains[end // 2]
            del left[end // 2]
            parts.append(chain[::-1] if end % 2 else chain)
            end = partner[end ^ 1]
        ring = _without_repeats(np.concatenate(parts))
        if has_inside(ring):
            out.append(ring)
    return out


def _without_repeats(ring: Ring) -> Ring:
    """The ring without points that follow themselves."""
    before = np.concatenate((ring[-1:], ring[:-1]))
    new: NDArray[np.bool_] = np.any(np.abs(ring - before) > _ON, axis=1)
    return ring if new.all() else ring[new]


def has_inside(ring: Ring) -> bool:
    """Whether a ring surrounds anything: one that runs to and fro on a line does not."""
    if len(ring) < 3:
        return False
    if abs(_shoelace(ring)) > _FLAT:
        return True
    spread = ring - ring.mean(axis=0)
    return bool(np.linalg.svd(spread, compute_uv=False)[-1] > _FLAT)


def _shoelace(ring: Ring) -> float:
    """The area that a ring surrounds, with the sign of its direction."""
    x, y = (ring - ring[0]).T
    return float(np.dot(x, following(y)) - np.dot(y, following(x))) / 2


def area_of(rings: Rings) -> float:
    """The area inside of rings, by the even-odd rule.

    Between two neighbouring heights of their points edges do not cross, and the inside of a strip
    is as wide as at its middle. An outline alone is measured by the shoelace formula, which counts
    what it surrounds twice in one direction twice.
    """
    if len(rings) == 1:
        return abs(_shoelace(rings[0]))
    if not rings:
        return 0.0
    starts, ends = np.concatenate(rings), np.concatenate([following(r) for r in rings])
    heights = np.unique(starts[:, 1])
    middles = (heights[1:] + heights[:-1]) / 2
    (x0, y0), (x1, y1) = starts.T, ends.T
    total = 0.0
    for middle, high in zip(middles.tolist(), np.diff(heights).tolist(), strict=True):
        met = ((y0 > middle) != (y1 > middle)).nonzero()[0]
        across = x0[met] + (middle - y0[met]) * (x1[met] - x0[met]) / (y1[met] - y0[met])
        across.sort()
        total += high * float((across[1::2] - across[::2]).sum())
    return total


def depths(rings: Rings) -> list[int]:
    """How many other rings surround each ring."""
    if len(rings) < 2:
        return [0] * len(rings)
    boxes = [extent((ring,)) for ring in rings]
    out = []
    for index, ring in enumerate(rings):
        left, top, right, bottom = boxes[index]
        around = 0
        for other, (x0, y0, x1, y1) in enumerate(boxes):
            if other == index or not (x0 <= left and y0 <= top and x1 >= right and y1 >= bottom):
                continue
            around += _surrounds(rings[other], _inner(ring))
        out.append(around)
    return out


def _inner(ring: Ring) -> tuple[float, float]:
    """A place just beside the middle of the longest edge of a ring, inside of it."""
    ends = following(ring)
    ways = ends - ring
    longest = int(np.argmax((ways**2).sum(axis=1)))
    (dx, dy), (x, y) = ways[longest].tolist(), ((ring[longest] + ends[longest]) / 2).tolist()
    size = 1e-6 * max(1.0, float(np.hypot(dx, dy)))
    step = size / float(np.hypot(dx, dy))
    place = (x - dy * step, y + dx * step)
    return place if _surrounds(ring, place) else (x + dy * step, y - dx * step)


def _surrounds(ring: Ring, place: tuple[float, float]) -> bool:
    """Whether a place lies inside of a ring: a ray to the right meets it an odd number of times."""
    x, y = place
    ends = following(ring)
    above, after = ring[:, 1] > y, ends[:, 1] > y
    crossing = (above != after).nonzero()[0]
    (x0, y0), (x1, y1) = ring[crossing].T, ends[crossing].T
    return bool(np.count_nonzero(x0 + (y - y0) * (x1 - x0) / (y1 - y0) > x) % 2)


def extent(rings: Rings) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the rectangle around rings."""
    low = np.min([ring.min(axis=0) for ring in rings], axis=0)
    high = np.max([ring.max(axis=0) for ring in rings], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
