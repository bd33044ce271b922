"""Conditions of a step: a stream that is there, what it holds, or a variable against a bound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from syncaug.policy.base import AsTuple, Checked, Model, each, is_number, shown, wrong

__all__ = ["Absent", "ContentTest", "Present", "VariableTest", "choose_condition"]

_SIGNS: Mapping[str, str] = {
    ">": "above",
    ">=": "above",
    "<": "below",
    "<=": "below",
    "==": "is",
    "=": "is",
    "!=": "not",
}
_TESTS = ("is", "not", "in", "above", "below")
_CONTENT = (*_TESTS, "has", "lacks", "mentions")
_KINDS_OF_WORDS = {"color": "colour", "colors": "colour", "colours": "colour"}
_KINDS_OF_WORDS |= {"directions": "direction", "side": "direction", "sides": "direction"}
"""Words that probably stand for a kind of words rather than for themselves."""
_CALLED = re.compile(r"\s*(present|absent)\s*\(\s*([^()]+?)\s*\)\s*")
_PYTHON = re.compile(
    r"\s*(not\s+|!\s*)?([A-Za-z_]\w*)\s*(?:(>=|<=|==|!=|>|<|=)\s*([^\s<>=!&|]+)\s*)?$"
)


class Present(Model):
    """A stream that this sample has."""

    what: ClassVar[str] = "a condition"
    present: str = Field(description="A stream that this sample must have.")


class Absent(Model):
    """A stream that this sample lacks."""

    what: ClassVar[str] = "a condition"
    absent: str = Field(description="A stream that this sample must lack.")


class VariableTest(Model):
    """A variable whose drawn value passes every test that is given."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [t]} for t in _TESTS]})
    what: ClassVar[str] = "a condition"
    others: ClassVar[str] = "keys/a condition"
    var: str = Field(description="A variable of `draw:`, or severity, progress, epoch.")
    equal: Any = Field(
        None, alias="is", description="The value that it must be; for a stream, the class."
    )
    unequal: Any = Field(None, alias="not", description="The value that it must not be.")
    among: Annotated[tuple[Any, ...], AsTuple] = Field(
        (), alias="in", min_length=1, description="The values of which it must be one."
    )
    above: float = Field(0.0, description="The bound that it must exceed.")
    below: float = Field(0.0, description="The bound that it must stay under.")


def _entry(raw: Any) -> Any:
    """What a stream may hold: a number, a text, true or false."""
    if isinstance(raw, str | bool | int) or is_number(raw):
        return raw
    raise wrong("SA203", f"{shown(raw)} is no class", expected="a name or a number")


def _entries(raw: Any) -> Any:
    if isinstance(raw, list) and raw:
        return each(_entry, raw)
    if isinstance(raw, list):
        raise wrong("SA203", "an empty list holds no class", expected="a name or a number")
    return _entry(raw)


def _words(raw: Any) -> Any:
    items = raw if isinstance(raw, list) and raw else [raw]
    expected = "colour, direction, a word, {word: WORD}, or a list of these"
    for item in items:
        word = item.get("word") if isinstance(item, Mapping) and len(item) == 1 else item
        if not isinstance(word, str) or not word.strip():
            raise wrong("SA203", f"{shown(item)} is nothing to mention", expected=expected)
        kind = _KINDS_OF_WORDS.get(word.lower()) if word is item else None
        if kind:
            hint = f"write {kind}, or {{word: {word}}} for the word itself"
            raise wrong("SA206", f"{word!r} is no kind of words", expected=expected, hint=hint)
    return raw


_ENTRY: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_ENTRIES = {"anyOf": [_ENTRY, {"type": "array", "items": _ENTRY, "minItems": 1}]}
_WORD = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {"word": {"type": "string", "minLength": 1}},
            "required": ["word"],
            "additionalProperties": False,
        },
    ]
}
_SAID = {"anyOf": [_WORD, {"type": "array", "items": _WORD, "minItems": 1}]}


