"""States and actions: forms, frames, orders, and what is refused of them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, PolicyError, SampleError, load_policy

HALF = np.sqrt(0.5)
FORMS: dict[str, tuple[dict[str, Any], list[float]]] = {
    "wxyz": ({"is": "quaternion", "order": "wxyz"}, [HALF, 0, 0, HALF]),
    "xyzw": ({"is": "quaternion", "order": "xyzw"}, [0, 0, HALF, HALF]),
    "matrix": ({"is": "matrix"}, [0, -1, 0, 1, 0, 0, 0, 0, 1]),
    "matrix by columns": ({"is": "matrix", "order": "columns"}, [0, 1, 0, -1, 0, 0, 0, 0, 1]),
    "6-D": ({"is": "rotation_6d"}, [0, 1, 0, -1, 0, 0]),
    "6-D by rows": ({"is": "rotation_6d", "order": "rows"}, [0, -1, 0, 1, 0, 0]),
    "axis and angle": ({"is": "axis_angle"}, [0, 0, np.pi / 2]),
    "roll, pitch, yaw": ({"is": "euler", "order": "xyz"}, [0, 0, np.pi / 2]),
    "yaw first, degrees": ({"is": "euler", "order": "ZYX", "unit": "degrees"}, [90, 0, 0]),
}
"""A quarter turn to the left about z in each form."""


def carried(columns: list[dict[str, Any]], value: Any, steps: list[Any], **options: Any) -> Any:
    stream = {"modality": "state", "columns": columns, **options}
    policy = {"syncaug": 1, "sample": {"image": "image", "state": stream}, "steps": steps}
    sample = {"image": np.zeros((4, 6, 3), np.uint8), "state": value}
    return load_policy(json.dumps(policy))(sample, key=1)["state"]


def step(name: str, **values: Any) -> dict[str, Any]:
    return {"name": name, "uses": name, "with": values}


MIRROR = [step("flip", world="y")]


@pytest.mark.parametrize(("form", "left"), FORMS.values(), ids=FORMS)
def test_a_turn_to_the_left_becomes_one_to_the_right(form: dict[str, Any], left: Any) -> None:
    right = carried([{"name": "tool", **form}], np.array(left, float), MIRROR)
    again = carried([{"name": "tool", **form}], right, MIRROR)
    assert np.allclose(again, left)
    about = {"quaternion": 1, "axis_angle": 1, "euler": 1}.get(form["is"], 0)
    if about:
        wanted = np.array(left, float)
        at = {"wxyz": [3], "xyzw": [2], "ZYX": [0], "xyz": [2]}.get(form.get("order", ""), [2])
        wanted[at] *= -1
        assert np.allclose(right, wanted)
    else:
        assert np.allclose(right, np.array(left) * np.where(np.isin(np.abs(left), 1), 1, 0)
                           * _signs(form))  # fmt: skip


def _signs(form: dict[str, Any]) -> Any:
    """Which entries of a turn about z change their sign with it: those off the diagonal."""
    off = np.array([[1, -1, 1], [-1, 1, 1], [1, 1, 1]])
    return off.ravel() if form["is"] == "matrix" else off[:2].ravel()


@pytest.mark.parametrize(("form", "left"), FORMS.values(), ids=FORMS)
def test_a_turned_world_turns_them(form: dict[str, Any], left: Any) -> None:
    """Four quarter turns of the world are none, and one makes a half turn of a quarter."""
    turns = [{**step("world_rotate", degrees=90), "name": f"t{n}"} for n in range(4)]
    out = carried([{"name": "tool", **form}], np.array(left, float), turns, frame="world")
    assert np.allclose(np.abs(out), np.abs(left), atol=1e-9)
    back = [step("world_rotate", degrees=-90)]
    out = carried([{"name": "tool", **form}], np.array(left, float), back, frame="world")
    nothing = {
        "quaternion": [1, 0, 0, 0] if form.get("order") == "wxyz" else [0, 0, 0, 1],
        "matrix": np.eye(3).ravel(),
        "rotation_6d": np.eye(3)[:2].ravel(),
    }.get(form["is"], [0, 0, 0])
    assert np.allclose(out, nothing, atol=1e-9)


def test_forms_come_back() -> None:
    columns = [{"name": "p", "is": "position"}]
    for value in (np.ones(3, np.float32), np.ones((5, 3))):
        out = carried(columns, value, MIRROR)
        assert out.dtype == value.dtype
        assert out.shape == value.shape
        assert np.array_equal(out, value * [1, -1, 1])
    assert carried(columns, [1.0, 2.0, 3.0], MIRROR) == [1.0, -2.0, 3.0]
    stamped = {"array": np.ones((4, 3)), "timestamps": [0.0, 0.1, 0.3, 0.4]}
    out = carried(columns, stamped, [*MIRROR, step("reverse")], clock="log")
    assert np.allclose(out["timestamps"], [0.0, 0.1, 0.3, 0.4])
    assert isinstance(out["timestamps"], list)


def test_between_rows() -> None:
    """Half way: the middle of places, half of the turn, and the nearer gripper."""
    columns = [
        {"name": "p", "is": "position"},
        {"name": "q", "is": "quaternion", "order": "wxyz"},
        {"name": "g", "is": "gripper"},
        {"name": "v", "is": "linear_velocity"},
    ]
    rows = np.array([[0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0], [2, 0, 0, HALF, 0, 0, HALF, 1, 3, 0, 0.0]])
    out = carried(columns, rows, [step("speed", factor=2.0)], rate=10)
    eighth = [np.cos(np.pi / 8), 0, 0, np.sin(np.pi / 8)]
    assert np.allclose(out, [[1, 0, 0, *eighth, 1, 4, 0, 0]])


def test_a_quaternion_of_the_other_sign_is_the_same_turn() -> None:
    rows = np.array([[1.0, 0, 0, 0], [-HALF, 0, 0, -HALF]])
    columns = [{"name": "q", "is": "quaternion", "order": "wxyz"}]
    out = carried(columns, rows, [step("speed", factor=2.0)], rate=10)
    assert np.allclose(out, [[np.cos(np.pi / 8), 0, 0, np.sin(np.pi / 8)]])


def test_nothing_is_at_rest() -> None:
    columns = [{"name": "q", "is": "quaternion", "order": "xyzw"}, {"name": "p", "is": "position"}]
    value = np.array([0, 0, HALF, HALF, 1.0, 2.0, 3.0])
    out = carried(columns, value, [step("drop_modality", streams=["state"], count=1)])
    assert np.array_equal(out, [0, 0, 0, 1, 0, 0, 0])


def test_a_world_grows() -> None:
    columns = [
        {"name": "p", "is": "position"},
        {"name": "w", "is": "angular_velocity"},
        {"name": "j", "is": "joint"},
    ]
    out = carried(columns, np.arange(7.0), [step("world_scale", factor=2.0)])
    assert np.array_equal(out, [0, 2, 4, 3, 4, 5, 6])


def test_targets_are_reversed_where_they_say_how_far_they_lie_ahead() -> None:
    """In the reversed log, too, a target is where the robot is one row later."""
    state = np.arange(8.0)[:, None]
    policy = load_policy(
        "{syncaug: 1, "
        "sample: {state: {modality: state, rate: 10, columns: [{name: j, is: joint}]}, "
        "action: {modality: action, rate: 10, ahead: 1, columns: [{name: j, is: joint}]}}, "
        "steps: [{name: a, uses: reverse}]}"
    )
    out = policy({"state": state, "action": state + 1.0}, key=1)
    assert np.array_equal(out["action"][:-2], out["state"][1:-1])


def test_spans_of_a_partner() -> None:
    columns = "[{name: p, is: position}, {name: q, is: quaternion, order: wxyz}]"
    policy = load_policy(
        f"{{syncaug: 1, sample: {{state: {{modality: state, rate: 10, columns: {columns}}}}}, "
        "steps: [{name: a, uses: mix, with: {share: 0.5, at: 0.5, partner_at: 0.0}}]}"
    )
    own = np.tile([0.0, 0, 0, 1, 0, 0, 0], (8, 1))
    other = np.tile([1.0, 1, 1, HALF, HALF, 0, 0], (8, 1))
    out = policy({"state": own}, key=1, partner={"state": other})["state"]
    assert sorted(set(out[:, 0])) == [0.0, 1.0]
    assert np.allclose(np.linalg.norm(out[:, 3:], axis=1), 1.0)


WRONG = {
    "another width": (np.zeros(6), "p .3., q .4.; got"),
    "no numbers": ("text", "a state of shape"),
    "whole numbers": (np.zeros(7, int), "floats"),
    "not finite": (np.array([0, np.nan, 0, 1, 0, 0, 0]), "NaN"),
    "not of length 1": (np.array([0, 0, 0, 2.0, 0, 0, 0]), "quaternions of length 1.*length 2"),
    "zeros": (np.zeros((3, 7)), "length 0 in row 0"),
    "timestamps": ({"array": np.ones((2, 7)), "timestamps": [0, 1]}, "Declare rate:"),
    "nothing": (None, "a state of shape"),
}


@pytest.mark.parametrize(("value", "told"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_told(value: Any, told: str) -> None:
    columns = [{"name": "p", "is": "position"}, {"name": "q", "is": "quaternion", "order": "wxyz"}]
    with pytest.raises(SampleError, match=told):
        carried(columns, value, MIRROR)


def test_flawed_rotations() -> None:
    flawed = {
        "matrix": (np.diag([1.0, 1.0, -1.0]).ravel(), "determinant 1"),
        "rotation_6d": (np.array([1.0, 0, 0, 1.0, 0, 0]), "right angles"),
    }
    for means, (value, told) in flawed.items():
        with pytest.raises(SampleError, match=told):
            carried([{"name": "r", "is": means}], value, [])
    with pytest.warns(UserWarning, match="looks like degrees"):
        carried([{"name": "r", "is": "euler", "order": "xyz"}], np.array([90.0, 0, 0]), [])


def test_one_row_lies_on_no_clock() -> None:
    columns = [{"name": "j", "is": "joint"}]
    with pytest.raises(SampleError, match="no rate and no clock"):
        carried(columns, np.zeros(1), [], rate=10)


def test_targets_are_not_reversed_by_a_library() -> None:
    """What a policy cannot know when it is loaded is refused when it is carried out."""
    policy = load_policy(
        "{syncaug: 1, sample: {sound: {modality: audio, sample_rate: 100}, "
        "action: {modality: action, rate: 10, columns: [{name: j, is: joint}]}}, "
        "steps: [{name: a, apply: {sound: {op: audiomentations.Reverse}, action: follow}}]}"
    )
    sample = {"sound": np.zeros(100, np.float32), "action": np.zeros((10, 1))}
    with pytest.raises(AlignmentError, match="declare ahead:"):
        policy(sample, key=1)


def test_a_picture_is_not_mirrored_alone() -> None:
    for steps in ([step("flip")], [step("flip", world="keep")], [step("flip", world="x")]):
        with pytest.raises(PolicyError, match="SA591"):
            carried([{"name": "p", "is": "position"}], np.zeros(3), steps)


@pytest.mark.parametrize(
    ("streams", "stream", "told", "untold"),
    [
        ("c: {modality: camera, optional: true}", "frame: world", "'c' in each sample", "a camera"),
        ("c: {modality: camera, world: v}", "frame: world", "a camera stream with world: w", ""),
        ("c: {modality: camera, world: w}", "frame: base", ", or frame: world at 's'", "camera"),
    ],
)
def test_a_hint_asks_for_nothing_that_is_declared(
    streams: str, stream: str, told: str, untold: str
) -> None:
    policy = (
        f"{{syncaug: 1, sample: {{i: image, {streams}, s: {{modality: state, {stream}, "
        "world: WORLD, columns: [{name: p, is: position}]}}, steps: [{name: a, uses: flip}]}"
    )
    world = "w" if "world: " in streams else "world"
    with pytest.raises(PolicyError) as caught:
        load_policy(policy.replace("WORLD", world))
    (problem,) = caught.value.problems
    assert problem.code == "SA591"
    assert told in problem.expected
    assert not untold or untold not in problem.expected


@pytest.mark.parametrize(
    ("frame", "expected"),
    [("own", "world: y under with:"), ("base", "world: y under with:, or frame: world at 'v'")],
)
def test_a_stream_of_the_world_is_not_asked_to_be_one(frame: str, expected: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(
            "{syncaug: 1, sample: {i: image, c: camera, s: {modality: state, frame: world, "
            f"columns: [{{name: p, is: position}}, {{name: v, is: linear_velocity, "
            f"frame: {frame}}}]}}}}, "
            "steps: [{name: a, uses: flip}]}"
        )
    (problem,) = caught.value.problems
    assert (problem.code, problem.expected) == ("SA591", expected)


def test_a_library_mirrors_no_robot_that_an_optional_camera_ties_to_a_picture() -> None:
    columns = "columns: [{name: p, is: position}]"
    with pytest.raises(PolicyError, match="SA591"):
        load_policy(
            "{syncaug: 1, sample: {i: image, c: {modality: camera, optional: true}, "
            f"s: {{modality: state, {columns}}}}}, "
            "steps: [{name: a, apply: {i: {op: albumentations.HorizontalFlip}, c: follow}}]}"
        )


def test_a_library_does_not_mirror_a_picture_alone() -> None:
    columns = [{"name": "j", "is": "joint"}]
    mirror: dict[str, Any] = {"image": {"op": "albumentations.HorizontalFlip"}}
    with pytest.raises(PolicyError, match="'state' would stay behind"):
        carried(columns, np.zeros(1), [{"name": "a", "apply": mirror}])
    kept = [{"name": "a", "apply": {**mirror, "state": "keep"}}]
    assert carried(columns, np.zeros(1), kept) == 0.0


def _curve() -> Any:
    return np.cumsum(np.arange(8.0)[:, None] * [[1, 2, 3]], axis=0)


@pytest.mark.parametrize(
    "way",
    [
        step("time_warp", strength=0.4),
        step("speed", factor=0.7),
        step("speed", factor=1.6),
        step("reverse"),
        step("trim", duration=0.4, start=0.13),
    ],
    ids=lambda way: f"{way['name']} {list(way['with'].values())}",
)
def test_a_state_and_its_step_give_the_next_state(way: Any) -> None:
    columns = [{"name": "tool", "is": "position"}]
    streams = {
        "state": {"modality": "state", "rate": 10, "columns": columns},
        "action": {"modality": "action", "rate": 10, "relative": True, "columns": columns},
    }
    policy = load_policy(json.dumps({"syncaug": 1, "sample": streams, "steps": [way]}))
    states = _curve()
    steps = np.vstack([np.diff(states, axis=0), [[8, 16, 24]]])
    out = policy({"state": states, "action": steps}, key=1)
    assert len(out["state"]) > 3
    assert np.allclose(out["state"][:-1] + out["action"][:-1], out["state"][1:])


def test_where_time_leaps_a_step_goes_on_as_it_went() -> None:
    columns = [{"name": "tool", "is": "position"}]
    action = {"modality": "action", "rate": 10, "relative": True, "columns": columns}
    steps = np.arange(12.0).reshape(4, 3)
    for way in (step("loop", times=3), step("time_shift", seconds=0.2, wrap=True)):
        policy = load_policy(
            json.dumps({"syncaug": 1, "sample": {"action": action}, "steps": [way]})
        )
        out = policy({"action": steps}, key=1)["action"]
        rows = {tuple(row) for row in out.tolist()}
        assert rows == {tuple(row) for row in steps.tolist()}
