"""Mistakes that a newcomer made and that passed in silence; they must not again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, SampleError, load_policy
from tests.samples import everything

POINTS = "points: {modality: points, columns: [x, y, z]}"
IMAGE = np.zeros((40, 60, 3), np.uint8)


@pytest.mark.parametrize(
    ("sample", "step"),
    [
        (f"image: image, {POINTS}", "uses: flip"),
        (f"image: image, {POINTS}", "uses: crop, with: {area: 0.5, points: visible}"),
        (f"image: image, camera: {{modality: camera, optional: true}}, {POINTS}", "uses: flip"),
        (
            "image: image, camera: {modality: camera, world: w}, "
            "points: {modality: points, world: v}",
            "uses: flip",
        ),
    ],
)
def test_a_world_that_no_camera_ties_to_the_picture_does_not_compile(
    sample: str, step: str
) -> None:
    with pytest.raises(PolicyError, match="SA505 'points' would stay behind: no camera"):
        load_policy(f"syncaug: 1\nsample: {{{sample}}}\nsteps: [{{name: a, {step}}}]\n")


def test_a_named_axis_mirrors_a_world_without_a_camera() -> None:
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, {POINTS}}}\n"
        "steps: [{name: a, uses: flip, with: {world: y}}]\n"
    )
    cloud = np.array([[1.0, 2.0, 3.0]], np.float32)
    assert policy({"image": IMAGE, "points": cloud}, key=0)["points"].tolist() == [[1.0, -2.0, 3.0]]


def test_four_quarter_turns_in_four_calls_give_the_camera_back() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, camera: camera}\n"
        "steps: [{name: a, uses: rotate, with: {degrees: 90, expand: true}}]\n"
    )
    first = {name: everything()[name] for name in ("image", "camera")}
    sample = first
    for _ in range(4):
        sample = policy(sample, key=0)
    assert np.array_equal(sample["image"], first["image"])
    assert np.allclose(sample["camera"]["K"], first["camera"]["K"])


def test_numpy_integers_are_the_same_keys_and_other_things_are_none() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image}\n"
        "steps: [{name: a, uses: rotate, with: {degrees: [-9, 9]}}]\n"
    )
    assert policy.draw(key=np.int64(3)).as_json() == policy.draw(key=3).as_json()
    assert policy.draw(key="3").as_json() != policy.draw(key=3).as_json()
    bad: list[dict[str, Any]] = [
        {"key": None},
        {"key": 1.0},
        {"key": True},
        {"key": ""},
        {"key": (1, 2)},
        {"key": 1, "epoch": -1},
        {"key": 1, "epoch": "1"},
    ]
    for arguments in bad:
        with pytest.raises(SampleError, match="expected a(n| text or an) integer"):
            policy.draw(**arguments)


def test_fractions_are_no_pixels() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: boxes}\nsteps: [{name: a, uses: flip}]\n"
    )
    with pytest.raises(SampleError, match="Declare format: albumentations or yolo"):
        policy({"image": IMAGE, "boxes": [[0.1, 0.2, 0.3, 0.9]]}, key=0)


def test_a_colour_picture_is_no_mask() -> None:
    policy = load_policy("syncaug: 1\nsample: {mask: mask}\nsteps: [{name: a, uses: flip}]\n")
    with pytest.raises(SampleError, match=r"came an array of uint8 with shape \(40, 60, 3\)"):
        policy({"mask": IMAGE}, key=0)
