"""A rigid motion of 100,000 float32 points: one product against open3d's two interfaces.

Once as one matrix that somebody has multiplied out, and once as the chain of calls that one writes:
rotate, scale, translate.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from timing import Goal, Report, main, race

from syncaug import load_policy
from syncaug.backends import open3d as points_backend
from syncaug.maps.world import axis_rotation

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


def measure(rounds: int) -> Report:
    """The engine with two steps that compose, against one `transform` by hand."""
    report = Report("Rigid transform of 100,000 float32 points")
    open3d = points_backend.load()
    points = np.random.default_rng(0).normal(0.0, 10.0, (COUNT, 3)).astype(np.float32)
    before = points.copy()
    policy = load_policy(POLICY, seed=2)
    turn, move = (step.parameters["*"] for step in policy.draw(key="cloud").steps)
    matrix = np.eye(4)
    matrix[:3, :3] = axis_rotation("z", turn["degrees"])
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
    result = race(
        "rotate + translate",
        {
            "open3d tensor": tensor,
            "open3d legacy": legacy,
            "syncaug": ours,
            "a copy of the array": points.copy,
        },
        rounds=rounds,
    )
    report.races.append(result)
    report.goals.append(
        Goal("faster than open3d's tensor API", result.faster("syncaug", "open3d tensor"), 5.0)
    )
    report.goals.append(
        Goal("faster than open3d's legacy API", result.faster("syncaug", "open3d legacy"), 5.0)
    )
    _chain(report, open3d, points, rounds)
    return report


def _chain(report: Report, open3d: Any, points: Any, rounds: int) -> None:
    """Three steps that compose, against three calls."""
    policy = load_policy(CHAIN, seed=2)
    turn, grow, move = (step.parameters["*"] for step in policy.draw(key="cloud").steps)
    centre = open3d.core.Tensor(np.zeros(3, np.float32))
    matrix = open3d.core.Tensor(axis_rotation("z", turn["degrees"]).astype(np.float32))
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
    contestants = {"open3d tensor": tensor, "syncaug": ours}
    result = race("rotate + scale + translate", contestants, rounds=rounds)
    report.races.append(result)
    report.goals.append(
        Goal(
            "chain, faster than open3d's tensor API", result.faster("syncaug", "open3d tensor"), 5.0
        )
    )


if __name__ == "__main__":
    main(measure)
