"""A draw that words, boxes or their checks refuse costs no pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.modalities.plane import raster
from syncaug.modalities.plane.image import ImageCarrier

POLICY = """
syncaug: 1
sample:
  image: image
  boxes: {modality: boxes, labels: classes}
  caption: {modality: text, describes: image}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-60, 60]}}
  - {name: cut, uses: crop, with: {area: [0.1, 0.6]}}
"""
SAMPLE: dict[str, Any] = {
    "image": np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8),
    "boxes": [[30.0, 20.0, 60.0, 50.0]],
    "classes": ["dog"],
    "caption": "a dog to the left of a tree",
}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often a picture was validated, and how often one was warped."""
    counts = {"read": 0, "warped": 0}
    read, warp_map = ImageCarrier.read, raster.opencv.warp_map

    def counted_read(self: ImageCarrier, value: Any) -> Any:
        counts["read"] += 1
        return read(self, value)

    def counted_warp(*given: Any, **named: Any) -> Any:
        counts["warped"] += 1
        return warp_map(*given, **named)

    monkeypatch.setattr(ImageCarrier, "read", counted_read)
    monkeypatch.setattr(raster.opencv, "warp_map", counted_warp)
    return counts


def test_refused_words_cost_no_pixel(counted: dict[str, int]) -> None:
    policy = load_policy(POLICY + "on_fail: {retry: 30, then: drop}\n", seed=1)
    tried = 0
    for key in range(20):
        counted.update(read=0, warped=0)
        _, record = policy.apply(SAMPLE, key=key)
        assert record.outcome == "accepted"
        assert counted == {"read": 1, "warped": 1}  # validated once, warped when it was accepted
        tried += sum("refused" in attempt.failed[0] for attempt in record.attempts[:-1])
    assert tried > 10


def test_checks_of_boxes_cost_no_pixel(counted: dict[str, int]) -> None:
    quiet = {**SAMPLE, "caption": "a dog and a tree"}
    policy = load_policy(
        POLICY
        + "checks: [{boxes_visible: {min_area: 0.95}}]\n"
        + "on_fail: {retry: 30, then: drop}\n",
        seed=1,
    )
    tried = 0
    for key in range(20):
        counted.update(read=0, warped=0)
        _, record = policy.apply(quiet, key=key)
        assert record.outcome == "accepted"
        assert counted == {"read": 1, "warped": 1}
        tried += len(record.attempts) - 1
    assert tried > 10


def test_where_no_draw_is_good_no_pixel_is_touched(counted: dict[str, int]) -> None:
    policy = load_policy(
        POLICY.replace("[-60, 60]", "[40, 50]") + "on_fail: {retry: 5, then: drop}\n", seed=1
    )
    assert not policy(SAMPLE, key="k")
    assert counted == {"read": 1, "warped": 0}


@pytest.mark.parametrize("key", range(12))
def test_a_later_attempt_is_what_its_record_gives_again(key: int) -> None:
    policy = load_policy(POLICY + "on_fail: {retry: 30, then: drop}\n", seed=1)
    out, record = policy.apply(SAMPLE, key=key)
    again = policy.replay(SAMPLE, record)
    assert all(np.array_equal(out[name], again[name]) for name in SAMPLE)
