"""Images, masks and depth: exact there and back, and refused where damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from syncaug.errors import ManifestError
from syncaug.io.pictures import write_depth, write_image, write_mask
from tests.io.material import load

GENERATOR = np.random.default_rng(0)
RGB = GENERATOR.integers(0, 256, (20, 30, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("picture", "name"),
    [
        (RGB, "x.png"),
        (RGB[..., :1], "x.npy"),
        (RGB[..., 0], "x.npy"),
        (RGB.astype(np.float32) / 255, "x.npy"),
        (np.concatenate([RGB, RGB[..., :1]], axis=2), "x.npy"),
    ],
)
def test_images_come_back_exactly(tmp_path: Path, picture: np.ndarray, name: str) -> None:
    assert write_image(tmp_path, "x", picture, {}) == name
    back = load(tmp_path, name, "image")
    assert back.dtype == picture.dtype
    assert np.array_equal(back, picture)


def test_channels_first(tmp_path: Path) -> None:
    picture = np.ascontiguousarray(RGB.transpose(2, 0, 1))
    assert write_image(tmp_path, "x", picture, {"layout": "chw"}) == "x.png"
    assert np.array_equal(load(tmp_path, "x.png", "image", layout="chw"), picture)
    assert np.array_equal(load(tmp_path, "x.png", "image"), RGB)


def test_colours_are_those_that_other_programs_see(tmp_path: Path) -> None:
    write_image(tmp_path, "x", RGB, {})
    assert np.array_equal(np.asarray(Image.open(tmp_path / "x.png")), RGB)
    for name in ("y.webp", "y.bmp", "y.tif"):
        Image.fromarray(RGB).save(tmp_path / name, lossless=True)
        assert np.array_equal(load(tmp_path, name, "image"), RGB), name


def test_every_picture_becomes_rgb_of_8_bits(tmp_path: Path) -> None:
    grey = RGB[..., 0]
    alike = np.repeat(grey[..., None], 3, axis=2)
    Image.fromarray(grey).save(tmp_path / "grey.png")
    Image.fromarray(grey).save(tmp_path / "grey.bmp")
    Image.fromarray(grey.astype(np.uint16) * 257).save(tmp_path / "deep.png")
    Image.fromarray(np.dstack([RGB, grey])).save(tmp_path / "alpha.png")
    Image.fromarray(RGB).quantize(256).save(tmp_path / "palette.png")
    for name in ("grey.png", "grey.bmp", "deep.png"):
        assert np.array_equal(load(tmp_path, name, "image"), alike), name
    assert np.array_equal(load(tmp_path, "alpha.png", "image"), RGB)
    palette = np.asarray(Image.open(tmp_path / "palette.png").convert("RGB"))
    assert np.array_equal(load(tmp_path, "palette.png", "image"), palette)


def test_jpeg_on_request(tmp_path: Path) -> None:
    smooth = np.full((16, 16, 3), (200, 100, 50), np.uint8)
    assert write_image(tmp_path, "x", smooth, {}, jpeg_quality=95) == "x.jpg"
    assert np.abs(load(tmp_path, "x.jpg", "image").astype(int) - smooth).max() <= 3


def test_exif_orientation_is_followed(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    Image.fromarray(RGB).save(tmp_path / "x.jpg", exif=exif)
    assert load(tmp_path, "x.jpg", "image").shape == (30, 20, 3)


@pytest.mark.parametrize(
    ("mask", "name"),
    [
        (GENERATOR.integers(0, 256, (9, 7), dtype=np.uint8), "x.png"),
        (GENERATOR.integers(0, 65536, (9, 7), dtype=np.uint16), "x.png"),
        (GENERATOR.integers(-5, 1000, (9, 7), dtype=np.int64), "x.npy"),
        (GENERATOR.random((9, 7)) > 0.5, "x.npy"),
    ],
)
def test_masks_come_back_exactly(tmp_path: Path, mask: np.ndarray, name: str) -> None:
    assert write_mask(tmp_path, "x", mask, {}) == name
    back = load(tmp_path, name, "mask")
    assert back.dtype == mask.dtype
    assert np.array_equal(back, mask)


def test_a_palette_mask_is_refused(tmp_path: Path) -> None:
    Image.fromarray(RGB[..., 0]).convert("P").save(tmp_path / "x.png")
    with pytest.raises(ManifestError, match=r"numbers of a palette\. Save it as a grey PNG"):
        load(tmp_path, "x.png", "mask")


def test_depth_in_millimetres_and_in_a_declared_unit(tmp_path: Path) -> None:
    levels = GENERATOR.integers(0, 65536, (9, 7), dtype=np.uint16)
    for unit in (0.001, 1 / 5000, 1 / 256):
        depth = (levels * unit).astype(np.float32)
        assert write_depth(tmp_path, "x", depth, {"unit": unit}) == "x.png"
        assert np.array_equal(np.asarray(Image.open(tmp_path / "x.png")), levels)
        assert np.array_equal(load(tmp_path, "x.png", "depth", unit=unit), depth)


@pytest.mark.parametrize("value", [np.pi, np.nan, 70.0, -0.001])
def test_depth_that_no_png_can_hold_becomes_an_array(tmp_path: Path, value: float) -> None:
    depth = np.full((4, 5), value, np.float32)
    assert write_depth(tmp_path, "x", depth, {}) == "x.npy"
    assert np.array_equal(load(tmp_path, "x.npy", "depth"), depth, equal_nan=True)


def test_depth_of_whole_numbers_in_an_array_counts_in_units(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.full((2, 2), 1500, np.uint16))
    assert np.array_equal(load(tmp_path, "x.npy", "depth"), np.full((2, 2), 1.5, np.float32))


def test_depth_of_8_bits_is_refused(tmp_path: Path) -> None:
    write_image(tmp_path, "x", RGB, {})
    with pytest.raises(ManifestError, match="expected a depth image .* a picture of 20x30x3 uint8"):
        load(tmp_path, "x.png", "depth")
