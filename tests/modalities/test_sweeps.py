"""Clouds in the axes of their sensors land on the same places of the world, whatever follows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from syncaug import SampleError, load_policy
from syncaug.modalities.world import cloud_poses, points

Floats = NDArray[np.float64]
GENERATOR = np.random.default_rng(8)
WORLD = GENERATOR.normal(size=(60, 3)) * 10.0
SPEED = GENERATOR.normal(size=(60, 3))
STEPS = """
  - {name: tilt, uses: world_rotate, with: {axis: x, degrees: 30}}
  - {name: grow, uses: world_scale, with: {factor: 1.7}}
  - {name: mirror, uses: flip, with: {world: y}}
  - {name: carry, uses: world_translate, with: {x: 3, z: -1}}
"""
COLUMNS = "columns: [x, y, z, vx, vy, vz, ring]"


def pose(seed: int) -> Floats:
    out = np.eye(4)
    out[:3, :3] = Rotation.random(random_state=seed).as_matrix()
    out[:3, 3] = np.random.default_rng(seed).normal(size=3) * 4.0
    return out


def seen_from(matrix: Floats, rows: slice = slice(None)) -> Floats:
    """The cloud in the axes of a sensor, with its velocities and a ring."""
    back = np.linalg.inv(matrix)
    places = WORLD[rows] @ back[:3, :3].T + back[:3, 3]
    ring = np.arange(60.0)[rows, None]
    return np.hstack([places, SPEED[rows] @ back[:3, :3].T, ring])


def placed(entry: Any) -> Floats:
    """What a sweep says of the world: places, velocities and rings."""
    given = np.asarray(
        entry["pose"] if "pose" in entry else np.linalg.inv(entry["world_to_sensor"])
    )
    cloud = entry["points"]
    places = cloud[:, :3] @ given[:3, :3].T + given[:3, 3]
    return np.hstack([places, cloud[:, 3:6] @ given[:3, :3].T, cloud[:, 6:]])


def sample() -> dict[str, Any]:
    return {
        "image": np.zeros((8, 8, 3), np.uint8),
        "flat": np.hstack([WORLD, SPEED, np.arange(60.0)[:, None]]),
        "one": {"points": seen_from(pose(1)), "pose": pose(1), "token": "a"},
        "classes": np.arange(60, dtype=np.uint32) + np.uint32(2**31),
        "many": [
            {"points": seen_from(pose(2), slice(0, 25)), "pose": pose(2).tolist()},
            {
                "points": seen_from(pose(3), slice(25, 60)),
                "world_to_sensor": np.linalg.inv(pose(3)),
            },
        ],
    }


def policy(follow: str, steps: str = STEPS) -> Any:
    return load_policy(
        f"""
syncaug: 1
sample:
  image: image
  flat: {{modality: points, {COLUMNS}}}
  one: {{modality: points, {COLUMNS}, follow: {follow}, labels: classes}}
  many: {{modality: points, {COLUMNS}, follow: {follow}}}
