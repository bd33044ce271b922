"""Lens distortion under every step, against OpenCV's own projections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from syncaug import SampleError, load_policy
from syncaug.maps.lens import Lens
from syncaug.suspicions import SampleWarning

K = np.array([[80.0, 0.0, 44.0], [0.0, 78.0, 31.0], [0.0, 0.0, 1.0]])
SQUARE = np.array([[80.0, 0.0, 44.0], [0.0, 80.0, 31.0], [0.0, 0.0, 1.0]])
E = np.array([[0.0, -1.0, 0.0, 0.3], [0.0, 0.0, -1.0, 0.1], [1.0, 0.0, 0.0, 0.2], [0, 0, 0, 1]])
SIZE = (90, 60)

BROWN = [0.1, -0.05, 0.01, -0.02, 0.02]
MODELS: dict[str, list[float]] = {
    "four": BROWN[:4],
    "five": BROWN,
    "eight": [*BROWN, 0.01, 0.02, 0.01],
    "twelve": [*BROWN, 0.01, 0.02, 0.01, 0.003, 0.001, -0.002, 0.004],
    "fourteen": [*BROWN, 0.01, 0.02, 0.01, 0.003, 0.001, -0.002, 0.004, 0.05, -0.03],
    "tilted": [*BROWN, 0.01, 0.02, 0.01, 0.003, 0.001, -0.002, 0.004, 0.05, 0.0],
    "fisheye": [0.05, -0.01, 0.003, -0.001],
    "ideal": [0.0, 0.0, 0.0, 0.0],
}


def cloud() -> np.ndarray:
    generator = np.random.default_rng(3)
    return generator.uniform([3, -1.5, -1], [9, 1.5, 1], (60, 3))


def camera(name: str, matrix: np.ndarray = K, **more: Any) -> dict[str, Any]:
    model = {"model": "fisheye"} if name in ("fisheye", "ideal") else {}
    start = {"K": matrix, "size": SIZE, "world_to_camera": E}
    return {**start, "distortion": MODELS[name], **model, **more}


def carried(given: dict[str, Any], *steps: str) -> tuple[Any, np.ndarray]:
    lines = "".join(f"  - {{name: step{i}, {step}}}\n" for i, step in enumerate(steps))
    policy = load_policy(
        "syncaug: 1\nsample: {c: {modality: camera, plane: a, world: w}, "
        f"p: {{modality: points, world: w}}}}\nsteps:\n{lines}"
    )
    out = policy({"c": given, "p": cloud()}, key=4)
    return out["c"], out["p"]


def pixels(given: dict[str, Any], points: np.ndarray) -> np.ndarray:
    """Where OpenCV itself sees the points."""
    pose, matrix = given["world_to_camera"], np.asarray(given["K"])
    assert matrix[0, 1] == matrix[1, 0] == matrix[2, 0] == matrix[2, 1] == 0.0
    rotation, terms = cv2.Rodrigues(pose[:3, :3])[0], np.asarray(given["distortion"], float)
    if given.get("model") == "fisheye":
        places, _ = cv2.fisheye.projectPoints(points[:, None], rotation, pose[:3, 3], matrix, terms)
        return np.asarray(places[:, 0])
    return np.asarray(cv2.projectPoints(points, rotation, pose[:3, 3], matrix, terms)[0][:, 0])


Moves = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
STEPS: dict[str, tuple[str, Moves]] = {
    "crop": ("uses: crop, with: {area: 0.25, x: 0.5, y: 0.5}", lambda x, y: (x - 22, y - 15)),
    "resize": (
        "uses: resize, with: {height: 120, width: 45}",
        lambda x, y: ((x + 0.5) / 2 - 0.5, (y + 0.5) * 2 - 0.5),
    ),
    "scale": (
        "uses: scale, with: {factor: 2}",
        lambda x, y: ((x - 44.5) * 2 + 44.5, (y - 29.5) * 2 + 29.5),
    ),
    "translate": ("uses: translate, with: {x: 0.1, y: -0.1}", lambda x, y: (x + 9, y - 6)),
    "mirror": ("uses: flip, with: {axis: horizontal}", lambda x, y: (89 - x, y)),
    "upside": ("uses: flip, with: {axis: vertical}", lambda x, y: (x, 59 - y)),
    "both": ("uses: flip, with: {axis: both}", lambda x, y: (89 - x, 59 - y)),
    "kept": ("uses: flip, with: {axis: horizontal, world: keep}", lambda x, y: (89 - x, y)),
    "mirrored along": ("uses: flip, with: {axis: horizontal, world: y}", lambda x, y: (89 - x, y)),
    "quarter": ("uses: rotate, with: {degrees: 90, expand: true}", lambda x, y: (y, 89 - x)),
    "half": ("uses: rotate, with: {degrees: 180}", lambda x, y: (89 - x, 59 - y)),
    "turned along": (
        "uses: rotate, with: {degrees: 270, expand: true, world: turn}",
        lambda x, y: (59 - y, x),
    ),
    "world": ("uses: world_rotate, with: {axis: x, degrees: 20}", lambda x, y: (x, y)),
    "grown": ("uses: world_scale, with: {factor: 1.5}", lambda x, y: (x, y)),
}


@pytest.mark.parametrize("kind", [list, tuple, np.array])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("model", MODELS)
def test_points_are_seen_where_their_pixels_went(model: str, step: str, kind: Any) -> None:
    if model == "fourteen" and step in ("quarter", "turned along"):
        return  # refused: see below
    given = camera(model)
    given["distortion"] = kind(given["distortion"])
    text, moves = STEPS[step]
    out, points = carried(given, text)
    assert type(out["distortion"]) is type(given["distortion"])
    assert list(out) == list(given)
    before, after = pixels(given, cloud()), pixels(out, points)
    assert np.allclose(after, np.stack(moves(*before.T), axis=1), rtol=0, atol=1e-6)


@pytest.mark.parametrize("model", [m for m in MODELS if m not in ("fourteen", "tilted")])
def test_a_turned_picture_turns_the_lens(model: str) -> None:
    """Any angle, where fx and fy are the same: tangential and prism terms are vectors."""
    given = camera(model, SQUARE)
    out, points = carried(given, "uses: rotate, with: {degrees: 30}")
    x, y = (pixels(given, cloud()) - (44.5, 29.5)).T
    cosine, sine = np.cos(np.pi / 6), np.sin(np.pi / 6)
    wanted = np.stack([cosine * x + sine * y + 44.5, -sine * x + cosine * y + 29.5], axis=1)
    assert np.allclose(pixels(out, points), wanted, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("model", "matrix", "step", "said"),
    [
        ("five", K, "uses: camera_rotate, with: {axis: vertical, degrees: 5}", "axis turns"),
        ("five", K, "uses: perspective, with: {strength: 0.1}", "axis turns"),
        ("fisheye", SQUARE, "uses: perspective, with: {strength: 0.1}", "axis turns"),
        ("ideal", SQUARE, "uses: camera_rotate, with: {axis: horizontal, degrees: 1}", "axis"),
        ("five", K, "uses: rotate, with: {degrees: 10}", "fx and fy differ"),
        ("fisheye", K, "uses: rotate, with: {degrees: 10}", "fx and fy differ"),
        ("tilted", SQUARE, "uses: rotate, with: {degrees: 10}", "tilted"),
        ("fourteen", SQUARE, "uses: rotate, with: {degrees: 90}", "tilted"),
    ],
)
def test_what_no_terms_state_is_refused(
    model: str, matrix: np.ndarray, step: str, said: str
) -> None:
    with pytest.raises(SampleError, match=f"(?s){said}.*'step0'.*uses: undistort"):
        carried(camera(model, matrix), step)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"distortion": [0.1, 0.2, 0.3]}, "4, 5, 8, 12, 14"),
        ({"distortion": [0.1] * 6}, "4, 5, 8, 12, 14"),
        ({"distortion": [0.1] * 15}, "4, 5, 8, 12, 14"),
        ({"distortion": 0.1}, "4, 5, 8, 12, 14"),
        ({"distortion": [0.1] * 5, "model": "fisheye"}, "of 4 coefficients"),
        ({"model": "fisheye"}, "four coefficients"),
        ({"distortion": [0.1] * 4, "model": "double_sphere"}, "pinhole or fisheye"),
        ({"xi": 0.9}, "pinhole or fisheye"),
        ({"ftheta_poly": [0.1, 0.2, 0.3, 0.4]}, "pinhole or fisheye"),
        ({"distortion": [0.1, np.nan, 0.0, 0.0]}, "finite"),
        ({"distortion": BROWN, "D": [0.2] * 5}, "stated alike"),
        ({"distortion": BROWN, "k1": 0.2}, "stated alike"),
        ({"distortion": BROWN, "D": [0.0] * 5}, "stated alike"),
    ],
    ids=lambda value: "" if isinstance(value, str) else str(value)[:32],
)
def test_lenses_of_no_model_are_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(SampleError, match=said):
        carried({"K": K, "size": SIZE, "world_to_camera": E, **more}, STEPS["crop"][0])


@pytest.mark.parametrize(
    "stated",
    [
        {"D": BROWN},
        {"dist_coeffs": np.array([BROWN])},
        {"distCoeffs": np.array(BROWN)[:, None]},
        {"k1": 0.1, "k2": -0.05, "p1": 0.01, "p2": -0.02, "k3": 0.02},
        {"radial_distortion": [0.1, -0.05, 0.02], "tangential_distortion": [0.01, -0.02]},
        {"lens": {"model": "OPENCV", "coeffs": BROWN}},
        {"distortion": {"k1": 0.1, "k2": -0.05, "p1": 0.01, "p2": -0.02, "k3": 0.02}},
        {"D": [*BROWN, 0.0, 0.0, 0.0], "distortion_model": "rational_polynomial"},
    ],
    ids=lambda value: str(list(value)),
)
def test_other_spellings_are_the_same_lens(stated: dict[str, Any]) -> None:
    """Their own terms follow a mirror, and crops know where the points are seen."""
    start = {"K": K, "size": SIZE, "world_to_camera": E}
    visible = "uses: crop, with: {area: 0.3, x: 0.5, y: 0.5, points: visible}"
    truth, left = carried({**start, "distortion": BROWN}, STEPS["mirror"][0], visible)
    out, points = carried({**start, **stated}, STEPS["mirror"][0], visible)
    assert np.array_equal(points, left)
    text = str({key: np.asarray(out[key]).tolist() for key in stated})
    assert "0.02" in text
    assert "-0.02" not in text
    assert truth["distortion"][3] == 0.02


def test_a_crop_keeps_what_the_lens_shows() -> None:
    """Points that the picture shows by OpenCV's projection, and none that the model folds back."""
    wide = np.random.default_rng(1).uniform([-9, -9, -9], [9, 9, 9], (4000, 3))
    terms = [-0.3, 0.02, 0.001, -0.002]
    policy = load_policy(
        "syncaug: 1\nsample: {c: {modality: camera, plane: a, world: w}, "
        "p: {modality: points, world: w}}\n"
        "steps: [{name: s, uses: crop, with: {area: 1, points: visible}}]"
    )
    given = {"K": K, "size": SIZE, "world_to_camera": E, "distortion": terms}
    left = policy({"c": given, "p": wide}, key=1)["p"]
    seen = pixels(given, wide)
    inside = wide @ E[:3, :3].T + E[:3, 3]
    radius = np.hypot(inside[:, 0], inside[:, 1]) / inside[:, 2]
    shown = (inside[:, 2] > 0) & (seen > -0.5).all(1) & (seen < np.array(SIZE) - 0.5).all(1)
    folded = shown & (radius > 1.1)
    assert folded.sum() > 20
    assert np.array_equal(left, wide[shown & (radius <= 1.1)])


