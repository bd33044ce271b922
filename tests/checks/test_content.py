"""Checks of content: words, information and similarity, with planted errors."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import soundfile

from syncaug import AlignmentError, PolicyError, SampleError, load_policy
from syncaug.record import Record
from tests.checks.planting import measured
from tests.samples import DATA, pets

CAPTIONED = (
    "syncaug: 1\nsample:\n  image: image\n  boxes: {modality: boxes, labels: classes}\n"
    "  caption: {modality: text, describes: image}\n"
    "  phrases: {modality: phrases, boxes: boxes, text: caption}\nuntouched: [id]\n"
)
MIRRORED = CAPTIONED + "steps: [{name: a, uses: flip}]\nchecks: [direction_words]\n"


@pytest.mark.parametrize("name", ["cats.jpg", "dog_and_cat.jpg"])
def test_sides_of_real_captions_are_true_after_a_mirror(name: str) -> None:
    measure = measured(MIRRORED, pets()[name])
    assert measure.value == 1.0
    assert measure.passed


@pytest.mark.parametrize("name", ["cats.jpg", "dog_and_cat.jpg"])
@pytest.mark.parametrize("what", ["caption", "boxes"])
def test_words_or_boxes_left_behind_are_seen(name: str, what: str) -> None:
    sample = pets()[name]
    planted = {what: sample[what]}
    if what == "caption":
        planted["phrases"] = sample["phrases"]
    measure = measured(MIRRORED, sample, lambda out: planted)
    assert not measure.passed
    assert measure.value == 0.0
    assert "is said to be" in measure.text


def test_a_quarter_turn_moves_sides_to_the_other_axis() -> None:
    sample = {
        "image": np.zeros((100, 100, 3), np.uint8),
        "boxes": [[5.0, 40.0, 25.0, 60.0], [75.0, 40.0, 95.0, 60.0]],
        "classes": ["dog", "cat"],
        "caption": "A dog is on the left side; a cat is on the right side.",
        "phrases": ["A dog", "a cat"],
    }
    turned = MIRRORED.replace("uses: flip", "uses: rotate, with: {degrees: 90}")
    assert measured(turned, sample).value == 1.0
    upside = measured(turned, sample, lambda out: {"boxes": out["boxes"][::-1]})
    assert upside.value == 0.0


@pytest.mark.parametrize("axis", ["horizontal", "vertical"])
def test_a_hand_of_somebody_says_nothing_of_its_place(axis: str) -> None:
    sample = {
        "image": np.zeros((100, 100, 3), np.uint8),
        "boxes": [[5.0, 40.0, 25.0, 60.0], [75.0, 40.0, 95.0, 60.0]],
        "classes": ["hand", "boy"],
        "caption": "A left hand waves; a boy is on the right side.",
        "phrases": ["A left hand", "a boy"],
    }
    measure = measured(MIRRORED.replace("flip", f"flip, with: {{axis: {axis}}}"), sample)
    assert measure.passed
    assert measure.value == 1.0


def test_without_grounding_nothing_is_measured() -> None:
    sample = pets()["cats.jpg"]
    measure = measured(MIRRORED, {**sample, "caption": sample["caption"].replace("left", "rug")})
    assert measure.passed


INFORMATION = (
    "syncaug: 1\nsample: {{image: image}}\nsteps: [{{name: a, uses: {step}}}]\n"
    "checks: [mutual_information: {{min_share: 0.25}}]\n"
)


@pytest.mark.parametrize(
    ("step", "least"),
    [
        ("flip", 0.999),
        ("crop, with: {area: 0.5}", 0.999),
        ("rotate, with: {degrees: 20}", 0.4),
        ("light, with: {gamma: 1.8}", 0.7),
        ("noise, with: {snr_db: 30, image: gaussian}", 0.5),
    ],
)
def test_what_keeps_the_picture_keeps_its_information(step: str, least: float) -> None:
    sample = {"image": pets()["cats.jpg"]["image"]}
    measure = measured(INFORMATION.format(step=step), sample)
    assert least <= measure.value <= 1.0
    assert measure.passed


LOST: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another picture": lambda out: {
        "image": np.ascontiguousarray(pets()["dog_and_cat.jpg"]["image"][:751, :750])
    },
    "noise": lambda out: {
        "image": np.random.default_rng(0).integers(0, 256, out["image"].shape, dtype=np.uint8)
    },
    "black": lambda out: {"image": np.zeros_like(out["image"])},
    "not mirrored": lambda out: {"image": np.ascontiguousarray(out["image"][:, ::-1])},
}


@pytest.mark.parametrize("error", LOST)
def test_lost_information_is_seen(error: str) -> None:
    picture = pets()["cats.jpg"]["image"]
    measure = measured(INFORMATION.format(step="flip"), {"image": picture}, LOST[error])
    assert not measure.passed
    assert measure.value < 0.2


def test_sound_keeps_its_information_under_noise_and_loses_it_in_silence() -> None:
    policy = (
        "syncaug: 1\nsample: {speech: {modality: audio, sample_rate: %d}}\n"
        "steps: [{name: a, uses: noise, with: {snr_db: %d, speech: white}}]\n"
        "checks: [mutual_information: {min_share: 0.2}]\n"
    )
    sound, rate = soundfile.read(DATA / "jfk" / "jfk.wav", dtype="float32")
    shares = [measured(policy % (rate, snr), {"speech": sound}).value for snr in (60, 30, 10, -10)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.7
    assert shares[-1] < 0.2
    silent = measured(policy % (rate, 60), {"speech": sound}, lambda out: {"speech": sound * 0})
    assert not silent.passed


def test_a_video_keeps_its_information_in_other_frames_of_another_picture() -> None:
    policy = (
        "syncaug: 1\nsample: {video: {modality: video, fps: 10}}\nsteps:\n"
        "  - {name: a, uses: flip}\n  - {name: b, uses: speed, with: {factor: 2}}\n"
        "  - {name: c, uses: reverse}\n"
        "checks: [mutual_information: {stream: video}]\n"
    )
    picture = pets()["cats.jpg"]["image"][::4, ::4]
    frames = np.stack([np.roll(picture, 8 * shift, axis=1) for shift in range(12)])
    assert measured(policy, {"video": frames}).value > 0.99
    behind = measured(policy, {"video": frames}, lambda out: {"video": out["video"][::-1].copy()})
    assert behind.value < 0.5


def colourful(modality: str, value: Any) -> np.ndarray:
    """A toy encoder that knows how red things are, and the word for it."""
    if modality == "text":
        return np.array([1.0, 0.0]) if "red" in value else np.array([0.0, 1.0])
    assert modality == "image"
    levels = np.asarray(value, dtype=float).reshape(-1, 3).mean(axis=0)
    return np.array([levels[0], levels[1:].max()])


SIMILAR = (
    "syncaug: 1\nsample: {image: image, caption: {modality: text, describes: image}}\n"
    "steps: [{name: a, uses: colour, with: {hue: 120}}]\n"
    "checks: [similarity: {encoder: colours, max_drop: 0.1}]\n"
    "on_fail: {retry: 0, then: error}\n"
)
RED = np.zeros((20, 20, 3), np.uint8) + np.array([200, 10, 10], np.uint8)
ENCODERS = {"colours": colourful}


def test_similarity_is_the_drop_of_the_cosine() -> None:
    sample = {"image": RED, "caption": "a red wall"}
    measure = measured(SIMILAR, sample, encoders=ENCODERS)
    assert measure.passed
    assert measure.value == pytest.approx(0.0, abs=0.01)
    assert set(measure.parts) == {"image/caption/before", "image/caption/after"}
    bad = measured(SIMILAR, sample, lambda out: {"caption": "a red wall"}, encoders=ENCODERS)
    assert not bad.passed
    assert bad.value > 0.9


def test_similarity_of_a_video_is_that_of_its_middle() -> None:
    policy = SIMILAR.replace("image: image", "image: {modality: video, fps: 5}")
    frames = np.stack([RED] * 6)
    sample = {"image": frames, "caption": "a red wall"}
    assert measured(policy, sample, encoders=ENCODERS).passed
    behind = measured(policy, sample, lambda out: {"caption": "a red wall"}, encoders=ENCODERS)
    assert behind.value > 0.9


def test_similarity_is_in_the_record_and_survives_pickling() -> None:
    policy = pickle.loads(pickle.dumps(load_policy(SIMILAR, encoders=ENCODERS)))
    _, record = policy.apply({"image": RED, "caption": "a red wall"}, key=1)
    again = Record.from_json(record.to_json())
    assert again.attempts[0].measures["similarity"] == pytest.approx(0.0, abs=0.01)
    assert again.attempts[0].parts == record.attempts[0].parts
    assert again.checks["similarity"] == {"encoder": "colours", "max_drop": 0.1, "min_ratio": 0}
    assert policy.with_seed(3).encoders == ENCODERS


def test_an_encoder_that_is_unknown_or_wrong() -> None:
    with pytest.raises(PolicyError, match="SA311 unknown encoder 'colours'") as caught:
        load_policy(SIMILAR)
    assert "syncaug.encoders" in str(caught.value)
    with pytest.raises(PolicyError, match="did you mean 'colour'"):
        load_policy(SIMILAR, encoders={"colour": colourful})
    with pytest.raises(PolicyError, match="SA308 similarity needs 'encoder'"):
        load_policy(SIMILAR.replace("encoder: colours, ", ""))
    odd = load_policy(SIMILAR, encoders={"colours": lambda kind, value: np.ones(len(kind))})
    with pytest.raises(SampleError, match="an encoder that gives vectors of one length"):
        odd({"image": RED, "caption": "red"}, key=1)
    empty = load_policy(SIMILAR, encoders={"colours": lambda kind, value: [np.nan]})
    with pytest.raises(SampleError, match="finite vector"):
        empty({"image": RED, "caption": "red"}, key=1)


def test_the_same_check_twice_keeps_both_measures() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, a: boxes, b: boxes}\n"
        "steps: [{name: s, uses: translate, with: {x: 0.5}}]\n"
        "checks: [boxes_visible: {stream: a, min_area: 0}, boxes_visible: {stream: b}]\n"
    )
    sample = {"image": RED, "a": [[1.0, 1.0, 9.0, 9.0]], "b": [[5.0, 5.0, 15.0, 15.0]]}
    with pytest.raises(AlignmentError, match="boxes_visible/1: box 0 of 'b' keeps 50%") as caught:
        load_policy(
            policy.policy | {"checks": ["boxes_visible", {"boxes_visible": {"min_area": 0.9}}]}
        )(sample | {"a": [[1.0, 1.0, 5.0, 5.0]]}, key=1)
    assert "boxes_visible: " not in str(caught.value).replace("boxes_visible/1: ", "")
    _, record = policy.apply(sample, key=1)
    assert record.attempts[0].measures == {"boxes_visible": 1.0, "boxes_visible/1": 0.5}


@pytest.mark.parametrize("key", range(6))
def test_pictures_that_draw_for_themselves_are_compared_where_they_have_pixels(key: int) -> None:
    text = (
        "syncaug: 1\nsample: {image: image, other: image}\nsteps: [{name: a, uses: crop, "
        "with: {area: [0.3, 1.0]}, sync: independent}]\n"
        "checks: [mutual_information: {min_share: 0}]\n"
    )
    picture = pets()["cats.jpg"]["image"]
    measure = measured(text, {"image": picture, "other": picture.copy()}, key=key)
    assert set(measure.parts) == {"image", "other"}


def test_levels_a_rounding_above_white_are_no_fault_of_the_sample() -> None:
    text = (
        "syncaug: 1\nsample: {image: image}\nsteps: [{name: a, uses: flip}]\n"
        "checks: [mutual_information]\n"
    )
    picture = np.random.default_rng(1).random((40, 50, 3)).astype(np.float32)
    above = measured(
        text, {"image": picture}, lambda out: {"image": out["image"] + np.float32(1e-7)}
    )
    assert above.passed
    assert above.value > 0.9


def test_information_is_measured_in_the_layout_and_order_of_the_stream() -> None:
    text = (
        "syncaug: 1\nsample: {image: {modality: image, layout: LAYOUT, channels: ORDER}}\n"
        "steps: [{name: a, uses: flip}]\nchecks: [mutual_information]\n"
    )
    picture = pets()["cats.jpg"]["image"]
    plain = measured(text.replace("LAYOUT", "hwc").replace("ORDER", "rgb"), {"image": picture})
    other = np.ascontiguousarray(picture[..., ::-1].transpose(2, 0, 1))
    turned = measured(text.replace("LAYOUT", "chw").replace("ORDER", "bgr"), {"image": other})
    assert turned.value == plain.value
