"""The squares of 3-D boxes in the conventions of data sets, beside a cloud and a camera.

Each form is carried through every transform that reaches boxes; planted errors in what the columns
mean must break a square.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, load_policy
from syncaug.maps.rotation import from_angles
from syncaug.modalities.world import box3d_forms, box3d_table, boxes3d
from tests.scene.render import declared, render
from tests.scene.scene import Scene
from tests.scene.scenes import small_scene
from tests.scene.solid_forms import FORMS, FREE, UPRIGHT, YAWS, rows_of
from tests.scene.square import Step, changed

_BOXES = "{modality: boxes3d"
_KINDS = frozenset({"camera", "points"})
_FLIPS: list[list[Step]] = [
    [("flip", {"axis": axis, "world": world})]
    for axis in ("horizontal", "vertical", "both")
    for world in ("mirror", "x", "y", "z")
]
_MOVES: list[list[Step]] = [
    [("world_scale", {"factor": 0.4})],
    [("world_translate", {"x": 3.0, "y": -5.0, "z": 1.5})],
    [("world_scale", {"factor": 2.1}), ("flip", {"axis": "horizontal"})],
]
_TURNS: list[list[Step]] = [[("world_rotate", {"degrees": float(d)})] for d in (35, -170, 90, 180)]
_TILTS: list[list[Step]] = [
    [("world_rotate", {"axis": axis, "degrees": degrees})]
    for axis in ("x", "y")
    for degrees in (25.0, -140.0, 90.0)
] + [
    [
        ("world_rotate", {"axis": "x", "degrees": 60.0}),
        ("flip", {"axis": "horizontal", "world": "y"}),
        ("world_rotate", {"axis": "z", "degrees": 100.0}),
        ("world_scale", {"factor": 1.5}),
    ],
]
_Y_DOWN: list[list[Step]] = [
    [("world_rotate", {"axis": "y", "degrees": degrees})] for degrees in (35.0, -170.0, 90.0)
]


def _steps(form: str) -> list[list[Step]]:
    turns = _Y_DOWN if form == "kitti" else _TURNS
    flips = [f for f in _FLIPS if form != "kitti" or f[0][1]["world"] == "x"]
    moves = _MOVES[:2] if form == "kitti" else _MOVES
    return [*flips, *moves, *turns, *(_TILTS if form in FREE else [])]


def _scene(form: str) -> Scene:
    """The scene, for a form of camera coordinates with y down and z ahead."""
    if form != "kitti":
        return small_scene()
    scene = small_scene().change(label=10)
    return scene.moved(lambda points: points[..., [0, 2, 1]] * [1.0, -1.0, 1.0])


def _square(form: str, steps: list[Step]) -> float:
    """By how much the rows differ at most between the two ways round; yaws modulo a turn."""
    scene = _scene(form)
    if form == "kitti":
        scene = scene.change(label=3)
    chain = ", ".join(
        f"{{name: step{index}, uses: {name}, with: {json.dumps(parameters)}}}"
        for index, (name, parameters) in enumerate(steps)
    )
    policy = load_policy(
        f"syncaug: 1\nsample:\n{declared(scene, _KINDS)}"
        f"  solids: {FORMS[form].replace(_BOXES, f'{_BOXES}, world: ground')}\n"
        f"steps: [{chain}]\n"
    )
    who = [shape.outline for shape in scene.shapes]
    upright = scene.change(label=10) if form == "kitti" else scene
    sample = {**render(scene, _KINDS), "solids": rows_of(upright, form), "who": who}
    out = policy(sample, key="scene")
    assert out["who"] == who
    wanted = rows_of(changed(upright, steps), form)
    off = out["solids"] - wanted
    if form in YAWS:
        column, unit = YAWS[form]
        turn = 2.0 * np.pi * unit
        off[:, column] = (off[:, column] + turn / 2) % turn - turn / 2
    return float(np.abs(off).max())


_CASES = [(form, steps) for form in FORMS for steps in _steps(form)]


@pytest.mark.parametrize(
    ("form", "steps"), _CASES, ids=lambda case: case if isinstance(case, str) else str(case)[:70]
)
def test_a_form_commutes(form: str, steps: list[Step]) -> None:
    assert _square(form, steps) < 1e-9


def test_forms_of_all_kinds_are_there() -> None:
    assert {*FREE, *UPRIGHT} == set(FORMS)


# Planted errors

_TURN: list[Step] = [("world_rotate", {"degrees": 35.0})]
_GROW: list[Step] = [("world_scale", {"factor": 0.4})]
_TILT: list[Step] = [("world_rotate", {"axis": "x", "degrees": 25.0})]
_FLIP: list[Step] = [("flip", {"axis": "horizontal"})]
_DOWN: list[Step] = [("world_rotate", {"axis": "y", "degrees": 35.0})]
_HEADFIRST: list[Step] = [("flip", {"axis": "vertical", "world": "z"})]
_Plant = Callable[[pytest.MonkeyPatch], None]


def _form(**changes: Any) -> _Plant:
    """The conventions are read as others."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        old = box3d_forms.BoxForm.of
        patch.setattr(boxes3d.BoxForm, "of", lambda stream: replace(old(stream), **changes))

    return plant


