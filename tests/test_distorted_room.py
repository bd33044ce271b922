"""A real picture through OpenCV's own lens: its cloud stays on its features, below a pixel."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from syncaug import load_policy
from tests.samples import frames

LENSES: dict[str, tuple[str, list[float]]] = {
    "barrel": ("pinhole", [-0.32, 0.11, 0.002, -0.001, -0.02]),
    "pincushion": ("pinhole", [0.18, -0.06, -0.002, 0.003]),
    "rational": ("pinhole", [0.3, 0.05, 0.001, -0.002, 0.01, 0.6, 0.1, 0.02]),
    "fisheye": ("fisheye", [0.05, -0.02, 0.004, -0.001]),
}
CHAINS = {
    "as it is": "{uses: light, with: {value: 0}}",
    "cropped": "{uses: crop, with: {area: 0.4, x: 0.8, y: 0.7, points: visible}}",
    "larger": "{uses: resize, with: {height: 360, width: 600}}",
    "zoomed": "{uses: scale, with: {factor: 1.3}}",
    "flipped": "{uses: flip}",
    "upside down": "{uses: flip, with: {axis: vertical}}",
    "a quarter turn": "{uses: rotate, with: {degrees: 90, expand: true}}",
    "straight": "{uses: undistort}",
    "straight, all of it": "{uses: undistort, with: {alpha: 1}}",
    "cropped, flipped, straight, turned": "{uses: crop, with: {area: 0.6, x: 0.3, y: 0.5}}, "
    "{uses: flip}, {uses: undistort}, {uses: camera_rotate, with: {axis: vertical, degrees: 4}}",
}


def distorted(lens: str) -> dict[str, Any]:
    """The first frame as a camera with such a lens would have taken it, by OpenCV's functions."""
    frame = frames()[0]
    matrix, (model, terms) = np.asarray(frame["camera"]["K"], float), LENSES[lens]
    width, height = frame["camera"]["size"]
    across, down = np.meshgrid(np.arange(width, dtype=float), np.arange(height, dtype=float))
    pixels = np.stack([across.ravel(), down.ravel()], axis=1)[:, None]
    undistort = cv2.fisheye.undistortPoints if model == "fisheye" else cv2.undistortPoints
    enough = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 200, 1e-12)
    found = undistort(pixels, matrix, np.array(terms), P=matrix, criteria=enough)
    source = found.reshape(height, width, 2).astype(np.float32)
    image = cv2.remap(
        frame["image"], source, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    camera = {**frame["camera"], "distortion": terms, "model": model}
    return {"image": image, "camera": camera, "points": frame["points"]}


def seen(camera: dict[str, Any], points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixels by OpenCV's own projections, and which points the picture shows well inside."""
    pose, matrix = np.asarray(camera["world_to_camera"]), np.asarray(camera["K"])
    places = points[:, :3].astype(np.float64)
    inside = places @ pose[:3, :3].T + pose[:3, 3]
    front = inside[:, 2] > 0.1
    inside[~front] = (0.0, 0.0, 1.0)
    terms, none = np.asarray(camera["distortion"], float), np.zeros(3)
    if camera["model"] == "fisheye":
        pixels = cv2.fisheye.projectPoints(inside[:, None], none, none, matrix, terms)[0][:, 0]
    else:
        pixels = cv2.projectPoints(inside, none, none, matrix, terms)[0][:, 0]
    end = np.array(camera["size"]) - 4
    return pixels, front & ((pixels > 3) & (pixels < end)).all(axis=1)


def shift(sample: dict[str, Any], textured: np.ndarray, camera: dict[str, Any]) -> np.ndarray:
    """By how many pixels the picture's features lie off the points that have their colours.

    The least of a paraboloid through the squared differences of levels at 9 x 9 shifts.
    """
    pixels, shown = seen(camera, sample["points"])
    chosen = shown & textured
    assert chosen.sum() > 200
    wanted = sample["points"][chosen, 3:6].astype(np.float32) * 255
    steps = np.linspace(-1, 1, 9)
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps))
    errors = []
    for way in np.stack([x, y], axis=1):
        at = (pixels[chosen] + way).astype(np.float32)[:, None]
        found = cv2.remap(sample["image"], at, None, cv2.INTER_LINEAR)[:, 0].astype(np.float32)
        errors.append(np.minimum((found - wanted) ** 2, 40.0**2).mean())
    terms = np.stack([x * x, x * y, y * y, x, y, np.ones_like(x)], axis=1)
    a, b, c, d, e, _ = np.linalg.lstsq(terms, np.array(errors), rcond=None)[0]
    return np.linalg.solve([[2 * a, b], [b, 2 * c]], [-d, -e])


def textured_points(frame: dict[str, Any]) -> np.ndarray:
    """The tenth of the points that come from where the picture changes most."""
    pose, matrix = frame["camera"]["world_to_camera"], np.asarray(frame["camera"]["K"])
    inside = frame["points"][:, :3] @ np.asarray(pose)[:3, :3].T + np.asarray(pose)[:3, 3]
    columns, rows = np.rint((inside @ matrix.T)[:, :2] / inside[:, 2:]).astype(int).T
    down, across = np.gradient(frame["image"].mean(axis=2))
    contrast = np.hypot(down, across)[
        rows.clip(0, len(down) - 1), columns.clip(0, down.shape[1] - 1)
    ]
    return np.asarray(contrast > np.quantile(contrast, 0.9))


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("lens", LENSES)
def test_the_cloud_stays_on_the_features(lens: str, chain: str) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, camera: camera, "
        "points: {modality: points, columns: [x, y, z, r, g, b, n]}}\n"
        f"steps: [{', '.join(_named(CHAINS[chain]))}]\n"
        "checks: [reprojection: {max_pixels: 0.001}]\n"
    )
    sample = distorted(lens)
    marks = textured_points(frames()[0])
    number = np.arange(len(sample["points"]), dtype=np.float32)[:, None]
    sample["points"] = np.hstack([sample["points"][:, :6], number]).astype(np.float32)
    out = policy(sample, key=1)
    left = marks[out["points"][:, 6].astype(int)]
    before = shift(sample, marks, sample["camera"])
    after = shift(out, left, out["camera"])
    assert np.abs(before).max() < 0.1
    assert np.abs(after).max() < 0.25, (before, after)
    plain = {**out["camera"], "distortion": [0.0] * 4, "model": "pinhole"}
    if "straight" not in chain:  # without the lens the points lie elsewhere
        pixels, shown = seen(out["camera"], out["points"])
        others, _ = seen(plain, out["points"])
        assert np.linalg.norm(pixels - others, axis=1)[shown].max() > 5


def _named(steps: str) -> list[str]:
    parts = steps.split("}, {")
    whole = [part.strip("{}") if len(parts) > 1 else part[1:-1] for part in parts]
    closed = [part + "}" * (part.count("{") - part.count("}")) for part in whole]
    return [f"{{name: step{index}, {part}}}" for index, part in enumerate(closed)]
