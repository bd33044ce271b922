"""Point clouds and 3-D boxes through their camera."""

from __future__ import annotations

import numpy as np
import pytest

from syncaug.maps.camera import Camera
from syncaug.report import clouds
from tests.solids import solids

K = np.array([[100.0, 0.0, 49.5], [0.0, 100.0, 39.5], [0.0, 0.0, 1.0]])
CAMERA = Camera.of(K, np.eye(4), (100, 80))


def test_a_point_is_drawn_where_the_camera_sees_it_and_near_covers_far() -> None:
    points = np.array([[0.0, 0.0, 2.0], [0.0, 0.0, 4.0], [0.0, 0.0, -1.0], [9.0, 0.0, 1.0]])
    colours = np.array([[250, 0, 0], [0, 250, 0], [0, 0, 250], [9, 9, 9]], np.uint8)
    picture = clouds.cloud_picture(points, CAMERA, None, colours=colours, limits=(2.0, 4.0))
    drawn = np.argwhere((picture != 24).any(axis=2))
    assert np.abs(drawn.mean(axis=0) - [39.5, 49.5]).max() <= 1.0
    assert picture[40, 50].tolist() == [250, 0, 0]


def test_no_point_in_sight_leaves_the_dimmed_picture() -> None:
    backdrop = np.full((80, 100, 3), 200, np.uint8)
    behind = np.array([[0.0, 0.0, -1.0]])
    picture = clouds.cloud_picture(behind, CAMERA, backdrop, colours=None, limits=(0.0, 1.0))
    assert (picture == 50).all()
    assert clouds.depth_limits(behind, CAMERA) == (0.0, 1.0)


def test_colours_of_points_are_compared_with_their_pixels() -> None:
    points = np.array([[0.0, 0.0, 1.0], [0.2, 0.1, 1.0]])
    picture = np.full((80, 100, 3), 100, np.uint8)
    same, other = np.full((2, 3), 100, np.uint8), np.full((2, 3), 151, np.uint8)
    assert clouds.colour_distance(points, CAMERA, same, picture) == 0.0
    assert clouds.colour_distance(points, CAMERA, other, picture) == pytest.approx(0.2)


@pytest.mark.parametrize(("top", "columns"), [(1.0, "xyzrgb"), (255.0, "xyzrgb")])
def test_points_have_colours_in_either_range(top: float, columns: str) -> None:
    rows = np.array([[0, 0, 1, top, 0, 0], [0, 0, 1, 0, top, 0]], np.float32)
    colours = clouds.own_colours(rows, tuple(columns))
    assert colours is not None
    assert colours.tolist() == [[255, 0, 0], [0, 255, 0]]
    assert clouds.own_colours(rows[:, :4], ("x", "y", "z", "intensity")) is None


def test_a_box_has_twelve_edges_and_one_behind_the_camera_none() -> None:
    ahead = [0.0, 0.0, 5.0, 1.0, 1.0, 1.0, 0.0]
    behind = [0.0, 0.0, -5.0, 1.0, 1.0, 1.0, 0.0]
    shapes = clouds.wire_shapes(solids([ahead, behind]), CAMERA, [4, 5])
    assert [shape.colour for shape in shapes] == [4]
    assert shapes[0].path.count("L") == 12


def test_an_edge_that_passes_the_camera_is_cut_short() -> None:
    around = solids([0.0, 0.0, 0.0, 1.0, 1.0, 4.0, 0.0])
    (shape,) = clouds.wire_shapes(around, CAMERA, [0])
    assert shape.path.count("L") == 8
    assert "nan" not in shape.path
    assert "inf" not in shape.path
