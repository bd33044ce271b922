"""Values in another unit than their parameter's: percent, pixels, radians, factors."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from syncaug.compiler.parameters.domain import Domain, expected

__all__ = ["as_number", "described", "doubtful", "out_of_range"]

_FILE = Path(__file__).parents[2] / "catalogue" / "units.yaml"
_SIDES_OF: Mapping[str, str] = {"x": "width", "y": "height"}
_MEASURED = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*([A-Za-z%°]+)\s*")
"""A number with its unit, as people write it."""
_PAIR = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*")
"""Two numbers without a comma between them, which YAML reads as a text."""
_CLOCK = re.compile(r"(?:\d+:)?\d+:\d+(?:\.\d+)?")
"""Minutes and seconds, or hours too, as a clock shows them."""
_SUFFIXES: Mapping[tuple[str, str], float] = {
    **{(unit, word): 1.0 for unit in ("seconds", "time") for word in ("s", "sec", "seconds")},
    **{(unit, "ms"): 0.001 for unit in ("seconds", "time")},
    **{("degrees", word): 1.0 for word in ("deg", "degrees", "°")},
    **{("metres", word): 1.0 for word in ("m", "metres", "meters")},
    **{("pixels", word): 1.0 for word in ("px", "pixels")},
    **{("decibels", word): 1.0 for word in ("db", "decibels")},
    ("share", "%"): 0.01,
    ("relative", "%"): 0.01,
}
"""A parameter's unit and what stands behind a number -> the number's factor."""
_BOUNDS = dict.fromkeys(("min", "low", "from", "lower", "max", "high", "to", "upper")).keys()
"""Keys of the two ends of a range, the lower ones first."""
_FEW_PERCENT = 2
"""Below it a number that is too large for a share is no percentage: 1.5 is a slip for 0.5."""
_WRITTEN: Mapping[bool, tuple[tuple[int, ...], float]] = {
    True: ((1, 2, 4), 0.5),
    False: ((1, 2, 3, 4, 6, 8, 12), 2.0),
}
"""With two digits, or more -> the parts of pi that are told, and how many last digits they miss.

