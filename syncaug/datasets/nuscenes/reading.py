"""Samples of nuScenes: all sensors of a keyframe, in the axes of the vehicle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.datasets.nuscenes.frames import (
    Matrix,
    inverse,
    matrix_of,
    moved,
    quaternion_of,
    turned,
)
from syncaug.datasets.nuscenes.radar import FIELDS, read_radar
from syncaug.datasets.nuscenes.tables import Record, Tables, read_tables
from syncaug.datasets.problem import located
from syncaug.datasets.samples import SOURCE, Samples
from syncaug.errors import ManifestError
from syncaug.io.pictures import read_image
from syncaug.io.points import read_points

__all__ = ["BOX_COLUMNS", "SCAN_COLUMNS", "camera_of", "samples", "streams"]

BOX_COLUMNS = (*("x", "y", "z", "w", "l", "h", "qw", "qx", "qy", "qz", "vx", "vy", "vz"),)
"""What the numbers of a row of `boxes3d` are."""
SCAN_COLUMNS = ("x", "y", "z", "intensity", "ring")
_LISTS = ("classes", "instances", "attributes", "annotations")


def camera_of(channel: str) -> str:
    """The name of the camera beside the pictures of a channel."""
    return f"{channel}_camera"


def samples(root: str | Path, version: str = "", channels: Iterable[str] = ()) -> Samples:
    """The keyframes of nuScenes; keys are the tokens of `sample`.

    `root` holds `samples/` and the folder of tables, `version` chooses one of several
    ("v1.0-mini"). `channels` are the sensors to read, all without it. Raises ManifestError.

    The world of a sample is the vehicle's frame (x ahead, y to the left, z up) at the time of the
    scan. Each sample has for each camera CAM its picture `CAM` (HxWx3, RGB) and `CAM_camera` ({"K",
    "camera_to_world", "size"}), for each scanner its points (Nx5: x, y, z, intensity, ring), for
    each radar its returns (Nx18, as `RadarPointCloud` orders them), `boxes3d` (Nx13: centre, width,
    length, height, quaternion w x y z, velocity; NaN where unknown), `classes`, `instances`,
    `attributes` and `annotations` (lists of N); and `source`.
    """
    tables = read_tables(Path(root), version)
    keys = tuple(record["token"] for record in tables.samples)
    return Samples(keys, _Loader(tables, tuple(channels)), meta=tables.meta)


def streams(root: str | Path, version: str = "", channels: Iterable[str] = ()) -> dict[str, Any]:
    """What a policy declares of the samples, for its key `sample:`; `untouched: [source]` beside.

    Raises ManifestError.
    """
    tables = read_tables(Path(root), version)
    wanted = tuple(channels)
    found = [{channel for channel, _ in records} for records in tables.data.values()]
    declared: dict[str, Any] = {}
    for channel in sorted(set().union(*found)):
        if wanted and channel not in wanted:
            continue
        lacking = {} if all(channel in one for one in found) else {"optional": True}
        if channel.startswith("CAM"):
            declared[channel] = {"modality": "image", "plane": channel, **lacking}
            camera = {"modality": "camera", "plane": channel, **lacking}
            declared[camera_of(channel)] = camera
        else:
            columns = SCAN_COLUMNS if channel.startswith("LIDAR") else tuple(FIELDS)
            declared[channel] = {"modality": "points", "columns": list(columns), **lacking}
    declared["boxes3d"] = {
        "modality": "boxes3d",
        "columns": list(BOX_COLUMNS),
        "labels": list(_LISTS),
    }
    return declared


@dataclass(frozen=True, slots=True)
class _Loader:
    """Reads the sample of an index."""

    tables: Tables
    channels: tuple[str, ...]

    def __call__(self, index: int) -> dict[str, Any]:
        tables = self.tables
        record = tables.samples[index]
        token = record["token"]
        data = dict(tables.data.get(token, ()))
        if not data:
            raise ManifestError(
                f"{tables.root}: sample {token!r}: expected data of sensors; got none"
            )
        first = data.get("LIDAR_TOP") or next(iter(data.values()))
        ego = matrix_of(tables.one("ego_pose", first["ego_pose_token"]))
        sample: dict[str, Any] = {}
        with located(f"{tables.root}: sample {token!r}"):
            for channel, one in data.items():
                if not self.channels or channel in self.channels:
                    sample.update(self._sensor(channel, one, ego))
        annotations = tables.annotations.get(token, ())
        sample.update(_boxes(tables, annotations, ego))
        scene = tables.one("scene", record["scene_token"])
        log = tables.by_token["log"].get(scene.get("log_token", ""))
        sample[SOURCE] = {
            "key": token,
            "meta": tables.meta,
            "sample": record,
            "scene": scene,
            "log": log,
            "maps": [m for m in tables.maps if log and log["token"] in m.get("log_tokens", ())],
            "ego": ego,
            "data": {channel: (one, self._calibrated(one)) for channel, one in data.items()},
        }
        return sample

    def _calibrated(self, record: Record) -> Record:
        return self.tables.one("calibrated_sensor", record["calibrated_sensor_token"])

    def _sensor(self, channel: str, record: Record, ego: Matrix) -> dict[str, Any]:
        """The streams of one sensor, brought into the vehicle's frame at the time of the scan."""
        path = self.tables.root / str(record["filename"])
        calibrated = self._calibrated(record)
        own = matrix_of(self.tables.one("ego_pose", record["ego_pose_token"]))
        to_ego = inverse(ego) @ own @ matrix_of(calibrated)
        if channel.startswith("CAM"):
            picture = read_image(path, {"channels": "rgb"})
            height, width = picture.shape[:2]
            camera = {
                "K": _intrinsic(calibrated),
                "camera_to_world": to_ego,
                "size": (width, height),
            }
            return {channel: picture, camera_of(channel): camera}
        if channel.startswith("LIDAR"):
            cloud = read_points(path, SCAN_COLUMNS).astype(np.float64)
        else:
            cloud = read_radar(path)
            for name in ("vx", "vx_comp"):
                place = list(FIELDS).index(name)
                flat = np.zeros((len(cloud), 3))
                flat[:, :2] = cloud[:, place : place + 2]
                cloud[:, place : place + 2] = turned(flat, to_ego)[:, :2]
        cloud[:, :3] = moved(cloud[:, :3], to_ego)
        return {channel: cloud}


