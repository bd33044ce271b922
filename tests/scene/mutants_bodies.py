"""Planted errors in joints and in maps of the ground."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from syncaug.backends import opencv
from syncaug.maps.world import WorldMap
from tests.scene.planting import Mutant, Plant, left_behind, replaced, skewed

__all__ = ["MUTANTS"]

JOINTS, BEV = "world.joints:JointsCarrier", "world.bev:BevCarrier"
FLIP = (("flip", {"axis": "horizontal"}),)
TURN = (("world_rotate", {"degrees": 40.0}),)
GROW = (("world_scale", {"factor": 1.7}),)
CARRY = (("world_translate", {"x": 1.0, "y": -2.0, "z": 0.5}),)
YAW = (("camera_rotate", {"axis": "vertical", "degrees": 9.0}),)
CHAIN = (*TURN, *CARRY)


def _ruled(carrier: str, **changes: Any) -> Plant:
    """A carrier reads other rules out of its options."""
    from importlib import import_module

    module, _, name = carrier.partition(":")

    def plant(patch: pytest.MonkeyPatch) -> None:
        owner = getattr(import_module(f"syncaug.modalities.{module}"), name)
        old = owner.rules_of

        def rules(stream: Any) -> Any:
            found = old(stream)
            return replace(found, **{key: rule(found) for key, rule in changes.items()})

        patch.setattr(owner, "rules_of", rules)

    return plant


def _grid(**changes: Any) -> Plant:
    return _ruled(
        BEV,
        grid=lambda rules: replace(
            rules.grid, **{key: rule(rules.grid) for key, rule in changes.items()}
        ),
    )


def _back(world: Any) -> Any:
    return world.inverse


def _still(world: Any) -> Any:
    matrix = world.matrix.copy()
    matrix[:3, 3] = 0.0
    return WorldMap.of(matrix)


_A_CELL = np.array([[1.0, 0.0, 0.0, 0.1], [0, 1, 0, 0.0], [0, 0, 1, 0.0], [0, 0, 0, 1]])

MUTANTS = (
    Mutant("a turned world leaves the bodies", TURN, "bodies", left_behind(JOINTS, "world")),
    Mutant("a mirror leaves the bodies", FLIP, "bodies", left_behind(JOINTS, "world")),
    Mutant(
        "left hands stay left hands",
        FLIP,
        "bodies",
        _ruled(JOINTS, mirrored_order=lambda rules: ()),
    ),
    Mutant(
        "left hands of a camera stay left hands",
        FLIP,
        "seen_bodies",
        _ruled(JOINTS, mirrored_order=lambda rules: ()),
    ),
    Mutant(
        "what is named from a root is carried",
        CARRY,
        "rooted_bodies",
        _ruled(JOINTS, from_root=lambda rules: False),
    ),
    Mutant(
        "what is named from the origin is not carried",
        CARRY,
        "bodies",
        _ruled(JOINTS, from_root=lambda rules: True),
    ),
    Mutant("bodies before a camera do not grow", GROW, "seen_bodies", left_behind(JOINTS, "world")),
    Mutant("a turned camera leaves its bodies", YAW, "seen_bodies", left_behind(JOINTS, "plane")),
    Mutant(
        "up is down in OpenGL's axes",
        YAW,
        "opengl_bodies",
        replaced("modalities.world.joints:_OPENGL", np.array([1.0, 1.0, 1.0])),
    ),
    Mutant("bodies turn back", TURN, "bodies", skewed(JOINTS, "world", _back)),
    Mutant("a turned world leaves the map", TURN, "classes_below", left_behind(BEV, "world")),
    Mutant("a mirror leaves the map", FLIP, "soft_below", left_behind(BEV, "world")),
    Mutant("a map turns back", TURN, "classes_below", skewed(BEV, "world", _back)),
    Mutant("a map is not carried", CARRY, "classes_below", skewed(BEV, "world", _still)),
    Mutant(
        "a map's rows and columns trade places",
        CHAIN,
        "classes_below",
        _grid(rows=lambda grid: grid.columns, columns=lambda grid: grid.rows),
    ),
    Mutant(
        "a map's rows go the other way",
        TURN,
        "classes_below",
        _grid(rows=lambda grid: (grid.rows[0], -grid.rows[1])),
    ),
    Mutant(
        "a map's cells are twice as large",
        CARRY,
        "soft_below",
        _grid(resolution=lambda grid: None if grid.resolution is None else 2.0 * grid.resolution),
    ),
    Mutant(
        "a map begins elsewhere",
        TURN,
        "soft_below",
        _grid(corner=lambda grid: (0.0, 0.0)),
    ),
    Mutant(
        "a map is a cell off",
        CARRY,
        "classes_below",
        skewed(BEV, "world", lambda world: WorldMap.of(_A_CELL @ world.matrix)),
    ),
    Mutant(
        "classes are blended",
        TURN,
        "classes_below",
        replaced(
            "modalities.world.bev:BevCarrier.warp",
            lambda self, plane: ndimage.uniform_filter(
                opencv.warp_map(self.data, plane, "nearest", 0), 9
            ),
        ),
    ),
)
