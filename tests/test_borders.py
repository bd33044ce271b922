"""Borders that show the picture once more: other pictures follow, what is single cannot."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, load_policy
from syncaug.loading import check_policy
from syncaug.maps.border import BORDERS, with_border
from syncaug.maps.plane import PlaneMap

pytestmark = pytest.mark.filterwarnings("ignore")  # the library's own

MODES = (1, 2, 3, 4)
SIDE = 90
OPERATIONS = [
    "Affine, translate_percent: {x: [0.3, 0.3], y: [-0.2, -0.2]}, rotate: [20, 20], scale: [1, 1]",
    "ShiftScaleRotate, rotate_limit: 30, scale_limit: -0.3",
    "SafeRotate, limit: 25",
    "Rotate, limit: 40",
    "Perspective, scale: 0.2, fit_output: true",
    "PadIfNeeded, min_height: 130, min_width: 150",
    "Pad, padding: 21",
    "CropAndPad, percent: 0.2",
    "RandomCrop, height: 120, width: 120, pad_if_needed: true",
    "ElasticTransform, alpha: 200, sigma: 12",
    "GridDistortion, distort_limit: [-0.3, 0.3]",
    "OpticalDistortion, distort_limit: [0.5, 0.5]",
    "PiecewiseAffine, scale: 0.08",
    "ThinPlateSpline, scale_range: [0.3, 0.3]",
]


def scene() -> dict[str, Any]:
    """A smooth picture in which two areas stand out; depth and classes lie as they do."""
    y, x = np.mgrid[:SIDE, :SIDE]
    wave = 110 + 60 * np.sin(x / 11) * np.cos(y / 9)
    seg = ((x < 25) & (y > 20) & (y < 70)).astype(np.uint8) + 2 * ((x > 60) & (y < 30))
    rgb = np.stack([wave, 255 - wave, seg * 80], axis=-1).astype(np.uint8)
    return {
        "image": rgb,
        "second": rgb.copy(),
        "seg": seg.astype(np.uint8),
        "depth": (1.0 + x / SIDE + 2 * y / SIDE).astype(np.float32),
        "film": np.stack([rgb, rgb]),
    }


SAMPLE = "image: image, second: image, seg: mask, depth: depth, film: {modality: video, fps: 10}"


def load(operation: str, mode: int, followers: str, sample: str = SAMPLE) -> Any:
    return load_policy(
        f"syncaug: 1\nsample: {{{sample}}}\nsteps: [{{name: a, apply: {{image: "
        f"{{op: albumentations.{operation}, border_mode: {mode}}}, {followers}}}}}]\n"
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda text: text.partition(",")[0])
def test_pictures_masks_and_depth_show_the_same_border(operation: str, mode: int) -> None:
    policy = load(operation, mode, "second: follow, seg: follow, depth: follow, film: follow")
    out = policy(scene(), key=3)
    image = out["image"].astype(float)
    for other in (out["second"], out["film"][1]):
        assert other.shape == out["image"].shape
        differs = np.abs(other.astype(float) - image)[..., :2].max(axis=-1)
        # 4 levels: the library interpolates in 32nds of a pixel; 3 %: seams where borders meet.
        assert (differs > 4).mean() < 0.03
    classes = np.abs(out["seg"] * 80.0 - image[..., 2])
    assert (classes > 60).mean() < 0.03
    assert out["depth"].min() > 0.9, "no hole where the picture shows something"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda text: text.partition(",")[0])
def test_a_constant_border_is_each_stream_s_own_fill(operation: str) -> None:
    policy = load(operation, 0, "depth: follow", "image: image, depth: {modality: depth, fill: 9}")
    sample = {name: scene()[name] for name in ("image", "depth")}
    depth = policy(sample, key=3)["depth"]
    assert depth.max() == 9 or (depth < 4).all()


SINGLE = {
    "boxes": ("boxes: boxes", "boxes: follow"),
    "keypoints": ("points: keypoints", "points: follow"),
    "phrases": (
        "boxes: {modality: boxes, plane: plane}, caption: text, "
        "phrases: {modality: phrases, boxes: boxes, text: caption}",
        "boxes: keep, caption: follow, phrases: follow",
    ),
}


@pytest.mark.parametrize("mode", [2, 3, 4])
@pytest.mark.parametrize("single", SINGLE)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda text: text.partition(",")[0])
def test_what_holds_each_thing_once_is_not_doubled(operation: str, single: str, mode: int) -> None:
    sample, followers = SINGLE[single]
    with pytest.raises(PolicyError, match="SA513.*holds each thing once") as error:
        load(operation, mode, followers, f"image: image, {sample}")
    assert "border_mode: 0" in str(error.value)


@pytest.mark.parametrize(
    "operation",
    [
        *("Rotate, border_mode: 0", "Rotate, border_mode: 1", "Rotate"),
        "Rotate, border_mode: 4, crop_border: true",
        "RandomCrop, height: 20, width: 20, border_mode: 4",
        "CropAndPad, percent: 0.1, border_mode: 1",
        "HorizontalFlip",
    ],
)
def test_borders_that_double_nothing_pass(operation: str) -> None:
    _, problems, _ = check_policy(
        "syncaug: 1\nsample: {image: image, boxes: boxes}\nsteps: [{name: a, apply: {image: "
        f"{{op: albumentations.{operation}}}, boxes: follow}}}}]\n"
    )
    assert not problems


def test_a_camera_and_words_follow_the_map_inside_the_border() -> None:
    policy = load(
        "Affine, translate_percent: {x: [0.2, 0.2], y: [0, 0]}, scale: [1, 1], rotate: [0, 0]",
        3,
        "eye: follow, caption: follow",
        "image: image, eye: camera, caption: text",
    )
    K = np.array([[50.0, 0, 44], [0, 50, 44], [0, 0, 1]])
    camera = {"K": K, "world_to_camera": np.eye(4), "size": (SIDE, SIDE)}
    out = policy({"image": scene()["image"], "eye": camera, "caption": "left"}, key=0)
    assert np.allclose(out["eye"]["K"][0, 2] - K[0, 2], 0.2 * SIDE, atol=0.51)
    assert out["caption"] == "left"


def test_a_mask_with_the_operation_shows_the_border_too() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {seg: mask}\nsteps: [{name: a, apply: {seg: {op: "
        "albumentations.Pad, padding: 10, border_mode: 4}}}]\n"
    )
    seg = scene()["seg"]
    assert np.array_equal(policy({"seg": seg}, key=0)["seg"], np.pad(seg, 10, mode="reflect"))


@pytest.mark.parametrize(
    ("mode", "name"), [(1, "edge"), (2, "symmetric"), (3, "wrap"), (4, "reflect")]
)
def test_folded_places_are_those_of_numpy(mode: int, name: Any) -> None:
    row = np.arange(7)
    places = np.arange(-11.0, 18.0)
    assert np.array_equal(row[BORDERS[mode](places, 7).astype(int)], np.pad(row, 11, mode=name))


def test_no_border_is_none() -> None:
    shrunk = PlaneMap.of(np.diag([2.0, 2.0, 1.0]), (10, 10), (10, 10))
    assert with_border(shrunk, 4) is None
    assert with_border(PlaneMap.of(np.diag([0.5, 0.5, 1.0]), (10, 10), (10, 10)), 0) is None


FORMATS = {
    "pascal_voc": [[72.0, 0.0, 90.0, 20.0], [0.0, 60.0, 15.0, 90.0]],
    "coco": [[72.0, 0.0, 18.0, 20.0], [0.0, 60.0, 15.0, 30.0]],
    "albumentations": [[0.8, 0.0, 1.0, 0.22], [0.0, 0.66, 0.16, 1.0]],
    "yolo": [[0.9, 0.11, 0.2, 0.22], [0.08, 0.83, 0.16, 0.34]],
}
FIELDS = [
    "ElasticTransform, alpha: 300, sigma: 10",
    "GridDistortion, distort_limit: [-0.4, 0.4]",
    "GridElasticDeform, num_grid_xy: [4, 4], magnitude: 12",
    "OpticalDistortion, distort_limit: [-0.4, 0.4]",
    "PiecewiseAffine, scale: 0.06",
    "ThinPlateSpline, scale_range: [0.2, 0.2]",
]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("field", FIELDS, ids=lambda text: text.partition(",")[0])
def test_what_a_field_moves_stays_inside_the_picture(field: str, form: str) -> None:
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, boxes: {{modality: boxes, format: {form}}}, "
        f"points: keypoints}}\nsteps: [{{name: a, apply: {{image: {{op: albumentations.{field}}}, "
        "boxes: follow, points: follow}}]\n"
    )
    corners = np.array([[0.0, 0], [89.4, 0], [0, 89.4], [89.4, 89.4], [45, 0], [89.4, 45]])
    sample = {
        "image": np.zeros((SIDE, SIDE, 3), np.uint8),
        "boxes": FORMATS[form],
        "points": corners,
    }
    limit = 1.0 if form in ("albumentations", "yolo") else float(SIDE)
    for key in range(12):
        out = policy(sample, key=key)
        boxes = np.array(out["boxes"], float).reshape(-1, 4)
        if form == "coco":
            boxes[:, 2:] += boxes[:, :2]
        elif form == "yolo":
            boxes = np.hstack([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2])
        assert (boxes >= -1e-12).all()
        assert (boxes <= limit + 1e-12).all()
        assert (boxes[:, 2:] > boxes[:, :2]).all()
        assert (out["points"] >= -0.5).all()
        assert (out["points"] < SIDE - 0.5).all()
