"""How cost grows: a call and the bare work by hand at growing sizes, with exponents fitted.

An exponent is the slope of the logarithms of p10 over those of the size: 1 where twice as much
costs twice as much. It is fitted over the upper half of the sizes, where fixed costs are small.
Cost grows no faster than the work where ours is at most 0.15 above that of the bare work, or
above 1 where the size counts the work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np

from benchmarks.points import about_z
from benchmarks.report import Goal, Report, Run
from benchmarks.timing import one_thread, race
from syncaug import load_policy

MARGIN = 0.15
KEY = "growth"
Pair = tuple[Callable[[], object], Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Axis:
    """What grows, at which sizes, and the pair of the bare work and ours at one size."""

    name: str
    sizes: tuple[int, ...]
    pair: Callable[[int], Pair]
    work: float = 1.0
    """The exponent of the work itself: 2 for the side of a picture."""


def _policy(streams: dict[str, Any], steps: list[dict[str, Any]], sample: dict[str, Any]) -> Any:
    named = [{"name": f"s{number}", **step} for number, step in enumerate(steps)]
    policy = load_policy({"syncaug": 1, "name": "growth", "sample": streams, "steps": named})
    return partial(policy, sample, key=KEY)


def _picture(side: int) -> Any:
    return np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)


def _turned(side: int, degrees: float) -> Any:
    return cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), degrees, 1.0)


def _plane_steps(count: int) -> Pair:
    picture = _picture(64)
    each = np.vstack([_turned(64, 1.0), [0.0, 0.0, 1.0]])

    def bare() -> object:
        total = np.eye(3)
        for _ in range(count):
            total = each @ total
        return cv2.warpAffine(picture, total[:2], (64, 64))

    steps = [{"uses": "rotate", "with": {"degrees": [0.5, 1.5]}}] * count
    return bare, _policy({"image": "image"}, steps, {"image": picture})


def _tone_steps(count: int) -> Pair:
    picture = _picture(64)
    table = np.arange(256, dtype=np.uint8)

    def bare() -> object:
        out = picture
        for _ in range(count):
            out = cv2.LUT(out, table)
        return out

    steps = [{"uses": "light", "with": {"value": [-0.01, 0.01]}}] * count
    return bare, _policy({"image": "image"}, steps, {"image": picture})


def _warps_of_time(count: int) -> Pair:
    rows = np.random.default_rng(0).normal(0.0, 1.0, (1000, 6))
    places = np.linspace(0.0, 999.0, 1000)

    def bare() -> object:
        moments = places
        for _ in range(count):
            moments = np.interp(moments, (0.0, 400.0, 999.0), (0.0, 410.0, 999.0))
        return np.stack([np.interp(moments, places, column) for column in rows.T], axis=1)

    streams = {"imu": {"modality": "embedding", "rate": 100}}
    steps = [{"uses": "time_warp", "with": {"strength": 0.01}}] * count
    return bare, _policy(streams, steps, {"imu": rows.astype(np.float32)})


def _cloud(columns: int, count: int) -> Pair:
    points = np.random.default_rng(0).normal(0.0, 10.0, (count, columns)).astype(np.float32)
    rows = np.hstack([about_z(20.0), np.zeros((3, 1))]).astype(np.float32)

    def bare() -> object:
        if columns == 3:
            return cv2.transform(points[None], rows)
        out = points.copy()
        out[:, :3] = cv2.transform(np.ascontiguousarray(points[None, :, :3]), rows)[0]
        return out

    names = ["x", "y", "z", "r", "g", "b", "intensity"][:columns]
    streams = {"points": {"modality": "points", "columns": names}}
    if columns > 3:
        points[:, 3:] = np.random.default_rng(1).random((count, columns - 3))
    steps = [{"uses": "world_rotate", "with": {"axis": "z", "degrees": [-30, 30]}}]
    return bare, _policy(streams, steps, {"points": points})


def _pixels(side: int) -> Pair:
    picture, turn = _picture(side), _turned(side, 10.0)
    table = np.arange(256, dtype=np.uint8)

    def bare() -> object:
        return cv2.LUT(cv2.warpAffine(picture, turn, (side, side)), table)

    steps = [
        {"uses": "rotate", "with": {"degrees": [8, 12]}},
        {"uses": "light", "with": {"value": [-0.1, 0.1]}},
    ]
    return bare, _policy({"image": "image"}, steps, {"image": picture})


def _frames(count: int) -> Pair:
    frames = np.random.default_rng(0).integers(0, 256, (count, 64, 64, 3), dtype=np.uint8)
    turn, table = _turned(64, 10.0), np.arange(256, dtype=np.uint8)

    def bare() -> object:
        out = np.empty_like(frames)
        for number, frame in enumerate(frames):
            out[number] = cv2.LUT(cv2.warpAffine(frame, turn, (64, 64)), table)
        return out

    steps = [
        {"uses": "rotate", "with": {"degrees": [8, 12]}},
        {"uses": "light", "with": {"value": [-0.1, 0.1]}},
    ]
    return bare, _policy({"video": {"modality": "video", "fps": 25}}, steps, {"video": frames})


def _streams(count: int) -> Pair:
    pictures, turn = [_picture(32) for _ in range(count)], _turned(32, 10.0)

    def bare() -> object:
        return [cv2.warpAffine(picture, turn, (32, 32)) for picture in pictures]

    names = [f"image{number}" for number in range(count)]
    streams = {name: {"modality": "image", "plane": "one"} for name in names}
    steps = [{"uses": "rotate", "with": {"degrees": [8, 12]}}]
    return bare, _policy(streams, steps, dict(zip(names, pictures, strict=True)))


def _boxes(step: dict[str, Any], count: int) -> Pair:
    generator = np.random.default_rng(0)
    corners = generator.uniform(0.0, 50.0, (count, 2))
    boxes = np.hstack([corners, corners + generator.uniform(3.0, 12.0, (count, 2))])
    picture, turn = _picture(64), np.asarray(_turned(64, 10.0))

    def bare() -> object:
        x, y = boxes[:, [0, 2, 2, 0]], boxes[:, [1, 1, 3, 3]]
        across = turn[0, 0] * x + turn[0, 1] * y + turn[0, 2]
        down = turn[1, 0] * x + turn[1, 1] * y + turn[1, 2]
        ends = (across.min(1), down.min(1), across.max(1), down.max(1))
        clipped = np.clip(np.stack(ends, axis=1), 0.0, 64.0)
        return cv2.warpAffine(picture, turn, (64, 64)), clipped

    streams = {"image": "image", "boxes": {"modality": "boxes"}}
    return bare, _policy(streams, [step], {"image": picture, "boxes": boxes})


def _words(count: int) -> Pair:
    from syncaug.words import Symmetry, apply_edits, direction_edits

    sentence = ("a", "dog", "on", "the", "left", "of", "a", "tree,", "and", "a", "cat")
    text = " ".join(sentence[number % len(sentence)] for number in range(count))
    mirrored = Symmetry(True, 0)

    def bare() -> object:
        return apply_edits(text, direction_edits(text, mirrored))

    streams = {"image": "image", "caption": {"modality": "text", "describes": "image"}}
    steps = [{"uses": "flip"}]
    sample = {"image": np.zeros((8, 8, 3), np.uint8), "caption": text}
    return bare, _policy(streams, steps, sample)


_TURN = {"uses": "rotate", "with": {"degrees": [8, 12]}}
_OCCLUDE = {"uses": "occlude", "with": {"area": [0.05, 0.1]}}
AXES = (
    Axis("steps in the plane", (1, 3, 10, 30, 100), _plane_steps),
    Axis("steps of light", (1, 3, 10, 30, 100), _tone_steps),
    Axis("warps of time", (1, 3, 10, 30, 100), _warps_of_time),
    Axis("points", (1_000, 10_000, 100_000, 1_000_000), partial(_cloud, 3)),
    Axis("points with four attributes", (1_000, 10_000, 100_000, 1_000_000), partial(_cloud, 7)),
    Axis("pixels along a side", (64, 256, 1024, 4096), _pixels, 2.0),
    Axis("frames of 64x64", (8, 32, 128, 512), _frames),
    Axis("pictures of 32x32", (1, 4, 16, 64), _streams),
    Axis("boxes, turned", (1, 10, 100, 1000), partial(_boxes, _TURN)),
    Axis("boxes, occluded", (1, 10, 100, 1000), partial(_boxes, _OCCLUDE)),
    Axis("words of a caption", (10, 100, 1000, 10_000), _words),
)


def exponent(sizes: tuple[int, ...], times: list[float]) -> float:
    """The slope of the logarithms over the upper half of the sizes, three at least."""
    upper = slice(-max(3, (len(sizes) + 1) // 2), None)
    return float(np.polyfit(np.log(sizes[upper]), np.log(times[upper]), 1)[0])


def measure(run: Run) -> Report:
    """Every axis, in one thread of OpenCV."""
    report = Report("Growth: times of one call, microseconds")
    rows = []
    for axis in AXES:
        times: dict[str, list[float]] = {"by hand": [], "syncaug": []}
        sizes = axis.sizes[:-1] if run.quick else axis.sizes
        for size in sizes:
            bare, ours = axis.pair(size)
            with one_thread():
                result = race(
                    f"{axis.name}: {size}",
                    {"by hand": bare, "syncaug": ours},
                    seconds=run.seconds / 4,
                )
            for name, list_of in times.items():
                list_of.append(1e6 * result.quoted(name))
        hand, ours_exponent = (exponent(sizes, each) for each in times.values())
        aim = max(hand, axis.work) + MARGIN
        report.goals.append(Goal(f"growth: {axis.name}", ours_exponent, "n^", aim, False))
        cells = [
            f"{ours:.3g} / {bare:.3g}"
            for bare, ours in zip(times["by hand"], times["syncaug"], strict=True)
        ]
        named = ", ".join(f"{size:,}" for size in sizes)
        rows.append([axis.name, named, ", ".join(cells), f"{ours_exponent:.2f}", f"{hand:.2f}"])
    columns = ["what grows", "sizes", "microseconds, ours / by hand", "exponent", "by hand"]
    report.tables.append({"title": "Growth", "columns": columns, "rows": rows})
    return report