steps:{steps}"""
    )


def apart(out: dict[str, Any]) -> float:
    """By how much the sensors' clouds lie beside the world's; a pose that mirrors is far off."""
    if np.linalg.det(np.asarray(out["one"]["pose"])[:3, :3]) < 0.0:
        return float("inf")
    many = np.vstack([placed(entry) for entry in out["many"]])
    return max(float(np.abs(got - out["flat"]).max()) for got in (placed(out["one"]), many))


@pytest.mark.parametrize("follow", ["pose", "points"])
def test_sensors_see_the_same_world_after_every_map(follow: str) -> None:
    came = sample()
    assert apart(came) < 1e-12
    out = policy(follow)(came, key="a")
    assert np.abs(out["flat"] - came["flat"]).max() > 1.0
    assert apart(out) < 1e-12
    assert out["one"]["token"] == "a"
    assert np.array_equal(out["classes"], came["classes"])
    assert out["classes"].dtype == np.uint32
    given = out["one"]["pose"]
    assert np.allclose(given[:3, :3] @ given[:3, :3].T, np.eye(3), atol=1e-12)
    assert np.linalg.det(given[:3, :3]) == pytest.approx(1.0)
    assert isinstance(out["many"][0]["pose"], list)


def test_what_follows_is_what_was_declared() -> None:
    turn = "\n  - {name: turn, uses: world_rotate, with: {degrees: 40}}\n"
    came = sample()
    out = policy("pose", turn)(came, key="a")
    assert np.array_equal(out["one"]["points"], came["one"]["points"])
    assert not np.allclose(out["one"]["pose"], came["one"]["pose"])
    out = policy("points", turn)(came, key="a")
    assert np.allclose(out["one"]["pose"], came["one"]["pose"], atol=1e-12)
    assert not np.allclose(out["one"]["points"], came["one"]["points"])


def test_labels_go_where_their_points_go() -> None:
    came = sample()
    steps = "\n  - {name: thin, uses: noise, with: {snr_db: 15, one: dropout}}\n"
    out = policy("pose", steps)(came, key="a")
    left = out["one"]["points"][:, 6].astype(np.int64)
    assert 0 < len(left) < 60
    assert np.array_equal(out["classes"], came["classes"][left])


def test_several_sensors_keep_what_a_camera_sees() -> None:
    camera = {
        "K": np.array([[40.0, 0, 31.5], [0, 40, 23.5], [0, 0, 1]]),
        "world_to_camera": np.array([[0.0, -1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]),
        "size": (64, 48),
    }
    ready = load_policy(
        f"""
syncaug: 1
sample:
  image: image
  camera: camera
  flat: {{modality: points, {COLUMNS}}}
  one: {{modality: points, {COLUMNS}, labels: classes}}
  many: {{modality: points, {COLUMNS}}}
steps:
  - {{name: cut, uses: crop, with: {{area: 0.5, x: 0, y: 0.5, points: visible}}}}
  - {{name: turn, uses: world_rotate, with: {{degrees: 70}}}}
"""
    )
    came = {**sample(), "camera": camera, "image": np.zeros((48, 64, 3), np.uint8)}
    out = ready(came, key="a")
    assert 0 < len(out["flat"]) < 60
    assert apart(out) < 1e-12
    assert np.array_equal(out["classes"], came["classes"][out["flat"][:, 6].astype(int)])


def test_partners_points_come_into_the_own_axes() -> None:
    ready = load_policy(
        """
syncaug: 1
sample:
  lidar: {modality: points, labels: classes}
  many: points
  flat: points
  cars: {modality: boxes3d, labels: names}
