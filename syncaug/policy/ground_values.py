"""Values of maps on the ground: the axes of their rows and columns, their extent and origin."""

from __future__ import annotations

from typing import Annotated, Any

from syncaug.policy.base import Checked, is_number, shown, wrong

__all__ = ["Extent", "GridAxes", "GridOrigin"]

_SIGNED = ("x", "-x", "y", "-y", "z", "-z")


def _axes(raw: Any) -> Any:
    if isinstance(raw, list) and len(raw) == 2 and all(axis in _SIGNED for axis in raw):
        return raw
    expected = "the axis of rows and that of columns, such as [-x, -y]"
    raise wrong("SA203", f"{shown(raw)} names no two axes", expected=expected)


def _numbers(raw: Any, *counts: int) -> bool:
    return isinstance(raw, list) and len(raw) in counts and all(map(is_number, raw))


def _extent(raw: Any) -> Any:
    if _numbers(raw, 4, 6):
        return raw
    expected = "[least x, least y, most x, most y], or six numbers with z, in metres"
    raise wrong("SA203", f"{shown(raw)} is no range", expected=expected)


def _origin(raw: Any) -> Any:
    if raw == "centre" or _numbers(raw, 2):
        return raw
    expected = "centre, or the place [x, y] of the first cell's outer corner in metres"
    raise wrong("SA203", f"{shown(raw)} is no origin", expected=expected)


def _list(low: int, high: int, item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": low, "maxItems": high}


_NUMBER = {"type": "number"}
GridAxes = Annotated[list[str], Checked(_axes, _list(2, 2, {"enum": list(_SIGNED)}))]
Extent = Annotated[
    list[float], Checked(_extent, {"anyOf": [_list(4, 4, _NUMBER), _list(6, 6, _NUMBER)]})
]
GridOrigin = Annotated[
    str | list[float],
    Checked(_origin, {"anyOf": [{"enum": ["centre"]}, _list(2, 2, _NUMBER)]}),
]
