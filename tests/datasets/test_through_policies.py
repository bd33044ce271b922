"""Data sets through policies: what is written is as far from the truth as rounding, measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.datasets import kitti, nuscenes
from tests.datasets.living_room import write_kitti, write_nuscenes

STEPS: dict[str, dict[str, Any]] = {
    "mirror": {"uses": "flip"},
    "zoom": {"uses": "scale", "with": {"factor": 0.6}},
    "window": {"uses": "crop", "with": {"area": 0.5, "points": "keep"}},
    "grow": {"uses": "world_scale", "with": {"factor": 1.1}},
    "move": {"uses": "world_translate", "with": {"x": 1.5, "y": -0.5, "z": 0.2}},
}


def rows_of(points: Any) -> np.ndarray:
    """Homogeneous rows."""
    return np.c_[np.asarray(points, float)[:, :3], np.ones(len(points))]


@pytest.mark.parametrize("name", [*STEPS, "turn"])
def test_kitti_projects_to_the_same_pixels(tmp_path: Path, name: str) -> None:
    """By P2 and the scanner's matrix of the written files alone, points meet the moved pixels."""
    write_kitti(tmp_path / "in", 1)
    step = {**STEPS, "turn": {"uses": "world_rotate", "with": {"axis": "y", "degrees": 25}}}[name]
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": kitti.streams(tmp_path / "in"),
            "untouched": ["source"],
            "steps": [{"name": "it", **step}],
        }
    )
    sample = kitti.samples(tmp_path / "in")[0]
    out, record = policy.apply(sample, key=0)
    kitti.write([out], tmp_path / "out")
    again = kitti.samples(tmp_path / "out")[0]
    for stream in ("points", "boxes3d"):
        before = rows_of(sample[stream][:2]) @ sample["camera"]["P"].T
        after = rows_of(again[stream][:2]) @ again["camera"]["P"].T
        moved = moved_pixels(out, record, before[:, :2] / before[:, 2:])
        assert np.abs(after[:, :2] / after[:, 2:] - moved).max() < 2e-3
    for kind, solid in zip(again["classes"], again["boxes3d"], strict=True):
        assert np.isnan(solid).all() == (kind == "DontCare")


def moved_pixels(out: dict[str, Any], record: Any, pixels: np.ndarray) -> np.ndarray:
    """Where the drawn parameters of a single step bring pixels of the first picture."""
    step = record.draw.steps[0]
    height, width = out["image"].shape[:2]
    if step.name != "it" or not step.parameters:
        return pixels
    drawn = step.parameters["*"]
    kind = record.policy["steps"][0]["uses"]
    if kind == "flip":
        return np.c_[639 - pixels[:, 0], pixels[:, 1]]
    if kind == "scale":
        centre = np.array([319.5, 239.5])
        return (pixels - centre) * drawn["factor"] + centre
    if kind == "crop":
        x, y = drawn["x"] * (640 - width), drawn["y"] * (480 - height)
        return pixels - np.round([x, y])
    return pixels


def test_kitti_labels_stay_in_rows(tmp_path: Path) -> None:
    write_kitti(tmp_path / "in", 1)
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": kitti.streams(tmp_path / "in"),
            "untouched": ["source"],
            "steps": [{"name": "window", "uses": "crop", "with": {"area": 0.15}}],
        }
    )
    sample = kitti.samples(tmp_path / "in")[0]
    counts = set()
    for key in range(30):
        out = policy(sample, key=key)
        counts.add(len(out["boxes"]))
        lengths = {len(out[name]) for name in ("boxes", "boxes3d", "classes", "occluded")}
        assert len(lengths) == 1
    assert len(counts) > 1


@pytest.mark.parametrize("name", ["grow", "move", "turn", "mirror"])
def test_nuscenes_stays_one_world(tmp_path: Path, name: str) -> None:
    """Cameras, scan, radar and boxes of the written tables meet in the global frame."""
    write_nuscenes(tmp_path / "in", 2)
    step = {
        **STEPS,
        "turn": {"uses": "world_rotate", "with": {"axis": "z", "degrees": 40}},
        "mirror": {"uses": "flip", "with": {"world": "mirror"}},
    }[name]
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": nuscenes.streams(tmp_path / "in"),
            "untouched": ["source"],
            "steps": [{"name": "it", **step}],
        }
    )
    sample = nuscenes.samples(tmp_path / "in")[1]
    nuscenes.write([policy(sample, key=0)], tmp_path / "out")
    again = nuscenes.samples(tmp_path / "out")[0]

    def seen(one: dict[str, Any], stream: str) -> np.ndarray:
        camera = one["CAM_FRONT_camera"]
        matrix = camera["K"] @ np.linalg.inv(camera["camera_to_world"])[:3]
        rows = rows_of(one[stream]) @ matrix.T
        return rows[:, :2] / rows[:, 2:]

    for stream in ("LIDAR_TOP", "RADAR_FRONT", "boxes3d"):
        before, after = seen(sample, stream), seen(again, stream)
        if name == "mirror":
            before[:, 0] = 639 - before[:, 0]
        assert np.abs(after - before).max() < 5e-3, stream
    factor = 1.1 if name == "grow" else 1.0
    speeds = [np.linalg.norm(one["boxes3d"][:, 10:13], axis=1) for one in (sample, again)]
    assert np.allclose(speeds[1], 0.3 * factor)
    assert np.allclose(speeds[0], 0.3)
