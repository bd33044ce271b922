"""Formulas of links as other tools write them: what to write, and the numbers that have names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from syncaug.compiler.parameters.remedies import LINK
from syncaug.policy.suggest import guess
from syncaug.values.functions import CONSTANTS, FUNCTIONS

__all__ = ["CONSTANTS", "constants_in", "formula", "link_hint"]

_WORD = re.compile(r"[A-Za-z_][\w.]*")
_CALL = re.compile(r"([A-Za-z_][\w.]*)\s*\(")
_TIMES = re.compile(r"(?<![\w.])(\d+\.?\d*|\.\d+)\s*(?![eE]\d)([A-Za-z_]\w*|\()")
_SIGNS: Mapping[str, str] = {
    "==": "a condition stands under when:, or becomes a curve: or table: of a link",
    "^": "write ** for a power",
    "//": "write floor(A / B)",
    "\N{MULTIPLICATION SIGN}": "write *",
    "\N{MIDDLE DOT}": "write *",
    "\N{DIVISION SIGN}": "write /",
    "\N{MINUS SIGN}": "write -",
    "\N{EN DASH}": "write -",
    "[": "write round brackets",
    "{": "write the names of variables alone",
    "$": "write the names of variables alone",
    "<": "a condition stands under when:, or becomes a curve: or table: of a link",
    ">": "a condition stands under when:, or becomes a curve: or table: of a link",
    "?": "a condition stands under when:, or becomes a curve: or table: of a link",
    "=": "a formula has no =: write its right side alone",
}
_FUNCTIONS: Mapping[str, str] = {
    "pow": "write A ** B",
    "power": "write A ** B",
    "square": "write A ** 2",
    "ln": "write log(...)",
    "fabs": "write abs(...)",
    "clamp": "write clip(VALUE, LOW, HIGH)",
    "int": "write floor(...)",
    "trunc": "write floor(...)",
    "deg": "write degrees(...)",
    "rad": "write radians(...)",
    "deg2rad": "write radians(...)",
    "rad2deg": "write degrees(...)",
    "mod": "write A % B",
    **dict.fromkeys(
        ("random", "uniform", "rand", "randint", "normal", "choice"),
        "draw a variable under draw:, and name it in the formula",
    ),
}
"""A function of other languages -> what to write."""


def constants_in(text: Any) -> set[str]:
    """The names in a formula that stand for a number, whatever is drawn."""
    return set(CONSTANTS) & set(_WORD.findall(text)) if isinstance(text, str) else set()


def formula(text: Any) -> str:
    """A hint for a formula that cannot be read, where it is plain what was meant; else empty."""
    if not isinstance(text, str):
        return ""
    for sign, says in _SIGNS.items():
        if sign in text:
            return says
    for name in _CALL.findall(text):
        bare = name.rpartition(".")[2]
        if name not in FUNCTIONS and bare in FUNCTIONS:
            return f"write {bare}(...)"
        if name not in FUNCTIONS:
            return _FUNCTIONS.get(bare) or guess(bare, FUNCTIONS).hint
    found = _TIMES.search(text)
    if found:
        return f"write {found[1]} * {'(...)' if found[2] == '(' else found[2]}"
    if any(word in _WORD.findall(text) for word in ("if", "and", "or", "not")):
        return _SIGNS["?"]
    return ""


def link_hint(raw: Mapping[str, Any]) -> str:
    """What to write in the place of a link that cannot be read."""
    clip = raw.get("clip")
    if isinstance(clip, list) and len(clip) == 2 and clip[0] > clip[1]:
        return f"write clip: [{clip[1]}, {clip[0]}]"
    return formula(raw.get("expr")) or LINK
