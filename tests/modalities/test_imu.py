"""Inertial readings in time and with cameras that turn: a real recording and known motion."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, SampleError, load_policy
from syncaug.errors import RefusalError
from syncaug.kernels.gravity import gravity_of, turned_back, turns_of
from syncaug.kernels.noise_level import snr_between
from syncaug.loading import check_policy
from syncaug.maps.mask import Blank, Drop
from syncaug.maps.noise import Noise
from syncaug.maps.plane import PlaneMap
from syncaug.maps.time import TimeMap
from syncaug.maps.world import rotation_about
from syncaug.modalities.clock.imu import ImuCarrier
from syncaug.plan.plan import Stream
from syncaug.randomness import Source
from tests.samples import DATA, everything

NINE = ("gx", "gy", "gz", "ax", "ay", "az", "mx", "my", "mz")
SIX = NINE[:6]
RATE = 100.0
FORWARD = np.array([0.0, 0.0, 1.0])


@cache
def recording() -> tuple[np.ndarray, np.ndarray]:
    """Timestamps (3000,) and readings (3000, 9) in degrees/s, g and microtesla."""
    table = np.loadtxt(DATA / "imu" / "imu.csv", delimiter=",", skiprows=1)
    return table[:, 0], table[:, 1:]


def carrier(value: Any, **options: Any) -> ImuCarrier:
    stream = Stream("imu", "imu", {"clock": "clock"}, {"columns": NINE, **options})
    return ImuCarrier.of(stream, {"imu": value})


def carried(value: Any, *maps: TimeMap, **options: Any) -> Any:
    imu = carrier(value, **options)
    for time in maps:
        imu.time(time)
    return imu.finish()["imu"]


def at_speed(speed: float, duration: float) -> TimeMap:
    first, last = (0.0, duration) if speed > 0 else (duration, 0.0)
    return TimeMap.of([(duration / abs(speed), first, last, 1.0)], duration)


def whole_turn(degrees: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Where the forward axis ends up when turn rates are followed from beginning to end."""
    turns = turns_of(np.radians(degrees), steps)
    last = turns_of(np.radians(degrees[-1:]), steps[-1:])  # half of the last row is to come
    ahead = turned_back(last, FORWARD[None])
    return turned_back(turns[-1:], ahead)[0]


def angle(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(one, other)), one @ other)))


def known_motion(
    seconds: float = 20.0, speed: float = 1.0, rate: float = RATE
) -> tuple[np.ndarray, np.ndarray]:
    """Readings (T, 6) in SI units on a known path, and the true gravity (T, 3) in body axes.

    The body turns by roll and yaw that wave, and moves on a Lissajous curve; `speed` plays the same
    path faster. Everything follows by calculus from the path.
    """
    t = (np.arange(round(seconds * rate / abs(speed))) + 0.5) / rate * speed
    t = t if speed > 0 else seconds + t
    yaw, roll = 1.1 * np.sin(0.9 * t), 0.8 * np.sin(1.7 * t + 1.0)
    yaw_rate, roll_rate = 0.99 * np.cos(0.9 * t), 1.36 * np.cos(1.7 * t + 1.0)
    c, s, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(roll), np.sin(roll)
    zero, one = np.zeros_like(t), np.ones_like(t)
    about_z = np.array([[c, -s, zero], [s, c, zero], [zero, zero, one]])
    about_x = np.array([[one, zero, zero], [zero, cr, -sr], [zero, sr, cr]])
    to_body = np.einsum("ijt,jkt->tki", about_z, about_x)  # the transpose of body to world
    rates = np.stack([roll_rate, yaw_rate * sr, yaw_rate * cr], axis=1)
    waves = np.array([[0.4, 2.1, 0.0], [0.3, 3.3, 0.4], [0.2, 4.2, 1.0]])
    force = np.stack([-a * w * w * np.sin(w * t + p) for a, w, p in waves], axis=1)
    motion = np.einsum("tij,tj->ti", to_body, force)
    gravity = to_body @ np.array([0.0, 0.0, 9.80665])
    return np.hstack([speed * rates, speed**2 * motion + gravity]), gravity


