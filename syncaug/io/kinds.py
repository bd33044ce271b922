"""What the entries of a manifest are, as far as their names and values tell: for a first policy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import pi
from pathlib import Path
from typing import Any

import yaml

from syncaug.io.containers import is_container
from syncaug.io.manifest import Entry
from syncaug.io.plain import read_json
from syncaug.io.problem import FileProblem

__all__ = ["Kinds", "kinds_of", "modalities_of"]

_FILE = Path(__file__).parent / "kinds.yaml"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Kinds:
    """The streams of a manifest: name -> what a policy says of it; other entries, by what they are.

    `doubts` holds what was guessed and should be looked at, in words. `robots` are entries that a
    mirror, a turn or another time would have to move, and that are no streams yet.
    """

    streams: dict[str, dict[str, Any]] = field(default_factory=dict)
    untouched: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    robots: list[str] = field(default_factory=list)


def kinds_of(entries: Sequence[Entry]) -> Kinds:
    """What the entries of some lines of one manifest are."""
    found = Kinds()
    values: dict[str, list[Any]] = {}
    for entry in entries:
        for name, value in entry.values.items():
            values.setdefault(name, []).append(_content(entry, name, value))
    for name, seen in values.items():
        there = [value for value in seen if value is not None]
        declared = _declared(name, there, found) if there else None
        if declared is None:
            found.untouched.append(name)
            continue
        if declared["modality"] == "image" and any(
            values[other] == seen and said["modality"] == "image"
            for other, said in found.streams.items()
        ):
            found.untouched.append(name)  # the same file once more, as its name
            continue
        if len(there) < len(entries):
            declared["optional"] = True
        found.streams[name] = declared
    _tie(found, values)
    _doubt_numbers(found, values)
    return found


def _content(entry: Entry, name: str, value: Any) -> Any:
    """What a JSON file holds that stands for a camera or for rows; any other value itself."""
    if not isinstance(value, str) or not value.lower().endswith(".json"):
        return value
    if _words(name) & _named("timed_text") or entry.packed is not None:
        return value
    try:
        held = read_json(entry.folder / value)
    except FileProblem:
        return value  # the first sample is tried, which tells what is wrong
    camera = isinstance(held, Mapping) and _CAMERA & set(held)
    return held if camera or isinstance(held, list) else value


def _declared(name: str, values: Sequence[Any], found: Kinds) -> dict[str, Any] | None:
    """What a policy says of one entry, or None where it is no stream."""
    first, words = values[0], _words(name)
    if not isinstance(first, bool | int | float) and _is_of_robot(name, first, words, found):
        return None
    path = first.get("path") if isinstance(first, Mapping) else first
    if isinstance(path, str):
        kind = _of_path(name, path, words, found)
        if kind:
            return kind
    if isinstance(first, str):
        texts = [value for value in values if isinstance(value, str)]
        if words & _named("key"):
            return None
        if words & _named("label") and all(len(text.split()) <= 2 for text in texts):
            return {"modality": "label"}
        spoken = words & _named("text") or any(" " in text.strip() for text in texts)
        return {"modality": "text"} if spoken else None
    if isinstance(first, bool | int | float):
        return {"modality": "label"} if words & _named("label") else None
    if isinstance(first, Mapping):
        return {"modality": "camera"} if _CAMERA & set(first) else None
    return _of_list(name, values, words, found) if isinstance(first, list) else None


_CAMERA = frozenset({"K", "P", "P2", "intrinsics", "lidar2img", "cam2img", "fx", "fl_x"})
"""Keys of which a camera has one."""


def _is_of_robot(name: str, first: Any, words: set[str], found: Kinds) -> bool:
    """Whether an entry is a robot's rows, of which only its makers know what columns hold."""
    path = str(first.get("path", "") if isinstance(first, Mapping) else first)
    rows = isinstance(first, list) and all(isinstance(row, int | float | list) for row in first)
    kind = next((kind for kind in ("state", "action") if words & _named(kind)), "")
    if not kind or not (rows or path.endswith((".npy", ".npz"))):
        return False
    found.robots.append(name)
    found.doubts.append(
        f"{name}: a robot's {kind} is a stream once columns: says what it holds; see "
        f"`docs/modalities/{kind}.md`. Until then no step here mirrors, or changes time"
    )
    return True


