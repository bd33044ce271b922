"""Samples written in the folders of KITTI's object benchmark."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.datasets.folder import write_all
from syncaug.datasets.kitti.calibration import scanner_to_camera, text_of
from syncaug.datasets.kitti.labels import Label, line_of
from syncaug.datasets.pictures import write_picture
from syncaug.datasets.problem import require
from syncaug.datasets.samples import SOURCE
from syncaug.io.atomic import write_bytes
from syncaug.io.points import write_points
from syncaug.io.problem import FileProblem

__all__ = ["layout", "write"]

_VARIANT = 1_000_000
"""What is added to the number of a file for each further result of the same sample."""


def write(samples: Iterable[Mapping[str, Any]], root: str | Path) -> None:
    """Write samples, as `samples` gives them, below `root/training`, a new folder.

    A sample keeps its number; of several results of one sample the later ones get it plus a million
    each, which KITTI's tools read as well. P2 is the projection of the result. Raises ManifestError
    where a sample cannot be written; the samples before it are whole.
    """
    write_all(samples, root, KittiLayout())


def layout(jpeg_quality: int = 0, meta: Any = None) -> KittiLayout:
    """How a data set of this kind is written, file by file; its pictures are PNG always."""
    return KittiLayout()


@dataclass(frozen=True, slots=True)
class KittiLayout:
    """How KITTI's object benchmark lies in a folder."""

    def told(self, source: Mapping[str, Any]) -> str:
        """The number of a sample's files."""
        return str(source.get("key", ""))

    def named(self, told: str, number: int, again: int) -> str:
        """The number, and a million more for each further result of the same sample."""
        first = told if re.fullmatch(r"\d{6,}", told) else f"{number:06}"
        return f"{int(first) + again * _VARIANT:06}" if again else first

    def encode(
        self, root: Path, sample: Mapping[str, Any], name: str, number: int
    ) -> dict[str, Any]:
        """Write the files of one sample; its name."""
        source = sample.get(SOURCE, {})
        require(sample, "image", "camera")
        calibration = {**source.get("calibration", {}), "P2": _projection(sample["camera"])}
        texts = {"calib": text_of(calibration)}
        if "boxes" in sample:
            lines = [line_of(label) for label in _labels(sample, source)]
            texts["label_2"] = "".join(f"{line}\n" for line in lines)
        cloud = _scan(sample["points"], calibration) if "points" in sample else None
        folder = root / "training"
        for part in (*texts, *(("velodyne",) if cloud is not None else ())):
            (folder / part).mkdir(parents=True, exist_ok=True)
        write_picture(folder / "image_2", name, sample["image"])
        for part, text in texts.items():
            write_bytes(folder / part / f"{name}.txt", text.encode())
        if cloud is not None:
            write_points(folder / "velodyne" / f"{name}.bin", cloud)
        return {"name": name}

    def finish(self, root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the list of samples, as KITTI's tools keep one for each split."""
        text = "".join(f"{row['name']}\n" for row in rows)
        (root / "ImageSets").mkdir(exist_ok=True)
        write_bytes(root / "ImageSets" / "train.txt", text.encode())


def _projection(camera: Any) -> Any:
    """The 3x4 projection of a camera of the form that `samples` gives."""
    matrix: Any = camera.get("P") if isinstance(camera, Mapping) else None
    if np.shape(matrix) != (3, 4):
        raise FileProblem("a camera with its 3x4 projection P", f"{camera!r}"[:80])
    return np.asarray(matrix, float)


def _labels(sample: Mapping[str, Any], source: Mapping[str, Any]) -> list[Label]:
    boxes = np.asarray(sample["boxes"], float).reshape(-1, 4)
    count = len(boxes)
    solids = np.asarray(sample.get("boxes3d", np.full((count, 7), np.nan)), float).reshape(-1, 7)
    columns = {
        "classes": list(sample.get("classes", ["Misc"] * count)),
        "truncated": list(sample.get("truncated", [-1.0] * count)),
        "occluded": list(sample.get("occluded", [-1] * count)),
        "scores": list(sample.get("scores", [None] * count)),
    }
    counts = {"boxes3d": len(solids), **{name: len(rows) for name, rows in columns.items()}}
    for name, found in counts.items():
        if found != count:
            raise FileProblem(
                f"{count} rows of {name!r}, one for each box",
                f"{found}",
                "Declare rows: object on boxes and boxes3d.",
            )
    return [
        Label(
            str(columns["classes"][index]),
            float(columns["truncated"][index]),
            int(columns["occluded"][index]),
            tuple(boxes[index].tolist()),
            None if math.isnan(solids[index, 0]) else tuple(solids[index].tolist()),
            None if columns["scores"][index] is None else float(columns["scores"][index]),
        )
        for index in range(count)
    ]


def _scan(points: Any, calibration: Mapping[str, Any]) -> Any:
    """A cloud in the axes of the scanner again, as float32."""
    if "Tr_velo_to_cam" not in calibration:
        raise FileProblem("Tr_velo_to_cam in the sample's source", "none")
    cloud = np.array(points, float)
    back = np.linalg.inv(scanner_to_camera(calibration))
    cloud[:, :3] = cloud[:, :3] @ back[:3, :3].T + back[:3, 3]
    return cloud.astype(np.float32)