@pytest.mark.parametrize("speed", [2.0, 0.5, -1.0, -2.0, 3.7])
@pytest.mark.parametrize("stamped", [False, True])
def test_a_real_recording_turns_as_far_at_every_speed(speed: float, stamped: bool) -> None:
    stamps, readings = recording()
    period = float(np.median(np.diff(stamps)))
    value: Any = {"array": readings, "timestamps": stamps} if stamped else readings
    options = {"units": "degrees_g"} if stamped else {"units": "degrees_g", "rate": 1 / period}
    duration = float(stamps[-1]) if stamped else len(readings) * period
    out = carried(value, at_speed(speed, duration), **options)
    rows = out["array"] if stamped else out
    assert len(rows) == pytest.approx(duration / period / abs(speed), abs=20.0 if stamped else 1.0)
    steps = np.diff(stamps, append=stamps[-1] + period) if stamped else np.full(3000, period)
    new_steps = np.gradient(out["timestamps"]) if stamped else np.full(len(rows), period)
    heading = np.radians(readings[:, :3]).T @ steps
    new_heading = np.radians(rows[:, :3]).T @ new_steps
    assert np.allclose(new_heading, np.sign(speed) * heading, atol=np.radians(1.0))
    before = whole_turn(readings[:, :3], steps)
    if speed < 0:
        there = turns_of(np.radians(readings[:, :3]), steps)
        back = turns_of(np.radians(rows[:, :3]), new_steps)
        before = FORWARD
        after = turned_back(there[-1:], turned_back(back[-1:], FORWARD[None]))[0]
    else:
        after = whole_turn(rows[:, :3], new_steps)
    assert angle(before, after) < 2.0, "of turns that add up to some thousand degrees"


def test_magnetic_field_and_other_columns_are_only_read_elsewhere() -> None:
    _, readings = recording()
    rows = np.hstack([readings, np.linspace(20, 25, 3000)[:, None]])
    out = carried(rows, at_speed(2.0, 30.0), rate=100.0, units="degrees_g", columns=(*NINE, "heat"))
    assert np.allclose(
        out[10:-10, 9], np.linspace(20, 25, 3000).reshape(-1, 2).mean(axis=1)[10:-10]
    )
    slow = readings[:, 6:].reshape(-1, 2, 3).mean(axis=1)
    assert np.sqrt(np.mean((out[:, 6:9] - slow) ** 2)) < 0.5, "microtesla"


@pytest.mark.parametrize("speed", [2.0, 0.5, 1.5, -1.0, -1.7])
def test_linear_accelerations_grow_with_the_square_of_the_speed(speed: float) -> None:
    readings, gravity = known_motion()
    readings[:, 3:] -= gravity
    wanted, still = known_motion(speed=speed)
    wanted[:, 3:] -= still
    out = carried(readings, at_speed(speed, 20.0), columns=SIX, rate=RATE, acceleration="linear")
    assert out.shape == wanted.shape
    middle = slice(10, -10)
    scale = np.abs(wanted).max()
    assert np.abs(out - wanted)[middle].max() < 1e-4 * scale
    assert np.abs(out - wanted).max() < 5e-3 * scale, "at the edges the source is continued"


@pytest.mark.parametrize("speed", [2.0, 0.5, -1.0, 1.25])
def test_gravity_stays_while_motion_grows(speed: float) -> None:
    readings, _ = known_motion()
    wanted, _ = known_motion(speed=speed)
    generator = np.random.default_rng(0)
    measured = readings + generator.normal(0, [0.005] * 3 + [0.02] * 3, readings.shape)
    measured[:, :3] += [0.005, -0.005, 0.005]  # rad/s of bias
    out = carried(measured, at_speed(speed, 20.0), columns=SIX, rate=RATE)
    error = np.sqrt(np.mean((out[:, 3:] - wanted[:, 3:]) ** 2))
    naive = np.sqrt(np.mean((measured[:, 3:] * speed**2)[: len(out)] ** 2))
    assert error < 0.05 + 0.12 * abs(speed**2 - 1.0), "m/s^2"
    assert error < 0.1 * naive


