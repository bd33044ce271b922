"""What to write where a value is of another type than expected, and it is plain what was meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from syncaug.lazy import pattern

__all__ = ["UNQUOTE", "as_expected", "for_data"]

UNQUOTE = "remove the quotes"
_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""Words that YAML 1.1 read as booleans, and YAML 1.2 does not."""


_LENGTHS = {"mm": "0.001", "cm": "0.01", "m": "1", "millimetres": "0.001", "metres": "1"}
"""Units of length, as metres."""
_RATES = pattern(r"([0-9.]+) *(k|khz|hz|fps)", re.IGNORECASE)
_TIMES = {"k": 1000.0, "khz": 1000.0, "hz": 1.0, "fps": 1.0}
"""What stands behind a rate -> its factor."""
_NUMBER = pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
"""A number of YAML 1.2."""


_FILLED_IN = pattern(r"\$\w+|\$?\{+[^{}]*\}+")
"""What shells, OmegaConf and Jinja fill in: `$SEED`, `${oc.env:SEED}`, `{{ seed }}`."""
_PLAIN = pattern(r"[\w.-]+")
"""What a list of YAML holds without quotes."""
_COMMA = pattern(r"([-+]?\d+),(\d+)")
_STEP_KEYS = frozenset({"name", "p", "when", "draw", "sync", "weight", "with", "description"})
_KINDS = frozenset({"uses", "apply", "one_of", "some_of"})
_LONG = 80
"""What is longer is not written out."""

_CLOUDS = {3: "[x, y, z]", 4: "[x, y, z, intensity]", 5: "[x, y, z, intensity, ring]"}
"""How many columns a cloud has -> what they are as a rule."""


def as_expected(raw: Any, expected: str, name: str = "") -> str:
    """A hint for a value that should be what `expected` says in words; empty where none is plain.

    `expected` begins as a problem's does: "a number", "a whole number", "true or false", "a list".
    `name` is the key at which it stands.
    """
    if name in _HABITS and (hint := _HABITS[name](raw)):
        return hint
    if isinstance(raw, str) and _FILLED_IN.fullmatch(raw.strip()):
        return "nothing is filled in here: write the value, or load the file with OmegaConf first"
    if expected.startswith(("a number", "a whole number")) and isinstance(raw, str):
        return _as_number(raw.strip())
    if expected.startswith("a whole number") and isinstance(raw, float) and raw.is_integer():
        return f"write {raw:.0f}"
    if expected.startswith("true or false") and isinstance(raw, str | int):
        word = str(raw).lower()
        meant = word if word in ("true", "false") else _BOOLEANS.get(word, "")
        return f"write {meant}" if meant else ""
    if expected.startswith("a list"):
        if isinstance(raw, Mapping):
            return "begin each entry with a dash" if raw else "write []"
        if isinstance(raw, str) and ("\n" in raw or raw.startswith(("[", "{", "- "))):
            return "this is a text: remove the quotes, or the | or > before it"
        if isinstance(raw, str):
            names = raw.replace(",", " ").split()
            plain = all(_PLAIN.fullmatch(one) for one in names)
            return f"write [{', '.join(names)}]" if plain else "name each entry in square brackets"
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            pair = expected.startswith("a list of 2 of")
            return f"write [{raw}, {raw}]" if pair else f"write [{raw}]"
    return ""


def for_data(hint: str) -> str:
    """A hint as it is for a policy that came as data, in which nothing stands in quotes."""
    if hint != UNQUOTE:
        return hint
    return "it is a text: give the value itself (in OmegaConf: ${oc.decode:${oc.env:NAME}})"


def _streams(raw: Any) -> str:
    """`sample: [image, boxes]` and `sample: image`."""
    names = raw if isinstance(raw, list) else [raw]
    if names and all(isinstance(one, str) for one in names):
        return f"write {{{', '.join(f'{one}: {one}' for one in names)}}}, NAME: MODALITY"
    return ""


def _seed(raw: Any) -> str:
    """`seed: $SEED`."""
    named = isinstance(raw, str) and "$" in raw
    return "a policy reads no environment: load_policy(..., seed=...)" if named else ""


