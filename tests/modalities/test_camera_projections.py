"""Cameras stated by projections and by single numbers, as data sets have them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import SampleError
from tests.modalities.test_camera_forms import (
    ASIDE,
    CROP,
    EVERYTHING,
    FLIP,
    GROW,
    PAN,
    RESIZE,
    ROTATE,
    SIZE,
    TURN,
    E,
    K,
    carried,
    cloud,
    wanted,
)

P2 = np.array(
    [
        [721.5377, 0.0, 609.5593, 44.85728],
        [0.0, 721.5377, 172.854, 0.2163791],
        [0.0, 0.0, 1.0, 0.002745884],
    ]
)
"""The projection of the left colour camera in one of KITTI's files."""
TR = np.array(
    [
        [7.533745e-03, -9.999714e-01, -6.166020e-04, -4.069766e-03],
        [1.480249e-02, 7.280733e-04, -9.998902e-01, -7.631618e-02],
        [9.998621e-01, 7.523790e-03, 1.480755e-02, -2.717806e-01],
        [0.0, 0.0, 0.0, 1.0],
    ]
)
RECT = np.eye(4)
RECT[:3, :3] = [
    [9.999239e-01, 9.837760e-03, -7.445048e-03],
    [-9.869795e-03, 9.999421e-01, -4.278459e-03],
    [7.402527e-03, 4.351614e-03, 9.999631e-01],
]
STEPS = [(FLIP,), (CROP,), (RESIZE,), (PAN,), (ASIDE,), (TURN,), (GROW,), EVERYTHING]


def pixels(projection: Any, points: np.ndarray) -> np.ndarray:
    homogeneous = np.c_[points[:, :3], np.ones(len(points))] @ np.asarray(projection)[:3].T
    return np.c_[homogeneous[:, :2] / homogeneous[:, 2:], homogeneous[:, 2]]


def truth(*steps: str) -> np.ndarray:
    camera, points = carried({"K": K, "size": SIZE, "world_to_camera": E}, *steps)
    return pixels(camera["K"] @ camera["world_to_camera"][:3], points)


@pytest.mark.parametrize("steps", STEPS, ids=lambda steps: str(len(steps)))
@pytest.mark.parametrize("rows", [3, 4])
@pytest.mark.parametrize("key", ["P", "P2", "projection_matrix", "lidar2img", "world2img"])
def test_a_projection_alone_states_the_camera(key: str, rows: int, steps: Any) -> None:
    given = np.vstack([K @ E[:3], [0.0, 0.0, 0.0, 1.0]])[:rows]
    for value in (given, given.tolist(), given.astype(np.float32)):
        out, points = carried({key: value, "size": SIZE}, *steps)
        assert list(out) == [key, "size"]
        assert type(out[key]) is type(value)
        assert getattr(out[key], "dtype", None) == getattr(value, "dtype", None)
        assert np.shape(out[key]) == (rows, 4)
        assert np.allclose(pixels(out[key], points), truth(*steps), atol=2e-3)


@pytest.mark.parametrize("steps", STEPS, ids=lambda steps: str(len(steps)))
def test_the_fourth_column_is_understood(steps: tuple[str, ...]) -> None:
    """KITTI: a projection from the rectified frame, to which a pose takes the lidar's points."""
    given = {"P2": P2, "world_to_camera": RECT @ TR, "size": (1242, 375)}
    whole = np.eye(4)
    whole[:3] = np.linalg.inv(P2[:, :3]) @ P2 @ RECT @ TR
    alone = {"K": P2[:, :3], "world_to_camera": whole, "size": (1242, 375)}
    assert np.allclose(pixels(P2 @ RECT @ TR, cloud()), pixels(P2[:, :3] @ whole[:3], cloud()))
    out, points = carried(given, *steps)
    wanted, same = carried(alone, *steps)
    assert np.array_equal(points, same)
    seen = pixels(wanted["K"] @ wanted["world_to_camera"][:3], points)
    assert np.allclose(pixels(out["P2"] @ out["world_to_camera"], points), seen, atol=1e-3)
    assert out["P2"].shape == (3, 4)
    both, _ = carried({**given, "K": P2[:, :3]}, *steps)
    assert np.allclose(both["K"], wanted["K"])
    assert np.allclose(both["P2"], out["P2"])


def test_a_mirror_leaves_all_cameras_of_a_file_one_pose() -> None:
    """The pose before the projection is shared: a mirror takes the baselines along."""
    right = P2 + np.array([[0, 0, 0, -384.38], [0, 0, 0, 0], [0, 0, 0, 0.0]])
    one, _ = carried({"P": P2, "world_to_camera": RECT @ TR, "size": (1242, 375)}, FLIP, GROW)
    two, _ = carried({"P": right, "world_to_camera": RECT @ TR, "size": (1242, 375)}, FLIP, GROW)
    assert np.allclose(np.diff([one["P"][:3, :3], two["P"][:3, :3]], axis=0), 0)
    base = np.linalg.inv(one["P"][:, :3]) @ (two["P"] - one["P"])[:, 3]
    assert np.allclose(base, [1.5 * 384.38 / 721.5377, 0, 0])


