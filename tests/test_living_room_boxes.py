"""The living room's furniture as data sets write it, with velocities, through each transform.

The boxes of a real RGB-D frame are written in the conventions of nuScenes (in the axes of a cart
that stands below the camera, with the velocity at which things pass it) and of KITTI (in the axes
of the camera). The referees are formulas of their own: the pixels of corners, the points that lie
in a box, and where a box is a moment later.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from syncaug import load_policy
from tests.samples import frames

Floats = NDArray[np.float64]
SECONDS = 1.0 / 30.0
SIGNS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) / 2.0
FORMS = {
    "nuscenes": "{modality: boxes3d, columns: [x, y, z, w, l, h, qw, qx, qy, qz, vx, vy, vz], "
    "labels: who, ego_pose: cart_to_room}",
    "kitti": "{modality: boxes3d, columns: [h, w, l, x, y, z, rotation_y], origin: bottom, up: -y, "
    "labels: who}",
}
UP = {"nuscenes": "z", "kitti": "y"}
STEPS = {
    "mirror": ("uses: flip, with: {axis: horizontal}",),
    "turn": ("uses: world_rotate, with: {axis: UP, degrees: 25}",),
    "grow": ("uses: world_scale, with: {factor: 1.08}",),
    "carry": ("uses: world_translate, with: {x: 0.4, y: -0.3, z: 0.2}",),
    "window": ("uses: crop, with: {area: 0.7, x: 0.8, points: visible}",),
}
STEPS["all"] = tuple(step for steps in STEPS.values() for step in steps)


def cart(frame: dict[str, Any]) -> Floats:
    """The pose of a cart in the room: on the floor below the camera, looking where it looks."""
    to_room = np.linalg.inv(np.asarray(frame["camera"]["world_to_camera"]))
    ahead = to_room[:2, 2] / np.linalg.norm(to_room[:2, 2])
    pose = np.eye(4)
    pose[:2, 0], pose[:2, 1] = ahead, [-ahead[1], ahead[0]]
    pose[:2, 3] = to_room[:2, 3]
    return pose


def moved(points: Floats, pose: Floats) -> Floats:
    return np.asarray(points @ pose[:3, :3].T + pose[:3, 3])


@cache
def sample(form: str, number: int) -> dict[str, Any]:
    """A frame with its cloud, camera and boxes in the world of a form."""
    frame, later = frames()[number], frames()[number + 1]
    to_camera = np.asarray(frame["camera"]["world_to_camera"])
    to_world = np.linalg.inv(cart(frame)) if form == "nuscenes" else to_camera
    cloud = frame["points"].copy()
    cloud[:, :3] = moved(cloud[:, :3].astype(np.float64), to_world)
    rows = []
    for x, y, z, length, width, height, yaw in frame["boxes3d"]:
        turn = to_world[:3, :3] @ Rotation.from_euler("z", yaw).as_matrix()
        centre = moved(np.array([[x, y, z]]), to_world)[0]
        if form == "kitti":  # as KITTI does: the small tilt of the camera is left out
            level = centre + np.array([0.0, height / 2.0, 0.0])
            about = np.arctan2(-turn[2, 0], turn[0, 0])
            rows.append([height, width, length, *level, about])
            continue
        passed = moved(np.array([[x, y, z]]), np.linalg.inv(cart(later)))[0] - centre
        qx, qy, qz, qw = Rotation.from_matrix(turn).as_quat()
        sign = -1.0 if qw < 0.0 else 1.0
        quaternion = sign * np.array([qw, qx, qy, qz])
        rows.append([*centre, width, length, height, *quaternion, *(passed / SECONDS)])
    out = {
        "image": frame["image"],
        "camera": {**frame["camera"], "world_to_camera": to_camera @ np.linalg.inv(to_world)},
        "points": cloud,
        "boxes": np.array(rows),
        "who": list(frame["classes3d"]),
    }
    if form == "nuscenes":
        out["cart_to_room"] = cart(frame)
    return out


def solid(form: str, row: Floats) -> tuple[Floats, Floats, Floats]:
    """Centre, sizes along the own axes, and these axes as columns."""
    if form == "nuscenes":
        turn = Rotation.from_quat([*row[7:10], row[6]]).as_matrix()
        return row[:3], row[[4, 3, 5]], turn
    cosine, sine = np.cos(row[6]), np.sin(row[6])
    about_y = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
    # KITTI's own axes: length along x, height along y (down), width along z.
    return row[3:6] - [0, row[0] / 2, 0], row[[2, 0, 1]], about_y


def corners(form: str, rows: Floats) -> Floats:
    solids = [solid(form, row) for row in rows]
    return np.array([c + (SIGNS * size) @ turn.T for c, size, turn in solids])


def pixels(camera: Any, points: Floats) -> Floats:
    seen = moved(points.reshape(-1, 3), np.asarray(camera["world_to_camera"]))
    flat = seen @ np.asarray(camera["K"]).T
    return np.asarray(flat[:, :2] / flat[:, 2:])


def inside(form: str, row: Floats, cloud: Floats, slack: float) -> NDArray[np.bool_]:
    centre, size, turn = solid(form, row)
    own = (cloud[:, :3].astype(np.float64) - centre) @ turn
    return np.asarray((np.abs(own) <= size / 2 + slack).all(axis=1))


def measured(form: str, step: str, number: int) -> dict[str, float]:
    """What a transform leaves of the agreement of boxes, points, picture and moments."""
    came = sample(form, number)
    steps = [text.replace("UP", UP[form]) for text in STEPS[step]]
    chain = ", ".join(f"{{name: s{number}, {text}}}" for number, text in enumerate(steps))
    text = f"""
