"""Alignment on real data: RGB-D frames whose points, depth and camera go through random draws.

Everything is measured on the streams that come out, with projections written here anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from tests.samples import ROOT, frames

DRIVING = ROOT / "policies" / "driving.yaml"
LIVING_ROOM = ROOT / "policies" / "living_room.yaml"


def seen(camera: Any, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels, depths, and which points lie inside the picture."""
    extrinsics, intrinsics = np.asarray(camera["world_to_camera"]), np.asarray(camera["K"])
    inside = np.c_[points[:, :3].astype(float), np.ones(len(points))] @ extrinsics.T
    homogeneous = inside[:, :3] @ intrinsics.T
    pixels = homogeneous[:, :2] / homogeneous[:, 2:]
    width, height = camera["size"]
    limit = np.array([width, height]) - 0.5
    return (
        pixels,
        inside[:, 2],
        ((pixels > -0.5) & (pixels < limit)).all(axis=1) & (inside[:, 2] > 0),
    )


def colour_error(image: np.ndarray, pixels: np.ndarray, colours: np.ndarray) -> float:
    """The mean absolute difference between points' colours and the pixels they fall on."""
    columns, rows = np.rint(pixels).astype(int).T
    return float(np.mean(np.abs(image[rows, columns] / 255.0 - colours)))


@pytest.mark.parametrize("frame", range(5))
def test_points_land_on_the_pixels_they_came_from(frame: int) -> None:
    policy = load_policy(LIVING_ROOM, seed=1)
    sample = frames()[frame]
    pixels, _, inside = seen(sample["camera"], sample["points"])
    before = colour_error(sample["image"], pixels[inside], sample["points"][inside, 3:6])
    changed = 0
    for epoch in range(6):
        out, record = policy.apply(sample, key=frame, epoch=epoch)
        assert record.attempts[-1].measures["reprojection"] < 0.5
        changed += record.outcome == "accepted"
        pixels, depth, inside = seen(out["camera"], out["points"])
        assert inside.mean() > 0.9, "a crop keeps the points that it shows"
        after = colour_error(out["image"], pixels[inside], out["points"][inside, 3:6])
        assert after < before + 0.01, (epoch, before, after)
        columns, rows = np.rint(pixels[inside]).astype(int).T
        stored = out["depth"][rows, columns]
        near = np.abs(stored - depth[inside]) < 0.02 + 0.02 * depth[inside]
        assert near[stored > 0].mean() > 0.9, "depth and points tell the same distances"
    assert changed >= 4


@pytest.mark.parametrize("frame", range(5))
def test_the_driving_policy_on_the_living_room(frame: int) -> None:
    policy = load_policy(DRIVING, seed=2)
    sample = frames()[frame]
    grey = sample["points"][:, 3:6].mean(axis=1, keepdims=True)
    driving = {
        "front": sample["image"],
        "boxes": sample["boxes"],
        "classes": sample["classes"],
        "calib": sample["camera"],
        "lidar": np.hstack([sample["points"][:, :3], grey]).astype(np.float32),
        "boxes3d": sample["boxes3d"],
        "classes3d": sample["classes3d"],
    }
    outcomes = []
    for epoch in range(6):
        out, record = policy.apply(driving, key=frame, epoch=epoch)
        outcomes.append(record.outcome)
        if record.outcome != "accepted":
            continue
        assert record.attempts[-1].measures["reprojection"] < 0.5
        pixels, _, inside = seen(out["calib"], out["lidar"])
        columns, rows = np.rint(pixels[inside]).astype(int).T
        picture = out["front"][rows, columns].mean(axis=1) / 255.0
        assert np.corrcoef(picture, out["lidar"][inside, 3])[0, 1] > 0.85
    assert outcomes.count("accepted") >= 3


TURNS = """
syncaug: 1
sample:
  image: image
  camera: camera
  points: {modality: points, columns: [x, y, z, r, g, b]}
steps:
  - {name: mirror, uses: flip}
  - {name: turn, uses: world_rotate, with: {degrees: 25}}
  - {name: grow, uses: world_scale, with: {factor: 1.1}}
  - {name: roll, uses: camera_rotate, with: {degrees: 6}}
"""


def test_a_camera_or_points_left_behind_are_seen() -> None:
    """Planted errors must raise the colour error of points that come from textured places."""
    sample = {name: frames()[0][name] for name in ("image", "camera", "points")}
    pixels, _, inside = seen(sample["camera"], sample["points"])
    down, across = np.gradient(sample["image"].mean(axis=2))
    columns, rows = np.rint(pixels[inside]).astype(int).T
    contrast = np.hypot(down, across)[rows, columns]
    textured = np.flatnonzero(inside)[contrast > np.quantile(contrast, 0.9)]
    out = load_policy(TURNS)(sample, key=0)

    def error(camera: Any, points: np.ndarray) -> float:
        pixels, _, inside = seen(camera, points[textured])
        if inside.mean() < 0.3:
            return 1.0
        return colour_error(out["image"], pixels[inside], points[textured][inside, 3:6])

    good = error(out["camera"], out["points"])
    intrinsics = np.asarray(out["camera"]["K"])
    shifted = intrinsics + np.array([[0, 0, 2.0], [0, 0, 0], [0, 0, 0]])
    planted = [
        error(sample["camera"], out["points"]),
        error(out["camera"], sample["points"]),
        error(dict(out["camera"], K=shifted), out["points"]),
        error(
            dict(out["camera"], world_to_camera=sample["camera"]["world_to_camera"]), out["points"]
        ),
        error(dict(out["camera"], K=np.diag([-1.0, 1.0, 1.0]) @ intrinsics), out["points"]),
    ]
    assert all(bad > 2 * good for bad in planted), (good, planted)