@pytest.mark.parametrize("steps", STEPS, ids=lambda steps: str(len(steps)))
@pytest.mark.parametrize("names", [("fx", "fy", "cx", "cy"), ("fl_x", "fl_y", "cx", "cy")])
@pytest.mark.parametrize("kind", [float, np.float32, np.float64])
def test_single_numbers_go_out_as_such(names: tuple[str, ...], kind: Any, steps: Any) -> None:
    numbers = dict(zip(names, map(kind, (80.0, 78.0, 44.0, 31.0)), strict=True))
    given = {**numbers, "w": 90, "h": 60, "c2w": np.linalg.inv(E)}
    if steps == (ASIDE,):  # K gets a skew
        with pytest.raises(SampleError, match='matrix as "K"'):
            carried(given, *steps)
        return
    out, _ = carried(given, *steps)
    expected = wanted(*steps)
    assert list(out) == [*names, "w", "h", "c2w"]
    assert all(type(out[name]) is kind for name in names)
    places = [(0, 0), (1, 1), (0, 2), (1, 2)]
    assert np.allclose([out[n] for n in names], [expected["K"][p] for p in places])
    assert (out["w"], out["h"]) == expected["size"]


def test_single_numbers_of_a_turned_picture() -> None:
    """They have no place for a skew: the pose takes the turn, or the sample is refused."""
    four = {"fx": 80.0, "fy": 80.0, "cx": 44.0, "cy": 31.0, "size": SIZE, "world_to_camera": E}
    square = np.array([[80.0, 0.0, 44.0], [0.0, 80.0, 31.0], [0.0, 0.0, 1.0]])
    out, points = carried(four, ROTATE, CROP)
    same, _ = carried({"K": square, "size": SIZE, "world_to_camera": E}, ROTATE, CROP)
    matrix = [[out["fx"], 0, out["cx"]], [0, out["fy"], out["cy"]], [0, 0, 1]]
    assert np.allclose(
        pixels(np.array(matrix) @ out["world_to_camera"][:3], points),
        pixels(same["K"] @ same["world_to_camera"][:3], points),
    )
    quarter, _ = carried({**four, "fy": 78.0}, "uses: rotate, with: {degrees: 90}")
    assert np.allclose([quarter["fx"], quarter["fy"]], [78.0, 80.0])
    with pytest.raises(SampleError, match='matrix as "K"'):
        carried({**four, "fy": 78.0}, ROTATE)


@pytest.mark.parametrize("name", ["camera_matrix", "intrinsics", "cam_intrinsic", "cam2img"])
@pytest.mark.parametrize("rows", [3, 4])
def test_other_names_of_the_matrix(name: str, rows: int) -> None:
    given = np.eye(rows)
    given[:3, :3] = K
    out, _ = carried({name: given, "lidar2cam": E, "size": SIZE}, *EVERYTHING)
    assert list(out) == [name, "lidar2cam", "size"]
    assert np.allclose(out[name][:3, :3], wanted(*EVERYTHING)["K"])
    assert out[name].shape == (rows, rows)


def test_numbers_beside_the_matrix_follow_where_they_agree() -> None:
    given = {"K": K, "fx": 80.0, "fy": 78, "cx": 44.0, "size": SIZE, "world_to_camera": E}
    out, _ = carried(given, RESIZE)
    assert (out["fx"], out["fy"]) == (40.0, 156.0)
    assert out["cx"] == out["K"][0, 2]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"P": K @ E[:3]}, "size"),
        ({"lidar2img": np.eye(2), "size": SIZE}, "4x4 or 3x4"),
        ({"lidar2img": np.ones((4, 4)), "size": SIZE}, "last row"),
        ({"P": np.zeros((3, 4)), "size": SIZE}, "focal length"),
        ({"fx": 80.0, "fy": 78.0, "cx": 44.0, "size": SIZE}, '"cx" and "cy"'),
        ({"fx": 0.0, "fy": 78.0, "cx": 44.0, "cy": 30.0, "size": SIZE}, "focal length"),
        ({"fx": np.inf, "fy": 78.0, "cx": 44.0, "cy": 30.0, "size": SIZE}, "finite"),
        ({"lidar2img": K @ E[:3], "lidar2cam": np.eye(4), "size": SIZE}, "projects elsewhere"),
        ({"K": K, "cam2img": 2 * K, "size": SIZE}, "as K says"),
        ({"K": K, "P": 1.1 * K @ E[:3] + 1, "size": SIZE}, "world_to_camera"),
    ],
    ids=lambda value: "" if isinstance(value, str) else ",".join(value),
)
def test_what_states_no_camera_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SampleError, match=said):
        carried(given, CROP)


def test_a_projection_that_disagrees_is_not_left_behind() -> None:
    given = {"K": K, "world_to_camera": E, "P": 1.1 * K @ E[:3] + 1, "size": SIZE}
    with pytest.raises(SampleError, match=r"stale.*K \[I \| t\] of the frame"):
        carried(given, CROP)
