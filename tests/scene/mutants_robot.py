"""Planted errors of robots: what is wrong, under which steps, and which stream must tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from syncaug.catalogue.quantities import MEANINGS
from syncaug.kernels import robot_moves, robot_time
from syncaug.maps.world import WorldMap
from tests.scene.planting import Mutant, left_behind, replaced, skewed

__all__ = ["ROBOT_MUTANTS"]

STATE, ACTION = "clock.robot:StateCarrier", "clock.robot:ActionCarrier"
FLIP = (("flip", {"axis": "horizontal"}),)
TURN = (("world_rotate", {"degrees": 40.0}),)
CARRY = (("world_translate", {"x": 1.0, "y": -2.0, "z": 0.5}),)
GROW = (("world_scale", {"factor": 1.7}),)
FAST = (("speed", {"factor": 1.25}),)
BACK = (("reverse", {}),)
TRIM = (("trim", {"duration": 0.7, "start": 0.2}),)
BLANK = (("mask_time", {"spans": 2, "duration": 0.15, "shape": 0.4}),)
OUT = (("drop_modality", {"count": 64}),)

_MOVED, _BETWEEN, _STEPS = robot_moves._moved, robot_time._between, robot_time._steps


def _changed(**changes: Any) -> Any:
    """The move of one group as if it were another kind of group."""

    def moved(values: Any, group: Any, world: Any) -> Any:
        right = {name: rule(group) for name, rule in changes.items()}
        return _MOVED(values, replace(group, **right), world)

    return replaced("kernels.robot_moves:_moved", moved)


def _sides_stay(rows: Any, layout: Any, world: Any) -> Any:
    out = np.empty_like(rows)
    for group in layout.groups:
        out[:, group.columns] = _MOVED(rows[:, group.columns], group, world)
    return out


def _spins_as_vector(values: Any, group: Any, world: Any) -> Any:
    moved = _MOVED(values, group, world)
    return -moved if group.means == "angular_velocity" and world.mirrors else moved


def _turns_as_vector(values: Any, group: Any, world: Any) -> Any:
    moved = _MOVED(values, group, world)
    return -moved if group.means == "axis_angle" and world.mirrors else moved


def _linear(values: Any, group: Any, places: Any) -> Any:
    if group.means == "gripper":
        return np.interp(places, np.arange(len(values)), values[:, 0])[:, None]
    return _BETWEEN(values, group, places)


def _unscaled(world: Any) -> Any:
    return WorldMap.of(np.diag([1 / world.scale] * 3 + [1.0]) @ world.matrix)


def _unpaced(patch: Any) -> None:
    calm = {name: meaning._replace(paced=False) for name, meaning in MEANINGS.items()}
    patch.setattr("syncaug.plan.robot_columns.MEANINGS", calm)


ROBOT_MUTANTS = (
    Mutant("a mirror leaves the robot", FLIP, "state", left_behind(STATE, "world")),
    Mutant(
        "hands do not trade places",
        FLIP,
        "state",
        replaced("modalities.clock.robot:moved_rows", _sides_stay),
    ),
    Mutant(
        "a mirrored spin is a vector",
        FLIP,
        "state",
        replaced("kernels.robot_moves:_moved", _spins_as_vector),
    ),
    Mutant(
        "joints keep their signs",
        FLIP,
        "state",
        _changed(signs=lambda group: (1.0,) * group.width),
    ),
    Mutant("a tool's other axis turns round", FLIP, "state", _changed(tool_lateral=lambda _: 0)),
    Mutant("a robot is seen from its base", TURN, "state", _changed(frame=lambda _: "base")),
    Mutant("a carried world leaves the robot", CARRY, "state", left_behind(STATE, "world")),
    Mutant("a robot does not grow", GROW, "state", skewed(STATE, "world", _unscaled)),
    Mutant("a cut leaves the robot", TRIM, "state", left_behind(STATE, "time")),
    Mutant(
        "grippers are half closed",
        FAST,
        "state",
        replaced("kernels.robot_time:_between", _linear),
    ),
    Mutant("speeds do not follow the speed", FAST, "state", _unpaced),
    Mutant("a blank is measured", BLANK, "state", left_behind(STATE, "blank")),
    Mutant("a dead robot measures", OUT, "state", left_behind(STATE, "drop")),
    Mutant("steps are carried along", CARRY, "action", _changed(relative=lambda _: False)),
    Mutant("a turned world leaves the steps", TURN, "action", left_behind(STATE, "world")),
    Mutant(
        "mirrored turns are vectors",
        FLIP,
        "action",
        replaced("kernels.robot_moves:_moved", _turns_as_vector),
    ),
    Mutant(
        "steps are as long at any speed",
        FAST,
        "action",
        replaced(
            "kernels.robot_time:_steps",
            lambda values, way, begins, ends: _STEPS(values, way, begins, begins + 1.0),
        ),
    ),
    Mutant(
        "steps lead on where time leads back",
        BACK,
        "action",
        replaced(
            "kernels.robot_time:_steps",
            lambda values, way, begins, ends: _STEPS(
                values, way, begins, begins + abs(ends - begins)
            ),
        ),
    ),
    Mutant(
        "targets lie behind the robot",
        BACK,
        "action",
        replaced(
            "modalities.clock.robot:read_robot",
            lambda rows, layout, at, ahead: robot_time.read_robot(rows, layout, at, 0),
        ),
    ),
    Mutant("steps do not grow", GROW, "action", skewed(STATE, "world", _unscaled)),
    Mutant("a blank is acted in", BLANK, "action", left_behind(STATE, "blank")),
)
"""Every one of them must be caught."""
