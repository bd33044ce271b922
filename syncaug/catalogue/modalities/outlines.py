"""Modalities of outlines: polygons and run lengths."""

from __future__ import annotations

from syncaug.catalogue.modalities.reasons import (
    EXACT,
    NO_COLOUR,
    NO_PHASE,
    ONE_MOMENT,
    SILENT,
    STAYS,
    WORDLESS,
    because,
)
from syncaug.catalogue.modalities.spec import ModalitySpec

__all__ = ["POLYGONS"]

_UNAFFECTED = {
    "world": STAYS,
    "tone": NO_COLOUR,
    "noise": EXACT,
    **because(ONE_MOMENT, "time", "blank"),
    "pitch": SILENT,
    "words": WORDLESS,
    "phase": NO_PHASE,
}

POLYGONS = ModalitySpec(
    name="polygons",
    spaces=("plane",),
    carries={
        "plane": (
            "moved point by point and cut at the picture, holes too; run lengths by nearest "
            "neighbour; in a mirror, names of sides do as `sides:` says"
        ),
        "field": "points where the field shows them, with more of them along the edges",
        "occlude": "lose what is covered, as masks do, with `mask: keep` nothing",
        "drop": "none, with their classes",
        "mix": "lose what the window covers; the partner's join where they are visible",
    },
    unaffected=_UNAFFECTED,
    names_sides=True,
    cheap=True,
    rows=True,
)
