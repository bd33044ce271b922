"""Time on real speech: eleven seconds of a speech with its word timings, followed by ear.

After each chain of steps every word is looked for in the sound: the original word, cut out by its
original times and played as the step says (by another resampler), is cross-correlated with what
lies at the word's new times. The lag of the best match is the cue's error.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from scipy.signal import resample_poly

from syncaug import load_policy
from syncaug.io.audio import read_audio
from syncaug.io.subtitles import read_subtitles
from tests.samples import DATA

RATE = 16_000
REACH = 0.03


@lru_cache(maxsize=1)
def recording() -> tuple[np.ndarray, list[dict[str, Any]]]:
    speech = read_audio(DATA / "jfk" / "jfk.wav", {"sample_rate": RATE})
    words = read_subtitles(DATA / "jfk" / "jfk.words.srt", {})
    return speech, [{**word, "number": number} for number, word in enumerate(words)]


def run(*steps: str) -> tuple[np.ndarray, list[dict[str, Any]]]:
    lines = "".join(f"  - {{name: s{i}, uses: {step}}}\n" for i, step in enumerate(steps))
    policy = load_policy(
        "syncaug: 1\nsample:\n  speech: {modality: audio, sample_rate: 16000}\n"
        f"  words: timed_text\nsteps:\n{lines}checks: [same_duration, cues_in_range]\n"
    )
    speech, words = recording()
    out = policy({"speech": speech, "words": words}, key="jfk")
    return out["speech"], out["words"]


def original(
    number: int, *, backwards: bool = False, ratio: tuple[int, int] = (1, 1)
) -> np.ndarray:
    """A word as it was spoken, backwards or `ratio` (up, down) times as long."""
    speech, words = recording()
    word = words[number]
    sound = speech[round(word["start"] * RATE) : round(word["end"] * RATE)].astype(np.float64)
    sound = sound[::-1] if backwards else sound
    return np.asarray(resample_poly(sound, *ratio)) if ratio != (1, 1) else sound


def envelope(sound: np.ndarray) -> np.ndarray:
    """The loudness of each moment, smoothed over 10 ms."""
    window = np.hanning(RATE // 100)
    return np.sqrt(np.convolve(np.square(sound), window / window.sum(), mode="same"))


def lag(pattern: np.ndarray, sound: np.ndarray, second: float) -> tuple[float, float]:
    """By how many ms the best match of `pattern` lies after `second`, and how good it is (0..1)."""
    reach = round(REACH * RATE)
    start = round(second * RATE)
    padded = np.pad(sound.astype(np.float64), reach)
    found = padded[start : start + len(pattern) + 2 * reach]
    if len(found) < len(pattern) + 2 * reach:
        found = np.pad(found, (0, len(pattern) + 2 * reach - len(found)))
    scores = np.correlate(found, pattern, mode="valid")
    windows = np.lib.stride_tricks.sliding_window_view(found, len(pattern))
    scores = scores / (np.linalg.norm(windows, axis=1) * np.linalg.norm(pattern) + 1e-12)
    best = int(np.argmax(scores))
    if 0 < best < len(scores) - 1:  # the top of a parabola through three
        left, top, right = scores[best - 1 : best + 2]
        best_at = best + 0.5 * (left - right) / (left - 2 * top + right)
    else:
        best_at = float(best)
    return 1000.0 * (best_at - reach + (start / RATE - second) * RATE) / RATE, float(scores[best])


def errors(
    sound: np.ndarray,
    words: list[dict[str, Any]],
    *,
    backwards: bool = False,
    ratio: tuple[int, int] = (1, 1),
    loud: bool = False,
) -> list[float]:
    """The error of every whole word in milliseconds; `loud` compares loudness, not waves."""
    out = []
    for word in words:
        pattern = original(word["number"], backwards=backwards, ratio=ratio)
        if abs((word["end"] - word["start"]) * RATE - len(pattern)) > 2:
            continue  # cut by the end of an excerpt
        if loud:
            pattern, heard = envelope(pattern), envelope(sound)
        else:
            heard = sound
        error, quality = lag(pattern, heard, word["start"])
        assert quality > (0.8 if loud else 0.97), (word["text"], quality)
        out.append(error)
    assert len(out) >= 3
    print("cue errors in ms:", np.round(out, 3).tolist())
    return out


def gone_quiet(sound: np.ndarray, words: list[dict[str, Any]]) -> float:
    """The share of the energy that lies outside of all words."""
    inside = np.zeros(len(sound), dtype=bool)
    for word in words:
        inside[round(word["start"] * RATE) : round(word["end"] * RATE)] = True
    energy = np.square(sound.astype(np.float64))
    return float(energy[~inside].sum() / energy.sum())


def test_an_excerpt() -> None:
    sound, words = run("trim, with: {duration: 5}")
    assert len(sound) == 5 * RATE
    assert np.abs(errors(sound, words)).max() < 0.05


def test_faster_with_the_pitch_following() -> None:
    sound, words = run("speed, with: {factor: 1.25}")
    assert len(words) == len(recording()[1])
    assert np.abs(errors(sound, words, ratio=(4, 5))).max() < 0.05


def test_slower_with_the_pitch_kept() -> None:
    sound, words = run("speed, with: {factor: 0.8, preserve_pitch: true}")
    found = errors(sound, words, ratio=(5, 4), loud=True)
    assert np.abs(found).max() < 8.0, "loudness tells less exactly than waves do"
    assert abs(np.median(found)) < 2.0


def test_later_with_silence_before() -> None:
    sound, words = run("time_shift, with: {seconds: 2.5}")
    assert not sound[: round(2.5 * RATE)].any()
    assert np.abs(errors(sound, words)).max() < 0.05
    assert gone_quiet(sound, words) < 0.02


def test_backwards() -> None:
    sound, words = run("reverse")
    assert [word["number"] for word in words] == list(reversed(range(len(words))))
    assert np.abs(errors(sound, words, backwards=True)).max() < 0.05


def test_looped() -> None:
    sound, words = run("trim, with: {duration: 3.5, start: 3}", "loop, with: {times: 2}")
    half = len(words) // 2
    assert [w["number"] for w in words[:half]] == [w["number"] for w in words[half:]]
    assert np.abs(errors(sound, words)).max() < 0.05


@pytest.mark.parametrize("kept", ["false", "true"])
def test_a_chain_of_steps_with_a_warp(kept: str) -> None:
    """The words' own times, warped, against the loudness that is heard there."""
    steps = (
        "trim, with: {duration: 8, start: 1}",
        f"time_warp, with: {{strength: 0.15, shape: 0.4, preserve_pitch: {kept}}}",
        "time_shift, with: {seconds: 0.4}",
    )
    sound, words = run(*steps)
    heard = envelope(sound)
    found = []
    for word in words:
        if word["start"] - 0.4 > 0.02 and word["end"] < 7.98:
            pattern = envelope(original(word["number"]))
            length = round((word["end"] - word["start"]) * RATE)
            places = np.linspace(0, len(pattern) - 1, length)
            bent = np.interp(places, np.arange(len(pattern)), pattern)
            error, quality = lag(bent, heard, word["start"])
            assert quality > 0.7
            found.append(error)
    print("cue errors in ms:", np.round(found, 2).tolist())
    assert np.abs(np.median(found)) < 2.0


def test_words_that_are_masked_are_silent_and_gone() -> None:
    sound, words = run("mask_time, with: {spans: 2, duration: 1.5, text: blank}")
    speech, before = recording()
    assert len(words) < len(before)
    changed = sound != speech
    assert not sound[changed].any()
    for word in words:
        middle = round((word["start"] + word["end"]) / 2 * RATE)
        assert sound[middle - 40 : middle + 40].any(), word["text"]


def test_the_example_of_the_page_on_time_runs() -> None:
    page = (DATA.parents[1] / "docs" / "time.md").read_text(encoding="utf-8")
    step = page.split("```yaml\n")[1].split("```")[0]
    policy = load_policy(
        "syncaug: 1\nsample:\n  speech: {modality: audio, sample_rate: 16000}\n"
        f"  film: {{modality: video, fps: 10}}\n  subtitles: timed_text\nsteps:\n{step}"
        "checks: [same_duration: {tolerance: 0.06}, cues_in_range]\n"
    )
    speech, words = recording()
    film = np.zeros((110, 8, 8, 3), np.uint8)
    out = policy({"speech": speech, "film": film, "subtitles": words}, key=1)
    assert len(out["speech"]) != len(speech)
    assert len(out["subtitles"]) == len(words)
