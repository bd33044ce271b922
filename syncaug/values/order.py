"""Whether one bound stays below another whatever the variables that both follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, TypeAlias

from syncaug.values.interval import Interval, Support, UnboundedError, hull
from syncaug.values.links import ExpressionLink, Link

__all__ = ["SLACK", "never_exceeds"]

SLACK = 1e-9
_HALVINGS = 10

_Bound: TypeAlias = float | Link | ExpressionLink
_Box: TypeAlias = dict[str, Support]


def never_exceeds(low: _Bound, high: _Bound, env: Mapping[str, Support]) -> bool:
    """Whether low <= high for all values of the variables within `env`.

    The box of the variables is halved until interval arithmetic decides. Where it has not decided
    after ten halvings, the bounds touch or nearly touch there, and the corners and the middle of
    that small box decide. A violation by one part in 1e9 is put down to rounding. False where the
    small box is still unbounded.
    """
    if isinstance(low, float) and isinstance(high, float):
        return low <= high
    if low == high:
        return True
    box = {name: env[name] for name in sorted(_variables(low) | _variables(high))}
    return _holds(low, high, box, _HALVINGS)


def _holds(low: _Bound, high: _Bound, box: _Box, halvings: int) -> bool:
    try:
        below, above = _range(low, box), _range(high, box)
    except UnboundedError:
        return False
    slack = _slack(min(abs(below.low), abs(below.high)))
    if below.high <= above.low + slack:
        return True
    if below.low > above.high + slack:
        return False
    if halvings:
        return all(_holds(low, high, half, halvings - 1) for half in _halves(box))
    return all(
        _at(low, point) <= _at(high, point) + _slack(abs(_at(low, point))) for point in _points(box)
    ) and all(side.is_finite for side in box.values() if isinstance(side, Interval))


def _slack(size: float) -> float:
    return SLACK * max(1.0, size)


def _variables(bound: _Bound) -> frozenset[str]:
    return bound.variables if isinstance(bound, (Link, ExpressionLink)) else frozenset()


def _range(bound: _Bound, box: _Box) -> Interval:
    if isinstance(bound, (Link, ExpressionLink)):
        return hull(bound.interval(box))
    return Interval(bound, bound)


def _at(bound: _Bound, point: Mapping[str, Any]) -> float:
    if isinstance(bound, (Link, ExpressionLink)):
        return float(bound.evaluate(point))
    return bound


def _points(box: _Box) -> Iterator[dict[str, Any]]:
    """The corners of a small box, its middle, and the middles of its sides."""
    sides = [
        (side.low, side.split()[0].high, side.high) if isinstance(side, Interval) else side
        for side in box.values()
    ]
    for point in product(*sides):
        yield dict(zip(box, point, strict=True))


def _halves(box: _Box) -> list[_Box]:
    """The box cut in two along its widest side; the box itself where it is a point."""
    if not box:
        return [box]
    name = max(box, key=lambda each: _width(box[each]))
    side = box[name]
    if isinstance(side, Interval):
        return [{**box, name: half} for half in side.split()] if side.low < side.high else [box]
    middle = len(side) // 2
    return [{**box, name: part} for part in (side[:middle], side[middle:]) if part]


def _width(side: Support) -> float:
    return side.high - side.low if isinstance(side, Interval) else float(len(side) - 1)
