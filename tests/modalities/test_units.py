"""Numbers in another unit are refused or told; what sensors give in the declared one is not."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from syncaug import SampleError, SampleWarning, load_policy
from tests.samples import frames

FLIP = "uses: flip, with: {axis: horizontal}"
SPEED = "uses: speed, with: {factor: 1.1}"
TURN = "uses: world_rotate, with: {axis: z, degrees: 90}"
RANDOM = np.random.default_rng(0)


def policy(streams: str, step: str) -> Any:
    return load_policy(f"syncaug: 1\nsample: {{{streams}}}\nsteps: [{{name: m, {step}}}]\n")


def told(streams: str, value: Any, step: str) -> list[str]:
    """What two samples through one policy are warned of."""
    ready = policy(f"s: {streams}", step)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for key in (0, 1):
            ready({"s": value}, key=key)
    assert all(warning.category is SampleWarning for warning in found)
    return [str(warning.message) for warning in found]


# Moments

SOUND = "audio: {modality: audio, sample_rate: 16000}, cues: timed_text"
THREE_SECONDS = np.zeros(48000, np.float32)


def cue(start: float, end: float) -> dict[str, Any]:
    return {"start": start, "end": end, "text": "hello"}


@pytest.mark.parametrize(
    ("cues", "guess"),
    [
        ([cue(100, 400)], "milliseconds: divide them by 1000"),
        ([cue(100, 400), cue(400, 900), cue(2000, 2900)], "milliseconds"),
        ([cue(100_000, 400_000), cue(1.2e6, 2.8e6)], "microseconds: divide them by 1000000"),
        ([cue(1600, 6400), cue(16000, 46400)], "samples: divide them by 16000"),
        ([cue(1.7e9, 1.7e9 + 1)], "at which the recording begins"),
        ([cue(3600.5, 3601.2), cue(3602.0, 3602.9)], "offset"),
    ],
)
def test_cues_far_beyond_their_clock_are_refused_with_the_guess(cues: Any, guess: str) -> None:
    with pytest.raises(SampleError) as caught:
        policy(SOUND, SPEED)({"audio": THREE_SECONDS, "cues": cues}, key=0)
    assert caught.value.stream == "cues"
    assert guess in str(caught.value)
    assert "within the 3 s of 'audio'" in str(caught.value)


@pytest.mark.parametrize(
    "cues",
    [
        [],
        [cue(0.1, 0.4), cue(2.7, 3.0)],
        [cue(2.9, 3.4)],
        [cue(0.5, 1.0), cue(8.0, 20.0)],
        [cue(0.5, 1.0), cue(100.0, 110.0), cue(3600.0, 3601.0)],
        [cue(4.0, 29.0)],
    ],
    ids=["none", "within", "over the end", "some beyond", "a film's", "a little beyond"],
)
def test_cues_within_beyond_and_of_a_longer_film_pass(cues: Any) -> None:
    policy(SOUND, SPEED)({"audio": THREE_SECONDS, "cues": cues}, key=0)


def test_cues_on_a_clock_of_their_own_may_lie_anywhere() -> None:
    policy("cues: timed_text", SPEED)({"cues": [cue(100, 400), cue(7000, 7100)]}, key=0)
    short = {"audio": np.zeros(160, np.float32), "cues": [cue(0.0, 1.0), cue(2.0, 3.0)]}
    policy(SOUND, SPEED)(short, key=0)


def test_points_and_phrases_in_other_units_are_refused_too() -> None:
    streams = (
        "audio: {modality: audio, sample_rate: 16000}, p: {modality: points, columns: [x, y, z, t]}"
    )
    cloud = np.ones((50, 4), np.float32)
    for scale, guess in ((1e3, "milliseconds"), (1e6, "microseconds"), (1.0, "")):
        cloud[:, 3] = np.linspace(0, 2.9, 50) * scale
        sample = {"audio": THREE_SECONDS, "p": cloud}
        if guess:
            with pytest.raises(SampleError, match=guess):
                policy(streams, SPEED)(sample, key=0)
        else:
            policy(streams, SPEED)(sample, key=0)
    spoken = (
        "audio: {modality: audio, sample_rate: 16000}, i: {modality: image, plane: a}, "
        "b: {modality: boxes, plane: a}, c: {modality: text, describes: i}, "
        "f: {modality: phrases, boxes: b, text: c, times: spans}"
    )
    sample = {
        "audio": THREE_SECONDS,
        "i": np.zeros((40, 40, 3), np.uint8),
        "b": [[1, 1, 20, 20]],
        "c": "a dog",
        "f": ["a dog"],
    }
    policy(spoken, SPEED)({**sample, "spans": [[0.2, 0.9]]}, key=0)
    with pytest.raises(SampleError, match=r"milliseconds") as caught:
        policy(spoken, SPEED)({**sample, "spans": [[200, 900]]}, key=0)
    assert caught.value.stream == "f"


# Depth


def depths(low: float, high: float) -> np.ndarray:
    return RANDOM.uniform(low, high, (30, 40)).astype(np.float32)


@pytest.mark.parametrize(
    "depth",
    [
        np.rint(depths(400, 5000)),
        np.rint(depths(300, 1200)),
        depths(800, 9000),
        np.where(depths(0, 1) < 0.3, 0, np.rint(depths(500, 4000))).astype(np.float32),
    ],
    ids=["room", "near", "smoothed", "with holes"],
)
def test_depth_in_millimetres_is_told_once(depth: np.ndarray) -> None:
    (text,) = told("depth", depth, FLIP)
    assert "looks like millimetres" in text
    assert "sample 0, stream 's'" in text


@pytest.mark.parametrize(
    "depth",
    [
        depths(0.4, 6.0),
        depths(0.0, 80.0),
        np.rint(depths(0, 80)),
        np.rint(depths(0, 6)),
        depths(2.0, 655.35),
        np.zeros((30, 40), np.float32),
        np.full((30, 40), np.nan, np.float32),
        np.where(depths(0, 1) < 0.4, np.float32(1000.0), depths(1, 90)),
    ],
    ids=["room", "street", "whole", "whole room", "far", "holes", "nan", "sky"],
)
def test_depth_in_metres_is_silent(depth: np.ndarray) -> None:
    assert told("depth", depth, FLIP) == []


def test_stored_depth_says_how_it_becomes_metres() -> None:
    with pytest.raises(SampleError, match="/ 1000"):
        policy("s: depth", FLIP)({"s": np.full((8, 8), 1500, np.uint16)}, key=0)
    assert told("depth", frames()[0]["depth"], FLIP) == []


# Inertial sensors


def readings(rate: float, acceleration: float, noise: float = 0.02) -> np.ndarray:
    rows = RANDOM.normal(0.0, noise, (200, 6))
    rows[:, 2] += rate * np.sin(np.arange(200) / 10)
    rows[:, 5] += acceleration
    return rows


@pytest.mark.parametrize(
    ("options", "rows", "said"),
    [
        ("", readings(120.0, 9.81), ["degrees a second"]),
        ("", readings(1.0, 1.0), ["multiples of gravity"]),
        ("", readings(250.0, -1.0), ["degrees a second", "multiples of gravity"]),
        (", units: degrees_g", readings(120.0, 9.81), ["looks like m/s2"]),
        ("", readings(1.0, 16384.0), ["raw counts"]),
        ("", readings(1.0, 1000.0), ["thousandths"]),
    ],
)
def test_inertial_readings_in_other_units_are_told(
    options: str, rows: np.ndarray, said: list[str]
) -> None:
    texts = told(f"{{modality: imu, rate: 100{options}}}", rows, SPEED)
    assert len(texts) == len(said)
    assert all(word in text for word, text in zip(said, texts, strict=True))


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ("", readings(0.0, 9.81)),
        ("", readings(30.0, 9.81, 2.0)),
        ("", readings(1.0, 0.0, 0.05)),
        ("", np.zeros((100, 6))),
        (", acceleration: linear", readings(1.0, 1.0)),
        (", gravity: removed", readings(1.0, 1.0)),
        (", units: degrees_g", readings(400.0, 1.0)),
        (", columns: [gx, gy, gz, temperature, t2, t3]", readings(2.0, 25.0)),
    ],
    ids=["rest", "sport", "free fall", "still", "linear", "removed", "degrees", "gyroscope"],
)
def test_inertial_readings_in_their_units_are_silent(options: str, rows: np.ndarray) -> None:
    assert told(f"{{modality: imu, rate: 100{options}}}", rows, SPEED) == []


def test_gravity_removed_is_linear() -> None:
    rows = readings(1.0, 1.0)
    results = [
        policy(f"s: {{modality: imu, rate: 100, {option}}}", SPEED)({"s": rows}, key=0)["s"]
        for option in ("gravity: removed", "acceleration: linear")
    ]
    assert np.array_equal(*results)


# 3-D boxes

BOX = [10.0, 2.0, 0.5, 4.2, 1.8, 1.5]


@pytest.mark.parametrize("yaw", [90.0, -135.0, 6.5, 359.0])
def test_yaws_beyond_a_turn_are_told(yaw: float) -> None:
    (text,) = told("boxes3d", np.array([[*BOX, 0.1], [*BOX, yaw]]), TURN)
    assert "radians" in text
    assert "degrees" in text


@pytest.mark.parametrize("yaw", [-np.pi, 0.0, np.pi, 2 * np.pi, 6.28, -6.28, 3.2])
def test_yaws_within_a_turn_are_silent(yaw: float) -> None:
    assert told("boxes3d", np.array([[*BOX, yaw]], np.float32), TURN) == []
    assert told("boxes3d", np.zeros((0, 7)), TURN) == []


def test_boxes_in_millimetres_are_told_and_far_ones_are_not() -> None:
    assert "metres" in told("boxes3d", np.array([[1e4, 0, 0, 4200, 1800, 1500, 0.3]]), TURN)[0]
    assert told("boxes3d", np.array([[5e5, 4e6, 30, 40, 20, 15, 0.3]]), TURN) == []


def test_rows_that_are_no_boxes_follow_the_rule_with_their_labels() -> None:
    rows = np.array([[*BOX, 0.1], [np.nan, *BOX[1:], 0.1], [*BOX[:3], 0, 1, 1, 0], [*BOX, np.inf]])
    sample = {"s": rows, "kinds": ["car", "van", "dot", "bus"]}
    for rule in ("", ", invalid: error"):
        with pytest.raises(SampleError, match="in box 1.*invalid: drop"):
            policy(f"s: {{modality: boxes3d, labels: kinds{rule}}}", TURN)(sample, key=0)
    ready = policy("s: {modality: boxes3d, labels: kinds, invalid: drop}", TURN)
    out, record = ready.apply(sample, key=0)
    assert out["kinds"] == ["car"]
    assert out["s"].shape == (1, 7)
    assert record.notes["s"]["dropped"] == [1, 2, 3]
    wide = {"s": np.ones((2, 9)), "kinds": ["a", "b"]}
    with pytest.raises(SampleError, match=r"columns: \[x, y, z, dx"):
        ready(wide, key=0)


def test_points_without_returns_follow_the_rule() -> None:
    cloud = np.array([[1, 2, 3, 4], [np.nan, 2, 3, 4], [1, 2, 3, np.inf], [5, 6, 7, 8]], np.float32)
    streams = "s: {modality: points, columns: [x, y, z, intensity]%s}"
    with pytest.raises(SampleError, match="invalid: drop"):
        policy(streams % "", TURN)({"s": cloud}, key=0)
    out = policy(streams % ", invalid: drop", TURN)({"s": cloud}, key=0)["s"]
    assert np.allclose(out, [[-2, 1, 3, 4], [-6, 5, 7, 8]])


_UPRIGHT = [[np.cos(yaw / 2), 0.0, 0.0, np.sin(yaw / 2)] for yaw in (0.3, -1.2, 2.9)]
_ORDERS = {"scalar first": "qw, qx, qy, qz", "scalar last": "qx, qy, qz, qw"}


def _with_quaternions(order: str, turns: Any) -> Any:
    policy = load_policy(
        "syncaug: 1\nsample: {b: {modality: boxes3d, columns: [x, y, z, w, l, h, "
        f"{_ORDERS[order]}]}}}}\n"
        "steps: [{name: turn, uses: world_rotate, with: {degrees: 20}}]\n"
    )
    turns = np.array(turns)
    turns = turns if order == "scalar first" else np.roll(turns, -1, axis=1)
    return policy, {"b": np.hstack([np.ones((len(turns), 6)), turns])}


@pytest.mark.parametrize("order", _ORDERS)
def test_quaternions_in_the_other_order_are_told(order: str) -> None:
    policy, sample = _with_quaternions(order, _UPRIGHT)
    mistaken = np.roll(sample["b"][:, 6:], -1 if order == "scalar first" else 1, axis=1)
    sample["b"][:, 6:] = mistaken
    with pytest.warns(SampleWarning, match="quaternions .* other end"):
        policy(sample, key=1)


@pytest.mark.parametrize("order", _ORDERS)
@pytest.mark.parametrize(
    "turns",
    [
        _UPRIGHT,
        [[1.0, 0.0, 0.0, 0.0]] * 4,
        [[0.0, 0.0, 0.0, 1.0]] * 4,
        [[0.0, 1.0, 0.0, 0.0]] * 4,
        [[0.5, 0.5, -0.5, 0.5], [0.5, 0.5, 0.5, 0.5], [1.0, 0.0, 0.0, 0.0]],
        [[0.6, 0.8, 0.0, 0.0]],
    ],
)
def test_quaternions_in_their_order_are_silent(order: str, turns: Any) -> None:
    policy, sample = _with_quaternions(order, turns)
    policy(sample, key=1)