def test_gravity_is_told_apart_from_motion_within_a_hundredth_of_it() -> None:
    readings, gravity = known_motion(60.0)
    generator = np.random.default_rng(1)
    readings += generator.normal(0, [0.005] * 3 + [0.02] * 3, readings.shape)
    found = gravity_of(readings[:, 3:], readings[:, :3], np.full(len(readings), 1 / RATE))
    error = np.linalg.norm(found - gravity, axis=1)
    assert np.sqrt(np.mean(error**2)) < 0.1, "m/s^2, with motion of 3 m/s^2"
    stamps, real = recording()
    steps = np.gradient(stamps)
    split = gravity_of(real[:, 3:6], np.radians(real[:, :3]), steps)
    assert np.abs(np.linalg.norm(split, axis=1) - 1.0).max() < 0.06, "g"


def test_a_sensor_at_rest_reads_gravity_at_every_speed() -> None:
    still = np.tile([0.0, 0.0, 0.0, 0.1, 9.7, 1.2], (500, 1))
    for speed in (0.5, 3.0):
        out = carried(still, at_speed(speed, 5.0), columns=SIX, rate=RATE)
        assert np.allclose(out, still[: len(out)] if len(out) < 500 else out[:1])
        assert np.allclose(out[:, 3:], [0.1, 9.7, 1.2])


def test_reverse_twice_and_cuts_are_exact() -> None:
    stamps, readings = recording()
    back = at_speed(-1.0, 30.0)
    once = carried(readings, back, rate=100.0)
    assert np.array_equal(once[:, :3], -readings[::-1, :3])
    assert np.array_equal(once[:, 3:], readings[::-1, 3:])
    assert np.array_equal(carried(once, back, rate=100.0), readings)
    cut = carried(readings, TimeMap.keeping([(2.0, 3.0), (7.0, 7.5)], 30.0), rate=100.0)
    assert np.array_equal(cut, np.vstack([readings[200:300], readings[700:750]]))
    value = {"array": readings, "timestamps": stamps}
    part = carried(value, TimeMap.keeping([(5.0, 6.0)], float(stamps[-1])))
    rows = (stamps >= 5.0) & (stamps < 6.0)
    assert np.array_equal(part["array"], readings[rows])
    assert np.allclose(part["timestamps"], stamps[rows] - 5.0, atol=1e-12)
    turned = carried(value, at_speed(-1.0, float(stamps[-1])))
    assert np.allclose(turned["timestamps"], (stamps[-1] - stamps)[::-1], atol=1e-12)
    assert np.array_equal(turned["array"][:, 3:], readings[::-1, 3:])


def test_steps_of_time_wait_and_cost_one_resampling() -> None:
    _, readings = recording()
    first, second = at_speed(1.3, 30.0), TimeMap.keeping([(4.0, 20.0)], 30.0 / 1.3)
    third = at_speed(0.7, 16.0)
    at_once = carried(readings, first.then(second).then(third), rate=100.0)
    assert np.array_equal(carried(readings, first, second, third, rate=100.0), at_once)


def test_gaps_and_what_lies_beyond_are_zeros_and_an_offset_stays() -> None:
    ones = np.ones((100, 9))
    shift = TimeMap.of([(0.5, np.nan, np.nan, 1.0), (1.0, 0.0, 1.0, 1.0)], 1.0)
    out = carried(ones, shift, rate=100.0)
    assert (out[:50] == 0).all()
    assert (out[50:] == 1).all()
    ramp = np.tile(np.arange(100.0)[:, None], (1, 9))
    moved = carried(ramp, TimeMap.keeping([(0.5, 1.0)], 1.5), rate=100.0, offset=0.5)
    assert np.array_equal(moved[:50, 0], np.arange(50.0, 100.0)), "own second 0.5 is shown at 0"
    stamped = {"array": ones, "timestamps": np.arange(100) / 100.0}
    assert carried(stamped, shift)["timestamps"][0] == pytest.approx(0.5)


