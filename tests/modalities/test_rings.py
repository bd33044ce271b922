"""Rings against half planes and rectangles: a referee counts, place by place, what surrounds it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug.kernels.filling import filled
from syncaug.kernels.least_rectangle import least_rectangle
from syncaug.kernels.rings import area_of, half
from syncaug.kernels.seams import opened, without
from syncaug.kernels.tracing import traced

X, Y = np.meshgrid(np.linspace(-1, 11, 151) + 0.00031, np.linspace(-1, 11, 151) + 0.00017)


def _inside(rings: Any) -> Any:
    """Which places an odd number of rings surround."""
    odd = np.zeros(X.shape, dtype=bool)
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            if y0 != y1:
                right = x0 + (Y - y0) * (x1 - x0) / (y1 - y0) > X
                odd ^= ((y0 > Y) != (y1 > Y)) & right
    return odd


def _drawn(seed: int) -> tuple[Any, Any]:
    """Rings that cross themselves and each other, half of them on whole numbers."""
    generator = np.random.default_rng(seed)
    rings = tuple(
        generator.random((generator.integers(3, 12), 2)) * 10
        for _ in range(generator.integers(1, 4))
    )
    if seed % 2:
        rings = tuple(np.round(ring) for ring in rings)
    return generator, rings


@pytest.mark.parametrize("seed", range(60))
def test_half_of_any_rings(seed: int) -> None:
    generator, rings = _drawn(seed)
    a, b = generator.normal(size=2)
    line = (a, b, -5.0 * (a + b))
    if seed % 3 == 0:
        line = ((1.0, 0.0, -3.0), (0.0, 1.0, -5.0), (-1.0, 0.0, 7.0), (0.0, -1.0, 4.0))[seed % 4]
    side = line[0] * X + line[1] * Y + line[2] >= 0.0
    whole = _inside(rings)
    assert np.array_equal(_inside(half(rings, line)), whole & side)
    assert np.array_equal(_inside(half(rings, line, outside=True)), whole & ~side)


@pytest.mark.parametrize("seed", range(60))
def test_rings_without_a_rectangle(seed: int) -> None:
    generator, rings = _drawn(seed)
    low, high = np.sort(generator.random((2, 2)) * 10, axis=0)
    if seed % 4 > 1:
        low, high = np.floor(low), np.ceil(high)
    covered = (low[0] <= X) & (high[0] > X) & (low[1] <= Y) & (high[1] > Y)
    left = without(rings, (low[0], low[1], high[0], high[1]))
    assert np.array_equal(_inside(left), _inside(rings) & ~covered)


def test_a_concave_outline_is_cut_into_parts_without_bridges() -> None:
    comb = np.array([[0, 0], [10, 0], [10, 8], [7, 8], [7, 3], [3, 3], [3, 8], [0, 8.0]])
    parts = half((comb,), (0.0, 1.0, -5.0))
    assert len(parts) == 2
    assert sorted(area_of((part,)) for part in parts) == [9.0, 9.0]


def test_holes_and_how_they_are_opened() -> None:
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10.0]])
    holed = without((square,), (3.0, 3.0, 5.0, 6.0))
    assert len(holed) == 2
    assert area_of(holed) == 94.0
    parts = opened(holed)
    assert sum(area_of((part,)) for part in parts) == pytest.approx(94.0)
    assert np.array_equal(_inside(parts), _inside(holed))
    away = (np.array([[0, 0], [1, 0], [1, 1.0]]),)
    assert without(away, (3.0, 3.0, 5.0, 6.0)) is away


@pytest.mark.parametrize("seed", range(8))
def test_masks_are_traced_and_filled_again(seed: int) -> None:
    mask = np.random.default_rng(seed).integers(0, 2, (17, 23)).astype(bool)
    rings = traced(mask)
    assert np.array_equal(filled([rings], (23, 17)), mask)
    assert area_of(rings) == np.count_nonzero(mask)


def test_the_least_rectangle_is_no_larger_than_any_that_is_tried() -> None:
    generator = np.random.default_rng(3)
    for _ in range(50):
        points = generator.normal(size=(generator.integers(3, 12), 2)) * [5.0, 2.0]
        box = least_rectangle(points, np.array([1.0, 0.3]))
        across, down = box[1] - box[0], box[3] - box[0]
        size = np.linalg.norm(across) * np.linalg.norm(down)
        for angle in np.linspace(0, np.pi / 2, 400):
            turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            assert size <= np.prod(np.ptp(points @ turn, axis=0)) * (1 + 1e-9)
        local = (points - box[0]) @ np.linalg.inv(np.stack([across, down]))
        assert local.min() > -1e-9
        assert local.max() < 1 + 1e-9
