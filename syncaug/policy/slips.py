"""What to write where a value is of another type than expected, and it is plain what was meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["as_expected"]

_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""Words that YAML 1.1 read as booleans, and YAML 1.2 does not."""


_LENGTHS = {"mm": "0.001", "cm": "0.01", "m": "1", "millimetres": "0.001", "metres": "1"}
"""Units of length, as metres."""
_RATES = re.compile(r"([0-9.]+) *(k|khz|hz|fps)", re.IGNORECASE)
_TIMES = {"k": 1000.0, "khz": 1000.0, "hz": 1.0, "fps": 1.0}
"""What stands behind a rate -> its factor."""
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
"""A number of YAML 1.2."""


_CLOUDS = {3: "[x, y, z]", 4: "[x, y, z, intensity]", 5: "[x, y, z, intensity, ring]"}
"""How many columns a cloud has -> what they are as a rule."""


def as_expected(raw: Any, expected: str, name: str = "") -> str:
    """A hint for a value that should be what `expected` says in words; empty where none is plain.

    `expected` begins as a problem's does: "a number", "a whole number", "true or false", "a list".
    `name` is the key at which it stands.
    """
    if name in _HABITS and (hint := _HABITS[name](raw)):
        return hint
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
        if isinstance(raw, str):
            return f"write [{', '.join(raw.replace(',', ' ').split())}]"
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            pair = expected.startswith("a list of 2 of")
            return f"write [{raw}, {raw}]" if pair else f"write [{raw}]"
    return ""


def _streams(raw: Any) -> str:
    """`sample: [image, boxes]` and `sample: image`."""
    names = raw if isinstance(raw, list) else [raw]
    if names and all(isinstance(one, str) for one in names):
        return f"write {{{', '.join(f'{one}: {one}' for one in names)}}}, NAME: MODALITY"
    return ""


def _columns(raw: Any) -> str:
    """`columns: 4` and `columns: xyzi`."""
    count = raw if isinstance(raw, int) else len(raw) if isinstance(raw, str) else 0
    return f"name each of them, such as {_CLOUDS[count]}" if count in _CLOUDS else ""


def _parameters(raw: Any) -> str:
    """`with: 10`."""
    plain = isinstance(raw, int | float) and not isinstance(raw, bool)
    return f"write {{PARAMETER: {raw}}}" if plain else ""


def _jitter(raw: Any) -> str:
    """`jitter: 0.5`."""
    plain = isinstance(raw, int | float) and not isinstance(raw, bool)
    return f"write {{STREAM.PARAMETER: {raw}}}" if plain else ""


def _steps(raw: Any) -> str:
    """`steps: flip`."""
    plain = isinstance(raw, str) and raw.isidentifier()
    return f"write [{{name: {raw}, uses: {raw}}}]" if plain else ""


_HABITS: Mapping[str, Callable[[Any], str]] = {
    "sample": _streams,
    "columns": _columns,
    "with": _parameters,
    "jitter": _jitter,
    "steps": _steps,
    "one_of": _steps,
}
"""Key -> a hint for what people write there in another form; empty for what is none of them."""


def _as_number(word: str) -> str:
    """How a text becomes the number that it says: a number of YAML can only have been quoted."""
    if _NUMBER.fullmatch(word):
        return "remove the quotes"
    if word.lower() in _LENGTHS:
        return f"write {_LENGTHS[word.lower()]}"
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
