"""A record in words."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from syncaug import DROPPED, load_policy
from syncaug.catalogue.transforms import transform_names
from syncaug.record import Attempt
from syncaug.report.result import Result
from syncaug.report.sentences import SENTENCES
from syncaug.report.telling import check_lines, outcome_of, step_lines

POLICY = """
syncaug: 1
name: told
sample:
  image: image
  boxes: {modality: boxes, format: pascal_voc, labels: classes}
  caption: {modality: text, describes: image}
draw: {turn: {choice: [120]}}
steps:
  - {name: mirror, uses: flip, with: {axis: horizontal}}
  - {name: never, uses: rotate, with: {degrees: 10}, p: 0}
  - {name: tilt, uses: rotate, with: {degrees: -5}}
  - name: paint
    apply:
      image:
        op: albumentations.HueSaturationValue
        hue_shift_limit: {from: turn, scale: 0.5}
        sat_shift_limit: 0
        val_shift_limit: 0
      caption: {op: syncaug.RecolourWords, degrees: {from: turn}}
  - name: weather
    one_of:
      - {name: dusk, uses: light, with: {value: -0.25}}
checks:
  - boxes_visible: {min_area: 0.3}
on_fail: {retry: 1, then: drop}
"""


@pytest.fixture(scope="module")
def result() -> Result:
    policy = load_policy(POLICY)
    image = np.zeros((60, 80, 3), np.uint8)
    image[20:40, 20:60] = [200, 30, 30]
    sample = {
        "image": image,
        "boxes": [[20, 20, 60, 40]],
        "classes": ["cup"],
        "caption": "a red cup on the left",
    }
    after, record = policy.apply(sample, key="a", epoch=1)
    return Result("told", sample, after, record, policy.plan)


def test_every_step_is_told(result: Result) -> None:
    told = {line.name: line for line in step_lines(result)}
    assert list(told) == ["drawn once", "mirror", "never", "tilt", "paint", "weather", "dusk"]
    assert told["drawn once"].parts == ("turn = 120",)
    assert told["mirror"].parts == ("mirrored left to right",)
    assert told["mirror"].streams == ("image", "boxes", "caption")
    assert not told["never"].applied
    assert told["never"].parts == ("not this time",)
    assert told["tilt"].parts == ("turned 5.0° clockwise",)
    assert told["paint"].parts[1] == "caption: syncaug.RecolourWords, degrees 120"
    assert told["weather"].parts == ("chose dusk",)
    assert (told["dusk"].parts, told["dusk"].depth) == (("25% darker",), 1)


def test_every_transform_has_a_sentence() -> None:
    assert set(SENTENCES) == set(transform_names())


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.25, "25% brighter"),
        (-0.1, "10% darker"),
        (0.004, "0.4% brighter"),
        (1.5, "150% brighter"),
    ],
)
def test_a_small_change_is_told_as_one(value: float, told: str) -> None:
    assert SENTENCES["light"]({"value": value, "contrast": 0.0, "gamma": 1.0}) == told


def test_checks_read_as_measure_and_bound(result: Result) -> None:
    (line,) = check_lines(result.record, result.plan)
    assert line.passed
    assert line.measured == "the least visible box keeps 100%"
    assert line.wanted == "at least 30%"


@pytest.mark.parametrize(
    ("outcome", "count", "text"),
    [
        ("accepted", 1, "accepted"),
        ("accepted", 3, "accepted, draw 3"),
        ("kept_original", 2, "kept the original after 2 draws"),
        ("dropped", 1, "dropped after the first draw"),
    ],
)
def test_the_outcome_in_words(result: Result, outcome: str, count: int, text: str) -> None:
    attempts = tuple(Attempt(number, {}) for number in range(count))
    assert outcome_of(replace(result.record, outcome=outcome, attempts=attempts)) == text


def test_a_failed_check_and_one_without_a_measure(result: Result) -> None:
    failed = Attempt(0, {"boxes_visible": 0.1}, ("boxes_visible: box 0 of 'boxes' keeps 10%",))
    (line,) = check_lines(replace(result.record, attempts=(failed,)), result.plan)
    assert (line.measured, line.passed) == ("the least visible box keeps 10%", False)
    nothing = Attempt(0, {"boxes_visible": math.nan})
    (line,) = check_lines(replace(result.record, attempts=(nothing,)), result.plan)
    assert (line.measured, line.passed) == ("nothing to measure", True)
    refused = Attempt(0, {}, ("refused: stream 'caption': no",))
    assert check_lines(replace(result.record, attempts=(refused,)), result.plan) == ()


def test_a_dropped_result_has_its_key_and_epoch(result: Result) -> None:
    dropped: Any = replace(result, after=DROPPED)
    assert (dropped.key, dropped.epoch, bool(dropped.after)) == ("a", 1, False)
