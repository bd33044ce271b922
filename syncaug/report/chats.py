"""Conversations in a report: who says what, turn by turn, and what of it has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from syncaug.modalities.language.turns import said_by
from syncaug.plan.plan import Stream
from syncaug.report.figures import Row, Words
from syncaug.report.marks import mark_changes
from syncaug.report.sides import Sides, row_of

__all__ = ["chat_rows", "spoken_lines"]


def spoken_lines(name: str, value: Any) -> list[tuple[str, str]]:
    """Each turn of a conversation: its role, and its texts in one, pictures in brackets."""
    return [(role, " ".join(texts)) for role, texts in said_by(name, value)]


def chat_rows(stream: Stream, sides: Sides) -> Iterator[Row]:
    """A row for each turn."""
    told = [spoken_lines(stream.name, sample[stream.name]) for sample, _ in sides.each()]
    for number, (role, text) in enumerate(told[0]):
        marked = mark_changes(text, told[-1][number][1])
        shown = [Words(pieces, ()) for pieces, _ in zip(marked, sides.each(), strict=False)]
        yield row_of(f"{stream.name}/{number}", role, shown)
