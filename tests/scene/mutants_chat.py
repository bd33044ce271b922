"""Errors planted in conversations: in what texts follow, and in the places that they write."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug.maps.numbers import as_nine
from tests.scene.planting import Mutant, left_behind, replaced, shifted, skewed

__all__ = ["CHAT_MUTANTS"]

CHAT = "language.messages:MessagesCarrier"
FLIP = (("flip", {"axis": "horizontal"}),)
QUARTER = (("rotate", {"degrees": 90.0, "expand": True}),)
TILT = (("rotate", {"degrees": 15.0}),)
CROP = (("crop", {"area": 0.35, "x": 0.1, "y": 0.2, "points": "visible"}),)
CORNER = (("crop", {"area": 0.2, "x": 0.0, "y": 0.0}),)
RESIZE = (("resize", {"width": 120, "height": 60}),)
HUE = (("colour", {"hue": 120.0}),)
OUT = (("drop_modality", {"count": 64}),)
PLACES = "modalities.language.text_places"


def _linear(plane: Any) -> Any:
    """The plane map that forgets to shift."""
    moved = plane.matrix.copy()
    moved[:2, 2] = 0.0
    return plane._replace(numbers=as_nine(moved))


def _diagonal(points: Any, move: Any) -> Any:
    """A box under a map, fitted to two of its corners."""
    moved = move.points(points)
    return np.array([moved.min(axis=0), moved.max(axis=0)])


CHAT_MUTANTS = (
    Mutant("a mirror leaves the conversation", FLIP, "messages", left_behind(CHAT, "plane")),
    Mutant("a hue leaves the conversation", HUE, "messages", left_behind(CHAT, "tone")),
    Mutant(
        "places of a conversation are one pixel off", TILT, "messages",
        skewed(CHAT, "plane", shifted(1.0, 0.0)),
    ),
    Mutant(
        "places of a conversation forget to shift", CROP, "messages", skewed(CHAT, "plane", _linear)
    ),
    Mutant(
        "places that a text writes stay", RESIZE, "messages",
        replaced("modalities.language.wording:Wording.place", lambda self: None),
    ),
    Mutant(
        "boxes in a text are fitted to two corners", TILT, "messages",
        replaced(f"{PLACES}:_box", _diagonal),
    ),
    Mutant(
        "objects of places that are gone stay", CORNER, "messages",
        replaced(f"{PLACES}:without_items", lambda text, gone: []),
    ),
    Mutant(
        "a conversation turns the other way", QUARTER, "messages",
        replaced(
            "words.symmetry:Symmetry.of",
            staticmethod(lambda mirrored, quarters: _symmetry(mirrored, -quarters)),
        ),
    ),
    Mutant(
        "a conversation that is out still speaks", OUT, "messages",
        replaced("modalities.language.chat_text:ChatText.empty", lambda self: None),
    ),
    Mutant(
        "places that a text writes lose their decimals", RESIZE, "messages",
        replaced(f"{PLACES}:_text", lambda number, value, decimals: f"{value:.0f}.000"),
    ),
)  # fmt: skip
"""Every one of them must be caught."""


def _symmetry(mirrored: bool, quarters: int) -> Any:
    from syncaug.words import Symmetry

    return Symmetry(mirrored=mirrored, quarters=quarters % 4)