syncaug: 1
sample:
  image: image
  camera: camera
  points: {{modality: points, columns: [x, y, z, r, g, b]}}
  boxes: {FORMS[form]}
steps: [{chain}]
"""
    policy = load_policy(text)
    out, record = policy.apply(came, key="a")
    left = [n for n, who in enumerate(came["who"]) if who in out["who"]]
    rows = came["boxes"][left]
    before, after = (
        pixels(one["camera"], corners(form, boxes))
        for one, boxes in ((came, rows), (out, out["boxes"]))
    )
    if step in ("mirror", "all"):
        before[:, 0] = 639.0 - before[:, 0]
        before = before.reshape(-1, 2, 2, 2, 2)
        # The mirror image of a box has its left corner where the right one was.
        side = 2 if form == "nuscenes" else 3
        before = np.flip(before, axis=side).reshape(-1, 2)
    if step in ("window", "all"):
        before = before + (after - before).mean(axis=0)  # the crop moved all pixels alike
    found = {"pixels": float(np.abs(after - before).max())}
    kept = record.notes.get("points", {}).get("kept", len(came["points"]))
    assert kept == len(out["points"])
    if step not in ("window", "all"):
        lost = []
        for old, new in zip(rows, out["boxes"], strict=True):
            here = inside(form, old, came["points"], 0.0)
            lost.append(int((here & ~inside(form, new, out["points"], 1e-5)).sum()))
        assert min(inside(form, a, came["points"], 0.0).sum() for a in rows) > 50
        found["points"] = float(sum(lost))
    if form == "nuscenes":
        grown = out["boxes"][:, 4] / rows[:, 4]
        speeds = [np.linalg.norm(b[:, 10:13], axis=1) for b in (rows, out["boxes"])]
        found["speed"] = float(np.abs(speeds[1] - grown * speeds[0]).max())
        back = moved(out["boxes"][:, :3], out["cart_to_room"])
        found["map"] = float(np.abs(back - moved(rows[:, :3], came["cart_to_room"])).max())
        # Where a box is one frame later: its velocity points to the same place on the map.
        late = out["boxes"][:, :3] + out["boxes"][:, 10:13] * SECONDS
        due = rows[:, :3] + rows[:, 10:13] * SECONDS
        gap = moved(late, out["cart_to_room"]) - moved(due, came["cart_to_room"])
        found["later"] = float(np.abs(gap).max())
    return found


BOUNDS = {"pixels": 1e-6, "points": 0.0, "speed": 1e-9, "map": 1e-9, "later": 1e-9}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("form", FORMS)
def test_furniture_stays_with_its_points_and_pixels(form: str, step: str) -> None:
    for number in (0, 2):
        for name, value in measured(form, step, number).items():
            assert value <= BOUNDS[name], (name, value)


def test_things_pass_the_cart_at_a_walk() -> None:
    speeds = np.linalg.norm(sample("nuscenes", 0)["boxes"][:, 10:13], axis=1)
    assert (speeds > 0.1).all()
    assert (speeds < 3.0).all()
