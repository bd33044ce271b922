"""`when: {stream: ...}`: a step happens by what a sample brings, before any step changes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import DROPPED, Augmenter, RecordError, load_policy
from syncaug.record import Record

PICTURE = np.zeros((40, 60, 3), np.uint8)
PICTURE[:, :20] = (200, 40, 30)
MASK = np.zeros((40, 60), np.int32)
MASK[:5, :5] = 3
SAMPLE: dict[str, Any] = {
    "image": PICTURE,
    "kind": "cat",
    "digit": 3,
    "age": 12.5,
    "boxes": [[1.0, 1.0, 20.0, 30.0], [30.0, 5.0, 59.0, 38.0]],
    "names": ["person", "dog"],
    "points": np.array([[5.0, 5.0, 2.0], [9.0, 9.0, 2.0]]),
    "parts": np.array(["nose", "tail"]),
    "regions": MASK,
    "cloud": np.array([[1.0, 2.0, 0.0, 7.0], [2.0, 1.0, 0.0, 2.0]]),
    "caption": "A red bus left of two dogs.",
    "cues": [{"start": 0.0, "end": 1.0, "text": "turn right"}],
    "auf_deutsch": "Ein rotes Auto.",
    "said": ["A red bus", None],
}
STREAMS = """
  image: image
  kind: {modality: label, classes: [cat, dog, horse], optional: true}
  digit: {modality: label, classes: 10}
  age: label
  boxes: {modality: boxes, labels: names}
  points: {modality: keypoints, labels: parts}
  regions: mask
  cloud: {modality: points, columns: [x, y, z, semantic]}
  caption: {modality: text, describes: image, optional: true}
  cues: {modality: timed_text, optional: true}
  auf_deutsch: {modality: text, describes: nothing, language: de}
  said: {modality: phrases, boxes: boxes, text: caption, optional: true}
