"""Squares of several cameras: a world step moves all of them, a plane step the one it names."""

from __future__ import annotations

from typing import Any

import pytest

from syncaug import load_policy
from tests.samples import equal
from tests.scene.render import declared, render, stream_names
from tests.scene.rigs import around, pair
from tests.scene.square import square

STILL = frozenset(
    {"image", "mask", "depth", "boxes", "keypoints", "phrases", "text", "camera"}
    | {"points", "boxes3d", "label"}
)

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("flip", {"axis": "horizontal"}),
    ("rotate", {"degrees": 12.0}),
    ("scale", {"factor": 1.2}),
    ("crop", {"area": 0.6, "x": 0.3, "y": 0.6, "points": "visible"}),
    ("camera_rotate", {"axis": "vertical", "degrees": 7.0}),
    ("perspective", {"corners": [0.05, 0.02, -0.03, 0.04, 0.02, -0.05, 0.06, 0.01]}),
    ("world_rotate", {"degrees": 70.0}),
    ("world_scale", {"factor": 1.5}),
    ("world_translate", {"x": 2.0, "y": -1.0, "z": 0.4}),
)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[0])
def test_two_cameras_beside_each_other(step: tuple[str, dict[str, Any]]) -> None:
    wrong = {name: found for name, found in square(pair(), [step], STILL).items() if found}
    assert wrong == {}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[0])
def test_six_cameras_around_one_lidar(step: tuple[str, dict[str, Any]]) -> None:
    wrong = {name: found for name, found in square(around(), [step], STILL).items() if found}
    assert wrong == {}


def test_a_plane_step_touches_one_of_six() -> None:
    step = ("scale", {"factor": 1.2, "plane": "back"})
    scene = around()
    assert not any(square(scene, [step], STILL).values())
    policy = load_policy(
        f"syncaug: 1\nsample:\n{declared(scene, STILL)}"
        "steps: [{name: step, uses: scale, with: {factor: 1.2, plane: back}}]\n"
    )
    before = render(scene, STILL)
    after = policy(before, key=1)
    for name, (_, eye) in stream_names(scene, STILL).items():
        if not name.startswith("back_") or eye.name != "back":
            assert equal(before[name], after[name]), name
