"""Samples of LeRobot's data sets: an episode with its states, actions, films and instruction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.datasets.lerobot.parquet import read_columns
from syncaug.datasets.problem import (
    located,
    read_table,
    require_folder,
    require_plain,
    text_lines,
    whole_json,
)
from syncaug.datasets.samples import SOURCE, Samples
from syncaug.errors import ManifestError
from syncaug.io.video import LAZY_ABOVE, read_video

__all__ = ["INDICES", "samples", "stream_name", "streams"]

_FORM = "LeRobot's folders: meta/info.json, data/chunk-*/episode_*.parquet and videos/"
_VERSIONS = ("v2.0", "v2.1")

INDICES = ("timestamp", "frame_index", "episode_index", "index", "task_index")
"""Columns that count frames; they are written anew."""


def stream_name(feature: str) -> str:
    """A feature's name as a stream: `observation.images.top` is `observation_images_top`."""
    return feature.replace(".", "_")


def streams(root: str | Path, split: str = "") -> dict[str, Any]:
    """What a policy declares of the episodes, for its key `sample:`; `untouched: [source]` beside.

    Films are `video`, the task is a `text` about the first of them, and all numbers are
    `embedding` streams at the data set's rate, since the names of their columns do not say what a
    mirror does to them: declare those that have a place in the world as `state` and `action`.
    Raises ManifestError.
    """
    info = _info(Path(root))
    declared: dict[str, Any] = {}
    films = [name for name, feature in info["features"].items() if feature["dtype"] == "video"]
    for name in films:
        declared[stream_name(name)] = {"modality": "video", "plane": stream_name(name)}
    for name, feature in info["features"].items():
        if name not in INDICES and feature["dtype"] != "video":
            declared[stream_name(name)] = {"modality": "embedding", "rate": info["fps"]}
    if films:
        declared["task"] = {"modality": "text", "describes": stream_name(films[0])}
    return declared


def samples(root: str | Path, split: str = "") -> Samples:
    """The episodes of a data set of version 2; keys are their numbers.

    `split` names one of those in `meta/info.json`; all episodes without it. Raises ManifestError,
    also for other versions, and MissingExtraError.

    Each sample has for each film its stream ({"frames", "timestamps" | "fps"}), for each column of
    numbers an array TxD, named as the features with `_` for dots; `task` (the
    instruction); and `source`.
    """
    folder = Path(root)
    info = _info(folder)
    episodes = _by_index(folder / "meta" / "episodes.jsonl", "episode_index")
    tasks = _by_index(folder / "meta" / "tasks.jsonl", "task_index")
    chosen = sorted(episodes)
    if split:
        splits = info.get("splits", {})
        if split not in splits:
            names = ", ".join(splits) or "none"
            raise ManifestError(
                f"{folder}: expected a split of the data set; {split!r} is none of {names}"
            )
        span = re.fullmatch(r"(\d+):(\d+)", str(splits[split]))
        if span is None:
            raise ManifestError(
                f"{folder}: expected split {split!r} as FIRST:LAST; got {splits[split]!r}"[:300]
            )
        first, last = int(span[1]), int(span[2])
        chosen = [number for number in chosen if first <= number < last]
    if not chosen:
        raise ManifestError(f"{folder}: expected episodes; got none")
    return Samples(tuple(chosen), _Loader(folder, info, tuple(chosen), tasks))


