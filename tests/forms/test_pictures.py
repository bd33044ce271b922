"""Pictures of PIL: a mode in, the same mode out, with what numpy's form makes of its numbers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from syncaug import SampleError, load_policy

PHOTO = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
STEPS = (
    "steps: [{name: turn, uses: rotate, with: {degrees: 9}}, "
    "{name: lamp, uses: light, with: {value: 0.2}}]\n"
)
POLICY = load_policy(f"syncaug: 1\nsample: {{image: image}}\n{STEPS}")
MASKS = load_policy(f"syncaug: 1\nsample: {{image: image, mask: mask}}\n{STEPS}")


def picture(mode: str) -> Image.Image:
    if mode.startswith("I;16"):
        levels = PHOTO[..., 0].astype(">u2" if mode == "I;16B" else "<u2") * 257
        return Image.frombytes(mode, (30, 20), levels.tobytes(), "raw", mode)
    if mode == "I":
        return Image.fromarray(PHOTO[..., 0].astype(np.int32) * 257)
    if mode == "F":
        return Image.fromarray(PHOTO[..., 0] / np.float32(255))
    if mode == "PA":
        return Image.fromarray(PHOTO).convert("RGBA").quantize(16).convert("PA")
    return Image.fromarray(PHOTO).convert(mode)


def carried(value: Any) -> Any:
    return POLICY({"image": value}, key=1)["image"]


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "F", "I;16", "I;16L", "I;16N"])
def test_a_mode_is_its_array_and_comes_back(mode: str) -> None:
    value = picture(mode)
    out = carried(value)
    assert (out.mode, out.size) == (mode, value.size)
    assert np.array_equal(np.asarray(out), carried(np.array(value)))
    assert np.array_equal(np.asarray(value), np.asarray(picture(mode)))


@pytest.mark.parametrize("mode", ["I", "I;16B"])
def test_sixteen_bits_in_other_types_are_sixteen_bits(mode: str) -> None:
    value = picture(mode)
    out = carried(value)
    assert out.mode == mode
    assert np.array_equal(np.asarray(out), carried(np.asarray(value).astype(np.uint16)))
    assert len(np.unique(np.asarray(out))) > 256  # interpolated between 16-bit levels


def test_dark_pictures_of_mode_i_are_sixteen_bits_too() -> None:
    out = carried(Image.fromarray(np.full((8, 8), 250, np.int32)))
    assert np.asarray(out)[4, 4] == 300  # a fifth brighter, and not cut off at 255


def test_black_and_white_stays_so() -> None:
    value = picture("1")
    out = carried(value)
    wanted = carried(np.asarray(value).astype(np.uint8) * 255) >= 128
    assert out.mode == "1"
    assert np.array_equal(np.asarray(out), wanted)
    assert carried(np.asarray(value)).dtype == bool


@pytest.mark.parametrize("mode", ["P", "PA"])
def test_a_palette_is_its_colours_where_light_is_meant(mode: str) -> None:
    value = picture(mode)
    colours = value.convert("RGB" if mode == "P" else "RGBA")
    out = carried(value)
    assert out.mode == colours.mode
    assert np.array_equal(np.asarray(out), carried(np.asarray(colours)))
    idle = load_policy("syncaug: 1\nsample: {image: image}\nsteps: [{name: m, uses: flip, p: 0}]\n")
    assert idle({"image": value}, key=1)["image"].mode == colours.mode  # whatever is drawn


def test_transparent_colours_of_a_palette_stay_so() -> None:
    value = picture("P")
    value.info["transparency"] = 3
    out = carried(value)
    assert out.mode == "RGBA"
    assert np.array_equal(np.asarray(out), carried(np.asarray(value.convert("RGBA"))))


def test_a_palette_is_its_indices_where_classes_are_meant() -> None:
    value = Image.fromarray((PHOTO[..., 0] // 40).astype(np.uint8))
    value.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9, 7, 7, 7, 5, 5, 5])
    value.info["transparency"] = 0
    out = MASKS({"image": PHOTO, "mask": value}, key=1)["mask"]
    wanted = MASKS({"image": PHOTO, "mask": np.asarray(value)}, key=1)["mask"]
    assert out.mode == "P"
    assert np.array_equal(np.asarray(out), wanted)
    assert out.getpalette() == value.getpalette()
    assert out.info == value.info
    assert out.convert("RGBA").getcolors() is not None


@pytest.mark.parametrize("mode", ["1", "L", "I", "I;16"])
def test_masks_keep_their_numbers(mode: str) -> None:
    value = picture(mode)
    out = MASKS({"image": PHOTO, "mask": value}, key=1)["mask"]
    assert out.mode == mode
    wanted = MASKS({"image": PHOTO, "mask": np.asarray(value)}, key=1)["mask"]
    assert np.array_equal(np.asarray(out), wanted)


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "HSV", "LAB"])
def test_what_is_no_light_is_refused_with_its_conversion(mode: str) -> None:
    value = Image.new(mode, (9, 8))
    with pytest.raises(SampleError, match=f"in mode {mode} of 9x8 pixels") as caught:
        carried(value)
    assert "convert" in caught.value.hint


def test_notes_of_a_picture_stay_with_it() -> None:
    value = picture("RGB")
    value.info["dpi"] = (72, 72)
    assert carried(value).info == {"dpi": (72, 72)}


def test_files_that_are_open_are_read_where_they_are_asked() -> None:
    buffer = BytesIO()
    picture("RGB").save(buffer, "PNG")
    value = Image.open(BytesIO(buffer.getvalue()))
    assert np.array_equal(np.asarray(carried(value)), carried(PHOTO))
    torn = Image.open(BytesIO(buffer.getvalue()[:300]))
    with pytest.raises(SampleError, match="a picture that PIL can read"):
        carried(torn)


def test_streams_that_are_no_pictures_say_what_came() -> None:
    policy = load_policy("syncaug: 1\nsample: {cloud: points}\nsteps: []\n")
    with pytest.raises(SampleError, match="got a picture of PIL in mode L of 30x20 pixels"):
        policy({"cloud": picture("L")}, key=1)