def test_speeding_up_does_not_fold_what_is_too_fast() -> None:
    t = (np.arange(4000) + 0.5) / RATE
    rows = np.zeros((4000, 6))
    rows[:, 0] = np.sin(2 * np.pi * 40.0 * t) + np.sin(2 * np.pi * 5.0 * t)
    out = carried(rows, at_speed(2.0, 40.0), columns=SIX, rate=RATE)[:, 0] / 2.0
    now = (np.arange(2000) + 0.5) / RATE
    assert np.abs(out - np.sin(2 * np.pi * 10.0 * now))[20:-20].max() < 0.02
    stamped = {"array": rows, "timestamps": t}
    slow = carried(stamped, at_speed(4.0, 40.0), columns=SIX)
    assert np.std(slow["array"][:, 0] / 4.0) < 1.0


@pytest.mark.parametrize("axis", ["horizontal", "vertical", "both"])
@pytest.mark.parametrize("camera", [True, False])
def test_a_mirror_turns_the_body_as_its_camera(axis: str, camera: bool) -> None:
    readings, _ = known_motion(3.0)
    sample = {"image": np.zeros((48, 64, 3), np.uint8), "imu": readings.astype(np.float32)}
    if camera:
        sample["camera"] = everything()["camera"]
    declared = (
        "syncaug: 1\nsample:\n  image: {modality: image, plane: head}\n"
        + ("  camera: {modality: camera, plane: head}\n" if camera else "")
        + "  imu: {modality: imu, rate: 100, body: head}\n"
    )
    step = "steps: [{name: m, uses: flip, with: {axis: %s}}]\n"
    out = load_policy(declared + step % axis)(sample, key=0)["imu"]
    assert out.dtype == np.float32
    signs = {"horizontal": (-1, 1, 1), "vertical": (1, -1, 1), "both": (-1, -1, 1)}[axis]
    turn = np.diag(signs).astype(float)
    assert np.allclose(out[:, 3:], readings[:, 3:] @ turn, atol=1e-6)
    # The body's own turns, followed to the end, are the mirrored ones: R' = M R M.
    steps = np.full(len(readings), 0.01)
    there = turned_back(turns_of(readings[:, :3], steps)[-1:], FORWARD[None])[0]
    mirrored = turned_back(turns_of(out[:, :3].astype(float), steps)[-1:], FORWARD[None])[0]
    assert np.allclose(mirrored, turn @ there, atol=1e-5)
    kept = load_policy(declared + step % f"{axis}, world: keep")
    assert np.array_equal(kept(sample, key=0)["imu"], sample["imu"])


def test_a_camera_that_turns_takes_the_body_along_and_pictures_alone_do_not() -> None:
    readings, _ = known_motion(2.0)
    sample = {**{n: everything()[n] for n in ("image", "camera")}, "imu": readings}
    head = "syncaug: 1\nsample: {image: image, camera: camera, imu: {modality: imu, rate: 100"
    turn = "steps: [{name: t, uses: camera_rotate, with: {axis: vertical, degrees: 30}}]\n"
    out = load_policy(f"{head}, body: plane}}}}\n{turn}")(sample, key=0)
    before, after = sample["camera"]["world_to_camera"], out["camera"]["world_to_camera"]
    rotation = after[:3, :3] @ before[:3, :3].T
    assert not np.allclose(rotation, np.eye(3))
    assert np.allclose(out["imu"][:, :3], readings[:, :3] @ rotation.T)
    assert np.allclose(out["imu"][:, 3:], readings[:, 3:] @ rotation.T)
    with pytest.raises(PolicyError, match="SA306 unknown plane 'plain'"):
        load_policy(
            f"{head}, body: plain}}}}\n{turn}".replace(
                "image: image", "image: {modality: image, plane: plane}"
            ).replace("camera: camera", "camera: {modality: camera, plane: plane}")
        )
    moved = (
        "steps: [{name: a, uses: rotate, with: {degrees: 20}}, "
        "{name: b, uses: crop, with: {area: 0.5}}, {name: c, uses: world_rotate, "
        "with: {degrees: 40}}]\n"
    )
    still = load_policy(f"{head}, body: plane}}}}\n{moved}")(sample, key=0)
    assert np.array_equal(still["imu"], readings)


