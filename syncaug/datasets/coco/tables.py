"""The JSON files of a COCO data set: which there are, and what they say of each image.

The format is the one of https://cocodataset.org/#format-data: instances, keypoints and captions
are lists of annotations beside images and categories; panoptic annotations name a PNG of segments
for each image. What a file holds is read from its annotations, not from its name.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncaug.datasets.coco.extents import surrounding
from syncaug.datasets.listing import listed
from syncaug.datasets.problem import one_of, read_table, require_folder
from syncaug.errors import ManifestError, SampleWarning

__all__ = ["KINDS", "UNNAMED", "Meta", "Tables", "find_splits", "read_tables"]

KINDS = ("instances", "person_keypoints", "captions", "panoptic")
"""How files of annotations are named, before the name of the split."""

_NAMED = re.compile(rf"(?:{'|'.join(KINDS)})_(.+)\.json")
_IDS = ("id", "image_id", "category_id")
_BESIDE = "_annotations.coco.json"
"""How the file of a split is called that lies among its images, as Roboflow exports them."""
UNNAMED = "point_"
"""How keypoints without names are called, before their numbers from 1."""
_FORM = (
    "a COCO data set: annotations/instances_<split>.json, or one file of annotations, and images"
)


@dataclass(frozen=True, slots=True)
class Meta:
    """What a data set says of itself: its name for the split, and what its files begin with.

    `info` and `licenses` are what the file has there. `categories` are those of objects, `things`
    those of panoptic segments, each as in the file. `points` are the names of the keypoints of a
    row, `point_1` and so on where none are told, empty where there are none; `outlined` says
    whether any row has a segmentation.
    """

    split: str
    info: Any
    licenses: Any
    categories: tuple[Mapping[str, Any], ...]
    things: tuple[Mapping[str, Any], ...] = ()
    points: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    outlined: bool = True


@dataclass(slots=True)
class Tables:
    """All that the files of one split say: by the image's id what is annotated."""

    meta: Meta
    folder: Path
    images: dict[int, dict[str, Any]]
    rows: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    captions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    panoptic: dict[int, dict[str, Any]] = field(default_factory=dict)
    segments: Path | None = None


def find_splits(root: Path) -> dict[str, list[Path]]:
    """The files of annotations by the name of their split; "" for a single file without one.

    Files of other names than COCO's are a split each: train.json, train/_annotations.coco.json.
    Raises ManifestError where there is none.
    """
    require_folder(root, _FORM)
    splits: dict[str, list[Path]] = {}
    for path in listed(root / "annotations", "*.json"):
        named = _NAMED.fullmatch(path.name)
        if named is not None:
            splits.setdefault(named[1], []).append(path)
    if splits:
        return splits
    alone = [*listed(root, "*.json"), *listed(root / "annotations", "*.json")]
    if len(alone) == 1:
        return {"": alone}
    splits = {path.parent.name: [path] for path in sorted(root.glob(f"*/{_BESIDE}"))}
    splits = {path.stem: [path] for path in alone} or splits
    if not splits:
        raise ManifestError(f"{root}: expected {_FORM}; got no JSON file")
    return splits


