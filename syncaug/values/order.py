"""Whether one bound stays below another whatever the variables that both follow."""

from __future__ import annotations

from collections.abc import Mapping

from syncaug.values.interval import Interval, Support, UnboundedError, hull
from syncaug.values.links import ExpressionLink, Link

__all__ = ["SLACK", "never_exceeds"]

_BOXES = 4000
SLACK = 1e-9


def never_exceeds(
    low: float | Link | ExpressionLink,
    high: float | Link | ExpressionLink,
    env: Mapping[str, Support],
) -> bool:
    """Whether low <= high for all values of the variables within `env`.

    Proved by halving the box of the variables until interval arithmetic tells; low may exceed
    high by one part in 1e9, which rounding does. False also where the proof takes too long, as it
    does for two bounds that touch inside an unbounded range.
    """
    if isinstance(low, float) and isinstance(high, float):
        return low <= high
    names = sorted(_variables(low) | _variables(high))
    boxes = [{name: env[name] for name in names}]
    for _ in range(_BOXES):
        if not boxes:
            return True
        box = boxes.pop()
        try:
            below, above = _bounds(low, box), _bounds(high, box)
        except UnboundedError:
            return False
        slack = SLACK * max(1.0, min(abs(below.low), abs(below.high)))
        if below.high <= above.low + slack:
            continue
        if below.low > above.high + slack or not names:
            return False
        halves = _halves(box)
        if not halves:
            return False
        boxes += halves
    return False


def _variables(bound: float | Link | ExpressionLink) -> frozenset[str]:
    return bound.variables if isinstance(bound, (Link, ExpressionLink)) else frozenset()


def _bounds(bound: float | Link | ExpressionLink, box: Mapping[str, Support]) -> Interval:
    if isinstance(bound, (Link, ExpressionLink)):
        return hull(bound.interval(box))
    return Interval.point(bound)


def _halves(box: dict[str, Support]) -> list[dict[str, Support]]:
    """The box cut in two along its widest side; empty where it is a point."""
    name = max(box, key=lambda each: _width(box[each]))
    side = box[name]
    if _width(side) == 0.0:
        return []
    if isinstance(side, Interval):
        return [{**box, name: half} for half in side.split()]
    middle = len(side) // 2
    return [{**box, name: side[:middle]}, {**box, name: side[middle:]}]


def _width(side: Support) -> float:
    return side.high - side.low if isinstance(side, Interval) else float(len(side) - 1)
