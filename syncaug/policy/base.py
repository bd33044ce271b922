"""What the models of a policy share: strictness, and one problem for one mistake.

A union is never tried member by member: a function looks at the data and picks the one model that
was meant, so that a wrong value gives one problem and its place holds no tags. Models are built when
a policy first uses them, because building all would take longer than reading a policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

__all__ = ["AsTuple", "Checked", "Model", "Path", "fit", "model_of", "named", "shown", "wrong"]

Path = tuple[str | int, ...]


class Model(BaseModel):
    """Data of the policy language: frozen, no unknown keys, no conversions."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, defer_build=True, allow_inf_nan=False
    )
    what: ClassVar[str] = "the policy"

    @classmethod
    def keys(cls) -> dict[str, str]:
        """The keys that a user may write, each with its description."""
        return {
            field.alias or name: field.description or "" for name, field in cls.model_fields.items()
        }


AsTuple = Field(strict=False)
"""Lets a list of the data become a tuple, while what is in it stays strict."""


def wrong(
    code: str,
    message: str,
    *,
    expected: str = "",
    hint: str = "",
    path: Path = (),
    key: bool = False,
) -> PydanticCustomError:
    """A problem as an error to raise in a validator; `path` leads from the value to the mistake."""
    details = {"expected": expected, "hint": hint, "path": path, "key": key}
    return PydanticCustomError(
        "problem", "{message}", {"code": code, "message": message, **details}
    )


def fit(model: type[Model], raw: Any) -> Any:
    """`raw` as that model; its problems are raised together, to be placed by `located`."""
    if not isinstance(raw, Mapping):
        raise wrong("SA203", f"{shown(raw)} does not fit", expected=f"a mapping ({model.what})")
    try:
        made = model.model_validate(raw)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    else:
        errors = []
    empty = [key for key, value in raw.items() if value is None and key in model.keys()]
    if errors or empty:
        details = {"errors": errors, "model": model, "empty": empty}
        raise PydanticCustomError("nested", "problems inside", details)
    return made


@dataclass(frozen=True, slots=True)
class Checked:
    """An annotation: validate by a function of the raw value, described by a JSON Schema."""

    check: Callable[[Any], Any]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return dict(self.schema)


def model_of(choose: Callable[[Any], type[Model]], definition: str) -> Checked:
    """An annotation: validate as the model that `choose` picks; `definition` names its schema."""
    return Checked(lambda raw: fit(choose(raw), raw), {"$ref": f"#/definitions/{definition}"})


def named(pattern: str, expected: str) -> Checked:
    """An annotation: a text that matches a pattern, described in words."""
    matches = re.compile(pattern).search

    def check(raw: Any) -> str:
        if not isinstance(raw, str):
            raise wrong("SA203", f"{shown(raw)} cannot be a name", expected=expected)
        if not matches(raw):
            raise wrong("SA206", f"{shown(raw)} cannot be a name", expected=expected)
        return raw

    return Checked(check, {"type": "string", "pattern": pattern})


def shown(raw: Any) -> str:
    """A value of the policy in a few words."""
    if raw is None:
        return "nothing"
    if isinstance(raw, Mapping):
        return "a mapping"
    if isinstance(raw, list):
        return "a list" if raw else "an empty list"
    if isinstance(raw, bool):
        return str(raw).lower()
    text = repr(raw)
    return text if len(text) <= 40 else f"{text[:37]}..."
