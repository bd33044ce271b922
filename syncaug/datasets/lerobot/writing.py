"""Samples written as a LeRobot data set of version 2.0."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.datasets.folder import UNNUMBERED, write_all
from syncaug.datasets.lerobot.parquet import write_columns
from syncaug.datasets.lerobot.reading import INDICES, stream_name
from syncaug.datasets.problem import require
from syncaug.datasets.samples import SOURCE
from syncaug.errors import ManifestError
from syncaug.io.arrays import write_npz
from syncaug.io.atomic import replacing, write_bytes
from syncaug.io.container_forms import DEFAULT_CODING
from syncaug.io.container_writer import Contents, write_container
from syncaug.io.plain import dump_json
from syncaug.io.problem import FileProblem
from syncaug.io.track_values import clip_of

__all__ = ["layout", "write"]

_DATA = "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet"
_FILM = "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4"
_CHUNK = 1000
_COLUMNS = "columns.npz"


def write(samples: Iterable[Mapping[str, Any]], root: str | Path) -> None:
    """Write samples, as `samples` gives them, as a data set of version 2.0 into a new folder.

    Episodes are numbered anew, in the order of the samples. Films become MP4, with the small loss
    of its coding. Raises ManifestError where a sample cannot be written, also where its streams no
    longer have one row for each frame; the samples before it are whole.
    """
    write_all(samples, root, LeRobotLayout())


def layout(jpeg_quality: int = 0, meta: Any = None) -> LeRobotLayout:
    """How a data set of this kind is written, episode by episode; its pictures are films."""
    return LeRobotLayout()


@dataclass(frozen=True, slots=True)
class LeRobotLayout:
    """How a LeRobot data set lies in a folder.

    Episodes are numbered without a gap, and their frames through all of them. Both are known at the
    end alone, so that until then each lies in a hidden folder, under a number of its own.
    """

    def told(self, source: Mapping[str, Any]) -> str:
        """Nothing: episodes have numbers."""
        return ""

    def named(self, told: str, number: int, again: int) -> str:
        """The number that counts the results."""
        return f"{number:06}"

    def encode(
        self, root: Path, sample: Mapping[str, Any], name: str, number: int
    ) -> dict[str, Any]:
        """Write the columns and the films of one episode; what the tables say of it."""
        source = sample.get(SOURCE)
        if not isinstance(source, Mapping) or "info" not in source:
            raise FileProblem(
                f"{SOURCE!r} in each sample, as syncaug.datasets.lerobot.samples gives it",
                "none",
                "List it under untouched: in the policy.",
            )
        info: dict[str, Any] = {**source["info"], "features": dict(source["info"]["features"])}
        films: dict[str, Any] = {}
        columns: dict[str, Any] = {}
        for column, feature in info["features"].items():
            stream = stream_name(column)
            if column in INDICES:
                continue
            require(sample, stream)
            if feature["dtype"] == "video":
                clip = films[column] = clip_of(sample[stream], {})
                height, width, channels = clip.read([0]).shape[1:]
                info["features"][column] = _resized(feature, height, width, channels)
            else:
                columns[column] = _column(np.asarray(sample[stream]), feature)
        lengths = {column: len(rows) for column, rows in (*columns.items(), *films.items())}
        length = next(iter(lengths.values()), 0)
        if len(set(lengths.values())) > 1:
            shown = ", ".join(f"{count} of {column}" for column, count in lengths.items())
            raise FileProblem(
                "as many rows as frames in all of an episode",
                shown,
                "Keep the rate: steps that change it leave streams of other lengths.",
            )
        said = str(sample.get("task", source.get("task", "")))
        folder = root / UNNUMBERED / name
        folder.mkdir(parents=True, exist_ok=True)
        write_npz(folder / _COLUMNS, {str(n): rows for n, rows in enumerate(columns.values())})
        for place, clip in enumerate(films.values()):
            write_container(folder / f"{place}.mp4", Contents(clips=(clip,)), DEFAULT_CODING)
        told = {"name": name, "columns": list(columns), "tasks": [said]}
        return {**told, "length": length, "info": info}

    def finish(self, root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        """Number the episodes, and write `meta/`."""
        rows = list(rows)
        first: dict[str, Any] = dict(rows[0]["info"]) if rows else {}
        features = first.get("features", {})
        _check_sizes(root, rows)
        videos = sum(feature["dtype"] == "video" for feature in features.values())
        tasks: dict[str, int] = {}
        episodes: list[dict[str, Any]] = []
        frames = 0
        for number, row in enumerate(rows):
            task = tasks.setdefault(row["tasks"][0], len(tasks))
            _place(root, row, number, frames, task)
            length = row["length"]
            episodes.append({"episode_index": number, "tasks": row["tasks"], "length": length})
            frames += length
        info = {
            **first,
            "codebase_version": "v2.0",
            "total_episodes": len(episodes),
            "total_frames": frames,
            "total_tasks": len(tasks),
            "total_videos": videos * len(episodes),
            "total_chunks": -(-len(episodes) // _CHUNK),
            "chunks_size": _CHUNK,
            "splits": {"train": f"0:{len(episodes)}"},
            "data_path": _DATA,
            "video_path": _FILM if videos else None,
        }
        (root / "meta").mkdir(exist_ok=True)
        told = [{"task_index": number, "task": said} for said, number in tasks.items()]
        for name, lines in (("episodes", episodes), ("tasks", told)):
            text = "".join(f"{dump_json(line)}\n" for line in lines)
            write_bytes(root / "meta" / f"{name}.jsonl", text.encode())
        write_bytes(root / "meta" / "info.json", json.dumps(info, indent=4).encode())


def _check_sizes(root: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise ManifestError where films of a name have several sizes, which readers cannot stack."""
    for number, row in enumerate(rows):
        for column, feature in row["info"]["features"].items():
            first = rows[0]["info"]["features"].get(column, feature)
            if feature["dtype"] == "video" and feature["shape"] != first["shape"]:
                sizes = " and ".join(
                    "x".join(map(str, one["shape"])) + f" in episode {place}"
                    for one, place in ((first, 0), (feature, number))
                )
                raise ManifestError(
                    f"{root}: expected films of one size under {column!r}, as info.json says it of "
                    f"all episodes; got {sizes}. Give the steps that change it the same size, as "
                    "crop's `resize: [480, 640]` does."
                )


