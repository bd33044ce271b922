"""Short ways through arrays give the very numbers of the long ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug.backends import opencv
from syncaug.kernels.gravity import turned_back
from syncaug.kernels.rings import following
from syncaug.kernels.vector_pictures import any_channel, lengths, resampled
from syncaug.maps.plane import PlaneMap
from syncaug.modalities.plane.instance_forms import empty_picture, marked, packed, unpacked

RANDOM = np.random.default_rng(0)
SIZE = (9, 7)  # width and height
MIRROR = (-1.0, 0.0, 8.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
QUARTER = (0.0, 1.0, 0.0, -1.0, 0.0, 8.0, 0.0, 0.0, 1.0)
SHIFT = (1.0, 0.0, 3.0, 0.0, 1.0, -2.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 17, 33, 128, 129])
def test_flips_of_any_number_of_channels(dtype: str, channels: int) -> None:
    picture = (RANDOM.random((7, 9, channels)) * 255).astype(dtype)
    for across, down in ((-1, 1), (1, -1), (-1, -1)):
        x, y = (8.0 if across < 0 else 0.0), (6.0 if down < 0 else 0.0)
        numbers = (float(across), 0.0, x, 0.0, float(down), y, 0.0, 0.0, 1.0)
        moved = opencv.warp_map(picture, PlaneMap(numbers, SIZE, SIZE))
        assert np.array_equal(moved, picture[::down, ::across])
        assert moved.dtype == picture.dtype
        assert moved.flags.c_contiguous
        assert not np.shares_memory(moved, picture)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 12, 16, 17, 24, 30, 40])
@pytest.mark.parametrize("last", [False, True])
def test_masks_are_packed_as_numpy_packs_bits(count: int, last: bool) -> None:
    masks = RANDOM.random((count, 7, 9)) < 0.3
    if count:
        masks[-1] = False
    if last:
        masks = np.ascontiguousarray(np.moveaxis(masks, 0, -1)).transpose(2, 0, 1)
    bits = packed(masks)
    expected = empty_picture(SIZE, count)
    planes = np.packbits(masks, axis=0)
    expected[:, :, : len(planes)] = np.moveaxis(planes, 0, -1)
    assert np.array_equal(bits, expected)
    assert np.array_equal(unpacked(bits, count), masks)
    assert np.array_equal(marked(bits, count), masks.any(axis=(1, 2)))


@pytest.mark.parametrize("numbers", [MIRROR, QUARTER, SHIFT])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_vectors_that_are_only_copied_are_those_that_were_there(numbers: Any, dtype: str) -> None:
    size = (7, 9) if numbers is QUARTER else SIZE
    picture = RANDOM.normal(size=(7, 9, 2)).astype(dtype)
    picture[2, 3] = np.nan
    picture[4, 5] = -0.0
    moved = resampled(picture, PlaneMap(numbers, SIZE, size), 0.5)
    a, b, x, c, d, y, *_ = numbers
    expected = np.full((size[1], size[0], 2), np.nan, dtype)
    for row in range(7):
        for column in range(9):
            u, v = round(a * column + b * row + x), round(c * column + d * row + y)
            if 0 <= u < size[0] and 0 <= v < size[1]:
                expected[v, u] = picture[row, column]
    assert np.array_equal(moved, expected, equal_nan=True)


def test_flags_and_lengths_of_pixels() -> None:
    vectors = RANDOM.normal(size=(7, 9, 3))
    vectors[1, 2] = 0.0
    vectors[3, 4, 1] = np.nan
    assert np.array_equal(any_channel(np.isnan(vectors)), np.isnan(vectors).any(axis=-1))
    assert np.allclose(lengths(vectors), np.linalg.norm(vectors, axis=-1), equal_nan=True)


def test_what_follows_in_a_ring() -> None:
    ring = RANDOM.random((5, 2))
    assert np.array_equal(following(ring), np.roll(ring, -1, axis=0))
    assert np.array_equal(following(ring[:, 0]), np.roll(ring[:, 0], -1))
    assert len(following(ring[:0])) == 0


def test_vectors_turned_by_quaternions_keep_their_length() -> None:
    turns = RANDOM.normal(size=(20, 4))
    turns /= np.linalg.norm(turns, axis=1, keepdims=True)
    vectors = RANDOM.normal(size=(20, 3))
    moved = turned_back(turns, vectors)
    assert np.allclose(np.linalg.norm(moved, axis=1), np.linalg.norm(vectors, axis=1))
    axes = turns[:, 1:] / np.linalg.norm(turns[:, 1:], axis=1, keepdims=True)
    assert np.allclose((moved * axes).sum(axis=1), (vectors * axes).sum(axis=1))
    half = np.array([[0.0, 0.0, 0.0, 1.0]])
    assert np.allclose(turned_back(half, np.array([[1.0, 2.0, 3.0]])), [[-1.0, -2.0, 3.0]])
