"""One change of JSON data or of its text, the same for the same generator."""

from __future__ import annotations

import copy
import math
import random
from typing import Any

__all__ = ["change", "change_text"]

_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 0.5, 1.5, -0.0, 1e308, 5e-324, 10**18, 10**30, 10**299),
    *("", "k", "0", "../../victim", "../victim", "/etc/passwd", "..", ".", "a\0b", "\ud800", "é"),
    *("accepted", "dropped", "kept_original", "strict", "independent", "*", "image", "NaN"),
    *([], {}, [[]], [0], ["image"], {"path": "../victim/0/precious.txt"}, {"": 0}, [None, None]),
)
_TEXTS = ("NaN", "Infinity", "-Infinity", "1e999", "1" * 10_000, "[" * 100_000, '"\\ud800"', "\0")

Place = tuple[str | int, ...]


def change(
    data: Any, draw: random.Random, *, only: str = "", least: float = 0.0
) -> tuple[Any, str]:
    """The data with one change, and words for it; `only` names the field in which it is.

    Numbers are bent by no less than the share `least`.
    """
    data = copy.deepcopy(data)
    inner = data[only] if only and data.get(only) else data
    places = list(_places(inner))
    place = draw.choice(places)
    holder = inner
    for part in place[:-1]:
        holder = holder[part]
    last = place[-1]
    kind = draw.choice(("remove", "odd", "odd", "bend", "bend", "swap", "copy", "insert", "near"))
    value = holder[last]
    if kind == "bend" and not _is_number(value):
        numbers = [p for p in places if _is_number(_at(inner, p))]
        if numbers:
            place = draw.choice(numbers)
            holder, last = _at(inner, place[:-1]), place[-1]
            value = holder[last]
    if kind == "bend" and _is_number(value):
        holder[last] = _bent(value, draw, least)
    elif kind == "remove":
        del holder[last]
    elif kind == "swap":
        names = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        other = draw.choice(names)
        holder[last], holder[other] = holder[other], holder[last]
    elif kind == "copy" and isinstance(holder, list):
        holder.insert(draw.randrange(len(holder) + 1), copy.deepcopy(value))
    elif kind == "insert" and isinstance(value, dict):
        value[draw.choice(("more", "path", "only", "strength", "degrees", ""))] = draw.choice(_ODD)
    elif kind == "near" and isinstance(value, bool):
        holder[last] = not value
    elif kind == "near" and isinstance(value, str):
        at = draw.randrange(len(value) + 1)
        holder[last] = value[:at] + draw.choice("aZ09/.\u2028 ") + value[at + draw.randrange(2) :]
    else:
        holder[last] = copy.deepcopy(draw.choice(_ODD))
    named = ".".join(map(str, place))
    came = ascii(holder[last])[:60] if _has(holder, last) else "nothing"
    return data, f"{only + '.' if only else ''}{named} {kind} {came}"


def change_text(text: str, draw: random.Random) -> tuple[str, str]:
    """The text with a few characters lost, doubled or put in."""
    at = draw.randrange(len(text))
    kind = draw.choice(("cut", "lose", "double", "put", "replace", "number"))
    if kind == "cut":
        return text[:at], f"cut at {at}"
    if kind == "lose":
        return text[:at] + text[at + draw.randrange(1, 30) :], f"lost from {at}"
    if kind == "double":
        return text[:at] + text[max(0, at - draw.randrange(1, 30)) :], f"doubled at {at}"
    put = draw.choice(_TEXTS)
    if kind == "number":  # in place of the first number after here
        starts = [i for i in range(at, len(text) - 2) if text[i : i + 2] == ": "]
        start = starts[0] + 2 if starts else at
        end = start
        while end < len(text) and text[end] not in ",}]":
            end += 1
        return text[:start] + put + text[end:], f"{put[:12]} for what stands at {start}"
    if kind == "replace":
        return text[:at] + draw.choice('"{}[]:,0 ') + text[at + 1 :], f"replaced at {at}"
    return text[:at] + put + text[at:], f"{put[:12]} at {at}"


def _places(data: Any, here: Place = ()) -> Any:
    """The places of all values in the data."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        yield (*here, key)
        if isinstance(value, dict | list):
            yield from _places(value, (*here, key))


def _at(data: Any, place: Place) -> Any:
    for part in place:
        data = data[part]
    return data


def _has(holder: Any, last: Any) -> bool:
    return last in holder if isinstance(holder, dict) else last < len(holder)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bent(value: float, draw: random.Random, least: float) -> float:
    bends = [value + 1, value - 1, -value - 1, value * 1000 + 1, value * (1 + 1e-6) + 1e-6]
    if not least:
        bends += [math.nextafter(value, math.inf), float(value), value * (1 + 1e-12)]
    return draw.choice(bends)
