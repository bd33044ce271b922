"""Colour, depth, camera and inertial readings of a real robot's view, randomised in unison.

Alignment is measured on what comes out, with projections written here anew.
"""

from __future__ import annotations

import copy
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.io.manifest import read_manifest
from syncaug.io.streams import load_sample
from tests.samples import DATA, ROOT

ROBOT = (ROOT / "policies" / "robot.yaml").read_text(encoding="utf-8")
SENSORS = {"gyroscope": slice(0, 3), "accelerometer": slice(3, 6)}


@cache
def _robots() -> list[dict[str, Any]]:
    streams = {stream.name: stream for stream in load_policy(ROBOT).plan.streams}
    return [load_sample(entry, streams) for entry in read_manifest(DATA / "robot.jsonl")]


def robot(frame: int) -> dict[str, Any]:
    """One RGB-D frame with its camera, and two seconds of inertial readings in SI units."""
    return copy.deepcopy(_robots()[frame])


def places(camera: Any, depth: np.ndarray, step: int = 7) -> np.ndarray:
    """World points (N, 3) of every seventh pixel that has a depth."""
    extrinsics, intrinsics = np.asarray(camera["world_to_camera"]), np.asarray(camera["K"])
    rows, columns = np.mgrid[: depth.shape[0] : step, : depth.shape[1] : step]
    z = depth[rows, columns].astype(float).ravel()
    pixels = np.stack([columns.ravel(), rows.ravel(), np.ones(z.size)], axis=1)
    inside = (pixels @ np.linalg.inv(intrinsics).T * z[:, None])[z > 0]
    return (inside - extrinsics[:3, 3]) @ extrinsics[:3, :3]


