"""The option `sides:`: what a mirror makes of names and numbers that mean left or right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from syncaug.policy.base import Checked, shown, wrong

__all__ = ["NamedSides", "NumberedSides", "Sides"]

_PAIRS = {
    "type": "object",
    "properties": {
        "swap": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "array",
                "items": {"type": ["integer", "string"]},
                "minItems": 2,
                "maxItems": 2,
            },
        }
    },
    "required": ["swap"],
    "additionalProperties": False,
}


def _pairs(raw: Any, expected: str) -> Any:
    """Pairs that trade places; each value stands in one of them."""
    pairs = raw.get("swap") if isinstance(raw, Mapping) and len(raw) == 1 else None
    if not isinstance(pairs, list) or not pairs:
        raise wrong("SA203", f"{shown(raw)} is no rule for sides", expected=expected)
    seen: set[str | int] = set()
    for index, pair in enumerate(pairs):
        known = isinstance(pair, list) and len(pair) == 2
        if not known or not all(isinstance(v, str | int) and not isinstance(v, bool) for v in pair):
            raise wrong(
                "SA203",
                f"{shown(pair)} is no pair of sides",
                expected="two names or two numbers",
                path=("swap", index),
            )
        for value in pair:
            if value in seen:
                raise wrong(
                    "SA203",
                    f"{value!r} stands twice",
                    expected="each name or number in one pair",
                    path=("swap", index),
                )
            seen.add(value)
    return raw


def _sides(raw: Any) -> Any:
    expected = "swap, keep, or {swap: [[ONE, OTHER], ...]}"
    return raw if raw in ("swap", "keep") else _pairs(raw, expected)


def _numbered(raw: Any) -> Any:
    expected = "keep, or {swap: [[ONE, OTHER], ...]}: numbers do not name their sides"
    return raw if raw == "keep" else _pairs(raw, expected)


def _named(raw: Any) -> Any:
    if raw in ("swap", "keep"):
        return raw
    raise wrong("SA203", f"{shown(raw)} is no rule for sides", expected="swap or keep")


Sides = Annotated[
    str | dict[str, Any], Checked(_sides, {"anyOf": [{"enum": ["swap", "keep"]}, _PAIRS]})
]
"""By name, by declared pairs, or not at all."""
NumberedSides = Annotated[
    str | dict[str, Any], Checked(_numbered, {"anyOf": [{"enum": ["keep"]}, _PAIRS]})
]
"""Of what has no names: by declared pairs, or not at all."""
NamedSides = Annotated[str, Checked(_named, {"enum": ["swap", "keep"]})]
"""By name, or not at all."""
