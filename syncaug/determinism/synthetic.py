"""Synthetic samples of a plan's streams, from hashes alone: the same under every library.

Planes are 96x64, clocks last two seconds. Only what a lock needs is here: that every common
modality has values on which its steps do something.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import shake_256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError
from syncaug.plan.plan import Plan
from syncaug.plan.stream import Stream

__all__ = ["MAKERS", "SyntheticSamples"]

WIDTH, HEIGHT = 96, 64
SECONDS = 2.0
_BLOCK = 8
"""Pixels of a side of the areas of one colour."""

_SENTENCES = (
    "a red dog on the left of a blue car",
    "two green birds above a white house, the right one asleep",
    "On the right stands a tall man in a yellow coat.",
    "a black cat looks to the left",
)
_NAMES = ("dog", "car", "person")


class _Bytes:
    """Numbers of one stream of one sample, taken from the hash of their place."""

    def __init__(self, place: str) -> None:
        self._place, self._asked = place, 0

    def whole(self, below: int, *shape: int) -> NDArray[np.int64]:
        """Whole numbers from 0 on."""
        self._asked += 1
        count = int(np.prod(shape, dtype=np.int64))
        data = shake_256(f"{self._place}\0{self._asked}".encode()).digest(4 * count)
        numbers: NDArray[np.int64] = np.frombuffer(data, "<u4").astype(np.int64) % below
        return numbers.reshape(shape)

    def share(self, *shape: int) -> NDArray[np.float64]:
        """Numbers of 0 to 1, each a whole number of 65536ths."""
        return self.whole(65_537, *shape) / 65_536.0

    def areas(self, below: int, *channels: int) -> NDArray[np.int64]:
        """Areas of one number each on the plane."""
        few = self.whole(below, HEIGHT // _BLOCK, WIDTH // _BLOCK, *channels)
        return few.repeat(_BLOCK, axis=0).repeat(_BLOCK, axis=1)


def _image(stream: Stream, source: _Bytes) -> Any:
    fine = source.whole(16, HEIGHT, WIDTH, 3)
    picture = (source.areas(240, 3) + fine).astype(np.uint8)
    return picture.transpose(2, 0, 1) if stream.options.get("layout") == "chw" else picture


def _video(stream: Stream, source: _Bytes) -> Any:
    rate = float(stream.options.get("fps") or 8.0)
    picture = source.areas(256, 3).astype(np.uint8)
    frames = np.stack([np.roll(picture, 3 * n, axis=1) for n in range(round(SECONDS * rate))])
    frames = frames.transpose(0, 3, 1, 2) if stream.options.get("layout") == "chw" else frames
    return frames if stream.options.get("fps") else {"frames": frames, "fps": rate}


def _audio(stream: Stream, source: _Bytes) -> Any:
    rate = int(stream.options.get("sample_rate") or 8_000)
    steps = source.whole(801, round(SECONDS * rate)) - 400
    sound = (np.convolve(steps, np.ones(8, np.int64), "same") / 8_192.0).astype(np.float32)
    return sound if stream.options.get("sample_rate") else {"array": sound, "sampling_rate": rate}


def _boxes(stream: Stream, source: _Bytes) -> Any:
    corners = source.share(2, 2) * 0.4
    left, top = (corners[:, 0] + 0.05) * WIDTH, (corners[:, 1] + 0.05) * HEIGHT
    size = np.array([[0.4, 0.45], [0.5, 0.35]]) * (WIDTH, HEIGHT)
    rows = np.stack([left, top, left + size[:, 0], top + size[:, 1]], axis=1)
    form = stream.options.get("format", "pascal_voc")
    if form == "coco":
        rows[:, 2:] -= rows[:, :2]
    elif form != "pascal_voc":
        rows = rows / (WIDTH, HEIGHT, WIDTH, HEIGHT)
        if form == "yolo":
            rows = np.hstack([(rows[:, :2] + rows[:, 2:]) / 2.0, rows[:, 2:] - rows[:, :2]])
    return rows


def _keypoints(stream: Stream, source: _Bytes) -> Any:
    count = len(stream.options.get("names") or ()) or 5
    points = source.share(2, count, 2) * 0.8 + 0.1
    seen = np.full((2, count, 1), 2.0)
    return np.concatenate([points * (WIDTH, HEIGHT), seen], axis=2)


def _cues(stream: Stream, source: _Bytes) -> Any:
    starts = (0.1, 0.7, 1.3)
    return [{"start": start, "end": start + 0.5, "text": _sentence(source)} for start in starts]


def _sentence(source: _Bytes) -> str:
    return _SENTENCES[int(source.whole(len(_SENTENCES), 1)[0])]


def _heatmap(stream: Stream, source: _Bytes) -> Any:
    count = len(stream.options.get("names") or ()) or 1
    least, most = stream.options.get("range") or (0.0, 1.0)
    values = least + (most - least) * source.areas(257, count) / 256.0
    values = values.transpose(2, 0, 1) if stream.options.get("layout") == "chw" else values
    return values.astype(np.float32)


def _flow(stream: Stream, source: _Bytes) -> Any:
    values = (source.areas(129, 2) - 64) / 16.0
    if stream.options.get("unit") == "fraction":
        values = values / (WIDTH, HEIGHT)
    values = values.transpose(2, 0, 1) if stream.options.get("layout") == "chw" else values
    return values.astype(np.float32)


def _normals(stream: Stream, source: _Bytes) -> Any:
    axes = np.array([[0.0, 0.0, -1.0], [0.6, 0.0, -0.8], [0.0, -0.6, -0.8], [0.48, 0.64, -0.6]])
    if stream.options.get("axes") == "opengl":
        axes = axes * (1.0, -1.0, -1.0)
    values = axes[source.areas(len(axes))]
    values = values.transpose(2, 0, 1) if stream.options.get("layout") == "chw" else values
    return values.astype(np.float32)


def _disparity(stream: Stream, source: _Bytes) -> Any:
    width = WIDTH if stream.options.get("unit") == "fraction" else 1
    return ((source.areas(129) + 16) / 16.0 / width).astype(np.float32)


def _points(stream: Stream, source: _Bytes) -> Any:
    columns = stream.options.get("columns") or ("x", "y", "z")
    values = source.share(400, len(columns)).astype(np.float32)
    for place, name in enumerate(columns):
        if name in ("x", "y", "z"):
            values[:, place] = values[:, place] * 12.0 - (2.0 if name == "z" else 6.0)
    return values


def _label(stream: Stream, source: _Bytes) -> Any:
    classes = stream.options.get("classes") or 2
    if isinstance(classes, int):
        return int(source.whole(classes, 1)[0])
    return list(classes)[int(source.whole(len(classes), 1)[0])]


def _tabular(stream: Stream, source: _Bytes) -> Any:
    return source.share(len(stream.options.get("columns") or ()) or 4)


def _embedding(stream: Stream, source: _Bytes) -> Any:
    rate = stream.options.get("rate")
    shape = (round(SECONDS * rate), 16) if rate else (16,)
    return (source.share(*shape) - 0.5).astype(np.float32)


MAKERS: Mapping[str, Callable[[Stream, _Bytes], Any]] = {
    "image": _image,
    "video": _video,
    "mask": lambda stream, source: source.areas(4),
    "depth": lambda stream, source: (source.areas(129) / 16.0 + 1.0).astype(np.float32),
    "heatmap": _heatmap,
    "flow": _flow,
    "normals": _normals,
    "disparity": _disparity,
    "boxes": _boxes,
    "keypoints": _keypoints,
    "text": lambda stream, source: _sentence(source),
    "timed_text": _cues,
    "audio": _audio,
    "points": _points,
    "label": _label,
    "tabular": _tabular,
    "embedding": _embedding,
}
"""Modality -> what makes a value of a stream."""

_ROWS = {"boxes": 2, "keypoints": 2, "points": 400}
"""How many rows there are, which labels run beside."""


class SyntheticSamples:
    """Samples of a plan by their place; those of other kinds of streams are refused."""

    def __init__(self, plan: Plan, count: int) -> None:
        """Raises SampleError where a stream that must be there cannot be made."""
        self._streams = tuple(stream for stream in plan.streams if _is_made(stream))
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> dict[str, Any]:
        sample: dict[str, Any] = {}
        for stream in self._streams:
            source = _Bytes(f"{index}\0{stream.name}")
            sample[stream.name] = MAKERS[stream.modality](stream, source)
            for number, key in enumerate(stream.label_keys):
                rows = range(_ROWS.get(stream.modality, 2))
                ids = key == stream.ids
                sample[key] = [row if ids else _NAMES[(row + number) % 3] for row in rows]
        return sample

    def key(self, index: int) -> str:
        """The key of a sample."""
        return f"synthetic/{index}"

    def close(self) -> None:
        """Nothing is open."""


def _is_made(stream: Stream) -> bool:
    beside = set(stream.parallel_keys) - set(stream.label_keys)
    if stream.modality in MAKERS and not stream.framed and not beside and not stream.rows:
        return True
    if stream.optional:
        return False
    raise SampleError(
        stream.name,
        expected="a stream of which a synthetic sample can be made: "
        f"{', '.join(sorted(MAKERS))}, in no group of rows and with no entry for each frame",
        came=f"modality {stream.modality!r}",
        hint="Lock the policy on samples of yours: --manifest FILE.",
    )
