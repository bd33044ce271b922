"""What must hold for a step: one condition, or a list of them."""

from __future__ import annotations

from typing import Annotated, Any

from syncaug.policy.base import Checked, each, fit, ref

__all__ = ["When"]


def _when(raw: Any) -> Any:
    from syncaug.policy.conditions import choose_condition  # most policies have no condition

    def one(item: Any) -> Any:
        return fit(choose_condition(item), item)

    if isinstance(raw, list) and raw:
        return each(one, raw)
    return one(raw)


_ONE = ref("condition")
When = Annotated[
    Any, Checked(_when, {"anyOf": [_ONE, {"type": "array", "items": _ONE, "minItems": 1}]})
]
