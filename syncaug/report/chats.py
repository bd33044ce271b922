"""Conversations in a report: who says what, turn by turn."""

from __future__ import annotations

from typing import Any

from syncaug.modalities.language.turns import said_by

__all__ = ["spoken_lines"]


def spoken_lines(name: str, value: Any) -> list[tuple[str, str]]:
    """Each turn of a conversation: its role, and its texts in one, pictures in brackets."""
    return [(role, " ".join(texts)) for role, texts in said_by(name, value)]
