"""Excerpts and shifts that do not fit their clock, for films, sound and subtitles alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, PolicyWarning, SampleWarning, load_policy

STREAMS = {
    "video": "{modality: video, fps: 10, clock: c}",
    "sound": "{modality: audio, sample_rate: 1000, clock: c}",
    "cues": "{modality: timed_text, clock: c}",
}
SAMPLE = {
    "video": np.zeros((40, 8, 8, 3), np.uint8),
    "sound": np.zeros(4000, np.float32),
    "cues": [{"start": 0.0, "end": 4.0, "text": "all of it"}],
}
"""Four seconds of each."""

KINDS = [["video"], ["sound"], ["cues"], ["video", "sound", "cues"]]


def policy_of(streams: list[str], *steps: str, more: str = "") -> Any:
    lines = "".join(f"  - {{name: s{n}, {step}}}\n" for n, step in enumerate(steps))
    sample = "".join(f"  {name}: {STREAMS[name]}\n" for name in streams)
    return load_policy(f"syncaug: 1\nsample:\n{sample}{more}steps:\n{lines}")


def sample_of(streams: list[str]) -> dict[str, Any]:
    return {name: SAMPLE[name] for name in streams}


@pytest.mark.parametrize("streams", KINDS, ids="+".join)
@pytest.mark.parametrize("duration", ["6", "[5, 9]", "{choice: [6, 8]}"])
def test_an_excerpt_longer_than_its_clock_is_warned_of_once(
    streams: list[str], duration: str
) -> None:
    policy = policy_of(streams, f"uses: trim, with: {{duration: {duration}}}")
    with pytest.warns(SampleWarning) as told:
        policy(sample_of(streams), key=0)
    (warning,) = told
    out = policy(sample_of(streams), key=1)  # without another word
    least = 5 if duration.startswith("[") else 6
    assert f"clock 'c' lasts 4 s, and step 's0' cuts at least {least} s out of it" in str(
        warning.message
    )
    assert "Ask for less" in str(warning.message)
    if "sound" in streams:
        assert out["sound"].shape == (4000,)


def test_a_share_above_one_is_told_at_load_and_at_the_sample() -> None:
    with pytest.warns(PolicyWarning, match="more than the whole clock"):
        policy = policy_of(["sound"], "uses: trim, with: {duration: 1.5, unit: share}")
    with pytest.warns(SampleWarning, match="shorter than asked"):
        policy(sample_of(["sound"]), key=0)


def test_a_variable_is_looked_at() -> None:
    for step, more in (
        ("uses: trim, with: {duration: {from: long}}", "draw: {long: {uniform: [5, 6]}}\n"),
        ("uses: trim, with: {duration: {expr: 5 + severity}}", ""),
        ("uses: trim, with: {duration: {expr: 5 + epoch}}", ""),
        ("uses: trim, draw: {long: {uniform: [5, 6]}}, with: {duration: {from: long}}", ""),
    ):
        policy = policy_of(["sound"], step, more=more)
        with pytest.warns(SampleWarning, match="shorter than asked"):
            policy(sample_of(["sound"]), key=0)


@pytest.mark.parametrize("streams", KINDS, ids="+".join)
def test_what_a_draw_may_give_passes_without_a_word(streams: list[str]) -> None:
    for step in (
        "uses: trim, with: {duration: [3, 6]}",
        "uses: trim, with: {duration: 4}",
        "uses: trim, with: {duration: 4.05}",
        "uses: trim, with: {duration: 2, start: 3}",
        "uses: trim, with: {duration: {expr: 10 * severity + 0.1}}",
    ):
        policy = policy_of(streams, step)
        for key in range(4):
            policy(sample_of(streams), key=key)
    longer = policy_of(streams, "uses: loop, with: {times: 2}", "uses: trim, with: {duration: 6}")
    longer(sample_of(streams), key=0)


@pytest.mark.parametrize("streams", KINDS, ids="+".join)
def test_what_leaves_nothing_is_refused_with_what_to_do(streams: list[str]) -> None:
    for step, told in (
        (
            "uses: trim, with: {duration: 1, start: 5}",
            "lasts 4 s, and the excerpt begins at 5 s: begin it earlier, or at a share",
        ),
        (
            "uses: time_shift, with: {seconds: 9}",
            r"lasts 4 s, and a shift by \+9 s leaves nothing of it: shift it by less",
        ),
        ("uses: time_shift, with: {seconds: -4}", "a shift by -4 s leaves nothing"),
        ("uses: time_shift, with: {seconds: 1, unit: share}", r"a shift by \+4 s leaves nothing"),
    ):
        with pytest.raises(AlignmentError, match=told) as refused:
            policy_of(streams, step)(sample_of(streams), key=0)
        assert "Widen the checks" not in str(refused.value)
        assert "Change what the steps draw" in str(refused.value)
    around = policy_of(streams, "uses: time_shift, with: {seconds: 9, wrap: true}")
    around(sample_of(streams), key=0)