def _of_path(name: str, path: str, words: set[str], found: Kinds) -> dict[str, Any] | None:
    suffix = Path(path).suffix.lower()
    kind = next((kind for kind, all_ in _table("suffixes").items() if suffix in all_), "")
    named = next((kind for kind in _BY_NAME if words & _named(kind)), "")
    if is_container(path):
        kind = named if named in ("audio", "timed_text") else "video"
    elif kind == "image" and named in ("mask", "depth", "flow", "normals", "disparity"):
        kind = named
    elif kind == "array":
        kind = named or "image"
        if not named:
            found.doubts.append(f"{name}: an array ({suffix}) that is taken for a picture")
    elif kind == "imu" and named != "imu":
        return None
    if not kind:
        return None
    if kind == "depth" and suffix in _table("suffixes")["array"]:
        found.doubts.append(f"{name}: taken for metres; `unit:` is metres for one step")
        return {"modality": "depth"}
    if kind == "depth":
        found.doubts.append(f"{name}: `unit:` is metres for one step of the file's numbers")
        return {"modality": "depth", "unit": 0.001}
    if kind in ("flow", "normals", "disparity"):
        found.doubts.append(f"{name}: {_CODED[kind]}; see `docs/modalities/{kind}.md`")
        return {"modality": kind}
    if kind == "points":
        found.doubts.append(f"{name}: the columns are a guess; see `docs/modalities/points.md`")
        return {"modality": "points", "columns": ["x", "y", "z", "intensity"]}
    if kind == "imu":
        found.doubts.append(f"{name}: rate and columns are a guess; see `docs/modalities/imu.md`")
        columns = ["gyro_x", "gyro_y", "gyro_z", "acc_x", "acc_y", "acc_z"]
        return {"modality": "imu", "rate": 100, "columns": columns}
    return {"modality": kind}


def _of_list(
    name: str, values: Sequence[Any], words: set[str], found: Kinds
) -> dict[str, Any] | None:
    rows = [row for value in values if isinstance(value, list) for row in value]
    if not rows:
        return None
    if all(isinstance(row, Mapping) and {"start", "end", "text"} <= set(row) for row in rows):
        return {"modality": "timed_text"}
    if all(isinstance(row, Mapping) and any(turn <= set(row) for turn in _TURNS) for row in rows):
        return {"modality": "messages"}
    if all(isinstance(row, str | None) for row in rows):
        if words & _named("phrases"):
            return {"modality": "phrases"}
        if words & _named("labels"):
            return None
        spoken = any(" " in row.strip() for row in rows if row)
        return {"modality": "text", "choose": "one"} if spoken and None not in rows else None
    if words & _named("polygons") and all(map(_is_outline, rows)):
        return {"modality": "polygons"}
    widths = {len(row) for row in rows if isinstance(row, list)}
    numbers = all(isinstance(row, list) and all(map(_is_number, row)) for row in rows)
    if numbers and widths == {4} and not words & _named("keypoints"):
        return {"modality": "boxes", "format": _box_format(name, rows, found)}
    if numbers and widths == {7} and _are_solids(rows, words):
        if not words & _named("boxes3d"):
            found.doubts.append(f"{name}: taken for x, y, z, dx, dy, dz, yaw in radians")
        return {"modality": "boxes3d"}
    if numbers and len(widths) == 1 and widths <= {2, 3} and words & _named("keypoints"):
        return {"modality": "keypoints"}
    if all(map(_is_number, rows)) and words & _named("embedding"):
        return {"modality": "embedding"}
    return None


_LONGEST = 100.0
"""Metres that no thing in the world has, and pixels that most boxes have."""


def _are_solids(rows: Iterable[Any], words: set[str]) -> bool:
    """Whether rows of seven numbers, by their names and numbers, are boxes in the world."""
    if words & _named("boxes3d"):
        return True
    sized = all(
        0 < min(row[3:6]) <= max(row[3:6]) < _LONGEST and abs(row[6]) <= 2 * pi for row in rows
    )
    return sized and bool(words & _named("solids"))


def _is_outline(row: Any) -> bool:
    """Whether a row is run lengths, or rings of at least three pairs of numbers."""
    if isinstance(row, Mapping):
        return {"size", "counts"} <= set(row)
    if isinstance(row, list) and row and all(map(_is_number, row)):
        return len(row) >= 6 and len(row) % 2 == 0
    return isinstance(row, list) and all(
        isinstance(ring, list) and (len(ring) >= 6 or all(isinstance(p, list) for p in ring))
        for ring in row
    )


_TURNS = ({"role", "content"}, {"from", "value"})
"""The keys of a turn of a conversation."""


def _box_format(name: str, rows: Iterable[Any], found: Kinds) -> str:
    """The format that all rows can be in; corners where several can."""
    rows = list(rows)
    if all(0 <= number <= 1 for row in rows for number in row):
        found.doubts.append(f"{name}: shares of the picture, taken for centre and size (yolo)")
        return "yolo"
    corners = all(row[2] > row[0] and row[3] > row[1] for row in rows)
    if not corners:
        found.doubts.append(f"{name}: taken for left, top, width, height (coco)")
        return "coco"
    found.doubts.append(f"{name}: taken for corners (pascal_voc); COCO's are format: coco")
    return "pascal_voc"


