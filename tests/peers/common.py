"""What the scripts of this folder share: samples, a policy, and direct calls to compare with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from syncaug import load_policy

COUNT = 64
POLICY = load_policy(
    """
syncaug: 1
seed: 5
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: lamp, uses: light, with: {value: [-0.3, 0.3]}}
"""
)


def sample(index: int) -> dict[str, Any]:
    """The sample of an index."""
    image = np.random.default_rng(index).integers(0, 255, (24, 32, 3), np.uint8)
    return {"image": image, "caption": "a cat on the left"}


def direct(epoch: int) -> dict[str, tuple[bytes, str]]:
    """What direct calls give, by key."""
    made = {}
    for index in range(COUNT):
        out = POLICY(sample(index), key=f"photo{index}", epoch=epoch)
        made[f"photo{index}"] = (out["image"].tobytes(), out["caption"])
    return made


def require(held: bool, what: str) -> None:
    """End the script where something does not hold."""
    if not held:
        raise SystemExit(f"failed: {what}")
