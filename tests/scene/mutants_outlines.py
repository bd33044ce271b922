"""The planted errors of outlines, masks of instances and oriented boxes."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug.kernels import rings as kernel
from syncaug.modalities.plane import instance_forms, oriented_forms, outline_forms
from syncaug.modalities.plane.outline_forms import Units
from tests.scene.planting import Mutant, left_behind, replaced, shifted, skewed

__all__ = ["OUTLINES"]

FLIP = (("flip", {"axis": "horizontal"}),)
SHIFT = (("translate", {"x": 0.22, "y": -0.2}),)
ASIDE = (("perspective", {"corners": [0.05, 0.02, -0.03, 0.04, 0.02, -0.05, 0.06, 0.01]}),)
CARD = (("occlude", {"area": 0.35, "x": 1.0, "y": 0.0}),)
CORNER_CARD = (("occlude", {"area": 0.1, "x": 0.0, "y": 0.0}),)
OUT = (("drop_modality", {"count": 64}),)
SCALE = (("scale", {"factor": 1.3}),)
TILT = (("rotate", {"degrees": 15.0}),)
SHIFT_OUT = (("translate", {"x": 0.5, "y": 0.0}),)
POLYGONS = "plane.polygons:PolygonsCarrier"
INSTANCES = "plane.instances:InstancesCarrier"
LYING = "plane.oriented_boxes:OrientedBoxesCarrier"

_linked = kernel._linked
_outline_of = outline_forms.outline_of
_unpacked = instance_forms.unpacked
_in_range = oriented_forms._in_range


def _shuffled(chains: Any, a: float, b: float) -> Any:
    """The ends of chains belong together as they came, not as they lie."""
    return [np.concatenate([chain, chains[index - 1]]) for index, chain in enumerate(chains)]


def _filled(row: Any, rings: Any) -> Any:
    return _outline_of(row, rings[:1])


def _rows_first(counts: Any, size: Any) -> Any:
    marks = np.arange(len(counts), dtype=np.uint8) & 1
    return np.repeat(marks, counts).reshape(size)


def _last_first(bits: Any, count: int) -> Any:
    return _unpacked(bits, count)[::-1]


def _all_stay(self: Any, bits: Any, map_: Any) -> None:
    self.bits, self.size = bits.reshape(*bits.shape[:2], -1), (bits.shape[1], bits.shape[0])


def _as_radians(corners: Any, rules: Any) -> Any:
    boxes = _in_range(corners, rules)
    boxes[:, 4] = np.radians(boxes[:, 4])
    return boxes


def _turned_back(plane: Any) -> Any:
    a, b, c, d, e, f, *rest = plane.numbers
    return plane._replace(numbers=(a, -b, c, -d, e, f, *rest))


OUTLINES = (
    Mutant("a mirror leaves the outlines", FLIP, "polygons", left_behind(POLYGONS, "plane")),
    Mutant(
        "outlines are half a pixel off",
        FLIP,
        "polygons",
        skewed(POLYGONS, "plane", shifted(0.5, 0)),
    ),
    Mutant(
        "outlines count from the first pixel's centre",
        SCALE,
        "polygons",
        replaced(f"modalities.{POLYGONS}._units", lambda self, size: Units(np.ones(2), 0.0)),
    ),
    Mutant(
        "holes are filled",
        ASIDE,
        "polygons",
        replaced("modalities.plane.polygon_admission:outline_of", _filled),
    ),
    Mutant(
        "chains are closed as they came",
        SHIFT,
        "polygons",
        replaced("kernels.rings:_linked", _shuffled),
    ),
    Mutant(
        "outlines reach out of the picture",
        SHIFT,
        "polygons",
        replaced("modalities.plane.outline:clipped", lambda rings, lines: rings),
    ),
    Mutant("cards leave the outlines", CARD, "polygons", left_behind(POLYGONS, "occlude")),
    Mutant(
        "cards cut to their lines",
        CORNER_CARD,
        "polygons",
        replaced(
            "modalities.plane.outline:without",
            lambda rings, cover: kernel.half(rings, (-1, 0, cover[0])),
        ),
    ),
    Mutant(
        "run lengths stay",
        FLIP,
        "polygons",
        replaced("modalities.plane.stencil:Stencil.moved", lambda self, plane: (self, 1.0)),
    ),
    Mutant(
        "run lengths are read row by row",
        FLIP,
        "polygons",
        replaced("backends.run_lengths:decoded", _rows_first),
    ),
    Mutant("outlines of a dead camera", OUT, "polygons", left_behind(POLYGONS, "drop")),
    Mutant("a mirror leaves the masks", FLIP, "instances", left_behind(INSTANCES, "plane")),
    Mutant("masks are pixels off", FLIP, "instances", skewed(INSTANCES, "plane", shifted(3, 0))),
    Mutant("cards leave the masks", CARD, "instances", left_behind(INSTANCES, "occlude")),
    Mutant("masks of a dead camera", OUT, "instances", left_behind(INSTANCES, "drop")),
    Mutant(
        "masks trade places",
        FLIP,
        "instances",
        replaced("modalities.plane.instances:unpacked", _last_first),
    ),
    Mutant(
        "masks that are gone stay",
        SHIFT_OUT,
        "instances",
        replaced("modalities.plane.instances:InstancesCarrier._carry", _all_stay),
    ),
    Mutant("a mirror leaves oriented boxes", FLIP, "oriented_boxes", left_behind(LYING, "plane")),
    Mutant(
        "angles count the other way",
        TILT,
        "oriented_boxes",
        skewed(LYING, "plane", _turned_back),
    ),
    Mutant(
        "boxes keep their corners' rectangle",
        ASIDE,
        "oriented_boxes",
        replaced("modalities.plane.oriented_boxes:fitted", lambda quads: quads),
    ),
    Mutant(
        "angles are in radians",
        TILT,
        "oriented_boxes",
        replaced("modalities.plane.oriented_forms:_in_range", _as_radians),
    ),
    Mutant("cards leave oriented boxes", CARD, "oriented_boxes", left_behind(LYING, "occlude")),
    Mutant("oriented boxes of a dead camera", OUT, "oriented_boxes", left_behind(LYING, "drop")),
    Mutant(
        "oriented boxes are half a pixel off",
        SCALE,
        "oriented_boxes",
        skewed(LYING, "plane", shifted(0.5, 0)),
    ),
)
"""Every one of them must be caught."""
