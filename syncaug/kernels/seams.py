"""Seams: what is left of rings around a rectangle that covers a part of them.

The four edges of the rectangle, drawn on as lines, cut the rest into pieces. Where two pieces touch
along a line, their edges there are the same one twice, and go: of all stretches of a line those
stay that an odd number of pieces have. What is left are outlines again, with a hole where the
rectangle lies inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from syncaug.kernels.rings import Line, Ring, Rings, depths, half, has_inside

__all__ = ["linked", "opened", "without"]

Point = tuple[float, float]
Edge = tuple[Point, Point]
Chain = list[Point]

_STRAIGHT = 1e-9
"""The sine of the turn up to which an edge goes straight on."""


def without(rings: Rings, rectangle: tuple[float, float, float, float]) -> Rings:
    """The part of rings outside of a rectangle: left, top, right, bottom.

    Rings that do not meet it are the same.
    """
    left, top, right, bottom = rectangle
    if right <= left or bottom <= top:
        return rings
    lines: list[Line] = [
        (1.0, 0.0, -left),
        (-1.0, 0.0, right),
        (0.0, 1.0, -top),
        (0.0, -1.0, bottom),
    ]
    pieces: list[Ring] = []
    rest = rings
    for line in lines:
        pieces += half(rest, line, outside=True)
        rest = half(rest, line)
        if not rest:
            return rings
    seams = [(0, left), (0, right), (1, top), (1, bottom)]
    return _joined(pieces, seams)


def opened(rings: Rings) -> Rings:
    """The same area in rings without holes: they are cut through the middle of each hole."""
    deep = depths(rings)
    if not any(depth % 2 for depth in deep):
        return rings
    hole = rings[next(index for index, depth in enumerate(deep) if depth % 2)]
    line = (1.0, 0.0, -float(hole[:, 0].min() + hole[:, 0].max()) / 2)
    return (*opened(half(rings, line)), *opened(half(rings, line, outside=True)))


def _joined(pieces: Sequence[Ring], seams: Sequence[tuple[int, float]]) -> Rings:
    """Pieces put together again along lines: x (0) or y (1) and where it lies."""
    whole: list[Ring] = []
    chains: list[Chain] = []
    on_seams: dict[tuple[int, float], list[tuple[float, float]]] = {seam: [] for seam in seams}
    for piece in pieces:
        points = [(x, y) for x, y in piece.tolist()]
        edges = list(zip(points, [*points[1:], points[0]], strict=True))
        seam_of = [_seam(edge, seams) for edge in edges]
        if not any(seam_of):
            whole.append(piece)
            continue
        for edge, seam in zip(edges, seam_of, strict=True):
            if seam is not None:
                along = 1 - seam[0]
                on_seams[seam].append((edge[0][along], edge[1][along]))
        chains += _open(edges, [seam is not None for seam in seam_of])
    for (axis, place), spans in on_seams.items():
        for low, high in _odd(spans):
            ends = [(place, low), (place, high)] if axis == 0 else [(low, place), (high, place)]
            chains.append(ends)
    joined = (_straightened(ring, seams) for ring in linked(chains))
    return (*whole, *(ring for ring in joined if has_inside(ring)))


def _seam(edge: Edge, seams: Sequence[tuple[int, float]]) -> tuple[int, float] | None:
    for axis, place in seams:
        if edge[0][axis] == place == edge[1][axis]:
            return axis, place
    return None


def _open(edges: Sequence[Edge], on_seam: Sequence[bool]) -> list[Chain]:
    """The chains of a ring between its edges on seams."""
    first = on_seam.index(True) + 1
    out: list[Chain] = []
    chain: Chain = []
    for number in range(first, first + len(edges)):
        edge = edges[number % len(edges)]
        if on_seam[number % len(edges)]:
            if chain:
                out.append(chain)
            chain = []
        elif chain:
            chain.append(edge[1])
        else:
            chain = [edge[0], edge[1]]
    return out


def _odd(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The stretches that an odd number of spans cover, each between two of their ends."""
    ends = sorted({end for span in spans for end in span})
    out = []
    for low, high in pairwise(ends):
        covering = sum(min(span) <= low and max(span) >= high for span in spans)
        if covering % 2:
            out.append((low, high))
    return out


def linked(chains: Sequence[Chain]) -> list[list[Point]]:
    """Chains linked at their ends, in which an even number of them meet, to rings."""
    at: dict[Point, list[int]] = {}
    for index, chain in enumerate(chains):
        at.setdefault(chain[0], []).append(index)
        at.setdefault(chain[-1], []).append(index)
    left = dict.fromkeys(range(len(chains)))
    out = []
    while left:
        index = next(iter(left))
        del left[index]
        ring = list(chains[index])
        while ring[-1] != ring[0]:
            index = next(i for i in at[ring[-1]] if i in left)
            del left[index]
            chain = chains[index]
            ring += chain[1:] if chain[0] == ring[-1] else chain[-2::-1]
        out += _simple(ring[:-1])
    return out


def _simple(points: Sequence[Point]) -> list[list[Point]]:
    """A ring as rings that pass each point once."""
    out: list[list[Point]] = []
    way: list[Point] = []
    place: dict[Point, int] = {}
    for point in points:
        if point in place:
            loop = way[place[point] :]
            out.append(loop)
            for passed in loop:
                del place[passed]
            del way[len(way) - len(loop) :]
        place[point] = len(way)
        way.append(point)
    return [*out, way]


def _straightened(points: Sequence[Point], seams: Sequence[tuple[int, float]]) -> Ring:
    """A ring without the points on lines that the cut has put between two others."""
    kept: list[Point] = []
    for index, point in enumerate(points):
        on_line = any(point[axis] == place for axis, place in seams)
        before = kept[-1] if kept else points[-1]
        if not (on_line and _between(before, point, points[(index + 1) % len(points)])):
            kept.append(point)
    return np.array(kept, dtype=np.float64).reshape(-1, 2)


def _between(before: Point, point: Point, after: Point) -> bool:
    """Whether a point lies on the way from one to another."""
    (ax, ay), (bx, by) = (
        (point[0] - before[0], point[1] - before[1]),
        (
            after[0] - point[0],
            after[1] - point[1],
        ),
    )
    size = max(abs(ax), abs(ay)) * max(abs(bx), abs(by))
    return abs(ax * by - ay * bx) <= _STRAIGHT * size and ax * bx + ay * by >= 0.0
