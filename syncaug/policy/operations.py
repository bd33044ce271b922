"""Steps by operations: one library call on one stream, or several."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field

from syncaug.policy.base import Checked, Model, each, fit, ref, shown, wrong
from syncaug.policy.step_slips import shown_step
from syncaug.policy.step_values import StreamName
from syncaug.policy.steps import Step
from syncaug.policy.suggest import guess

__all__ = ["Operation", "OperationsStep"]


class Operation(Model):
    """One library call on one stream; its parameters stand beside `op`."""

    model_config = ConfigDict(extra="allow")
    what: ClassVar[str] = "an operation"
    op: str = Field(min_length=1, description="The operation: library.Name.")


_BARE = ("follow", "keep")
"""What a stream may say instead of an operation."""


def _call(raw: Any) -> Any:
    if isinstance(raw, Mapping):
        for key in raw if "op" not in raw else ():
            near = guess(key, ("op",), "keys/an operation")
            if near.name:
                message = f"unknown key {str(key)!r}"
                raise wrong("SA201", message, hint=near.hint, path=(key,), key=True, meant="op")
        _named_by_key(raw)
        return fit(Operation, raw)
    hint = ""
    meant: Any = None
    if isinstance(raw, str):
        near = guess(raw, _BARE)
        hint, meant = near.hint, near.name or None
        if "." in raw:
            hint, meant = f"write {{op: {raw}}}", {"op": raw}
        hint = f"{raw} stands alone, without a list" if raw in _BARE else hint
    expected = "{op: library.Name, ...}, a list of them, follow or keep"
    message = f"{shown(raw)} is no operation"
    raise wrong("SA203", message, expected=expected, hint=hint, meant=meant)


def _named_by_key(raw: Mapping[str, Any]) -> None:
    """Complain of an operation whose name is a key: `{albumentations.Blur: {blur_limit: 3}}`."""
    name = next(iter(raw), None)
    if len(raw) != 1 or not isinstance(name, str) or not re.match(r"\w+\.\w", name):
        return
    inner = raw[name]
    meant = {"op": name, **inner} if isinstance(inner, Mapping) else {"op": name}
    raise wrong(
        "SA202",
        "an operation needs 'op'",
        expected="the operation: library.Name",
        hint=f"write {shown_step(meant)}",
        path=(name,),
        key=True,
        meant=None,
    )


def _calls(raw: Any) -> Any:
    if raw in _BARE:
        return raw
    if isinstance(raw, list) and raw:
        return each(_call, raw)
    return _call(raw)


_CALL = ref("operation")
Calls = Annotated[
    Any,
    Checked(
        _calls,
        {
            "anyOf": [
                _CALL,
                {"type": "array", "items": _CALL, "minItems": 1},
                {"const": "follow", "description": "Carried along by the step's operation."},
                {"const": "keep", "description": "Stays as it is, whatever the step changes."},
            ]
        },
    ),
]


def _by_stream(raw: Any) -> Any:
    """Complain of an operation that stands where streams are named."""
    inner = raw
    if isinstance(raw, Mapping):
        inner = raw.get("op")
        meant: Any = raw
    else:
        meant = {"op": raw}
    if isinstance(inner, str) and "." in inner:
        raise wrong(
            "SA203",
            f"{inner!r} stands in the place of a stream",
            expected="a mapping from streams to operations",
            hint=f"write apply: {shown_step({'STREAM': meant})}",
        )
    return raw


class OperationsStep(Step):
    """A step by operations of the user's own choice, tied together by its variables."""

    apply: Annotated[dict[StreamName, Calls], BeforeValidator(_by_stream)] = Field(
        min_length=1, description="Stream -> its operation, a list of them, follow or keep."
    )
