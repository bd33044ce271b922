"""Modalities of the plane: pictures and what is marked on them."""

from __future__ import annotations

from syncaug.catalogue.modalities.reasons import (
    EXACT,
    FRAMED,
    NO_PHASE,
    ON_A_PICTURE,
    ONE_MOMENT,
    SILENT,
    STAYS,
    WITHOUT_CLOCK,
    WORDLESS,
    because,
)
from syncaug.catalogue.modalities.spec import ModalitySpec

__all__ = ["BOXES", "DEPTH", "IMAGE", "KEYPOINTS", "MASK"]

IMAGE = ModalitySpec(
    name="image",
    spaces=("plane",),
    carries={
        "plane": (
            "warped once, however many steps; flips, quarter turns and crops copy pixels exactly"
        ),
        "field": "warped by the library's own field",
        "occlude": "covered with its fill",
        "tone": "recoloured pixel by pixel; neighbouring steps act as one",
        "noise": "noise of the drawn level, measured after clipping",
        "drop": "shows its fill",
        "mix": "the partner's pixels by weight, or inside a window",
    },
    unaffected={
        "world": STAYS,
        **because(ONE_MOMENT, "time", "blank"),
        "pitch": SILENT,
        "words": WORDLESS,
        "phase": NO_PHASE,
    },
    picture=True,
    opencv=True,
)

MASK = ModalitySpec(
    name="mask",
    spaces=("plane", "clock"),
    carries={
        "plane": (
            "warped by nearest neighbour, so that no class appears that was not there; in"
            " a mirror, pairs of `sides:` trade places"
        ),
        "field": "warped by the same field, by nearest neighbour",
        "occlude": "covered with its fill",
        **FRAMED,
        "drop": "shows its fill",
        "mix": "the partner's classes inside the window",
    },
    unaffected={
        "world": STAYS,
        "noise": EXACT,
        **because(WITHOUT_CLOCK, "time", "blank"),
        "pitch": SILENT,
        "words": WORDLESS,
        "phase": NO_PHASE,
        "tone": "class numbers have no colour",
    },
    picture=True,
    opencv=True,
    framed=True,
)

DEPTH = ModalitySpec(
    name="depth",
    spaces=("plane", "world"),
    carries={
        "plane": "warped by nearest neighbour; a turning camera changes distances along its axis",
        "field": "warped by the same field, by nearest neighbour",
        "occlude": "a hole where it is covered",
        "world": "distances grow with the world",
        "noise": "noise that grows with the distance; holes stay",
        "drop": "holes everywhere",
        "mix": "the partner's distances inside the window",
    },
    unaffected={
        **because(ONE_MOMENT, "time", "blank"),
        "pitch": SILENT,
        "words": WORDLESS,
        "phase": NO_PHASE,
        "tone": "distances have no colour",
    },
    picture=True,
    opencv=True,
)

BOXES = ModalitySpec(
    name="boxes",
    spaces=("plane", "clock"),
    carries={
        "plane": (
            "moved with the picture; what is no longer visible is dropped with its class "
            "and phrase; in a mirror, names of sides do as `sides:` says"
        ),
        "field": "the box around what is still seen of it",
        "occlude": (
            "lose the covered share; what is no longer visible is dropped with its class and phrase"
        ),
        **FRAMED,
        "drop": "none, with their classes",
        "mix": "the partner's boxes join where they are visible",
    },
    unaffected=ON_A_PICTURE,
    names_sides=True,
    cheap=True,
    rows=True,
    framed=True,
)

KEYPOINTS = ModalitySpec(
    name="keypoints",
    spaces=("plane", "clock"),
    carries={
        "plane": "moved with the picture; left and right names trade places where it is mirrored",
        "field": "found again where the field shows them",
        "occlude": (
            "the covered get visibility 1, labelled and hidden; without that column they "
            "are dropped"
        ),
        **FRAMED,
        "drop": "all invisible",
        "mix": "the partner's points join where they are visible",
    },
    unaffected=ON_A_PICTURE,
    cheap=True,
    rows=True,
    framed=True,
)
