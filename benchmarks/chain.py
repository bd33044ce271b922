"""Five plane steps, 256 to 224 pixels: one fused warp against a Compose of five.

All get the same numbers: a draw of the policy, written into the Compose as concrete values.
AlbumentationsX takes its turns in a process of its own environment.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import albumentations as A
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks import worker
from benchmarks.environments import albumentationsx
from benchmarks.report import Goal, Report, Run
from benchmarks.timing import one_thread, race
from syncaug import load_policy

SIZE, CUT = 256, 224
STEPS: list[dict[str, Any]] = [
    {"name": "cut", "uses": "crop", "with": {"area": (CUT / SIZE) ** 2}},
    {"name": "mirror", "uses": "flip", "with": {"axis": "horizontal"}},
    {"name": "turn", "uses": "rotate", "with": {"degrees": [-15, 15]}},
    {"name": "grow", "uses": "scale", "with": {"factor": [0.9, 1.2]}},
    {
        "name": "shift",  # by whole pixels, since albumentations shifts by nothing else
        "uses": "translate",
        "draw": {"right": {"integers": [-11, 11]}, "down": {"integers": [-11, 11]}},
        "with": {
            "x": {"from": "right", "scale": 1 / CUT},
            "y": {"from": "down", "scale": 1 / CUT},
        },
    },
]
BOXES = {"modality": "boxes", "format": "pascal_voc", "labels": "classes"}
STREAMS: dict[str, dict[str, Any]] = {
    "image": {"image": "image"},
    "image + mask + 20 keypoints": {
        "image": "image",
        "mask": "mask",
        "keypoints": {"modality": "keypoints"},
    },
    "image + 2 boxes": {"image": "image", "bboxes": BOXES},
    "image + mask + 2 boxes + 20 keypoints": {
        "image": "image",
        "mask": "mask",
        "bboxes": BOXES,
        "keypoints": {"modality": "keypoints"},
    },
}
AIMS = {"image": 4.0, "image + mask + 2 boxes + 20 keypoints": 5.0}
KEY = "chain"
Picture = NDArray[Any]


def wave(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """A picture with a formula: waves as strong as they are long, as in photos (1/f)."""
    lengths = (6.0, 9.0, 14.0, 21.0, 32.0, 48.0, 72.0)
    channels = []
    for channel in range(3):
        waves = [
            length * np.sin(2 * np.pi * (x * np.cos(turn) + y * np.sin(turn)) / length + channel)
            for turn, length in enumerate(lengths, start=channel)
        ]
        channels.append(np.sum(waves, axis=0))
    return np.asarray(127.5 + 110.0 / sum(lengths) * np.stack(channels, axis=-1))


def sample() -> dict[str, Any]:
    """The picture with a mask, keypoints and boxes well inside."""
    generator = np.random.default_rng(0)
    y, x = np.mgrid[:SIZE, :SIZE].astype(np.float64)
    return {
        "image": np.rint(wave(x, y)).astype(np.uint8),
        "mask": (np.hypot(x - 120, y - 130) < 60).astype(np.uint8) * 3,
        "keypoints": generator.uniform(90.0, 166.0, (20, 2)),
        "bboxes": np.array([[90.0, 95.0, 140.0, 150.0], [120.0, 110.0, 165.0, 160.0]]),
        "classes": ["dog", "cat"],
    }


def numbers(steps: Any) -> dict[str, float]:
    """What the policy drew, as the values that albumentations takes."""
    cut, _, turn, grow, _ = (step.parameters["*"] for step in steps)
    return {
        "left": round(cut["x"] * (SIZE - CUT)),
        "top": round(cut["y"] * (SIZE - CUT)),
        "degrees": turn["degrees"],
        "factor": grow["factor"],
        "x": steps[-1].variables["right"],
        "y": steps[-1].variables["down"],
    }


def compose(n: dict[str, float], **targets: Any) -> A.Compose:
    """The same five steps as albumentations documents them; every range is one value."""
    left, top, right, down = (int(n[name]) for name in ("left", "top", "x", "y"))
    return A.Compose(
        [
            A.Crop(left, top, left + CUT, top + CUT, p=1.0),
            A.HorizontalFlip(p=1.0),
            A.Rotate(limit=(n["degrees"], n["degrees"]), p=1.0),
            A.Affine(scale=(n["factor"], n["factor"]), p=1.0),
            A.Affine(translate_px={"x": (right, right), "y": (down, down)}, p=1.0),
        ],
        **targets,
    )


def matrix(n: dict[str, float]) -> NDArray[np.float64]:
    """The five steps as one matrix, written out from the numbers alone; pixel centres are whole."""
    middle = (CUT - 1) / 2
    angle = np.radians(n["degrees"])
    cosine, sine = np.cos(angle), np.sin(angle)

    def about_centre(linear: list[list[float]]) -> NDArray[np.float64]:
        there, back, turn = np.eye(3), np.eye(3), np.eye(3)
        there[:2, 2], back[:2, 2], turn[:2, :2] = -middle, middle, linear
        return np.asarray(back @ turn @ there)

    crop, shift = np.eye(3), np.eye(3)
    crop[:2, 2] = -n["left"], -n["top"]
    shift[:2, 2] = n["x"], n["y"]
    flip = about_centre([[-1.0, 0.0], [0.0, 1.0]])
    turn = about_centre([[cosine, sine], [-sine, cosine]])
    grow = about_centre([[n["factor"], 0.0], [0.0, n["factor"]]])
    return np.asarray(shift @ grow @ turn @ flip @ crop)


def psnr(picture: Picture, true: NDArray[np.float64], seen: NDArray[np.bool_]) -> float:
    """Decibels over the pixels that both show."""
    error = (picture.astype(np.float64) - true)[seen]
    return float(10.0 * np.log10(255.0**2 / np.mean(error**2)))


def arguments(streams: dict[str, Any]) -> dict[str, Any]:
    """What a Compose needs to know of the targets."""
    out: dict[str, Any] = {}
    if "keypoints" in streams:
        out["keypoint_params"] = A.KeypointParams(format="xy")
    if "bboxes" in streams:
        out["bbox_params"] = A.BboxParams(format="pascal_voc", label_fields=["classes"])
    return out


def measure(run: Run) -> Report:
    """Quality first, then a race for each set of streams."""
    report = Report(f"crop + flip + rotate + scale + translate, {SIZE} to {CUT} pixels")
    whole = sample()
    for title, streams in STREAMS.items():
        policy = load_policy(
            {"syncaug": 1, "name": "chain", "sample": streams, "steps": STEPS}, seed=3
        )
        drawn = numbers(policy.draw(key=KEY).steps)
        pipeline = compose(drawn, **arguments(streams))
        extra = ["classes"] if "bboxes" in streams else []
        wanted = {name: whole[name] for name in [*streams, *extra]}
        ours, theirs = policy(wanted, key=KEY), pipeline(**wanted)
        _compare(report, title, drawn, ours, theirs)
        aim = AIMS.get(title)
        contestants: dict[str, Any] = {
            "albumentations": partial(pipeline, **wanted),
            "syncaug": partial(policy, wanted, key=KEY),
        }
        with one_thread():
            result = race(f"{title}, one thread", contestants, seconds=run.seconds)
        report.races.append(result)
        report.ratio(f"chain: {title}", result, "albumentations", "syncaug", aim)
        if aim is not None:
            both = race(f"{title}, as installed", contestants, seconds=run.seconds, threads=True)
            report.races.append(both)
            name = f"chain: {title}, threads as installed"
            report.ratio(name, both, "albumentations", "syncaug")
            _beside_albumentationsx(report, title, contestants["syncaug"], drawn, wanted, run)
    return report


def _beside_albumentationsx(
    report: Report, title: str, ours: Any, drawn: Any, wanted: dict[str, Any], run: Run
) -> None:
    with albumentationsx(run, report, "chain", {**drawn, "side": CUT}, wanted) as other:
        if other is None:
            return
        theirs = other["chain"].result()
        if "mask" in wanted:
            same = float(np.mean(ours()["mask"] == theirs["mask"]))
            report.check(same > 0.99, f"AlbumentationsX's mask agrees on {100 * same:.1f} percent")
        with one_thread():
            result = race(
                f"{title}, one thread, two processes",
                {"AlbumentationsX": other["chain"], "syncaug": ours},
                seconds=2 * run.seconds,
                turn=worker.TURN,
            )
    report.races.append(result)
    report.ratio(f"chain: {title}, AlbumentationsX", result, "AlbumentationsX", "syncaug")


def _compare(report: Report, title: str, drawn: dict[str, float], ours: Any, theirs: Any) -> None:
    total = matrix(drawn)
    if title == "image":
        v, u = np.mgrid[:CUT, :CUT].astype(np.float64)
        back = np.linalg.inv(total)[:2]
        source = np.stack([u, v], axis=-1) @ back[:, :2].T + back[:, 2]
        # Where five warps have cut the picture off, albumentations shows fill and we show picture.
        white = np.full((SIZE, SIZE, 3), 255, np.uint8)
        whole = (compose(drawn)(image=white)["image"][..., 0] == 255).astype(np.uint8)
        seen = cv2.erode(whole, np.ones((5, 5), np.uint8), borderValue=0) == 1
        true = wave(source[..., 0], source[..., 1])
        ours_db, theirs_db = (psnr(out["image"], true, seen) for out in (ours, theirs))
        gap = np.abs(ours["image"].astype(float) - theirs["image"])[seen].mean()
        report.check(gap < 4.0, f"pictures differ by {gap:.2f} grey levels in the mean, inside")
        report.notes.append(
            f"against the formula: syncaug {ours_db:.1f} dB, albumentations {theirs_db:.1f} dB"
        )
        report.goals.append(Goal("chain: nearer the formula", ours_db - theirs_db, "dB", 0.0))
    if "mask" in ours:
        same = float(np.mean(ours["mask"] == theirs["mask"]))
        report.check(same > 0.99, f"masks agree on {100 * same:.1f} percent of the pixels")
    if "keypoints" in ours:
        gap = np.abs(np.asarray(ours["keypoints"]) - np.asarray(theirs["keypoints"])).max()
        report.check(gap < 1.0, f"20 keypoints agree within {gap:.2f} pixels")
    if "bboxes" in ours:
        gap = np.abs(np.asarray(ours["bboxes"]) - np.asarray(theirs["bboxes"])).max()
        report.check(gap < 1.5, f"2 boxes agree within {gap:.2f} pixels")