def test_a_world_that_grows_scales_motion_and_never_gravity() -> None:
    points = "points: points, imu: {modality: imu, rate: 100"
    step = "steps: [{name: g, uses: world_scale, with: {factor: 1.5}}]\n"
    with pytest.raises(PolicyError, match="SA508 the accelerations of 'imu' hold gravity"):
        load_policy(f"syncaug: 1\nsample: {{{points}}}}}\n{step}")
    policy = load_policy(f"syncaug: 1\nsample: {{{points}, acceleration: linear}}}}\n{step}")
    readings, _ = known_motion(1.0)
    out = policy({"points": np.ones((3, 3), np.float32), "imu": readings}, key=0)["imu"]
    assert np.array_equal(out[:, :3], readings[:, :3])
    assert np.allclose(out[:, 3:], 1.5 * readings[:, 3:])


@pytest.mark.parametrize("kind", ["bias", "white"])
@pytest.mark.parametrize("level", [5.0, 20.0, 40.0])
def test_noise_of_each_sensor_has_the_level_of_the_step(kind: str, level: float) -> None:
    _, readings = recording()
    imu = carrier(readings, rate=100.0)
    imu.noise(Noise(kind, level, Source(1, "a", 0).entropy("sensors/imu")))
    out = imu.finish()["imu"]
    for first in (0, 3, 6):
        clean, noisy = readings[:, first : first + 3], out[:, first : first + 3]
        assert abs(snr_between(clean, noisy) - level) < 1e-6
    drift = np.abs((out - readings).mean(axis=0))
    spread = (out - readings).std(axis=0)
    assert (drift[3:6] > 0.1 * spread[3:6]).any() == (kind == "bias")


def test_blanked_and_dropped_readings_are_zeros_in_their_place() -> None:
    stamps, readings = recording()
    imu = carrier(
        {"array": np.column_stack([stamps, readings]), "timestamps": stamps}, columns=("t", *NINE)
    )
    imu.blank(Blank(((1.0, 2.0),)))
    out = imu.finish()["imu"]
    hidden = (stamps >= 1.0) & (stamps < 2.0)
    assert (out["array"][hidden, 1:] == 0).all()
    assert np.array_equal(out["array"][~hidden, 1:], readings[~hidden])
    assert np.array_equal(out["array"][:, 0], stamps)
    imu.drop(Drop())
    assert not imu.finish()["imu"]["array"][:, 1:].any()


def test_a_column_t_is_read_as_instants_and_follows() -> None:
    stamps, readings = recording()
    rows = np.column_stack([stamps, readings])
    out = carried(rows, TimeMap.keeping([(5.0, 6.0)], 31.0), columns=("t", *NINE))
    inside = (stamps >= 5.0) & (stamps < 6.0)
    assert np.allclose(out[:, 0], stamps[inside] - 5.0)
    assert np.array_equal(out[:, 1:], readings[inside])
    with pytest.raises(RefusalError, match="none of its rows"):
        carried(rows, TimeMap.keeping([(30.5, 31.0)], 31.0), columns=("t", *NINE))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros((5, 8)), "expected readings of shape Tx9"),
        (np.zeros((5, 9), int), "float32 or float64"),
        (np.zeros(9), "expected readings of shape Tx9"),
        (np.zeros((0, 9)), "expected readings of shape Tx9"),
        ([[0.0] * 9], "got a list of 1"),
        (np.full((5, 9), np.nan), "NaN or infinity in row 0"),
        ({"array": np.zeros((3, 9)), "timestamps": [0.0, 0.2, 0.1]}, "timestamps that grow"),
        ({"array": np.zeros((3, 9)), "timestamps": [0.0, 0.1, 0.1]}, "0.1 s in row 2 after 0.1 s"),
        ({"array": np.zeros((3, 9)), "timestamps": [0.0, np.nan, 1.0]}, "finite timestamps"),
        ({"array": np.zeros((3, 9)), "timestamps": [0.0, 1.0]}, "expected 3 timestamps"),
        ({"array": np.zeros((2, 9)), "timestamps": [1.6e9, 1.6e9 + 1]}, "the stream's own beginn"),
        ({"array": np.zeros((3, 9))}, 'a mapping with "array" and "timestamps"'),
    ],
)
def test_readings_that_do_not_fit_are_one_clear_error(value: Any, message: str) -> None:
    with pytest.raises(SampleError, match=message):
        carrier(value, rate=100.0)