"""


def asking(when: str, uses: str = "light, with: {value: 0.5}", before: str = "") -> Augmenter:
    step = f"  - {{name: it, uses: {uses}, when: {when}}}\n"
    return load_policy(f"syncaug: 1\nsample:{STREAMS}steps:\n{before}{step}")


def decided(when: str, **change: Any) -> bool:
    """Whether a sample meets a condition, as its record tells and its picture shows."""
    sample = {key: value for key, value in {**SAMPLE, **change}.items() if value is not None}
    out, record = asking(when).apply(sample, key=1)
    met = record.draw.steps[-1].when == "met"
    assert met == (not np.array_equal(out["image"], PICTURE))
    return met


@pytest.mark.parametrize(
    ("when", "met"),
    [
        ("{stream: kind, is: cat}", True),
        ("{stream: kind, is: 0}", True),
        ("{stream: kind, is: dog}", False),
        ("{stream: kind, not: dog}", True),
        ("{stream: kind, not: [cat, dog]}", False),
        ("{stream: kind, in: [dog, cat]}", True),
        ("{stream: digit, is: 3}", True),
        ("{stream: digit, above: 2}", True),
        ("{stream: digit, above: 3}", False),
        ("{stream: age, above: 12, below: 13}", True),
        ("{stream: age, below: 12}", False),
        ("{stream: boxes, has: person}", True),
        ("{stream: boxes, has: [car, dog]}", True),
        ("{stream: boxes, has: car}", False),
        ("{stream: boxes, lacks: car}", True),
        ("{stream: boxes, has: person, lacks: dog}", False),
        ("{stream: points, has: nose}", True),
        ("{stream: points, has: ear}", False),
        ("{stream: regions, has: 3}", True),
        ("{stream: regions, has: 4}", False),
        ("{stream: cloud, has: 7}", True),
        ("{stream: cloud, lacks: [7, 9]}", False),
        ("{stream: caption, mentions: colour}", True),
        ("{stream: caption, mentions: direction}", True),
        ("{stream: caption, mentions: dog}", True),
        ("{stream: caption, mentions: {word: colour}}", False),
        ("{stream: caption, mentions: [cat, bus]}", True),
        ("{stream: cues, mentions: direction}", True),
        ("{stream: cues, mentions: colour}", False),
        ("{stream: auf_deutsch, mentions: colour}", True),
        ("{stream: auf_deutsch, mentions: direction}", False),
        ("{stream: said, mentions: colour}", True),
        ("[{stream: kind, is: cat}, {stream: boxes, has: dog}]", True),
        ("[{stream: kind, is: cat}, {stream: boxes, has: car}]", False),
        ("[{stream: kind, is: cat}, {present: caption}]", True),
    ],
)
def test_a_sample_decides(when: str, met: bool) -> None:
    assert decided(when) == met


@pytest.mark.parametrize(
    ("when", "change", "met"),
    [
        ("{stream: kind, is: dog}", {"kind": 1}, True),
        ("{stream: kind, is: dog}", {"kind": np.int64(1)}, True),
        ("{stream: kind, is: dog}", {"kind": np.array([0.2, 0.7, 0.1])}, True),
        ("{stream: kind, has: horse}", {"kind": np.array([0.2, 0.7, 0.1])}, True),
        ("{stream: kind, has: horse}", {"kind": [0, 1, 0]}, False),
        ("{stream: kind, is: dog}", {"kind": ["dog", "dog"]}, True),
        ("{stream: kind, is: dog}", {"kind": ["dog", "cat"]}, False),
        ("{stream: kind, not: dog}", {"kind": None}, False),
        ("{stream: caption, mentions: dog}", {"caption": None, "said": None}, False),
        ("{stream: caption, mentions: dog}", {"caption": "hotdogs", "said": None}, False),
        ("{stream: caption, mentions: dog}", {"caption": ["A cat.", "A DOG."], "said": None}, True),
        ("{stream: boxes, has: 2}", {"names": np.array([2, 5])}, True),
        ("{stream: boxes, has: 2}", {"names": ["2", "5"]}, False),
        ("{stream: boxes, has: wheel}", {"names": [["car", "wheel"], ["dog"]]}, True),
        ("{stream: boxes, lacks: person}", {"boxes": [], "names": [], "said": []}, True),
    ],
)
def test_forms_of_what_is_asked(when: str, change: dict[str, Any], met: bool) -> None:
    assert decided(when, **change) == met


def test_it_is_decided_before_any_step() -> None:
    cut = "  - {name: cut, uses: crop, with: {area: 0.1, x: 1.0, y: 0.5}}\n"
    policy = asking("{stream: boxes, has: person}", before=cut)
    out, record = policy.apply(SAMPLE, key=1)
    assert out["names"] == ["dog"]
    assert record.draw.steps[1].when == "met"


def test_a_draw_without_a_sample_says_that_it_is_open() -> None:
    policy = asking("{stream: kind, is: cat}")
    step = policy.draw(key=1).steps[0]
    assert (step.applied, step.when, step.happens) == (True, "open", True)
    assert step.as_json()["when"] == "open"


def test_no_draw_depends_on_a_condition() -> None:
    turn = "rotate, with: {degrees: [-4, 4]}"
    asked = asking("{stream: kind, is: cat}", turn).draw(key=5).steps[0].parameters
    plain = load_policy(
        f"syncaug: 1\nsample:{STREAMS}steps:\n  - {{name: it, uses: {turn}}}\n"
    ).draw(key=5)
    assert asked == plain.steps[0].parameters


@pytest.mark.parametrize("kind", ["cat", "dog"])
def test_a_replay_decides_as_the_record_tells(kind: str) -> None:
    policy, sample = asking("{stream: kind, is: cat}"), {**SAMPLE, "kind": kind}
    out, record = policy.apply(sample, key=1)
    read = Record.from_json(record.to_json())
    assert read.draw.steps[0].when == ("met" if kind == "cat" else "unmet")
    assert np.array_equal(policy.replay(sample, read)["image"], out["image"])


def test_a_changed_decision_is_found() -> None:
    policy = asking("{stream: kind, is: cat}")
    _, record = policy.apply(SAMPLE, key=1)
    for when in ("unmet", "open", None):
        told = record.as_json()
        told["draw"]["steps"][0]["when"] = when
        if when is None:
            del told["draw"]["steps"][0]["when"]
        with pytest.raises(RecordError, match="when: expected met or unmet|seal: expected"):
            policy.replay(SAMPLE, Record.from_json(told))


def test_steps_of_a_choice_are_asked_too() -> None:
    policy = load_policy(
        f"syncaug: 1\nsample:{STREAMS}steps:\n  - name: one\n    one_of:\n"
        "      - {name: a, uses: light, with: {value: 0.5}, when: {stream: kind, is: cat}}\n"
        "      - {name: b, uses: flip, with: {world: keep}, when: {stream: kind, is: dog}}\n"
    )
    seen = set()
    for key in range(12):
        _, record = policy.apply(SAMPLE, key=key)
        (inner,) = record.draw.steps[0].steps
        seen.add((inner.name, inner.when))
    assert seen == {("a", "met"), ("b", "unmet")}


def test_an_unmet_step_of_a_neutral_result_changes_no_size() -> None:
    policy = load_policy(
        f"syncaug: 1\nsample:{STREAMS}steps:\n"
        "  - {name: it, uses: crop, with: {area: 0.5, resize: [10, 10]}, "
        "when: {stream: kind, is: dog}}\n"
        "checks: [{boxes_visible: {min_area: 1.0}}]\non_fail: {retry: 0, then: neutral}\n"
    )
    out, record = policy.apply(SAMPLE, key=1)
    assert (record.outcome, out["image"].shape) == ("accepted", (40, 60, 3))
    out, record = policy.apply({**SAMPLE, "kind": "dog"}, key=1)
    assert (record.outcome, out["image"].shape) == ("neutral", (10, 10, 3))


def test_a_partner_is_needed_only_where_it_is_met() -> None:
    paste = "cutmix, with: {cloud: keep, regions: region}"
    policy = asking("{stream: digit, is: 4}", paste)
    assert policy(SAMPLE, key=1) is not DROPPED, "no partner is asked for"
    out = policy({**SAMPLE, "digit": 4}, key=1, partner={**SAMPLE, "image": PICTURE + 1})
    assert not np.array_equal(out["image"], PICTURE)


def test_independent_streams_are_asked_alike() -> None:
    policy = asking("{stream: kind, is: dog}", "flip, with: {world: keep}").with_sync("independent")
    out, record = policy.apply(SAMPLE, key=1)
    assert {step.when for step in record.draw.steps} == {"unmet"}
    assert np.array_equal(out["image"], PICTURE)
