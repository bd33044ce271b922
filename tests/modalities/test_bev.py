"""Maps of the ground: where their cells lie, what they hold, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, SampleError, load_policy

RANGE = "range: [-4, -3, 4, 3]"
QUARTER = "uses: world_rotate, with: {degrees: 90}"


def policy(declared: str, step: str, rest: str = "") -> Any:
    return load_policy(
        f"syncaug: 1\nsample:\n  map: {{modality: bev, {declared}}}\n{rest}"
        f"steps: [{{name: step, {step}}}]\n"
    )


def cell(shape: tuple[int, int], row: int, column: int) -> Any:
    out = np.zeros(shape, np.uint8)
    out[row, column] = 7
    return out


def found(out: Any) -> tuple[int, int]:
    rows, columns = np.nonzero(out)
    assert len(rows) == 1
    return int(rows[0]), int(columns[0])


@pytest.mark.parametrize(
    ("declared", "shape", "before", "after"),
    [
        # (3.5, 0.5) turns to (-0.5, 3.5), which only a map that reaches so far shows.
        ("axes: [-x, -y], range: [-4, -4, 4, 4]", (8, 8), (0, 3), (4, 0)),
        ("axes: [y, x], range: [-4, -4, 4, 4]", (8, 8), (4, 7), (7, 3)),
        ("axes: [x, y], range: [-4, -4, -9, 4, 4, 9]", (8, 8), (7, 4), (3, 7)),
        ("axes: [y, x], resolution: 1, origin: centre", (8, 8), (4, 7), (7, 3)),
        ("axes: [y, x], resolution: 0.5, origin: [0, 0]", (8, 8), (0, 3), None),
        ("axes: [-x, y], resolution: 1, origin: [4, -4]", (8, 8), (0, 4), (4, 7)),
    ],
)
def test_a_quarter_turn(declared: str, shape: Any, before: Any, after: Any) -> None:
    out = policy(declared, QUARTER)({"map": cell(shape, *before)}, key="a")["map"]
    if after is None:
        assert not out.any()
        return
    assert found(out) == after


def test_camera_coordinates_have_z_ahead() -> None:
    declared = "axes: [-z, x], range: [-4, 0, 4, 8], up: -y"
    turn = "uses: world_rotate, with: {axis: y, degrees: 90}"  # from z to x, by the right hand
    out = policy(declared, turn)({"map": cell((8, 8), 4, 4)}, key="a")["map"]  # x 0.5, z 3.5
    assert not out.any()  # x 3.5, z -0.5 is behind
    back = policy(declared, turn.replace("90", "-90"))
    out = back({"map": cell((8, 8), 5, 7)}, key="a")["map"]  # x 3.5, z 2.5
    assert found(out) == (4, 1)  # x -2.5, z 3.5


def test_cells_that_are_no_squares() -> None:
    out = policy(f"axes: [-x, -y], {RANGE}", "uses: world_translate, with: {x: 1, y: -1}")(
        {"map": cell((16, 12), 5, 6)}, key="a"
    )["map"]
    assert found(out) == (3, 8)


def test_floats_classes_and_holes() -> None:
    half = "uses: world_translate, with: {x: 0.5}"
    ready = policy("axes: [x, y], resolution: 1, origin: centre", half)
    soft = cell((8, 8), 3, 3).astype(np.float32)
    out = ready({"map": soft}, key="a")["map"]
    assert out.dtype == np.float32
    assert np.allclose(out[3:5, 3], 3.5)
    classes = ready({"map": cell((8, 8), 3, 3)}, key="a")["map"]
    assert set(np.unique(classes).tolist()) <= {0, 7}
    holed = soft.copy()
    holed[0, 0] = np.nan
    out = ready({"map": holed}, key="a")["map"]
    assert np.isnan(out).sum() <= 2
    for kind in (np.bool_, np.int64, np.uint16, np.float64, np.float16):
        many = np.repeat(soft[..., None], 6, axis=2).astype(kind)
        assert ready({"map": many}, key="a")["map"].dtype == kind
    first = policy("axes: [x, y], resolution: 1, origin: centre, layout: chw", half)
    assert first({"map": np.zeros((3, 8, 8), np.float32)}, key="a")["map"].shape == (3, 8, 8)


def test_heights_are_metres() -> None:
    declared = "axes: [x, y], resolution: 1, origin: centre, holds: heights"
    flat = {"map": np.full((6, 6), 2.0, np.float32)}
    grown = policy(declared, "uses: world_scale, with: {factor: 1.5}")(flat, key="a")["map"]
    assert np.allclose(grown[1:5, 1:5], 3.0)
    lifted = policy(declared, "uses: world_translate, with: {z: -0.5}")(flat, key="a")["map"]
    assert np.allclose(lifted, 1.5)


def test_sides_trade_places_in_a_mirror() -> None:
    declared = "axes: [-x, -y], range: [-4, -4, 4, 4], sides: {swap: [[7, 8]]}"
    mirror = policy(declared, "uses: flip, with: {world: y}", "  image: image\n")
    sample = {"map": cell((8, 8), 2, 1), "image": np.zeros((4, 4, 3), np.uint8)}
    out = mirror(sample, key="a")["map"]
    assert out[2, 6] == 8


def test_a_world_that_tilts_is_refused() -> None:
    camera = {
        "K": np.array([[20.0, 0, 15.5], [0, 20, 15.5], [0, 0, 1]]),
        "world_to_camera": np.array([[0.0, -1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]),
        "size": (32, 32),
    }
    tilt = policy(
        f"axes: [-x, -y], {RANGE}",
        "uses: rotate, with: {degrees: 10, world: turn}",
        "  camera: camera\n  image: image\n",
    )
    sample = {"map": np.zeros((8, 6), np.uint8), "camera": camera}
    with pytest.raises(AlignmentError, match="tilts the ground"):
        tilt({**sample, "image": np.zeros((32, 32, 3), np.uint8)}, key="a")


@pytest.mark.parametrize(
    ("declared", "value", "said"),
    [
        (f"axes: [-x, -y], {RANGE}, resolution: 0.5", np.zeros((12, 16), np.uint8), "16x12 cells"),
        (f"axes: [-x, -y], {RANGE}", np.zeros((8,), np.uint8), "HxW"),
        (f"axes: [-x, -y], {RANGE}", np.full((8, 6), np.inf), "infinity"),
        (f"axes: [-x, -y], {RANGE}, holds: heights", np.zeros((8, 6), np.uint8), "floats"),
        (f"axes: [-x, -y], {RANGE}, sides: {{swap: [[1, 2]]}}", np.zeros((8, 6)), "integers"),
        (f"axes: [-x, -y], {RANGE}, fill: 300", np.zeros((8, 6), np.uint8), "fill"),
    ],
)
def test_what_is_refused(declared: str, value: Any, said: str) -> None:
    with pytest.raises(SampleError, match="map") as error:
        policy(declared, QUARTER)({"map": value}, key="a")
    assert said in str(error.value)