def _vectors(rule: Callable[[Any], Any]) -> _Plant:
    """Each vector beside the boxes is read as another."""
    return _layout(vectors=lambda found: tuple(map(rule, found)))


def _steady(beside: Any) -> Any:
    kind = beside.vector.kind._replace(world=0)
    return replace(beside, vector=replace(beside.vector, kind=kind))


def _backwards(beside: Any) -> Any:
    return replace(beside, vector=replace(beside.vector, columns=beside.vector.columns[::-1]))


def _layout(**changes: Any) -> _Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        old = box3d_forms.box_layout

        def layout(options: Any) -> Any:
            found = old(options)
            made = {name: rule(getattr(found, name)) for name, rule in changes.items()}
            return replace(found, **made)

        patch.setattr(box3d_forms, "box_layout", layout)

    return plant


def _stands(path: Any, name: str, value: Any) -> _Plant:
    return lambda patch: patch.setattr(path, name, value)


MUTANTS: dict[str, tuple[str, list[Step], _Plant]] = {
    "velocities stay": ("plain", _TURN, _layout(vectors=lambda _: ())),
    "velocities do not grow": ("nuscenes", _GROW, _vectors(_steady)),
    "two components are x and y": ("kitti", _DOWN, _vectors(lambda v: replace(v, axes=(0, 1)))),
    "components in another order": ("nuscenes", _FLIP, _vectors(_backwards)),
    "clockwise is counterclockwise": ("degrees", _TURN, _form(clockwise=False)),
    "KITTI's angle goes the other way": ("kitti", _DOWN, _form(clockwise=False)),
    "degrees are gons": ("degrees", _TURN, _form(unit=np.pi / 200.0)),
    "bottom is centre": ("degrees", _HEADFIRST, _form(bottom=False)),
    "width is height": ("degrees", _HEADFIRST, _layout(size=lambda s: (s[0], s[2], s[1]))),
    "roll is pitch": ("angles", _TILT, _layout(angles=lambda a: (a[0], a[2], a[1]))),
    "quaternions are x first": (
        "nuscenes",
        _TURN,
        _layout(quaternion=lambda q: (*q[1:], q[0])),
    ),
    "a mirror keeps the left": (
        "nuscenes",
        _FLIP,
        _stands(box3d_table, "_OTHER_HAND", np.array([-1.0, 1.0, 1.0])),
    ),
    "a mirror turns the yaw by half": (
        "plain",
        _FLIP,
        _stands(box3d_table, "_OTHER_HAND", np.array([-1.0, 1.0, 1.0])),
    ),
    "the roll turns first": (
        "angles",
        _TILT,
        lambda patch: patch.setattr(
            box3d_forms,
            "from_angles",
            lambda yaw, pitch=None, roll=None: (
                from_angles(yaw)
                if pitch is None
                else from_angles(np.zeros_like(yaw), np.zeros_like(yaw), roll)
                @ from_angles(yaw, pitch, np.zeros_like(yaw))
            ),
        ),
    ),
    "z is up": ("kitti", _DOWN, _form(axes=np.eye(3))),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_error_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form, steps, plant = MUTANTS[name]
    assert _square(form, steps) < 1e-9
    plant(monkeypatch)
    try:
        off = _square(form, steps)
    except AlignmentError:
        return  # it says that boxes would tilt
    assert off > 1e-3
