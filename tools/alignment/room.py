"""The living room: RGB-D frames, clouds and poses, and beside them a real IMU.

They go through living_room.yaml and robot.yaml.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tools.alignment.measured import DATA, Line, applied, parameters_of

__all__ = ["robot_lines", "room_lines"]

_COLUMNS = ("gx", "gy", "gz", "ax", "ay", "az")
_MILLIMETRES = 0.001
_IMU = DATA / "imu" / "imu.csv"


def room_lines(folder: Path) -> Iterator[Line]:
    """Every point against the depth image and the picture that its own camera sees."""
    samples = _samples()
    results = applied("living_room", samples, folder, variants=3)
    pixels, depths, colours, heights = [], [], [], []
    for line, record in results:
        if record["outcome"] != "accepted":
            continue
        pixels.append(record["attempts"][-1]["measures"]["reprojection"])
        before = next(sample for sample in samples if sample["key"] == line["key"])
        first, now = _agreement(before), _agreement(line)
        depths.append(now[0] - first[0])
        colours.append(now[1] - first[1])
        heights.append(abs(first[2] - now[2]))
    yield _line("living_room", "points off their pixels, worst", max(pixels), "px", 0.5, pixels)
    yield _line("living_room", "depth off the points, beyond before", max(depths), "%", 0.5, depths)
    yield _line(
        "living_room", "colours off the points, beyond before", max(colours), "%", 1.0, colours
    )
    yield _line("living_room", "points that lost their picture", max(heights), "%", 2.0, heights)


def robot_lines(folder: Path) -> Iterator[Line]:
    """A rolling camera: what depth and pose say of the room stays, and the IMU turns along."""
    table = np.loadtxt(_IMU, delimiter=",", skiprows=1)
    inertial = _si(table[:, 1:7])
    readings = folder / "imu.csv"  # the policy declares SI units
    np.savetxt(readings, inertial, delimiter=",", header=",".join(_COLUMNS), comments="")
    samples = [
        {
            "key": sample["key"],
            "rgb": sample["image"],
            "depth": sample["depth"],
            "camera": sample["camera"],
            "imu": str(readings),
        }
        for sample in _samples()
    ]
    results = applied("robot", samples, folder, variants=3, progress="1", severity="0")
    places, turns = [], []
    for line, record in results:
        before = next(sample for sample in samples if sample["key"] == line["key"])
        blind = parameters_of(record, "blind")
        if not (blind and "depth" in str(record["notes"])):
            places.append(_room_moved(before, line))
        degrees = (parameters_of(record, "roll") or {"degrees": 0.0})["degrees"]
        turns.append(float(np.abs(_imu(line["imu"]) - _rolled(inertial, degrees)).max()))
    yield _line(
        "robot", "room moved between depth and pose, median", max(places), "mm", 5.0, places
    )
    yield _line("robot", "IMU off the rolled body", max(turns), "SI", 1e-4, turns)


def _line(policy: str, what: str, value: float, unit: str, bound: float, over: list[float]) -> Line:
    file = "imu.csv" if "IMU" in what else "living_room"
    return Line(file, policy, what, float(value), unit, bound, len(over))


def _samples() -> list[dict[str, Any]]:
    lines = (DATA / "living_room.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    samples = [json.loads(line) for line in lines]
    for sample in samples:
        for name, value in sample.items():
            if isinstance(value, str) and (DATA / value).is_file():
                sample[name] = str(DATA / value)
    return samples


def _depth(path: Any) -> NDArray[np.float64]:
    """Metres; results are arrays, the originals 16-bit millimetres."""
    if str(path).endswith(".npy"):
        return np.asarray(np.load(str(path)), dtype=np.float64)
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED).astype(np.float64) * _MILLIMETRES


def _cloud(path: Any) -> NDArray[np.float64]:
    loaded = np.load(str(path))
    return np.asarray(loaded[loaded.files[0]] if hasattr(loaded, "files") else loaded, dtype=float)


def _agreement(sample: Mapping[str, Any]) -> tuple[float, float, float]:
    """Percent by which depth and colours differ from the points, and of points in the picture.

    The differences are medians over the points that the camera sees nearest.
    """
    points = _cloud(sample["points"])
    k, pose = np.array(sample["camera"]["K"]), np.array(sample["camera"]["world_to_camera"])
    inside = points[:, :3] @ pose[:3, :3].T + pose[:3, 3]
    shown = inside @ k.T
    x, y = np.rint(shown[:, :2] / shown[:, 2:]).astype(int).T
    depth = _depth(sample["depth"])
    picture = cv2.imread(str(sample["image"]))[:, :, ::-1] / 255.0
    height, width = depth.shape
    seen = (inside[:, 2] > 0) & (x >= 0) & (y >= 0) & (x < width) & (y < height)
    there, z = depth[y[seen], x[seen]], inside[seen, 2]
    solid = there > 0
    off = float(np.median(np.abs(there[solid] / z[solid] - 1.0)))
    paint = float(np.median(np.abs(picture[y[seen], x[seen]] - points[seen, 3:6]).mean(axis=1)))
    return 100 * off, 100 * paint, 100 * float(seen.mean())


def _room_moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> float:
    """The median distance in mm of the room after from the room before, by depth and pose."""
    old, new = (_unprojected(sample) for sample in (before, after))
    return 1e3 * float(np.median(cKDTree(old).query(new[::7])[0]))


def _unprojected(sample: Mapping[str, Any]) -> NDArray[np.float64]:
    depth = _depth(sample["depth"])
    k, pose = np.array(sample["camera"]["K"]), np.array(sample["camera"]["world_to_camera"])
    rows, columns = np.nonzero(depth > 0)
    pixels = np.stack([columns, rows, np.ones(len(rows))]).astype(np.float64)
    inside = (np.linalg.inv(k) @ pixels) * depth[rows, columns]
    return np.asarray((pose[:3, :3].T @ (inside - pose[:3, 3:4])).T)


def _si(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees a second and multiples of gravity in SI."""
    return np.hstack([np.radians(rows[:, :3]), rows[:, 3:] * 9.80665])


def _rolled(rows: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
    """Rows in a body that a picture's counterclockwise turn rolls: x right, y down, z forward."""
    turn = np.exp(-1j * np.radians(degrees))
    out = rows.copy()
    for start in (0, 3):
        plane = (rows[:, start] + 1j * rows[:, start + 1]) * turn
        out[:, start], out[:, start + 1] = plane.real, plane.imag
    return out


def _imu(path: Any) -> NDArray[np.float64]:
    """The columns of a result, by their names."""
    with open(path, encoding="utf-8") as file:
        names = [name.split(" ")[0] for name in file.readline().strip().split(",")]
    table = np.loadtxt(str(path), delimiter=",", skiprows=1)
    return np.asarray(table[:, [names.index(name) for name in _COLUMNS]])