def read_tables(root: Path, split: str) -> Tables:
    """The tables of a split. Raises ManifestError."""
    splits = find_splits(root)
    split = one_of(splits, split, "split", root)
    images: dict[int, dict[str, Any]] = {}
    rows: dict[int, dict[str, Any]] = {}
    captions: list[dict[str, Any]] = []
    panoptic: dict[int, dict[str, Any]] = {}
    categories: dict[int, dict[str, Any]] = {}
    things: dict[int, dict[str, Any]] = {}
    info: Any = {}
    licenses: Any = []
    kinds: set[str] = set()
    segments: Path | None = None
    for path in splits[split]:
        data = read_table(path, dict)
        found = _unique(path, "images", _listed(path, data, "images", ("id", "file_name")))
        images.update({image["id"]: {**images.get(image["id"], {}), **image} for image in found})
        info, licenses = data.get("info") or info, data.get("licenses") or licenses
        kind = _kind_of(path, data)
        kinds.add(kind)
        if kind == "captions":
            captions += _listed(path, data, "annotations", ("id", "image_id", "caption"))
            continue
        listed = _listed(path, data, "categories", ("id", "name"))
        named = {c["id"]: c for c in _unique(path, "categories", listed)}
        odd = next((c for c in named.values() if not isinstance(c["name"], str | int)), None)
        if odd is not None:
            raise ManifestError(
                f"{path}: category {odd['id']}: expected a text as 'name'; got {odd['name']!r}"[
                    :300
                ]
            )
        if kind == "panoptic":
            needed = ("image_id", "file_name", "segments_info")
            listed = _listed(path, data, "annotations", needed)
            panoptic = {a["image_id"]: a for a in _unique(path, "annotations", listed, "image_id")}
            things, segments = named, _segments(path)
            continue
        for number, category in named.items():
            categories[number] = {**categories.get(number, {}), **category}
        listed = _listed(path, data, "annotations", ("id", "image_id", "category_id"))
        for row in _unique(path, "annotations", listed):
            known = rows.get(row["id"], row)
            if known["image_id"] != row["image_id"]:
                raise ManifestError(
                    f"{path}: annotation {row['id']}: expected the image that it has in the other "
                    f"files, {known['image_id']!r}; got {row['image_id']!r}. Annotations of the "
                    "same id are one row: give different ids to different things."
                )
            if row["category_id"] not in named:
                raise ManifestError(
                    f"{path}: annotation {row['id']!r}: expected a category of the file; got "
                    f"{row['category_id']!r}"
                )
            rows[row["id"]] = {**rows.get(row["id"], {}), **row}
    for number, row in rows.items():
        if not row.get("bbox"):
            rows[number] = {**row, "bbox": _box_of(root, row)}
    meta = Meta(
        split,
        info,
        licenses,
        tuple(categories.values()),
        tuple(things.values()),
        _points(root, rows, categories),
        frozenset(kinds),
        any(row.get("segmentation") for row in rows.values()),
    )
    tables = Tables(meta, _image_folder(root, split, images, splits), images, segments=segments)
    for row in rows.values():
        tables.rows.setdefault(_image(root, row, images), []).append(row)
    for caption in captions:
        tables.captions.setdefault(_image(root, caption, images), []).append(caption)
    tables.panoptic = {_image(root, one, images): one for one in panoptic.values()}
    return tables


def _kind_of(path: Path, data: Mapping[str, Any]) -> str:
    """What the annotations of a file are, by what the first of them says."""
    first: Any = next(iter(data.get("annotations") or ()), {})
    if not isinstance(first, dict):
        first = {}
    if "caption" in first:
        return "captions"
    if "segments_info" in first:
        return "panoptic"
    if "keypoints" in first:
        return "person_keypoints"
    named = next((kind for kind in KINDS if path.name.startswith(kind)), "instances")
    return named if not first else "instances"


