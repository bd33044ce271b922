"""Looks that tell of nearly all data in one pass, and pictures that are changed in place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import SampleError, load_policy
from syncaug.modalities.floats import surely_small, surely_within

ABOVE = float(np.nextafter(np.float32(1.0), np.float32(2.0)))
FLIP = "{uses: flip, with: {axis: horizontal}}"
TURN = "{uses: rotate, with: {degrees: 20}}"
LIGHT = "{uses: light, with: {value: 0.2, gamma: 1.5}}"
HUE = "{uses: colour, with: {hue: 40}}"


def policy(stream: str, *steps: str) -> Any:
    named = (step.replace("{", f"{{name: s{n}, ", 1) for n, step in enumerate(steps))
    return load_policy(f"syncaug: 1\nsample: {{s: {stream}}}\nsteps: [{', '.join(named)}]\n")


def floats(value: float) -> Any:
    """A float picture of 4x6 with one other number."""
    picture = np.full((4, 6), 0.5, np.float32)
    picture[2, 3] = value
    return picture


@pytest.mark.parametrize("value", [0.0, 1e-45, 0.25, 1.0])
def test_numbers_of_the_range_are_told_in_one_pass(value: float) -> None:
    assert surely_within(floats(value), 1.0)
    assert surely_within(floats(value)[::2, 1::2], 1.0)


@pytest.mark.parametrize("value", [-0.0, -1e-45, -1.0, ABOVE, np.inf, -np.inf, np.nan])
def test_all_others_are_looked_at_more_closely(value: float) -> None:
    assert not surely_within(floats(value), 1.0)


def test_other_dtypes_and_empty_arrays_are_looked_at_more_closely() -> None:
    assert not surely_within(floats(0.5).astype(np.float64), 1.0)
    assert not surely_within(floats(0.5).astype(">f4"), 1.0)
    assert not surely_within(np.zeros((0, 3), np.float32), 1.0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_small_numbers_are_told_in_one_pass_on_both_sides(dtype: Any) -> None:
    assert surely_small(floats(-30.0).astype(dtype), 100.0)
    for value in (100.5, -100.5, np.nan, np.inf, -np.inf):
        assert not surely_small(floats(value).astype(dtype), 100.0)


@pytest.mark.parametrize(
    ("stream", "shape", "right", "wrong"),
    [
        ("image", (), [-0.0, 0.0, 1.0], [-1e-45, ABOVE, np.nan, np.inf]),
        ("depth", (), [-0.0, 3.4e24, np.nan], [-1e-45, np.inf]),
        ("heatmap", (), [-5.0, 5.0, np.nan], [np.inf, -np.inf]),
        ("{modality: heatmap, range: [0, 1]}", (), [-0.0, 1.0, np.nan], [-1e-45, ABOVE]),
        ("{modality: heatmap, range: [0, 0.75]}", (), [0.75], [0.8, 1.0]),
        ("flow", (2,), [np.nan, 9e8, -9e8, 5e4], [1.1e9, -1.1e9, np.inf]),
        (
            "{modality: bev, range: [0, 0, 6, 4], axes: [x, y]}",
            (),
            [np.nan, 1e20, -1e20],
            [np.inf, -np.inf],
        ),
    ],
)
def test_single_numbers_at_the_bounds(
    stream: str, shape: tuple[int, ...], right: list[float], wrong: list[float]
) -> None:
    step = "{uses: world_rotate, with: {axis: z, degrees: 90}}" if "bev" in stream else FLIP
    ready = policy(stream, step)
    for value in right:
        picture = np.broadcast_to(floats(value).reshape(4, 6, *(1 for _ in shape)), (4, 6, *shape))
        ready({"s": picture.copy()}, key=0)
    for value in wrong:
        picture = np.broadcast_to(floats(value).reshape(4, 6, *(1 for _ in shape)), (4, 6, *shape))
        with pytest.raises(SampleError):
            ready({"s": picture.copy()}, key=0)


def test_clouds_that_drop_what_is_invalid_keep_the_rest() -> None:
    ready = policy(
        "{modality: points, invalid: drop}", "{uses: world_translate, with: {x: 1, y: 0, z: 0}}"
    )
    points = np.arange(12, dtype=np.float32).reshape(4, 3)
    whole = ready({"s": points}, key=0)["s"]
    assert np.array_equal(whole, points + np.float32([1, 0, 0]))
    holed = points.copy()
    holed[1, 2], holed[3, 0] = np.nan, np.inf
    assert np.array_equal(ready({"s": holed}, key=0)["s"], whole[[0, 2]])


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("channels", [(), (1,), (3,), (4,)])
@pytest.mark.parametrize(
    "steps", [(LIGHT,), (FLIP, LIGHT), (TURN, LIGHT), (HUE, LIGHT), (FLIP, HUE), (LIGHT, HUE)]
)
def test_the_picture_that_came_is_never_written_to(
    dtype: str, channels: tuple[int, ...], steps: tuple[str, ...]
) -> None:
    top = {"uint8": 255, "uint16": 65535, "float32": 1}[dtype]
    random = np.random.default_rng(0)
    for height, width in ((1, 1), (1, 5), (7, 5)):
        came = (random.random((height, width, *channels)) * top).astype(dtype)
        before = came.copy()
        came.flags.writeable = False
        stream = "{modality: image, channels: grey}" if channels == (1,) else "image"
        out = policy(stream, *steps)({"s": came}, key=0)["s"]
        assert np.array_equal(came, before)
        assert not np.shares_memory(out, came)


@pytest.mark.parametrize("moved", [FLIP, TURN])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_light_behind_a_warp_is_light_on_the_warped_picture(moved: str, dtype: str) -> None:
    top = 255 if dtype == "uint8" else 1
    came = (np.random.default_rng(1).random((9, 8, 3)) * top).astype(dtype)
    warped = policy("image", moved)({"s": came}, key=0)["s"]
    both = policy("image", moved, LIGHT)({"s": came}, key=0)["s"]
    assert np.array_equal(both, policy("image", LIGHT)({"s": warped}, key=0)["s"])
