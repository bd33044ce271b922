"""Modalities of language: captions, cues, and phrases grounded to boxes."""

from __future__ import annotations

from syncaug.catalogue.modalities.reasons import (
    EXACT,
    NO_PHASE,
    ONE_MOMENT,
    SILENT,
    STAYS,
    WORDS_OF_BOXES,
    because,
)
from syncaug.catalogue.modalities.spec import ModalitySpec

__all__ = ["MESSAGES", "PHRASES", "TEXT", "TIMED_TEXT"]

TEXT = ModalitySpec(
    name="text",
    spaces=("plane",),
    carries={
        "plane": (
            "words of direction follow where the picture is mirrored or turned by "
            "quarters, and stay otherwise"
        ),
        "field": "stays; a warp without a formula keeps left and right",
        "tone": "colour words move on the colour wheel",
        "words": "rewritten, left, refused or drawn again as that option says",
        "noise": "typing errors at the matching rate",
        "drop": "empty",
        "mix": "both captions, by what is visible",
    },
    unaffected={
        "world": STAYS,
        **because(ONE_MOMENT, "time", "blank"),
        "pitch": SILENT,
        "phase": NO_PHASE,
        "occlude": WORDS_OF_BOXES,
    },
    spoken=True,
    cheap=True,
    writes=True,
)

TIMED_TEXT = ModalitySpec(
    name="timed_text",
    spaces=("clock", "plane"),
    carries={
        "plane": (
            "words of direction inside cues follow where the picture is mirrored or "
            "turned by quarters"
        ),
        "field": "stays; a warp without a formula keeps left and right",
        "time": "cues are cut, moved, stretched, joined or dropped",
        "blank": "words that are spoken there are removed, where a step asks for it",
        "tone": "colour words inside cues move on the colour wheel",
        "words": "left, refused or drawn again as that option says",
        "noise": "typing errors inside cues",
        "drop": "no cues",
        "mix": "the partner's cues inside the span",
    },
    unaffected={
        "world": STAYS,
        "pitch": SILENT,
        "phase": NO_PHASE,
        "occlude": WORDS_OF_BOXES,
    },
    spoken=True,
    cheap=True,
    writes=True,
)

MESSAGES = ModalitySpec(
    name="messages",
    spaces=("plane",),
    carries={
        "plane": (
            "each text follows the pictures that it speaks of: words of direction under mirrors "
            "and quarter turns, and the places that it writes under every map"
        ),
        "field": "places that texts write are found again; left and right stay",
        "tone": "colour words move on the colour wheel",
        "words": "left, refused or drawn again as that option says",
        "noise": "typing errors in texts, none in placeholders and places",
        "drop": "texts are empty; turns and placeholders stay",
    },
    unaffected={
        "world": STAYS,
        **because(ONE_MOMENT, "time", "blank"),
        "pitch": SILENT,
        "phase": NO_PHASE,
        "occlude": WORDS_OF_BOXES,
    },
    cheap=True,
    writes=True,
)

PHRASES = ModalitySpec(
    name="phrases",
    spaces=("plane", "clock"),
    carries={
        "plane": "go where their boxes and their text go",
        "field": "go where their boxes go",
        "occlude": "go with boxes that are covered",
        "time": "their spans of time move with the clock",
        "words": "keep what of them is still seen",
        "drop": "null, one for each box",
        "mix": "follow their boxes and the fused text",
    },
    unaffected={
        "world": STAYS,
        "noise": EXACT,
        "time": "no times are declared for its phrases",
        "blank": ONE_MOMENT,
        "pitch": SILENT,
        "phase": NO_PHASE,
        "tone": "phrases follow their text",
    },
    names_sides=True,
    cheap=True,
    rows=True,
)
