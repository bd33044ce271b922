"""Numbers of the command line, for argparse: what is out of range is told before anything runs."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from collections.abc import Callable

__all__ = ["positive", "whole"]


def whole(least: int) -> Callable[[str], int]:
    """What reads a whole number from `least` on."""

    def read(text: str) -> int:
        number = int(text) if text.lstrip("+-").isdecimal() else least - 1
        if not least <= number < 2**63:
            raise ArgumentTypeError(f"expected a whole number from {least} on; got {text!r}")
        return number

    return read


def positive(text: str) -> float:
    """A finite number above zero."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0.0 < number < math.inf:
        raise ArgumentTypeError(f"expected a finite number above zero; got {text!r}")
    return number
