"""Mistakes that a newcomer made and that passed in silence; they must not again."""

from __future__ import annotations

import pickle
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
    assert policy.draw(key=np.str_("3")).as_json() == policy.draw(key="3").as_json()
    assert type(policy.draw(key=np.str_("3")).key) is str
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
    with pytest.raises(SampleError, match=r"got an array of uint8 with shape \(40, 60, 3\)"):
        policy({"mask": IMAGE}, key=0)


@pytest.mark.parametrize(
    "sample",
    [
        "image: image, a: {modality: boxes, labels: names}, b: {modality: boxes, labels: names}",
        "image: image, a: {modality: boxes, labels: names}, names: label",
    ],
)
def test_labels_belong_to_one_stream(sample: str) -> None:
    with pytest.raises(PolicyError, match="SA509 'names' is"):
        load_policy(f"syncaug: 1\nsample: {{{sample}}}\nsteps: []\n")


TWO_CAMERAS = (
    "syncaug: 1\nsample:\n"
    "  a: {modality: image, plane: a}\n"
    "  b: {modality: image, plane: b}\n"
    "  l: {modality: camera, plane: a, world: w}\n"
    "  r: {modality: camera, plane: b, world: w}\n"
    "  points: {modality: points, world: w}\n"
    "steps: [{name: m, uses: flip, with: {plane: a%s}}]\n"
)


@pytest.mark.parametrize("world", ["", ", world: y"])
def test_two_cameras_of_one_world_are_not_mirrored_apart(world: str) -> None:
    with pytest.raises(PolicyError, match="SA511 a changed world 'w' would leave the picture"):
        load_policy(TWO_CAMERAS % world)


@pytest.mark.parametrize("rest", [", world: keep", ", axis: both"])
def test_one_picture_of_two_is_mirrored_where_the_world_stays(rest: str) -> None:
    load_policy(TWO_CAMERAS % rest)


def test_integer_cameras_and_boxes_are_not_cut_to_integers() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {camera: camera, b: boxes3d}\n"
        "steps: [{name: a, uses: world_rotate, with: {degrees: 30}}]\n"
    )
    camera = {"K": np.diag([60, 60, 1]), "world_to_camera": np.eye(4, dtype=int), "size": (8, 6)}
    out = policy({"camera": camera, "b": np.array([[10, 0, 0, 4, 2, 1, 0]])}, key=0)
    assert np.allclose(np.linalg.det(out["camera"]["world_to_camera"]), 1.0)
    assert np.allclose(out["b"][0, [0, 6]], [10 * np.cos(np.pi / 6), np.pi / 6])


def test_errors_of_workers_reach_the_main_process() -> None:
    error = SampleError("image", expected="a", came="b", key=3, hint="c")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_step_variables_do_not_share_addresses_with_gates_and_parameters() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image}\nsteps:\n  - name: a\n    uses: translate\n"
        "    draw: {p: {uniform: [0, 1]}, y: {uniform: [0, 1]}}\n    p: 0.5\n"
        "    with: {x: {from: y}, y: [0, 1]}\n"
    )
    steps = [policy.draw(key=key).steps[0] for key in range(300)]
    assert max(step.variables["p"] for step in steps if step.applied) > 0.9
    drawn = [step.parameters["*"] for step in steps if step.applied]
    assert abs(np.corrcoef([d["x"] for d in drawn], [d["y"] for d in drawn])[0, 1]) < 0.3


@pytest.mark.parametrize("fuse", ["on", "off"])
def test_min_visible_counts_against_the_original_box_however_maps_are_carried_out(
    fuse: str,
) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: {modality: boxes, min_visible: 0.5}}\n"
        "steps:\n  - {name: a, uses: translate, with: {x: 0.2}}\n"
        f"  - {{name: b, uses: translate, with: {{x: 0.2}}}}\nfuse: {fuse}\n"
    )
    image = np.zeros((100, 100, 3), np.uint8)
    boxes = [[50.0, 10.0, 90.0, 30.0], [40.0, 10.0, 80.0, 30.0]]
    out = policy({"image": image, "boxes": boxes}, key=1)
    assert out["boxes"] == [[80.0, 10.0, 100.0, 30.0]], "the first keeps a quarter, then 50 %"
