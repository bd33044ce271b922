"""Samples that do not fit: one error that names key, stream, what was expected and what came."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from syncaug import DROPPED, AlignmentError, PolicyError, PolicyWarning, SampleError, load_policy
from tests.samples import EVERYTHING, everything

POLICY = load_policy(
    f"syncaug: 1\nsample:{EVERYTHING}steps:\n"
    "  - {name: turn, uses: rotate, with: {degrees: 3}}\n"
)


def spoiled(**changes: Any) -> dict[str, Any]:
    sample = {**everything(), **changes}
    return {name: value for name, value in sample.items() if value is not Ellipsis}


def nan_like(array: np.ndarray) -> np.ndarray:
    out = array.copy()
    out.reshape(-1)[0] = math.nan
    return out


GOOD = everything()
FLOAT_IMAGE = GOOD["image"].astype(np.float32) / 255

CASES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "an image of unequal rows": ({"image": [[1, 2], [3]]}, "image", "one length", "a list of 2"),
    "an image of complex": ({"image": GOOD["image"] * 1j}, "image", "real", "complex128"),
    "an image of levels in float": ({"image": FLOAT_IMAGE * 255}, "image", "[0, 1]", "values from"),
    "an image with NaN": ({"image": nan_like(FLOAT_IMAGE)}, "image", "[0, 1]", "not finite"),
    "an empty image": ({"image": GOOD["image"][:0]}, "image", "HxWxC", "(0, 64, 3)"),
    "an image of another size": ({"mask": GOOD["mask"][:40]}, "mask", "64x48", "64x40"),
    "a mask of floats": ({"mask": GOOD["mask"].astype(float)}, "mask", "integers", "float64"),
    "depth in millimetres": (
        {"depth": GOOD["depth"].astype(np.uint16)},
        "depth",
        "metres",
        "uint16",
    ),
    "negative depth": ({"depth": -GOOD["depth"]}, "depth", "metres", "values from -"),
    "boxes of three numbers": ({"boxes": [[1, 2, 3]]}, "boxes", "Nx4", "list"),
    "boxes with NaN": ({"boxes": [[1, 2, math.nan, 4], [1, 2, 3, 4]]}, "boxes", "finite", "NaN"),
    "a box outside": (
        {"boxes": [[1, 2, 90, 40], [1, 2, 3, 4]]},
        "boxes",
        "64x48",
        "box 0: [1.0, 2.0, 90.0, 40.0]",
    ),
    "a box inside out": ({"boxes": [[30, 2, 10, 40], [1, 2, 3, 4]]}, "boxes", "above 0", "box 0"),
    "too few classes": ({"classes": ["dog"]}, "classes", "2 entries", "1"),
    "no classes": ({"classes": ...}, "classes", "labels beside 'boxes'", "no such entry"),
    "keypoints without names' count": (
        {"keypoints": np.ones((2, 3))},
        "keypoints",
        "3 keypoints",
        "2",
    ),
    "keypoints without visibility": (
        {"keypoints": np.ones((3, 2))},
        "keypoints",
        "visibility",
        "(3, 2)",
    ),
    "a phrase that is not there": (
        {"phrases": ["a blue dog", "a red bus"]},
        "phrases",
        "occur in 'caption'",
        "'a red bus'",
    ),
    "too many phrases": ({"phrases": ["a blue dog"] * 3}, "phrases", "2 phrases", "3"),
    "a caption that is a number": ({"caption": 7}, "caption", "a string, or a list", "int 7"),
    "a caption in a list of lists": (
        {"caption": ["a", ["b"]]},
        "caption",
        "none",
        "text 1: a list",
    ),
    "no caption": ({"caption": None}, "caption", "a string", "None"),
    "an empty caption beside phrases": (
        {"caption": ""},
        "phrases",
        "occur in 'caption'",
        "'a blue",
    ),
    "a caption that is bytes": ({"caption": b"dog"}, "caption", "a string", "bytes"),
    "16-bit sound": ({"speech": np.ones(9, np.int16)}, "speech", "float32", "int16"),
    "sound with channels last": (
        {"speech": np.ones((1600, 2), np.float32)},
        "speech",
        "(C, T)",
        "(1600, 2)",
    ),
    "sound with NaN": ({"speech": nan_like(GOOD["speech"])}, "speech", "finite", "NaN"),
    "no sound at all": ({"speech": np.zeros(0, np.float32)}, "speech", "(T,)", "(0,)"),
    "points with a column too few": ({"points": GOOD["points"][:, :6]}, "points", "Nx7", "(50, 6)"),
    "points of integers": ({"points": GOOD["points"].astype(int)}, "points", "float32", "int64"),
    "points in one row": ({"points": GOOD["points"].ravel()}, "points", "Nx7", "(350,)"),
    "points with NaN": ({"points": nan_like(GOOD["points"])}, "points", "finite", "NaN"),
    "3-D boxes of six numbers": ({"boxes3d": [[1, 2, 3, 4, 5, 6]]}, "boxes3d", "Nx7", "list"),
    "a flat 3-D box": ({"boxes3d": [[0, 0, 0, 1, 0, 1, 0]] * 2}, "boxes3d", "above 0", "box 0"),
    "a camera without a focal length": (
        {"camera": {**GOOD["camera"], "K": np.diag([0.0, 60.0, 1.0])}},
        "camera",
        "focal length",
        "K =",
    ),
    "a camera that is an array": ({"camera": np.eye(3)}, "camera", '"K"', "float64"),
    "a camera that shears": (
        {"camera": {**GOOD["camera"], "world_to_camera": np.diag([1.0, 2.0, 1.0, 1.0])}},
        "camera",
        "rigid",
        "orthonormal",
    ),
    "a class that does not exist": ({"label": 10}, "label", "0 to 9", "10"),
    "a missing stream": ({"speech": ...}, "speech", "modality audio", "no such entry"),
    "an undeclared entry": ({"weather": "rain"}, "weather", "declares", "undeclared"),
}


@pytest.mark.parametrize("key", ["drive/7", 7, np.int64(7), np.str_("drive/7")])
def test_an_undeclared_entry_that_holds_the_key_is_told(key: Any) -> None:
    with pytest.raises(SampleError, match="undeclared") as caught:
        POLICY(spoiled(id=key), key=key)
    assert caught.value.stream == "id"
    assert caught.value.hint.startswith("It holds the sample's key: leave it out of the sample, or")
    for other in ("drive/8", 8, True, [key], None):
        with pytest.raises(SampleError, match="Declare it under sample:, or list it"):
            POLICY(spoiled(id=other), key=key)


def test_a_misspelt_entry_is_told_the_one_that_lacks() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: {modality: boxes, labels: classes, "
        "optional: true}, caption: {modality: text, optional: true}}\nsteps: []\n"
    )
    image = np.zeros((4, 4, 3), np.uint8)
    for name, meant in (("capton", "caption"), ("clases", "classes"), ("bboxes", "boxes")):
        with pytest.raises(SampleError, match=f"Did you mean '{meant}'?"):
            policy({"image": image, name: "a cat"}, key=1)
    with pytest.raises(SampleError, match="Declare it under sample:, or list it"):
        policy({"image": image, "caption": "a cat", "weather": "rain"}, key=1)


@pytest.mark.parametrize("case", CASES)
def test_one_clear_error(case: str) -> None:
    changes, stream, expected, came = CASES[case]
    with pytest.raises(SampleError) as caught:
        POLICY(spoiled(**changes), key="drive/7")
    error = caught.value
    assert error.stream == stream
    assert error.key == "drive/7"
    assert expected in error.expected, error
    assert came in error.came, error
    assert f"sample 'drive/7', stream {stream!r}: expected" in str(error)


def test_a_sample_that_is_no_mapping() -> None:
    with pytest.raises(SampleError, match="expected a mapping of streams; got list"):
        POLICY([1, 2], key=1)  # type: ignore[arg-type]


def test_a_declared_sample_rate_must_be_the_sounds_own() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {voice: {modality: audio, sample_rate: 16000}}\n"
        "steps: [{name: hiss, uses: noise, with: {snr_db: 20}}]\n"
    )
    with pytest.raises(SampleError, match=r"expected a sample rate of 16000.* Hz.*; got 8000 Hz"):
        policy({"voice": {"array": np.ones(80, np.float32), "sampling_rate": 8000}}, key=1)


def test_an_optional_stream_may_be_missing() -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n  mask: {modality: mask, optional: true}\n"
        "steps: [{name: mirror, uses: flip}]\n"
    )
    out = policy({"image": GOOD["image"]}, key=1)
    assert list(out) == ["image"]


# Geometry that cannot be ------------------------------------------------------------------------

VISIBLE = (
    "syncaug: 1\nsample: {image: image, camera: {modality: camera, axes: opencv}, points: points, "
    "boxes3d: boxes3d}\n"
    "steps:\n  - {name: cut, uses: crop, with: {area: 0.4, points: visible}}\n"
)


def looking_ahead(points: np.ndarray, **changes: Any) -> dict[str, Any]:
    """A camera at the origin that looks along +z, and a cloud."""
    camera = {
        "K": np.array([[50.0, 0.0, 31.5], [0.0, 50.0, 23.5], [0.0, 0.0, 1.0]]),
        "world_to_camera": np.eye(4),
        "size": (64, 48),
    }
    return {
        "image": np.zeros((48, 64, 3), np.uint8),
        "camera": {**camera, **changes},
        "points": points.astype(np.float32),
        "boxes3d": [[0.0, 0.0, 5.0, 1.0, 1.0, 1.0, 0.0]],
    }


AHEAD = np.random.default_rng(0).normal(0.0, 0.3, (60, 3)) + np.array([0.0, 0.0, 5.0])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"K": np.diag([0.0, 50.0, 1.0])}, "a focal length"),
        ({"K": np.array([[50.0, 0, 31], [0, 0.0, 23], [0, 0, 1]])}, "a focal length"),
        ({"K": np.zeros((3, 3))}, "a focal length"),
        ({"K": np.full((3, 3), np.nan)}, "finite 3x3"),
        ({"K": [[50.0, 0.0], [0.0, 50.0]]}, "finite 3x3"),
        ({"K": "wide"}, '"K" (3x3)'),
        ({"world_to_camera": np.zeros((4, 4))}, "a rigid world_to_camera"),
        ({"world_to_camera": np.diag([1.0, 1.0, 1.0, 0.0])}, "a rigid world_to_camera"),
        ({"world_to_camera": np.diag([1.0, 1.0, -1.0, 1.0])}, "a rigid world_to_camera"),
        ({"world_to_camera": np.full((4, 4), np.inf)}, "finite 4x4"),
        ({"size": (0, 48)}, "a size above 0"),
        ({"size": 64}, '"size" (width, height)'),
    ],
)
def test_a_camera_that_cannot_be(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(SampleError) as caught:
        load_policy(VISIBLE)(looking_ahead(AHEAD, **changes), key="k")
    assert caught.value.stream == "camera"
    assert expected in caught.value.expected


def test_points_behind_the_camera_are_neither_seen_nor_measured() -> None:
    behind = AHEAD * [1.0, 1.0, -1.0]
    both = looking_ahead(np.concatenate([AHEAD, behind]))
    policy = load_policy(VISIBLE + "checks: [reprojection: {max_pixels: 0.001}]\n")
    out, record = policy.apply(both, key=1)
    assert 0 < len(out["points"]) <= len(AHEAD)
    assert (out["points"][:, 2] > 0).all()
    assert record.attempts[0].measures["reprojection"] < 1e-3
    kept = load_policy(VISIBLE.replace("visible", "keep"))(both, key=1)
    assert kept["points"] is both["points"]


@pytest.mark.filterwarnings("ignore:.*SA608")  # of an original that is kept, which is asked for
@pytest.mark.parametrize("then", ["keep_original", "drop", "error"])
@pytest.mark.parametrize("where", ["behind", "beside"])
def test_a_crop_that_leaves_no_point_ends_as_declared(where: str, then: str) -> None:
    moved = AHEAD * [1.0, 1.0, -1.0] if where == "behind" else AHEAD + np.array([90.0, 0, 0])
    sample = looking_ahead(moved)
    before = {name: np.copy(sample[name]) for name in ("image", "points")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)  # originals have a size of their own
        policy = load_policy(f"{VISIBLE}on_fail: {{retry: 2, then: {then}}}\n")
    if then == "error":
        with pytest.raises(AlignmentError, match="the picture shows none of the points"):
            policy(sample, key=1)
    else:
        out, record = policy.apply(sample, key=1)
        assert len(record.attempts) == 3
        assert all("shows none of the points" in a.failed[0] for a in record.attempts)
        if then == "drop":
            assert out is DROPPED
        else:
            assert all(out[name] is sample[name] for name in sample)
    assert all(np.array_equal(sample[name], before[name]) for name in before)


MATRICES = {
    "a scale for each axis": (np.diag([1.0, 2.0, 1.0, 1.0]), "it scales axes by 1, 2, 1"),
    "a shear": (np.eye(4) + np.eye(4, k=1) * [0, 0.5, 0, 0], "it s"),
    "a projection": (np.eye(4) + np.outer([0, 0, 0, 1.0], [0.1, 0, 0, 0]), "its last row"),
    "nothing": (np.diag([0.0, 0.0, 0.0, 1.0]), "it flattens the world"),
    "a flat world": (np.diag([1.0, 1.0, 0.0, 1.0]), "it flattens the world"),
}
FOLLOWING = (
    "syncaug: 1\nsample: {{camera: camera, points: points}}\nsteps:\n  - name: m\n    apply:\n"
    "      points: {{op: open3d.transform, transformation: {}}}\n      camera: follow\n"
)


@pytest.mark.parametrize("name", MATRICES)
def test_a_world_map_that_is_no_similarity_is_a_problem(name: str) -> None:
    matrix, message = MATRICES[name]
    with pytest.raises(PolicyError, match="SA512 open3d.transform cannot take this") as caught:
        load_policy(FOLLOWING.format(matrix.tolist()))
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.position.line == 6


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_similarity_is_followed_by_the_camera(sign: float) -> None:
    matrix = np.eye(4)
    matrix[:3, :3] = 2.0 * np.array([[0.0, -sign, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    matrix[:3, 3] = 1.0, 2.0, 3.0
    policy = load_policy(FOLLOWING.format(matrix.tolist()))
    sample = {name: looking_ahead(AHEAD)[name] for name in ("camera", "points")}
    out = policy(sample, key=1)
    inside = out["points"] @ out["camera"]["world_to_camera"][:3, :3].T
    inside += out["camera"]["world_to_camera"][:3, 3]
    assert np.linalg.det(out["camera"]["world_to_camera"]) == pytest.approx(1.0)
    pixels = (inside / inside[:, 2:]) @ out["camera"]["K"].T
    wanted = (AHEAD / AHEAD[:, 2:]) @ sample["camera"]["K"].T
    np.testing.assert_allclose(pixels, wanted, atol=1e-3)


@pytest.mark.parametrize(
    ("stream", "array", "said"),
    [
        ("image, fill: [1, 2]", np.zeros((4, 4, 3), np.uint8), "expected 2 channels, one for each"),
        ("image, fill: 300", np.zeros((4, 4, 3), np.uint8), "got values from 0 to 255"),
        ("image, fill: 128", np.zeros((4, 4, 3), np.float32), "got values from 0 to 1"),
        ("image, fill: [1, 2, 3]", np.zeros((4, 4), np.uint8), "expected 3 channels"),
        ("mask, fill: -1", np.zeros((4, 4), np.uint8), "got values from 0 to 255"),
        ("depth, fill: -2", np.ones((4, 4), np.float32), "got values from 0 to inf"),
        ("video, fps: 5, fill: 256", np.zeros((2, 4, 4, 3), np.uint8), "values from 0 to 255"),
    ],
)
def test_a_fill_that_is_no_pixel_fails_before_anything_is_done(
    stream: str, array: np.ndarray, said: str
) -> None:
    policy = load_policy(
        f"syncaug: 1\nsample:\n  x: {{modality: {stream}}}\n"
        "steps:\n  - {name: move, uses: translate, with: {x: 0.5}, p: 0.0}\n"
    )
    with pytest.raises(SampleError, match=said):
        policy({"x": array}, key="a")


@pytest.mark.parametrize(
    "nobody", [[], np.zeros((0, 3, 3)), np.zeros((0, 3, 3), np.float32)], ids=str
)
def test_keypoints_of_nobody_are_carried(nobody: Any) -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n"
        "  keypoints: {modality: keypoints, names: [left_eye, right_eye, nose]}\n"
        "steps:\n  - {name: flip, uses: flip}\n"
        "  - {name: turn, uses: rotate, with: {degrees: 30}}\n"
        "  - {name: crop, uses: crop, with: {area: 0.5}}\n"
    )
    out = policy({"image": np.zeros((8, 8, 3), np.uint8), "keypoints": nobody}, key="a")
    assert type(out["keypoints"]) is type(nobody)
    assert np.shape(out["keypoints"]) == np.shape(nobody)


def test_no_word_is_above_a_number() -> None:
    text = """
syncaug: 1
sample: {image: image}
draw:
  mood: {choice: [calm, wild]}
  hue: {uniform: [0, 5]}
steps:
  - {name: a, uses: flip, when: {var: mood, above: 3}}
  - {name: b, uses: flip, when: {var: hue, above: 3}}
"""
    with pytest.raises(PolicyError) as caught:
        load_policy(text)
    (problem,) = caught.value.problems
    assert (problem.code, problem.position.line) == ("SA401", 8)
    assert "'mood' can be 'calm', and no word is above a number" in problem.message


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("own", [0, 1, 2])
def test_lists_without_an_end_are_refused(name: str, own: int) -> None:
    """Lists that hold themselves, so many times, or that are nested thousands deep."""
    nested: list[Any] = []
    nested += [nested] * own
    for _ in range(0 if own else 5000):
        nested = [nested]
    with pytest.raises(SampleError, match=f"stream '{name}'"):
        POLICY(spoiled(**{name: nested}), key="k")
