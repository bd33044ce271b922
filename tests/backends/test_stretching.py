"""The stretcher: what audiomentations makes of the same numbers, and the same every time."""

from __future__ import annotations

from typing import Any

import audiomentations
import numpy as np
import pytest

from syncaug.backends import prepare
from syncaug.backends.stretching import LONGER, PRESET, draws_phases, stretched
from syncaug.kernels.sound_time import resounded
from syncaug.maps.time import TimeMap
from tests.backends import material as given


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2.0])
def test_speeds_are_those_of_the_library(channels: int, speed: float) -> None:
    sound = np.atleast_2d(given.sound(channels, 0.7))
    theirs = audiomentations.TimeStretch(leave_length_unchanged=False, p=1.0)
    theirs.parameters = {"should_apply": True, "rate": speed}
    for _ in range(2):  # the second time by the stretcher that was kept
        assert np.array_equal(stretched(sound, given.RATE, speed), theirs.apply(sound, given.RATE))


@pytest.mark.parametrize("semitones", [-7.0, 3.0, 12.0])
def test_pitches_are_those_of_the_library(semitones: float) -> None:
    sound = np.atleast_2d(given.sound(1, 0.7))
    theirs = audiomentations.PitchShift(semitones, semitones, p=1.0)(sound, given.RATE)
    ours = stretched(sound, given.RATE, 1.0, 2.0 ** (semitones / 12.0))
    assert np.allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize("speed", [0.3, 0.45])
def test_slow_sound_is_the_same_every_time(speed: float) -> None:
    assert draws_phases(speed)
    sound = given.sound(1, 0.5)
    once = stretched(sound[None], given.RATE, speed)
    assert np.array_equal(stretched(sound[None], given.RATE, speed), once)
    for keeps in (False, True):
        settings: dict[str, Any] = {"min_rate": speed, "max_rate": speed}
        settings["leave_length_unchanged"] = keeps
        options = {"sample_rate": given.RATE}
        operations = [
            prepare("audiomentations.TimeStretch", "audio", settings, options) for _ in range(2)
        ]
        first, second = (each.run(sound, {}, given.entropy()) for each in operations)
        assert np.array_equal(first.data, second.data)
        assert first.data.shape[-1] == (len(sound) if keeps else round(len(sound) / speed))


@pytest.mark.parametrize(("speed", "semitones"), [(1.1, 0.0), (0.8, 0.0), (1.0, 3.0), (1.0, -4.0)])
def test_sound_keeps_its_level_at_both_ends(speed: float, semitones: float) -> None:
    seconds = 0.6
    clock = np.arange(round(seconds * given.RATE)) / given.RATE
    tone = (0.5 * np.sin(2 * np.pi * 440 * clock)).astype(np.float32)[None]
    time = TimeMap.of([(seconds / speed, 0.0, seconds, 1.0)], seconds)
    found = resounded(tone, given.RATE, time, semitones)[0]
    ends = (found[:320], found[-320:])  # 20 ms, for which a stretcher without context fades
    assert all(np.sqrt(np.mean(end**2)) > 0.8 * 0.5 / np.sqrt(2) for end in ends)


@pytest.mark.parametrize("block", [PRESET, LONGER])
@pytest.mark.parametrize("rate", [1.0, 8.0, 33.0])
def test_few_samples_a_second_have_blocks_too(rate: float, block: float) -> None:
    sound = given.sound(1, 0.01)[None]
    made = stretched(sound, rate, 0.8, 1.2, block=block)
    assert made.shape == (1, round(sound.shape[1] / 0.8))
    assert np.isfinite(made).all()


@pytest.mark.parametrize("speed", [0.8, 1.1, 1.5])
def test_silence_that_is_shown_stays_silent(speed: float) -> None:
    sound = given.sound(1, 0.6)[None]
    seconds = sound.shape[1] / given.RATE
    early = TimeMap.of([((seconds + 0.4) / speed, -0.2, seconds + 0.2, 1.0)], seconds)
    found = resounded(sound, given.RATE, early, 0.0)[0]
    quiet = round(0.15 / speed * given.RATE)
    ends = np.concatenate([found[:quiet], found[-quiet:]])
    assert np.abs(ends).max() < 0.05 * np.abs(found).max()


@pytest.mark.parametrize("seconds", [0.0005, 0.004, 0.02])
def test_sound_shorter_than_what_is_mirrored(seconds: float) -> None:
    count = round(seconds * given.RATE)
    sound = np.full((2, count), 0.25, np.float32)
    time = TimeMap.of([(count / given.RATE, 0.0, count / given.RATE, 1.0)], count / given.RATE)
    found = resounded(sound, given.RATE, time, 3.0)
    assert found.shape == sound.shape
    assert np.isfinite(found).all()
