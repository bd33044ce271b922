"""The commuting square of inertial readings: a step on the readings, or the readings of its motion.

A body turns and moves on a known path. What the library makes of its readings must be what a sensor
would read on the changed path. Where a step changes time, a latent ramp beside the readings tells
which moment of the path each moment of the result shows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.maps.numbers import as_matrix
from syncaug.maps.world import rotation_about
from tests.samples import everything

RATE, SECONDS = 100.0, 8.0
FINE = 1000.0
WAVES = np.array([[0.4, 2.1, 0.0], [0.3, 3.3, 0.4], [0.2, 4.2, 1.0]])


def path(t: np.ndarray, speed: np.ndarray) -> np.ndarray:
    """Turn rates and accelerations without gravity (T, 6) at moments of the path, at a speed."""
    yaw, roll = 1.1 * np.sin(0.9 * t), 0.8 * np.sin(1.7 * t + 1.0)
    yaw_rate, roll_rate = 0.99 * np.cos(0.9 * t), 1.36 * np.cos(1.7 * t + 1.0)
    c, s, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(roll), np.sin(roll)
    zero, one = np.zeros_like(t), np.ones_like(t)
    about_z = np.array([[c, -s, zero], [s, c, zero], [zero, zero, one]])
    about_x = np.array([[one, zero, zero], [zero, cr, -sr], [zero, sr, cr]])
    to_body = np.einsum("ijt,jkt->tki", about_z, about_x)
    rates = np.stack([roll_rate, yaw_rate * sr, yaw_rate * cr], axis=1)
    force = np.stack([-a * w * w * np.sin(w * t + p) for a, w, p in WAVES], axis=1)
    motion = np.einsum("tij,tj->ti", to_body, force)
    return np.hstack([speed[:, None] * rates, speed[:, None] ** 2 * motion])


def cells(rate: float) -> np.ndarray:
    return (np.arange(round(SECONDS * rate)) + 0.5) / rate


def sample() -> dict[str, Any]:
    return {
        **{name: everything()[name] for name in ("image", "camera")},
        "imu": path(cells(RATE), np.ones(round(SECONDS * RATE))),
        "ramp": np.stack([cells(FINE), np.ones(round(SECONDS * FINE))], axis=1),
    }


def carried(step: str, key: int = 0) -> dict[str, Any]:
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: {modality: image, plane: head}\n"
        "  camera: {modality: camera, plane: head, world: room}\n"
        "  imu: {modality: imu, rate: 100, body: head, world: room, acceleration: linear}\n"
        "  ramp: {modality: embedding, rate: 1000}\n"
        f"steps: [{step}]\n"
    )
    return policy(sample(), key=key)  # type: ignore[no-any-return]


TIME = {
    "trim": "{name: a, uses: trim, with: {duration: [2, 6]}}",
    "time_shift": "{name: a, uses: time_shift, with: {seconds: [-2, 2]}}",
    "speed": "{name: a, uses: speed, with: {factor: [0.5, 2.0]}}",
    "time_warp": "{name: a, uses: time_warp, with: {strength: 0.3}}",
    "reverse": "{name: a, uses: reverse}",
    "loop": "{name: a, uses: loop, with: {times: [1.2, 2.5]}}",
    "all": "{name: a, uses: speed, with: {factor: [0.7, 1.4]}}, {name: b, uses: reverse}, "
    "{name: c, uses: time_warp, with: {strength: 0.2}}, "
    "{name: d, uses: trim, with: {duration: 3}}",
}


@pytest.mark.parametrize("key", range(4))
@pytest.mark.parametrize("name", TIME)
def test_time_on_readings_is_time_on_their_path(name: str, key: int) -> None:
    out = carried(TIME[name], key)
    moments, shown = out["ramp"].T
    fine = int(FINE / RATE)
    count = len(out["imu"])
    assert abs(len(moments) - fine * count) <= fine
    inside = np.arange(4, count - 4)
    centre = fine * inside + fine // 2  # the ramp's cells on both sides of each row's middle
    when = (moments[centre] + moments[centre - 1]) / 2
    speed = (moments[centre + 2] - moments[centre - 3]) * FINE / 5
    # Rows whose surroundings hold one steady piece of time, inside of the recording.
    wide = np.arange(-3 * fine, 3 * fine)
    around = moments[centre[:, None] + wide]
    pace = np.diff(around, axis=1) * FINE
    steady = (np.abs(pace - speed[:, None]).max(axis=1) < 1e-3 + 0.1 * np.abs(speed)) & (
        shown[centre[:, None] + wide].min(axis=1) == 1.0
    )
    steady &= (when > 0.2) & (when < SECONDS - 0.2)
    assert steady.sum() > 60, "something is compared"
    wanted = path(when[steady], speed[steady])
    got = out["imu"][inside[steady]]
    apart = np.sqrt(np.mean((got - wanted) ** 2) / np.mean(wanted**2))
    warps = "warp" in TIME[name]  # whose speed steps from piece to piece, within a row
    assert apart < (5e-3 if warps else 1e-4)
    assert np.abs(got - wanted).max() < (0.2 if warps else 5e-3), "of 10 m/s^2"
    gone = shown[fine * np.arange(count - 1) + fine // 2] == 0.0
    gone[1:] &= gone[:-1]
    assert not out["imu"][:-1][gone].any()


@pytest.mark.parametrize(
    ("step", "turn"),
    [
        ("flip", np.diag([-1.0, 1.0, 1.0])),
        ("flip, with: {axis: vertical}", np.diag([1.0, -1.0, 1.0])),
        ("flip, with: {axis: both}", np.diag([-1.0, -1.0, 1.0])),
        ("flip, with: {world: y}", np.diag([-1.0, 1.0, 1.0])),
        ("camera_rotate, with: {axis: optical, degrees: 25}", as_matrix(rotation_about("z", -25))),
        ("camera_rotate, with: {axis: vertical, degrees: 20}", as_matrix(rotation_about("y", -20))),
        (
            "camera_rotate, with: {axis: horizontal, degrees: -15}",
            as_matrix(rotation_about("x", 15)),
        ),
    ],
)
def test_a_turned_body_reads_its_path_in_turned_axes(step: str, turn: np.ndarray) -> None:
    out = carried(f"{{name: a, uses: {step}}}")["imu"]
    readings = sample()["imu"]
    assert np.allclose(out[:, 3:], readings[:, 3:] @ turn.T)
    # Turned axes see the rotation T R T^-1; its rate is det(T) T w, mirrored or not.
    skew = np.stack([_skew(rate) for rate in readings[:, :3]])
    turned = turn @ skew @ np.linalg.inv(turn)
    wanted = np.stack([turned[:, 2, 1], turned[:, 0, 2], turned[:, 1, 0]], axis=1)
    assert np.allclose(out[:, :3], wanted)


def _skew(w: np.ndarray) -> np.ndarray:
    return np.array([[0.0, -w[2], w[1]], [w[2], 0.0, -w[0]], [-w[1], w[0], 0.0]])


@pytest.mark.parametrize(
    "step",
    [
        "rotate, with: {degrees: 30}",
        "crop, with: {area: 0.5}",
        "scale, with: {factor: 1.2}",
        "translate, with: {x: 0.1}",
        "resize, with: {height: 20, width: 30}",
        "flip, with: {world: keep}",
        "colour, with: {hue: 90}",
        "light, with: {value: 0.2}",
        "world_rotate, with: {degrees: 50}",
        "world_translate, with: {x: 3}",
    ],
)
def test_what_does_not_turn_the_body_leaves_its_readings(step: str) -> None:
    assert np.array_equal(carried(f"{{name: a, uses: {step}}}")["imu"], sample()["imu"])


def test_a_path_in_a_larger_world_pushes_harder_and_turns_alike() -> None:
    out = carried("{name: a, uses: world_scale, with: {factor: 1.6}}")["imu"]
    assert np.array_equal(out[:, :3], sample()["imu"][:, :3])
    assert np.allclose(out[:, 3:], 1.6 * sample()["imu"][:, 3:])


@pytest.mark.parametrize("key", range(3))
def test_a_camera_that_looks_from_aside_takes_its_body_along(key: int) -> None:
    out = carried("{name: a, uses: perspective, with: {strength: 0.1}}", key)
    old, new = (np.asarray(one["camera"]["world_to_camera"]) for one in (sample(), out))
    turn = new[:3, :3] @ old[:3, :3].T
    assert not np.allclose(turn, np.eye(3), atol=1e-3)
    readings = sample()["imu"]
    assert np.allclose(out["imu"][:, :3], np.linalg.det(turn) * readings[:, :3] @ turn.T)
    assert np.allclose(out["imu"][:, 3:], readings[:, 3:] @ turn.T)


def test_a_dropped_sensor_reads_nothing_for_as_long_as_before() -> None:
    out = carried("{name: a, uses: drop_modality, with: {streams: [imu, ramp], count: 2}}")
    assert out["imu"].shape == sample()["imu"].shape
    assert not out["imu"].any()
    assert not out["ramp"].any()
