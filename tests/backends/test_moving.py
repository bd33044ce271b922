"""Rows of clouds under world maps: each column as its name says, whatever stands around it."""

from __future__ import annotations

import numpy as np
import pytest

from syncaug.backends.moving import TiltError, moved_rows
from syncaug.maps.world import WorldMap
from syncaug.plan.columns import layout_of

ANGLE = 0.7
SCALE = 1.5
SHIFT = np.array([1.0, -2.0, 0.5])
TURN = np.array(
    [[np.cos(ANGLE), -np.sin(ANGLE), 0.0], [np.sin(ANGLE), np.cos(ANGLE), 0.0], [0.0, 0.0, 1.0]]
)

LAYOUTS = [
    ["x", "y", "z"],
    ["z", "x", "y"],
    ["x", "y", "z", "intensity"],
    ["intensity", "y", "z", "x"],
    ["x", "y", "z", "intensity", "ring"],
    ["t", "x", "y", "z", "vx", "vy"],
    ["x", "y", "z", "nx", "ny", "nz"],
    ["x", "y", "z", "intensity", "vx", "vy", "vz"],
    ["r", "g", "b", "nz", "ny", "nx", "x", "y", "z", "t"],
]


def world(turn: np.ndarray = TURN) -> WorldMap:
    matrix = np.eye(4)
    matrix[:3, :3] = SCALE * turn
    matrix[:3, 3] = SHIFT
    return WorldMap.of(matrix)


def by_hand(row: dict[str, float]) -> dict[str, float]:
    """One row: places grow, turn and shift; velocities grow and turn; normals turn."""
    out = dict(row)
    kinds = {"": SCALE, "v": SCALE, "n": 1.0}
    for letter, growth in kinds.items():
        names = [letter + axis for axis in "xyz" if letter + axis in row]
        vector = [row.get(letter + axis, 0.0) for axis in "xyz"]
        moved = growth * (TURN @ vector) + (SHIFT if letter == "" else 0.0)
        for name in names:
            out[name] = float(moved["xyz".index(name[-1])])
    return out


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("names", LAYOUTS, ids=" ".join)
def test_each_column_moves_as_its_name_says(names: list[str], kind: str) -> None:
    points = np.random.default_rng(1).normal(0.0, 5.0, (50, len(names))).astype(kind)
    before = points.copy()
    moved = moved_rows(points, layout_of({"columns": tuple(names)}), world())
    wanted = [list(by_hand(dict(zip(names, row, strict=True))).values()) for row in points.tolist()]
    assert moved.dtype == points.dtype
    assert np.array_equal(points, before)
    assert np.allclose(moved, wanted, rtol=0, atol=1e-5 if kind == "float32" else 1e-12)
    still = [at for at, name in enumerate(names) if name in ("r", "g", "b", "t", "intensity")]
    assert np.array_equal(moved[:, still], points[:, still])


@pytest.mark.parametrize("names", [LAYOUTS[0], LAYOUTS[2], LAYOUTS[7]], ids=" ".join)
def test_many_rows_move_as_each_by_itself(names: list[str]) -> None:
    points = np.random.default_rng(2).normal(0.0, 5.0, (70_001, len(names))).astype(np.float32)
    layout = layout_of({"columns": tuple(names)})
    moved = moved_rows(points, layout, world())
    for row in (0, 1, 32_767, 32_768, 65_536, 70_000):
        assert np.allclose(
            moved[row], moved_rows(points[row : row + 1], layout, world()), atol=1e-5
        )
    turned_round = moved_rows(points[::-1], layout, world())
    assert np.allclose(turned_round[::-1], moved, rtol=0, atol=1e-5)
    assert moved_rows(points[:0], layout, world()).shape == (0, len(names))


def test_a_tilt_takes_no_vector_out_of_its_plane() -> None:
    tilted = np.array([[1.0, 0.0, 0.0], [0.0, 0.8, -0.6], [0.0, 0.6, 0.8]])
    points = np.ones((3, 5), np.float32)
    with pytest.raises(TiltError, match="vx, vy out of the plane"):
        moved_rows(points, layout_of({"columns": ("x", "y", "z", "vx", "vy")}), world(tilted))
