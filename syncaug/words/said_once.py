"""Colours that a turn of the wheel has made the same, beside each other: said once."""

from __future__ import annotations

import re
from itertools import pairwise

from syncaug.words.compiled import Colours
from syncaug.words.edits import Edit
from syncaug.words.tokens import in_case_of

__all__ = ["said_of_several", "said_once"]

_PLURAL = re.compile(r"\s+(?:are|were|make|go|mix)\b")
_AND = (" and ", " & ", "-and-")
_BEFORE_LAST = (", and ", ", & ")
_GOES_ON = re.compile(r"(?:,? (?:and|or|&)|,) (\w+)")
_OXFORD = re.compile(", (?:and|or) ")
_ARTICLE = re.compile(r"(?<!\w)(?:a|an|the|his|her|its|their)\s\Z", re.IGNORECASE)
_NOUN = re.compile(r"\s(?!and\b|or\b|is\b|are\b)\w")
_LISTED = re.compile(r"(\w+)(, )\Z")
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|\d+|both|each|respectively)\b", re.IGNORECASE
)
_ONE = re.compile(r"(?<!\w)(?:a|an|one)\s+(?:\w+\s+)?\Z", re.IGNORECASE)
_ARE = re.compile(r"\s+(?:\w+\s+){1,2}(?:are|were|have)\b")


def said_once(edits: list[Edit], text: str, colours: Colours) -> list[Edit]:
    """The edits, of which those of "reddish orange" and "red-orange" say green, and that once.

    So do those of "orange and red leaves", and of "yellow, orange and red": cyan and green.
    """
    ish, forms_of = colours.forms.get("ish", {}), colours.names.forms_of
    said: list[Edit] = []
    for edit in edits:
        before = said[-1] if said else edit
        name = edit.text.lower()
        same = before.text.lower() == name
        echoed = same or before.text.lower() == ish.get(forms_of.get(name, name), "")
        between = text[before.end : edit.start]
        row = _row_before(before.start, text, colours) if same and edit is not before else 0
        joined = between in _AND and same
        joined = joined and not _PLURAL.match(text, edit.end)  # "orange and red are"
        if between in _BEFORE_LAST or between == ", ":
            joined = same and not _COUNTED.search(text)
            joined = joined and (
                bool(row) if between != ", " else _goes_on(before, edit, text, colours)
            )
            row = row if between != ", " else 0
        if echoed and edit is not before and (joined or between in (" ", "-", "/")):
            once = in_case_of(text[before.start], edit.text)
            if row and joined:  # "yellow, orange and red"
                said[-1] = Edit(row, edit.end, f" and {once}")
            elif between == ", " and _OXFORD.match(text, edit.end):
                comma = not _row_before(before.start, text, colours)
                said[-1] = Edit(before.start, edit.end + comma, once)
            else:
                said[-1] = Edit(before.start, edit.end, once)
        else:
            said.append(edit)
    return said


def _row_before(start: int, text: str, colours: Colours) -> int:
    """Where the comma stands behind a colour that is listed before a place; 0 without one."""
    listed = _LISTED.search(text, max(0, start - 40), start)
    return listed.start(2) if listed and listed[1].lower() in colours.words else 0


def _goes_on(before: Edit, edit: Edit, text: str, colours: Colours) -> bool:
    """Whether a comma parts two colours of one list: of colours, or of one thing."""
    if _ARTICLE.search(text, max(0, before.start - 8), before.start):
        if _NOUN.match(text, edit.end):
            return True  # "a red, orange car"
    following = _GOES_ON.match(text, edit.end)
    return following is not None and following[1].lower() in colours.words


def said_of_several(edits: list[Edit], text: str) -> tuple[int, int]:
    """Where one article and two colours that are the same now stand for two things, else (0, 0).

    "An orange and red car are parked": "a green car are parked" is no sentence.
    """
    for before, edit in pairwise(edits):
        if text[before.end : edit.start] in _AND and before.text.lower() == edit.text.lower():
            if _ARE.match(text, edit.end) and _ONE.search(text, 0, before.start):
                return before.start, edit.end
    return 0, 0
