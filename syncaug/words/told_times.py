"""Moments and rates that a text tells in words and figures: "at 0:05", "120 words per minute"."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["told_moments", "told_rates"]

_LEAD = (
    r"(?:\b(?:at|from|to|until|till|by|after|before|between|around|and|near|time)\s"
    r"|[\[(–—-]\s?)"
)
_FIGURE = re.compile("[0-9]")
_STAMP = re.compile(
    rf"{_LEAD}(?:(?P<h>\d{{1,2}}):)?(?P<m>\d{{1,2}}):(?P<s>[0-5]\d(?:[.,]\d{{1,3}})?)(?![\d:])"
    r"(?!\s?(?:[ap]\.?m\b|o'clock|Uhr|h\b))",
    re.IGNORECASE,
)
_SECONDS = re.compile(
    rf"{_LEAD}(?P<n>\d{{1,5}}(?:[.,]\d{{1,3}})?)\s?(?P<unit>ms|milliseconds|s|secs?|seconds?|Sekunden?|secondes?|segundos?|秒)"
    r"(?![\w])",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\b\d+(?:[.,]\d+)?\s?(?:(?:words?|beats?|syllables?|characters?|chars?|letters?|notes|claps|steps)"
    r"\s?(?:per|a|an|/|each)\s?(?:minute|min|second|sec|s)\b|(?:wpm|bpm|cps)\b)",
    re.IGNORECASE,
)


def told_moments(text: str) -> Iterator[tuple[str, float]]:
    """The moments of a text as it writes them, and their seconds; times of day are none."""
    if _FIGURE.search(text) is None:
        return
    for match in _STAMP.finditer(text):
        hours, minutes = int(match["h"] or 0), int(match["m"])
        seconds = float(match["s"].replace(",", "."))
        yield match[0].strip(), hours * 3600 + minutes * 60 + seconds
    for match in _SECONDS.finditer(text):
        number = float(match["n"].replace(",", "."))
        yield match[0].strip(), number / 1000 if match["unit"].lower().startswith("m") else number


def told_rates(text: str) -> list[str]:
    """What a text says is counted in a minute or a second, as it writes it."""
    return [match[0] for match in _RATE.finditer(text)]
