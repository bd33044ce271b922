"""What to write where a value is of another type than expected, and it is plain what was meant."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["as_expected"]

_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""Words that YAML 1.1 read as booleans, and YAML 1.2 does not."""


_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
"""A number of YAML 1.2."""


def as_expected(raw: Any, expected: str) -> str:
    """A hint for a value that should be what `expected` says in words; empty where none is plain.

    `expected` begins as a problem's does: "a number", "a whole number", "true or false", "a list".
    """
    if expected.startswith(("a number", "a whole number")) and isinstance(raw, str):
        return _as_number(raw.strip())
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


def _as_number(word: str) -> str:
    """How a text becomes the number that it says: a number of YAML can only have been quoted."""
    if _NUMBER.fullmatch(word):
        return "remove the quotes"
    try:
        number = float(word)  # takes 1_000, and digits of other scripts
    except ValueError:
        return ""
    return f"write {number:.17g}" if math.isfinite(number) else ""