def test_missing_rates_and_axes_are_told() -> None:
    with pytest.raises(SampleError, match="a declared rate, timestamps or a column t"):
        carrier(np.zeros((5, 9)))
    lonely = carrier(np.ones((5, 1)), columns=("gz",), rate=10.0)

    def turned(axis: str) -> PlaneMap:
        turn = np.reshape(rotation_about(axis, 30), (3, 3))
        return PlaneMap.of(np.eye(3), (4, 4), (4, 4), turn)

    lonely.plane(PlaneMap.of(np.eye(3), (4, 4), (4, 4), np.diag([-1.0, 1.0, 1.0])))
    assert (lonely.finish()["imu"] == -1).all()
    lonely.plane(turned("z"))
    assert np.allclose(lonely.finish()["imu"], -1), "about its own axis it stays"
    lonely.plane(turned("x"))
    with pytest.raises(SampleError, match="gx, gy, gz together"):
        lonely.finish()


@pytest.mark.parametrize(
    ("body", "step", "codes"),
    [
        ("", "flip", ["SA605"]),
        ("", "flip, with: {world: keep}", []),
        ("", "camera_rotate, with: {degrees: 5}", ["SA605"]),
        ("", "rotate, with: {degrees: 5}", []),
        (", body: head", "flip", []),
    ],
)
def test_a_sensor_that_no_camera_turns_is_warned_of(body: str, step: str, codes: list[str]) -> None:
    _, problems, _ = check_policy(
        "syncaug: 1\nsample:\n  rgb: {modality: image, plane: head}\n"
        f"  camera: {{modality: camera, plane: head}}\n  imu: {{modality: imu, rate: 9{body}}}\n"
        f"steps: [{{name: a, uses: {step}}}]\n"
    )
    assert [(problem.code, problem.severity) for problem in problems] == [
        (code, "warning") for code in codes
    ]


@pytest.mark.parametrize("order", [("flip", "speed"), ("speed", "flip")])
def test_mirrors_and_speeds_commute_whether_fused_or_not(order: tuple[str, str]) -> None:
    readings, _ = known_motion(10.0)
    sample = {"rgb": np.zeros((8, 8, 3), np.uint8), "imu": readings}
    steps = {"flip": "{name: m, uses: flip}", "speed": "{name: s, uses: speed, with: {factor: 2}}"}
    text = (
        "syncaug: 1\nsample:\n  rgb: {modality: image, plane: head}\n"
        "  imu: {modality: imu, rate: 100, body: head}\nsteps:\n"
    )
    lines = "".join(f"  - {steps[name]}\n" for name in order)
    fused = load_policy(text + lines)(sample, key=0)["imu"]
    literal = load_policy(text.replace("sample:", "fuse: off\nsample:") + lines)(sample, key=0)
    other = load_policy(text + "".join(f"  - {steps[n]}\n" for n in reversed(order)))
    assert np.allclose(fused, literal["imu"], atol=1e-9)
    assert np.allclose(fused, other(sample, key=0)["imu"], atol=1e-9)


@pytest.mark.parametrize(("pace", "told"), [(2.0, True), (0.5, True), (1.0, False)])
def test_rows_that_are_read_in_a_hole_of_a_recording_are_told(pace: float, told: bool) -> None:
    """Where the pace stays, rows move with their moments and none comes about."""
    policy = load_policy(
        "syncaug: 1\n"
        "sample: {imu: {modality: imu, clock: t, columns: [ax, ay, az, gx, gy, gz]}}\n"
        f"steps: [{{name: pace, uses: speed, with: {{factor: {pace}}}}}]\n"
    )
    readings = np.tile([0.0, 0.0, 9.81, 0.0, 0.0, 0.0], (20, 1))
    even = np.arange(20) * 0.1
    policy({"imu": {"array": readings, "timestamps": even * 3}}, key=1)
    broken = np.where(even < 1.0, even, even + 4.0)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        policy({"imu": {"array": readings, "timestamps": broken}}, key=1)
    assert [("rows are 0.1 s apart, and 4.1 s after 0.9 s" in str(w.message)) for w in said] == (
        [True] if told else []
    )
