"""Polygons and run lengths on the bundled pets: pycocotools judges what is left of each thing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import pytest

from syncaug import SampleError, load_policy
from syncaug.io.pictures import read_image
from tests.samples import DATA
from tests.scene.compare_outlines import decoded

FILE = DATA / "pets" / "annotations" / "instances_pets.json"
STEPS = {
    "flip": "uses: flip",
    "crop": "uses: crop, with: {area: 0.3, x: 0.3, y: 0.4}",
    "rotate": "uses: rotate, with: {degrees: 33}",
    "zoom in": "uses: scale, with: {factor: 1.4}",
    "zoom out": "uses: scale, with: {factor: 0.6}",
    "resize": "uses: resize, with: {width: 400, height: 900}",
    "shift": "uses: translate, with: {x: 0.2, y: -0.3}",
    "perspective": "uses: perspective, with: {corners: "
    "[0.1, 0.05, -0.08, 0.06, 0.02, -0.1, 0.09, 0.03]}",
    "occlude": "uses: occlude, with: {area: 0.2, x: 0.5, y: 0.6}",
    "elastic": "apply: {image: {op: albumentations.ElasticTransform, alpha: 300, sigma: 20}, "
    "mask: follow, FOLLOW}",
    "distortion": "apply: {image: {op: albumentations.OpticalDistortion, "
    "distort_limit: [0.4, 0.4]}, mask: follow, FOLLOW}",
}
_LEAST = 0.98
"""Of what nearest sampling allows: IoU of the outline's mask and the mask that was moved."""


def _annotations() -> dict[int, list[Mapping[str, Any]]]:
    rows = json.loads(FILE.read_text(encoding="utf-8"))["annotations"]
    return {image: [row for row in rows if row["image_id"] == image] for image in (1, 2)}


def _mask(row: Any, size: tuple[int, int]) -> Any:
    """A segmentation as pycocotools fills it."""
    from pycocotools import mask as library

    if isinstance(row, dict):
        return decoded(library.frPyObjects(row, *size) if isinstance(row["counts"], list) else row)
    return decoded(library.merge(library.frPyObjects(row, *size)))


def _iou(one: Any, other: Any) -> float:
    union = np.count_nonzero(one | other)
    return np.count_nonzero(one & other) / union if union else 1.0


def _allowed(before: Any, after: Any) -> float:
    """What nearest sampling allows: its borders lie within half a pixel, on one side or other."""
    from scipy import ndimage

    rim = ndimage.binary_dilation(after) & ~ndimage.binary_erosion(after, border_value=1)
    return 1.0 - 0.25 * np.count_nonzero(rim) / max(1, np.count_nonzero(after))


@pytest.mark.parametrize("name", STEPS)
def test_outlines_and_masks_of_the_pets_stay_one(name: str) -> None:
    step = f"{{name: step, {STEPS[name]}}}"
    declared = "outlines: {modality: polygons, labels: [area, id]}"
    outline = load_policy(
        f"syncaug: 1\nsample: {{image: image, mask: mask, {declared}}}\n"
        f"steps: [{step.replace('FOLLOW', 'outlines: follow')}]\n"
    )
    raster = load_policy(
        "syncaug: 1\nsample: {image: image, mask: mask}\n"
        f"steps: [{step.replace(', FOLLOW', '')}]\n"
    )
    image = np.zeros((751, 750, 3), np.uint8)
    for rows in _annotations().values():
        sample = {
            "image": image,
            "mask": image[..., 0],
            "outlines": [row["segmentation"] for row in rows],
            "area": [row["area"] for row in rows],
            "id": [row["id"] for row in rows],
        }
        out = outline(sample, key=1)
        size = out["image"].shape[:2]
        for shape, area, identity in zip(out["outlines"], out["area"], out["id"], strict=True):
            row = next(row for row in rows if row["id"] == identity)
            before = _mask(row["segmentation"], (751, 750))
            after = raster({"image": image, "mask": before}, key=1)["mask"]
            found = _iou(_mask(shape, size), after)
            assert found >= _LEAST * _allowed(before, after), (identity, found)
            assert type(shape) is type(row["segmentation"])
            if np.count_nonzero(after) > 2000 and isinstance(shape, list):
                assert area == pytest.approx(np.count_nonzero(after), rel=0.03)


