"""What a caption says again of things that a crop has taken out of the picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy

POLICY = """
syncaug: 1
sample:
  image: {modality: image, plane: plane}
  boxes: {modality: boxes, labels: classes, plane: plane, min_visible: 0.3}
  phrases: {modality: phrases, boxes: boxes, text: caption}
  caption: {modality: text, describes: image}
steps:
  - name: take
    STEP
  - {name: mirror, uses: flip}
"""
LEFT = "uses: crop\n    with: {area: 0.5, ratio: 0.75, x: 0.0, y: 0.0, caption: rebuild}"
RIGHT = "uses: crop\n    with: {area: 0.5, ratio: 0.75, x: 1.0, y: 0.0, caption: rebuild}"
SCENE = (
    "There is a cyan disc to the left of an orange square. The disc is farther than the square. "
    "The square is bright. It is to the right of the disc."
)


def taken(step: str, caption: str, phrases: list[str], boxes: list[list[float]]) -> dict[str, Any]:
    sample = {
        "image": np.zeros((40, 60, 3), np.uint8),
        "boxes": np.array(boxes, np.float32),
        "classes": ["thing"] * len(boxes),
        "phrases": phrases,
        "caption": caption,
    }
    return dict(load_policy(POLICY.replace("STEP", step))(sample, key="one"))


@pytest.mark.parametrize(
    ("step", "caption", "phrases"),
    [
        (LEFT, "There is a cyan disc.", ["a cyan disc"]),
        (RIGHT, "An orange square. The square is bright.", ["An orange square"]),
    ],
)
def test_the_square_goes_wherever_it_is_said(step: str, caption: str, phrases: list[str]) -> None:
    boxes = [[5.0, 5, 20, 20], [40, 5, 55, 20]]
    out = taken(step, SCENE, ["a cyan disc", "an orange square"], boxes)
    assert out["caption"] == caption
    assert out["phrases"] == phrases


def test_of_two_dogs_one_is_left_and_is_said_to_be_one_later_too() -> None:
    caption = "Two dogs run on the left of a tree. The dogs are wet. One of them barks."
    boxes = [[2.0, 5, 12, 20], [40, 5, 55, 20], [16, 5, 28, 20]]
    out = taken(LEFT, caption, ["Two dogs", "Two dogs", "a tree"], boxes)
    assert out["caption"] == "A dog runs on the right of a tree. The dog is wet."
    assert out["phrases"] == ["A dog", "a tree"]
