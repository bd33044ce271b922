"""Lengths that a mapping of frames or sound repeats: they follow time, or are warned of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from syncaug import SampleError, load_policy
from syncaug.errors import SampleWarning

FRAMES = np.zeros((10, 8, 8, 3), np.uint8)
SOUND = np.zeros(1600, np.float32)
FASTER = "uses: speed, with: {factor: 2.0}"


def run(stream: str, value: Any, step: str = FASTER) -> Any:
    policy = load_policy(f"syncaug: 1\nsample: {{s: {stream}}}\nsteps: [{{name: t, {step}}}]\n")
    return policy({"s": value}, key="k")["s"]


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("duration", 1.0, 0.5),
        ("duration", np.float32(1.0), np.float32(0.5)),
        ("duration_ms", 1000, 500),
        ("seconds", 1, 0.5),
        ("num_frames", 10, 5),
        ("frame_count", np.int64(10), np.int64(5)),
        ("length", 10, 5),
    ],
)
def test_lengths_beside_frames_follow(key: str, before: Any, after: Any) -> None:
    out = run("video", {"frames": FRAMES, "fps": 10, key: before})
    assert len(out["frames"]) == 5
    assert out[key] == after


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [("duration", 0.1, 0.05), ("num_samples", 1600, 800), ("length_ms", 100.0, 50.0)],
)
def test_lengths_beside_sound_follow(key: str, before: Any, after: Any) -> None:
    out = run("audio", {"array": SOUND, "sampling_rate": 16000, key: before})
    assert out["array"].shape == (800,)
    assert out[key] == pytest.approx(after)


def test_lengths_beside_annotations_of_frames_follow() -> None:
    entries = {"frames": [[[0, 0, 4, 4]]] * 10, "fps": 10, "duration": 1.0, "num_frames": 10}
    policy = load_policy(
        "syncaug: 1\nsample: {v: {modality: video, fps: 10}, b: {modality: boxes, clock: clock}}\n"
        f"steps: [{{name: t, {FASTER}}}]\n"
    )
    out = policy({"v": FRAMES, "b": entries}, key="k")["b"]
    assert (len(out["frames"]), out["duration"], out["num_frames"]) == (5, 0.5, 5)


@pytest.mark.parametrize(
    ("stream", "value"),
    [
        ("video", {"frames": FRAMES, "fps": 10, "duration": 7.0}),
        ("audio", {"array": SOUND, "sampling_rate": 16000, "duration": 5}),
    ],
)
def test_a_length_of_something_else_stays_and_is_warned_of(
    stream: str, value: dict[str, Any]
) -> None:
    with pytest.warns(SampleWarning, match="'duration' is"):
        assert run(stream, value)["duration"] == value["duration"]


@pytest.mark.parametrize(
    "further",
    [{"num_frames": 12}, {"duration": None}, {"duration": "1 s"}, {"length": 3}, {"name": "a"}],
)
def test_what_repeats_no_length_stays(further: dict[str, Any]) -> None:
    out = run("video", {"frames": FRAMES, "fps": 10, **further})
    assert {key: out[key] for key in further} == further


def test_a_length_stays_where_time_does() -> None:
    value = {"frames": FRAMES, "fps": 10, "duration": 7.0}
    assert run("video", value, "uses: flip")["duration"] == 7.0


@pytest.mark.parametrize(
    ("stamps", "remedy"),
    [
        (np.arange(10).astype("m8[ms]"), "timedelta64"),
        (np.datetime64("2024-01-01T00:00:00", "ms") + np.arange(10), "timedelta64"),
        ([timedelta(seconds=n / 10) for n in range(10)], "total_seconds"),
        ([datetime(2024, 1, 1, 0, 0, n) for n in range(10)], "total_seconds"),
    ],
)
def test_times_of_other_types_are_refused_with_the_line_that_converts(
    stamps: Any, remedy: str
) -> None:
    with pytest.raises(SampleError, match=remedy):
        run("video", {"frames": FRAMES, "timestamps": stamps})


EVEN = [100 * n for n in range(10)]


@pytest.mark.parametrize(
    ("further", "after"),
    [
        ({"t_ms": EVEN}, {"t_ms": EVEN[:5]}),
        ({"frame_times": np.arange(10) / 10}, {"frame_times": np.arange(5) / 10}),
        ({"start_ms": 0, "end_ms": 1000}, {"start_ms": 0, "end_ms": 500}),
        ({"start": 0.0, "end": 1.0}, {"start": 0.0, "end": 0.5}),
    ],
)
def test_times_beside_frames_that_repeat_theirs_follow(
    further: dict[str, Any], after: dict[str, Any]
) -> None:
    out = run("video", {"frames": FRAMES, "fps": 10, **further})
    for key, value in after.items():
        assert np.allclose(out[key], value)
        assert type(out[key]) is type(further[key])


@pytest.mark.parametrize(
    "further",
    [
        {"start_ms": 300},
        {"t_ms": [0, 250, 900]},
        {"onset": 0.2},
        {"bpm": 120},
        {"start": 12.0, "end": 13.0},
        {"words": [{"word": "tea", "start": 0.1, "end": 0.4}]},
    ],
)
@pytest.mark.parametrize("stream", ["video", "audio"])
def test_other_times_beside_frames_and_sound_stay_and_are_warned_of(
    stream: str, further: dict[str, Any]
) -> None:
    value = {
        "video": {"frames": FRAMES, "fps": 10},
        "audio": {"array": SOUND, "sampling_rate": 16000},
    }[stream]
    with pytest.warns(SampleWarning, match="may hold times"):
        out = run(stream, {**value, **further})
    assert {key: out[key] for key in further} == further


@pytest.mark.parametrize(
    "further",
    [
        {"start_time": 0.0},
        {"timestamp": 1.7e9},
        {"codec": "h264", "width": 8, "time_base": [1, 600]},
        {"frame_labels": ["a"] * 10},
        {"title": "at 0:05"},
    ],
)
def test_entries_that_are_no_times_of_it_pass(further: dict[str, Any]) -> None:
    out = run("video", {"frames": FRAMES, "fps": 10, **further})
    assert {key: out[key] for key in further} == further


def test_times_beside_readings_follow() -> None:
    rows = {"array": np.zeros((10, 6), np.float32), "timestamps": np.arange(10) / 10, "t_ms": EVEN}
    out = run("imu", rows)
    assert len(out["array"]) == len(out["t_ms"])
    assert np.allclose(out["t_ms"], 1000 * out["timestamps"], atol=0.51)


@pytest.mark.parametrize(
    ("stream", "value"),
    [
        ("video", {"frames": FRAMES, "timestamps": EVEN}),
        ("imu", {"array": np.zeros((10, 6), np.float32), "timestamps": np.arange(0, 100, 10)}),
    ],
)
def test_timestamps_that_look_like_milliseconds_are_warned_of(
    stream: str, value: dict[str, Any]
) -> None:
    with pytest.warns(SampleWarning, match="divide them by 1000"):
        run(stream, value)


@pytest.mark.parametrize(
    "stamps", [[60 * n for n in range(10)], [n / 10 for n in range(10)], list(range(10))]
)
def test_timestamps_in_seconds_pass(stamps: list[float]) -> None:
    assert len(run("video", {"frames": FRAMES, "timestamps": stamps})["timestamps"]) == 10


@pytest.mark.parametrize("stream", ["video", "imu"])
def test_times_under_another_name_are_refused_with_the_line_that_names_them(stream: str) -> None:
    rows = {"video": {"frames": FRAMES}, "imu": {"array": np.zeros((10, 6), np.float32)}}
    with pytest.raises(SampleError, match=r"moment / 1000 for moment in value\['t_ms'\]"):
        run(stream, {**rows[stream], "t_ms": EVEN})
