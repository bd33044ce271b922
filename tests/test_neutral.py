"""`then: neutral`: what is handed out when no draw was good has the shape of all other results."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.catalogue import operation
from syncaug.catalogue.shapes import changed_by_operation
from syncaug.errors import PolicyError, SampleError
from syncaug.loading import check_policy
from syncaug.record import Record
from tests.backends.material import EXAMPLES, picture, usable
from tests.samples import EVERYTHING, everything

RED = np.full((60, 90, 3), (200, 20, 20), np.uint8)
PHOTO = "sample: {image: image, caption: {modality: text, describes: image}}\n"
NEVER = "checks: [{colour_words: {tolerance: 30}}]\non_fail: {retry: 1, then: neutral}\n"
TURN = "  - {name: c, uses: colour, with: {hue: -20}}\n"
"""Red turned by -60 degrees lies between two words, so every draw is refused."""


def photo(steps: str, image: Any = RED) -> tuple[Any, Record]:
    text = f"syncaug: 1\n{PHOTO}steps:\n{steps}{TURN}{NEVER}"
    policy = load_policy(text)
    return policy.apply({"image": image, "caption": "a red cat on the left"}, key="k")


@pytest.mark.parametrize(
    ("steps", "size"),
    [
        ("  - {name: z, uses: crop, with: {area: 0.8, resize: [32, 48]}}\n", (32, 48)),
        ("  - {name: z, uses: crop, with: {area: [0.3, 0.5]}}\n"
         "  - {name: r, uses: resize, with: {height: 20, width: 30}}\n", (20, 30)),
        ("  - {name: r, uses: resize, with: {height: 20, width: 30}}\n"
         "  - {name: t, uses: rotate, with: {degrees: 10, expand: true}}\n", (25, 34)),
        ("  - {name: f, uses: flip}\n", (60, 90)),
        ("  - {name: z, apply: {image: {op: albumentations.RandomCrop, height: 24, width: 40},"
         " caption: follow}}\n", (24, 40)),
        ("  - {name: z, one_of: [{name: a, uses: resize, with: {height: 16, width: 16}},"
         " {name: b, uses: crop, with: {area: 0.5, resize: [16, 16]}}]}\n", (16, 16)),
    ],
)  # fmt: skip
def test_a_picture_is_resized_whole_and_its_words_stay(steps: str, size: tuple[int, int]) -> None:
    out, record = photo(steps)
    assert record.outcome == "neutral"
    assert out["image"].shape[:2] == size
    assert (out["image"] == RED[0, 0]).all(), "no fill, no other colour"
    assert out["caption"] == "a red cat on the left"


def test_it_is_the_size_of_all_accepted_results() -> None:
    policy = load_policy(
        f"syncaug: 1\n{PHOTO}steps:\n"
        "  - {name: z, uses: crop, with: {area: [0.5, 1.0], resize: [32, 32]}}\n"
        "  - {name: c, uses: colour, with: {hue: {choice: [-120, -20]}}}\n"
        "on_fail: {then: neutral}\n"
    )
    outcomes = set()
    for key in range(40):
        out, record = policy.apply({"image": RED, "caption": "a red cat"}, key=key)
        outcomes.add(record.outcome)
        assert out["image"].shape == (32, 32, 3)
    assert outcomes == {"accepted", "neutral"}


@pytest.mark.parametrize("before", ["  - {name: f, uses: flip}\n", ""])
def test_a_neutral_record_replays(before: str) -> None:
    crop = "  - {name: z, uses: crop, with: {area: 0.4, resize: [32, 32]}}\n"
    rng = np.random.default_rng(0)
    image = np.clip(RED + rng.integers(-20, 20, RED.shape), 0, 255).astype(np.uint8)
    out, record = photo(before + crop, image)
    again = load_policy(record.policy).replay(
        {"image": image, "caption": "a red cat on the left"}, json.loads(record.to_json())
    )
    assert record.outcome == "neutral"
    assert np.array_equal(out["image"], again["image"])


CLIP = """
syncaug: 1
sample:
  film: {modality: video, fps: 10}
  sound: {modality: audio, sample_rate: 1000}
  cues: timed_text
  image: image
  caption: {modality: text, describes: image}
steps:
  - %s
  - {name: c, uses: colour, with: {hue: -20}}
