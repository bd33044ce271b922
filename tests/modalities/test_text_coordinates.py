"""Texts that hold coordinates: refused where their picture moves, and only there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, SampleError, load_policy

PICTURE = np.zeros((100, 200, 3), np.uint8)
PIXELS = '[{"bbox_2d": [60, 30, 90, 50], "label": "dog"}]'
FRACTIONS = "<loc0123><loc0456><loc0789><loc0999> dog"
MOVES = [
    "uses: flip",
    "uses: rotate, with: {degrees: 10}",
    "uses: crop, with: {area: 0.5}",
    "uses: crop, with: {area: 0.5, resize: [100, 200]}",
    "uses: scale, with: {factor: 1.2}",
    "uses: translate, with: {x: 0.1, y: 0}",
    "uses: perspective, with: {strength: 0.1}",
    "apply: {image: {op: albumentations.HorizontalFlip}, answer: follow}",
    "apply: {image: {op: albumentations.ElasticTransform, alpha: 30, sigma: 9}, answer: follow}",
]
SHIFT = "uses: translate, with: {x: 0.25}"
RESIZE = "uses: resize, with: {height: 50, width: 400}"
STAYS = [
    "uses: colour, with: {saturation: 1.2}",
    "uses: light, with: {gamma: 1.2}",
    "uses: occlude, with: {area: 0.1}",
    "uses: flip, p: 0",
    "uses: translate, with: {x: 0, y: 0}",
    "uses: rotate, with: {degrees: 360}",
]


def answer(text: str, *steps: str, option: str = "describes: image") -> Any:
    lines = "".join(f"  - {{name: s{i}, {step}}}\n" for i, step in enumerate(steps))
    streams = f"image: image, answer: {{modality: text, {option}}}"
    made = load_policy(f"syncaug: 1\nsample: {{{streams}}}\nsteps:\n{lines}")
    return made({"image": PICTURE, "answer": text}, key="k")["answer"]


@pytest.mark.parametrize("text", [PIXELS, FRACTIONS, "the dog at (0.12, 0.34, 0.5, 0.6) runs"])
@pytest.mark.parametrize("step", MOVES)
def test_coordinates_are_refused_where_the_picture_moves(step: str, text: str) -> None:
    with pytest.raises(SampleError, match="stream 'answer'.*picture moves.*coordinates: keep"):
        answer(text, step)
    assert answer(text, step, option="coordinates: keep") == text


def test_the_error_shows_what_was_found() -> None:
    with pytest.raises(SampleError, match=r"'<box>' at character 4"):
        answer("see <box>(10,20),(30,40)</box>", MOVES[0])


@pytest.mark.parametrize("text", [PIXELS, FRACTIONS])
@pytest.mark.parametrize("step", STAYS)
def test_coordinates_pass_where_it_does_not(step: str, text: str) -> None:
    assert answer(text, step) == text


def test_a_new_size_alone_leaves_fractions_true() -> None:
    assert answer(FRACTIONS, RESIZE) == FRACTIONS
    with pytest.raises(SampleError, match="bbox_2d"):
        answer(PIXELS, RESIZE)
    with pytest.raises(SampleError, match="loc0123"):
        answer(FRACTIONS, RESIZE, "uses: flip")


def test_two_mirrors_that_undo_each_other_leave_them_true() -> None:
    assert answer(PIXELS, "uses: flip", "uses: flip") == PIXELS


def test_texts_of_no_picture_pass() -> None:
    assert answer(PIXELS, "uses: flip", option="describes: nothing") == PIXELS


@pytest.mark.parametrize("text", ["3, 4, 5, 6 people on a 1920x1080 screen at 10:30", "as in [1]"])
def test_ordinary_captions_pass_every_step(text: str) -> None:
    for step in (*MOVES, *STAYS, RESIZE):
        assert answer(text, step) == text


def test_cues_with_coordinates_are_refused_too() -> None:
    streams = "image: image, cues: {modality: timed_text, describes: image OPTION}"
    text = f"syncaug: 1\nsample: {{{streams}}}\nsteps: [{{name: m, uses: flip}}]\n"
    sample = {
        "image": PICTURE,
        "cues": [{"start": 0.0, "end": 1.0, "text": "dog [60, 30, 90, 50]"}],
    }
    with pytest.raises(SampleError, match="stream 'cues'"):
        load_policy(text.replace(" OPTION", ""))(sample, key=0)
    made = load_policy(text.replace(" OPTION", ", coordinates: keep"))
    assert made(sample, key=0)["cues"] == sample["cues"]


def test_coordinates_of_cues_follow_where_they_are_declared() -> None:
    made = load_policy(
        "syncaug: 1\nsample: {image: image, cues: {modality: timed_text, describes: image, "
        "coordinates: pixels}}\nsteps: [{name: m, uses: flip}]\n"
    )
    cue = {"start": 0.0, "end": 1.0, "text": "left dog [60, 30, 90, 50]"}
    (out,) = made({"image": PICTURE, "cues": [cue]}, key=0)["cues"]
    assert out["text"] == "right dog [110, 30, 140, 50]"


def test_words_of_directions_are_refused_where_a_warp_trades_parts_of_the_picture() -> None:
    def said(operation: str, text: str) -> str:
        policy = load_policy(
            "syncaug: 1\nsample: {image: image, caption: {modality: text, describes: image}}\n"
            f"steps: [{{name: s, apply: {{image: {{op: albumentations.{operation}}}, "
            "caption: follow}}]\n"
        )
        return str(
            policy({"image": np.zeros((90, 120, 3), np.uint8), "caption": text}, key=1)["caption"]
        )

    shuffle = "RandomGridShuffle, grid: [3, 3]"
    with pytest.raises(AlignmentError, match="parts of the picture trade places, and the text"):
        said(shuffle, "a dog on the left")
    assert said(shuffle, "a dog") == "a dog"
    for bent in ("ElasticTransform, alpha: 300, sigma: 10", "GridDistortion", "ThinPlateSpline",
                 "OpticalDistortion, distort_limit: [0.5, 0.5]"):  # fmt: skip
        assert said(bent, "a dog on the left") == "a dog on the left"


@pytest.mark.parametrize("fuse", ["on", "off"])
@pytest.mark.parametrize(
    "steps",
    [
        "{name: a, uses: resize, with: {height: 40, width: 300}, sync: independent}",
        "{name: a, uses: crop, with: {area: 0.5, x: 0.2, y: 0.9}, sync: independent}, "
        "{name: b, uses: flip}",
        "{name: a, uses: rotate, with: {degrees: 90, expand: true}, sync: independent}, "
        "{name: b, uses: scale, with: {factor: 0.8}, sync: independent}",
    ],
)
def test_streams_that_draw_alone_know_how_large_their_picture_is(steps: str, fuse: str) -> None:
    """Of numbers that are no draws, all streams make the same, whoever draws for them."""
    sample = (
        "{image: image, boxes: boxes, said: {modality: text, coordinates: pixels}, "
        "chat: {modality: messages, coordinates: pixels}, "
        "cues: {modality: timed_text, describes: image, coordinates: pixels}}"
    )
    place = "a dog at [60, 30, 90, 50]"
    given = {
        "image": np.zeros((100, 200, 3), np.uint8),
        "boxes": [[60.0, 30.0, 90.0, 50.0]],
        "said": place,
        "chat": [{"role": "user", "content": f"<image>{place}"}],
        "cues": [{"start": 0.0, "end": 1.0, "text": place}],
    }
    outs = []
    for text in (steps, steps.replace(", sync: independent", "")):
        policy = f"syncaug: 1\nsample: {sample}\nsteps: [{text}]\nfuse: {fuse}\n"
        outs.append(load_policy(policy)(given, key=1))
    alone, together = outs
    for name in ("boxes", "said", "chat", "cues"):
        assert alone[name] == together[name]
    assert alone["said"] != place


@pytest.mark.parametrize("sync", ["", ", sync: independent"])
@pytest.mark.parametrize("step", ["mixup, with: {share: 0.4}", "cutmix, with: {share: 0.9}"])
def test_places_of_a_partner_of_another_size_are_those_of_the_stretched_one(
    step: str, sync: str
) -> None:
    text = (
        "syncaug: 1\nsample: {image: image, said: {modality: text, coordinates: pixels}}\n"
        f"steps: [{{name: a, uses: {step}{sync}}}]\n"
    )
    own = {"image": np.zeros((100, 200, 3), np.uint8), "said": "a dog"}
    other = {"image": np.zeros((50, 50, 3), np.uint8), "said": "a cat at [20, 20, 30, 30]"}
    out = load_policy(text, seed=3)(own, key=1, partner=other)
    assert "[80, 40, 120, 60]" in out["said"]


@pytest.mark.parametrize(
    ("unit", "came", "step", "wanted"),
    [
        ("fraction", "[0.2581, 0.25, 0.5, 1]", "uses: flip", "[0.5, 0.25, 0.7419, 1]"),
        ("fraction", "[0, 0.125, 1, 0.875]", SHIFT, "[0.25, 0.125, 1, 0.875]"),
        ("fraction", "[0, 0, 1, 1]", SHIFT, "[0.25, 0, 1, 1]"),
        ("fraction", "(0.5, 0.5)", "uses: translate, with: {x: 0.125}", "(0.62, 0.5)"),
        ("fraction", "[0.50, 0.25, 0.75, 1.00]", "uses: flip", "[0.25, 0.25, 0.50, 1.00]"),
        ("fraction", "[.5, .25, .75, .875]", "uses: flip", "[.25, .25, .5, .875]"),
        ("percent", "[10, 20.5, 30, 40]", "uses: flip", "[70, 20.5, 90, 40]"),
        ("percent", "[10, 20, 30, 40]", "uses: translate, with: {x: 0.123}", "[22, 20, 42, 40]"),
        ("pixels", "[10, 20, 30.5, 40]", "uses: flip", "[169.5, 20, 190, 40]"),
    ],
)  # fmt: skip
def test_numbers_are_as_exact_as_those_beside_them(
    unit: str, came: str, step: str, wanted: str
) -> None:
    """A number that happens to be short is not rounded to as few digits."""
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, caption: {modality: text, describes: image, "
        f"coordinates: {unit}}}}}\nsteps: [{{name: it, {step}}}]\n"
    )
    sample = {"image": np.zeros((100, 200, 3), np.uint8), "caption": f"the dog at {came} runs"}
    assert policy(sample, key=1)["caption"] == f"the dog at {wanted} runs"


@pytest.mark.parametrize("form", ["text", "messages"])
def test_numbers_are_as_exact_as_those_of_other_places(form: str) -> None:
    said = "{modality: messages, " if form == "messages" else "{modality: text, describes: image, "
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, said: {said}coordinates: fraction}}}}\n"
        f"steps: [{{name: it, uses: translate, with: {{x: 0.123}}}}]\n"
    )
    text = "dogs at [0.1234, 0.25, 0.5, 0.75] and [0.25, 0.5, 0.75, 1.0]"
    turns = [{"role": "user", "content": "<image>"}, {"role": "assistant", "content": text}]
    sample = {"image": PICTURE, "said": turns if form == "messages" else text}
    out = policy(sample, key=1)["said"]
    wanted = "dogs at [0.2464, 0.25, 0.623, 0.75] and [0.373, 0.5, 0.873, 1.0]"
    assert (out[1]["content"] if form == "messages" else out) == wanted
