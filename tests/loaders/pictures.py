"""Samples of pictures, and what calls of a policy make of them; without PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug import load_policy

POLICY = """
syncaug: 1
seed: 5
sample:
  image: image
  boxes: {modality: boxes, labels: classes}
  caption: {modality: text, describes: image}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: turn, uses: rotate, with: {degrees: [-20, 20], words: {leave_below: 30}}}
  - {name: light, uses: light, with: {value: [-0.3, 0.3]}}
"""

MIXED = """
syncaug: 1
seed: 5
sample: {image: image, label: {modality: label, classes: 2}}
steps: [{name: blend, uses: mixup, with: {share: [0.2, 0.8]}, p: 0.7}]
"""


def picture(index: int) -> np.ndarray:
    return np.random.default_rng(index).integers(0, 255, (24, 32, 3), np.uint8)


def sample(index: int) -> dict[str, Any]:
    return {
        "id": f"photo/{index}",
        "image": picture(index),
        "boxes": np.array([[2.0, 3, 20 + index % 3, 18]] * (index % 3)).reshape(-1, 4),
        "classes": ["cat"] * (index % 3),
        "caption": "a cat on the left",
    }


def direct(epoch: int, count: int = 16, text: str = POLICY) -> dict[str, Any]:
    """What calls of the policy give, by key."""
    policy = load_policy(text)
    out = {}
    for index in range(count):
        own = sample(index)
        key = own.pop("id")
        out[key] = policy(own, key=key, epoch=epoch)
    return out


def direct_pictures(epoch: int, count: int = 16) -> dict[str, bytes]:
    """The bytes of the pictures alone."""
    return {key: out["image"].tobytes() for key, out in direct(epoch, count).items()}