on_fail: {then: neutral}
"""


@pytest.mark.parametrize(
    ("step", "seconds"),
    [
        ("{name: t, uses: trim, with: {duration: 1.5, at: 0.4}}", 1.5),
        ("{name: t, uses: loop, with: {times: 2.5}}", 5.0),
        ("{name: t, uses: speed, with: {factor: 2.0}}", 1.0),
        ("{name: t, uses: speed, with: {factor: 0.5}}", 4.0),
        ("{name: t, uses: time_shift, with: {seconds: 0.5}}", 2.0),
        ("{name: t, uses: reverse}", 2.0),
    ],
)
def test_every_stream_of_a_clock_takes_the_length_and_plays_as_it_did(
    step: str, seconds: float
) -> None:
    frames = np.zeros((20, 8, 12, 3), np.uint8)
    frames[:] = np.arange(20, dtype=np.uint8)[:, None, None, None] * 10
    sound = np.repeat(np.arange(20, dtype=np.float32) / 20, 100)
    text = CLIP % step
    sample = {
        "film": frames,
        "sound": sound,
        "cues": [{"start": 0.9, "end": 1.1, "text": "hello"}],
        "image": np.full((8, 12, 3), (200, 20, 20), np.uint8),
        "caption": "a red cat",
    }
    out, record = load_policy(text).apply(sample, key="k")
    assert record.outcome == "neutral"
    assert len(out["film"]) == round(10 * seconds)
    assert len(out["sound"]) == round(1000 * seconds)
    heard = np.rint(out["sound"][50::100] * 20)
    seen = out["film"][:, 0, 0, 0] / 10
    assert np.array_equal(heard, seen), "picture and sound still show the same moments"
    steps = np.diff(heard)
    natural = (steps == 1) | (heard[1:] == 0)
    assert natural.all(), "at its natural speed, forwards"


def test_what_cannot_take_the_shape_is_an_error_that_names_it() -> None:
    text = (
        "syncaug: 1\nsample: {sound: {modality: audio, sample_rate: 1000}, image: image, "
        "caption: {modality: text, describes: image}}\n"
        "steps:\n  - {name: t, uses: trim, with: {start: 5, duration: 1}}\n"
        f"{TURN}on_fail: {{then: neutral}}\n"
    )
    sample = {"sound": np.zeros(2000, np.float32), "image": RED, "caption": "a red cat"}
    with pytest.raises(SampleError, match=r"'k'.*size and length.*begins at 5 s.*drop"):
        load_policy(text)(sample, key="k")


def test_no_stream_but_the_resized_changes() -> None:
    steps = "[{name: r, uses: resize, with: {height: 24, width: 32}}]"
    text = f"syncaug: 1\nsample: {EVERYTHING}\nsteps: {steps}\n"
    sample = everything()
    resized = load_policy(text)(sample, key=1)
    refused = text.replace("steps: [", "steps: [{name: c, uses: colour, with: {hue: -20}}, ")
    refused = refused.replace("steps: [", "steps: [{name: f, uses: flip}, ")
    out, record = load_policy(refused + "on_fail: {then: neutral}\n").apply(sample, key=1)
    assert record.outcome == "neutral"
    for name in sample:
        np.testing.assert_equal(out[name], resized[name], err_msg=name)


@pytest.mark.parametrize(
    ("step", "warns"),
    [
        ("{name: a, uses: crop, with: {area: 0.8}}", True),
        ("{name: a, uses: crop, with: {resize: [32, 32]}}", True),
        ("{name: a, uses: resize, with: {height: 8, width: 8}}", True),
        ("{name: a, uses: rotate, with: {degrees: 5, expand: true}}", True),
        ("{name: a, uses: trim, with: {duration: 1}}", True),
        ("{name: a, one_of: [{name: b, uses: loop, with: {times: 2}}, "
         "{name: c, uses: reverse}]}", True),
        ("{name: a, apply: {image: {op: albumentations.RandomCrop, height: 8, width: 8}, "
         "mask: follow}}", True),
        ("{name: a, uses: rotate, with: {degrees: 5}}", False),
        ("{name: a, uses: flip}", False),
        ("{name: a, uses: scale, with: {factor: 2}}", False),
        ("{name: a, uses: time_shift, with: {seconds: 1}}", False),
        ("{name: a, apply: {image: {op: albumentations.GaussianBlur}}}", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("then", ["keep_original", "neutral", "drop", "error"])
def test_keeping_an_original_of_another_shape_is_warned_of(
    step: str, warns: bool, then: str
) -> None:
    text = (
        "syncaug: 1\nsample: {image: image, mask: mask, sound: {modality: audio, "
        f"sample_rate: 16000}}}}\nsteps: [{step}]\non_fail: {{then: {then}}}\n"
    )
    try:
        _, problems, _ = check_policy(text)
    except PolicyError as error:
        pytest.fail(str(error))
    found = [problem.code for problem in problems]
    assert found == (["SA608"] if warns and then == "keep_original" else [])


@pytest.mark.filterwarnings("ignore")  # the library's own
@pytest.mark.parametrize("name", [n for n in usable("albumentations") if not n.endswith("ToRGB")])
def test_the_table_of_shapes_says_what_operations_do(name: str) -> None:
    """A square picture, so that quarter turns do not count."""
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": {"image": "image"},
            "steps": [{"name": "a", "apply": {"image": {"op": name, **EXAMPLES.get(name, {})}}}],
        }
    )
    image = picture(operation(name).accepts[0], 48, 48)
    shapes = {policy({"image": image}, key=key)["image"].shape for key in range(4)}
    assert (shapes != {image.shape}) == changed_by_operation(name)
