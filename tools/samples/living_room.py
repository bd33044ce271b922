"""Make the point clouds, boxes and manifests of examples/data/living_room from its RGB-D frames.

    python -m tools.samples.living_room

What it writes is committed; run it again only to change how it is made. The trajectory's world has
its y axis up. Boxes in 3-D want z up, so everything here is turned by a quarter about x:
(x, y, z) becomes (x, -z, y), metres still. The floor lies at z = 0.12.
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from syncaug.io.points import write_points

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "data"
ROOM = EXAMPLES / "living_room"
FRAMES = range(5)
UNIT = 0.001
Z_UP = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=np.float64)
COLUMNS = ("x", "y", "z", "r", "g", "b", "intensity")
STEP_ACROSS, STEP_DOWN = 4, 3
"""Every fourth pixel of every third row: about 22,000 points a frame."""

Array = NDArray[np.float64]

REGIONS = {
    "chair": ((-2.37, -2.62, 0.22), (-1.45, -1.72, 1.10)),
    "curtain": ((-2.43, -3.05, 0.22), (-1.78, -2.90, 1.70)),
}
"""Where each piece stands, low and high corner, clear of floor and wall."""

FLOOR = 0.12
EDGES = (0.3, 99.7)
"""Percentiles between which a piece extends: the sensor leaves a few points in the air."""

OUTLINES = {
    "chair": ((340, 109, 611, 382), (330, 109, 596, 388)),
    "curtain": ((173, 0, 273, 363), (165, 0, 266, 367)),
    "cabinet": ((603, 207, 640, 378), (587, 212, 640, 393)),
}
"""Each piece in the first and the last picture, by hand; between them the camera moves evenly."""

CAPTION = "A white chair stands on an orange floor, to the right of a white curtain."


def read_poses(path: Path) -> list[Array]:
    """The camera-to-world matrices of a trajectory, z up."""
    lines = path.read_text().splitlines()
    rows = [[float(number) for number in line.split()] for line in lines]
    return [Z_UP @ np.array(rows[5 * frame + 1 : 5 * frame + 5]) for frame in FRAMES]


def back_project(depth: Array, intrinsics: Array, pose: Array) -> Array:
    """The world coordinates of every pixel, HxWx3."""
    down, across = np.mgrid[: depth.shape[0], : depth.shape[1]].astype(np.float64)
    rays = np.stack([across, down, np.ones_like(down)], axis=-1) @ np.linalg.inv(intrinsics).T
    return (rays * depth[..., None]) @ pose[:3, :3].T + pose[:3, 3]


def fit_box(points: Array) -> list[float]:
    """The box of smallest footprint around points, from the floor up: x, y, z, dx, dy, dz, yaw."""
    fits = []
    for degrees in np.arange(0.0, 90.0, 0.5):
        yaw = np.deg2rad(degrees)
        turn = np.array([[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]])
        low, high = np.percentile(points[:, :2] @ turn, EDGES, axis=0)
        x, y = turn @ ((low + high) / 2)
        fits.append((np.prod(high - low), x, y, *(high - low), yaw))
    _, x, y, dx, dy, yaw = min(fits)
    if dx < dy:
        dx, dy, yaw = dy, dx, yaw - np.pi / 2
    top = np.percentile(points[:, 2], EDGES[1])
    box = (x, y, (FLOOR + top) / 2, dx, dy, top - FLOOR, yaw)
    return [round(float(v), 4) for v in box]


def inside(points: Array, name: str) -> NDArray[np.bool_]:
    """Which points stand in the region of a piece."""
    low, high = REGIONS[name]
    return np.all((points >= low) & (points <= high), axis=-1)


def main() -> None:
    """Write the clouds and both manifests."""
    camera = json.loads((ROOM / "camera.json").read_text())
    fx, fy, cx, cy = (camera[name] for name in ("fx", "fy", "cx", "cy"))
    intrinsics = np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1.0]])
    poses = read_poses(ROOM / "trajectory.log")
    places, colours, solid = [], [], []
    for frame, pose in zip(FRAMES, poses, strict=True):
        levels = cv2.imread(str(ROOM / f"depth/{frame:05}.png"), cv2.IMREAD_UNCHANGED)
        places.append(back_project(levels * UNIT, intrinsics, pose))
        solid.append(levels > 0)
        colours.append(cv2.imread(str(ROOM / f"color/{frame:05}.jpg"))[..., ::-1])

    boxes3d = []
    for name in REGIONS:
        found = [p[s & inside(p, name)] for p, s in zip(places, solid, strict=True)]
        boxes3d.append(fit_box(np.concatenate(found)))

    (ROOM / "points").mkdir(exist_ok=True)
    rgbd, driving = [], []
    for frame in FRAMES:
        rgb = colours[frame] / np.float32(255)
        grey = rgb @ np.array([0.299, 0.587, 0.114], np.float32)
        cloud = np.concatenate([places[frame], rgb, grey[..., None]], axis=-1).astype(np.float32)
        grid = np.zeros(solid[frame].shape, bool)
        grid[::STEP_DOWN, ::STEP_ACROSS] = True
        write_points(ROOM / f"points/{frame:05}.npz", cloud[grid & solid[frame]], COLUMNS)

        share = frame / (len(FRAMES) - 1)
        ends = [np.array(outline) for outline in OUTLINES.values()]
        boxes = [np.rint(a + share * (b - a)).tolist() for a, b in ends]
        names = {"image": f"living_room/color/{frame:05}.jpg"}
        view = {
            "K": intrinsics.tolist(),
            "world_to_camera": np.linalg.inv(poses[frame]).tolist(),
            "size": [camera["width"], camera["height"]],
        }
        points = f"living_room/points/{frame:05}.npz"
        classes, classes3d = [*OUTLINES], [*REGIONS]
        rgbd.append(
            {
                "key": f"living_room/{frame}",
                **names,
                "caption": CAPTION,
                "depth": f"living_room/depth/{frame:05}.png",
                "camera": view,
                "points": points,
                "boxes": boxes,
                "classes": classes,
                "boxes3d": boxes3d,
                "classes3d": classes3d,
            }
        )
        driving.append(
            {
                "key": f"living_room/{frame}",
                "front": names["image"],
                "boxes": boxes,
                "classes": classes,
                "calib": view,
                "lidar": points,
                "boxes3d": boxes3d,
                "classes3d": classes3d,
            }
        )
    for name, lines in (("living_room", rgbd), ("driving", driving)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (EXAMPLES / f"{name}.jsonl").write_text(text)


if __name__ == "__main__":
    main()
