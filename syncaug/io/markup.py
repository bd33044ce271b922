"""Marks inside the text of cues: italics, colours, voices, positions.

A cue's `text` is what people read. What its file adds inside the text is kept as `markup` beside
it, and put back where the words now stand, also after words were changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

__all__ = ["DIALECTS", "Dialect", "marked", "translated", "unmarked"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one format writes marks: a pattern of marks, of characters written otherwise, and the
    characters of each such writing; `writings` is what to write for a character."""

    marks: re.Pattern[str]
    writings: Mapping[str, str]
    readings: Mapping[str, str]
    entities: bool = False


_DRAWING = r"\{[^{}]*\\p[1-9][^{}]*\}.*?(?=\{[^{}]*\\p0[^{}]*\}|$)"
"""A drawing of ASS: what stands between these marks are strokes, no words."""

DIALECTS: Mapping[str, Dialect] = {
    "srt": Dialect(re.compile(r"</?[A-Za-z][^<>]*>|\{\\[^{}]*\}"), {}, {}),
    "vtt": Dialect(
        re.compile(r"<[^<>]*>"),
        {"&": "&amp;", "<": "&lt;", ">": "&gt;"},
        {},
        entities=True,
    ),
    "ass": Dialect(
        re.compile(rf"{_DRAWING}|\{{[^{{}}]*\}}", re.DOTALL),
        {"\n": r"\N", "\u00a0": r"\h"},
        {r"\N": "\n", r"\n": "\n", r"\h": "\u00a0"},
    ),
}
"""Format -> how it marks up text."""

_SIMPLE = re.compile(r"<(/?)([ibus])>")
_SET = re.compile(r"\\([ibus])([01])(?![0-9a-z])")
"""The looks that all formats have, as SRT and WebVTT and as ASS write them."""

_WORDS = re.compile(r"\w+|\W")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);")


def unmarked(markup: str, dialect: str) -> str:
    """The text that people read."""
    return "".join(shown for _, shown in _pieces(markup, DIALECTS[dialect]))


def marked(text: str, dialect: str, markup: str = "") -> str:
    """`text` as its format writes it, with the marks of `markup` where they stood.

    Marks whose words are gone stay at the place where those were, so that pairs remain pairs.
    """
    form = DIALECTS[dialect]
    pieces = _pieces(markup, form)
    before = "".join(shown for _, shown in pieces)
    if markup and before == text:
        return markup
    if not any(shown == "" for _, shown in pieces):
        return _written(text, form)
    out: list[str] = []
    at = end = 0  # the next piece, and how much of `before` lies before it
    for what, start, stop, new_start, new_stop in _changes(before, text):
        while what != "equal" and at < len(pieces) and pieces[at][1] == "" and end <= start:
            out.append(pieces[at][0])  # what opens before a changed word
            at += 1
        if what in ("insert", "replace"):
            out.append(_written(text[new_start:new_stop], form))
        while at < len(pieces) and end + len(pieces[at][1]) <= stop:
            raw, shown = pieces[at]
            at, end = at + 1, end + len(shown)
            if shown == "" or what == "equal":
                out.append(raw)
    return "".join(out + [raw for raw, shown in pieces[at:] if shown == ""])


def translated(markup: str, source: str, target: str) -> str:
    """A text with its marks in another format's words: italics, bold, underline, strike-through.

    SRT takes all marks of ASS, as players do; other marks that the target has not are left out.
    """
    out: list[str] = []
    for raw, shown in _pieces(markup, DIALECTS[source]):
        if shown:
            out.append(_written(shown, DIALECTS[target]))
        elif source == "ass" and target != "ass":
            tags = _SET.findall(raw)
            out += [f"<{'' if on == '1' else '/'}{look}>" for look, on in tags]
            rest = "" if re.match(_DRAWING, raw, re.DOTALL) else _SET.sub("", raw)
            if target == "srt" and "\\" in rest:
                out.append(rest)
        elif target == "ass":
            simple = _SIMPLE.fullmatch(raw)
            if simple:
                out.append(f"{{\\{simple[2]}{0 if simple[1] else 1}}}")
            elif raw.startswith("{"):
                out.append(raw)
        elif _SIMPLE.fullmatch(raw):
            out.append(raw)
    return "".join(out)


def _changes(before: str, after: str) -> list[tuple[str, int, int, int, int]]:
    """How one text becomes another, word by word; places are those of letters."""
    from difflib import SequenceMatcher  # for texts that have changed

    old, new = _WORDS.findall(before), _WORDS.findall(after)
    old_at = [0, *accumulate(map(len, old))]
    new_at = [0, *accumulate(map(len, new))]
    return [
        (what, old_at[i], old_at[j], new_at[k], new_at[m])
        for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    ]


def _unescaped(entity: str) -> str:
    from html import unescape  # with a table of all entities

    return unescape(entity)


def _pieces(markup: str, form: Dialect) -> list[tuple[str, str]]:
    """The text in pieces: each as written and as shown, marks as nothing."""
    pieces: list[tuple[str, str]] = []
    place = 0
    while place < len(markup):
        mark = form.marks.match(markup, place)
        entity = _ENTITY.match(markup, place) if form.entities else None
        if mark:
            raw, shown = mark.group(), ""
        elif entity:
            raw = entity.group()
            shown = _unescaped(raw)
        elif markup[place : place + 2] in form.readings:
            raw = markup[place : place + 2]
            shown = form.readings[raw]
        else:
            raw = shown = markup[place]
        pieces.append((raw, shown))
        place += len(raw)
    return pieces


def _written(text: str, form: Dialect) -> str:
    return "".join(form.writings.get(letter, letter) for letter in text)
