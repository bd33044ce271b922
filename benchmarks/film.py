"""64 frames through flip, affine, HSV and brightness: one warp and one walk over the frames.

All contestants get the same numbers: a draw of the policy, written into albumentations' Compose as
concrete values. It is called with `images=`, as it documents videos, and in loops over frames: the
Compose, its transforms by `apply_with_params`, and their functional forms, which is the least that
one can write with it. AlbumentationsX takes its turns in a process of its own environment.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import albucore
import albumentations as A
import cv2
import numpy as np
from albumentations.augmentations.geometric import functional as geometric
from albumentations.augmentations.pixel import functional as pixel
from numpy.typing import NDArray

from benchmarks.environments import albumentationsx
from benchmarks.report import Report, Run
from benchmarks.timing import one_thread, race
from syncaug import load_policy

COUNT, SIZE = 64, 256
STREAM = {"modality": "video", "fps": 25}
DRAW = {
    "angle": {"uniform": [5, 15]},
    "size": {"uniform": [0.9, 1.1]},
    # In steps of two degrees, which is what 8 bits hold. Never none: then nobody would convert.
    "hue": {"integers": [5, 15]},
    "light": {"uniform": [-0.2, 0.2]},
}
FUSED: dict[str, Any] = {
    "syncaug": 1,
    "name": "fused",
    "sample": {"video": STREAM},
    "draw": DRAW,
    "steps": [
        {"name": "mirror", "uses": "flip", "with": {"axis": "horizontal"}},
        {"name": "turn", "uses": "rotate", "with": {"degrees": {"from": "angle"}}},
        {"name": "grow", "uses": "scale", "with": {"factor": {"from": "size"}}},
        {"name": "colour", "uses": "colour", "with": {"hue": {"from": "hue", "scale": 2}}},
        {
            "name": "lamp",  # the very line that RandomBrightnessContrast draws: x + l
            "uses": "light",
            "with": {
                "value": {"expr": "1 / (1 - 2 * light) - 1"},
                "contrast": {"expr": "-2 * light"},
            },
        },
    ],
}
DELEGATED: dict[str, Any] = {
    "syncaug": 1,
    "name": "delegated",
    "sample": {"video": STREAM},
    "draw": DRAW,
    "steps": [
        {"name": name, "apply": {"video": call}}
        for name, call in {
            "mirror": {"op": "albumentations.HorizontalFlip"},
            "turn": {
                "op": "albumentations.Affine",
                "rotate": {"from": "angle"},
                "scale": {"from": "size"},
            },
            "colour": {
                "op": "albumentations.HueSaturationValue",
                "hue_shift_limit": {"from": "hue"},
                "sat_shift_limit": 0,
                "val_shift_limit": 0,
            },
            "lamp": {
                "op": "albumentations.RandomBrightnessContrast",
                "brightness_limit": {"from": "light"},
                "contrast_limit": 0,
            },
        }.items()
    ],
}
KEY = "film"
Frames = NDArray[np.uint8]


def film() -> Frames:
    """Smooth coloured frames in which everything moves."""
    generator = np.random.default_rng(0)
    y, x = np.mgrid[:SIZE, : SIZE + 4 * COUNT]
    waves = [127 + 60 * np.sin(x / (9 + c)) + 60 * np.cos(y / (13 - c)) for c in range(3)]
    wide = np.clip(np.stack(waves, axis=-1) + generator.normal(0, 2, (*x.shape, 3)), 0, 255)
    return np.stack([wide[:, 4 * i : 4 * i + SIZE] for i in range(COUNT)]).astype(np.uint8)


def compose(drawn: Any) -> A.Compose:
    """The same four steps; every range is one value of the draw."""
    angle, size, hue, light = ((drawn[name],) * 2 for name in DRAW)
    return A.Compose(
        [
            A.HorizontalFlip(p=1.0),
            A.Affine(rotate=angle, scale=size, p=1.0),
            A.HueSaturationValue(hue, (0, 0), (0, 0), p=1.0),
            A.RandomBrightnessContrast(light, (0, 0), p=1.0),
        ]
    )


class Loops:
    """Loops over frames with what a Compose has drawn once."""

    def __init__(self, pipeline: A.Compose, frames: Frames) -> None:
        self.frames = frames
        pipeline(image=frames[0])  # now its transforms hold their parameters
        self.steps = [(step, dict(step.params)) for step in pipeline.transforms]
        _, affine, colour, lamp = (params for _, params in self.steps)
        self.matrix, self.shape = affine["matrix"], affine["output_shape"]
        self.colour = colour["hue_shift"], colour["sat_shift"], colour["val_shift"]
        self.alpha, self.beta = lamp["alpha"], lamp["beta"]

    def apply_with_params(self) -> Frames:
        """The method that a Compose calls, for each frame."""
        out = []
        for frame in self.frames:
            for step, params in self.steps:
                frame = step.apply_with_params(params, image=frame)["image"]
            out.append(frame)
        return np.stack(out)

    def functional(self) -> Frames:
        """The functions that the transforms call, for each frame."""
        out = np.empty_like(self.frames)
        for number, frame in enumerate(self.frames):
            frame = albucore.hflip(frame)
            frame = geometric.warp_affine(
                frame, self.matrix, cv2.INTER_LINEAR, 0, cv2.BORDER_CONSTANT, self.shape
            )
            frame = pixel.shift_hsv(frame, *self.colour)
            out[number] = albucore.multiply_add(frame, self.alpha, self.beta, inplace=False)
        return out


def measure(run: Run) -> Report:
    """The same frames from all; then a race in one thread, and one as all is installed."""
    report = Report(f"flip + affine + HSV + brightness on {COUNT} frames of {SIZE}x{SIZE}")
    frames = film()
    before = frames.copy()
    fused = load_policy(FUSED, seed=5)
    delegated = load_policy(DELEGATED, seed=5)
    drawn = fused.draw(key=KEY).variables
    pipeline = compose(drawn)
    loops = Loops(pipeline, frames)

    def at_once() -> Any:
        return pipeline(images=frames)["images"]

    def one_by_one() -> Any:
        return np.stack([pipeline(image=frame)["image"] for frame in frames])

    ours, theirs = fused({"video": frames}, key=KEY)["video"], at_once()
    inside = np.s_[:, 64:-64, 64:-64]
    gap = float(np.abs(ours[inside].astype(int) - theirs[inside]).mean())
    report.check(gap < 1.0, f"fused frames differ by {gap:.2f} grey levels in the mean")
    for name, loop in {
        "Compose": one_by_one,
        "apply_with_params": loops.apply_with_params,
        "functional forms": loops.functional,
    }.items():
        report.check(np.array_equal(loop(), theirs), f"a loop of {name} gives the bytes of images=")
    handed = delegated({"video": frames}, key=KEY)["video"]
    report.check(np.array_equal(handed, theirs), "delegated frames are equal to the bit")
    report.check(np.array_equal(frames, before), "the frames that came in are as they were")
    contestants: dict[str, Callable[[], Any]] = {
        "albumentations, images=": at_once,
        "loop of Compose": one_by_one,
        "loop of apply_with_params": loops.apply_with_params,
        "loop of functional forms": loops.functional,
        "syncaug, delegated": partial(delegated, {"video": frames}, key=KEY),
        "syncaug, fused": partial(fused, {"video": frames}, key=KEY),
    }
    with one_thread():
        alone = race(f"{COUNT} frames, one thread", contestants, seconds=3 * run.seconds)
    installed = race("as installed", contestants, seconds=2 * run.seconds, threads=True)
    report.races += [alone, installed]
    loops_of = ("loop of apply_with_params", "loop of functional forms")
    for name in loops_of:
        report.ratio(f"film: {name}", alone, name, "syncaug, fused", 4.0)
    report.ratio("film: images=", alone, "albumentations, images=", "syncaug, fused", 12.0)
    name = "film: delegated, against the loop of functional forms"
    report.ratio(name, alone, loops_of[1], "syncaug, delegated")
    name = "film: images=, threads as installed"
    report.ratio(name, installed, "albumentations, images=", "syncaug, fused")
    _beside_albumentationsx(report, run, drawn, frames, theirs, contestants["syncaug, fused"])
    return report


def _beside_albumentationsx(
    report: Report, run: Run, drawn: Any, frames: Frames, theirs: Frames, ours: Any
) -> None:
    with albumentationsx(run, report, "film", drawn, frames) as other, one_thread():
        if other is None:
            return
        gap = float(np.abs(other["loop"].result().astype(int) - theirs).mean())
        report.check(gap < 1.0, f"AlbumentationsX differs by {gap:.2f} grey levels in the mean")
        contestants = {
            "AlbumentationsX, images=": other["images"],
            "AlbumentationsX, loop": other["loop"],
            "syncaug, fused": ours,
        }
        title = f"{COUNT} frames, one thread, two processes"
        result = race(title, contestants, seconds=2 * run.seconds)
    report.races.append(result)
    for name in ("AlbumentationsX, images=", "AlbumentationsX, loop"):
        report.ratio(f"film: {name}", result, name, "syncaug, fused")