def test_the_pets_are_what_pycocotools_reads() -> None:
    from pycocotools.coco import COCO

    data = COCO(str(FILE))
    captions = COCO(str(FILE.with_name("captions_pets.json")))
    for image in data.loadImgs(data.getImgIds()):
        picture = read_image(DATA / "pets" / image["file_name"], {})
        assert picture.shape[:2] == (image["height"], image["width"])
        assert len(captions.getAnnIds(image["id"])) == 5
        for row in data.loadAnns(data.getAnnIds(image["id"])):
            mask = _mask(row["segmentation"], picture.shape[:2])
            assert row["area"] == np.count_nonzero(mask)
            if "keypoints" in row:
                seen = np.reshape(row["keypoints"], (-1, 3))
                assert row["num_keypoints"] == np.count_nonzero(seen[:, 2])


SQUARE = [[10.0, 10.0], [50.0, 10.0], [50.0, 50.0], [10.0, 50.0]]
HOLE = [[20.0, 20.0], [30.0, 20.0], [30.0, 30.0], [20.0, 30.0]]
IMAGE = np.zeros((60, 80, 3), np.uint8)


def _carried(rows: Any, steps: str, more: str = "") -> Any:
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, shapes: {{modality: polygons{more}}}}}\n"
        f"steps: [{steps}]\n"
    )
    return policy({"image": IMAGE, "shapes": rows}, key=1)["shapes"]


def test_a_card_inside_makes_a_hole_where_the_form_has_holes() -> None:
    card = "{name: c, uses: occlude, with: {area: 0.02, x: 0.35, y: 0.4}}"
    (points,) = _carried([[SQUARE]], card)
    assert len(points) == 2
    (flat,) = _carried([[list(np.ravel(SQUARE))]], card)
    assert len(flat) == 2  # two parts beside each other, without a hole
    areas = [_even_odd(points), sum(_even_odd([np.reshape(r, (-1, 2))]) for r in flat)]
    assert areas[0] == pytest.approx(areas[1])
    assert areas[0] < 1600


def _even_odd(rings: Any) -> float:
    """The area inside of rings of which all but the first are holes."""
    areas = []
    for ring in rings:
        x, y = np.array(ring).T
        areas.append(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)
    return float(areas[0] - sum(areas[1:]))


@pytest.mark.parametrize(
    "row",
    [
        [SQUARE, HOLE],
        [[tuple(point) for point in SQUARE]],
        [np.array(SQUARE), np.array(HOLE)],
        [np.ravel(SQUARE).tolist()],
        np.ravel(SQUARE).tolist(),
        SQUARE,
        np.array(SQUARE, np.float32),
        [[*SQUARE, SQUARE[0]]],
        np.array(SQUARE, np.int32)[:, None],
        [np.array(SQUARE, np.int32)[:, None], np.array(SQUARE, np.int32)[:3, None]],
        [[point] for point in SQUARE],
        [SQUARE, SQUARE[:3]],
        [np.array(SQUARE), np.array(SQUARE[:3])],
        {"size": [60, 80], "counts": [620, 30, 4150]},
        {"size": (60, 80), "counts": np.array([620, 30, 4150])},
    ],
    ids=[
        "holes",
        "tuples",
        "arrays",
        "flat",
        "one",
        "points",
        "float32",
        "closed",
        "contour",
        "contours",
        "listed",
        "uneven",
        "uneven arrays",
        "runs",
        "more",
    ],
)
def test_each_form_comes_back_as_it_came(row: Any) -> None:
    twice = (
        "{name: a, uses: flip}, {name: n, uses: noise, with: {snr_db: 30}}, {name: b, uses: flip}"
    )
    (out,) = _carried([row], twice)
    assert type(out) is type(row)
    assert json.dumps(_plain(out)) == json.dumps(_plain(row))


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.astype(np.float64).tolist()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return float(value)


