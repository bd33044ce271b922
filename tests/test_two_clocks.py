"""Streams with an offset on one clock, and two clocks: what was together stays together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from tests.clapping import EVENTS, FPS, RATE, SECONDS, clapping, claps_in, flashes_in

SAMPLE = f"""
syncaug: 1
sample:
  video_a: {{modality: video, fps: {FPS}, plane: a, clock: a}}
  sound_a: {{modality: audio, sample_rate: {RATE}, plane: a, clock: a, offset: 0.4}}
  video_b: {{modality: video, fps: {FPS}, plane: b, clock: b}}
  sound_b: {{modality: audio, sample_rate: {RATE}, plane: b, clock: b, offset: -0.25}}
steps:
"""
OFFSETS = {"a": 0.4, "b": -0.25}
LATER = 0.6
"""By how much everything on clock b comes later than on clock a."""

STEPS = {
    "trim": "{name: x, uses: trim, with: {duration: 9, start: 0.5}}",
    "later": "{name: x, uses: time_shift, with: {seconds: 0.7}}",
    "earlier": "{name: x, uses: time_shift, with: {seconds: -0.6}}",
    "faster": "{name: x, uses: speed, with: {factor: 1.25}}",
    "slower": "{name: x, uses: speed, with: {factor: 0.8, preserve_pitch: true}}",
    "warp": "{name: x, uses: time_warp, with: {strength: 0.3, shape: 0.4}}",
    "backwards": "{name: x, uses: reverse}",
    "loop": "{name: x, uses: loop, with: {times: 1.5}}",
    "drawn": "{name: x, uses: speed, with: {factor: [0.7, 1.4]}}",
    "three": "{name: x, uses: speed, with: {factor: 1.1}}\n"
    "  - {name: y, uses: trim, with: {duration: 7, start: 1}}\n"
    "  - {name: z, uses: time_shift, with: {seconds: 0.3}}",
}


def sample() -> dict[str, Any]:
    """Clock b lasts longer, and its events come `LATER`; its sound begins before its video."""
    one, other = clapping(OFFSETS["a"]), clapping(OFFSETS["b"] - LATER, seed=1)
    frames = np.roll(other["video"], round(LATER * FPS), axis=0)
    dark = np.zeros((FPS, *frames.shape[1:]), frames.dtype)
    return {
        "video_a": one["video"],
        "sound_a": one["sound"],
        "video_b": np.concatenate([frames, dark]),
        "sound_b": other["sound"],
    }


def events(out: dict[str, Any], clock: str) -> tuple[np.ndarray, np.ndarray]:
    """When the clock's sound claps and its video flashes, both in the clock's seconds.

    A sound that begins later also ends later: what claps after the end of the video is left out.
    """
    claps = claps_in(out[f"sound_{clock}"]) + OFFSETS[clock]
    end = len(out[f"video_{clock}"]) / FPS - 0.05
    return claps[(claps > 0.05) & (claps < end)], flashes_in(out[f"video_{clock}"])


def distances(claps: np.ndarray, flashes: np.ndarray) -> np.ndarray:
    """For each clap, how far the nearest flash is."""
    return np.abs(claps[:, None] - flashes[None, :]).min(axis=1)


def test_the_sample_is_as_told() -> None:
    for clock, later in (("a", 0.0), ("b", LATER)):
        claps, flashes = events(sample(), clock)
        assert len(claps) >= len(EVENTS) - 1
        assert distances(claps, flashes).max() < 0.03
        assert distances(np.array(EVENTS) + later, flashes).max() < 0.04, "whole frames"


@pytest.mark.parametrize("step", STEPS)
def test_offsets_stay_on_both_clocks(step: str) -> None:
    out = load_policy(f"{SAMPLE}  - {STEPS[step]}\n", seed=2)(sample(), key=1)
    for clock in "ab":
        claps, flashes = events(out, clock)
        assert len(claps) >= 6
        assert distances(claps, flashes).max() < 0.03, step


@pytest.mark.parametrize(
    ("step", "factor"),
    [("trim", 1.0), ("later", 1.0), ("earlier", 1.0), ("faster", 1.25), ("slower", 0.8)],
)
def test_two_clocks_stay_as_far_apart(step: str, factor: float) -> None:
    """One step acts on both with the same parameters; what was later is later, as speed has it."""
    out = load_policy(f"{SAMPLE}  - {STEPS[step]}\n")(sample(), key=1)
    (_, one), (_, other) = events(out, "a"), events(out, "b")
    expected = one + LATER / factor
    inside = expected < len(out["video_b"]) / FPS - 0.1
    assert distances(expected[inside], other).max() < 0.05
    assert inside.sum() >= 6


@pytest.mark.parametrize("step", ["trim", "later", "faster", "backwards", "drawn"])
def test_a_named_clock_leaves_the_other(step: str) -> None:
    given = sample()
    named = STEPS[step].replace("with: {", "with: {clock: b, ")
    if "with" not in named:
        named = named.replace("}", ", with: {clock: b}}")
    out = load_policy(f"{SAMPLE}  - {named}\n")(given, key=1)
    for name in ("video_a", "sound_a"):
        assert out[name] is given[name]
    for name in ("video_b", "sound_b"):
        assert out[name] is not given[name]
    claps, flashes = events(out, "b")
    assert distances(claps, flashes).max() < 0.03


def test_a_drawn_step_draws_once_for_both_clocks() -> None:
    policy = load_policy(f"{SAMPLE}  - {STEPS['drawn']}\n", seed=2)
    (step,) = policy.draw(key=1).steps
    factor = step.parameters["*"]["factor"]
    out = policy(sample(), key=1)
    for name, seconds in (("video_a", SECONDS + OFFSETS["a"]), ("video_b", SECONDS + 1)):
        assert len(out[name]) == round(seconds / factor * FPS), "as long as the clock"


def test_a_sound_left_behind_its_offset_is_seen() -> None:
    """The test of this test: a stream moved as if it had no offset stands out."""
    wrong = SAMPLE.replace(", offset: 0.4", "").replace(", offset: -0.25", "")
    out = load_policy(f"{wrong}  - {STEPS['faster']}\n")(sample(), key=1)
    for clock in "ab":
        assert np.median(distances(*events(out, clock))) > 0.03
