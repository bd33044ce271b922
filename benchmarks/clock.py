"""Trim, speed and shift of 30 seconds of sound and film against the resampling work alone.

The work alone is what cannot be left out: soxr on the excerpt's samples, put behind silence, and
the excerpt's frames picked and put behind black ones, with places that are known beforehand. The
policy gets the same numbers from its draw, works out its maps and follows them to a hundredth of a
sample.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from benchmarks.report import Report, Run
from benchmarks.timing import race
from syncaug import load_policy

SECONDS, RATE, FPS, SIZE = 30, 48_000, 25, 256
EXCERPT, DELAY = 25.0, 1.0
STREAMS: dict[str, dict[str, Any]] = {
    "30 s of stereo": {"sound": {"modality": "audio", "sample_rate": RATE}},
    "30 s of film with stereo": {
        "sound": {"modality": "audio", "sample_rate": RATE},
        "film": {"modality": "video", "fps": FPS},
    },
}
FACTORS = {"a drawn speed": {"log_uniform": [1.05, 1.25]}, "5/4": {"constant": 1.25}}
KEY = "clip"
Sample = dict[str, NDArray[Any]]


def policy_of(streams: dict[str, Any], factor: dict[str, Any]) -> Any:
    return load_policy(
        {
            "syncaug": 1,
            "sample": streams,
            "draw": {"factor": factor},
            "steps": [
                {"name": "excerpt", "uses": "trim", "with": {"duration": EXCERPT}},
                {"name": "tempo", "uses": "speed", "with": {"factor": {"from": "factor"}}},
                {"name": "late", "uses": "time_shift", "with": {"seconds": DELAY}},
            ],
        }
    )


def sample() -> Sample:
    """Sound below a third of its band, and frames that are all different."""
    generator = np.random.default_rng(0)
    noise = generator.normal(0.0, 0.1, (2, SECONDS * RATE // 3)).astype(np.float32)
    sound = np.ascontiguousarray(soxr.resample(noise.T, RATE // 3, RATE).T)
    film = np.repeat(generator.integers(0, 256, (SECONDS * FPS, 1, SIZE, 3), np.uint8), SIZE, 1)
    return {"sound": sound, "film": film}


class ByHand:
    """The work alone, with everything that can be known before."""

    def __init__(self, start: float, factor: float, streams: dict[str, Any]) -> None:
        self.begin = round(start * RATE)
        self.end = round((start + EXCERPT - DELAY * factor) * RATE)  # the rest is shifted out
        self.factor, self.film = factor, "film" in streams
        length = EXCERPT / factor
        self.samples, self.frames = round(length * RATE), round(length * FPS)
        self.late, self.dark = round(DELAY * RATE), round(DELAY * FPS)
        moments = start + ((np.arange(self.frames) + 0.5) / FPS - DELAY) * factor
        self.chosen = np.clip(np.floor(moments * FPS + 1e-6), 0, None).astype(int)[self.dark :]

    def __call__(self, given: Sample) -> Sample:
        excerpt = given["sound"][:, self.begin : self.end]
        played = soxr.resample(excerpt.T, self.factor, 1.0, quality="HQ").T
        sound = np.zeros((2, self.samples), np.float32)
        there = min(played.shape[1], self.samples - self.late)
        sound[:, self.late : self.late + there] = played[:, :there]
        out: Sample = {"sound": sound}
        if self.film:
            out["film"] = np.zeros((self.frames, SIZE, SIZE, 3), np.uint8)
            np.take(given["film"], self.chosen, axis=0, out=out["film"][self.dark :])
        return out


def measure(run: Run) -> Report:
    """Stereo alone and with a film, at a drawn speed and at 5/4."""
    report = Report(__doc__.splitlines()[0])
    everything = sample()
    for title, streams in STREAMS.items():
        given = {name: everything[name] for name in streams}
        for speed, factor in FACTORS.items():
            policy = policy_of(streams, factor)
            draw = policy.draw(key=KEY).as_json()
            start = drawn(draw, "excerpt", "at") * (SECONDS - EXCERPT)
            by_hand = ByHand(start, drawn(draw, "tempo", "factor"), streams)
            compare(report, f"{title}, {speed}", by_hand(given), policy(given, key=KEY))
            result = race(
                f"{title}, {speed}",
                {
                    "the work alone": partial(by_hand, given),
                    "syncaug": partial(policy, given, key=KEY),
                },
                seconds=run.seconds,
            )
            report.races.append(result)
            name = f"clock: {title}, {speed}"
            report.ratio(name, result, "syncaug", "the work alone", 1.3, at_least=False)
    return report


def drawn(draw: dict[str, Any], step: str, name: str) -> float:
    return float(next(s for s in draw["steps"] if s["name"] == step)["parameters"]["*"][name])


def compare(report: Report, title: str, one: Sample, other: Sample) -> None:
    """Sound by hand begins up to a quarter of a sample elsewhere; frames may differ by rounding."""
    report.check(one["sound"].shape == other["sound"].shape, f"{title}: lengths of sound")
    alike = np.corrcoef(one["sound"][0], other["sound"][0])[0, 1]
    report.check(alike > 0.99, f"{title}: the sounds correlate by {alike:.4f}")
    if "film" in one:
        same = (one["film"][:, 0] == other["film"][:, 0]).all(axis=(1, 2)).mean()
        report.check(same > 0.98, f"{title}: {same:.1%} of the frames are the same")