The rest of the digits may be cut off, too: 0.78.
"""


def described(name: str, domain: Domain, unit: str) -> str:
    """A parameter with its unit and range: `hue (degrees from -360 up to 360)`."""
    says = expected(domain.single)
    if unit:
        noun = _nouns()[unit]
        says = says.replace("a number", noun, 1).replace("a whole number", noun, 1)
    return f"{name} ({says})" if says not in ("a word", "a number") else name


def out_of_range(name: str, raw: Any, unit: str) -> str:
    """A hint for a value that its domain refuses, where another unit would explain it; or empty."""
    if isinstance(raw, list) and len(raw) > 2 and len(_numbers(raw, most=99)) == len(raw):
        return f"write [{min(raw)}, {max(raw)}] for a range, {{choice: {raw}}} for one of them"
    if isinstance(raw, list) and len(raw) == 1 and _numbers(raw):
        return f"write {raw[0]}"
    if isinstance(raw, list) and len(raw) == 1 and (apart := _PAIR.fullmatch(str(raw[0]))):
        return f"write [{apart[1]}, {apart[2]}], with a comma"
    if isinstance(raw, Mapping) and len(raw) == 2 and raw.keys() <= _BOUNDS:
        low, high = (raw[key] for key in _BOUNDS if key in raw)
        return f"write [{low}, {high}] for a range"
    numbers, explain = _numbers(raw), _OUT_OF_RANGE.get(unit)
    if explain is None or not numbers:
        return ""
    if unit == "share" and name in _SIDES_OF:
        pixels = f"pixels are divided by the {_SIDES_OF[name]} first"
        return "; ".join(filter(None, (explain(numbers), pixels)))
    return explain(numbers)


def as_number(text: str, unit: str) -> str:
    """A hint for a text in the place of a number of a unit: `2s`, `30deg`, `red`."""
    if text.startswith("("):
        return "write a range in square brackets: [LOW, HIGH]"
    noun = _nouns()[unit].partition(",")[0]
    measured = f", {noun}" if noun.startswith("a ") else f", in {noun}"
    found = _MEASURED.fullmatch(text)
    times = _SUFFIXES.get((unit, found[2].lower())) if found else None
    if found and times:
        return f"write {float(found[1]) * times:g}{measured}"
    if unit in ("seconds", "time") and _CLOCK.fullmatch(text.strip()):
        seconds = 0.0
        for part in text.strip().split(":"):
            seconds = 60.0 * seconds + float(part)
        return f"write {seconds:.10g}{measured}"
    return f"write a number{measured}"


def doubtful(name: str, raw: Any, unit: str, seen_from: float) -> tuple[str, str] | None:
    """What is odd about a value that fits, and what to write if another unit was meant; or None.

    Below `seen_from` nobody sees what a value does.
    """
    numbers = _numbers(raw)
    if not numbers or not any(numbers):
        return None
    if unit == "relative" and len(numbers) == 2 and 0 < numbers[0] < 1 < numbers[1]:
        low, high = (1 + number for number in numbers)
        means = f"{_list(numbers)} is a relative change: from {low:g} to {high:g} times"
        return means, f"for factors write {_list([number - 1 for number in numbers])}"
    unseen = max(map(abs, numbers)) < seen_from
    if unit == "degrees" and unseen:
        means = f"{_list(numbers)} is in degrees, which nobody sees"
        if name == "hue":
            shares = _list([number * 360 for number in numbers])
            return means, f"for shares of the colour wheel write {shares}"
        return means, f"for radians write {_list([math.degrees(n) for n in numbers])}"
    if unit == "degrees" and any(map(_of_pi, numbers)):
        means = f"{_list(numbers)} is in degrees and looks like radians"
        return means, f"for radians write {_list([math.degrees(n) for n in numbers])}"
    return None


def _of_pi(number: float) -> bool:
    """Whether a number is a simple fraction of pi, as people write it: 1.57, 0.785, 0.3925."""
    digits = len(repr(number).partition(".")[2])
    if digits < 2 or abs(number) > 2.0 * math.pi + 0.01:
        return False
    parts, off = _WRITTEN[digits == 2]
    unit = 10.0**-digits
    fractions = (math.pi * times / part for part in parts for times in range(1, 2 * part + 1))
    return any(-off * unit <= one - abs(number) <= max(off, 1.0) * unit for one in fractions)


def _shares(numbers: list[float]) -> str:
    shares = _list([number / 100 for number in numbers])
    return f"for percent write {shares}" if _FEW_PERCENT <= max(map(abs, numbers)) <= 100 else ""


def _percent(numbers: list[float]) -> str:
    return f"for percent write {_list([n / 100 for n in numbers])}" if max(numbers) > 5 else ""


def _levels(numbers: list[float]) -> str:
    most = max(numbers)
    if 1 < most <= 5:
        return f"for levels from 1 to 5 write {_list([n / 5 for n in numbers])}"
    return _percent(numbers)


def _cents(numbers: list[float]) -> str:
    cents = _list([n / 100 for n in numbers])
    return f"for cents write {cents}" if max(map(abs, numbers)) >= 50 else ""


_OUT_OF_RANGE: Mapping[str, Callable[[list[float]], str]] = {
    "share": _shares,
    "relative": _percent,
    "factor": _percent,
    "exponent": _percent,
    "severity": _levels,
    "semitones": _cents,
}
"""Unit -> what to say of numbers outside of a parameter's range."""


def _numbers(raw: Any, most: int = 2) -> list[float]:
    """The numbers of a constant, a range or a choice; nothing where there is anything else."""
    if isinstance(raw, Mapping) and len(raw) == 1:
        ((word, raw),) = raw.items()
        most = 99 if word in ("choice", "constant") else 2 if word == "uniform" else 0
    items = raw if isinstance(raw, list | tuple) else [raw]
    if len(items) > most:
        return []
    if any(isinstance(item, bool) or not isinstance(item, int | float) for item in items):
        return []
    return [float(item) for item in items]


def _list(numbers: list[float]) -> str:
    shown = [f"{number:.6g}" for number in numbers]
    return shown[0] if len(shown) == 1 else f"[{', '.join(shown)}]"


@cache
def _nouns() -> Mapping[str, str]:
    import yaml  # a policy without mistakes never needs it

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    nouns: Mapping[str, str] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)
    return nouns
