"""Velocities in lists beside 3-D boxes: along the ground of their world, whatever axis is up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, load_policy

QUATERNION = "columns: [x, y, z, w, l, h, qw, qx, qy, qz], labels: velocity"
KITTI = "columns: [h, w, l, x, y, z, rotation_y], up: -y, labels: velocity"
FREE = np.array([[1.0, 2, 3, 1, 2, 1, 1, 0, 0, 0]])
LEVEL = np.array([[1.0, 1, 2, 3, 1, 9, 0.2]])


def velocity(declared: str, boxes: Any, value: Any, axis: str) -> Any:
    ready = load_policy(
        f"syncaug: 1\nsample:\n  cars: {{modality: boxes3d, {declared}}}\n"
        f"steps: [{{name: turn, uses: world_rotate, with: {{axis: {axis}, degrees: 90}}}}]\n"
    )
    return ready({"cars": boxes, "velocity": value}, key="a")["velocity"]


def test_two_components_lie_on_the_ground() -> None:
    assert np.allclose(velocity(QUATERNION, FREE, [[3.0, 1.0]], "z"), [[-1.0, 3.0]])
    # A turn about +y takes z to x and x to -z.
    assert np.allclose(velocity(KITTI, LEVEL, [[3.0, 1.0]], "y"), [[1.0, -3.0]])
    assert np.allclose(velocity(KITTI, LEVEL, np.array([[3.0, 0, 1.0]]), "y"), [[1.0, 0, -3.0]])


def test_three_components_follow_every_turn() -> None:
    assert np.allclose(velocity(QUATERNION, FREE, [[3.0, 1.0, 2.0]], "x"), [[3.0, -2.0, 1.0]])


def test_two_components_cannot_leave_the_ground() -> None:
    with pytest.raises(AlignmentError, match="out of the ground"):
        velocity(QUATERNION, FREE, [[3.0, 1.0]], "x")
    assert velocity(QUATERNION, FREE, [None], "x") == [None]


def test_what_is_not_known_stays_so() -> None:
    out = velocity(QUATERNION, FREE, np.array([[np.nan, np.nan]]), "z")
    assert np.isnan(out).all()
    assert velocity(QUATERNION, FREE, [None], "z") == [None]