def test_an_outline_that_crosses_itself_follows_the_even_odd_rule() -> None:
    bow = [[10.0, 10.0], [50.0, 50.0], [50.0, 10.0], [10.0, 50.0]]
    (cut,) = _carried([[bow]], "{name: c, uses: crop, with: {area: 0.25, x: 0, y: 0}}")
    assert cut


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([[0, 0, 4, 4]], "at least 3 points"),
        ([[0, 0, 4, 4, float("nan"), 2]], "NaN or infinity in row 0"),
        ({"size": [10, 10], "counts": [100]}, "picture's size"),
        ({"size": [60, 80], "counts": [5]}, "add up"),
        ({"size": [60, 80], "counts": "zz~"}, "cannot be read"),
        ([[0, 0, 400, 0, 400, 400]], "inside the picture of 80x60"),
        ([[1, 2, 3]], "pairs x, y"),
        ("abc", "lists of rings"),
    ],
)
def test_what_is_no_outline_is_refused(row: Any, told: str) -> None:
    with pytest.raises(SampleError, match=told):
        _carried([row], "{name: f, uses: flip}")


def test_the_rule_outside_lets_rows_go_or_cuts_them() -> None:
    rows = [[[0, 0, 4, 4]], [[-20, 0, 20, 0, 20, 20, -20, 20]], [np.ravel(SQUARE).tolist()]]
    clipped = _carried(rows, "{name: f, uses: flip}", ", outside: clip")
    assert [len(row) for row in clipped] == [1, 1]
    assert max(np.ravel(clipped[0])) == 80.0
    assert len(_carried(rows, "{name: f, uses: flip}", ", outside: drop")) == 1


def test_units_and_origins() -> None:
    (fractions,) = _carried([[0.1, 0.1, 0.5, 0.1, 0.5, 0.5]], "{name: f, uses: flip}",
                            ", unit: fractions")  # fmt: skip
    assert fractions == pytest.approx([0.9, 0.1, 0.5, 0.1, 0.5, 0.5])
    (centred,) = _carried([[9, 9, 20, 9, 20, 20]], "{name: f, uses: flip}", ", origin: centre")
    assert centred == pytest.approx([70, 9, 59, 9, 59, 20])


def test_contours_of_opencv_are_carried_as_their_points() -> None:
    mask = np.zeros((60, 80), np.uint8)
    cv2.circle(mask, (30, 25), 12, 1, -1)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    out = _carried(contours, "{name: f, uses: flip}", ", origin: centre")
    drawn = cv2.fillPoly(np.zeros_like(mask), list(out), 1)
    assert np.array_equal(drawn, mask[:, ::-1])


@pytest.mark.parametrize("rule", ["error", "clip", "drop"])
def test_pixels_where_fractions_are_declared_are_not_lost_silently(rule: str) -> None:
    with (
        pytest.warns(UserWarning, match="unit: pixels")
        if rule != "error"
        else pytest.raises(SampleError, match="inside the picture")
    ):
        _carried(
            [[10, 10, 50, 10, 50, 50]],
            "{name: f, uses: flip}",
            f", unit: fractions, outside: {rule}",
        )


def test_fractions_where_pixels_are_declared_are_told() -> None:
    with pytest.warns(UserWarning, match="Declare unit: fractions"):
        _carried([[0.1, 0.1, 0.5, 0.1, 0.5, 0.5]], "{name: f, uses: flip}")


def test_run_lengths_that_ask_for_too_much_are_refused_before_they_are_decoded() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, p: polygons}\nsteps: [{name: f, uses: flip}]\n"
    )
    row = {"size": [10**6, 10**6], "counts": [10**12]}
    with pytest.raises(SampleError, match="run lengths of at most 268,435,456 pixels; got row 0"):
        policy({"image": np.zeros((4, 4, 3), np.uint8), "p": [row]}, key=1)


@pytest.mark.parametrize("rings", [1, 2])
@pytest.mark.parametrize("flat", [True, False])
def test_rows_that_are_arrays_of_rings_come_back_as_such(rings: int, flat: bool) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, p: polygons}\nsteps: [{name: f, uses: flip}]\n"
    )
    ring = np.array([[1.0, 1], [9, 1], [9, 9]]) + 1
    row = np.stack([ring + 5 * at for at in range(rings)])
    expected = row * [-1, 1] + [30, 0]
    if flat:
        row, expected = row.reshape(rings, 6), expected.reshape(rings, 6)
    picture = np.zeros((20, 30, 3), np.uint8)
    for given in ([row], row[None]):
        (out,) = policy({"image": picture, "p": given}, key=1)["p"]
        assert np.allclose(np.array(out), expected)
