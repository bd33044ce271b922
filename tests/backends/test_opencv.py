"""Warps, tables and colours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from syncaug.backends import codecs, opencv
from syncaug.errors import ManifestError
from syncaug.maps.plane import FieldMap

GENERATOR = np.random.default_rng(3)
DTYPES = (np.uint8, np.bool_, np.int8, np.int32, np.uint32, np.int64, np.uint64, np.float32)
SHAPES = ((7, 9), (7, 9, 1), (7, 9, 3), (7, 9, 6))


def _any(dtype: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    if np.dtype(dtype).itemsize == 8:
        return GENERATOR.integers(0, 2**62, shape).astype(dtype)  # doubles cannot hold them
    return GENERATOR.integers(0, 100, shape).astype(dtype)


def _matrix(*rows: tuple[float, float, float]) -> np.ndarray[Any, Any]:
    return np.array([*rows, (0.0, 0.0, 1.0)])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_flips_turns_and_crops_are_copies(dtype: Any, shape: tuple[int, ...]) -> None:
    picture = _any(dtype, shape)
    before = picture.copy()
    exact = {
        "flip": (_matrix((-1, 0, 8), (0, 1, 0)), (9, 7), picture[:, ::-1]),
        "flop": (_matrix((1, 0, 0), (0, -1, 6)), (9, 7), picture[::-1]),
        "half turn": (_matrix((-1, 0, 8), (0, -1, 6)), (9, 7), picture[::-1, ::-1]),
        "quarter turn": (_matrix((0, 1, 0), (-1, 0, 8)), (7, 9), np.rot90(picture)),
        "transpose": (_matrix((0, 1, 0), (1, 0, 0)), (7, 9), picture.swapaxes(0, 1)),
        "crop": (_matrix((1, 0, -2), (0, 1, -1)), (4, 5), picture[1:6, 2:6]),
        "crop of a flip": (_matrix((-1, 0, 6), (0, 1, -1)), (4, 5), picture[1:6, ::-1][:, 2:6]),
        "itself": (np.eye(3), (9, 7), picture),
    }
    for name, (matrix, size, expected) in exact.items():
        for interpolation in ("nearest", "linear"):
            moved = opencv.warp(picture, matrix, size, interpolation)
            assert moved.dtype == picture.dtype
            assert np.array_equal(moved, expected), name
            assert not np.may_share_memory(moved, picture)
    assert np.array_equal(picture, before)


def test_what_lies_outside_is_filled() -> None:
    picture = _any(np.int64, (7, 9))
    moved = opencv.warp(picture, _matrix((1, 0, 3), (0, 1, 2)), (9, 7), "nearest", fill=-1)
    assert np.array_equal(moved[2:, 3:], picture[:-2, :-3])
    assert (moved[:2] == -1).all()
    assert (moved[:, :3] == -1).all()
    assert (opencv.warp(picture, _matrix((1, 0, 30), (0, 1, 0)), (9, 7), fill=5) == 5).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_nearest_keeps_every_value(dtype: Any, shape: tuple[int, ...]) -> None:
    picture = _any(dtype, shape)
    moved = opencv.warp(picture, _matrix((1.001, 0.001, 0), (0, 1, 0.002)), (9, 7), "nearest")
    assert np.array_equal(moved, picture)
    tilted = opencv.warp(picture, _matrix((0.8, 0.3, 1), (-0.3, 0.9, 2)), (9, 7), "nearest", fill=1)
    assert set(np.unique(tilted)) <= {1, *np.unique(picture)}
    y, x = np.mgrid[:7, :9].astype(np.float32)
    field = FieldMap(np.stack([8 - x, y], axis=-1), np.ones((7, 9), bool), (9, 7))
    assert np.array_equal(opencv.remap(picture, field, "nearest"), picture[:, ::-1])


@pytest.mark.parametrize("channels", [0, 1, 2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("dtype", [*DTYPES, np.uint16, np.int16, np.float64])
def test_nearest_takes_the_same_pixels_of_every_dtype(dtype: Any, channels: int) -> None:
    """Halfway between two pixels, too, as all pixels of a picture of half the size are."""
    grey = (np.arange(60 * 100).reshape(60, 100) * 7 % 113).astype(np.uint8)
    places = grey % 2 if dtype is np.bool_ else grey
    for factor in (0.5, 0.25, 1.5):
        matrix = _matrix((factor, 0, (factor - 1) / 2), (0, factor, (factor - 1) / 2))
        size = (round(100 * factor), round(60 * factor))
        wanted, picture = opencv.warp(places, matrix, size, "nearest"), places.astype(dtype)
        if channels:
            wanted, picture = (np.stack([one] * channels, axis=2) for one in (wanted, picture))
        for fill in (0, 1):
            moved = opencv.warp(picture, matrix, size, "nearest", fill=fill)
            assert np.array_equal(moved, wanted)


@pytest.mark.parametrize("fill", [0, 1, -1, 255, 2**31 - 1, 0x7F800001])
def test_nearest_keeps_bits_that_are_no_numbers_as_floats(fill: int) -> None:
    picture = np.array([[-1, 0x7F800001, -0x7FFFFF, 1, 255, 0x7FC00001]] * 3, np.int32)
    moved = opencv.warp(picture, _matrix((1, 0, 2.2), (0, 1, 0.1)), (6, 3), "nearest", fill=fill)
    assert np.array_equal(moved[:, 2:], picture[:, :-2])
    assert (moved[:, :2] == fill).all()


def test_a_resize_agrees_with_opencv_where_it_grows_and_averages_where_it_shrinks() -> None:
    picture = GENERATOR.random((64, 64), dtype=np.float32)
    for factor in (2.0, 0.25):
        matrix = _matrix((factor, 0, (factor - 1) / 2), (0, factor, (factor - 1) / 2))
        size = (round(64 * factor),) * 2
        how = cv2.INTER_LINEAR if factor > 1 else cv2.INTER_AREA
        expected = cv2.resize(picture, size, interpolation=how)
        assert np.abs(opencv.warp(picture, matrix, size) - expected).max() < 1e-6


def test_a_fine_pattern_does_not_alias_when_it_shrinks() -> None:
    checks = (np.indices((256, 256)).sum(axis=0) % 2).astype(np.float32)
    c, s = 0.2 * np.cos(0.3), 0.2 * np.sin(0.3)
    turned = opencv.warp(checks, _matrix((c, -s, 10), (s, c, 0)), (60, 60))
    assert np.abs(turned[20:40, 20:40] - 0.5).max() < 0.05


def test_perspective_agrees_with_opencv() -> None:
    picture = GENERATOR.integers(0, 256, (50, 60, 5)).astype(np.uint8)
    matrix = np.array([[0.9, 0.1, 2], [0.05, 1.1, -3], [1e-3, -5e-4, 1.0]])
    moved = opencv.warp(picture, matrix, (60, 50), fill=9)
    for channel in range(5):
        plain = np.ascontiguousarray(picture[..., channel])
        expected = cv2.warpPerspective(plain, matrix, (60, 50), borderValue=9)
        assert np.array_equal(moved[..., channel], expected)


def test_a_field_shows_fill_where_it_is_not_valid() -> None:
    picture = GENERATOR.random((5, 6, 3), dtype=np.float32)
    y, x = np.mgrid[:5, :6].astype(np.float32)
    valid = x < 3
    field = FieldMap(np.stack([x, y], axis=-1), valid, (6, 5))
    moved = opencv.remap(picture, field, "linear", fill=0.25)
    assert np.allclose(moved[valid], picture[valid], atol=1e-6)
    assert (moved[~valid] == 0.25).all()


def test_lookup() -> None:
    picture = GENERATOR.integers(0, 256, (8, 9, 3), dtype=np.uint8)
    table = np.arange(255, -1, -1, dtype=np.uint8)
    before = picture.copy()
    assert np.array_equal(opencv.lookup(picture, table), 255 - picture)
    assert np.array_equal(opencv.lookup(picture[:, ::2], table), 255 - picture[:, ::2])
    assert np.array_equal(picture, before)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_hue(dtype: Any) -> None:
    one = 255 if dtype is np.uint8 else 1.0
    colours = np.array([[[one, 0, 0], [0, one, 0], [0, 0, one]]], dtype)
    third = opencv.shift_hue(colours, 120)
    assert np.allclose(third, np.roll(colours, 1, axis=2), atol=one / 1000)
    assert np.allclose(opencv.shift_hue(third, -120), colours, atol=one / 1000)
    grey = opencv.shift_hue(colours, 0, saturation=0.0, value=0.5)
    assert np.allclose(grey, one / 2, atol=one / 250)
    alpha = np.dstack([colours, colours[..., :1]])
    assert np.array_equal(opencv.shift_hue(alpha, 60)[..., 3], alpha[..., 3])


def test_points() -> None:
    matrix = np.array([[0, -2, 0, 1], [2, 0, 0, 0], [0, 0, 2, -3], [0, 0, 0, 1.0]])
    for dtype in (np.float32, np.float64):
        points = GENERATOR.random((50, 3)).astype(dtype)
        moved = opencv.transform_points(points, matrix)
        assert moved.dtype == dtype
        assert np.allclose(moved, points @ matrix[:3, :3].T + matrix[:3, 3], atol=1e-6)
    assert opencv.transform_points(points[:0], matrix).shape == (0, 3)


def test_files(tmp_path: Path) -> None:
    depth = GENERATOR.integers(0, 65536, (5, 6)).astype(np.uint16)
    rgb = GENERATOR.integers(0, 256, (5, 6, 3)).astype(np.uint8)
    for picture in (depth, rgb):
        (tmp_path / "ü.png").write_bytes(codecs.encode_png(picture))
        assert np.array_equal(codecs.read_image(tmp_path / "ü.png"), picture)
    (tmp_path / "none.png").write_bytes(b"")
    for name in ("none.png", "absent.png"):
        with pytest.raises(ManifestError, match=name):
            codecs.read_image(tmp_path / name)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_a_detour_over_four_channels_keeps_all_bits(
    dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = (GENERATOR.random((60, 70, 3)) * 200).astype(dtype)
    bent = _matrix((0.9, 0.2, 3), (-0.1, 1.1, -2))
    y, x = np.mgrid[:60, :70].astype(np.float32)
    places = np.stack([x + 3 * np.sin(y / 5), y - 2 * np.cos(x / 7)], axis=-1)
    field = FieldMap(places, (places[..., 0] > 1) & (places[..., 1] > 1), (70, 60))

    def moved() -> list[np.ndarray[Any, Any]]:
        warps = [opencv.warp(picture, bent, (70, 60), fill=fill) for fill in (9, [1, 2, 3])]
        return [*warps, opencv.remap(picture, field, fill=5)]

    assert opencv.faster_with_four(picture, cv2.INTER_LINEAR)
    through_four = moved()
    for module in ("warps", "fields"):
        monkeypatch.setattr(f"syncaug.backends.opencv.{module}.faster_with_four", lambda *_: False)
    for one, other in zip(through_four, moved(), strict=True):
        assert np.array_equal(one, other)
