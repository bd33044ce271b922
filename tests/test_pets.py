"""The pets: photos, boxes, phrases and captions that a person would still write afterwards."""

from __future__ import annotations

import numpy as np
import pytest

from syncaug import AlignmentError, load_policy
from tests.samples import ROOT, equal, pets

FLIP_AND_PAINT = """
syncaug: 1
sample:
  image: image
  boxes: {modality: boxes, format: pascal_voc, labels: classes}
  phrases: {modality: phrases, boxes: boxes, text: caption}
  caption: {modality: text, describes: image}
untouched: [id]
steps:
  - {name: mirror, uses: flip}
  - {name: paint, uses: colour, with: {hue: -120}}
checks:
  - colour_words: {tolerance: 30}
"""

CAPTIONS = {
    "cats.jpg": (
        "a purple cat lies on the right, under a grey cat on the left.",
        ["a purple cat", "a grey cat"],
    ),
    "dog_and_cat.jpg": (
        "A black dog wearing green headphones lies on the right; "
        "a purple cat walks away on the left.",
        ["A black dog", "a purple cat", "green headphones", None],
    ),
}


@pytest.mark.parametrize("name", CAPTIONS)
def test_a_flipped_and_recoloured_photo_has_the_caption_that_a_person_would_write(
    name: str,
) -> None:
    sample = pets()[name]
    out, record = load_policy(FLIP_AND_PAINT).apply(sample, key=name)
    assert (out["caption"], out["phrases"]) == CAPTIONS[name]
    width = sample["image"].shape[1]
    for before, after in zip(sample["boxes"], out["boxes"], strict=True):
        left, top, right, bottom = before
        assert after == [width - right, top, width - left, bottom]
    assert record.attempts[0].measures["colour_words"] <= 30
    # The cat of the picture is where its box says: the same pixels, turned on the wheel.
    left, top, right, bottom = (int(edge) for edge in out["boxes"][0])
    mirrored = sample["image"][:, ::-1][top:bottom, left:right]
    value = np.abs(
        mirrored.max(axis=2).astype(int) - out["image"][top:bottom, left:right].max(axis=2)
    )
    assert np.percentile(value, 95) <= 3, "a turn of the wheel keeps the value (max of RGB)"


def test_the_shipped_policy_keeps_caption_phrases_and_boxes_together() -> None:
    policy = load_policy(ROOT / "policies" / "pets.yaml", seed=7)
    accepted = 0
    for name, sample in pets().items():
        for epoch in range(12):
            out, record = policy.apply(sample, key=name, epoch=epoch)
            accepted += record.outcome == "accepted"
            assert out["id"] == name
            assert len(out["boxes"]) == len(out["classes"]) == len(out["phrases"])
            assert all(phrase is None or phrase in out["caption"] for phrase in out["phrases"])
            mirrored = record.outcome == "accepted" and record.draw.steps[0].applied
            grain = record.draw.steps[3].applied and record.outcome == "accepted"
            if not grain:  # without typing errors the words can be read
                left = out["caption"].index("left") < out["caption"].index("right")
                assert left != mirrored
            assert equal(policy.replay(sample, record), out)
    assert accepted >= 20


def test_a_crop_that_loses_what_the_caption_mentions_is_drawn_again() -> None:
    policy = FLIP_AND_PAINT.replace("checks:\n  - colour_words: {tolerance: 30}\n", "").replace(
        "  - {name: paint, uses: colour, with: {hue: -120}}\n",
        "  - {name: window, uses: crop, with: {area: 0.25}}\n"
        "checks:\n  - mentions_visible: {min_area: 0.3}\non_fail: {retry: 30, then: error}\n",
    )
    loaded = load_policy(policy)
    sample = pets()["cats.jpg"]
    redrawn = 0
    for epoch in range(8):
        out, record = loaded.apply(sample, key="cats", epoch=epoch)
        redrawn += len(record.attempts) > 1
        assert len(out["phrases"]) == 2
        assert all(attempt.failed for attempt in record.attempts[:-1])
        assert "is mentioned and" in str(
            [attempt.failed for attempt in record.attempts[:-1]] or "is mentioned and"
        )
    assert redrawn


