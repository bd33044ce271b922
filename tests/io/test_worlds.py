"""Sweeps with poses, joints and maps of the ground in manifests: what comes back is what was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.errors import ManifestError
from syncaug.io import load_sample, read_manifest, save_sample
from syncaug.report.html import render_report
from syncaug.report.result import Result

POLICY = """
syncaug: 1
sample:
  lidar: {modality: points, columns: [x, y, z, intensity]}
  radar: {modality: points, columns: [x, y, z, intensity]}
  bodies: {modality: joints, names: [left_hand, right_hand, head]}
  lanes: {modality: bev, axes: [-x, -y], range: [-10, -10, 10, 10]}
  soft: {modality: bev, axes: [y, x], resolution: 1, origin: centre}
  cars: {modality: boxes3d, columns: [x, y, z, l, w, h, yaw, vx, vy], labels: names}
steps: [{name: turn, uses: world_rotate, with: {degrees: 30}}]
"""
GENERATOR = np.random.default_rng(4)
POSE = np.eye(4).tolist()


def sample() -> dict[str, Any]:
    cloud = GENERATOR.normal(size=(30, 4)).astype(np.float32)
    return {
        "lidar": [{"points": cloud, "pose": POSE}, {"points": cloud[:9], "pose": POSE}],
        "radar": {"points": cloud[:5], "sensor_to_world": POSE, "token": "r"},
        "bodies": GENERATOR.normal(size=(2, 3, 3)).tolist(),
        "lanes": GENERATOR.integers(0, 5, (20, 20)).astype(np.uint8),
        "soft": GENERATOR.random((20, 20, 2)).astype(np.float32),
        "cars": [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.1, None, None]],
        "names": ["car"],
    }


def test_a_world_comes_back_from_its_files(tmp_path: Path) -> None:
    policy = load_policy(POLICY)
    streams = {stream.name: stream for stream in policy.plan.streams}
    came = sample()
    line = {"key": "a", **save_sample(tmp_path, came, streams)}
    (tmp_path / "m.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    (entry,) = read_manifest(tmp_path / "m.jsonl")
    back = load_sample(entry, streams)
    assert (tmp_path / line["lanes"]).suffix == ".png"
    for name in ("lanes", "soft"):
        assert np.array_equal(back[name], came[name])
        assert back[name].dtype == came[name].dtype
    for one, other in zip(back["lidar"], came["lidar"], strict=True):
        assert np.array_equal(one["points"], other["points"])
        assert one["pose"] == other["pose"]
    assert back["radar"]["token"] == "r"
    assert back["bodies"] == came["bodies"]
    assert back["cars"] == came["cars"]
    out, record = policy.apply(back, key="a")
    assert out["cars"][0][-2:] == [None, None]
    again = {name: out[name] for name in streams} | {"names": out["names"]}
    told = save_sample(tmp_path / "out", again, streams)
    json.dumps(told, allow_nan=False)
    page = render_report([Result("worlds", back, out, record, policy.plan)])
    assert "map of the ground, -x down, -y to the right" in page
    assert "boxes from above" in page
    assert "joints" in page


def test_unknown_numbers_of_arrays_become_null(tmp_path: Path) -> None:
    policy = load_policy(POLICY)
    streams = {stream.name: stream for stream in policy.plan.streams}
    came = sample()
    came["cars"] = np.array([[1.0, 2, 3, 4, 5, 6, 0.1, np.nan, 1.0]])
    assert save_sample(tmp_path, came, streams)["cars"][0][-2:] == [None, 1.0]


def test_joints_may_lie_in_an_array(tmp_path: Path) -> None:
    policy = load_policy("syncaug: 1\nsample: {bodies: joints}\nsteps: []\n")
    streams = {stream.name: stream for stream in policy.plan.streams}
    bodies = GENERATOR.normal(size=(2, 3, 3))
    np.save(tmp_path / "bodies.npy", bodies)
    (tmp_path / "m.jsonl").write_text('{"key": "a", "bodies": "bodies.npy"}\n', encoding="utf-8")
    (entry,) = read_manifest(tmp_path / "m.jsonl")
    assert np.array_equal(load_sample(entry, streams)["bodies"], bodies)


def test_a_list_that_holds_no_sweeps_is_refused(tmp_path: Path) -> None:
    policy = load_policy("syncaug: 1\nsample: {lidar: points}\nsteps: []\n")
    streams = {stream.name: stream for stream in policy.plan.streams}
    line = {"key": "a", "lidar": [{"pose": POSE}]}
    (tmp_path / "m.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    (entry,) = read_manifest(tmp_path / "m.jsonl")
    with pytest.raises(ManifestError, match="sweeps with"):
        load_sample(entry, streams)
