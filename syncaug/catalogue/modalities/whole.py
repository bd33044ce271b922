"""Modalities of the whole sample: what belongs to no space."""

from __future__ import annotations

from syncaug.catalogue.modalities.reasons import (
    NO_PHASE,
    UNCOVERED,
    WORDLESS,
    because,
)
from syncaug.catalogue.modalities.spec import ModalitySpec

__all__ = ["LABEL", "TABULAR"]

LABEL = ModalitySpec(
    name="label",
    spaces=(),
    carries={
        "mix": "weighted by what is really visible",
    },
    unaffected={
        "words": WORDLESS,
        "phase": NO_PHASE,
        "occlude": UNCOVERED,
        "drop": "it is the answer to learn, not what a sensor gives",
        **because("a label says what is there, not where", "plane", "world"),
        "tone": "a label says what is there, not in which colour",
        "noise": "a label is exact",
        **because("a label says what is there, not when", "time", "blank"),
        "pitch": "a label says what is there, not how it sounds",
    },
    names_sides=True,
    cheap=True,
)

TABULAR = ModalitySpec(
    name="tabular",
    spaces=(),
    carries={
        "mix": "weighted",
    },
    unaffected={
        **because(
            "numbers of the whole sample belong to no space",
            "phase",
            "plane",
            "world",
            "tone",
            "noise",
            "time",
            "blank",
            "words",
            "pitch",
            "frustum",
            "occlude",
            "drop",
        ),
    },
    cheap=True,
    rows=True,
)
