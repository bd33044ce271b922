"""Samples of KITTI's object benchmark.

Their world is the rectified camera's (x right, y down, z forward), in which labels and projections
are; scans are brought there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.datasets.kitti.calibration import read_calibration, scanner_to_camera
from syncaug.datasets.kitti.labels import Label, read_labels
from syncaug.datasets.listing import listed
from syncaug.datasets.problem import located, one_of, require_folder
from syncaug.datasets.samples import SOURCE, Samples
from syncaug.errors import ManifestError
from syncaug.io.pictures import read_image
from syncaug.io.points import read_points

__all__ = ["STREAMS", "samples", "streams"]

STREAMS: Mapping[str, Any] = {
    "image": {"modality": "image"},
    "camera": {"modality": "camera"},
    "boxes": {
        "modality": "boxes",
        "labels": ["classes", "truncated", "occluded"],
        "outside": "clip",
        "rows": "object",
        "optional": True,
    },
    "boxes3d": {
        "modality": "boxes3d",
        "columns": ["x", "y", "z", "h", "w", "l", "rotation_y"],
        "origin": "bottom",
        "up": "-y",
        "rows": "object",
        "optional": True,
    },
    "points": {
        "modality": "points",
        "columns": ["x", "y", "z", "intensity"],
        "optional": True,
    },
}
"""What a policy declares of the samples, for its key `sample:`; `untouched: [source]` beside it."""

_FORM = "KITTI's folders: training/image_2, calib, label_2, velodyne"


def streams(root: str | Path, split: str = "") -> dict[str, Any]:
    """What a policy declares of the samples of a data set: `STREAMS`, less what it lacks.

    Raises ManifestError.
    """
    folder = _folder(Path(root), split)
    lacking = {"boxes", "boxes3d"} if not (folder / "label_2").is_dir() else set()
    lacking |= set() if (folder / "velodyne").is_dir() else {"points"}
    found = {name: dict(declared) for name, declared in STREAMS.items() if name not in lacking}
    if "boxes" in found and _scored(folder):
        found["boxes"]["labels"] = [*found["boxes"]["labels"], "scores"]
    return found


def samples(root: str | Path, split: str = "") -> Samples:
    """The samples of KITTI's object benchmark; keys are the names of their files ("000000").

    `root` holds `training/` and `testing/` (`split` chooses one where both are there), or the
    folders `image_2`, `calib`, and perhaps `label_2` and `velodyne` themselves. Raises
    ManifestError.

    Each sample has `image` (HxWx3, RGB), `camera` ({"P": 3x4, "size"}: P2 of the calibration),
    with labels `boxes` (Nx4 corners), `classes`, `truncated` (0..1), `occluded` (0..3) and
    `boxes3d` (Nx7: x, y, z of the centre of the bottom face, height, width, length in metres,
    rotation_y in radians; NaN for rows without a place, such as DontCare), and `scores` where the
    labels tell them (results of a detector), with scans `points`
    (Nx4: x, y, z in the rectified camera's axes, intensity); and `source`.
    """
    folder = _folder(Path(root), split)
    names = [p.stem for p in listed(folder / "image_2", "*") if p.suffix in (".png", ".jpg")]
    if not names:
        raise ManifestError(f"{folder / 'image_2'}: expected images, .png or .jpg; got none")
    return Samples(tuple(names), _Loader(folder, tuple(names), _scored(folder)))


def _scored(folder: Path) -> bool:
    """Whether labels tell scores: results of a detector do, by the first that there is."""
    for path in listed(folder / "label_2", "*.txt"):
        for label in read_labels(path):
            return label.score is not None
    return False


def _folder(root: Path, split: str) -> Path:
    """The folder that holds image_2."""
    require_folder(root, _FORM)
    if (root / "image_2").is_dir():
        return root
    found = {path.parent.name: path.parent for path in sorted(root.glob("*/image_2"))}
    if not found:
        raise ManifestError(f"{root}: expected {_FORM}; got no image_2")
    return found[one_of(found, split, "split", root)]


@dataclass(frozen=True, slots=True)
class _Loader:
    """Reads the sample of an index."""

    folder: Path
    names: tuple[str, ...]
    scored: bool = False

    def __call__(self, index: int) -> dict[str, Any]:
        folder, name = self.folder, self.names[index]
        path = folder / "image_2" / f"{name}.png"
        with located(f"sample {name!r}"):
            picture = read_image(
                path if path.is_file() else path.with_suffix(".jpg"), {"channels": "rgb"}
            )
        calibration = read_calibration(folder / "calib" / f"{name}.txt")
        height, width = picture.shape[:2]
        sample: dict[str, Any] = {
            "image": picture,
            "camera": {"P": calibration["P2"], "size": (width, height)},
        }
        source: dict[str, Any] = {"key": name, "calibration": calibration}
        if (folder / "label_2").is_dir():
            labels = read_labels(folder / "label_2" / f"{name}.txt")
            sample.update(_objects(labels))
            scores = [label.score for label in labels]
            if self.scored:
                sample["scores"] = scores
            elif any(score is not None for score in scores):
                raise ManifestError(
                    f"{folder / 'label_2' / name}.txt: expected 15 fields of each object, as the "
                    "first label of the data set has; got 16, with a score. Keep labels and "
                    "results in data sets of their own."
                )
        if (folder / "velodyne").is_dir():
            if "Tr_velo_to_cam" not in calibration:
                raise ManifestError(
                    f"{folder / 'calib' / name}.txt: expected Tr_velo_to_cam beside scans; got none"
                )
            columns = ("x", "y", "z", "intensity")
            with located(f"sample {name!r}"):
                scan = read_points(folder / "velodyne" / f"{name}.bin", columns).astype(np.float64)
            matrix = scanner_to_camera(calibration)
            scan[:, :3] = scan[:, :3] @ matrix[:3, :3].T + matrix[:3, 3]
            sample["points"] = scan
        sample[SOURCE] = source
        return sample


def _objects(labels: list[Label]) -> dict[str, Any]:
    nowhere = (np.nan,) * 7
    solids = [nowhere if label.solid is None else label.solid for label in labels]
    return {
        "boxes": np.array([label.box for label in labels], float).reshape(-1, 4),
        "classes": [label.kind for label in labels],
        "truncated": [label.truncated for label in labels],
        "occluded": [label.occluded for label in labels],
        "boxes3d": np.array(solids, float).reshape(-1, 7),
    }
