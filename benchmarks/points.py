"""A rigid motion of 100,000 float32 points: one product against open3d's two interfaces.

Once as one matrix that somebody has multiplied out, and once as the chain of calls that one writes:
rotate, scale, translate.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Report, Run
from benchmarks.timing import race
from syncaug import load_policy

COUNT = 100_000
POLICY: dict[str, Any] = {
    "syncaug": 1,
    "name": "rigid",
    "sample": {"points": "points"},
    "steps": [
        {"name": "turn", "uses": "world_rotate", "with": {"axis": "z", "degrees": [-45, 45]}},
        {"name": "move", "uses": "world_translate", "with": {"x": [-1, 1], "y": [-1, 1]}},
    ],
}


CHAIN: dict[str, Any] = {
    **POLICY,
    "name": "chain",
    "steps": [
        POLICY["steps"][0],
        {"name": "grow", "uses": "world_scale", "with": {"factor": [0.9, 1.1]}},
        POLICY["steps"][1],
    ],
}


def about_z(degrees: float) -> NDArray[np.float64]:
    """The matrix of a turn, counterclockwise as seen from above."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def cloud() -> NDArray[np.float32]:
    """Points about the origin, in metres."""
    return np.random.default_rng(0).normal(0.0, 10.0, (COUNT, 3)).astype(np.float32)


def measure(run: Run) -> Report:
    """The engine with two steps that compose, against one `transform` by hand."""
    report = Report("Rigid transform of 100,000 float32 points")
    from syncaug.backends import open3d as points_backend

    open3d = points_backend.load()
    points = cloud()
    before = points.copy()
    policy = load_policy(POLICY, seed=2)
    turn, move = (step.parameters["*"] for step in policy.draw(key="cloud").steps)
    matrix = np.eye(4)
    matrix[:3, :3] = about_z(turn["degrees"])
    matrix[:3, 3] = move["x"], move["y"], move["z"]
    matrix_32 = open3d.core.Tensor(matrix.astype(np.float32))

    def tensor() -> Any:
        # The copy is needed: the tensor shares its memory with the array and is moved in place.
        cloud = open3d.t.geometry.PointCloud(open3d.core.Tensor.from_numpy(points.copy()))
        return cloud.transform(matrix_32).point.positions.numpy()

    def legacy() -> Any:
        places = open3d.utility.Vector3dVector(points.astype(np.float64))
        cloud = open3d.geometry.PointCloud(places)
        return np.asarray(cloud.transform(matrix).points).astype(np.float32)

    sample = {"points": points}

    def ours() -> Any:
        return policy(sample, key="cloud")["points"]

    for name, other in (("tensor", tensor), ("legacy", legacy)):
        gap = float(np.abs(ours() - other()).max())
        report.check(gap < 2e-5, f"equals open3d's {name} API within {gap:.1e} m (float32)")
    report.check(np.array_equal(points, before), "the points that came in are as they were")
    rows, batch = matrix[:3].astype(np.float32), points[None]
    result = race(
        "rotate + translate",
        {
            "open3d tensor, one product": tensor,
            "open3d legacy, one product": legacy,
            "OpenCV, one product": lambda: cv2.transform(batch, rows),
            "a copy of the array": points.copy,
            "syncaug": ours,
        },
        seconds=3 * run.seconds,
        threads=True,
    )
    report.races.append(result)
    report.ratio(
        "points: open3d, one product", result, "open3d tensor, one product", "syncaug", 5.0
    )
    report.ratio("points: open3d legacy", result, "open3d legacy, one product", "syncaug", 5.0)
    name = "points: times OpenCV's product"
    report.ratio(name, result, "syncaug", "OpenCV, one product")
    _chain(report, open3d, points, run)
    return report


def _chain(report: Report, open3d: Any, points: Any, run: Run) -> None:
    """Three steps that compose, against three calls."""
    policy = load_policy(CHAIN, seed=2)
    turn, grow, move = (step.parameters["*"] for step in policy.draw(key="cloud").steps)
    centre = open3d.core.Tensor(np.zeros(3, np.float32))
    matrix = open3d.core.Tensor(about_z(turn["degrees"]).astype(np.float32))
    shift = open3d.core.Tensor(np.array([move["x"], move["y"], move["z"]], np.float32))

    def tensor() -> Any:
        cloud = open3d.t.geometry.PointCloud(open3d.core.Tensor.from_numpy(points.copy()))
        cloud.rotate(matrix, centre)
        cloud.scale(grow["factor"], centre)
        return cloud.translate(shift).point.positions.numpy()

    sample = {"points": points}

    def ours() -> Any:
        return policy(sample, key="cloud")["points"]

    gap = float(np.abs(ours() - tensor()).max())
    report.check(gap < 4e-5, f"the chain equals open3d's within {gap:.1e} m (float32)")
    contestants = {"open3d tensor, three calls": tensor, "syncaug": ours}
    result = race("rotate + scale + translate", contestants, seconds=run.seconds, threads=True)
    report.races.append(result)
    report.ratio(
        "points: open3d, three calls", result, "open3d tensor, three calls", "syncaug", 5.0
    )
