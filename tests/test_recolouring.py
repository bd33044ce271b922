"""Operations that may change colours, and the words beside them; streams that say `keep`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, load_policy
from syncaug.loading import check_policy

CAPTIONED = "image: image, caption: {modality: text, describes: image}"
FILM = "film: {modality: video, fps: 10}"


def text(step: str, sample: str = CAPTIONED) -> str:
    return f"syncaug: 1\nsample: {{{sample}}}\nsteps: [{{name: a, {step}}}]\n"


def load(step: str, sample: str = CAPTIONED) -> Any:
    return load_policy(text(step, sample))


def passes_without_a_word(step: str, sample: str = CAPTIONED) -> bool:
    """Whether a policy has no problem, not even a warning."""
    return not check_policy(text(step, sample))[1]


RECOLOURS = [
    *("ColorJitter", "ToGray", "ToSepia", "ChannelShuffle", "ChannelDropout", "RGBShift"),
    *("Solarize", "InvertImg", "PlanckianJitter", "HueSaturationValue", "HEStain", "Equalize"),
    "ColorJitter, hue: [0.33, 0.33]",
    "ColorJitter, hue: 0, saturation: 0",
    "HueSaturationValue, hue_shift_limit: 0, sat_shift_limit: [-255, 0]",
    "HueSaturationValue, hue_shift_limit: [60, 60], sat_shift_limit: 0",
    "Posterize, num_bits: 1",
    "RandomToneCurve, per_channel: true",
    "MultiplicativeNoise, multiplier: [0.4, 1.6], per_channel: true",
    "RGBShift, r_shift_limit: [90, 90], g_shift_limit: 0, b_shift_limit: 0",
]


@pytest.mark.parametrize("operation", RECOLOURS)
def test_words_that_name_colours_are_not_left_behind(operation: str) -> None:
    with pytest.raises(PolicyError, match="SA502") as error:
        load(f"apply: {{image: {{op: albumentations.{operation}}}}}")
    said = str(error.value)
    assert "may change colours, and 'caption' would stay behind" in said
    assert "caption: keep" in said
    assert "use the transform 'colour'" in said


@pytest.mark.parametrize("operation", RECOLOURS)
def test_a_caption_may_say_that_it_stays(operation: str) -> None:
    policy = load(f"apply: {{image: {{op: albumentations.{operation}}}, caption: keep}}")
    picture = np.full((40, 60, 3), (200, 40, 30), np.uint8)
    assert policy({"image": picture, "caption": "a red cat"}, key=0)["caption"] == "a red cat"


@pytest.mark.parametrize(
    "operation",
    [
        *("Blur", "GaussianBlur", "GaussNoise", "ImageCompression", "CLAHE", "Sharpen", "ISONoise"),
        *("RandomBrightnessContrast", "RandomGamma", "CoarseDropout", "Downscale", "NoOp"),
        *("AdditiveNoise, spatial_mode: per_pixel", "Equalize, by_channels: false"),
        *("Posterize", "RandomToneCurve", "MultiplicativeNoise", "RandomFog", "RandomRain"),
        "ColorJitter, hue: 0, saturation: 1",
        "ColorJitter, hue: [0, 0], saturation: [1, 1], brightness: [0.7, 1.3]",
        "ColorJitter, hue: [0, 0], saturation: [0.8, 1.2]",
        "HueSaturationValue, hue_shift_limit: 0, sat_shift_limit: 0, val_shift_limit: [-60, 60]",
        "RGBShift, r_shift_limit: 0, g_shift_limit: 0, b_shift_limit: 0",
        "MultiplicativeNoise, multiplier: [0.4, 1.6], per_channel: true, elementwise: true",
    ],
)
def test_what_changes_no_colour_goes_on_without_a_word(operation: str) -> None:
    assert passes_without_a_word(f"apply: {{image: {{op: albumentations.{operation}}}}}")


HSV = "image: {op: albumentations.HueSaturationValue, hue_shift_limit: {from: h, scale: 0.5}%s}"
WORDS = "caption: {op: syncaug.RecolourWords, degrees: %s}"
UNIFORM = "draw: {h: {uniform: [-60, 60]}}"


@pytest.mark.parametrize(
    "apply",
    [
        f"{UNIFORM}, apply: {{{HSV % ''}, {WORDS % '{from: h}'}}}",
        f"{UNIFORM}, apply: {{{HSV % ', sat_shift_limit: 0'}, {WORDS % '{from: h}'}}}",
        f"{UNIFORM}, apply: {{image: {{op: albumentations.ColorJitter, hue: {{expr: h / 360}}}}, "
        f"{WORDS % '{from: h}'}}}",
        "draw: {h: {choice: [-30, 30]}}, apply: {image: {op: albumentations.HueSaturationValue, "
        f"hue_shift_limit: {{from: h}}}}, {WORDS % '{from: h, scale: 2}'}}}",
        "apply: {image: {op: albumentations.HueSaturationValue, hue_shift_limit: 60}, "
        f"{WORDS % 120}}}",
        "draw: {t: {uniform: [3000, 9000]}}, apply: {image: {op: albumentations.PlanckianJitter, "
        "temperature_limit: {from: t}}, "
        f"{WORDS % '{from: t, curve: [[3000, -30], [9000, 30]]}'}}}",
    ],
)
def test_words_follow_by_a_link(apply: str) -> None:
    load(apply)


@pytest.mark.parametrize(
    ("apply", "said"),
    [
        (
            f"{UNIFORM}, apply: {{image: {{op: albumentations.HueSaturationValue, "
            f"hue_shift_limit: {{from: h}}}}, {WORDS % '{from: h}'}}}",
            "turns by -60 degrees where hues turn by -120",
        ),
        (
            f"{UNIFORM}, apply: {{{HSV % ', sat_shift_limit: [-250, 0]'}, {WORDS % '{from: h}'}}}",
            "follows the hue alone",
        ),
        (
            "apply: {image: {op: albumentations.HueSaturationValue, hue_shift_limit: [-60, 60]}, "
            f"{WORDS % '[-120, 120]'}}}",
            "follows none of its variables",
        ),
        (
            f"apply: {{image: {{op: albumentations.ToGray}}, {WORDS % 0}}}",
            "follows none of its variables",
        ),
        (
            "apply: {image: {op: albumentations.ToGray}, caption: {op: nlpaug.KeyboardAug}}",
            "move the operations on 'caption' to a step of their own",
        ),
    ],
)
def test_words_that_follow_something_else_are_told(apply: str, said: str) -> None:
    with pytest.raises(PolicyError, match="SA502") as error:
        load(apply)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("sample", "stream", "left"),
    [
        ("image: image, caption: text", "image", "caption"),
        (f"{FILM}, caption: {{modality: text, describes: film}}", "film", "caption"),
        (f"{FILM}, cues: {{modality: timed_text, describes: film}}", "film", "cues"),
        ("image: image, boxes: boxes, phrases: {modality: phrases, boxes: boxes}", "image",
         "phrases"),
        ("a: {modality: image, plane: a}, b: {modality: image, plane: b}, "
         "says: {modality: text, describes: b}", "b", "says"),
    ],
)  # fmt: skip
def test_all_that_describes_the_picture_is_asked_for(sample: str, stream: str, left: str) -> None:
    step = f"apply: {{{stream}: {{op: albumentations.ToSepia}}%s}}"
    with pytest.raises(PolicyError, match=f"SA502.*'{left}' would stay behind"):
        load(step % "", sample)
    load(step % f", {left}: keep", sample)


@pytest.mark.parametrize(
    ("sample", "stream"),
    [
        (f"{FILM}, cues: timed_text", "film"),
        ("image: image, caption: {modality: text, describes: nothing}", "image"),
        ("image: image, boxes: {modality: boxes, labels: classes}, kind: label", "image"),
        ("a: {modality: image, plane: a}, b: {modality: image, plane: b}, "
         "says: {modality: text, describes: b}", "a"),
        ("image: image, boxes: boxes, caption: {modality: text, describes: nothing}, "
         "phrases: {modality: phrases, boxes: boxes, text: caption}", "image"),
    ],
)  # fmt: skip
def test_what_describes_no_picture_is_not_asked(sample: str, stream: str) -> None:
    assert passes_without_a_word(f"apply: {{{stream}: {{op: albumentations.ToSepia}}}}", sample)


@pytest.mark.parametrize("operation", ["HorizontalFlip", "D4", "SquareSymmetry", "Transpose"])
def test_sides_follow_or_say_that_they_stay(operation: str) -> None:
    step = f"apply: {{image: {{op: albumentations.{operation}}}%s}}"
    with pytest.raises(PolicyError, match=r"SA502.*'caption' would stay behind; expected caption: "
                                          r"follow, or caption: keep"):  # fmt: skip
        load(step % "")
    sample = {"image": np.zeros((40, 40, 3), np.uint8), "caption": "a cat on the left"}
    follow, keep = (load(step % f", caption: {word}") for word in ("follow", "keep"))
    assert {keep(sample, key=key)["caption"] for key in range(20)} == {sample["caption"]}
    assert {follow(sample, key=key)["caption"] for key in range(20)} != {sample["caption"]}


def test_every_stream_of_the_picture_may_stay() -> None:
    policy = load(
        "apply: {image: {op: albumentations.HorizontalFlip}, boxes: keep, seg: keep, points: keep, "
        "depth: follow}",
        "image: image, boxes: boxes, seg: mask, points: keypoints, depth: depth",
    )
    rng = np.random.default_rng(0)
    sample = {
        "image": rng.integers(0, 255, (40, 60, 3), np.uint8),
        "boxes": [[1.0, 2.0, 9.0, 8.0]],
        "seg": rng.integers(0, 3, (40, 60), np.uint8),
        "points": np.array([[4.0, 5.0]]),
        "depth": rng.random((40, 60), np.float32),
    }
    out = policy(sample, key=0)
    assert np.array_equal(out["image"], sample["image"][:, ::-1])
    assert np.array_equal(out["depth"], sample["depth"][:, ::-1])
    assert all(np.array_equal(out[name], sample[name]) for name in ("boxes", "seg", "points"))


def test_pictures_that_stay_are_of_the_size_of_those_that_change() -> None:
    with pytest.raises(PolicyError, match="SA507 'seg' cannot stay: albumentations.RandomCrop"):
        load(
            "apply: {image: {op: albumentations.RandomCrop, height: 8, width: 8}, seg: keep}",
            "image: image, seg: mask",
        )


def test_sounds_and_cues_of_a_clock_may_stay() -> None:
    policy = load(
        "apply: {a: {op: audiomentations.Shift, min_shift: 0.2, max_shift: 0.2}, b: keep}",
        "a: {modality: audio, sample_rate: 8000}, b: {modality: audio, sample_rate: 8000}",
    )
    wave = np.sin(np.arange(8000)).astype(np.float32)
    out = policy({"a": wave, "b": wave}, key=0)
    assert np.array_equal(out["b"], wave)
    assert not np.array_equal(out["a"], wave)


def test_what_stays_is_explained_and_is_part_of_the_plan() -> None:
    kept = load("apply: {image: {op: albumentations.ToGray}, caption: keep}")
    assert kept.plan.steps[0].calls[-1].keeps
    assert "caption" not in kept.plan.steps[0].streams


def test_a_word_that_stands_for_an_operation_stands_alone() -> None:
    with pytest.raises(PolicyError, match="keep stands alone, without a list"):
        load("apply: {image: {op: albumentations.ToGray}, caption: [keep]}")
