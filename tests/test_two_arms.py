"""Two simulated arms: joints, poses, pictures, words and steps agree after every step."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
import yaml

from syncaug import load_policy
from tests.samples import ROOT
from tests.two_arms import ARM, BLOCKS, RATE, ROWS, episode, forward, picture, pose_of

POLICY = (ROOT / "policies" / "two_arms.yaml").read_text(encoding="utf-8")
MIRROR = [{"name": "mirror", "uses": "flip", "with": {"world": "y"}}]


@cache
def _episode() -> dict[str, Any]:
    return episode()


def carried(steps: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """The episode after some steps; `changes` are options of the action."""
    policy = yaml.safe_load(POLICY)
    policy["sample"]["action"] |= changes
    policy["steps"] = steps
    return dict(load_policy(json.dumps(policy))(_episode(), key=1))


def test_a_mirror_is_the_forward_kinematics_of_mirrored_joints() -> None:
    """Poses after the mirror are those of the joints after it, to a nanometre."""
    out = carried(MIRROR)
    worst = 0.0
    for row in range(ROWS):
        for index, side in enumerate(("left", "right")):
            arm = out["state"][row, ARM * index : ARM * (index + 1)]
            place, turn, _ = forward(arm[:6], side)
            said, axes = pose_of(arm)
            worst = max(worst, float(np.abs(place - said).max()), float(np.abs(turn - axes).max()))
    assert worst < 1e-9


def test_a_mirror_of_the_picture_shows_the_mirrored_robot() -> None:
    """The mirrored picture is what the new camera sees of the new joints and mirrored blocks."""
    out = carried(MIRROR)
    blocks = {name: ((x, -y, z), colour) for name, ((x, y, z), colour) in BLOCKS.items()}
    joints = (out["state"][0, :6], out["state"][0, ARM : ARM + 6])
    drawn = picture(joints, blocks, out["camera"])
    assert (drawn != out["head"]).any(axis=-1).mean() < 2e-3  # pixels on a rim, by rounding
    assert (np.asarray(out["camera"]["K"])[[0, 1], [0, 1]] > 0).all()


def test_a_mirror_of_the_words_is_true() -> None:
    """The block that the instruction names lies where it says."""
    for steps, side in (([], "left"), (MIRROR, "right")):
        out = carried(steps)
        assert out["instruction"] == f"Pick up the red block on the {side}."
        red = (out["head"] == BLOCKS["red"][1]).all(axis=-1)
        middle = np.argwhere(red)[:, 1].mean()
        assert (middle < (out["head"].shape[1] - 1) / 2) == (side == "left")


def test_grippers_trade_places() -> None:
    before, after = _episode()["state"], carried(MIRROR)["state"]
    assert np.array_equal(after[:, ARM - 1], before[:, 2 * ARM - 1])
    assert np.array_equal(after[:, 2 * ARM - 1], before[:, ARM - 1])


def test_a_mirror_twice_is_none() -> None:
    out = carried([*MIRROR, {"name": "again", "uses": "flip", "with": {"world": "y"}}])
    for key in ("state", "action"):
        assert np.allclose(out[key], _episode()[key], atol=1e-12)
    assert np.array_equal(out["head"], _episode()["head"])


CHAINS: dict[str, list[dict[str, Any]]] = {
    "as it is": [],
    "mirror": MIRROR,
    "trim": [{"name": "a", "uses": "trim", "with": {"start": 0.3, "duration": 1.2}}],
    "fast": [{"name": "a", "uses": "speed", "with": {"factor": 1.7}}],
    "slow": [{"name": "a", "uses": "speed", "with": {"factor": 0.6}}],
    "backwards": [{"name": "a", "uses": "reverse"}],
    "all": [
        *MIRROR,
        {"name": "a", "uses": "speed", "with": {"factor": 1.3}},
        {"name": "b", "uses": "reverse"},
        {"name": "c", "uses": "trim", "with": {"start": 0.2, "duration": 1.0}},
        {"name": "d", "uses": "world_scale", "with": {"factor": 1.2}},
        {"name": "e", "uses": "world_rotate", "with": {"degrees": 30}},
    ],
}


@pytest.mark.parametrize("steps", CHAINS.values(), ids=CHAINS)
def test_steps_lead_from_state_to_state(steps: list[dict[str, Any]]) -> None:
    """Whatever was done, a state and its step give the next state, to a nanometre."""
    out = carried(steps)
    state, action = out["state"], out["action"]
    assert len(state) == len(action)
    clear = slice(3, len(state) - 3)  # at the ends a step would lead out of the recording
    for index in range(2):
        for row in range(*clear.indices(len(state))):
            now, later = (state[r, ARM * index : ARM * (index + 1)] for r in (row, row + 1))
            step = action[row, 7 * index : 7 * (index + 1)]
            (place, turn), (there, axes) = pose_of(now), pose_of(later)
            assert np.abs(place + turn @ step[:3] - there).max() < 1e-9
            assert np.abs(turn @ _exponential(step[3:6]) - axes).max() < 1e-9


def _exponential(vector: Any) -> Any:
    angle = np.linalg.norm(vector)
    x, y, z = vector / (angle or 1.0)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def test_in_base_frame_a_turned_world_changes_nothing() -> None:
    turn = [{"name": "a", "uses": "world_rotate", "with": {"degrees": 50}},
            {"name": "b", "uses": "world_translate", "with": {"x": 2.0}}]  # fmt: skip
    out = carried(turn)
    assert np.array_equal(out["state"], _episode()["state"])
    assert np.array_equal(out["action"], _episode()["action"])


def test_the_shipped_policy_runs() -> None:
    policy = load_policy(POLICY)
    mirrored = set()
    for key in range(12):
        out = policy(_episode(), key=key)
        mirrored.add("right" in out["instruction"])
        assert out["state"].shape[1] == 2 * ARM
        quaternions = out["state"][:, [9, 10, 11, 12]]
        assert np.allclose(np.linalg.norm(quaternions, axis=1), 1.0)
    assert mirrored == {True, False}
    assert RATE == 20
