"""Colours that a turn of the wheel has made the same, beside each other: said once."""

from __future__ import annotations

import re

from syncaug.words.compiled import Colours
from syncaug.words.edits import Edit
from syncaug.words.tokens import in_case_of

__all__ = ["said_once"]

_PLURAL = re.compile(r"\s+(?:are|were|make|go|mix)\b")


def said_once(edits: list[Edit], text: str, colours: Colours) -> list[Edit]:
    """The edits, of which those of "reddish orange" and "red-orange" say green, and that once.

    So do those of "orange and red leaves".
    """
    ish, forms_of = colours.forms.get("ish", {}), colours.names.forms_of
    said: list[Edit] = []
    for edit in edits:
        before = said[-1] if said else edit
        name = edit.text.lower()
        echoed = before.text.lower() in (name, ish.get(forms_of.get(name, name), ""))
        between = text[before.end : edit.start]
        joined = between in (" and ", " & ", "-and-") and before.text.lower() == name
        joined = joined and not _PLURAL.match(text, edit.end)  # "orange and red are"
        if echoed and edit is not before and (joined or between in (" ", "-", "/")):
            said[-1] = Edit(before.start, edit.end, in_case_of(text[before.start], edit.text))
        else:
            said.append(edit)
    return said
