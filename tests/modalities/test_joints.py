"""Joints: their forms, units, groups of rows, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, SampleError, SampleWarning, load_policy

NAMES = "names: [left_hand, right_hand, head]"
BODY = np.array([[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], [[0, 1, 0], [1, 0, 0], [0, 0, 1]]])
TURN = "uses: world_rotate, with: {degrees: 90}"
MIRROR = "uses: flip, with: {world: x}"


def policy(declared: str, step: str = TURN, rest: str = "") -> Any:
    return load_policy(
        f"syncaug: 1\nsample:\n  body: {{modality: joints, {declared}}}\n{rest}"
        f"steps: [{{name: step, {step}}}]\n"
    )


def test_forms_come_out_as_they_came() -> None:
    ready = policy(NAMES)
    turned = BODY[..., [1, 0, 2]] * [-1.0, 1.0, 1.0]
    for value in (BODY, BODY.astype(np.float32), BODY.tolist(), BODY[0], BODY[0].tolist()):
        out = ready({"body": value}, key="a")["body"]
        assert type(out) is type(value)
        wanted = turned if np.ndim(value) == 3 else turned[0]
        assert np.allclose(out, wanted, atol=1e-6)
        assert getattr(out, "dtype", None) == getattr(value, "dtype", None)


def test_a_mirror_trades_sides_and_a_fourth_column_goes_along() -> None:
    image = "  image: image\n"
    sample = {
        "image": np.zeros((4, 4, 3), np.uint8),
        "body": np.concatenate([BODY, np.full((2, 3, 1), 0.5)], axis=-1),
    }
    sample["body"][0, :, 3] = [0.1, 0.2, 0.3]
    out = policy(NAMES, MIRROR, image)(sample, key="a")["body"]
    assert np.array_equal(out[0, :, 3], [0.2, 0.1, 0.3])
    assert np.array_equal(out[0, 0, :3], [-4, 5, 6])
    kept = policy(f"{NAMES}, sides: keep", MIRROR, image)(sample, key="a")["body"]
    assert np.array_equal(kept[0, 0, :3], [-1, 2, 3])


def test_millimetres_and_roots() -> None:
    carry = "uses: world_translate, with: {x: 2, y: 0, z: 0}"
    moved = policy("unit: 0.001", carry)({"body": BODY * 1000.0}, key="a")["body"]
    assert np.allclose(moved, BODY * 1000.0 + [2000.0, 0.0, 0.0])
    rooted = policy("origin: root", carry)({"body": BODY}, key="a")["body"]
    assert np.array_equal(rooted, BODY)
    with pytest.warns(SampleWarning, match=r"unit: 0\.001"):
        policy(NAMES)({"body": BODY * 1000.0}, key="a")


def test_missing_joints_stay_missing() -> None:
    holed = BODY.copy()
    holed[0, 1] = np.nan
    out = policy(NAMES)({"body": holed}, key="a")["body"]
    assert np.array_equal(np.isnan(out), np.isnan(holed))
    listed = [[[1.0, 2, 3], [None, None, None], [7, 8, 9]]]
    out = policy(NAMES)({"body": listed}, key="a")["body"]
    assert out[0][1] == [None, None, None]


def test_joints_without_a_camera_turn_with_their_picture() -> None:
    declared = f"{NAMES}, axes: opencv"
    image = "  image: image\n"
    sample = {"image": np.zeros((4, 8, 3), np.uint8), "body": BODY}
    flipped = policy(declared, "uses: flip", image)(sample, key="a")["body"]
    assert np.array_equal(flipped, BODY[:, [1, 0, 2]] * [-1.0, 1.0, 1.0])
    turned = policy(declared, "uses: rotate, with: {degrees: 90, world: turn}", image)
    out = turned(sample, key="a")["body"]
    assert np.allclose(out, BODY[..., [1, 0, 2]] * [1.0, -1.0, 1.0])  # x right, y down
    cut = policy(declared, "uses: crop, with: {area: 0.5}", image)(sample, key="a")["body"]
    assert np.array_equal(cut, BODY)
    with pytest.raises(PolicyError, match="SA505"):
        policy(declared, "uses: flip, with: {world: keep}", image)


def test_rows_of_a_group_stay_together() -> None:
    cars = "  cars: {modality: boxes3d, labels: who, rows: person, lead: true}\n"
    ready = policy(f"{NAMES}, rows: person", "uses: crop, with: {area: 0.3, points: visible}",
                   f"{cars}  camera: camera\n  image: image\n")  # fmt: skip
    camera = {
        "K": np.array([[20.0, 0, 15.5], [0, 20, 15.5], [0, 0, 1]]),
        "world_to_camera": np.array([[0.0, -1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]),
        "size": (32, 32),
    }
    boxes = np.array([[20.0, 0, 0, 1, 1, 1, 0], [-20, 0, 0, 1, 1, 1, 0]])
    sample = {
        "image": np.zeros((32, 32, 3), np.uint8),
        "camera": camera,
        "cars": boxes,
        "who": ["ahead", "behind"],
        "body": BODY,
    }
    out = ready(sample, key="a")
    assert out["who"] == ["ahead"]
    assert np.array_equal(out["body"], BODY[:1])
    absent = [BODY[0].tolist(), None]
    out = ready({**sample, "body": absent}, key="a")
    assert out["body"] == absent[:1]


def test_joints_that_are_dropped() -> None:
    out = "uses: drop_modality, with: {count: 1}"
    assert policy(NAMES, out)({"body": BODY}, key="a")["body"].shape == (0, 3, 3)
    sure = np.concatenate([BODY[0], np.ones((3, 1))], axis=1)
    gone = policy(NAMES, out)({"body": sure}, key="a")["body"]
    assert np.array_equal(gone[:, :3], sure[:, :3])
    assert not gone[:, 3].any()
    assert not policy(NAMES, out)({"body": BODY[0]}, key="a")["body"].any()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (BODY[:, :2], "3 points of each body"),
        (BODY[..., :2], "C 3, or 4"),
        (np.where(BODY == 1.0, np.inf, BODY), "infinity"),
        (np.arange(18.0).reshape(2, 9), "numpy.reshape(value, (-1, 3, 3))"),
        ("standing", "joints of shape"),
    ],
)
def test_what_is_refused(value: Any, said: str) -> None:
    with pytest.raises(SampleError, match="body") as error:
        policy(NAMES)({"body": value}, key="a")
    assert said in str(error.value)