steps: [{name: put, uses: insert, with: {count: 1, place: same, ground: keep, floor: 0}}]
"""
    )
    car = np.array([[30.0, 0, 0, 4, 4, 4, 0.3]])
    cloud = car[0, :3] + GENERATOR.uniform(-1.5, 1.5, (40, 3))
    split = (slice(0, 20), slice(20, 40))

    def frame(places: Floats, first: int, boxes: Floats) -> dict[str, Any]:
        def local(matrix: Floats, rows: slice = slice(None)) -> Floats:
            back = np.linalg.inv(matrix)
            return np.asarray(places[rows] @ back[:3, :3].T + back[:3, 3])

        return {
            "flat": places,
            "lidar": {"points": local(pose(first)), "pose": pose(first)},
            "many": [
                {"points": local(pose(first + n), rows), "pose": pose(first + n)}
                for n, rows in enumerate(split, start=1)
            ],
            "classes": np.arange(first, first + len(places)),
            "cars": boxes,
            "names": ["car"] * len(boxes),
        }

    own, other = frame(WORLD[:40], 10, np.zeros((0, 7))), frame(cloud, 50, car)
    out = ready(own, key="a", partner=other)
    assert out["names"] == ["car"]
    there = out["lidar"]["points"] @ out["lidar"]["pose"][:3, :3].T + out["lidar"]["pose"][:3, 3]
    assert np.allclose(there, out["flat"], atol=1e-12)
    assert len(there) == len(out["classes"]) == 80
    assert np.array_equal(out["classes"], [*range(10, 50), *range(50, 90)])
    several = np.vstack([e["points"] @ e["pose"][:3, :3].T + e["pose"][:3, 3] for e in out["many"]])
    assert np.allclose(np.sort(several, axis=0), np.sort(out["flat"], axis=0), atol=1e-12)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"points": WORLD}, '"points" and "pose"'),
        ({"points": WORLD, "pose": pose(1) * 2.0}, "a rotation and a shift"),
        ({"points": WORLD, "pose": pose(1).T}, "transposed"),
        ({"points": WORLD, "pose": np.eye(3)}, "finite 4x4 matrix"),
        ({"points": WORLD, "pose": np.diag([1.0, 1, -1, 1])}, "a rotation and a shift"),
        ({"points": WORLD, "pose": pose(1), "world_to_sensor": pose(1)}, "one of the two"),
        ({"points": WORLD, "pose": pose(1), "ring": np.arange(60)}, "labels:"),
        ({"points": WORLD.astype(np.int64), "pose": pose(1)}, "float32"),
        ([{"points": WORLD, "pose": pose(1)}, {"points": WORLD}], '"points" and "pose"'),
    ],
)
def test_what_is_no_sweep_is_refused(value: Any, said: str) -> None:
    ready = load_policy(
        "syncaug: 1\nsample: {lidar: points}\n"
        "steps: [{name: turn, uses: world_rotate, with: {degrees: 5}}]\n"
    )
    with pytest.raises(SampleError, match="lidar") as error:
        ready({"lidar": value}, key="a")
    assert said in str(error.value)


def test_empty_clouds_pass() -> None:
    ready = load_policy(
        "syncaug: 1\nsample: {lidar: {modality: points, labels: classes}, radar: points}\n"
        "steps: [{name: turn, uses: world_rotate, with: {degrees: 5}}]\n"
    )
    empty = np.zeros((0, 3), np.float32)
    out = ready({"lidar": empty, "radar": {"points": empty, "pose": pose(1)}, "classes": []}, key=1)
    assert out["lidar"].shape == out["radar"]["points"].shape == (0, 3)


# Planted errors


def _planted(patch: pytest.MonkeyPatch, name: str) -> None:
    sweeps = cloud_poses.Sweeps
    if name == "the pose stays":
        followed = sweeps.followed
        patch.setattr(sweeps, "followed", lambda self, w: (self, followed(self, w)[1]))
    elif name == "the points stay":
        patch.setattr(points.PointsCarrier, "_moved", lambda self, cloud, world: cloud)
    elif name == "the pose turns from the other side":
        followed = sweeps.followed
        patch.setattr(sweeps, "followed", lambda self, w: followed(self, w.inverse))
    elif name == "the mirror is another":
        patch.setattr(cloud_poses, "_OTHER_SIDE", np.eye(4))
    elif name == "all rows are of the first sweep":
        patch.setattr(
            sweeps, "parts", lambda self: ((pose_, slice(None)) for pose_ in self.poses[:1])
        )


@pytest.mark.parametrize(
    ("name", "follow"),
    [
        ("the pose stays", "pose"),
        ("the points stay", "pose"),
        ("the pose turns from the other side", "pose"),
        ("the mirror is another", "pose"),
        ("all rows are of the first sweep", "points"),
    ],
)
def test_a_planted_error_is_caught(name: str, follow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _planted(monkeypatch, name)
    try:
        off = apart(policy(follow)(sample(), key="a"))
    except ValueError:
        return  # it says that a pose is none, or that a sweep is missing
    assert off > 1e-3
