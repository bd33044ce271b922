"""Checks of time: events that sound and video share, planted offsets, cues and durations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, load_policy
from syncaug.io.manifest import read_manifest
from syncaug.io.streams import load_sample
from tests.checks.planting import measured
from tests.clapping import FPS, RATE, clapping
from tests.samples import DATA

SAMPLE = (
    "syncaug: 1\nsample:\n"
    f"  video: {{modality: video, fps: {FPS}, clock: a}}\n"
    f"  sound: {{modality: audio, sample_rate: {RATE}, clock: a, offset: OFFSET}}\n"
    "untouched: [events]\nsteps:\n"
)
STEPS = {
    "nothing": "{name: x, uses: time_shift, with: {seconds: 0}}",
    "trim": "{name: x, uses: trim, with: {duration: 9, at: 0.4}}",
    "shift": "{name: x, uses: time_shift, with: {seconds: 0.73}}",
    "faster": "{name: x, uses: speed, with: {factor: 1.3}}",
    "slower": "{name: x, uses: speed, with: {factor: 0.8, preserve_pitch: true}}",
    "warp": "{name: x, uses: time_warp, with: {strength: 0.3, shape: 0.4}}",
    "backwards": "{name: x, uses: reverse}",
    "twice": "{name: x, uses: loop, with: {times: 1.7}}",
    "several": "{name: x, uses: speed, with: {factor: 1.2}}\n"
    "  - {name: y, uses: trim, with: {duration: 8, at: 0.3}}\n"
    "  - {name: z, uses: time_shift, with: {seconds: -0.4}}",
}


def policy(step: str, options: str = "", offset: float = 0.0) -> str:
    head = SAMPLE.replace("OFFSET", str(offset))
    return f"{head}  - {STEPS[step]}\nchecks: [av_offset: {{tolerance: 0.045{options}}}]\n"


@pytest.mark.parametrize("options", ["", ", events: events"])
@pytest.mark.parametrize("offset", [0.0, 0.4])
@pytest.mark.parametrize("step", STEPS)
def test_sound_and_picture_stay_together(step: str, offset: float, options: str) -> None:
    measure = measured(policy(step, options, offset), clapping(offset))
    assert measure.passed, measure
    assert measure.value < 0.03
    assert list(measure.parts) == ["sound/video"]


def _late(out: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    return {"sound": np.roll(out["sound"], round(seconds * RATE))}


PLANTED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "sound late": lambda out: _late(out, 0.1),
    "sound early": lambda out: _late(out, -0.1),
    "two frames late": lambda out: {"video": np.roll(out["video"], 2, axis=0)},
    "three frames early": lambda out: {"video": np.roll(out["video"], -3, axis=0)},
}


@pytest.mark.parametrize("options", ["", ", events: events"])
@pytest.mark.parametrize("error", PLANTED)
@pytest.mark.parametrize("step", ["trim", "faster", "backwards"])
def test_planted_offsets_are_measured(step: str, error: str, options: str) -> None:
    amount = {"two frames late": 0.08, "three frames early": 0.12}.get(error, 0.1)
    measure = measured(policy(step, options), clapping(), PLANTED[error])
    assert not measure.passed
    assert measure.value == pytest.approx(amount, abs=0.03)
    later = error in ("sound late", "three frames early")
    assert ("later" if later else "earlier") in measure.text


def test_an_offset_that_was_there_is_none_of_ours() -> None:
    """Sound that came 120 ms late before may come so after, at another speed and backwards too."""
    for step in ("nothing", "faster", "backwards", "trim"):
        assert measured(policy(step), clapping(clap=0.12)).value < 0.03


@pytest.mark.parametrize("options", ["", ", events: events"])
def test_where_nothing_happens_nothing_is_measured(options: str) -> None:
    still = {**clapping(), "video": np.zeros_like(clapping()["video"])}
    other = np.random.default_rng(9).normal(0, 0.1, len(still["sound"])).astype(np.float32)
    for sample, plant in ((still, dict), (clapping(), lambda out: {"sound": other})):
        measure = measured(policy("faster", options), sample, plant)
        assert np.isnan(measure.value)
        assert measure.passed


def test_events_must_be_an_entry_of_the_sample() -> None:
    with pytest.raises(PolicyError, match="SA306 unknown entry under untouched: 'event'"):
        load_policy(policy("trim", ", events: event"))


CUES = [
    {"start": 0.5, "end": 2.0, "text": "one"},
    {"start": 2.0, "end": 3.5, "text": "two"},
    {"start": 4.0, "end": 6.0, "text": "three"},
]
CUED = (
    f"syncaug: 1\nsample:\n  sound: {{modality: audio, sample_rate: {RATE}}}\n  cues: timed_text\n"
    "steps:\n  - {name: a, uses: STEP}\nchecks: [cue_overlap]\n"
)


def cued(step: str, cues: Any = CUES, plant: Any = dict) -> Any:
    sample = {"sound": np.zeros(8 * RATE, np.float32), "cues": cues}
    return measured(CUED.replace("STEP", step), sample, plant)


@pytest.mark.parametrize(
    "step",
    [
        "speed, with: {factor: 1.5}",
        "trim, with: {duration: 3, at: 0.4}",
        "time_shift, with: {seconds: 3}",
        "reverse",
        "loop, with: {times: 2.2}",
        "time_warp, with: {strength: 0.4, shape: 0.3}",
    ],
)
def test_cues_that_follow_neither_overlap_nor_leave(step: str) -> None:
    measure = cued(step)
    assert measure.passed, measure.text
    assert measure.value < 1e-6


CUE_ERRORS = {
    "cues left behind by a trim": (
        "trim, with: {duration: 3, start: 0}",
        lambda out: CUES,
        2.5 / 5,
    ),
    "a cue not moved": (
        "time_shift, with: {seconds: 1}",
        lambda out: [CUES[1], *out[1:]],
        1.0 / 5.0,
    ),
    "a cue twice": ("reverse", lambda out: [*out, out[0]], 4.0 / 7.0),
    "a cue before the beginning": (
        "reverse",
        lambda out: [{**out[0], "start": -1.0, "end": 1.0}, *out[1:]],
        1.0 / 5.0,
    ),
}


@pytest.mark.parametrize("error", CUE_ERRORS)
def test_planted_errors_of_cues_are_measured(error: str) -> None:
    step, plant, share = CUE_ERRORS[error]
    measure = cued(step, plant=lambda out: {"cues": plant(out["cues"])})
    assert not measure.passed
    assert measure.value == pytest.approx(share, abs=1e-6)
    assert "of the cues of 'cues' overlaps or is off the clock" in measure.text


def test_cues_that_overlapped_before_may_do_so_still() -> None:
    overlapping = [*CUES, {"start": 4.0, "end": 6.0, "text": "at the same time"}]
    measure = cued("speed, with: {factor: 2}", overlapping)
    assert measure.value == pytest.approx(4 / 7)
    assert measure.passed
    assert np.isnan(cued("reverse", []).value)


# A real film, whose sound and picture have nothing to do with each other -------------------------

FILM = (
    "syncaug: 1\nsample:\n  video: {modality: video, clock: film}\n"
    "  speech: {modality: audio, clock: film, spatial: false}\nsteps:\n"
    "  - {name: a, uses: STEP}\nchecks: [av_offset]\n"
)


@lru_cache(maxsize=1)
def film() -> dict[str, Any]:
    streams = {
        stream.name: stream for stream in load_policy(FILM.replace("STEP", "reverse")).plan.streams
    }
    (entry,) = read_manifest(DATA / "talking_video.jsonl")
    sample = load_sample(entry, streams)
    return {name: sample[name] for name in streams}


@pytest.mark.parametrize(
    "step",
    [
        "speed, with: {factor: 1.1}",
        "speed, with: {factor: 0.9, preserve_pitch: true}",
        "reverse",
        "trim, with: {duration: 8, at: 0.3}",
        "time_warp, with: {strength: 0.2, shape: 0.3}",
    ],
)
@pytest.mark.parametrize("late", [0.0, 0.1, -0.1])
def test_a_real_film_stays_together_and_planted_offsets_are_measured(
    step: str, late: float
) -> None:
    def plant(out: dict[str, Any]) -> dict[str, Any]:
        sound = out["speech"]
        shift = round(late * sound["sampling_rate"])
        return {"speech": {**sound, "array": np.roll(sound["array"], shift, axis=-1)}}

    sample = film()
    measure = measured(FILM.replace("STEP", step), sample, plant)
    assert measure.passed == (late == 0.0)
    (value,) = measure.parts.values()
    assert value == pytest.approx(late, abs=0.5 / 25 + 0.005), "half a frame, and a step"
