"""Modalities of outlines: polygons and run lengths, masks of instances, oriented boxes."""

from __future__ import annotations

from syncaug.catalogue.modalities.reasons import FRAMED, ON_A_PICTURE
from syncaug.catalogue.modalities.spec import ModalitySpec

__all__ = ["INSTANCES", "ORIENTED_BOXES", "POLYGONS"]

POLYGONS = ModalitySpec(
    name="polygons",
    spaces=("plane", "clock"),
    carries={
        "plane": (
            "moved point by point and cut at the picture, holes too; run lengths by nearest "
            "neighbour; in a mirror, names of sides do as `sides:` says"
        ),
        "field": "points where the field shows them, with more of them along the edges",
        "occlude": "lose what is covered, as masks do, with `mask: keep` nothing",
        **FRAMED,
        "drop": "none, with their classes",
        "mix": "lose what the window covers; the partner's join where they are visible",
    },
    unaffected=ON_A_PICTURE,
    names_sides=True,
    cheap=True,
    rows=True,
    framed=True,
)

INSTANCES = ModalitySpec(
    name="instances",
    spaces=("plane", "clock"),
    carries={
        "plane": (
            "warped by nearest neighbour, all masks at once; in a mirror, names of sides do as "
            "`sides:` says"
        ),
        "field": "warped by the same field, by nearest neighbour",
        "occlude": "nothing where they are covered; with `mask: keep` they stay",
        **FRAMED,
        "drop": "none, with their classes",
        "mix": "lose what the window covers; the partner's join where they are visible",
    },
    unaffected={**ON_A_PICTURE, "tone": "masks have no colour"},
    picture=True,
    names_sides=True,
    opencv=True,
    rows=True,
    framed=True,
)

ORIENTED_BOXES = ModalitySpec(
    name="oriented_boxes",
    spaces=("plane", "clock"),
    carries={
        "plane": (
            "their corners move with the picture; where right angles do not stay, the least "
            "rectangle around them; in a mirror, names of sides do as `sides:` says"
        ),
        "field": "the least rectangle around what is still seen",
        "occlude": "lose the covered share; what is no longer visible is dropped with its class",
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
