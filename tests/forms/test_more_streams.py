"""Forms in streams that `everything()` has not: each beside the same numbers as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from syncaug import load_policy

RNG = np.random.default_rng(5)
PHOTO = RNG.integers(0, 256, (40, 60, 3), dtype=np.uint8)
IMAGE = "image: image, "
FLIP = "{name: it, uses: flip}"
TURN = "{name: it, uses: world_rotate, with: {axis: z, degrees: 7}}"

CASES: Mapping[str, tuple[str, str, Any]] = {
    "disparity": (
        "{modality: disparity, sign: keep}",
        FLIP,
        RNG.uniform(1, 9, (40, 60)).astype(np.float32),
    ),
    "bev of classes": (
        "{modality: bev, axes: [-x, -y], range: [-10, -10, 10, 10]}",
        TURN,
        RNG.integers(0, 4, (40, 40)),
    ),
    "bev of channels": (
        "{modality: bev, axes: [-x, -y], range: [-10, -10, 10, 10]}",
        TURN,
        RNG.random((40, 40, 3)).astype(np.float32),
    ),
    "joints": ("joints", TURN, RNG.normal(0, 1, (2, 5, 3))),
    "state": (
        "{modality: state, rate: 10, columns: [{name: tool, is: position}]}",
        TURN,
        RNG.normal(0, 1, (6, 3)),
    ),
    "action": (
        "{modality: action, rate: 10, columns: [{name: tool, is: position}]}",
        TURN,
        RNG.normal(0, 1, (6, 3)),
    ),
}


def policy_of(stream: str, step: str) -> Any:
    beside = IMAGE if step == FLIP else ""
    return load_policy(f"syncaug: 1\nsample: {{{beside}it: {stream}}}\nsteps: [{step}]\n")


@pytest.mark.parametrize("form", ["tensor", "list"])
@pytest.mark.parametrize("case", CASES)
def test_a_form_has_the_numbers_of_its_array(case: str, form: str) -> None:
    stream, step, value = CASES[case]
    policy = policy_of(stream, step)
    beside = {"image": PHOTO} if step == FLIP else {}
    wanted = policy({**beside, "it": value}, key=1)["it"]
    if form == "list":
        wanted = policy({**beside, "it": np.array(value.tolist())}, key=1)["it"]
        out = policy({**beside, "it": value.tolist()}, key=1)["it"]
        assert type(out) is list
        assert np.allclose(out, wanted, atol=1e-6)
        return
    planar = case == "bev of channels"
    tensor = torch.from_numpy(value).movedim(-1, 0) if planar else torch.from_numpy(value)
    out = policy({**beside, "it": tensor.contiguous()}, key=1)["it"]
    assert type(out) is torch.Tensor
    assert out.dtype == tensor.dtype
    out = out.movedim(0, -1) if planar else out
    assert np.array_equal(out.numpy(), wanted)


def test_outlines_of_tensors() -> None:
    policy = policy_of("{modality: polygons, labels: names}", FLIP)
    rings = [[[1.0, 2.0, 20.0, 3.0, 9.0, 30.0]], [[30.0, 5.0, 50.0, 6.0, 40.0, 20.0]]]
    wanted = policy({"image": PHOTO, "it": rings, "names": ["a", "b"]}, key=1)["it"]
    turned = [[torch.tensor(ring) for ring in row] for row in rings]
    out = policy({"image": PHOTO, "it": turned, "names": torch.tensor([1, 2])}, key=1)
    assert [[ring.tolist() for ring in row] for row in out["it"]] == wanted
    assert out["names"].tolist() == [1, 2]
    column = pd.Series(rings)
    assert (
        policy({"image": PHOTO, "it": column, "names": ["a", "b"]}, key=1)["it"].tolist() == wanted
    )


def test_rows_of_tensors_stay_together() -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n"
        "  boxes: {modality: boxes, rows: person, ids: track, outside: clip}\n"
        "  pose: {modality: keypoints, rows: person, names: [nose, chin]}\n"
        "steps: [{name: part, uses: crop, with: {area: 0.25, x: 0, y: 0}}]\n"
    )
    boxes = torch.tensor([[40.0, 25.0, 55.0, 38.0], [2.0, 3.0, 20.0, 15.0]])
    pose = torch.tensor([[[45.0, 30.0, 2], [50.0, 35.0, 2]], [[5.0, 5.0, 2], [8.0, 9.0, 2]]])
    sample = {"image": torch.from_numpy(PHOTO).movedim(-1, 0).contiguous(), "boxes": boxes}
    out = policy({**sample, "pose": pose, "track": torch.tensor([7, 8])}, key=1)
    assert (len(out["boxes"]), len(out["pose"])) == (1, 1)
    assert out["track"].tolist() == [8]
    assert out["pose"].dtype == torch.float32


def test_pictures_inside_of_a_conversation_are_left_alone() -> None:
    from PIL import Image

    photo = Image.fromarray(PHOTO)
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, chat: {modality: messages, pictures: [image]}}\n"
        "steps: [{name: mirror, uses: flip}]\n"
    )
    chat = [
        {
            "role": "user",
            "content": [{"type": "image"}, {"type": "text", "text": np.str_("Who is left?")}],
        },
        {"role": "assistant", "content": [{"type": "text", "text": np.str_("A cat on the left.")}]},
    ]
    out = policy({"image": photo, "chat": chat}, key=1)
    assert out["image"].mode == "RGB"
    assert out["chat"][1]["content"][0]["text"] == "A cat on the right."
    assert type(out["chat"][1]["content"][0]["text"]) is np.str_


FRAMED = load_policy(
    """
