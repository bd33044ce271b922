"""Library operations that move the clock: what follows them goes where their sound went."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, load_policy
from syncaug.backends.clock_moves import numbered, time_of

RATE = 8000
MOMENTS = [0.4, 1.1, 1.9, 2.6]


def sample() -> dict[str, Any]:
    places = (np.arange(3 * RATE) + 0.5)[:, None] - np.array(MOMENTS) * RATE
    clicks = np.exp(-0.5 * (places / 2.0) ** 2).sum(axis=1).astype(np.float32)
    cues = [{"start": t - 0.01, "end": t + 0.01, "text": f"click{t}"} for t in MOMENTS]
    return {"voice": clicks, "copy": clicks.copy(), "cues": cues}


STREAMS = f"""
sample:
  voice: {{modality: audio, sample_rate: {RATE}}}
  copy: {{modality: audio, sample_rate: {RATE}}}
  cues: timed_text
"""

OPERATIONS = {
    "Reverse": "",
    "Shift": "min_shift: -0.2, max_shift: 0.3, rollover: false",
    "Shift wrapping": "min_shift: 0.2, max_shift: 0.4, rollover: true, fade_duration: 0.01",
    "Shift in seconds": "shift_unit: seconds, min_shift: 0.5, max_shift: 0.9, rollover: false",
    "TimeStretch": "min_rate: 1.2, max_rate: 1.2, leave_length_unchanged: false",
    "TimeStretch, cut": "min_rate: 0.8, max_rate: 0.9, leave_length_unchanged: true",
    "Trim": "top_db: 40",
    "Padding": "min_fraction: 0.2, max_fraction: 0.3, mode: silence, pad_section: start",
    "Padding, reflecting": "min_fraction: 0.2, max_fraction: 0.3, mode: reflect, pad_section: end",
    "AdjustDuration": "duration_seconds: 2.2, padding_mode: silence",
    "AdjustDuration, longer": "duration_seconds: 4.2, padding_mode: silence",
    "RepeatPart": "mode: insert, min_part_duration: 0.8, max_part_duration: 1.2",
    "RepeatPart, replacing": "mode: replace, min_part_duration: 0.8, max_part_duration: 1.2",
}


def peaks(sound: np.ndarray) -> list[float]:
    """The seconds of all clicks that are loud enough to be one."""
    loud = np.abs(sound) > 0.35
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(int), [0]])))
    groups: list[list[int]] = []
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if groups and start - groups[-1][1] < RATE // 100:
            groups[-1][1] = stop
        else:
            groups.append([start, stop])
    return [(start + stop) / 2 / RATE for start, stop in groups]


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("key", range(3))
def test_what_follows_is_where_the_sound_is(name: str, key: int) -> None:
    given = OPERATIONS[name]
    short = name.split(",")[0].split()[0]
    policy = load_policy(
        f"syncaug: 1{STREAMS}steps:\n  - name: s\n    apply:\n"
        f"      voice: {{op: audiomentations.{short}{', ' + given if given else ''}}}\n"
        "      copy: follow\n      cues: follow\n"
    )
    before = sample()
    out, record = policy.apply(before, key=key)
    assert out["voice"].shape == out["copy"].shape
    led, followed = peaks(out["voice"]), peaks(out["copy"])
    length = len(out["voice"]) / RATE
    for place in followed:
        if 0.05 < place < length - 0.05 and "Repeat" not in name:
            assert min(abs(place - other) for other in led) < 0.002, (led, followed)
    if "Repeat" not in name:
        inner = [place for place in led if 0.05 < place < length - 0.05]
        assert inner
        for place in inner:
            assert min(abs(place - other) for other in followed) < 0.002, (led, followed)
    else:  # cross-fades may halve a click at a joint
        assert len(set(np.round(followed, 2)) & set(np.round(led, 2))) >= 3
    for cue in out["cues"]:
        middle = (cue["start"] + cue["end"]) / 2
        if 0.05 < middle < length - 0.05:
            assert min(abs(middle - other) for other in followed) < 0.002
    again = policy.replay(before, record)
    assert np.array_equal(again["copy"], out["copy"])
    assert again["cues"] == out["cues"]


def test_a_stream_of_the_clock_must_follow() -> None:
    with pytest.raises(PolicyError, match="SA502 .*Reverse moves the clock, and 'cues'"):
        load_policy(
            f"syncaug: 1{STREAMS}steps:\n  - name: s\n    apply:\n"
            "      voice: {op: audiomentations.Reverse}\n      copy: follow\n"
        )


def test_maps_are_read_off_sample_numbers() -> None:
    numbers = numbered(10)
    moved = np.concatenate([numbers[3:6], [0.0, 0.0], numbers[9:5:-1], numbers[:1]])
    time = time_of(moved, 10, 10.0)
    assert [tuple(np.round(s[:4], 6)) for s in time.segments if not s.is_gap] == [
        (0.0, 0.3, 0.3, 0.6),
        (0.5, 0.9, 1.0, 0.6),
        (0.9, 1.0, 0.0, 0.1),
    ]
    assert time.segments[1].is_gap
    reflected = np.concatenate([numbers, numbers[-2:-5:-1]])
    assert [s.speed for s in time_of(reflected, 10, 10.0).segments] == pytest.approx([1.0, -1.0])
