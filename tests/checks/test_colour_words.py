"""The check of colour words: hue, saturation and value of what is named, and what it cannot see."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, load_policy
from tests.samples import pets

RED = np.full((40, 60, 3), (200, 40, 30), np.uint8)
GREY = np.full((40, 60, 3), (120, 122, 118), np.uint8)
POLICY = (
    "syncaug: 1\nsample: {image: image, caption: {modality: text, describes: image%s}}\n"
    "steps: [{name: a, %s}]\nchecks: [colour_words]\non_fail: {retry: 0, then: error}\n"
)


def policy(step: str, options: str = "") -> Any:
    return load_policy(POLICY % (options, step))


def keeping(operation: str) -> str:
    return f"apply: {{image: {{op: albumentations.{operation}}}, caption: keep}}"


def scene() -> np.ndarray[Any, Any]:
    """Blocks of many colours on a light ground, as photos have them."""
    picture = np.full((60, 90, 3), (235, 232, 228), np.uint8)
    colours = [(200, 40, 30), (40, 150, 60), (40, 70, 190), (220, 180, 40), (230, 130, 30)]
    for index, colour in enumerate(colours):
        picture[10:50, 5 + 17 * index : 18 + 17 * index] = colour
    return picture


LOST = [
    ("ToGray", "a red cat"),
    ("ToSepia", "a red cat"),
    ("ChannelShuffle", "a red cat"),
    ("InvertImg", "a red cat"),
    ("ColorJitter, hue: [0.33, 0.33]", "a red cat"),
    ("ColorJitter, hue: 0, saturation: 0", "a red cat"),
    ("HueSaturationValue, hue_shift_limit: 0, sat_shift_limit: -250", "a reddish cat"),
    ("RandomBrightnessContrast, brightness_limit: [-1, -1]", "a red cat"),
]


@pytest.mark.parametrize(("operation", "caption"), LOST)
@pytest.mark.parametrize("picture", ["flat", "scene"])
def test_a_picture_that_lost_the_named_colour_fails(
    operation: str, caption: str, picture: str
) -> None:
    image = RED if picture == "flat" else scene()
    made = policy(keeping(operation))
    failed = 0
    for key in range(6):
        try:
            made({"image": image, "caption": caption}, key=key)
        except AlignmentError:
            failed += 1
    assert failed == 6 or (operation == "ChannelShuffle" and failed >= 3), "some leave red in place"


@pytest.mark.parametrize("colour", [(200, 40, 30), (40, 190, 60), (30, 60, 200)])
def test_the_channel_of_the_named_colour_is_missed(colour: tuple[int, int, int]) -> None:
    word = ("red", "green", "blue")[int(np.argmax(colour))]
    image = np.full((40, 60, 3), colour, np.uint8)
    made = policy(keeping("ChannelDropout"))
    gone = kept = 0
    for key in range(20):
        try:
            out = made({"image": image, "caption": f"a {word} car"}, key=key)
        except AlignmentError:
            gone += 1
        else:
            kept += 1
            assert out["image"][0, 0].argmax() == np.argmax(colour)
    assert gone
    assert kept


GROUNDED = (
    "syncaug: 1\nsample:\n  image: image\n  boxes: {modality: boxes, labels: classes}\n"
    "  caption: {modality: text, describes: image}\n"
    "  phrases: {modality: phrases, boxes: boxes, text: caption}\n"
    "steps: [{name: a, %s}]\nchecks: [colour_words]\non_fail: {retry: 0, then: error}\n"
)
RECOLOUR = (
    "apply: {image: {op: albumentations.HueSaturationValue, hue_shift_limit: %d, "
    "sat_shift_limit: 0}, caption: {op: syncaug.RecolourWords, degrees: %d, ambiguous: nearest}}"
)


def grounded(colour: tuple[int, int, int], word: str, ground: Any = (60, 160, 70)) -> Any:
    image = np.full((60, 100, 3), ground, np.uint8)
    image[10:50, 10:40] = colour
    return {
        "image": image,
        "boxes": [[10.0, 10.0, 40.0, 50.0]],
        "classes": ["cat"],
        "caption": f"A {word} cat sits on a green rug.",
        "phrases": [f"A {word} cat"],
    }


def test_a_thing_called_grey_that_turns_magenta_is_seen() -> None:
    made = load_policy(GROUNDED % (RECOLOUR % (60, 120)))
    with pytest.raises(AlignmentError, match=r"saturation of \d+/255 is called 'grey'"):
        made(grounded((60, 200, 110), "grey"), key=0)


@pytest.mark.parametrize(
    ("colour", "word"),
    [
        *(((120, 122, 118), "grey"), ((130, 120, 112), "gray"), ((20, 16, 12), "black")),
        *(((24, 12, 9), "black"), ((240, 238, 230), "white"), ((250, 240, 215), "white")),
        *(((210, 160, 130), "tabby"), ((200, 120, 40), "orange"), ((70, 60, 190), "blue")),
    ],
)
@pytest.mark.parametrize("hue", [-120, -60, 60, 120])
def test_right_words_pass_under_hue_steps(
    colour: tuple[int, int, int], word: str, hue: int
) -> None:
    if word == "orange":
        hue = 120 if hue > 0 else -60  # others lie between two words
    made = load_policy(GROUNDED % (RECOLOUR % (hue // 2, hue)))
    made(grounded(colour, word), key=0)


@pytest.mark.parametrize("operation", ["InvertImg", "Solarize, threshold_range: [0, 0]"])
@pytest.mark.parametrize(("colour", "word"), [((15, 15, 15), "black"), ((240, 240, 240), "white")])
def test_black_and_white_do_not_trade(
    operation: str, colour: tuple[int, int, int], word: str
) -> None:
    image = np.full((40, 60, 3), colour, np.uint8)
    with pytest.raises(AlignmentError, match="went from value"):
        policy(keeping(operation))({"image": image, "caption": f"a {word} cat"}, key=0)


def test_a_grey_thing_without_a_box_that_gets_a_colour_is_seen() -> None:
    made = policy(
        keeping(
            "RGBShift, r_shift_limit: [120, 120], g_shift_limit: -60, b_shift_limit: [100, 100]"
        )
    )
    with pytest.raises(AlignmentError, match="is called 'grey'"):
        made({"image": GREY, "caption": "a grey cat"}, key=0)


@pytest.mark.parametrize(
    "step",
    [
        *("uses: flip", "uses: rotate, with: {degrees: 90}", "uses: crop, with: {area: 0.6}"),
        *("uses: colour, with: {hue: 120}", "uses: colour, with: {hue: 60, saturation: -0.5}"),
        "uses: colour, with: {hue: 0, saturation: -0.8}",
        *("uses: light, with: {value: 0.2}", "uses: light, with: {value: -0.3}"),
        *("uses: light, with: {contrast: 0.3}", "uses: light, with: {gamma: 1.8}"),
        "uses: noise, with: {snr_db: 12, image: gaussian}",
        "uses: occlude, with: {count: 2, area: [0.1, 0.2]}",
        keeping("GaussianBlur"), keeping("ImageCompression, quality_range: [30, 30]"),
        keeping("RandomBrightnessContrast"), keeping("GaussNoise"), keeping("CLAHE"),
        "apply: {image: {op: albumentations.GridDistortion}, caption: follow}",
        "apply: {image: {op: albumentations.CoarseDropout}}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("picture", ["flat", "scene"])
def test_ordinary_steps_pass(step: str, picture: str) -> None:
    image = RED if picture == "flat" else scene()
    made = policy(step)
    for key in range(6):
        made({"image": image, "caption": "a red cat and a white dog"}, key=key)


def test_a_picture_that_never_showed_the_colour_is_the_data_s_own() -> None:
    policy(keeping("ToGray"))({"image": GREY, "caption": "a red cat"}, key=0)


@pytest.mark.parametrize("caption", ["a cat on a rug", "two people walk", "the tin is peeled"])
def test_captions_without_colours_pass_and_say_that_nothing_was_measured(caption: str) -> None:
    made = policy(keeping("ToGray"))
    _, record = made.apply({"image": RED, "caption": caption}, key=0)
    attempt = json.loads(record.to_json())["attempts"][0]
    assert attempt["parts"]["colour_words"] == {"measured": 0.0}


def test_what_was_measured_is_in_the_record() -> None:
    _, record = policy("uses: colour, with: {hue: 120}").apply(
        {"image": RED, "caption": "a red cat"}, key=0
    )
    parts = record.attempts[0].parts["colour_words"]
    assert parts["measured"] == 1
    assert parts["saturation"] == pytest.approx(1, abs=0.05)


def test_bent_pictures_are_looked_at_too() -> None:
    steps = (
        "some_of: [{name: b, apply: {image: {op: albumentations.ElasticTransform, alpha: 300, "
        f"sigma: 8}}, caption: follow}}}}, {{name: c, {keeping('ToGray')}}}], count: 2"
    )
    with pytest.raises(AlignmentError, match="saturation"):
        policy(steps)({"image": scene(), "caption": "a red cat"}, key=0)


def test_a_video_that_lost_its_colours_fails() -> None:
    made = load_policy(
        "syncaug: 1\nsample: {film: {modality: video, fps: 5}, caption: {modality: text, "
        "describes: film}}\nsteps: [{name: a, apply: {film: {op: albumentations.ToSepia}, "
        "caption: keep}}]\nchecks: [colour_words]\n"
    )
    with pytest.raises(AlignmentError, match="colour_words"):
        made({"film": np.stack([scene()] * 4), "caption": "a red cat"}, key=0)


@pytest.mark.parametrize("name", ["cats.jpg", "dog_and_cat.jpg"])
@pytest.mark.parametrize("operation", ["ToGray", "ToSepia", "InvertImg", "ChannelShuffle"])
def test_real_pictures_that_lost_their_colours_fail(name: str, operation: str) -> None:
    sample = {key: pets()[name][key] for key in ("image", "caption")}
    sample["image"] = np.ascontiguousarray(sample["image"][::4, ::4])
    sample["caption"] = "An orange cat and a green plant."
    made = policy(keeping(operation))
    failed = 0
    for key in range(5):
        try:
            made(sample, key=key)
        except AlignmentError:
            failed += 1
    assert failed >= (3 if operation == "ChannelShuffle" else 5)