def _info(folder: Path) -> dict[str, Any]:
    require_folder(folder, _FORM)
    path = folder / "meta" / "info.json"
    info: dict[str, Any] = read_table(path, dict)
    version = info.get("codebase_version")
    if version not in _VERSIONS:
        raise ManifestError(
            f"{path}: expected a data set of version {' or '.join(_VERSIONS)}, with a file for "
            f"each episode; got {version!r}. Convert it with LeRobot's own scripts."
        )
    for name in ("fps", "features", "data_path"):
        if name not in info:
            raise ManifestError(f"{path}: expected {name!r}; got none")
    fps, features = info["fps"], info["features"]
    if isinstance(fps, bool) or not isinstance(fps, int | float) or not fps > 0:
        raise ManifestError(f"{path}: expected a number above 0 as 'fps'; got {fps!r}"[:300])
    chunk = info.get("chunks_size", 1000)
    if type(chunk) is not int or chunk < 1:
        raise ManifestError(
            f"{path}: expected a whole number from 1 as 'chunks_size'; got {chunk!r}"
        )
    told = isinstance(features, dict) and all(
        isinstance(feature, dict) and isinstance(feature.get("dtype"), str)
        for feature in features.values()
    )
    if not told:
        raise ManifestError(
            f"{path}: expected features, each with a 'dtype'; got {features!r}"[:300]
        )
    for name in features:
        for part in name.split("/"):  # films lie in folders of such names
            require_plain(part, "a feature", path)
    return info


def _by_index(path: Path, name: str) -> dict[int, dict[str, Any]]:
    """The objects of a file of JSON Lines by their number."""
    found: dict[int, dict[str, Any]] = {}
    for number, line in enumerate(text_lines(path), start=1):
        try:
            row = whole_json(line)
            if type(row[name]) is not int:
                raise ValueError(f"got {row[name]!r}"[:60])
            found[row[name]] = row
        except (ValueError, KeyError, TypeError) as error:
            raise ManifestError(
                f"{path}:{number}: expected an object with {name!r}; {error}"
            ) from None
    return found


@dataclass(frozen=True, slots=True)
class _Loader:
    """Reads the episode of an index."""

    root: Path
    info: Mapping[str, Any]
    numbers: tuple[int, ...]
    tasks: Mapping[int, Mapping[str, Any]]

    def __call__(self, index: int) -> dict[str, Any]:
        info, number = self.info, self.numbers[index]
        chunk = number // int(info.get("chunks_size", 1000))
        place = {"episode_chunk": chunk, "episode_index": number}
        columns = read_columns(self.root / info["data_path"].format(**place))
        sample: dict[str, Any] = {}
        for name, feature in info["features"].items():
            if feature["dtype"] == "video":
                path = self.root / info["video_path"].format(video_key=name, **place)
                with located(f"{self.root}: episode {number}"):
                    film = read_video(path, {}, lazy_above=LAZY_ABOVE)
                sample[stream_name(name)] = film
            elif feature["dtype"] == "image":
                raise ManifestError(
                    f"{self.root}: feature {name!r}: expected films (dtype video); got pictures in "
                    "the table. Convert them with LeRobot's own scripts."
                )
            elif name not in INDICES:
                if name not in columns:
                    raise ManifestError(
                        f"{self.root}: episode {number}: expected a column {name!r}; got "
                        f"{', '.join(columns)}"
                    )
                sample[stream_name(name)] = _numbers(self.root, name, columns[name])
        told = np.unique(columns.get("task_index", [0])).tolist()
        if len(told) > 1:
            raise ManifestError(
                f"{self.root}: episode {number}: expected one task for the whole of an episode; "
                f"got tasks {', '.join(map(str, told))}. Split the episode where its task changes."
            )
        task = int(told[0]) if told else 0
        said = self.tasks.get(task, {}).get("task", "")
        if any(feature["dtype"] == "video" for feature in info["features"].values()):
            sample["task"] = said
        sample[SOURCE] = {"key": number, "info": dict(info), "task": said}
        return sample


def _numbers(root: Path, name: str, column: Any) -> Any:
    """A column as TxD floats. Raises ManifestError where it holds no numbers."""
    rows = np.asarray(column)
    if rows.dtype.kind not in "biuf":
        raise ManifestError(
            f"{root}: feature {name!r}: expected numbers; got {rows.dtype}. Take the feature out "
            "of the data set: only the task is carried as a text."
        )
    rows = rows.astype(rows.dtype if rows.dtype.kind == "f" else np.float32)
    return rows.reshape(len(rows), -1)
