"""Planted errors in pictures of numbers: heat, flow, normals and disparity."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug.maps.numbers import IDENTITY
from tests.scene.planting import Mutant, left_behind, misread, replaced, shifted, skewed

__all__ = ["MUTANTS"]

HEATMAP, FLOW = "plane.heatmap:HeatmapCarrier", "plane.flow:FlowCarrier"
NORMALS, DISPARITY = "plane.normals:NormalsCarrier", "plane.disparity:DisparityCarrier"
FLIP = (("flip", {"axis": "horizontal"}),)
UPSIDE = (("flip", {"axis": "vertical"}),)
KEPT = (("flip", {"axis": "horizontal", "world": "keep"}),)
CROP = (("crop", {"area": 0.5, "x": 0.3, "y": 0.7}),)
TILT = (("rotate", {"degrees": 12.0}),)
QUARTER = (("rotate", {"degrees": 90.0, "expand": True}),)
SCALE = (("scale", {"factor": 1.3}),)
RESIZE = (("resize", {"width": 120, "height": 60}),)
ASIDE = (("perspective", {"corners": [0.05, 0.02, -0.03, 0.04, 0.02, -0.05, 0.06, 0.01]}),)
YAW = (("camera_rotate", {"axis": "vertical", "degrees": 9.0}),)
NOD = (("camera_rotate", {"axis": "horizontal", "degrees": 9.0}),)
CARD = (("occlude", {"area": 0.35, "x": 1.0, "y": 0.0}),)
OUT = (("drop_modality", {"count": 64}),)


def _as_raster(carrier: str) -> Any:
    """Pixels move, and the numbers in them stay."""
    from syncaug.modalities.plane.raster import RasterCarrier

    return replaced(f"modalities.{carrier}.warp", RasterCarrier.warp)


def _after(carrier: str, change: Any) -> Any:
    """What comes out of a warp is changed once more."""

    def plant(patch: Any) -> None:
        from importlib import import_module

        module, name = carrier.split(":")
        owner = getattr(import_module(f"syncaug.modalities.{module}"), name)
        warp = owner.warp
        patch.setattr(owner, "warp", lambda self, plane: change(warp(self, plane), plane))

    return plant


def _times(*factors: float) -> Any:
    return lambda out, plane: (out * np.array(factors)).astype(out.dtype)


def _by_height(out: Any, plane: Any) -> Any:
    """Disparities that follow the height instead of the width."""
    return (out * (plane.numbers[4] / plane.numbers[0])).astype(out.dtype)


def _by_centre(self: Any, plane: Any) -> Any:
    """Vectors that move by what the map does at the picture's centre."""
    from syncaug.kernels.vector_pictures import resampled

    a, b, c, d = plane.jacobian
    moved = resampled(self.data, plane, 1.0) @ np.array([[a, b], [c, d]]).T
    return moved.astype(self.data.dtype)