syncaug: 1
sample:
  film: {modality: video, fps: 10, clock: film}
  boxes: {modality: boxes, clock: film, labels: [classes]}
  masks: {modality: mask, clock: film}
steps:
  - {name: mirror, uses: flip}
  - {name: back, uses: reverse}
"""
)


def test_what_is_marked_on_each_frame_may_be_tensors() -> None:
    film = RNG.integers(0, 256, (3, 24, 32, 3), dtype=np.uint8)
    boxes = [
        np.zeros((0, 4)),
        np.array([[2.0, 4, 10, 12]]),
        np.array([[4.0, 4, 12, 12], [0, 0, 5, 5]]),
    ]
    masks = RNG.integers(0, 3, (3, 24, 32))
    classes = [[], [1], [1, 2]]
    wanted = FRAMED({"film": film, "boxes": boxes, "masks": masks, "classes": classes}, key=1)
    out = FRAMED(
        {
            "film": torch.from_numpy(film).movedim(-1, 1).contiguous(),
            "boxes": [torch.from_numpy(each) for each in boxes],
            "masks": torch.from_numpy(masks),
            "classes": [torch.tensor(each, dtype=torch.int64) for each in classes],
        },
        key=1,
    )
    assert torch.equal(out["film"].movedim(1, -1), torch.from_numpy(wanted["film"]))
    assert [each.tolist() for each in out["boxes"]] == [each.tolist() for each in wanted["boxes"]]
    assert all(each.dtype == torch.float64 for each in out["boxes"])
    assert np.array_equal(out["masks"].numpy(), wanted["masks"])
    assert [each.tolist() for each in out["classes"]] == wanted["classes"]


@pytest.mark.parametrize("form", ["tensor", "list of tensors", "list of pictures"])
def test_masks_of_instances(form: str) -> None:
    from PIL import Image

    policy = policy_of("{modality: instances, labels: names}", FLIP)
    masks = np.zeros((2, 40, 60), np.uint8)
    masks[0, 5:20, 5:20] = masks[1, 10:30, 30:50] = 1
    beside = {"image": PHOTO, "names": ["a", "b"]}
    wanted = policy({**beside, "it": masks}, key=1)["it"]
    value: Any = torch.from_numpy(masks)
    if form == "list of tensors":
        value = [torch.from_numpy(mask) for mask in masks]
    if form == "list of pictures":
        value = [Image.fromarray(mask) for mask in masks]
    out = policy({**beside, "it": value}, key=1)["it"]
    assert type(out) is type(value)
    assert type(out[0]) is type(value[0])
    assert np.array_equal(np.stack([np.asarray(mask) for mask in out]), wanted)


def test_oriented_boxes_as_tensors() -> None:
    policy = policy_of("{modality: oriented_boxes, angle: degrees, direction: clockwise}", FLIP)
    boxes = np.array([[20.0, 20.0, 10.0, 6.0, 30.0]])
    wanted = policy({"image": PHOTO, "it": boxes}, key=1)["it"]
    out = policy({"image": PHOTO, "it": torch.from_numpy(boxes)}, key=1)["it"]
    assert np.array_equal(out.numpy(), wanted)


def test_every_modality_has_a_place() -> None:
    from syncaug.catalogue.modalities import MODALITIES
    from syncaug.forms.places import PLACES

    assert PLACES.keys() == MODALITIES.keys()


ROWS: Mapping[str, tuple[str, str, Any]] = {
    "boxes": ("boxes", FLIP, [[1.0, 2.0, 30.0, 35.0], [3.0, 4.0, 20.0, 30.0]]),
    "corners": ("oriented_boxes", FLIP, [[1.0, 1.0, 9.0, 1.0, 9.0, 9.0, 1.0, 9.0]]),
    "points": ("{modality: keypoints, labels: said}", FLIP, [[1.0, 2.0], [3.0, 4.0]]),
    "body": ("{modality: keypoints, names: [a, b]}", FLIP, [[1.0, 2.0, 2.0], [3.0, 4.0, 2.0]]),
    "bodies": ("{modality: keypoints, names: [a, b]}", FLIP, [[[1.0, 2.0, 2.0], [3.0, 4.0, 1.0]]]),
    "joints": ("{modality: joints, names: [a, b]}", TURN, [[[1.0, 2.0, 2.0], [3.0, 4.0, 0.0]]]),
    "solids": ("boxes3d", TURN, [[1.0, 2.0, 3.0, 1.0, 1.0, 1.0, 0.2]]),
}


def tuples(value: Any) -> Any:
    return tuple(map(tuples, value)) if isinstance(value, list) else value


def types(value: Any) -> Any:
    return (type(value), types(value[0])) if isinstance(value, list | tuple) else None


@pytest.mark.parametrize("case", ROWS)
def test_rows_in_tuples_come_back_in_tuples(case: str) -> None:
    stream, step, value = ROWS[case]
    policy = policy_of(stream, step)
    beside: dict[str, Any] = {"image": PHOTO} if step == FLIP else {}
    if "said" in stream:
        beside["said"] = ["a", "b"]
    expected = policy({**beside, "it": value}, key=1)["it"]
    for given in (value, tuples(value), tuple(value), list(map(tuples, value))):
        out = policy({**beside, "it": given}, key=1)["it"]
        assert types(out) == types(given)
        assert np.array_equal(out, expected)


WIDE = {
    "imu": "{modality: imu, rate: 10, columns: [gx, gy, gz]}",
    "state": "{modality: state, rate: 10, columns: [{name: a, is: position}]}",
    "audio": "{modality: audio, sample_rate: 10}",
    "embedding": "{modality: embedding, rate: 10}",
}


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("modality", WIDE)
def test_floats_of_any_width_keep_their_numbers(modality: str, dtype: Any) -> None:
    policy = load_policy(
        f"syncaug: 1\nsample: {{it: {WIDE[modality]}}}\nsteps: [{{name: back, uses: reverse}}]\n"
    )
    rows = (np.arange(60).reshape(20, 3) / 64).astype(dtype) + dtype(2) ** -10
    value = rows.T.copy() if modality == "audio" else rows
    out = policy({"it": value}, key=1)["it"]
    assert out.dtype == dtype
    assert np.array_equal(np.abs(out), np.flip(value, axis=1 if modality == "audio" else 0))


ROWS_OF = {
    "arrays": lambda row: np.array(row, np.float32),
    "halves": lambda row: np.array(row, np.float16),
    "tensors": lambda row: torch.tensor(row, dtype=torch.float32),
}


@pytest.mark.parametrize("kind", ROWS_OF)
@pytest.mark.parametrize("modality", ["imu", "audio", "points"])
def test_a_list_of_arrays_stays_one(modality: str, kind: str) -> None:
    stream, step = {**WIDE, "points": "points"}[modality], "{name: it, uses: reverse}"
    step = TURN if modality == "points" else step
    policy = load_policy(f"syncaug: 1\nsample: {{it: {stream}}}\nsteps: [{step}]\n")
    numbers = np.arange(60).reshape((3, 20) if modality == "audio" else (20, 3)) / 64
    given = [ROWS_OF[kind](row) for row in numbers.tolist()]
    whole = np.stack([np.asarray(row) for row in given])
    out = policy({"it": given}, key=1)["it"]
    assert [(type(row), row.dtype) for row in out] == [(type(row), row.dtype) for row in given]
    wanted = policy({"it": whole}, key=1)["it"]
    assert np.array_equal(np.stack([np.asarray(row) for row in out]), wanted)
