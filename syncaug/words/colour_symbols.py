"""Emoji that show a colour: which of them speak of the picture, and what others show.

A circle, a square or a book is a thing of its colour ("a 🔴 ball"), a heart only behind a word that
stands before things ("two ❤️"); elsewhere it decorates. The hearts of a row do as its first one
does ("❤️, 💙 and 💚"). In a list of lines they are its bullets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["ColourSymbol", "colour_symbols", "symbol_for"]

_FILE = Path(__file__).parent / "lexicons" / "colour_symbols.yaml"
_STYLE = "\ufe0f"
"""What makes an emoji of a symbol that may be printed black."""
_BETWEEN = re.compile(r"\w+|[^\w\s]")
_LAST_WORDS = re.compile(r"(?:(\w+)\s+)?([^\W\d_]+)\s*$")
_NEXT_WORDS = re.compile(r"\ufe0f?\s*((\w+)(?: \w+)?)")
_BULLETS = re.compile(r"(?m)^\s*[\u2764\U0001f300-\U0001faff]")


@dataclass(frozen=True, slots=True)
class ColourSymbol:
    """A symbol `text[start:end]` that shows a colour of the picture: its kind, and its colour."""

    start: int
    end: int
    kind: str
    colour: str


@dataclass(frozen=True, slots=True)
class _Table:
    kinds: dict[str, dict[str, str]]
    symbols: dict[str, tuple[str, str]]
    pattern: re.Pattern[str]
    hearts: frozenset[str]
    before: frozenset[str]
    joining: frozenset[str]
    unless: frozenset[str]
    titles: frozenset[str]


def colour_symbols(text: str) -> Iterator[ColourSymbol]:
    """The symbols of a text that show a colour of its picture, in order."""
    if text.isascii():
        return
    table = _table()
    last, decorates = -1, False
    for match in table.pattern.finditer(text):
        kind, colour = table.symbols[match[0].rstrip(_STYLE)]
        start, end = match.span()
        if kind not in table.hearts:
            decorates = _announces(text, start, end, table)
        elif last < 0 or not table.joining.issuperset(_BETWEEN.findall(text[last:start].lower())):
            decorates = _decorates(text, start, end, table)
        last = end
        if not decorates:
            yield ColourSymbol(start, end, kind, colour)


def symbol_for(kind: str, colour: str) -> str:
    """The symbol of a kind that shows a colour; empty where there is none."""
    return _table().kinds[kind].get(colour, "")


def _decorates(text: str, start: int, end: int, table: _Table) -> bool:
    last = _LAST_WORDS.search(text, max(0, start - 40), start)
    if last is None or last[2].lower() not in table.before:
        return True
    return (last[1] or "").lower() in table.unless


def _announces(text: str, start: int, end: int, table: _Table) -> bool:
    """Whether a symbol begins a line as a bullet, or before "LIVE"."""
    if text[:start].rpartition("\n")[2].strip():
        return False
    following = _NEXT_WORDS.match(text, end)
    titled = following is not None and any(
        words.lower() in table.titles for words in following.groups()
    )
    return titled or len(_BULLETS.findall(text)) > 1


@cache
def _table() -> _Table:
    import yaml  # late: importing this package must stay cheap

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)
    symbols = {
        symbol.rstrip(_STYLE): (kind, colour)
        for kind, by_colour in data["kinds"].items()
        for colour, symbol in by_colour.items()
    }
    words = {key: frozenset(data[key].split()) for key in ("before", "joining", "unless")}
    words |= {key: frozenset(data[key]) for key in ("hearts", "titles")}
    return _Table(data["kinds"], symbols, re.compile(f"(?:{'|'.join(symbols)}){_STYLE}?"), **words)
