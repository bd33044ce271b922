"""Samples written as nuScenes' tables and files, which its devkit opens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.datasets.folder import write_all
from syncaug.datasets.nuscenes.frames import Matrix, inverse, matrix_of, moved, pose_of, turned
from syncaug.datasets.nuscenes.radar import FIELDS, write_radar
from syncaug.datasets.nuscenes.reading import BOX_COLUMNS, camera_of
from syncaug.datasets.nuscenes.tables import TABLES, Meta, Record
from syncaug.datasets.pictures import write_picture
from syncaug.datasets.samples import SOURCE
from syncaug.io.atomic import write_bytes
from syncaug.io.plain import plain
from syncaug.io.points import write_points
from syncaug.io.problem import FileProblem

__all__ = ["layout", "write"]


def write(samples: Iterable[Mapping[str, Any]], root: str | Path, *, jpeg_quality: int = 0) -> None:
    """Write samples, as `samples` gives them, into a new folder: tables, and `samples/`.

    Pictures become PNG, or JPEG of a quality above 0. Boxes stand in the global frame of the
    vehicle's pose again; a camera's own calibration says where the result's camera stands. Several
    results of one sample, and what belongs to them, get tokens of their own. Each sample is written
    by itself: annotations have no neighbours in time, and tell their `velocity` instead. Raises
    ManifestError where a sample cannot be written; the samples before it are a whole data set then.
    """
    write_all(samples, root, NuScenesLayout(jpeg_quality))


def layout(jpeg_quality: int = 0, meta: Any = None) -> NuScenesLayout:
    """How a data set of this kind is written, file by file."""
    return NuScenesLayout(jpeg_quality, meta)


@dataclass(slots=True)
class NuScenesLayout:
    """How nuScenes lies in a folder."""

    jpeg_quality: int = 0
    meta: Meta | None = None

    def told(self, source: Mapping[str, Any]) -> str:
        """The token of a sample."""
        return str(source.get("key", ""))

    def named(self, told: str, number: int, again: int) -> str:
        """The token with the number of the result among those of its sample."""
        return f"{told}/{again}"

    def encode(
        self, root: Path, sample: Mapping[str, Any], name: str, number: int
    ) -> dict[str, Any]:
        """Write the files of one sample; its records of all tables."""
        source = sample.get(SOURCE)
        if not isinstance(source, Mapping) or "sample" not in source:
            raise FileProblem(
                f"{SOURCE!r} in each sample, as syncaug.datasets.nuscenes.samples gives it",
                "none",
                "List it under untouched: in the policy.",
            )
        self.meta = self.meta or source["meta"]
        variant = int(name.rpartition("/")[2])
        token = _token(str(source["key"]), variant)
        ego: Matrix = source["ego"]
        rows: dict[str, list[Record]] = {name: [] for name in TABLES}
        rows["sample"] = [{**source["sample"], "token": token, "prev": "", "next": ""}]
        rows["scene"] = [dict(source["scene"])]
        rows["log"] = [source["log"]] if source["log"] else []
        rows["map"] = list(source["maps"])
        pose = {"token": token, "timestamp": source["sample"]["timestamp"], **pose_of(ego)}
        rows["ego_pose"] = [pose]
        for channel, (record, calibrated) in source["data"].items():
            if channel in sample:
                self._sensor(root, sample, channel, record, calibrated, variant, rows)
        self._annotations(sample, token, ego, rows)
        told: dict[str, Any] = plain(rows)
        return told

    def _sensor(
        self,
        root: Path,
        sample: Mapping[str, Any],
        channel: str,
        record: Record,
        calibrated: Record,
        variant: int,
        rows: dict[str, list[Record]],
    ) -> None:
        """The file of one sensor, and its records of sample_data and calibrated_sensor."""
        token = rows["sample"][0]["token"]
        own = _token(record["token"], variant)
        sensor = {**calibrated, "token": own}
        # a keyframe's name ends in a time; what comes before the first dot stays unique
        stem, _, suffix = Path(record["filename"]).name.partition(".")
        stem += f"-{variant}" if variant else ""
        folder = root / "samples" / channel
        folder.mkdir(parents=True, exist_ok=True)
        data = {**record, "token": own, "sample_token": token, "ego_pose_token": token}
        data |= {"calibrated_sensor_token": own, "prev": "", "next": "", "is_key_frame": True}
        if channel.startswith("CAM"):
            camera = sample[camera_of(channel)]
            sensor |= pose_of(np.asarray(camera["camera_to_world"], float))
            sensor["camera_intrinsic"] = np.asarray(camera["K"], float).tolist()
            name, picture = write_picture(
                folder, stem, sample[channel], jpeg_quality=self.jpeg_quality
            )
            data |= {"height": picture.shape[0], "width": picture.shape[1]}
            data["fileformat"] = name.rpartition(".")[2]
        else:
            name = f"{stem}.{suffix}"
            back = inverse(matrix_of(calibrated))
            cloud = np.array(sample[channel], float)
            cloud[:, :3] = moved(cloud[:, :3], back)
            if channel.startswith("LIDAR"):
                write_points(folder / name, cloud.astype(np.float32))
            else:
                for first in ("vx", "vx_comp"):
                    place = list(FIELDS).index(first)
                    flat = np.zeros((len(cloud), 3))
                    flat[:, :2] = cloud[:, place : place + 2]
                    cloud[:, place : place + 2] = turned(flat, back)[:, :2]
                write_radar(folder / name, cloud)
        data["filename"] = f"samples/{channel}/{name}"
        rows["calibrated_sensor"].append(sensor)
        rows["sample_data"].append(data)

    def _annotations(
        self, sample: Mapping[str, Any], token: str, ego: Matrix, rows: dict[str, list[Record]]
    ) -> None:
        """The records of boxes, in the global frame, and of what they are instances of."""
        boxes = np.asarray(sample["boxes3d"], float).reshape(-1, len(BOX_COLUMNS))
        lists = [
            list(sample[name]) for name in ("classes", "instances", "attributes", "annotations")
        ]
        if any(len(one) != len(boxes) for one in lists):
            raise FileProblem(f"{len(boxes)} entries of each list beside boxes3d", "another number")
        assert self.meta is not None
        categories = {r["name"]: r["token"] for r in self.meta.tables["category"]}
        attributes = {r["name"]: r["token"] for r in self.meta.tables["attribute"]}
        velocities = turned(boxes[:, 10:13], ego)
        for index, (kind, instance, said, rest) in enumerate(zip(*lists, strict=True)):
            if kind not in categories:
                raise FileProblem("classes that are categories of nuScenes", f"{kind!r}")
            pose = ego @ matrix_of(
                {"translation": boxes[index, :3], "rotation": boxes[index, 6:10]}
            )
            own, thing = _token(f"{token}/{index}", 0), _token(f"{token}/{instance}/{index}", 0)
            velocity = velocities[index]
            rows["sample_annotation"].append(
                {
                    **rest,
                    "token": own,
                    "sample_token": token,
                    "instance_token": thing,
                    "attribute_tokens": [attributes[name] for name in said],
                    **pose_of(pose),
                    "size": boxes[index, 3:6].tolist(),
                    "velocity": velocity.tolist() if np.isfinite(velocity).all() else None,
                    "prev": "",
                    "next": "",
                }
            )
            rows["instance"].append(
                {
                    "token": thing,
                    "category_token": categories[kind],
                    "nbr_annotations": 1,
                    "first_annotation_token": own,
                    "last_annotation_token": own,
                }
            )

    def finish(self, root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the thirteen tables."""
        tables: dict[str, dict[str, Record]] = {name: {} for name in TABLES}
        for row in rows:
            for name in TABLES:
                for record in row[name]:
                    tables[name][record["token"]] = record
        if self.meta is not None:
            for name, shared in self.meta.tables.items():
                tables[name] = {record["token"]: record for record in shared}
        for scene in tables["scene"].values():
            own = [r for r in tables["sample"].values() if r["scene_token"] == scene["token"]]
            own.sort(key=lambda record: record["timestamp"])
            scene["nbr_samples"] = len(own)
            scene["first_sample_token"], scene["last_sample_token"] = (
                own[0]["token"],
                own[-1]["token"],
            )
        folder = root / (self.meta.version if self.meta is not None else "v1.0-augmented")
        folder.mkdir(parents=True, exist_ok=True)
        for name, records in tables.items():
            text = json.dumps(list(records.values()), ensure_ascii=False, indent=0)
            write_bytes(folder / f"{name}.json", text.encode())


def _token(of: str, variant: int) -> str:
    """The token of a result: that of its sample for the first, one made of it for others."""
    if not variant and "/" not in of:
        return of
    return blake2b(f"{of}/{variant}".encode(), digest_size=16).hexdigest()
