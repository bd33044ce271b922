"""Places that texts write, where streams draw for themselves: they lie where boxes lie."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy

POLICY = """
syncaug: 1
fuse: FUSE
sample:
  image: image
  boxes: {modality: boxes, labels: names}
  answer: {modality: text, describes: image, coordinates: pixels, gone: drop}
  chat: {modality: messages, coordinates: pixels, gone: drop}
steps:
  - {name: part, uses: crop, with: {area: 0.64, x: 0.7, y: 0.5}, p: 0.5, sync: independent}
  - name: over
    apply: {image: {op: albumentations.VerticalFlip}, boxes: follow, answer: follow, chat: follow}
"""
BOX = [80, 24, 136, 42]
WRITTEN = json.dumps([{"bbox_2d": BOX, "label": "dog"}])


def written(text: str) -> tuple[int, ...]:
    return tuple(found for item in json.loads(text) for found in item["bbox_2d"])


@pytest.mark.parametrize("fuse", ["on", "off"])
def test_places_follow_a_library_s_call_as_boxes_do(fuse: str) -> None:
    """Its map starts from the picture's crop, which the text may not have met."""
    policy = load_policy(POLICY.replace("FUSE", fuse), seed=2)
    found: dict[str, set[Any]] = {"boxes": set(), "answer": set(), "chat": set()}
    for key in range(80):
        sample = {
            "image": np.zeros((120, 160, 3), np.uint8),
            "boxes": np.array([BOX], np.float64),
            "names": ["dog"],
            "answer": WRITTEN,
            "chat": [
                {"role": "user", "content": "<image>\nWhere is the dog?"},
                {"role": "assistant", "content": WRITTEN},
            ],
        }
        out, record = policy.apply(sample, key=key)
        found["boxes"].add(tuple(np.round(out["boxes"]).astype(int).ravel().tolist()))
        found["answer"].add(written(out["answer"]))
        found["chat"].add(written(out["chat"][1]["content"]))
        assert policy.replay(sample, record)["answer"] == out["answer"]
    assert len(found["boxes"]) == 4  # each crops or not, and the picture that leads crops or not
    assert found["answer"] == found["chat"] == found["boxes"]
