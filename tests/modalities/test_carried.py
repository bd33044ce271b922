"""How each modality is carried: geometry, names, channels, words and levels, measured on data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import RefusalError, load_policy
from syncaug.body_sides import swapped_name
from syncaug.errors import AlignmentError
from tests.samples import everything

PICTURE = np.zeros((40, 60, 3), np.uint8)


def run(sample: dict[str, Any], streams: str, *steps: str, **settings: Any) -> dict[str, Any]:
    """Apply steps, in YAML flow style, to a sample of declared streams."""
    lines = "".join(f"  - {{name: step{i}, {step}}}\n" for i, step in enumerate(steps))
    policy = load_policy(f"syncaug: 1\nsample: {{{streams}}}\nsteps:\n{lines}", **settings)
    return policy(sample, key=0)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("form", "box"),
    [
        ("pascal_voc", [10.0, 5.0, 30.0, 25.0]),
        ("coco", [10.0, 5.0, 20.0, 20.0]),
        ("yolo", [20 / 60, 15 / 40, 20 / 60, 20 / 40]),
        ("albumentations", [10 / 60, 5 / 40, 30 / 60, 25 / 40]),
    ],
)
def test_boxes_of_every_format_say_the_same(form: str, box: list[float]) -> None:
    out = run(
        {"image": PICTURE, "boxes": np.array([box], np.float32)},
        f"image: image, boxes: {{modality: boxes, format: {form}}}",
        "uses: flip",
        "uses: resize, with: {height: 80, width: 60}",
    )["boxes"]
    left, top, right, bottom = 30.0, 10.0, 50.0, 50.0  # mirrored in 60, doubled in height
    expected = {
        "pascal_voc": [left, top, right, bottom],
        "coco": [left, top, right - left, bottom - top],
        "yolo": [40 / 60, 30 / 80, 20 / 60, 40 / 80],
        "albumentations": [left / 60, top / 80, right / 60, bottom / 80],
    }[form]
    assert out.dtype == np.float32
    assert np.allclose(out, [expected], atol=1e-5)


def test_a_turned_box_is_fitted_to_what_is_visible() -> None:
    out = run(
        {"image": np.zeros((100, 100, 3), np.uint8), "boxes": [[40.0, 40.0, 60.0, 60.0]]},
        "image: image, boxes: boxes",
        "uses: rotate, with: {degrees: 45}",
    )["boxes"][0]
    reach = 10 * np.sqrt(2)
    assert np.allclose(out, [50 - reach, 50 - reach, 50 + reach, 50 + reach])


def test_what_leaves_the_picture_goes_with_its_class_and_phrase() -> None:
    sample = {
        "image": PICTURE,
        "boxes": [[0.0, 0.0, 10.0, 40.0], [50.0, 0.0, 60.0, 40.0]],
        "classes": ["tree", "car"],
        "phrases": ["a tree", "a car"],
        "caption": "a tree and a car",
    }
    out = run(
        sample,
        "image: image, boxes: {modality: boxes, labels: classes}, phrases: phrases, caption: text",
        "uses: crop, with: {area: 0.25, x: 0, y: 0}",
    )
    assert (out["classes"], out["phrases"], len(out["boxes"])) == (["tree"], ["a tree"], 1)


def test_an_empty_list_of_boxes_stays_one() -> None:
    out = run({"image": PICTURE, "boxes": []}, "image: image, boxes: boxes", "uses: flip")
    assert out["boxes"] == []


def test_left_and_right_keypoints_trade_places_under_a_mirror_only() -> None:
    points = np.array([[10.0, 5.0, 2.0], [20.0, 5.0, 2.0], [15.0, 9.0, 1.0]])
    declared = "image: image, pose: {modality: keypoints, names: [left_eye, right_eye, nose]}"
    out = run({"image": PICTURE, "pose": points}, declared, "uses: flip")["pose"]
    assert np.allclose(out, [[39, 5, 2], [49, 5, 2], [44, 9, 1]]), (
        "the left eye is still left of none"
    )
    half_turn = run({"image": PICTURE, "pose": points}, declared, "uses: flip, with: {axis: both}")
    assert np.allclose(half_turn["pose"][0], [49, 34, 2])


def test_keypoints_with_a_list_of_names_are_renamed_and_dropped() -> None:
    sample = {"image": PICTURE, "pose": [[10.0, 5.0], [55.0, 5.0]], "names": ["left_hand", "nose"]}
    out = run(
        sample,
        "image: image, pose: {modality: keypoints, labels: names}",
        "uses: flip",
        "uses: crop, with: {area: 0.25, x: 1, y: 0}",
    )
    assert out["names"] == ["right_hand"]
    assert np.allclose(out["pose"], [[49 - 30, 5]])


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("left_eye", "right_eye"),
        ("RightWrist", "LeftWrist"),
        ("leftEye", "rightEye"),
        ("hand.L", "hand.R"),
        ("L_knee", "R_knee"),
        ("LEFT-HIP", "RIGHT-HIP"),
        ("bright_spot", "bright_spot"),
        ("nose", "nose"),
        ("cleft", "cleft"),
        ("Lamp", "Lamp"),
    ],
)
def test_names_of_sides(name: str, other: str) -> None:
    assert swapped_name(name) == other
    assert swapped_name(other) == name


@pytest.mark.parametrize(
    ("channels", "order"),
    [(1, [0]), (2, [1, 0]), (6, [1, 0, 2, 3, 5, 4]), (8, [1, 0, 2, 3, 5, 4, 7, 6])],
)
def test_a_mirror_swaps_the_channels_of_sides(channels: int, order: list[int]) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, (channels, 50)).astype(np.float32)
    declared = "image: image, sound: {modality: audio, sample_rate: 100}"
    out = run({"image": PICTURE, "sound": sound}, declared, "uses: flip")["sound"]
    assert np.array_equal(out, sound[order])
    twice = run({"image": PICTURE, "sound": sound}, declared, "uses: flip", "uses: flip")["sound"]
    assert np.array_equal(twice, sound)
    up = run({"image": PICTURE, "sound": sound}, declared, "uses: flip, with: {axis: vertical}")
    assert np.array_equal(up["sound"], sound)


def test_sound_without_sides_stays() -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, (2, 50)).astype(np.float32)
    declared = "image: image, sound: {modality: audio, sample_rate: 100, spatial: false}"
    out = run({"image": PICTURE, "sound": sound}, declared, "uses: flip")["sound"]
    assert np.array_equal(out, sound)


@pytest.mark.parametrize("level", [10.0, 20.0, 30.0])
def test_one_level_of_noise_measures_the_same_in_picture_and_sound(level: float) -> None:
    generator = np.random.default_rng(1)
    image = generator.uniform(0.3, 0.7, (128, 128, 3)).astype(np.float32)
    sound = generator.normal(0, 0.1, 16000).astype(np.float32)
    for kind in ("white", "pink", "brown"):
        out = run(
            {"image": image, "sound": sound},
            "image: image, sound: {modality: audio, sample_rate: 16000}",
            f"uses: noise, with: {{snr_db: {level}, image: gaussian, sound: {kind}}}",
        )
        for name, clean in (("image", image), ("sound", sound)):
            noise = out[name].astype(float) - clean
            measured = 10 * np.log10(np.mean(clean.astype(float) ** 2) / np.mean(noise**2))
            assert abs(measured - level) < 0.5, (name, kind, measured)


@pytest.mark.parametrize("kind", ["salt_and_pepper", "speckle"])
def test_other_noises_of_pictures_have_the_level_too(kind: str) -> None:
    image = np.random.default_rng(1).integers(60, 190, (256, 256, 3), dtype=np.uint8)
    out = run({"image": image}, "image: image", f"uses: noise, with: {{snr_db: 15, image: {kind}}}")
    noise = out["image"].astype(float) - image
    assert abs(10 * np.log10(np.mean(image.astype(float) ** 2) / np.mean(noise**2)) - 15) < 0.6


def test_depth_grows_with_the_world_and_holes_stay() -> None:
    depth = np.array([[0.0, 1.0], [2.0, np.nan]], np.float32)
    out = run({"depth": depth}, "depth: depth", "uses: world_scale, with: {factor: 1.5}")["depth"]
    assert np.allclose(out, [[0.0, 1.5], [3.0, np.nan]], equal_nan=True)


def test_light_is_one_table_and_equals_the_formula() -> None:
    image = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    steps = ("uses: light, with: {value: -0.3, contrast: 0.2}", "uses: light, with: {gamma: 1.4}")
    out = run({"image": image}, "image: image", *steps)["image"]
    level = image / 255.0
    lit = np.clip(0.5 + 1.2 * (0.7 * level - 0.5), 0, 1) ** 1.4
    assert np.abs(out - lit * 255.0).max() <= 0.51
    floats = run({"image": level.astype(np.float32)}, "image: image", *steps)["image"]
    assert np.abs(floats - lit).max() < 1e-6


def test_reflectivity_follows_the_light_only_when_asked() -> None:
    cloud = np.array([[0, 0, 0, 0.8], [1, 0, 0, 0.2]], np.float32)
    declared = "image: image, cloud: {modality: points, columns: [x, y, z, intensity]}"
    sample = {"image": PICTURE, "cloud": cloud}
    follow = run(sample, declared, "uses: light, with: {value: -0.5, reflectivity: follow}")
    assert np.allclose(follow["cloud"][:, 3], [0.4, 0.1])
    keep = run(sample, declared, "uses: light, with: {value: -0.5}")
    assert np.array_equal(keep["cloud"], cloud)


def test_points_take_their_normals_along() -> None:
    cloud = np.array([[1, 0, 0, 1, 0, 0]], np.float64)
    out = run(
        {"cloud": cloud},
        "cloud: {modality: points, columns: [x, y, z, nx, ny, nz]}",
        "uses: world_rotate, with: {degrees: 90}",
        "uses: world_scale, with: {factor: 2}",
        "uses: world_translate, with: {z: 3}",
    )["cloud"]
    assert np.allclose(out, [[0, 2, 3, 0, 1, 0]])


def test_boxes3d_turn_grow_and_mirror() -> None:
    boxes = np.array([[1.0, 0.0, 0.5, 4.0, 2.0, 1.0, 0.25]])
    out = run({"b": boxes}, "b: boxes3d", "uses: world_rotate, with: {degrees: 90}")["b"]
    assert np.allclose(out, [[0, 1, 0.5, 4, 2, 1, 0.25 + np.pi / 2]])
    sample = everything()
    mirrored = run(
        {name: sample[name] for name in ("image", "camera", "boxes3d")},
        "image: image, camera: camera, boxes3d: boxes3d",
        "uses: flip, with: {world: x}",
    )["boxes3d"]
    assert np.allclose(mirrored[:, 0], -sample["boxes3d"][:, 0])
    assert np.allclose(np.cos(mirrored[:, 6]), -np.cos(sample["boxes3d"][:, 6]))


def test_a_flip_that_keeps_the_world_gives_the_camera_a_negative_focal_length() -> None:
    sample = everything()
    streams = (
        "image: image, camera: camera, points: {modality: points, columns: [x, y, z, r, g, b, i]}"
    )
    picked = {name: sample[name] for name in ("image", "camera", "points")}
    kept = run(picked, streams, "uses: flip, with: {world: keep}")
    assert kept["camera"]["K"][0, 0] == -60.0
    assert np.array_equal(kept["points"], sample["points"])
    mirrored = run(picked, streams, "uses: flip")
    assert mirrored["camera"]["K"][0, 0] == 60.0
    assert np.linalg.det(mirrored["camera"]["world_to_camera"][:3, :3]) == pytest.approx(1.0)


def test_directions_follow_quarter_turns_and_refuse_what_is_between() -> None:
    sample = {"image": PICTURE, "caption": "a cup on the left"}
    declared = "image: image, caption: text"
    turned = run(sample, declared, "uses: rotate, with: {degrees: 90, expand: true}")
    assert turned["caption"] in ("a cup at the bottom", "a cup on the bottom")
    assert turned["image"].shape == (60, 40, 3)
    tilted = run(sample, declared, "uses: rotate, with: {degrees: 15}")
    assert tilted["caption"] == sample["caption"]
    with pytest.raises(AlignmentError, match="turned by 45 degrees"):
        run(sample, declared, "uses: rotate, with: {degrees: 45}")
    silent = {"image": PICTURE, "caption": "a cup"}
    assert run(silent, declared, "uses: rotate, with: {degrees: 45}")["caption"] == "a cup"
    assert issubclass(RefusalError, Exception)


def test_what_a_crop_cut_is_fill_fused_or_not() -> None:
    image = np.full((40, 40, 3), 200, np.uint8)
    steps = (
        "steps:\n  - {name: a, uses: crop, with: {area: 0.25, x: 0.5, y: 0.5}}\n"
        "  - {name: b, uses: rotate, with: {degrees: 30}}\n"
    )
    fused = load_policy("syncaug: 1\nsample: {image: image}\n" + steps)({"image": image}, key=0)
    literal = load_policy("syncaug: 1\nfuse: off\nsample: {image: image}\n" + steps)
    wanted = literal({"image": image}, key=0)["image"]
    assert wanted.min() == 0
    assert np.array_equal(fused["image"], wanted), "the crop is exact, and one warp follows"