def seen(camera: Any, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows and columns of the pixels that show points, and their depths."""
    extrinsics, intrinsics = np.asarray(camera["world_to_camera"]), np.asarray(camera["K"])
    inside = points @ extrinsics[:3, :3].T + extrinsics[:3, 3]
    pixels = inside @ intrinsics.T
    columns, rows = (np.rint(pixels[:, i] / pixels[:, 2]).astype(int) for i in (0, 1))
    width, height = camera["size"]
    shown = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    return rows[shown], columns[shown], inside[shown, 2]


def turn_between(before: Any, after: Any) -> np.ndarray:
    """The 3x3 turn of a camera's own axes."""
    old, new = (np.asarray(camera["world_to_camera"])[:3, :3] for camera in (before, after))
    return np.asarray(new @ old.T)


def snr(clean: np.ndarray, noisy: np.ndarray) -> float:
    clean, noisy = clean.astype(float), noisy.astype(float)
    return float(10 * np.log10(np.mean(clean**2) / np.mean((noisy - clean) ** 2)))


@pytest.mark.parametrize("frame", range(5))
def test_all_sensors_turn_as_one_while_training_gets_harder(frame: int) -> None:
    policy = load_policy(ROBOT, seed=3).with_progress(1.0).with_severity(0.0)
    sample = robot(frame)
    cloud = places(sample["camera"], sample["depth"])
    angles = []
    for epoch in range(4):
        out, _ = policy.apply(sample, key=frame, epoch=epoch)
        turn = turn_between(sample["camera"], out["camera"])
        angles.append(np.degrees(np.arctan2(turn[1, 0], turn[0, 0])))
        assert np.allclose(out["imu"][:, :3], sample["imu"][:, :3] @ turn.T, atol=1e-5)
        assert np.allclose(out["imu"][:, 3:], sample["imu"][:, 3:] @ turn.T, atol=1e-4)
        if not out["depth"].any():
            continue  # that sensor was out
        rows, columns, distance = seen(out["camera"], cloud)
        stored = out["depth"][rows, columns]
        there = stored > 0
        error = np.abs(stored - distance)[there] / distance[there]
        assert there.mean() > 0.9
        assert np.median(error) < 1e-3
        assert np.quantile(error, 0.95) < 0.03, "edges fall on the pixel beside"
    assert np.std(angles) > 0.5, "the camera shakes"


def test_at_the_beginning_nothing_shakes() -> None:
    sample = robot(0)
    out = load_policy(ROBOT, seed=3).with_severity(0.0)(sample, key=1)
    assert np.allclose(turn_between(sample["camera"], out["camera"]), np.eye(3))
    assert np.allclose(out["imu"], sample["imu"])


@pytest.mark.parametrize("severity", [0.2, 0.5, 1.0])
def test_every_sensor_is_as_noisy_as_the_others(severity: float) -> None:
    quiet = load_policy(ROBOT, seed=5).with_severity(0.0)
    noisy = load_policy(ROBOT, seed=5).with_severity(severity)
    asked = 50.0 - 45.0 * severity
    measured: dict[str, list[float]] = {}
    for frame in range(3):
        sample = robot(frame)
        clean, out = (policy(sample, key=frame) for policy in (quiet, noisy))
        for name in ("rgb", "depth"):
            if clean[name].any():
                solid = clean[name] > 0 if name == "depth" else ...
                measured.setdefault(name, []).append(snr(clean[name][solid], out[name][solid]))
        for name, columns in SENSORS.items():
            level = snr(clean["imu"][:, columns], out["imu"][:, columns])
            measured.setdefault(name, []).append(level)
        assert np.array_equal(clean["camera"]["world_to_camera"], out["camera"]["world_to_camera"])
    assert set(measured) == {"rgb", "depth", *SENSORS}
    for name, levels in measured.items():
        assert np.abs(np.array(levels) - asked).max() < 0.1, (name, levels)


def test_one_sensor_is_out_now_and_then_and_never_both() -> None:
    policy = load_policy(ROBOT, seed=9)
    small = {
        "rgb": robot(0)["rgb"][::16, ::16].copy(),
        "depth": robot(0)["depth"][::16, ::16].copy(),
        "camera": {"K": np.diag([33.0, 33.0, 1.0]), "size": (40, 30)},
        "imu": robot(0)["imu"][:10],
    }
    out = [policy(small, key=key) for key in range(200)]
    blind = sum(not sample["rgb"].any() or not sample["depth"].any() for sample in out)
    assert 8 <= blind <= 35, "one in ten"
    assert all(sample["rgb"].any() or sample["depth"].any() for sample in out)


def test_a_mirrored_robot_is_a_robot_in_a_mirrored_room() -> None:
    text = ROBOT.replace("steps:\n", "steps:\n  - {name: mirror, uses: flip}\n", 1)
    policy = load_policy(text).with_severity(0.0)
    sample = robot(2)
    out = policy(sample, key=0)
    mirror = np.diag([-1.0, 1.0, 1.0])
    assert np.allclose(out["imu"][:, 3:], sample["imu"][:, 3:] @ mirror, atol=1e-4)
    assert np.allclose(out["imu"][:, :3], -sample["imu"][:, :3] @ mirror, atol=1e-5)
    assert np.linalg.det(np.asarray(out["camera"]["world_to_camera"])[:3, :3]) > 0
    assert np.asarray(out["camera"]["K"])[0, 0] > 0


def test_a_record_replays_all_sensors_bit_for_bit() -> None:
    policy = load_policy(ROBOT, seed=3).with_progress(0.7).with_severity(0.6)
    sample = robot(1)
    out, record = policy.apply(sample, key="robot/1", epoch=2)
    again = policy.replay(sample, record.to_json())
    for name in ("rgb", "depth", "imu"):
        assert out[name].tobytes() == again[name].tobytes()


def test_from_files_to_files_the_sensors_stay_together(tmp_path: Path) -> None:
    (tmp_path / "robot.yaml").write_text(ROBOT, encoding="utf-8")
    arguments = [
        *("apply", tmp_path / "robot.yaml", "--manifest", DATA / "robot.jsonl"),
        *("--out", tmp_path / "out", "--severity", 0.4, "--progress", 1.0),
    ]
    done = subprocess.run(
        [sys.executable, "-c", "from syncaug.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    streams = {stream.name: stream for stream in load_policy(ROBOT).plan.streams}
    for entry in read_manifest(tmp_path / "out" / "manifest.jsonl"):
        out, sample = load_sample(entry, streams), robot(int(str(entry.key)[-1]))
        turn = turn_between(sample["camera"], out["camera"])
        for columns in SENSORS.values():
            wanted = sample["imu"][:, columns] @ turn.T
            assert abs(snr(wanted, out["imu"][:, columns]) - 32.0) < 0.01
        if out["depth"].any():
            rows, columns_, distance = seen(
                out["camera"], places(sample["camera"], sample["depth"])
            )
            stored = out["depth"][rows, columns_]
            error = np.abs(stored - distance)[stored > 0] / distance[stored > 0]
            assert np.median(error) < 0.05, "noise of 32 dB, no more"
