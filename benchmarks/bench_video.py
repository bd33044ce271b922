"""64 frames through flip, affine, HSV and brightness: one warp and one walk over the frames.

All contestants get the same numbers: a draw of the policy, written into albumentations' Compose as
concrete values. It is called with `images=`, as it documents videos, and on one frame after the
other.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from timing import Goal, Report, main, race

# isort: split
# timing comes first: it tells albumentations not to ask the network.
import albumentations as A
import cv2
import numpy as np
from numpy.typing import NDArray

from syncaug import load_policy

COUNT, SIZE = 64, 256
STREAM = {"modality": "video", "fps": 25}
DRAW = {
    "angle": {"uniform": [5, 15]},
    "size": {"uniform": [0.9, 1.1]},
    "hue": {"integers": [-15, 15]},  # in steps of two degrees, which is what 8 bits hold
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


def measure(rounds: int) -> Report:
    """The same frames from all, then the race, then ours in one thread."""
    report = Report(f"flip + affine + HSV + brightness on {COUNT} frames of {SIZE}x{SIZE}")
    frames = film()
    before = frames.copy()
    fused = load_policy(FUSED, seed=5)
    delegated = load_policy(DELEGATED, seed=5)
    pipeline = compose(fused.draw(key=KEY).variables)

    def at_once() -> Any:
        return pipeline(images=frames)["images"]

    def one_by_one() -> Any:
        return np.stack([pipeline(image=frame)["image"] for frame in frames])

    ours, theirs = fused({"video": frames}, key=KEY)["video"], at_once()
    inside = np.s_[:, 64:-64, 64:-64]
    gap = float(np.abs(ours[inside].astype(int) - theirs[inside]).mean())
    report.check(gap < 1.0, f"fused frames differ by {gap:.2f} grey levels in the mean")
    report.check(np.array_equal(one_by_one(), theirs), "the loop gives the bytes of images=")
    handed = delegated({"video": frames}, key=KEY)["video"]
    report.check(np.array_equal(handed, theirs), "delegated frames are equal to the bit")
    report.check(np.array_equal(frames, before), "the frames that came in are as they were")
    result = race(
        "64 frames",
        {
            "Compose(images=...)": at_once,
            "Compose on each frame": one_by_one,
            "syncaug, delegated": partial(delegated, {"video": frames}, key=KEY),
            "syncaug, fused": partial(fused, {"video": frames}, key=KEY),
        },
        rounds=rounds,
        turn=0.0,
    )
    report.races.append(result)
    faster = result.faster("syncaug, fused", "Compose(images=...)")
    report.goals.append(Goal("fused, faster than Compose(images=)", faster, 4.0))
    faster = result.faster("syncaug, delegated", "Compose(images=...)")
    report.goals.append(Goal("delegated, faster than Compose(images=)", faster, 1.0))
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    alone = race(
        "in one thread",
        {
            "Compose(images=...)": at_once,
            "syncaug, fused": partial(fused, {"video": frames}, key=KEY),
        },
        rounds=max(2, rounds // 4),
        turn=0.0,
    )
    cv2.setNumThreads(threads)
    report.races.append(alone)
    return report


if __name__ == "__main__":
    main(measure, rounds=40)