def _curve(raw: Any) -> str:
    """`curve: {0: 1, 1: 3}`."""
    if not isinstance(raw, Mapping) or not raw:
        return ""
    return f"write [{', '.join(f'[{x}, {y}]' for x, y in raw.items())}]"


def _ratio(raw: Any) -> str:
    """`ratio: 16:9`."""
    sides = raw.split(":") if isinstance(raw, str) else ()
    numbers = len(sides) == 2 and all(_NUMBER.fullmatch(side.strip()) for side in sides)
    return _as_number("/".join(sides)) if numbers else ""


def _list_of_steps(raw: Any) -> str:
    """`steps: {flip: {p: 0.5}}`."""
    if not isinstance(raw, Mapping):
        return _steps(raw)
    from syncaug.policy.step_slips import meant_step, shown_step  # which asks the catalogue

    made = [
        {"name": name, **inner}
        if isinstance(inner, Mapping) and not _KINDS.isdisjoint(inner)
        else meant_step({name: inner}, _STEP_KEYS)[0]
        for name, inner in raw.items()
    ]
    written = ", ".join(shown_step(step) for step in made if step)
    return f"write [{written}]" if made and all(made) and len(written) <= _LONG else ""


def _list_of_checks(raw: Any) -> str:
    """`checks: {boxes_visible: {min_area: 0.3}}`."""
    if not isinstance(raw, Mapping) or not all(isinstance(one, Mapping) for one in raw.values()):
        return ""
    from syncaug.policy.step_slips import shown_step

    written = shown_step(raw)[1:-1]
    return f"write [{written}]" if 0 < len(written) <= _LONG else ""


def _columns(raw: Any) -> str:
    """`columns: 4` and `columns: xyzi`."""
    count = raw if isinstance(raw, int) else len(raw) if isinstance(raw, str) else 0
    return f"name each of them, such as {_CLOUDS[count]}" if count in _CLOUDS else ""


def _parameters(raw: Any) -> str:
    """`with: 10` and `with: [{degrees: 5}]`."""
    if isinstance(raw, list) and raw and all(isinstance(one, Mapping) for one in raw):
        return "write the parameters without dashes"
    plain = isinstance(raw, int | float) and not isinstance(raw, bool)
    return f"write {{PARAMETER: {raw}}}" if plain else ""


def _jitter(raw: Any) -> str:
    """`jitter: 0.5`."""
    plain = isinstance(raw, int | float) and not isinstance(raw, bool)
    return f"write {{STREAM.PARAMETER: {raw}}}" if plain else ""


def _steps(raw: Any) -> str:
    """`steps: flip`."""
    from syncaug.policy.step_slips import meant_step, shown_step  # which asks the catalogue

    step = meant_step(raw, _STEP_KEYS)[0] if isinstance(raw, str) and raw.isidentifier() else None
    return f"write [{shown_step(step)}]" if step else ""


_HABITS: Mapping[str, Callable[[Any], str]] = {
    "sample": _streams,
    "columns": _columns,
    "with": _parameters,
    "jitter": _jitter,
    "steps": _list_of_steps,
    "one_of": _list_of_steps,
    "some_of": _list_of_steps,
    "checks": _list_of_checks,
    "seed": _seed,
    "curve": _curve,
    "ratio": _ratio,
}
"""Key -> a hint for what people write there in another form; empty for what is none of them."""


def _as_number(word: str) -> str:
    """How a text becomes the number that it says: a number of YAML can only have been quoted."""
    if _NUMBER.fullmatch(word):
        return UNQUOTE
    if word.lower() in _LENGTHS:
        return f"write {_LENGTHS[word.lower()]}"
    if comma := _COMMA.fullmatch(word):
        return f"write {comma[1]}.{comma[2]}, with a point"
    if word.endswith("%") and _NUMBER.fullmatch(word[:-1].strip()):
        return f"write {float(word[:-1]) / 100:g}"
    above, slash, below = word.partition("/")
    try:
        if rate := _RATES.fullmatch(word):
            return f"write {float(rate[1]) * _TIMES[rate[2].lower()]:g}"
        if slash and float(below):
            return f"write {float(above) / float(below):.9g}"
        number = float(word.replace("\N{MINUS SIGN}", "-"))  # takes 1_000, and other digits
    except ValueError:
        return ""
    return f"write {number:.17g}" if math.isfinite(number) else ""