MUTANTS = (
    # Heat
    Mutant("a mirror leaves the heat", FLIP, "heatmap", left_behind(HEATMAP, "plane")),
    Mutant(
        "left heat stays left heat",
        FLIP,
        "heatmap",
        replaced("modalities.plane.heatmap:swapped_order", lambda names: list(range(len(names)))),
    ),
    Mutant(
        "all heat trades places",
        FLIP,
        "heatmap",
        replaced("modalities.plane.heatmap:swapped_order", lambda names: [1, 2, 0]),
    ),
    Mutant(
        "heat is taken from the nearest pixel",
        SCALE,
        "heatmap",
        replaced(f"modalities.{HEATMAP}.interpolation", "nearest"),
    ),
    Mutant(
        "a crop of heat is one pixel off", CROP, "heatmap", skewed(HEATMAP, "plane", shifted(1, 0))
    ),
    Mutant("heat grows with the picture", RESIZE, "heatmap", _after(HEATMAP, _times(1.25))),
    Mutant("a turn leaves the heat", TILT, "heatmap", left_behind(HEATMAP, "plane")),
    Mutant("a card leaves the heat", CARD, "heatmap", left_behind(HEATMAP, "occlude")),
    # Flow
    Mutant("a mirror leaves the flow", FLIP, "flow", left_behind(FLOW, "plane")),
    Mutant("a mirror moves only the pixels of flow", FLIP, "flow", _as_raster(FLOW)),
    Mutant("a turn moves only the pixels of flow", TILT, "flow", _as_raster(FLOW)),
    Mutant("a size moves only the pixels of flow", RESIZE, "flow", _as_raster(FLOW)),
    Mutant("a mirror turns both numbers of flow", UPSIDE, "flow", _after(FLOW, _times(-1.0, 1.0))),
    Mutant("a turn of flow goes the other way", QUARTER, "flow", _after(FLOW, _times(-1.0, -1.0))),
    Mutant(
        "flow in perspective moves by the centre",
        ASIDE,
        "flow",
        replaced(f"modalities.{FLOW}.warp", _by_centre),
    ),
    Mutant(
        "a zoom adds to the flow",
        SCALE,
        "flow",
        _after(FLOW, lambda out, plane: out + np.float32(0.2)),
    ),
    Mutant("a card leaves the flow", CARD, "flow", left_behind(FLOW, "occlude")),
    Mutant(
        "what shows nothing has a flow of 0",
        TILT,
        "flow",
        _after(FLOW, lambda out, plane: np.nan_to_num(out)),
    ),
    # Normals
    Mutant("a mirror leaves the normals", FLIP, "normals", left_behind(NORMALS, "plane")),
    Mutant(
        "a mirror moves only the pixels of normals",
        FLIP,
        "normals",
        replaced("maps.bearing:Bearing.numbers", IDENTITY),
    ),
    Mutant(
        "a turn moves only the pixels of normals",
        TILT,
        "normals",
        replaced("maps.bearing:Bearing.then", lambda self, plane: self),
    ),
    Mutant(
        "a camera that turns leaves the normals",
        YAW,
        "normals",
        replaced("maps.bearing:Bearing.then", lambda self, plane: self),
    ),
    Mutant(
        "normals turn against their camera",
        NOD,
        "normals",
        replaced(
            "maps.bearing:Bearing.numbers",
            property(lambda self: tuple(np.reshape(self.turn, (3, 3)).T.ravel())),
        ),
    ),
    Mutant(
        "a kept world keeps the normals of a mirror",
        KEPT,
        "normals",
        replaced("maps.bearing:Bearing.numbers", property(lambda self: self.turn)),
    ),
    Mutant("a size leans the normals", RESIZE, "normals", _after(NORMALS, _times(1.25, 1.0, 1.0))),
    Mutant(
        "normals are those of OpenGL", UPSIDE, "normals", _after(NORMALS, _times(1.0, -1.0, -1.0))
    ),
    Mutant("a sensor that is out has normals", OUT, "normals", left_behind(NORMALS, "drop")),
    # Disparity
    Mutant("a mirror leaves the disparity", FLIP, "disparity", left_behind(DISPARITY, "plane")),
    Mutant("a mirror moves only the pixels of disparity", FLIP, "disparity", _as_raster(DISPARITY)),
    Mutant("a size moves only the pixels of disparity", RESIZE, "disparity", _as_raster(DISPARITY)),
    Mutant("disparity grows with the height", RESIZE, "disparity", _after(DISPARITY, _by_height)),
    Mutant(
        "disparity shrinks where the picture grows",
        SCALE,
        "disparity",
        _after(DISPARITY, lambda out, plane: (out / plane.numbers[0] ** 2).astype(out.dtype)),
    ),
    Mutant(
        "a mirror upside down turns the disparity",
        UPSIDE,
        "disparity",
        _after(DISPARITY, _times(-1.0)),
    ),
    Mutant(
        "a crop of disparity is at another corner",
        CROP,
        "disparity",
        misread("crop", x=lambda x: 1.0 - x),
    ),
    Mutant("a card leaves the disparity", CARD, "disparity", left_behind(DISPARITY, "occlude")),
)
