"""Modalities of the plane whose pixels hold numbers that mean places or directions."""

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

__all__ = ["DISPARITY", "FLOW", "HEATMAP", "NORMALS"]

_STILL = {
    "tone": NO_COLOUR,
    "noise": EXACT,
    **because(ONE_MOMENT, "time", "blank"),
    "pitch": SILENT,
    "words": WORDLESS,
    "phase": NO_PHASE,
}

HEATMAP = ModalitySpec(
    name="heatmap",
    spaces=("plane",),
    carries={
        "plane": (
            "warped once, between pixels linearly; in a mirror, channels whose names say left and "
            "right trade places"
        ),
        "field": "warped by the same field",
        "occlude": "covered with its fill, unless masks are kept",
        "drop": "shows its fill",
        "mix": "the partner's values by weight, or inside the window",
    },
    unaffected={"world": STAYS, **_STILL, "tone": "its levels are no colours and no light"},
    picture=True,
    opencv=True,
)

FLOW = ModalitySpec(
    name="flow",
    spaces=("plane",),
    carries={
        "plane": "warped, and both ends of each vector move: it turns, mirrors and scales",
        "field": "warped by the same field, in which both ends of each vector are found again",
        "occlude": "unknown where it is covered",
        "drop": "unknown everywhere",
        "mix": "the partner's vectors inside the window",
    },
    unaffected={
        "world": STAYS,
        **_STILL,
        **because("it leads from one picture to another, which lie on no clock", "time", "blank"),
    },
    picture=True,
    opencv=True,
)

NORMALS = ModalitySpec(
    name="normals",
    spaces=("plane",),
    carries={
        "plane": "warped, and the vectors turn and mirror with the picture's camera",
        "lens": "warped; the vectors stay, for the camera keeps its axes",
        "occlude": "unknown where it is covered",
        "drop": "unknown everywhere",
        "mix": "the partner's vectors inside the window",
    },
    unaffected={"world": STAYS, **_STILL},
    picture=True,
    opencv=True,
)

DISPARITY = ModalitySpec(
    name="disparity",
    spaces=("plane",),
    carries={
        "plane": (
            "warped by nearest neighbour, as wide as the picture; a mirror turns its sign, or "
            "trades the pair's places with `swap:`"
        ),
        "occlude": "unknown, 0, where it is covered",
        "drop": "0 everywhere",
        "mix": "the partner's disparities inside the window",
    },
    unaffected={
        **_STILL,
        "world": "both cameras of a pair grow with their world, so that disparities stay",
    },
    picture=True,
    opencv=True,
)