class ContentTest(Model):
    """What a stream of this sample holds, as it comes, passes every test that is given.

    A sample that lacks the stream passes none.
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [t]} for t in _CONTENT]})
    what: ClassVar[str] = "a condition"
    others: ClassVar[str] = "keys/a condition"
    stream: str = Field(description="A stream whose content decides, as the sample brings it.")
    equal: Annotated[Any, Checked(_entry, _ENTRY)] = Field(
        None, alias="is", description="The class that a label must be."
    )
    unequal: Annotated[Any, Checked(_entries, _ENTRIES)] = Field(
        None, alias="not", description="The class that a label must not be; of a list, none."
    )
    among: Annotated[Any, Checked(_entries, _ENTRIES)] = Field(
        (), alias="in", description="The classes of which a label must be one."
    )
    above: float = Field(0.0, description="The bound that a label that is a number must exceed.")
    below: float = Field(
        0.0, description="The bound that a label that is a number must stay under."
    )
    has: Annotated[Any, Checked(_entries, _ENTRIES)] = Field(
        (),
        description="A class that must stand in the stream's labels:, among the pixels of a mask "
        "or the points of a cloud; of a list, one of them.",
    )
    lacks: Annotated[Any, Checked(_entries, _ENTRIES)] = Field(
        (), description="A class that must not stand there; of a list, none of them."
    )
    mentions: Annotated[Any, Checked(_words, _SAID)] = Field(
        (),
        description="What a text must speak of: colour (any word of colour), direction, or a word "
        "in the singular or plural; of a list, one of them. {word: colour} is the word itself.",
    )


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


_GIVEN = ("severity", "progress", "epoch")
"""Variables that every policy has, after which no stream is asked."""
_ANY = "write in: [A, B] or has: [A, B] in one condition, or a step for each"
_ALL = "write a list, of which all must hold: when: [CONDITION, CONDITION]"
_NOT = "write not: CLASS, lacks: CLASS or absent: STREAM in the condition itself"
_COMBINED = {"any": _ANY, "or": _ANY, "any_of": _ANY, "all": _ALL, "and": _ALL, "not": _NOT}
"""Words by which other languages combine conditions, and what to write."""


def choose_condition(raw: Any) -> type[Model]:
    """The model of a condition, by its keys."""
    expected = (
        "{present: STREAM}, {absent: STREAM}, {var: NAME, is: VALUE} or {stream: STREAM, is: CLASS}"
    )
    if not isinstance(raw, Mapping):
        raise wrong("SA203", f"{shown(raw)} is no condition", expected=expected, hint=_hint(raw))
    for key, model in (("present", Present), ("absent", Absent)):
        if key in raw:
            return model
    if "stream" in raw:
        if len(raw) == 1:
            tests = ", ".join(_CONTENT)
            raise wrong("SA202", "a condition on a stream needs a test", expected=f"one of {tests}")
        return ContentTest
    if len(raw) == 1 and isinstance(raw.get("not"), Mapping):
        raise wrong("SA203", "this is no condition", expected=expected, hint=_NOT)
    if "var" not in raw and any(test in raw for test in _CONTENT[len(_TESTS) :]):
        return ContentTest
    if "var" not in raw and not any(test in raw for test in _TESTS):
        hint = _content_hint(raw) if len(raw) == 1 else ""
        raise wrong("SA203", "this is no condition", expected=expected, hint=hint)
    if "var" in raw and len(raw) == 1:
        tests = ", ".join(_TESTS)
        raise wrong("SA202", "a condition on a variable needs a test", expected=f"one of {tests}")
    return VariableTest


def _content_hint(raw: Mapping[Any, Any]) -> str:
    """What to write for `{label: 1}`: a stream, or a variable, and what it should be."""
    ((name, value),) = raw.items()
    if str(name).lower() in _COMBINED:
        return _COMBINED[str(name).lower()]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        if not (isinstance(value, list) and value and all(map(_is_plain, value))):
            return ""
        named = ", ".join(map(str, value))
        return f"write {{stream: {name}, in: [{named}]}} for a label, has: [{named}] for boxes"
    if name in _GIVEN:
        return f"write {{var: {name}, above: {value}}}, or with below: or is:"
    return (
        f"write {{stream: {name}, is: {value}}} for a label, {{stream: {name}, has: {value}}} for "
        f"boxes or a mask, {{var: {name}, is: {value}}} for a variable"
    )


def _hint(raw: Any) -> str:
    """What to write for a condition that is written as in Python."""
    called = _CALLED.fullmatch(raw) if isinstance(raw, str) else None
    if called is not None:
        return f"write {{{called[1]}: {called[2]}}}"
    found = _PYTHON.match(raw) if isinstance(raw, str) else None
    if found is None:
        return ""
    no, name, sign, value = found.groups()
    if sign:
        excluded = ", which excludes the bound" if sign in ("<=", ">=") else ""
        said = f"{_SIGNS[sign]}: {value}}}"
        return f"write {{var: {name}, {said}{excluded}, or {{stream: {name}, {said} for a label"
    holds, there = ("false", "absent") if no else ("true", "present")
    return f"write {{var: {name}, is: {holds}}}, or {{{there}: {name}}} for a stream"
