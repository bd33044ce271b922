"""nuScenes: real frames in its tables, read and written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug import ManifestError
from syncaug.datasets import nuscenes
from syncaug.datasets.nuscenes.frames import matrix_of, quaternion_of
from tests.datasets.living_room import posed, write_nuscenes


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("nuscenes") / "room"
    write_nuscenes(root, 3)
    return root


def tables(root: Path, name: str) -> list[dict[str, Any]]:
    return json.loads((root / "v1.0-room" / f"{name}.json").read_text())


def projected(sample: dict[str, Any], points: np.ndarray) -> np.ndarray:
    camera = sample["CAM_FRONT_camera"]
    matrix = np.linalg.inv(camera["camera_to_world"])
    rows = (points[:, :3] @ matrix[:3, :3].T + matrix[:3, 3]) @ camera["K"].T
    return rows[:, :2] / rows[:, 2:]


def test_all_sensors_meet_in_one_frame(room: Path) -> None:
    for sample in nuscenes.samples(room):
        for name in ("LIDAR_TOP", "RADAR_FRONT"):
            across, down = projected(sample, sample[name]).T
            assert np.abs(across - 4 * np.round(across / 4)).max() < 2e-3
            assert np.abs(down - 3 * np.round(down / 3)).max() < 2e-3


def test_boxes_and_velocities_are_those_of_the_tables(room: Path) -> None:
    """The boxes drift by 0.3 m/s along the global x axis; radars see them from their own axes."""
    for sample in nuscenes.samples(room):
        ego = sample["source"]["ego"]
        boxes = sample["boxes3d"]
        told = [r for r in tables(room, "sample_annotation")
                if r["sample_token"] == sample["source"]["key"]]  # fmt: skip
        places = boxes[:, :3] @ ego[:3, :3].T + ego[:3, 3]
        assert np.allclose(places, [row["translation"] for row in told], atol=1e-9)
        assert boxes[:, 3:6].tolist() == [row["size"] for row in told]
        for box, row in zip(boxes, told, strict=True):
            pose = matrix_of({"translation": box[:3], "rotation": box[6:10]})
            assert np.allclose((ego @ pose)[:3, :3], matrix_of(row)[:3, :3], atol=1e-12)
        assert np.allclose(boxes[:, 10:13] @ ego[:3, :3].T, [[0.3, 0, 0]] * 2, atol=1e-9)
        returns = sample["RADAR_FRONT"][:, 8:10]
        flat = np.c_[returns, np.zeros(len(returns))] @ ego[:3, :3].T
        assert np.allclose(flat, [0.3, 0, 0], atol=1e-6)
        assert sample["classes"] == ["chair", "curtain"]
        assert sample["attributes"] == [["object.still"], []]


def test_tables_and_files_come_back(room: Path, tmp_path: Path) -> None:
    nuscenes.write(nuscenes.samples(room), tmp_path / "out")
    for first, second in zip(
        nuscenes.samples(room), nuscenes.samples(tmp_path / "out"), strict=True
    ):
        assert np.array_equal(first["CAM_FRONT"], second["CAM_FRONT"])
        for name in ("LIDAR_TOP", "RADAR_FRONT", "boxes3d"):
            assert np.allclose(first[name], second[name], atol=1e-6, equal_nan=True), name
        for name in ("K", "camera_to_world"):
            pair = first["CAM_FRONT_camera"][name], second["CAM_FRONT_camera"][name]
            assert np.allclose(*pair, atol=1e-12)
        assert first["classes"] == second["classes"]
        assert first["attributes"] == second["attributes"]
    for path in sorted((room / "samples" / "LIDAR_TOP").iterdir()):
        written = np.fromfile(tmp_path / "out" / "samples" / "LIDAR_TOP" / path.name, "<f4")
        assert np.allclose(written, np.fromfile(path, "<f4"), atol=4e-6)


def test_every_token_leads_somewhere(room: Path, tmp_path: Path) -> None:
    """What the devkit follows when it opens a data set, for two results of each sample."""
    samples = list(nuscenes.samples(room))
    nuscenes.write([*samples, *samples], tmp_path / "out")
    found = {
        path.stem: {record["token"]: record for record in json.loads(path.read_text())}
        for path in (tmp_path / "out" / "v1.0-room").iterdir()
    }
    assert len(found) == 13
    assert len(found["sample"]) == 6
    for record in found["sample_data"].values():
        sensor = found["sensor"][
            found["calibrated_sensor"][record["calibrated_sensor_token"]]["sensor_token"]
        ]
        assert (tmp_path / "out" / record["filename"]).is_file()
        assert found["sample"][record["sample_token"]]["scene_token"] == "scene"
        assert record["ego_pose_token"] in found["ego_pose"]
        assert sensor["channel"] in record["filename"]
    for record in found["sample_annotation"].values():
        instance = found["instance"][record["instance_token"]]
        assert instance["category_token"] in found["category"]
        assert record["sample_token"] in found["sample"]
        assert set(record["attribute_tokens"]) <= set(found["attribute"])
        assert abs(np.linalg.norm(record["rotation"]) - 1) < 1e-12
    scene = found["scene"]["scene"]
    assert scene["nbr_samples"] == 6
    assert {scene["first_sample_token"], scene["last_sample_token"]} <= set(found["sample"])
    assert {token for record in found["map"].values() for token in record["log_tokens"]} == {"log"}


def test_channels_are_chosen(room: Path) -> None:
    chosen = ["CAM_FRONT"]
    assert set(nuscenes.samples(room, channels=chosen)[0]) == {
        "CAM_FRONT", "CAM_FRONT_camera", "boxes3d", "classes", "instances", "attributes",
        "annotations", "source",
    }  # fmt: skip
    assert set(nuscenes.streams(room, channels=chosen)) == {
        "CAM_FRONT", "CAM_FRONT_camera", "boxes3d",
    }  # fmt: skip


def test_quaternions_of_all_turns() -> None:
    rng = np.random.default_rng(3)
    turns = [np.diag(signs) for signs in ([1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1])]
    turns += [np.linalg.qr(rng.normal(size=(3, 3)))[0] for _ in range(200)]
    for turn in turns:
        turn = turn * np.sign(np.linalg.det(turn))
        quaternion = quaternion_of(turn)
        back = matrix_of({"translation": [0, 0, 0], "rotation": quaternion})[:3, :3]
        assert np.allclose(back, turn, atol=1e-12)
        full = np.eye(4)
        full[:3, :3] = turn
        other = np.array(posed(full)["rotation"])
        if abs(np.trace(turn) + 1) > 1e-6:  # OpenCV's axis of a half turn has a sign of its own
            assert min(np.abs(other - quaternion).max(), np.abs(other + quaternion).max()) < 1e-6


def spoiled(root: Path, name: str, change: Any) -> None:
    records = tables(root, name)
    change(records)
    (root / "v1.0-room" / f"{name}.json").write_text(json.dumps(records))


BROKEN = {
    "no token": ("sample", lambda r: r[0].pop("token"), r"sample.json: \[0\]: expected a record"),
    "no such pose": (
        "sample_data",
        lambda r: [one.update(ego_pose_token="?") for one in r],
        "ego_pose.json: expected a record of token '\\?'; got none",
    ),
    "a quaternion that is none": (
        "sample_annotation",
        lambda r: r[0].update(rotation=[2, 0, 0, 0]),
        "a quaternion of length 2",
    ),
    "no such instance": (
        "sample_annotation",
        lambda r: r[0].update(instance_token="?"),
        "instance.json: expected a record of token",
    ),
    "no sensor": (
        "calibrated_sensor",
        lambda r: r[0].pop("sensor_token"),
        "expected a sensor with a channel; got none",
    ),
    "no file": (
        "sample_data",
        lambda r: r[0].pop("filename"),
        r"sample_data.json: \[0\]: expected 'filename' in a record; got none",
    ),
    "no size": (
        "sample_annotation",
        lambda r: r[0].pop("size"),
        r"sample_annotation.json: \[0\]: expected 'size' in a record; got none",
    ),
    "a size of words": (
        "sample_annotation",
        lambda r: r[0].update(size=["wide", 1, 2]),
        "expected annotations and files as the data set's format has them; .*'wide'",
    ),
    "no intrinsics": (
        "calibrated_sensor",
        lambda r: [one.update(camera_intrinsic=[]) for one in r],
        r"expected 'camera_intrinsic' of a camera as a 3x3 matrix; got \[\]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_table_is_one_error(tmp_path: Path, name: str) -> None:
    table, change, told = BROKEN[name]
    write_nuscenes(tmp_path, 1)
    spoiled(tmp_path, table, change)
    with pytest.raises(ManifestError, match=told):
        nuscenes.samples(tmp_path)[0]


def test_other_radars_are_refused(tmp_path: Path) -> None:
    write_nuscenes(tmp_path, 1)
    for path in (tmp_path / "samples" / "RADAR_FRONT").iterdir():
        path.write_bytes(b"FIELDS x y z\nPOINTS 1\nDATA binary\n" + bytes(12))
    with pytest.raises(ManifestError, match="expected a binary .pcd with fields x, y, z, dyn_prop"):
        nuscenes.samples(tmp_path)[0]


def test_a_sample_of_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="expected 'source' in each sample"):
        nuscenes.write([{"boxes3d": np.zeros((0, 13))}], tmp_path / "out")
    with pytest.raises(ManifestError, match="got no sample_data.json"):
        nuscenes.samples(tmp_path)


def test_a_channel_is_no_path(tmp_path: Path) -> None:
    write_nuscenes(tmp_path, 1)
    path = tmp_path / "v1.0-room" / "sensor.json"
    told = json.loads(path.read_text())
    for record in told:
        record["channel"] += "/../../../victim"
    path.write_text(json.dumps(told))
    with pytest.raises(ManifestError, match="expected a channel as the name of a file"):
        nuscenes.samples(tmp_path)


@pytest.mark.parametrize("key", ["sample_token", "calibrated_sensor_token"])
def test_a_link_that_is_no_text_is_one_error(tmp_path: Path, key: str) -> None:
    write_nuscenes(tmp_path, 1)
    path = tmp_path / "v1.0-room" / "sample_data.json"
    told = json.loads(path.read_text())
    told[1][key] = ["x"]
    path.write_text(json.dumps(told))
    with pytest.raises(
        ManifestError, match=rf"sample_data.json: \[1\]: expected a text as '{key}'"
    ):
        nuscenes.samples(tmp_path)
