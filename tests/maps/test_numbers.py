"""Maps as plain floats: they say what the same arithmetic on arrays says."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

from syncaug.maps.camera import Camera
from syncaug.maps.numbers import IDENTITY, as_matrix, as_nine, as_pose, as_twelve, inverse, product
from syncaug.maps.plane import PlaneMap
from syncaug.maps.window import Window
from syncaug.maps.world import WorldMap, reflection, rotation_about

SIZE = (64, 48)
CLOSE = {"rtol": 1e-12, "atol": 1e-12}
SEEDS = range(60)


def matrix_of(seed: int) -> Any:
    """A matrix of pixels: by turns affine, projective and affine at a scale of its own."""
    generator = np.random.default_rng(seed)
    matrix = np.eye(3)
    matrix[:2, :2] = generator.normal(size=(2, 2)) * 2.0
    matrix[:2, 2] = generator.normal(size=2) * 30.0
    if seed % 3 == 1:
        matrix[2] = [*generator.normal(size=2) * 1e-3, 1.0]
    return matrix * 1.7 if seed % 3 == 2 else matrix


def turn_of(seed: int) -> Any:
    generator = np.random.default_rng(seed)
    turn = as_matrix(rotation_about("xyz"[seed % 3], generator.uniform(-180, 180)))
    return turn @ np.diag([-1.0, 1.0, 1.0]) if seed % 2 else turn


def similarity_of(seed: int) -> Any:
    generator = np.random.default_rng(seed)
    matrix = np.eye(4)
    matrix[:3, :3] = turn_of(seed) @ turn_of(seed + 1) * generator.uniform(0.2, 3.0)
    matrix[:3, 3] = generator.normal(size=3) * 10.0
    return matrix


@pytest.mark.parametrize("seed", SEEDS)
def test_two_plane_maps_compose_as_their_matrices_do(seed: int) -> None:
    first, last, cut = matrix_of(seed), matrix_of(seed * 7 + 1), matrix_of(seed * 5 + 3)
    before = PlaneMap.of(first, SIZE, (30, 20), turn_of(seed))
    later = PlaneMap.of(last, (30, 20), (50, 40), turn_of(seed + 9))
    later = later._replace(windows=(Window(as_nine(cut), (9, 8)),))
    both = before.then(later)
    assert np.allclose(both.matrix, last @ first, **CLOSE)
    assert np.allclose(as_matrix(both.turn), turn_of(seed + 9) @ turn_of(seed), **CLOSE)
    assert (both.source, both.size) == (SIZE, (50, 40))
    ((numbers, size),) = both.windows
    assert np.allclose(as_matrix(numbers), cut @ first, **CLOSE)
    assert size == (9, 8)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plane_map_says_what_its_matrix_says(seed: int) -> None:
    matrix = matrix_of(seed)
    plane = PlaneMap.of(matrix, SIZE, SIZE)
    assert np.array_equal(plane.matrix, matrix)
    assert plane.mirrors == (np.linalg.det(matrix) < 0)
    assert plane.is_affine == (seed % 3 != 1)
    back = as_matrix(plane.inverse)
    assert np.allclose(back @ matrix / (back @ matrix)[2, 2], np.eye(3), atol=1e-9)
    assert (back @ matrix)[2, 2] > 0
    assert np.allclose(as_matrix(inverse(plane.numbers)), np.linalg.inv(matrix), rtol=1e-9)
    if plane.is_affine:
        assert np.allclose(np.reshape(plane.jacobian, (2, 2)), matrix[:2, :2], rtol=0)


@pytest.mark.parametrize("seed", range(1, 60, 3))
def test_the_jacobian_of_a_projective_map_is_its_slope_at_the_centre(seed: int) -> None:
    plane = PlaneMap.of(matrix_of(seed), SIZE, SIZE)
    centre, step = np.array([31.5, 23.5]), 1e-4 * np.eye(2)
    slope = (plane.points(centre + step) - plane.points(centre - step)).T / 2e-4
    assert np.allclose(np.reshape(plane.jacobian, (2, 2)), slope, rtol=1e-5, atol=1e-7)


def test_an_identity_adds_nothing_and_maps_of_equal_numbers_are_equal() -> None:
    plane = PlaneMap.of(matrix_of(4), SIZE, SIZE, turn_of(4))
    assert PlaneMap.identity(SIZE).then(plane) is plane
    assert plane.then(PlaneMap.identity(SIZE)) == plane
    assert PlaneMap.identity(SIZE).is_identity
    assert not plane.is_identity
    assert not PlaneMap.identity(SIZE)._replace(size=(9, 9)).is_identity
    again = pickle.loads(pickle.dumps(plane))
    assert again == plane
    assert type(again) is PlaneMap
    assert hash(again) == hash(plane)
    assert plane.turns
    assert not PlaneMap(plane.numbers, SIZE, SIZE, (*IDENTITY[:8], 1.0)).turns


def test_a_cut_is_made_once_for_each_picture() -> None:
    plane = PlaneMap.of(matrix_of(3), SIZE, SIZE)
    assert plane.cut.windows == (Window(plane.numbers, SIZE),)
    assert plane.cut.cut is plane.cut
    grown = plane.cut.then(PlaneMap(IDENTITY, SIZE, (99, 99)))
    assert len(grown.cut.windows) == 2, "a larger picture is another one"


@pytest.mark.parametrize("seed", SEEDS)
def test_world_maps_compose_and_are_undone_as_their_matrices_are(seed: int) -> None:
    first, last = similarity_of(seed), similarity_of(seed + 31)
    before, later = WorldMap.of(first), WorldMap.of(last)
    assert np.array_equal(before.matrix, first)
    assert np.allclose(before.then(later).matrix, last @ first, **CLOSE)
    assert np.allclose(before.inverse.matrix, np.linalg.inv(first), rtol=1e-9, atol=1e-9)
    determinant = np.linalg.det(first[:3, :3])
    assert before.mirrors == (determinant < 0)
    assert before.scale == pytest.approx(abs(determinant) ** (1 / 3), rel=1e-12)
    assert pickle.loads(pickle.dumps(before)) == before


@pytest.mark.parametrize("size", [1e-120, 1e-90, 1e-70, 1e70, 1e120])
def test_worlds_whose_volume_no_float_holds_have_a_size_and_an_inverse(size: float) -> None:
    world = WorldMap.moving((-size, 0.0, 0.0, 0.0, 0.0, size, 0.0, -size, 0.0), 1.0, 2.0, 3.0)
    assert world.scale == pytest.approx(size, rel=1e-12)
    assert world.mirrors
    back = world.then(world.inverse).matrix
    assert np.allclose(back, np.eye(4), atol=1e-9)


def test_a_world_of_no_size_has_no_inverse() -> None:
    nothing = WorldMap.moving((0.0,) * 9)
    assert math.isnan(nothing.scale)
    assert math.isnan(nothing.inverse.numbers[0])


def test_the_identity_and_the_mirrors_of_a_world() -> None:
    assert np.array_equal(WorldMap.identity().matrix, np.eye(4))
    assert np.array_equal(as_matrix(reflection("y")), np.diag([1.0, -1.0, 1.0]))


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_a_rotation_keeps_its_axis_and_turns_the_next_towards_the_last(axis: str) -> None:
    place = "xyz".index(axis)
    turn = as_matrix(rotation_about(axis, 30.0))
    assert np.array_equal(turn[place], np.eye(3)[place])
    one, other = (place + 1) % 3, (place + 2) % 3
    assert turn[other, one] == pytest.approx(0.5)
    assert turn[one, other] == pytest.approx(-0.5)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_camera_sees_the_same_after_its_picture_and_its_world_moved(seed: int) -> None:
    generator = np.random.default_rng(seed)
    lens = np.array([[50.0, 0.0, 31.5], [0.0, 45.0, 23.5], [0.0, 0.0, 1.0]])
    pose = np.eye(4)
    pose[:3, :3] = turn_of(2 * seed)
    pose[:3, 3] = generator.normal(size=3)
    camera = Camera.of(lens, pose, SIZE)
    points = generator.normal(size=(20, 3)) * 5.0
    pixels, depths = camera.project(points)

    plane = PlaneMap.of(matrix_of(3 * seed), SIZE, (50, 40), turn_of(seed))
    moved = camera.moved(plane)
    assert np.allclose(moved.project(points)[0], plane.points(pixels), rtol=1e-9, atol=1e-6)
    assert moved.size == (50, 40)

    world = WorldMap.of(similarity_of(seed))
    there = camera.in_world(world)
    shifted = points @ world.matrix[:3, :3].T + world.matrix[:3, 3]
    assert np.allclose(there.project(shifted)[0], pixels, rtol=1e-9, atol=1e-6)
    assert np.allclose(there.project(shifted)[1], depths * world.scale, rtol=1e-9, atol=1e-9)
    assert np.linalg.det(there.extrinsics[:3, :3]) > 0


def test_numbers_and_arrays_go_back_and_forth() -> None:
    matrix, pose = matrix_of(1), similarity_of(1)
    assert np.array_equal(as_matrix(as_nine(matrix)), matrix)
    assert np.array_equal(as_pose(as_twelve(pose)), pose)
    assert product(IDENTITY, as_nine(matrix)) == as_nine(matrix)
