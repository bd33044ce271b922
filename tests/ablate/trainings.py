"""Trainings for ablations: functions that look at what a policy makes of one scene."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

POLICY = """
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: turn, uses: rotate, with: {degrees: [-20, 20]}}
"""

REFUSING = (
    POLICY.replace("[-20, 20]", "[-90, 90]")
    + """
on_fail: {retry: 3, then: neutral}
"""
)
"""Turns of which words of direction refuse most."""


def scene() -> dict[str, Any]:
    """A lamp on the left, and a caption that says so."""
    image = np.full((24, 48, 3), 20, np.uint8)
    image[8:16, 4:16] = 240
    return {"image": image, "caption": "a lamp on the left"}


def bright_left(image: Any) -> bool:
    middle = image.shape[1] // 2
    return bool(image[:, :middle].mean() > image[:, middle:].mean())


def agreement(policy: Any, seed: int, out: Path) -> dict[str, float]:
    """How often the caption names the brighter side, and how often it is the left one."""
    told, left = [], []
    for key in range(60):
        sample = policy(scene(), key=key, epoch=seed)
        told.append(bright_left(sample["image"]) == ("left" in sample["caption"]))
        left.append("left" in sample["caption"])
    rng = np.random.default_rng(seed)
    return {"agreement": float(np.mean(told)) + rng.normal(0, 0.01), "left": float(np.mean(left))}


def blind(policy: Any, seed: int, out: Path) -> dict[str, float]:
    """A training on which augmentation has no effect: noise of its own in every arm."""
    arm = "".join(map(str, policy.policy["ablation"].values()))
    noise = np.random.default_rng([seed, sum(arm.encode())])
    return {"score": float(noise.normal())}


def fails_once(policy: Any, seed: int, out: Path) -> dict[str, float]:
    """A training that fails in one run for as long as a file is there."""
    if seed == 1 and policy.policy["ablation"]["arm"] == "independent":
        if (Path(os.environ["BROKEN"])).exists():
            raise MemoryError("no room on the card")
    return {"score": 1.0 + seed}


def nan(policy: Any, seed: int, out: Path) -> dict[str, float]:
    """A training that diverges under one seed of one arm."""
    bad = seed == 0 and policy.policy["ablation"]["arm"] == "none"
    return {"score": float("nan") if bad else 1.0, "loss": 2.0}
