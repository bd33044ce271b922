"""A few real records, made once, and a way to change one."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from syncaug import PolicyWarning, load_policy
from syncaug.augmenter import Augmenter

POLICY = """
syncaug: 1
name: held
sample:
  image: image
  other: image
  caption: {modality: text, describes: image}
draw: {level: {uniform: [0.2, 0.8]}}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-10, 10]}, p: 0.9}
  - name: pick
    some_of:
      count: 2
      steps:
        - {name: dim, uses: light, with: {value: [-0.4, -0.1]}}
        - {name: grain, uses: noise, with: {snr_db: [20, 30]}}
        - {name: zoom, uses: crop, with: {area: [0.6, 0.9]}}
  - name: library
    apply:
      image: {op: albumentations.GaussNoise, std_range: {from: level, scale: 0.1}}
  - {name: size, uses: resize, with: {width: 40, height: 40}}
on_fail: {retry: 2, then: keep_original}
"""
SHRINKING = """
syncaug: 1
name: shrinking
sample: {image: image, boxes: {modality: boxes, labels: classes}}
steps:
  - {name: away, uses: translate, with: {x: [0.5, 0.9]}}
checks: [{boxes_visible: {min_area: 0.5}}]
on_fail: {shrink: 0.85, retry: 6, then: drop}
"""

Change = Callable[[dict[str, Any]], Any]


def sample(text: str = POLICY) -> dict[str, Any]:
    """What the policy declares of one small sample."""
    generator = np.random.default_rng(5)
    streams = {
        "image": generator.integers(0, 256, (48, 64, 3), dtype=np.uint8),
        "other": generator.integers(0, 256, (48, 64, 3), dtype=np.uint8),
        "caption": "A dog on a lawn.",
        "boxes": [[10.0, 10.0, 40.0, 40.0]],
        "classes": ["dog"],
    }
    declared = [*policy(text).plan.streams]
    names = {name for stream in declared for name in (stream.name, stream.options.get("labels"))}
    return {name: value for name, value in streams.items() if name in names}


@cache
def policy(text: str = POLICY, sync: str = "") -> Augmenter:
    with warnings.catch_warnings():  # kept originals are of another size, as in the first records
        warnings.simplefilter("ignore", PolicyWarning)
        loaded = load_policy(text, seed=11)
    return loaded.with_sync(sync) if sync else loaded


@cache
def written(text: str = POLICY, sync: str = "", key: str | int = "k") -> str:
    """The record of one application, as JSON."""
    return policy(text, sync).apply(sample(text), key=key, epoch=2)[1].to_json()


def changed(change: Change, text: str = "") -> str:
    """The record with something in it that is not as it was written."""
    data = json.loads(text or written())
    change(data)
    return json.dumps(data)


def put(path: str, value: Any) -> Change:
    """A change of one field: `draw.steps.0.applied`."""

    def change(data: Any) -> None:
        *inner, last = path.split(".")
        for part in inner:
            data = data[int(part) if isinstance(data, list) else part]
        data[int(last) if isinstance(data, list) else last] = value

    return change


def take(path: str) -> Change:
    """The removal of one field."""

    def change(data: Any) -> None:
        *inner, last = path.split(".")
        for part in inner:
            data = data[int(part) if isinstance(data, list) else part]
        del data[int(last) if isinstance(data, list) else last]

    return change


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(np.array_equal(one[name], other[name]) for name in one)
