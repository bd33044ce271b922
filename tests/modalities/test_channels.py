"""What channels are: colours, light, alpha, blue first; and levels of 16 bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.errors import PolicyError, SampleError

RNG = np.random.default_rng(3)
COLOURED = RNG.integers(60, 200, (24, 36, 3), dtype=np.uint8)
ALPHA = np.where(np.arange(36) < 18, 255, 128).astype(np.uint8)[None, :, None].repeat(24, axis=0)

TONES = {
    "light": "{name: s, uses: light, with: {value: -0.5}}",
    "contrast": "{name: s, uses: light, with: {contrast: 0.5}}",
    "gamma": "{name: s, uses: light, with: {gamma: 2.0}}",
    "value": "{name: s, uses: colour, with: {value: -0.4}}",
    "hue": "{name: s, uses: colour, with: {hue: 120}}",
    "saturation": "{name: s, uses: colour, with: {saturation: -0.5}}",
    "noise": "{name: s, uses: noise, with: {snr_db: 12}}",
    "speckle": "{name: s, uses: noise, with: {snr_db: 12, image: speckle}}",
    "salt": "{name: s, uses: noise, with: {snr_db: 12, image: salt_and_pepper}}",
}
PLANES = {
    "flip": "{name: s, uses: flip}",
    "turn": "{name: s, uses: rotate, with: {degrees: 90, expand: true}}",
    "tilt": "{name: s, uses: rotate, with: {degrees: 12}}",
    "zoom": "{name: s, uses: crop, with: {area: 0.5, x: 0.3, y: 0.4, resize: [40, 50]}}",
    "fields": "{name: s, apply: {image: {op: albumentations.ElasticTransform, alpha: 20}}}",
}


def augmented(step: str, image: Any, channels: str = "", layout: str = "hwc") -> Any:
    options = {"modality": "image", "layout": layout}
    if channels:
        options["channels"] = channels
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: {options}}}\nsteps: [{step}]\n".replace("'", "")
    )
    return policy({"image": image}, key="k")["image"]


def step_of(name: str) -> str:
    return {**TONES, **PLANES}[name]


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("colours", [1, 3])
def test_alpha_is_neither_recoloured_nor_lit_nor_noised(
    tone: str, dtype: Any, colours: int
) -> None:
    picture = np.concatenate([COLOURED[..., :colours], ALPHA], axis=2)
    white = 1.0 if dtype is np.float32 else float(np.iinfo(dtype).max)
    picture = (picture / 255 * white).astype(dtype)
    out = augmented(step_of(tone), picture)
    assert out.dtype == dtype
    assert np.array_equal(out[..., -1], picture[..., -1])
    changes = tone not in ("hue", "saturation") or colours == 3
    assert (not np.array_equal(out[..., :-1], picture[..., :-1])) == changes


@pytest.mark.parametrize("tone", [name for name in TONES if name != "s"])
def test_colours_beside_alpha_change_as_they_do_without(tone: str) -> None:
    alone = augmented(step_of(tone), COLOURED)
    beside = augmented(step_of(tone), np.concatenate([COLOURED, ALPHA], axis=2))
    assert np.array_equal(beside[..., :3], alone)


@pytest.mark.parametrize("plane", [name for name in PLANES if name != "fields"])
def test_alpha_goes_where_its_pixels_go(plane: str) -> None:
    out = augmented(step_of(plane), np.concatenate([COLOURED, ALPHA], axis=2))
    alone = augmented(step_of(plane), ALPHA)
    assert np.abs(out[..., 3].astype(int) - alone[..., 0]).max() <= 1


@pytest.mark.parametrize("step", [*TONES, *PLANES])
def test_blue_first_gives_what_red_first_gives(step: str) -> None:
    rgb = augmented(step_of(step), COLOURED)
    bgr = augmented(step_of(step), COLOURED[..., ::-1], "bgr")
    assert np.array_equal(bgr[..., ::-1], rgb)
    bgra = np.concatenate([COLOURED[..., ::-1], ALPHA], axis=2)
    if step != "fields":
        beside = augmented(step_of(step), bgra, "bgra")
        assert np.array_equal(
            beside, augmented(step_of(step), bgra[..., [2, 1, 0, 3]])[..., [2, 1, 0, 3]]
        )


def test_the_fill_is_in_the_order_of_the_picture() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: {modality: image, channels: bgr, fill: [10, 20, 30]}}\n"
        "steps: [{name: s, uses: translate, with: {x: 0.5}}]\n"
    )
    out = policy({"image": COLOURED}, key=0)["image"]
    assert out[0, 0].tolist() == [10, 20, 30]
    assert out.shape == COLOURED.shape


def test_a_red_cat_with_blue_first_turns_as_its_caption_says() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: {modality: image, channels: bgr}, "
        "caption: {modality: text, describes: image}}\n"
        "steps: [{name: s, uses: colour, with: {hue: 120}}]\n"
        "checks: [{colour_words: {tolerance: 30}}]\n"
    )
    image = np.full((32, 32, 3), (20, 20, 200), np.uint8)
    out = policy({"image": image, "caption": "a red cat"}, key=0)
    assert out["caption"] == "a green cat"
    assert out["image"][0, 0].tolist() == [20, 200, 20]


def test_layout_and_order_together() -> None:
    step = step_of("hue")
    chw = np.ascontiguousarray(COLOURED[..., ::-1].transpose(2, 0, 1))
    out = augmented(step, chw, "bgr", "chw")
    assert np.array_equal(out[::-1].transpose(1, 2, 0), augmented(step, COLOURED))


@pytest.mark.parametrize("step", [*TONES, *PLANES])
def test_16_bits_agree_with_floats(step: str) -> None:
    levels = RNG.integers(0, 65536, (24, 36, 3), dtype=np.uint16)
    if step in TONES:
        levels //= 2
    out = augmented(step_of(step), levels)
    floats = augmented(step_of(step), (levels / 65535).astype(np.float32))
    assert out.dtype == np.uint16
    difference = np.abs(out.astype(np.float64) - floats.astype(np.float64) * 65535)
    assert difference.max() <= (1.0 if step in TONES else 40.0)  # OpenCV's weights have 15 bits


def test_exact_steps_keep_all_16_bits() -> None:
    levels = RNG.integers(0, 65536, (24, 36), dtype=np.uint16)
    assert np.array_equal(augmented(step_of("flip"), levels), levels[:, ::-1])
    op = "{name: s, apply: {image: {op: albumentations.HorizontalFlip}}}"
    three = levels[..., None].repeat(3, axis=2)
    assert np.array_equal(augmented(op, three), three[:, ::-1])


def test_library_operations_see_16_bits_as_floats() -> None:
    levels = RNG.integers(20000, 40000, (24, 36, 3), dtype=np.uint16)
    op = (
        "{name: s, apply: {image: {op: albumentations.RandomBrightnessContrast, "
        "brightness_limit: [0.2, 0.2], contrast_limit: [0, 0]}}}"
    )
    out = augmented(op, levels)
    assert out.dtype == np.uint16
    assert np.abs(out.astype(int) - levels - 0.2 * 65535).max() < 40


@pytest.mark.parametrize("tone", ["light", "noise"])
def test_bands_are_all_light(tone: str) -> None:
    bands = RNG.integers(50, 200, (24, 36, 6), dtype=np.uint8)
    for declared in ("", "spectral"):
        out = augmented(step_of(tone), bands, declared)
        assert all((out[..., band] != bands[..., band]).any() for band in range(6))
    kept = augmented(step_of(tone), bands, "rgb")
    assert (kept[..., :3] != bands[..., :3]).any()
    assert np.array_equal(kept[..., 3:], bands[..., 3:])


@pytest.mark.parametrize("count", [5, 6, 13])
@pytest.mark.parametrize("tone", ["hue", "saturation"])
def test_bands_have_no_hue_to_turn(count: int, tone: str) -> None:
    bands = np.zeros((8, 8, count), np.uint8)
    with pytest.raises(SampleError, match=rf"'image'.*{count} channels.*channels: rgb"):
        augmented(step_of(tone), bands)
    assert augmented(step_of(tone), bands, "rgb").shape == bands.shape


@pytest.mark.parametrize(
    ("declared", "shape"),
    [("rgb", (8, 8)), ("rgba", (8, 8, 3)), ("bgr", (8, 8, 2)), ("grey", (8, 8, 3)),
     ("grey_alpha", (8, 8)), ("bgra", (8, 8, 5))],
)  # fmt: skip
def test_a_picture_of_other_channels_than_declared_is_refused(
    declared: str, shape: tuple[int, ...]
) -> None:
    with pytest.raises(SampleError, match=f"'image'.*channels of {declared}; got"):
        augmented(step_of("flip"), np.zeros(shape, np.uint8), declared)


def test_an_order_of_channels_that_nobody_knows_is_a_problem() -> None:
    with pytest.raises(PolicyError, match="rgb"):
        augmented(step_of("flip"), COLOURED, "gbr")


FILM = "syncaug: 1\nsample: {film: {modality: video, fps: 10, channels: %s}}\nsteps: [%s]\n"


@pytest.mark.parametrize("tone", ["light", "hue", "noise"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_films_know_alpha_and_order_too(tone: str, dtype: Any) -> None:
    frames = RNG.integers(30, 220, (3, 12, 16, 4), dtype=np.uint8).astype(dtype)
    frames *= dtype(np.iinfo(dtype).max // 255)
    step = step_of(tone)
    rgba = load_policy(FILM % ("rgba", step))({"film": frames}, key=1)["film"]
    order = [2, 1, 0, 3]
    bgra = load_policy(FILM % ("bgra", step))({"film": frames[..., order]}, key=1)["film"]
    assert rgba.dtype == dtype
    assert np.array_equal(rgba, bgra[..., order])
    assert np.array_equal(rgba[..., 3], frames[..., 3])
    assert (rgba[..., :3] != frames[..., :3]).any()