def _place(root: Path, row: Mapping[str, Any], number: int, frames: int, task: int) -> None:
    """Give an episode its number: its table, and names for its films.

    What lies in the hidden folder stays as it is, so that this can be done again.
    """
    folder, length, info = root / UNNUMBERED / row["name"], row["length"], row["info"]
    place = {"episode_chunk": number // _CHUNK, "episode_index": number}
    indices = {
        "timestamp": (np.arange(length) / info["fps"]).astype(np.float32),
        "frame_index": np.arange(length),
        "episode_index": np.full(length, number),
        "index": np.arange(frames, frames + length),
        "task_index": np.full(length, task),
    }
    path = root / _DATA.format(**place)
    path.parent.mkdir(parents=True, exist_ok=True)
    with np.load(folder / _COLUMNS) as stored:
        columns = {column: stored[str(n)] for n, column in enumerate(row["columns"])}
    write_columns(path, {**columns, **indices})
    films = (name for name, f in info["features"].items() if f["dtype"] == "video")
    for count, name in enumerate(films):
        film = root / _FILM.format(video_key=name, **place)
        film.parent.mkdir(parents=True, exist_ok=True)
        with replacing(film) as temporary:
            try:
                os.link(folder / f"{count}.mp4", temporary)
            except OSError:  # a file system without links
                shutil.copyfile(folder / f"{count}.mp4", temporary)


def _column(rows: Any, feature: Mapping[str, Any]) -> Any:
    """TxD floats as a column of the type and the shape that its feature has."""
    kind = np.dtype(feature["dtype"])
    if kind.kind == "b":
        rows = rows > 0.5
    elif kind.kind in "iu":
        rows = np.rint(rows)
    shape = list(feature.get("shape") or [1])
    rows = rows.astype(kind)
    if shape == [1]:
        return rows.reshape(len(rows))
    return rows.reshape(len(rows), *shape) if len(shape) > 1 else rows


def _resized(feature: Mapping[str, Any], height: int, width: int, channels: int) -> dict[str, Any]:
    """A film's feature as it is written: its size in the order of its own names, and its coding."""
    sizes = {"height": height, "width": width}
    names = feature.get("names") or ["height", "width", "channels"]
    written = {**feature, "shape": [sizes.get(name, channels) for name in names]}
    told = {
        "video.height": height,
        "video.width": width,
        "video.channels": channels,
        "video.codec": "h264",
        "video.pix_fmt": "yuv444p" if height % 2 or width % 2 else "yuv420p",
        "has_audio": False,
    }
    for place in ("info", "video_info"):
        if isinstance(feature.get(place), Mapping):
            own = feature[place]
            kept = {k: v for k, v in own.items() if not str(k).startswith("audio.")}
            written[place] = {k: told.get(k, v) for k, v in kept.items()}
    return written