def test_four_terms_under_a_loose_name_are_asked_about() -> None:
    given = {"K": K, "size": SIZE, "world_to_camera": E, "D": [0.1, 0.2, 0.01, 0.02]}
    with pytest.warns(SampleWarning, match="model: fisheye"):
        carried(given, STEPS["crop"][0])


@pytest.mark.parametrize("model", MODELS)
def test_the_inverse_is_exact(model: str) -> None:
    lens = Lens.of("fisheye" if model in ("fisheye", "ideal") else "pinhole", MODELS[model])
    x, y = np.meshgrid(np.linspace(-0.7, 0.7, 41), np.linspace(-0.5, 0.5, 31))
    directions = np.stack([x.ravel(), y.ravel(), np.ones(x.size)], axis=1)
    places, seen = lens.distorted(directions)
    assert seen.all()
    assert np.abs(lens.undistorted(places) - directions[:, :2]).max() < 1e-12


def test_what_lies_behind_or_beyond_is_nowhere() -> None:
    barrel = Lens.of("pinhole", [-0.3])
    limit = np.sqrt(1 / 0.9)  # where 1 - 0.9 r^2, the slope, is 0
    rays = np.array([[0, 0, -1.0], [limit * 1.001, 0, 1], [limit * 0.999, 0, 1], [3, 0, 1]])
    assert barrel.distorted(rays)[1].tolist() == [False, False, True, False]
    fisheye = Lens.of("fisheye", [0.0] * 4)
    assert fisheye.distorted(np.array([[1.0, 0, -0.2], [0, 0, -1.0]]))[1].tolist() == [True, False]
    assert np.isnan(fisheye.undistorted(np.array([[1.6, 0.0]]))).all()
    assert np.isnan(barrel.undistorted(np.array([[0.8, 0.0]]))).all()


def test_a_maker_of_sensors_is_no_model() -> None:
    given = camera("five", K, model="OmniVision OV5647")
    out, _ = carried(given, STEPS["mirror"][0])
    assert out["model"] == "OmniVision OV5647"
    assert out["distortion"][3] == 0.02
