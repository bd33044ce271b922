"""What the models of a policy share: strictness, and one problem for one mistake.

A union is never tried member by member: a function looks at the data and picks the one model that
was meant, so that a wrong value gives one problem and its place holds no tags. Models are built
when a policy first uses them, because building all would take longer than reading a policy.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar
from unicodedata import combining, normalize

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from syncaug.policy.suggest import foreign

__all__ = [
    "ELSEWHERE",
    "AsTuple",
    "Checked",
    "Model",
    "Path",
    "as_name",
    "each",
    "fit",
    "is_number",
    "model_of",
    "named",
    "quote",
    "ref",
    "shown",
    "wrong",
]

Path = tuple[str | int, ...]

ELSEWHERE = "https://syncaug.invalid/definitions/"
"""Stands before the names of definitions, which pydantic would otherwise look for in one model."""


class Model(BaseModel):
    """Data of the policy language: frozen, no unknown keys, no conversions."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, defer_build=True, allow_inf_nan=False
    )
    what: ClassVar[str] = "the policy"
    example: ClassVar[str] = ""
    """How one is written, for the hint where something else stands in its place."""
    others: ClassVar[str] = ""
    """The table of other libraries' names for its keys; see `other_names`."""

    @classmethod
    def keys(cls) -> dict[str, str]:
        """The keys that a user may write, each with its description."""
        return {
            field.alias or name: field.description or "" for name, field in cls.model_fields.items()
        }

    @classmethod
    def elsewhere(cls, key: str) -> str:
        """Where a key that is unknown here belongs, as a hint; empty if nowhere."""
        return ""


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
    meant: Any = None,
    lacks: str = "",
) -> PydanticCustomError:
    """A problem as an error to raise in a validator; `path` leads from the value to the mistake.

    `meant` is what probably should stand there, with which the search for mistakes goes on, and
    `lacks` the key that the mapping there needs.
    """
    details = {"expected": expected, "hint": hint, "path": path, "key": key}
    details |= {"code": code, "message": message, "meant": meant, "lacks": lacks}
    return PydanticCustomError("problem", "{message}", details)


def fit(model: type[Model], raw: Any) -> Any:
    """`raw` as that model; its problems are raised together, to be placed by `located`."""
    if not isinstance(raw, Mapping):
        hint = f"write {model.example}" if model.example else ""
        expected = f"a mapping ({model.what})"
        raise wrong("SA203", f"{shown(raw)} does not fit", expected=expected, hint=hint)
    if not model.__pydantic_complete__:
        with _no_plugins():
            model.model_rebuild()
    try:
        made = model.model_validate(raw)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    else:
        errors = []
    keys = model.keys()
    empty = [key for key, value in raw.items() if value is None and key in keys]
    if errors or empty:
        details = {"errors": errors, "model": model, "empty": empty}
        raise PydanticCustomError("nested", "problems inside", details)
    return made


_LOADER = "pydantic.plugin._loader"
_NOTHING_FOUND = ModuleType(_LOADER)
"""Stands for the module by which pydantic finds its plugins, and finds none."""
_NOTHING_FOUND.get_plugins = tuple  # type: ignore[attr-defined]


@contextmanager
def _no_plugins() -> Iterator[None]:
    """Build models without pydantic's plugins.

    Finding them reads the metadata of all packages, and what pydantic imports for it is a tenth of
    a short command, even where the environment says that there are none.
    """
    known = sys.modules.get(_LOADER)
    if known is _NOTHING_FOUND:
        yield
        return
    sys.modules[_LOADER] = _NOTHING_FOUND
    try:
        yield
    finally:
        sys.modules.pop(_LOADER, None)
        if known is not None:
            sys.modules[_LOADER] = known


@dataclass(frozen=True, slots=True)
class Checked:
    """An annotation: validate by a function of the raw value, described by a JSON Schema."""

    check: Callable[[Any], Any]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return dict(self.schema)


def ref(definition: str) -> dict[str, Any]:
    """The schema that stands under `definitions` by that name."""
    return {"$ref": ELSEWHERE + definition}


def model_of(choose: Callable[[Any], type[Model]], definition: str) -> Checked:
    """An annotation: validate as the model that `choose` picks; `definition` names its schema."""
    return Checked(lambda raw: fit(choose(raw), raw), ref(definition))


def named(pattern: str, expected: str, meant: Callable[[str], str] = lambda raw: "") -> Checked:
    """An annotation: a text that matches a pattern, described in words.

    `meant` tells what a text that does not match was meant as, empty where nothing does.
    """
    matches = re.compile(pattern).search

    def check(raw: Any) -> str:
        if not isinstance(raw, str):
            message = f"{shown(raw)} cannot be a name"
            raise wrong("SA203", message, expected=expected, hint=quote(raw))
        if not matches(raw):
            near = meant(raw)
            hint = f"write {near}" if near and matches(near) else foreign(raw)
            raise wrong("SA206", f"{shown(raw)} cannot be a name", expected=expected, hint=hint)
        return raw

    return Checked(check, {"type": "string", "pattern": pattern})


def as_name(raw: str) -> str:
    """A text as a name: letters without accents, and _ for all that none may hold."""
    bare = "".join(one for one in normalize("NFKD", raw) if not combining(one))
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", bare).strip("_")
    return f"_{plain}" if plain[:1].isdigit() else plain


def is_number(raw: Any) -> bool:
    """Whether a value is a number; NaN is none, nor are true and false."""
    return isinstance(raw, int | float) and not isinstance(raw, bool) and raw == raw


def each(check: Callable[[Any], Any], raw: list[Any]) -> list[Any]:
    """Check every item of a list; the problems of all are raised together, each at its index."""
    made: list[Any] = []
    errors: list[dict[str, Any]] = []
    for index, item in enumerate(raw):
        try:
            made.append(check(item))
        except PydanticCustomError as error:
            context = error.context or {}
            errors.append({"type": error.type, "loc": (index,), "ctx": context, "input": item})
    if errors:
        raise PydanticCustomError("several", "problems inside", {"errors": errors})
    return made


def quote(raw: Any) -> str:
    """What to do where a text was expected and this came."""
    return "put it in quotes" if raw is None or isinstance(raw, int | float) else ""


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
