"""Checks of time: streams that last equally long, cues within what is heard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, load_policy

STREAMS = """
sample:
  film: {modality: video, fps: 10}
  voice: {modality: audio, sample_rate: 1000}
  cues: timed_text
"""


def sample(sound: float = 4.0, cue: float = 3.5) -> dict[str, Any]:
    return {
        "film": np.zeros((40, 8, 8, 3), np.uint8),
        "voice": np.zeros(round(sound * 1000), np.float32),
        "cues": [{"start": 1.0, "end": cue, "text": "hello there"}],
    }


def run(check: str, given: dict[str, Any], step: str = "uses: speed, with: {factor: 1.3}") -> Any:
    policy = load_policy(f"syncaug: 1{STREAMS}steps:\n  - {{name: s, {step}}}\nchecks: [{check}]\n")
    record = policy.apply(given, key=0)[1].as_json()
    return next(iter(record["attempts"][-1]["measures"].values()))


def test_streams_that_went_through_time_together_last_equally_long() -> None:
    assert run("same_duration", sample(sound=3.0)) < 0.05, "the shorter one ends in silence"
    assert run("same_duration: {tolerance: 5}", sample(sound=3.0), "uses: flip") == 1.0


def test_a_stream_left_behind_is_told() -> None:
    behind = "uses: speed, with: {factor: 2}, sync: {jitter: {voice.factor: 1.0}}"
    with pytest.raises(AlignmentError, match="lasts .* s and .* s"):
        run("same_duration", sample(), behind)


def test_cues_that_outlast_their_sound_are_told() -> None:
    assert run("cues_in_range", sample()) == 0.0
    with pytest.raises(AlignmentError, match="cue 0 of 'cues' is from 1.000 s to 9.000 s"):
        run("cues_in_range", sample(cue=9.0), "uses: flip")
    assert run("cues_in_range", sample(cue=9.0)) == 0.0, "a step in time cuts what nobody hears"