def _tie(found: Kinds, values: Mapping[str, Sequence[Any]]) -> None:
    """Lists beside boxes become their labels; phrases and texts name what they speak of."""
    of = {declared["modality"]: name for name, declared in reversed(found.streams.items())}
    pictures = [n for n, d in found.streams.items() if d["modality"] in ("image", "video")]
    rows = {
        of[kind]: [len(value) for value in values[of[kind]] if isinstance(value, list)]
        for kind in ("boxes", "boxes3d", "keypoints", "polygons")
        if kind in of
    }
    for owner, lengths in rows.items():
        _give_lists(owner, lengths, found, values)
    things = [of[kind] for kind in ("boxes", "boxes3d", "polygons") if kind in of]
    if len(things) > 1 and all(rows[name] == rows[things[0]] for name in things):
        for name in things:
            found.streams[name]["rows"] = "thing"
        told = " and ".join((", ".join(things[:-1]), things[-1]))
        found.doubts.append(f"{told}: row n of each is taken for the same thing (rows)")
    for declared in found.streams.values():
        if declared["modality"] == "text" and len(pictures) == 1:
            declared["describes"] = pictures[0]
        elif declared["modality"] == "messages" and len(pictures) > 1:
            declared["pictures"] = pictures
    if "phrases" in of:
        declared = found.streams[of["phrases"]]
        if "boxes" in of and "text" in of and "choose" not in found.streams[of["text"]]:
            declared |= {"boxes": of["boxes"], "text": of["text"]}
        else:
            del found.streams[of["phrases"]]
            found.untouched.append(of["phrases"])
    first = pictures[0] if pictures else ""
    for kind in ("boxes", "keypoints", "polygons"):
        if kind in of and not first and not {"mask", "depth", "camera"} & set(of):
            found.untouched.append(of[kind])
            del found.streams[of[kind]]


def _give_lists(
    owner: str, lengths: list[int], found: Kinds, values: Mapping[str, Sequence[Any]]
) -> None:
    """Lists that run beside the rows of a stream become its labels: what the rows are comes first.

    Another list of as many entries is told, since its entries would stay when a row goes.
    """
    beside: list[str] = []
    for name in list(found.untouched):
        lists = [value for value in values[name] if isinstance(value, list)]
        if not lengths or [len(value) for value in lists] != lengths:
            continue
        words = _words(name)
        if words & _named("labels"):
            beside.insert(0, name)
        elif words & _named("beside"):
            beside.append(name)
        elif not any(doubt.startswith(f"{name}:") for doubt in found.doubts):
            found.doubts.append(
                f"{name}: as long as {owner}; list it under its labels: if each entry is of a row"
            )
    found.untouched = [name for name in found.untouched if name not in beside]
    if beside:
        found.streams[owner]["labels"] = beside if len(beside) > 1 else beside[0]


def _doubt_numbers(found: Kinds, values: Mapping[str, Sequence[Any]]) -> None:
    """Tell what is left untouched although its numbers may be places, which a step would leave."""
    told = {doubt.partition(":")[0] for doubt in found.doubts}
    for name in found.untouched:
        first = next((value for value in values[name] if value is not None), None)
        if name in told or not _holds_numbers(first):
            continue
        points = _words(name) & _named("keypoints")
        found.doubts.append(
            f"{name}: rows of x, y and visibility are a stream once names: says what each point is"
            if points
            else f"{name}: its numbers stay as they are; declare what they are if steps move them"
        )


def _holds_numbers(value: Any) -> bool:
    """Whether a list, or what is in it, holds numbers."""
    return isinstance(value, list) and any(_is_number(one) or _holds_numbers(one) for one in value)


_CODED = {
    "flow": "pixels to the right and down between two pictures of one plane",
    "normals": "in the axes x right, y down, z forward unless `axes: opengl` says otherwise",
    "disparity": "pixels, and with a second picture `swap:` says what a mirror does to the pair",
}
"""What is taken for granted of numbers in pictures."""
_BY_NAME = (
    "mask",
    "depth",
    "disparity",
    "flow",
    "normals",
    "heatmap",
    "points",
    "imu",
    "audio",
    "timed_text",
    "embedding",
)


def _words(name: str) -> set[str]:
    parts = re.split(r"[^a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    return {*parts, *(part.rstrip("0123456789") for part in parts), "".join(parts)} - {""}


def _named(kind: str) -> frozenset[str]:
    return _table("names")[kind]


def modalities_of(suffix: str) -> frozenset[str]:
    """The modalities that files of a suffix, such as `.png`, usually are of."""
    return frozenset(kind for kind, all_ in _table("suffixes").items() if suffix in all_)


@cache
def _table(part: str) -> Mapping[str, frozenset[str]]:
    data = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=_Loader)
    return {kind: frozenset(words.split()) for kind, words in data[part].items()}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
