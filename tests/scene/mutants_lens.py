"""Planted errors of lenses: what is wrong with taking out the distortion, and who must tell."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug.maps.lens import NO_LENS, Lens
from syncaug.maps.lens_map import LensMap
from syncaug.modalities.plane.box_bending import _outlines
from tests.scene.planting import Mutant, Plant, bent, left_behind, misread, replaced, without

__all__ = ["LENS_MUTANTS"]

STRAIGHT = (("undistort", {}),)
WHOLE = (("undistort", {"alpha": 1.0}),)
ZOOMED = (("undistort", {"alpha": 0.0}),)
CUT = (("crop", {"area": 0.6, "x": 0.0, "y": 0.2}), ("undistort", {}))


def _other_terms(rule: Any) -> Plant:
    """The map is that of another lens."""

    def change(lens_map: Any) -> Any:
        before = lens_map.before
        terms = tuple(rule(*before.lens.terms))
        return LensMap(before._replace(lens=Lens(before.lens.model, terms)), lens_map.after)

    return bent("undistort", "field", change)


def _at_first(lens_map: Any) -> Any:
    """The camera of the first picture, whatever was cut off before."""
    before = lens_map.before
    numbers = np.reshape(before.calibration, (3, 3)).copy()
    numbers[:2, 2] = (np.array(before.size) - 1) / 2
    moved = before._replace(calibration=tuple(map(float, numbers.ravel())))
    return LensMap(moved, lens_map.after)


LENS_MUTANTS = (
    Mutant(
        "lens: the image stays", STRAIGHT, "image", left_behind("plane.image:ImageCarrier", "field")
    ),
    Mutant(
        "lens: the film stays", STRAIGHT, "video", left_behind("clock.video:VideoCarrier", "field")
    ),
    Mutant(
        "lens: the mask stays", WHOLE, "mask", left_behind("plane.raster:RasterCarrier", "field")
    ),
    Mutant(
        "lens: the depth stays",
        WHOLE,
        "depth",
        left_behind("plane.raster:RasterCarrier", "field"),
    ),
    Mutant(
        "lens: the points stay",
        STRAIGHT,
        "keypoints",
        left_behind("plane.keypoints:KeypointsCarrier", "field"),
    ),
    Mutant(
        "lens: the boxes stay", STRAIGHT, "boxes", left_behind("plane.boxes:BoxesCarrier", "field")
    ),
    Mutant(
        "lens: boxes by their top",
        STRAIGHT,
        "boxes",
        replaced(
            "modalities.plane.box_bending:_outlines", lambda corners: _outlines(corners)[:, :24]
        ),
    ),
    Mutant(
        "lens: the camera keeps it",
        STRAIGHT,
        "camera",
        left_behind("world.camera:CameraCarrier", "lens"),
    ),
    Mutant("lens: the camera is not told", STRAIGHT, "camera", without("undistort", "lens")),
    Mutant(
        "lens: alpha is not told the camera",
        WHOLE,
        "camera",
        bent("undistort", "lens", lambda m: LensMap(m.before, m.before._replace(lens=NO_LENS))),
    ),
    Mutant(
        "lens: alpha the other way", WHOLE, "image", misread("undistort", alpha=lambda a: 1.0 - a)
    ),
    Mutant(
        "lens: alpha the other way for boxes",
        ZOOMED,
        "boxes",
        misread("undistort", alpha=lambda a: 1.0 - a),
    ),
    Mutant(
        "lens: bent once more", STRAIGHT, "image", _other_terms(lambda *terms: [-t for t in terms])
    ),
    Mutant(
        "lens: p1 for p2",
        STRAIGHT,
        "keypoints",
        _other_terms(lambda k1, k2, p1, p2, *more: [k1, k2, p2, p1, *more]),
    ),
    Mutant(
        "lens: without k3", STRAIGHT, "keypoints", _other_terms(lambda *t: [*t[:4], 0.0, *t[5:]])
    ),
    Mutant(
        "lens: of the picture before the crop", CUT, "image", bent("undistort", "field", _at_first)
    ),
    Mutant(
        "lens: keypoints before the crop", CUT, "keypoints", bent("undistort", "field", _at_first)
    ),
)
"""Each is caught by the square of `undistort`."""