def _intrinsic(calibrated: Record) -> Matrix:
    """The 3x3 matrix of a camera. Raises ManifestError."""
    told: Any = calibrated.get("camera_intrinsic")
    if np.shape(told) != (3, 3):
        raise ManifestError(
            f"calibrated_sensor {calibrated['token']!r}: expected 'camera_intrinsic' of a camera "
            f"as a 3x3 matrix; got {told!r}"[:300]
        )
    return np.array(told, float)


def _boxes(tables: Tables, annotations: Iterable[Record], ego: Matrix) -> dict[str, Any]:
    listed = list(annotations)
    back = inverse(ego)
    rows = np.full((len(listed), len(BOX_COLUMNS)), np.nan)
    for index, annotation in enumerate(listed):
        pose = back @ matrix_of(annotation)
        velocity = turned(tables.velocity(annotation)[None], back)[0]
        size = np.asarray(annotation["size"], float)
        rows[index] = [*pose[:3, 3], *size, *quaternion_of(pose[:3, :3]), *velocity]
    names = {r["token"]: str(r["name"]) for r in tables.meta.tables["attribute"]}
    return {
        "boxes3d": rows,
        "classes": [tables.category(annotation) for annotation in listed],
        "instances": [annotation["instance_token"] for annotation in listed],
        "attributes": [
            [names.get(token, token) for token in annotation.get("attribute_tokens", ())]
            for annotation in listed
        ],
        "annotations": [_rest(annotation) for annotation in listed],
    }


def _rest(annotation: Mapping[str, Any]) -> Record:
    """What of an annotation has no stream of its own."""
    kept = ("token", "visibility_token", "num_lidar_pts", "num_radar_pts")
    return {name: annotation[name] for name in kept if name in annotation}
