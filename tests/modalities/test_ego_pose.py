"""A vehicle's pose on its map: what moves the vehicle's own world leaves the map."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from syncaug import PolicyError, SampleError, load_policy
from syncaug.modalities.world.ego_pose import EgoPose

POSE = np.eye(4)
POSE[:3, :3] = Rotation.from_euler("ZYX", [0.7, 0.02, -0.01]).as_matrix()
POSE[:3, 3] = [410.0, 1180.0, 3.0]
POINTS = np.random.default_rng(3).normal(size=(20, 3)) * 20.0
STEPS = """
  - {name: mirror, uses: flip, with: {world: y}}
  - {name: turn, uses: world_rotate, with: {degrees: 25}}
  - {name: grow, uses: world_scale, with: {factor: 1.1}}
  - {name: carry, uses: world_translate, with: {x: 2, y: -1}}
"""


def policy(steps: str = STEPS) -> Any:
    return load_policy(
        f"""
syncaug: 1
sample:
  image: image
  lidar: {{modality: points, ego_pose: ego_to_world}}
  cars:
    modality: boxes3d
    labels: names
    ego_pose: box_pose
    columns: [x, y, z, l, w, h, yaw, vx, vy]
steps:{steps}"""
    )


def sample() -> dict[str, Any]:
    cars = np.array([[*POINTS[0], 4, 2, 1.5, 0.3, 1.0, np.nan]])
    return {
        "image": np.zeros((4, 4, 3), np.uint8),
        "lidar": POINTS,
        "ego_to_world": POSE,
        "cars": cars,
        "names": ["car"],
        "box_pose": POSE.tolist(),
    }


def on_the_map(points: Any, pose: Any) -> Any:
    given = np.asarray(pose)
    return points @ given[:3, :3].T + given[:3, 3]


def off(out: dict[str, Any]) -> float:
    """By how much points and boxes have left their places on the map."""
    places = on_the_map(out["lidar"], out["ego_to_world"])
    cars = on_the_map(out["cars"][:, :3], out["box_pose"])
    wanted = on_the_map(POINTS, POSE)
    return float(max(np.abs(places - wanted).max(), np.abs(cars - wanted[:1]).max()))


def test_places_on_the_map_stay_true() -> None:
    came = sample()
    out = policy()(came, key="a")
    assert np.abs(out["lidar"] - POINTS).max() > 1.0
    assert off(out) < 1e-9
    assert isinstance(out["box_pose"], list)
    assert np.array_equal(came["ego_to_world"], POSE)


def test_turns_and_shifts_leave_a_rotation() -> None:
    turn = "\n  - {name: turn, uses: world_rotate, with: {degrees: 25}}\n"
    out = policy(turn)(sample(), key="a")
    given = out["ego_to_world"][:3, :3]
    assert np.allclose(given @ given.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(given) == pytest.approx(1.0)


def test_what_does_not_move_the_world_leaves_the_pose() -> None:
    out = policy("\n  - {name: thin, uses: noise, with: {snr_db: 30, lidar: jitter}}\n")(
        sample(), key="a"
    )
    assert out["ego_to_world"] is not None
    assert np.array_equal(out["ego_to_world"], POSE)


@pytest.mark.parametrize("wrong", ["followed with the world", "left behind", "turned alone"])
def test_a_planted_error_is_caught(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    followed = EgoPose.followed
    if wrong == "left behind":
        monkeypatch.setattr(EgoPose, "followed", lambda self, world: self)
    elif wrong == "turned alone":
        monkeypatch.setattr(
            EgoPose, "followed", lambda self, world: followed(self, type(world).moving())
        )
    else:
        monkeypatch.setattr(EgoPose, "followed", lambda self, world: followed(self, world.inverse))
    assert off(policy()(sample(), key="a")) > 1e-2


def test_a_pose_that_is_none_is_refused() -> None:
    for value, said in (
        (np.eye(3), "finite 4x4 matrix"),
        (2.0 * np.eye(4), "a rotation and a shift"),
        (POSE.T, "transposed"),
        ({"a": 1}, "a 4x4 matrix"),
    ):
        with pytest.raises(SampleError, match="ego_to_world") as error:
            policy()({**sample(), "ego_to_world": value}, key="a")
        assert said in str(error.value)
    missing = sample()
    del missing["ego_to_world"]
    with pytest.raises(SampleError, match="no such entry"):
        policy()(missing, key="a")


def test_two_streams_cannot_share_a_pose() -> None:
    with pytest.raises(PolicyError, match="SA509"):
        load_policy(
            "syncaug: 1\nsample:\n  a: {modality: points, ego_pose: pose}\n"
            "  b: {modality: points, ego_pose: pose}\nsteps: []\n"
        )
