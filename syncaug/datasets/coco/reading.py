"""Samples of a COCO data set: an image, and what is annotated in it, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.datasets.coco.areas import measured
from syncaug.datasets.coco.tables import Meta, Tables, read_tables
from syncaug.datasets.problem import located
from syncaug.datasets.samples import SOURCE, Samples
from syncaug.errors import ManifestError
from syncaug.io.pictures import read_image

__all__ = ["samples", "streams"]

_KEPT = ("id", "bbox", "segmentation", "keypoints", "num_keypoints", "area", "iscrowd", "image_id")
"""What of an annotation stands in streams of its own; the rest of it goes along as it is."""


def samples(root: str | Path, split: str = "") -> Samples:
    """The samples of a COCO data set, in the order of its images; keys are the images' ids.

    `root` holds `annotations/instances_<split>.json`, `person_keypoints_<split>.json`,
    `captions_<split>.json` and `panoptic_<split>.json`, as many as there are, or a single file of
    annotations; images lie in `<split>/`, `images/`, `data/` or beside it. `split` may be left out
    where there is one. Annotations of the same id in several files are one row.

    Each sample has `image` (HxWx3, RGB), and of what the data set annotates: `boxes` (Nx4, x, y,
    width, height), `classes`, `iscrowd`, `area`, `ids` and `annotations` (lists of N), `polygons`
    (N segmentations, as in the file, where any has one), `keypoints` (NxKx3), `captions` (a list of
    texts), `panoptic`
    (HxW, the segments' ids); and `source`. `streams(root)` declares them. Raises ManifestError.
    """
    tables = read_tables(Path(root), split)
    images = tuple(tables.images.values())
    files = tuple(str(image["file_name"]) for image in images)
    return Samples(tuple(tables.images), _Loader(tables, images), files, tables.meta)


def streams(root: str | Path, split: str = "") -> dict[str, Any]:
    """What a policy declares of the samples of a data set, for its key `sample:`.

    The policy lists `source` under `untouched:`. Raises ManifestError.
    """
    meta = read_tables(Path(root), split).meta
    declared: dict[str, Any] = {"image": {"modality": "image"}}
    if meta.kinds & {"instances", "person_keypoints"}:
        declared["boxes"] = {
            "modality": "boxes",
            "format": "coco",
            "labels": ["classes", "iscrowd", "area", "annotations"],
            "ids": "ids",
            "outside": "clip",
        }
        followers: dict[str, dict[str, Any]] = {}
        if meta.outlined:
            followers["polygons"] = {"modality": "polygons", "outside": "clip"}
        if meta.points:
            followers["keypoints"] = {"modality": "keypoints", "names": list(meta.points)}
        if followers:
            for stream in (declared["boxes"], *followers.values()):
                stream["rows"] = "annotation"
        declared.update(followers)
    if "captions" in meta.kinds:
        declared["captions"] = {"modality": "text", "describes": "image"}
    if "panoptic" in meta.kinds:
        declared["panoptic"] = {"modality": "mask"}
    return declared


@dataclass(frozen=True, slots=True)
class _Loader:
    """Reads the sample of an index."""

    tables: Tables
    images: tuple[Mapping[str, Any], ...]

    def __call__(self, index: int) -> dict[str, Any]:
        tables, image = self.tables, self.images[index]
        number, name = image["id"], str(image["file_name"])
        meta = tables.meta
        with located(f"{tables.folder}: image {number}"):
            picture = read_image(tables.folder / name, {"channels": "rgb"})
        _check_size(tables.folder / name, image, picture)
        sample: dict[str, Any] = {"image": picture}
        if meta.kinds & {"instances", "person_keypoints"}:
            sample.update(_rows(tables.folder, tables.rows.get(number, []), meta))
        captions = tables.captions.get(number, [])
        if "captions" in meta.kinds:
            sample["captions"] = [str(caption["caption"]) for caption in captions]
        source = {"key": number, "meta": meta, "image": dict(image)}
        source["captions"] = [
            {name: value for name, value in caption.items() if name not in ("caption", "image_id")}
            for caption in captions
        ]
        if "panoptic" in meta.kinds:
            sample["panoptic"], source["segments"] = _panoptic(tables, number)
        sample[SOURCE] = source
        return sample


def _check_size(path: Path, image: Mapping[str, Any], picture: NDArray[Any]) -> None:
    """Raise ManifestError where a picture is not of the size that its annotations are for."""
    height, width = picture.shape[:2]
    told = image.get("width", width), image.get("height", height)
    if told != (width, height):
        raise ManifestError(
            f"{path}: expected a picture of {told[0]}x{told[1]} pixels, as its annotations say; "
            f"got {width}x{height}"
        )


def _rows(place: Path, rows: list[dict[str, Any]], meta: Meta) -> dict[str, Any]:
    names = {category["id"]: str(category["name"]) for category in meta.categories}
    boxes = np.zeros((len(rows), 4))
    for index, row in enumerate(rows):
        try:
            left, top, width, height = row["bbox"]  # one number would fill all four
            boxes[index] = float(left), float(top), float(width), float(height)
        except (TypeError, ValueError):
            raise ManifestError(
                f"{place}: annotation {row['id']}: expected 'bbox' as four numbers; got "
                f"{row['bbox']!r}"[:300]
            ) from None
    areas = [
        _number(place, row, "area", float(box[2] * box[3]), float)
        for row, box in zip(rows, boxes, strict=True)
    ]
    out: dict[str, Any] = {
        "boxes": boxes,
        "classes": [names[row["category_id"]] for row in rows],
        "iscrowd": [_number(place, row, "iscrowd", 0, int) for row in rows],
        "area": areas,
        "ids": [row["id"] for row in rows],
        "annotations": [
            {**{k: value for k, value in row.items() if k not in _KEPT}, **measured(row, area)}
            for row, area in zip(rows, areas, strict=True)
        ],
    }
    if meta.outlined:
        out["polygons"] = [row.get("segmentation") or [] for row in rows]
    if meta.points:
        blank = [0.0] * (3 * len(meta.points))
        points = np.array([row.get("keypoints") or blank for row in rows], float)
        out["keypoints"] = points.reshape(len(rows), len(meta.points), 3)
    return out


def _number(
    place: Path, row: Mapping[str, Any], name: str, missing: float, kind: type[int] | type[float]
) -> Any:
    """A number of an annotation; `missing` where it says none, or null. Raises ManifestError."""
    value = row.get(name)
    if value is None:
        return missing
    if not isinstance(value, int | float):
        raise ManifestError(
            f"{place}: annotation {row['id']}: expected {name!r} as a number; got {value!r}"[:300]
        )
    return kind(value)


def _panoptic(tables: Tables, number: int) -> tuple[NDArray[np.int32], list[dict[str, Any]]]:
    """The ids of segments, R + 256 G + 65536 B as COCO's PNGs code them, and what they are."""
    annotated = tables.panoptic.get(number)
    if annotated is None or tables.segments is None:
        raise ManifestError(
            f"{tables.folder}: image {number}: expected panoptic segments; got none"
        )
    path = tables.segments / str(annotated["file_name"])
    with located(f"{tables.folder}: image {number}"):
        coded = read_image(path, {"channels": "rgb"}).astype(np.int32)
    ids = coded[..., 0] + 256 * coded[..., 1] + 65536 * coded[..., 2]
    return ids, [dict(segment) for segment in annotated["segments_info"]]