def _listed(
    path: Path, data: Mapping[str, Any], name: str, needed: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """The objects of a list of a file, each with all keys that are needed."""
    listed = data.get(name, [] if name == "annotations" else None)
    if not isinstance(listed, list):
        raise ManifestError(f"{path}: expected a list under {name!r}; got {type(listed).__name__}")
    for place, item in enumerate(listed):
        missing = next((key for key in needed if not isinstance(item, dict) or key not in item), "")
        if missing:
            raise ManifestError(f"{path}: {name}[{place}]: expected {missing!r}; got none")
        ids = {key: item[key] for key in needed if key in _IDS}
        if all(type(number) is int for number in ids.values()):
            yield item
        else:
            where = f"{path}: {name}[{place}]"
            yield {**item, **{key: _whole(where, key, number) for key, number in ids.items()}}


def _whole(where: str, key: str, number: Any) -> int:
    """An id, which tables that pandas has written tell as 7.0. Raises ManifestError."""
    if isinstance(number, float) and number.is_integer():
        return int(number)
    if isinstance(number, bool) or not isinstance(number, int):
        raise ManifestError(
            f"{where}: expected a whole number as {key!r}; got {number!r}"[:300]
            + ". Number them, and keep what they are called under another key."
        )
    return number


def _unique(
    path: Path, name: str, listed: Iterable[dict[str, Any]], key: str = "id"
) -> list[dict[str, Any]]:
    """The objects of a list, no two of the same id. Raises ManifestError: one would be lost."""
    found: dict[Any, dict[str, Any]] = {}
    for item in listed:
        if found.setdefault(item[key], item) is not item:
            raise ManifestError(
                f"{path}: expected {name} with a different {key!r} each; got {item[key]!r} twice. "
                "Number them anew."
            )
    return list(found.values())


def _image(root: Path, row: Mapping[str, Any], images: Mapping[int, Any]) -> int:
    number: int = row["image_id"]
    if number not in images:
        raise ManifestError(
            f"{root}: annotation {row.get('id', number)!r}: expected an image of the data set; got "
            f"image_id {number!r}"
        )
    return number


def _box_of(root: Path, row: Mapping[str, Any]) -> list[float]:
    """The box of an annotation that has none. Raises ManifestError."""
    found = surrounding(row)
    if found is None:
        raise ManifestError(
            f"{root}: annotation {row['id']!r}: expected 'bbox', or a segmentation or labelled "
            "keypoints that it surrounds; got none"
        )
    return found


def _points(
    root: Path, rows: Mapping[int, Mapping[str, Any]], categories: Mapping[int, Mapping[str, Any]]
) -> tuple[str, ...]:
    """The names of keypoints, of the categories whose annotations have some."""
    used = {row["category_id"] for row in rows.values() if row.get("keypoints")}
    names = {tuple(map(str, categories[number].get("keypoints") or ())) for number in sorted(used)}
    if len(names) > 1:
        raise ManifestError(
            f"{root}: expected keypoints of the same names in all categories; got "
            f"{' and '.join(str(len(one)) for one in sorted(names, key=len))} names. Keep the "
            "categories of one kind in a data set of their own."
        )
    found = next(iter(names), ())
    if used and not found:
        found = _numbered(root, rows)
    for row in rows.values():
        count = len(row.get("keypoints") or ())
        if count not in (0, 3 * len(found)):
            raise ManifestError(
                f"{root}: annotation {row['id']!r}: expected {len(found)} keypoints of three "
                f"numbers, as its category names them; got {count} numbers. Name each under the "
                "category's 'keypoints': names tell which are left and right, and trade places in "
                "a mirror."
            )
    return found


def _numbered(root: Path, rows: Mapping[int, Mapping[str, Any]]) -> tuple[str, ...]:
    """Names for keypoints to which no category gives any: their numbers. Warned of."""
    most = max(len(row.get("keypoints") or ()) for row in rows.values()) // 3
    warnings.warn(
        f"{root}: its keypoints have no names under their category's 'keypoints': they are "
        f"{UNNAMED}1 to {UNNAMED}{most}, none of which is left or right, so that none trade places "
        "in a mirror. Name them there where some are.",
        SampleWarning,
        stacklevel=2,
    )
    return tuple(f"{UNNAMED}{number}" for number in range(1, most + 1))


def _image_folder(
    root: Path,
    split: str,
    images: Mapping[int, Mapping[str, Any]],
    splits: Mapping[str, list[Path]],
) -> Path:
    """The folder in which the first image lies, of those that data sets use.

    A file of another name than COCO's says its folder, too: stuff_val2017.json, train.json.
    """
    first = next(iter(images.values()), None)
    if first is None:
        return root
    stem = splits[split][0].stem
    names = dict.fromkeys((split, stem, stem.rpartition("_")[2]))
    places = [place / name for name in names if name for place in (root, root / "images")]
    places += [root / "images", root / "data", root]
    for folder in places:
        if os.path.isfile(folder / str(first["file_name"])):  # False for a name that cannot be
            return folder
    looked = ", ".join(dict.fromkeys(str(folder.relative_to(root)) for folder in places))
    raise ManifestError(
        f"{root}: expected image {first['file_name']!r} in one of its folders {looked}; "
        "got no such file"
    )


def _segments(path: Path) -> Path:
    """Where the PNGs of panoptic annotations lie: in a folder of the file's name, or zipped out."""
    return path.with_suffix("")
