"""One mirror image of one picture: next to no work, so that what stands around it shows."""

from __future__ import annotations

from typing import Any

import albumentations as A
import numpy as np

from benchmarks import worker
from benchmarks.environments import albumentationsx
from benchmarks.report import Report, Run
from benchmarks.timing import one_thread, race
from syncaug import load_policy

SIZE = 256
POLICY: dict[str, Any] = {
    "syncaug": 1,
    "name": "flip",
    "sample": {"image": "image"},
    "steps": [{"name": "mirror", "uses": "flip", "with": {"axis": "horizontal"}}],
}


def sample() -> dict[str, Any]:
    """A picture of 256x256."""
    picture = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
    return {"image": picture}


def measure(run: Run) -> Report:
    """Equal pictures first; AlbumentationsX in a process of its own."""
    report = Report(f"One flip of one picture of {SIZE}x{SIZE}")
    policy = load_policy(POLICY)
    one = sample()
    pipeline = A.Compose([A.HorizontalFlip(p=1.0)])
    ours = policy(one, key="k")["image"]
    report.check(np.array_equal(ours, one["image"][:, ::-1]), "syncaug: the mirror image")
    report.check(np.array_equal(pipeline(**one)["image"], ours), "albumentations: equal bits")
    with one_thread():
        near = race(
            "one process",
            {
                "numpy's copy of the reversed view": lambda: one["image"][:, ::-1].copy(),
                "albumentations, Compose": lambda: pipeline(**one),
                "syncaug": lambda: policy(one, key="k"),
            },
            seconds=run.seconds,
        )
    report.races.append(near)
    report.ratio("flip: times albumentations' Compose", near, "syncaug", "albumentations, Compose")
    with albumentationsx(run, report, "flip", one["image"]) as other, one_thread():
        if other is None:
            return report
        same = np.array_equal(other["compose"].result()["image"], ours)
        report.check(same, "AlbumentationsX: equal bits")
        far = race(
            "two processes",
            {
                "AlbumentationsX, Compose": other["compose"],
                "AlbumentationsX, the bare transform": other["bare"],
                "syncaug": lambda: policy(one, key="k"),
            },
            seconds=2 * run.seconds,
            turn=worker.TURN,
        )
    report.races.append(far)
    name = "flip: times AlbumentationsX's Compose"
    report.ratio(name, far, "syncaug", "AlbumentationsX, Compose", 1.7, at_least=False)
    name = "flip: times AlbumentationsX's bare transform"
    report.ratio(name, far, "syncaug", "AlbumentationsX, the bare transform")
    return report
