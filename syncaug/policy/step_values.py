"""Values of steps: names, chances, how far streams share a draw, and counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from syncaug.policy.base import (
    Checked,
    Model,
    as_name,
    fit,
    is_number,
    model_of,
    named,
    ref,
    shown,
    wrong,
)
from syncaug.policy.draws import Distribution, choose_distribution, is_distribution
from syncaug.policy.links import choose_link, is_link
from syncaug.policy.slips import as_expected
from syncaug.policy.suggest import Guess, guess

__all__ = [
    "Chance",
    "Count",
    "Draw",
    "Jitter",
    "StepName",
    "StreamName",
    "Sync",
    "VariableName",
    "Weight",
    "WordSync",
]

StepName = Annotated[
    str, named(r"^[A-Za-z_][A-Za-z0-9_-]*$", "a name of letters, digits, _ and -", as_name)
]
VariableName = Annotated[
    str, named(r"^[A-Za-z_][A-Za-z0-9_]*$", "a name of letters, digits and _", as_name)
]
StreamName = Annotated[
    str,
    named(
        r"^(?!\*$)[^\s/]([^/\x00-\x1f]*[^\s/])?$",
        "a name without / and without blanks around it, and not *",
    ),
]
Draw = dict[VariableName, Annotated[Distribution, model_of(choose_distribution, "distribution")]]
Weight = Annotated[float, Field(ge=0)]


# Chance, and how far streams share a draw -------------------------------------------------------


def _chance(raw: Any) -> Any:
    if is_number(raw) and 0 <= raw <= 1:
        return raw
    if is_link(raw):
        return fit(choose_link(raw), raw)
    code = "SA204" if is_number(raw) else "SA203"
    expected = "a number from 0 to 1, or a link"
    hint = f"for percent write {raw / 100:g}" if is_number(raw) and 5 <= raw <= 100 else ""
    hint = hint or as_expected(raw, expected) or _as_chance(raw)
    raise wrong(code, f"{shown(raw)} is no probability", expected=expected, hint=hint)


def _as_chance(raw: Any) -> str:
    """A hint for a chance that is said in a word or in percent; else empty."""
    word = str(raw).strip().lower()
    if isinstance(raw, list) or is_distribution(raw):
        return "write one number, or draw a variable under draw: and write {from: NAME}"
    if word in ("no", "off", "never", "false"):
        return "write 0, or take the step out"
    if word in ("yes", "on", "always", "true"):
        return "write 1, or take p: out"
    percent = word.removesuffix("%").strip()
    if percent != word and percent.replace(".", "", 1).isdigit() and float(percent) <= 100:
        return f"write {float(percent) / 100:g}"
    return ""


Chance = Annotated[
    float,
    Checked(
        _chance,
        {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, ref("link")]},
    ),
]


class Jitter(Model):
    """A controlled desynchronisation."""

    what: ClassVar[str] = "sync"
    jitter: dict[str, Weight] = Field(
        description="stream.parameter -> how far it may stray from the shared draw."
    )


def _sync(raw: Any) -> Any:
    if isinstance(raw, Mapping):
        return fit(Jitter, raw)
    return _sync_word(raw)


def _sync_word(raw: Any) -> Any:
    words = ("strict", "independent")
    if raw in words:
        return raw
    word = str(raw).lower()  # false too
    near = guess(word, words, "words/sync") if isinstance(raw, str | bool) else Guess()
    expected = "strict, independent or {jitter: ...}"
    message = f"{shown(raw)} does not fit 'sync'"
    raise wrong("SA205", message, expected=expected, hint=near.hint, meant=near.name or None)


_SYNC_WORDS = {"type": "string", "enum": ["strict", "independent"]}
Sync = Annotated[str | Jitter, Checked(_sync, {"anyOf": [_SYNC_WORDS, ref("jitter")]})]
WordSync = Annotated[str, Checked(_sync_word, _SYNC_WORDS)]


# How many ---------------------------------------------------------------------------------------


def _count(raw: Any) -> Any:
    if is_link(raw):
        return fit(choose_link(raw), raw)
    if is_distribution(raw):
        return fit(choose_distribution(raw), raw)
    numbers = raw if isinstance(raw, list) and len(raw) == 2 else [raw]
    if all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in numbers):
        return raw
    expected = "a whole number, [low, high], or a distribution"
    raise wrong("SA203", f"{shown(raw)} does not fit 'count'", expected=expected)


_WHOLE = {"type": "integer", "minimum": 0}
Count = Annotated[
    Any,
    Checked(
        _count,
        {
            "anyOf": [
                _WHOLE,
                {"type": "array", "items": _WHOLE, "minItems": 2, "maxItems": 2},
                ref("distribution"),
                ref("link"),
            ]
        },
    ),
]
