"""Samples written as a LeRobot data set of version 2.0."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.datasets.folder import write_all
from syncaug.datasets.lerobot.parquet import write_columns
from syncaug.datasets.lerobot.reading import INDICES, stream_name
from syncaug.datasets.samples import SOURCE
from syncaug.io.atomic import write_bytes
from syncaug.io.container_forms import DEFAULT_CODING
from syncaug.io.container_writer import Contents, write_container
from syncaug.io.plain import dump_json
from syncaug.io.problem import FileProblem
from syncaug.io.track_values import clip_of

__all__ = ["layout", "write"]

_DATA = "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet"
_FILM = "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4"
_CHUNK = 1000


def write(samples: Iterable[Mapping[str, Any]], root: str | Path) -> None:
    """Write samples, as `samples` gives them, as a data set of version 2.0 into a new folder.

    Episodes are numbered anew, in the order of the samples. Films become MP4, with the small loss
    of its coding. Raises ManifestError where a sample cannot be written, also where its streams no
    longer have one row for each frame; the samples before it are whole.
    """
    write_all(samples, root, LeRobotLayout())


def layout(jpeg_quality: int = 0) -> LeRobotLayout:
    """How a data set of this kind is written, episode by episode; its pictures are films."""
    return LeRobotLayout()


@dataclass(slots=True)
class LeRobotLayout:
    """How a LeRobot data set lies in a folder."""

    info: dict[str, Any] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)
    frames: int = 0

    def encode(self, root: Path, sample: Mapping[str, Any], number: int) -> dict[str, Any]:
        """Write the table and the films of one episode; its row of `meta/episodes.jsonl`."""
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
        for name, feature in info["features"].items():
            stream = stream_name(name)
            if name in INDICES:
                continue
            if stream not in sample:
                raise FileProblem(
                    f"a stream {stream!r} in each sample", f"only {', '.join(sample)}"
                )
            if feature["dtype"] == "video":
                clip = films[name] = clip_of(sample[stream], {})
                height, width, channels = clip.read([0]).shape[1:]
                info["features"][name] = _resized(feature, height, width, channels)
            else:
                columns[name] = _column(np.asarray(sample[stream]), feature)
        lengths = {name: len(rows) for name, rows in (*columns.items(), *films.items())}
        length = next(iter(lengths.values()), 0)
        if len(set(lengths.values())) > 1:
            shown = ", ".join(f"{count} of {name}" for name, count in lengths.items())
            raise FileProblem(
                "as many rows as frames in all of an episode",
                shown,
                "Keep the rate: steps that change it leave streams of other lengths.",
            )
        said = str(sample.get("task", source.get("task", "")))
        task = self.tasks.setdefault(said, len(self.tasks))
        place = {"episode_chunk": number // _CHUNK, "episode_index": number}
        indices = {
            "timestamp": (np.arange(length) / info["fps"]).astype(np.float32),
            "frame_index": np.arange(length),
            "episode_index": np.full(length, number),
            "index": np.arange(self.frames, self.frames + length),
            "task_index": np.full(length, task),
        }
        path = root / _DATA.format(**place)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_columns(path, {**columns, **indices})
        for name, clip in films.items():
            film = root / _FILM.format(video_key=name, **place)
            film.parent.mkdir(parents=True, exist_ok=True)
            write_container(film, Contents(clips=(clip,)), DEFAULT_CODING)
        self.frames += length
        self.info = self.info or info
        return {"episode_index": number, "tasks": [said], "length": length}

    def finish(self, root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write `meta/`."""
        episodes = list(rows)
        videos = sum(f["dtype"] == "video" for f in self.info.get("features", {}).values())
        chunks = -(-len(episodes) // _CHUNK)
        info = {
            **self.info,
            "codebase_version": "v2.0",
            "total_episodes": len(episodes),
            "total_frames": self.frames,
            "total_tasks": len(self.tasks),
            "total_videos": videos * len(episodes),
            "total_chunks": chunks,
            "chunks_size": _CHUNK,
            "splits": {"train": f"0:{len(episodes)}"},
            "data_path": _DATA,
            "video_path": _FILM if videos else None,
        }
        (root / "meta").mkdir(exist_ok=True)
        tasks = [{"task_index": number, "task": said} for said, number in self.tasks.items()]
        for name, lines in (("episodes", episodes), ("tasks", tasks)):
            text = "".join(f"{dump_json(line)}\n" for line in lines)
            write_bytes(root / "meta" / f"{name}.jsonl", text.encode())
        write_bytes(root / "meta" / "info.json", json.dumps(info, indent=4).encode())


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
    """A film's feature with the size of its frames, in the order of its own names."""
    sizes = {"height": height, "width": width, "channel": channels, "channels": channels}
    names = feature.get("names") or ["height", "width", "channels"]
    return {**feature, "shape": [sizes[name] for name in names]}
