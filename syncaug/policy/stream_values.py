"""Values of streams that are no plain number or word: fills, labels, classes, tilts, vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from syncaug.policy.base import AsTuple, Checked, as_name, is_number, named, shown, wrong
from syncaug.policy.other_names import meant
from syncaug.policy.suggest import suggest

__all__ = [
    "Classes",
    "DistinctNames",
    "Fill",
    "Labels",
    "Language",
    "Name",
    "Names",
    "OwnLexicon",
    "Rate",
    "RowsName",
    "Sensors",
    "Share",
    "SpaceName",
    "Tilted",
    "Vectors",
]


def _as_code(raw: str) -> str:
    """`EN` and `en_US` as codes of languages are written."""
    first, *others = raw.replace("_", "-").split("-")
    return "-".join((first.lower(), *others))


SpaceName = Annotated[
    str, named(r"^[A-Za-z_][A-Za-z0-9_.-]*$", "a name of letters, digits, _, - and .", as_name)
]
RowsName = Annotated[
    str, named(r"^[A-Za-z_][A-Za-z0-9_.-]*$", "a name of letters, digits, _, - and ., or none")
]
Language = Annotated[
    str,
    named(
        r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        "the code of a language in small letters, such as en, de, fr or pt-BR",
        lambda raw: meant("languages", raw, ("de", "en", "es", "fr", "zh")).name or _as_code(raw),
    ),
]
Name = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Name, ...], AsTuple, Field(min_length=1)]


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise wrong("SA203", f"{name!r} stands twice", expected="each name once", path=(place,))
    return names


DistinctNames = Annotated[
    Names, AfterValidator(_distinct), Field(json_schema_extra={"uniqueItems": True})
]
Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(gt=0)]


def _fill(raw: Any) -> Any:
    numbers = raw if isinstance(raw, list) and raw else [raw]
    if not all(isinstance(n, int | float) and not isinstance(n, bool) and n == n for n in numbers):
        raise wrong(
            "SA203", f"{shown(raw)} is no fill", expected="a number, or one for each channel"
        )
    return raw


def _classes(raw: Any) -> Any:
    if isinstance(raw, int) and not isinstance(raw, bool) and raw > 0:
        return raw
    if not (isinstance(raw, list) and raw and all(isinstance(name, str | int) for name in raw)):
        expected = "how many classes, or their names"
        message = f"{shown(raw)} does not fit"
        raise wrong("SA203", message, expected=expected, hint=_as_classes(raw))
    for place, name in enumerate(raw):
        if name in raw[:place]:
            raise wrong(
                "SA203", f"{name!r} stands twice", expected="each class once", path=(place,)
            )
    return raw


def _as_classes(raw: Any) -> str:
    """A hint for classes as a mapping to their numbers, or as a text; else empty."""
    if isinstance(raw, str):
        return f"write {raw}, without quotes" if raw.isdigit() else f"write [{raw}, ...]"
    if not isinstance(raw, Mapping) or not all(isinstance(name, str) for name in raw):
        return ""
    numbers = list(raw.values())
    if not all(isinstance(one, int) for one in numbers) or sorted(numbers) != [*range(len(raw))]:
        return ""
    order = sorted(raw, key=lambda name: raw[name])
    return f"write [{', '.join(order)}], in the order of their numbers" if raw else ""


def _labels(raw: Any) -> Any:
    names = raw if isinstance(raw, list) and raw else [raw]
    if all(isinstance(name, str) and name for name in names):
        return raw
    expected = "a key of the sample, or a list of keys"
    raise wrong("SA203", f"{shown(raw)} names no list of labels", expected=expected)


def _tilt(raw: Any) -> Any:
    rule: Any = raw.get("leave_below") if isinstance(raw, Mapping) and len(raw) == 1 else None
    if raw in ("refuse", "redraw") or (is_number(rule) and 0 <= rule <= 45):
        return raw
    expected = "refuse, redraw, or {leave_below: DEGREES} from 0 to 45"
    raise wrong("SA203", f"{shown(raw)} is no rule for tilted words", expected=expected)


def _lexicon(raw: Any) -> Any:
    if isinstance(raw, str) and raw:
        return raw
    from syncaug.words.layers import LexiconError, require_known_keys  # else not loaded

    try:
        require_known_keys(raw)
    except LexiconError as error:
        raise wrong(
            "SA203",
            f"{shown(raw)} is no lexicon: {error}",
            expected="the path of a YAML file, or its content",
        ) from None
    return raw


OwnLexicon = Annotated[
    str | dict[str, Any],
    Checked(_lexicon, {"anyOf": [{"type": "string", "minLength": 1}, {"type": "object"}]}),
]

Tilted = Annotated[
    str | dict[str, float],
    Checked(
        _tilt,
        {
            "anyOf": [
                {"enum": ["refuse", "redraw"]},
                {
                    "type": "object",
                    "properties": {"leave_below": {"type": "number", "minimum": 0, "maximum": 45}},
                    "required": ["leave_below"],
                    "additionalProperties": False,
                },
            ]
        },
    ),
]
Fill = Annotated[
    float | list[float],
    Checked(
        _fill,
        {
            "anyOf": [
                {"type": "number"},
                {"type": "array", "items": {"type": "number"}, "minItems": 1},
            ]
        },
    ),
]
Classes = Annotated[
    int | list[str],
    Checked(
        _classes,
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 1},
            ]
        },
    ),
]

Labels = Annotated[
    str | list[str],
    Checked(
        _labels,
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "array",
                    "items": {"type": "string", "minLength": 1},
                    "minItems": 1,
                    "uniqueItems": True,
                },
            ]
        },
    ),
]


def _vectors(kinds: Sequence[str]) -> Checked:
    """A mapping from kinds of vectors to the columns of one, or to several lists of them."""
    names = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
    expected = f"a mapping from {', '.join(kinds)} to lists of columns"

    def check(raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            raise wrong("SA203", f"{shown(raw)} declares no vectors", expected=expected)
        for kind, value in raw.items():
            if kind not in kinds:
                hint = suggest(str(kind), kinds)
                message = f"unknown kind of vector {kind!r}"
                raise wrong("SA201", message, expected=expected, hint=hint, path=(kind,), key=True)
            lists = value if isinstance(value, list) and _all(value, list) else [value]
            if not lists or not all(isinstance(v, list) and v and _all(v, str) for v in lists):
                message = f"{shown(value)} names no columns"
                raise wrong("SA203", message, expected="a list of columns", path=(kind,))
        return raw

    one = {"anyOf": [names, {"type": "array", "items": names, "minItems": 1}]}
    properties = dict.fromkeys(kinds, one)
    return Checked(
        check, {"type": "object", "properties": properties, "additionalProperties": False}
    )


def _all(values: list[Any], kind: type) -> bool:
    return all(isinstance(value, kind) for value in values)


Vectors = Annotated[
    dict[str, list[Any]],
    _vectors(("velocity", "acceleration", "normal", "offset", "position", "plain")),
]
Sensors = Annotated[
    dict[str, list[Any]], _vectors(("gyroscope", "accelerometer", "magnetometer", "plain"))
]
