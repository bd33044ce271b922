"""Masks of instances: their forms, what becomes of them, and boxes that are fitted to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, SampleError, load_policy
from tests.samples import equal

IMAGE = np.zeros((100, 120, 3), np.uint8)
MASKS = np.zeros((3, 100, 120), bool)
MASKS[0, 10:40, 10:40] = True
MASKS[1, 50:90, 60:110] = True
MASKS[2, 45:95, 5:25] = True


def _policy(sample: str, steps: str) -> Any:
    return load_policy(f"syncaug: 1\nsample: {{image: image, {sample}}}\nsteps: [{steps}]\n")


def _flipped(value: Any, more: str = "") -> Any:
    policy = _policy(f"masks: {{modality: instances{more}}}", "{name: f, uses: flip}")
    return policy({"image": IMAGE, "masks": value}, key=1)["masks"]


@pytest.mark.parametrize(
    "value",
    [
        MASKS,
        MASKS.astype(np.uint8),
        MASKS.astype(np.uint8) * 255,
        MASKS.astype(np.int64),
        list(MASKS),
        tuple(MASKS.astype(np.uint8)),
        MASKS.astype(int).tolist(),
        [{"size": [100, 120], "counts": [0, 1200, 10800]}],
        MASKS[:0],
        [],
    ],
    ids=["bool", "uint8", "255", "int64", "list", "tuple", "lists", "runs", "none", "empty"],
)
def test_each_form_comes_back_as_it_came(value: Any) -> None:
    assert equal(_flipped(_flipped(value)), value)
    if isinstance(value, np.ndarray):
        assert np.array_equal(_flipped(value), value[:, :, ::-1])


def test_masks_may_come_last() -> None:
    last = np.ascontiguousarray(np.moveaxis(MASKS, 0, -1))
    out = _flipped(last, ", layout: hwn")
    assert np.array_equal(out, last[:, ::-1])


@pytest.mark.parametrize("count", [1, 9, 20, 30, 44])
def test_many_masks_are_moved_as_each_by_itself(count: int) -> None:
    generator = np.random.default_rng(count)
    masks = generator.integers(0, 2, (count, 100, 120)).astype(bool)
    steps = (
        "{name: r, uses: rotate, with: {degrees: 20}}, {name: s, uses: scale, with: {factor: 2}}"
    )
    together = _policy("masks: instances", steps)({"image": IMAGE, "masks": masks}, key=1)["masks"]
    alone = _policy("mask: mask", steps)
    for mask, moved in zip(masks, together, strict=True):
        wanted = alone({"image": IMAGE, "mask": mask.astype(np.uint8)}, key=1)["mask"]
        assert np.array_equal(moved, wanted != 0)


def test_a_thing_of_which_too_little_is_left_goes_with_its_entries() -> None:
    policy = _policy(
        "masks: {modality: instances, labels: [names, area], min_visible: 0.5}",
        "{name: c, uses: crop, with: {area: 0.25, x: 0, y: 0}}",
    )
    areas = MASKS.sum(axis=(1, 2)).tolist()
    out = policy({"image": IMAGE, "masks": MASKS, "names": ["a", "b", "c"], "area": areas}, key=1)
    assert out["names"] == ["a"]
    assert out["area"] == [900]
    assert out["masks"].shape == (1, 50, 60)


def test_a_mask_with_nobody_in_it_follows_the_rule() -> None:
    empty = np.concatenate([MASKS[:1], np.zeros((1, 100, 120), bool)])
    assert len(_flipped(empty)) == 1
    with pytest.raises(SampleError, match="row 1 with nobody in it"):
        _flipped(empty, ", empty: error")
    policy = _policy(
        "boxes: {modality: boxes, rows: thing}, masks: {modality: instances, rows: thing}",
        "{name: f, uses: flip}",
    )
    out = policy({"image": IMAGE, "boxes": [[1, 1, 9, 9], [10, 10, 20, 20]], "masks": empty}, key=1)
    assert len(out["boxes"]) == len(out["masks"]) == 2
    assert not out["masks"][1].any()


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (MASKS.astype(float), "masks > 0.5"),
        (MASKS.astype(np.uint8) * 3, "modality: mask"),
        (MASKS[0], "A class of every pixel"),
        ([MASKS[0], MASKS[1][:50]], "masks of one size"),
        (MASKS[:, :50], "120x50"),
        ("x", "a list of HxW masks"),
    ],
)
def test_what_are_no_masks_is_refused(value: Any, told: str) -> None:
    with pytest.raises(SampleError, match=told):
        _flipped(value)


def _around(mask: Any) -> list[float]:
    y, x = mask.nonzero()
    return [float(x.min()), float(y.min()), float(x.max() + 1), float(y.max() + 1)]


@pytest.mark.parametrize("degrees", [10, 45, 80])
def test_boxes_are_fitted_to_what_is_left_of_their_masks(degrees: float) -> None:
    declared = "boxes: {modality: boxes, rows: thing}, masks: {modality: instances, rows: thing"
    turn = f"{{name: r, uses: rotate, with: {{degrees: {degrees}}}}}"
    boxes = [_around(mask) for mask in MASKS]
    sample = {"image": IMAGE, "boxes": boxes, "masks": MASKS}
    loose = _policy(declared + "}", turn)(sample, key=1)
    tight = _policy(declared + ", fit: boxes}", turn)(sample, key=1)
    assert tight["boxes"] == [_around(mask) for mask in tight["masks"]]
    assert len(loose["boxes"]) == len(tight["boxes"])


def test_boxes_are_fitted_to_keypoints_and_outlines() -> None:
    body = np.array([[[15.0, 20.0, 2.0], [30.0, 35.0, 2.0]]])
    policy = _policy(
        "boxes: {modality: boxes, rows: t}, "
        "body: {modality: keypoints, names: [a, b], rows: t, fit: boxes, origin: edge}",
        "{name: f, uses: flip}",
    )
    out = policy({"image": IMAGE, "boxes": [[0.0, 0, 60, 60]], "body": body}, key=1)
    assert out["boxes"] == [[90.0, 20.0, 105.0, 35.0]]
    policy = _policy(
        "boxes: {modality: boxes, rows: t}, shapes: {modality: polygons, rows: t, fit: boxes}",
        "{name: r, uses: rotate, with: {degrees: 90}}",
    )
    ring = [[50.0, 50, 70, 45, 60, 60]]
    out = policy({"image": IMAGE, "boxes": [[40.0, 40, 80, 80]], "shapes": [ring]}, key=1)
    points = np.reshape(out["shapes"][0][0], (-1, 2))
    assert np.allclose(out["boxes"], [*points.min(axis=0), *points.max(axis=0)])


def test_boxes_are_fitted_to_rows_of_theirs_only() -> None:
    with pytest.raises(PolicyError, match="SA533"):
        _policy("boxes: boxes, masks: {modality: instances, fit: boxes}", "{name: f, uses: flip}")
    with pytest.raises(PolicyError, match="SA306"):
        _policy("masks: {modality: instances, fit: image}", "{name: f, uses: flip}")


def test_keypoints_from_the_edge_meet_the_corners_of_boxes() -> None:
    for step in ("uses: flip", "uses: resize, with: {width: 300, height: 50}"):
        policy = _policy(
            "boxes: boxes, corners: {modality: keypoints, labels: n, origin: edge}",
            f"{{name: s, {step}}}",
        )
        points = [[0.0, 0.0], [119.7, 99.9], [120.0, 30.0]]
        boxes = [[0.0, 0.0, 119.7, 99.9], [3.0, 3.0, 120.0, 30.0]]
        out = policy({"image": IMAGE, "corners": points, "n": ["a", "b", "c"], "boxes": boxes},
                     key=1)  # fmt: skip
        assert out["n"] == ["a", "b", "c"]
        xs = sorted([out["boxes"][0][0], out["boxes"][0][2]])
        assert sorted(x for x, _ in out["corners"][:2]) == pytest.approx(xs)


@pytest.mark.parametrize(
    "points",
    [
        [[20.0, 20.0, 2.0], [40.0, 20.0, 2.0]],
        [[30.0, 15.0, 2.0], [30.0, 55.0, 2.0]],
        [[30.0, 30.0, 2.0], [40.0, 40.0, 0.0]],
    ],
    ids=["level", "upright", "one"],
)
def test_boxes_stay_as_they_moved_where_points_span_no_rectangle(points: Any) -> None:
    policy = _policy(
        "boxes: {modality: boxes, rows: t}, "
        "body: {modality: keypoints, names: [a, b], rows: t, fit: boxes}",
        "{name: f, uses: flip}",
    )
    body = np.array([points])
    out = policy({"image": IMAGE, "boxes": [[10.0, 5, 50, 60]], "body": body}, key=1)
    assert out["boxes"] == [[70.0, 5.0, 110.0, 60.0]]
