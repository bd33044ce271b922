"""Boxes and keypoints as frozen tables: what a change leaves alone, and few rows against many."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncaug.maps.plane import PlaneMap
from syncaug.modalities.plane.box_table import doomed, fresh, seen, stay
from syncaug.modalities.plane.box_views import seen_under
from syncaug.modalities.plane.keypoint_table import inside

SIZE = (64, 48)
FEW = 5
MAPS = {
    "a flip": PlaneMap((-1.0, 0.0, 63.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), SIZE, SIZE),
    "a crop": PlaneMap((1.0, 0.0, -10.0, 0.0, 1.0, -7.0, 0.0, 0.0, 1.0), SIZE, (40, 30)).cut,
    "a zoom out of a crop": PlaneMap(
        (1.0, 0.0, -10.0, 0.0, 1.0, -7.0, 0.0, 0.0, 1.0), SIZE, (40, 30)
    ).cut.then(PlaneMap((0.5, 0.0, 10.0, 0.0, 0.5, 7.5, 0.0, 0.0, 1.0), (40, 30), (40, 30))),
    "a turn": PlaneMap((0.8, -0.6, 20.0, 0.6, 0.8, -14.0, 0.0, 0.0, 1.0), SIZE, SIZE),
    "a tilt": PlaneMap((1.0, 0.1, 0.0, 0.0, 1.0, 0.0, 0.002, 0.001, 1.0), SIZE, SIZE),
}


def some_boxes(count: int) -> Any:
    rng = np.random.default_rng(7)
    low = rng.uniform(-0.5, [50.0, 40.0], (count, 2))
    return np.hstack([low, low + rng.uniform(1.0, 13.0, (count, 2))])


@pytest.mark.parametrize("name", MAPS)
def test_few_boxes_come_out_as_they_do_among_many(name: str) -> None:
    many = some_boxes(100)
    corners, share = seen_under(np.asfortranarray(many), MAPS[name])
    parts = [seen_under(many[at : at + FEW], MAPS[name]) for at in range(0, 100, FEW)]
    np.testing.assert_allclose(np.concatenate([p for p, _ in parts]), corners, rtol=0, atol=1e-12)
    np.testing.assert_allclose(np.concatenate([s for _, s in parts]), share, rtol=0, atol=1e-12)
    assert share.max() <= 1.0 + 1e-12


@given(st.lists(st.tuples(st.floats(-9, 70), st.floats(-9, 60)), min_size=13, max_size=40))
def test_few_points_are_inside_as_they_are_among_many(points: list[tuple[float, float]]) -> None:
    pixels = np.array(points)
    few = [inside(pixels[at : at + FEW], SIZE) for at in range(0, len(pixels), FEW)]
    assert np.concatenate(few).tolist() == inside(pixels, SIZE).tolist()


def test_no_boxes_at_all_pass_every_map() -> None:
    for plane in MAPS.values():
        corners, share = seen_under(np.empty((0, 4)), plane)
        assert corners.shape == (0, 4)
        assert share.shape == (0,)


def test_a_change_gives_a_new_table_and_leaves_the_old_one() -> None:
    table = fresh(some_boxes(4))
    share = np.array([1.0, 0.2, 0.0, 0.8])
    later = seen(table, table.corners + 1.0, share, stay(table, share, least=0.3))
    assert later.kept.tolist() == [0, 3]
    assert later.left.tolist() == [1.0, 0.8]
    assert later.share.tolist() == [1.0, 0.2, 0.0, 0.8]
    assert later.gone == [1, 2]
    assert table.kept.tolist() == [0, 1, 2, 3]
    assert table.share.tolist() == [1.0] * 4
    assert table.gone == []
    with pytest.raises(AttributeError):
        table.kept = later.kept  # type: ignore[misc]


def test_what_counts_is_the_share_of_the_original_box() -> None:
    table = fresh(some_boxes(2))
    half = np.array([0.5, 1.0])
    table = seen(table, table.corners, half, stay(table, half, least=0.4))
    again = np.array([0.7, 0.7])
    assert stay(table, again, least=0.4).tolist() == [False, True]


def test_doomed_boxes_go_with_the_next_change_wherever_they_are() -> None:
    table = doomed(fresh(some_boxes(3)), np.array([True, False, True]))
    assert table.kept.tolist() == [0, 1, 2]
    whole = np.ones(3)
    assert stay(table, whole, least=-1e-9).tolist() == [True, False, True]
    gone = seen(table, table.corners, whole, stay(table, whole, least=-1e-9))
    nobody = seen(gone, gone.corners, np.zeros(2), np.zeros(2, bool))
    assert stay(nobody, np.ones(0), least=0.5).tolist() == []