def test_exhaustion_is_never_silent() -> None:
    policy = FLIP_AND_PAINT.replace("tolerance: 30", "tolerance: 0.001")
    sample = pets()["cats.jpg"]
    with pytest.raises(AlignmentError, match=r"sample 'cats', epoch 0: .*attempt 1: colour_words"):
        load_policy(policy + "on_fail: {retry: 1, then: error}").apply(sample, key="cats")
    out, record = load_policy(policy + "on_fail: {retry: 1, then: keep_original}").apply(
        sample, key="cats"
    )
    assert record.outcome == "kept_original"
    assert len(record.attempts) == 2
    assert equal(out, sample)
    out, record = load_policy(policy + "on_fail: {then: drop}").apply(sample, key="cats")
    assert not out
    assert record.outcome == "dropped"


REBUILT = FLIP_AND_PAINT.replace("labels: classes}", "labels: classes, min_visible: 0.3}").replace(
    "  - {name: paint, uses: colour, with: {hue: -120}}\n",
    "  - {name: window, uses: crop, with: {area: AREA, x: AT, y: DOWN, caption: rebuild}}\n"
    "  - {name: paint, uses: colour, with: {hue: -120}}\n",
)


@pytest.mark.parametrize(
    ("name", "area", "x", "y", "caption", "phrases"),
    [
        # The window lies on the mirrored picture, where the dog is on the right.
        (
            *("dog_and_cat.jpg", "0.5", "1.0", "1.0"),
            "A black dog wearing green headphones lies on the right.",
            ["A black dog", "green headphones", None],
        ),
        (
            *("dog_and_cat.jpg", "0.1", "0.05", "0.15"),
            "A purple cat walks away on the left.",
            ["A purple cat"],
        ),
        ("cats.jpg", "0.3", "0.5", "0.0", "a grey cat.", ["a grey cat"]),
    ],
)
def test_a_crop_rebuilds_the_caption_of_what_is_left(
    name: str, area: str, x: str, y: str, caption: str, phrases: list[str | None]
) -> None:
    text = REBUILT.replace("AREA", area).replace("AT", x).replace("DOWN", y)
    out, record = load_policy(text + "on_fail: {then: error}").apply(pets()[name], key=name)
    assert (out["caption"], out["phrases"]) == (caption, phrases)
    assert len(out["boxes"]) == len(out["classes"]) == len(phrases)
    assert record.notes["phrases"]["dropped"]


def test_without_phrases_the_boxes_decide_whether_to_draw_again() -> None:
    policy = """
syncaug: 1
sample:
  image: image
  boxes: {modality: boxes, labels: classes}
  caption: {modality: text, describes: image}
untouched: [id, phrases]
steps:
  - {name: window, uses: crop, with: {area: 0.35}}
checks:
  - mentions_visible: {stream: caption, min_area: 0.3}
on_fail: {retry: 30, then: error}
"""
    sample = pets()["dog_and_cat.jpg"]
    loaded, redrawn = load_policy(policy), 0
    for epoch in range(6):
        out, record = loaded.apply(sample, key="pair", epoch=epoch)
        redrawn += len(record.attempts) > 1
        assert out["caption"] == sample["caption"]
        for mentioned in ("dog", "cat", "headphones"):
            assert mentioned in out["classes"]
    assert redrawn


def test_rebuilt_captions_pass_the_checks_that_the_rest_of_the_pair_passes() -> None:
    text = REBUILT.replace("AREA", "[0.2, 0.6]").replace("AT", "[0.0, 1.0]")
    policy = load_policy(
        text.replace("DOWN", "[0.0, 1.0]")
        + "  - mentions_visible: {min_area: 0.3}\n  - direction_words: {}\n"
        "on_fail: {retry: 8, then: drop}\n",
        seed=1,
    )
    shorter = 0
    for name, sample in pets().items():
        for epoch in range(6):
            out, record = policy.apply(sample, key=name, epoch=epoch)
            if record.outcome == "accepted":
                assert all(phrase is None or phrase in out["caption"] for phrase in out["phrases"])
                shorter += len(out["phrases"]) < len(sample["phrases"])
                assert record.attempts[-1].measures["mentions_visible"] >= 0.3
                assert sum(map(bool, out["phrases"])) == sum(
                    phrase in out["caption"] for phrase in out["phrases"] if phrase
                )
            assert equal(policy.replay(sample, record), out)
    assert shorter >= 3, "captions were rebuilt, not only drawn again"
