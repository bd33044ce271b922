"""Samples written as a COCO data set, which pycocotools opens."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.datasets.coco.areas import MEASURED, area_told
from syncaug.datasets.coco.tables import UNNAMED, Meta
from syncaug.datasets.folder import numbered, write_all
from syncaug.datasets.pictures import write_picture
from syncaug.datasets.problem import require
from syncaug.datasets.samples import SOURCE
from syncaug.io.atomic import write_bytes
from syncaug.io.pictures import write_image
from syncaug.io.plain import plain
from syncaug.io.problem import FileProblem

__all__ = ["layout", "write"]

_SPLIT = "augmented"
"""The split of samples that come from no data set."""


def write(samples: Iterable[Mapping[str, Any]], root: str | Path, *, jpeg_quality: int = 0) -> None:
    """Write samples, as `samples` gives them, as a COCO data set into a new folder.

    Images become PNG, or JPEG of a quality above 0. Ids are kept; of several results of one image,
    and of rows that a mix has brought twice, the later ones get new ids. Sizes, areas, bounding
    boxes and counts of keypoints are those of the result. Raises ManifestError where a sample
    cannot be written; the samples before it are a whole data set then.
    """
    write_all(samples, root, CocoLayout(jpeg_quality))


def layout(jpeg_quality: int = 0, meta: Any = None) -> CocoLayout:
    """How a data set of this kind is written, file by file."""
    return CocoLayout(jpeg_quality, meta)


@dataclass(slots=True)
class CocoLayout:
    """How a COCO data set lies in a folder."""

    jpeg_quality: int = 0
    meta: Meta | None = None

    def told(self, source: Mapping[str, Any]) -> str:
        """The name of the picture that a sample came from."""
        return str(source["image"]["file_name"]) if "image" in source else ""

    def named(self, told: str, number: int, again: int) -> str:
        """The stem of the picture's name, with a number for each further result."""
        return numbered(Path(told).stem if told else f"{number:012}", again, "-")

    def encode(
        self, root: Path, sample: Mapping[str, Any], name: str, number: int
    ) -> dict[str, Any]:
        """Write the picture, and the segments, of one sample; what the tables say of it."""
        source = sample.get(SOURCE, {})
        meta = self.meta = self.meta or source.get("meta") or Meta(_SPLIT, {}, [], ())
        image = dict(source.get("image", {"id": number + 1, "file_name": f"{number:012}.png"}))
        require(sample, "image")
        folder = root / (meta.split or "images")
        file, picture = write_picture(folder, name, sample["image"], jpeg_quality=self.jpeg_quality)
        height, width = picture.shape[:2]
        row: dict[str, Any] = {
            "image": {**image, "file_name": file, "height": height, "width": width},
            "annotations": _annotations(sample, meta, height, width),
        }
        if "captions" in sample:
            row["captions"] = _captions(sample["captions"], source.get("captions", ()))
        if "panoptic" in sample:
            row["panoptic"] = self._panoptic(root, name, sample["panoptic"], source)
        told: dict[str, Any] = plain(row)
        return told

    def finish(self, root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the tables: instances, keypoints, captions and panoptic, as many as there are."""
        meta = self.meta or Meta(_SPLIT, {}, [], ())
        images, instances, captions, panoptic = _numbered(rows)
        start = {"info": meta.info, "licenses": meta.licenses, "images": images}
        categories = _categories(meta, instances)
        tables: dict[str, dict[str, Any]] = {}
        if instances or meta.kinds & {"instances", "person_keypoints"} or not meta.kinds:
            tables["instances"] = {**start, "annotations": instances, "categories": categories}
        if meta.points:
            posed = [row for row in instances if "keypoints" in row]
            tables["person_keypoints"] = {**start, "annotations": posed, "categories": categories}
            for row in tables["instances"]["annotations"]:
                row.setdefault("segmentation", [])
        if captions:
            tables["captions"] = {**start, "annotations": captions}
        if panoptic:
            things = list(meta.things)
            tables["panoptic"] = {**start, "annotations": panoptic, "categories": things}
        folder = root / "annotations"
        folder.mkdir(parents=True, exist_ok=True)
        for kind, table in tables.items():
            text = json.dumps(table, ensure_ascii=False, allow_nan=False)
            write_bytes(folder / f"{kind}_{meta.split or _SPLIT}.json", text.encode())

    def _panoptic(
        self, root: Path, stem: str, segments: Any, source: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The PNG of segments, and what is left of each of them."""
        ids = np.asarray(segments)
        known = {segment["id"]: segment for segment in source.get("segments", ())}
        left = []
        for number in np.unique(ids).tolist():
            if not number:
                continue  # 0 is no segment
            if number not in known:
                raise FileProblem(
                    "segments that the sample's source tells",
                    f"segment {number}, which it does not",
                    "Segments of a partner cannot be written: their categories are unknown.",
                )
            inside = ids == number
            down, across = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
            box = [across[0], down[0], across[-1] - across[0] + 1, down[-1] - down[0] + 1]
            area = int(inside.sum())
            left.append({**known[number], "bbox": [int(n) for n in box], "area": area})
        coded = np.stack([ids % 256, ids // 256 % 256, ids // 65536], axis=-1).astype(np.uint8)
        split = self.meta.split if self.meta is not None else ""
        folder = root / "annotations" / f"panoptic_{split or _SPLIT}"
        folder.mkdir(parents=True, exist_ok=True)
        name = write_image(folder, stem, coded, {})
        return {"file_name": name, "segments_info": left}


def _annotations(
    sample: Mapping[str, Any], meta: Meta, height: int, width: int
) -> list[dict[str, Any]]:
    """The rows of a sample as COCO's annotations, with the names of their categories."""
    if "boxes" not in sample:
        return []
    boxes = np.asarray(sample["boxes"], float).reshape(-1, 4)
    lists = {
        name: list(sample[name])
        for name in ("classes", "iscrowd", "area", "ids", "annotations", "polygons", "keypoints")
        if name in sample
    }
    for name, rows in lists.items():
        if len(rows) != len(boxes):
            raise FileProblem(
                f"{len(boxes)} rows of {name!r}, one for each box",
                f"{len(rows)}",
                "Declare rows: annotation on all of them.",
            )
    out = []
    for index, box in enumerate(boxes.tolist()):
        rest: dict[str, Any] = dict(lists["annotations"][index]) if "annotations" in lists else {}
        row = {name: value for name, value in rest.items() if name != MEASURED}
        if "ids" in lists:
            row["id"] = int(lists["ids"][index])
        if "classes" in lists:
            row["category"] = lists["classes"][index]
        row["iscrowd"] = int(lists["iscrowd"][index]) if "iscrowd" in lists else 0
        if "polygons" in lists:
            shape = lists["polygons"][index]
            row["segmentation"] = _rings(shape) if _any(shape) else _nothing(height, width)
        if not all(map(math.isfinite, box)):
            raise FileProblem(
                "a box in each row", f"row {index} without one", "Let boxes lead: lead: true."
            )
        row["bbox"] = box
        row["area"] = area_told(rest, lists["polygons"][index]) if "polygons" in lists else None
        if row["area"] is None:
            row["area"] = float(lists["area"][index]) if "area" in lists else box[2] * box[3]
        if "keypoints" in lists:
            points = np.asarray(lists["keypoints"][index], float)
            unnamed = meta.points[0].startswith(UNNAMED) and points.any()
            if "keypoints" in _category(meta, row) or unnamed:
                row["keypoints"] = [int(n) if n == int(n) else n for n in points.ravel().tolist()]
                row["num_keypoints"] = int((points[:, 2] > 0).sum())
        out.append(row)
    return out


def _any(shape: Any) -> bool:
    """Whether anything is left of a segmentation."""
    return bool(shape) if isinstance(shape, Mapping) else len(shape) > 0


def _rings(shape: Any) -> Any:
    """A segmentation as pycocotools reads it: run lengths, or a list of rings of plain numbers."""
    if isinstance(shape, Mapping):
        return shape
    rings = shape if np.ndim(shape[0]) else [shape]
    return [np.asarray(ring).ravel().tolist() for ring in rings]


def _nothing(height: int, width: int) -> dict[str, Any]:
    """The mask of zeros, as an uncompressed run: pycocotools reads no empty polygon."""
    return {"size": [height, width], "counts": [height * width]}


def _category(meta: Meta, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The category of a row, as the data set has it; empty where it is unknown."""
    name, number = row.get("category"), row.get("category_id")
    named = [category for category in meta.categories if category["name"] == name]
    same = [category for category in named if category["id"] == number]
    return next(iter(same or named), {})


def _captions(texts: Any, sources: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Captions with what the data set says beside them; what is empty is left out."""
    listed = [texts] if isinstance(texts, str) else list(texts)
    told = list(sources)
    told += [{}] * (len(listed) - len(told))
    pairs = zip(told, listed, strict=False)
    return [{**source, "caption": text} for source, text in pairs if text]


def _numbered(rows: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], ...]:
    """Images, annotations, captions and panoptic annotations, each with an id of its own."""
    images: list[dict[str, Any]] = []
    instances: list[dict[str, Any]] = []
    captions: list[dict[str, Any]] = []
    panoptic: list[dict[str, Any]] = []
    rows = list(rows)
    image_ids = _Ids(row["image"].get("id") for row in rows)
    row_ids = _Ids(one.get("id") for row in rows for one in row["annotations"])
    text_ids = _Ids(one.get("id") for row in rows for one in row.get("captions", ()))
    for row in rows:
        number = image_ids.take(row["image"].get("id"))
        images.append({**row["image"], "id": number})
        for one in row["annotations"]:
            instances.append({**one, "id": row_ids.take(one.get("id")), "image_id": number})
        for one in row.get("captions", ()):
            captions.append({**one, "id": text_ids.take(one.get("id")), "image_id": number})
        if "panoptic" in row:
            panoptic.append({**row["panoptic"], "image_id": number})
    return images, instances, captions, panoptic


class _Ids:
    """Hands out each id once; who comes later with the same gets the next above all of them."""

    def __init__(self, wanted: Iterable[Any]) -> None:
        self._next = 1 + max((number for number in wanted if number is not None), default=0)
        self._taken: set[int] = set()

    def take(self, number: int | None) -> int:
        if number is None or number in self._taken:
            number, self._next = self._next, self._next + 1
        self._taken.add(number)
        return number


def _categories(meta: Meta, instances: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The categories of the data set, and of classes that it does not name; rows get their ids."""
    categories = [dict(category) for category in meta.categories]
    by_name = {category["name"]: category["id"] for category in categories}
    for row in instances:
        name = row.pop("category", None)
        if name is None:
            name = row.get("category_id", "object")
        known = _category(meta, {"category": name, "category_id": row.get("category_id")})
        if not known and name not in by_name:
            by_name[name] = 1 + max((category["id"] for category in categories), default=0)
            categories.append({"id": by_name[name], "name": str(name)})
        row["category_id"] = known["id"] if known else by_name[name]
    return categories
