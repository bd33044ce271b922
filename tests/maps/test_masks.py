"""Occlusions: the covered share of a box is the share of its pixels under any rectangle."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from syncaug.maps.mask import Occlusion

SIZE = (40, 30)
FINE = 4
"""Sample points of a pixel along each axis; edges of boxes lie between them."""


def rectangles(generator: np.random.Generator, count: int) -> tuple[tuple[int, int, int, int], ...]:
    left, top = generator.integers(0, 38, count), generator.integers(0, 28, count)
    right = left + generator.integers(1, 15, count)
    bottom = top + generator.integers(1, 12, count)
    return tuple(zip(left.tolist(), top.tolist(), right.tolist(), bottom.tolist(), strict=True))


def boxes(generator: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Boxes of left, top, right, bottom on quarters of pixels, some beyond the picture."""
    edges = np.sort(generator.integers(-20, 44 * FINE, (count, 2, 2)), axis=1)
    return np.asarray(edges.reshape(count, 4) / FINE - 0.5)


def counted(occlusion: Occlusion, box: NDArray[np.float64]) -> float:
    """The share of a box, by counting which of the middles of its quarters are covered."""
    left, top, right, bottom = box
    x = np.arange(left + 0.5 / FINE, right, 1 / FINE)
    y = np.arange(top + 0.5 / FINE, bottom, 1 / FINE)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return float(occlusion.covers(places).mean()) if len(places) else 0.0


@pytest.mark.parametrize("count", [0, 1, 2, 5, 40])
def test_a_share_is_that_of_the_places_under_any_rectangle(count: int) -> None:
    generator = np.random.default_rng(count)
    occlusion = Occlusion(rectangles(generator, count), SIZE)
    corners = boxes(generator, 60)
    wanted = [counted(occlusion, box) for box in corners]
    assert np.allclose(occlusion.shares(corners), wanted, rtol=0, atol=1e-12)


def test_all_and_nothing_are_exact() -> None:
    """What is hidden whole has no share left, and what nothing touches has lost none."""
    generator = np.random.default_rng(3)
    tiles = ((3, 2, 10, 9), (10, 2, 17, 20), (3, 9, 10, 20), (5, 5, 12, 11))
    lost = np.sort(generator.uniform([[2.5, 1.5]], [[16.5, 19.5]], (200, 2, 2)), axis=1)
    free = np.sort(generator.uniform([[16.5, -5.0]], [[50.0, 40.0]], (200, 2, 2)), axis=1)
    occlusion = Occlusion(tiles, SIZE)
    assert (occlusion.shares(lost.reshape(-1, 4)) == 1.0).all()
    assert (occlusion.shares(free.reshape(-1, 4)) == 0.0).all()


def test_a_box_without_an_area_and_no_box_at_all_have_no_share() -> None:
    occlusion = Occlusion(((0, 0, 10, 10),), SIZE)
    assert occlusion.shares(np.array([[2.0, 3.0, 2.0, 8.0]])).tolist() == [0.0]
    assert occlusion.shares(np.zeros((0, 4))).shape == (0,)
