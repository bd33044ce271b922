"""What a clock has lost stays lost, in every stream: random chains against a rule on moments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from syncaug import AlignmentError, load_policy
from tests.scene.changes_time import CHANGES
from tests.scene.scene import Scene
from tests.scene.square import Step

_CHAINS, _AT_ONCE = 150, 15
_SECONDS, _FPS, _RATE, _LATENTS = 2.0, 20.0, 16_000, 40.0
_DECLARED = """
syncaug: 1
fuse: {fuse}
sample:
  film: {{modality: video, fps: 20}}
  sound: {{modality: audio, sample_rate: 16000}}
  words: timed_text
  latents: {{modality: embedding, rate: 40}}
  body: {{modality: imu, columns: [gx, gy, gz]}}
  cloud: {{modality: points, columns: [x, y, z, t, number]}}
steps: {steps}
"""
_FINE = 4000
"""Moments of a result at which the rule is asked what it shows."""


def sample() -> dict[str, Any]:
    """Two seconds whose streams tell of every moment when it was."""
    frames = np.arange(1, round(_SECONDS * _FPS) + 1, dtype=np.uint8)
    times = (np.arange(round(_SECONDS * _RATE)) + 0.5) / _RATE
    latents = (np.arange(round(_SECONDS * _LATENTS)) + 0.5) / _LATENTS
    instants = np.arange(0.05, _SECONDS, 0.1)
    measured = np.linspace(0.01, _SECONDS - 0.01, 60)
    return {
        "film": np.broadcast_to(frames[:, None, None, None], (len(frames), 4, 4, 1)).copy(),
        "sound": (0.2 + 0.3 * times).astype(np.float32),
        "words": [
            {"start": float(at), "end": float(at) + 0.05, "text": f"word{number}"}
            for number, at in enumerate(instants)
        ],
        "latents": np.stack([1.0 + latents, 2.0 * latents], axis=1),
        "body": {"array": np.ones((100, 3)), "timestamps": np.arange(100) * 0.02 + 0.01},
        "cloud": np.column_stack([np.ones((60, 3)) * measured[:, None], measured, np.arange(60.0)]),
    }


def chain(number: int) -> list[Step]:
    """Two to five random steps, a trim among the first of them."""
    generator = np.random.default_rng([9, number])
    names = [str(name) for name in generator.choice(_NAMES, size=int(generator.integers(1, 5)))]
    names.insert(int(generator.integers(0, min(2, len(names)))), "trim")
    return [(name, _drawn(name, generator)) for name in names]


_NAMES = ("trim", "time_shift", "time_shift", "speed", "loop", "reverse", "time_warp", "mask_time")


def _drawn(name: str, generator: np.random.Generator) -> dict[str, Any]:
    def number(low: float, high: float) -> float:
        return round(float(generator.uniform(low, high)), 3)

    return {
        "trim": lambda: {"duration": number(0.4, 0.8), "unit": "share", "at": number(0, 1)},
        "time_shift": lambda: {"seconds": number(-0.6, 0.6), "wrap": bool(generator.integers(2))},
        "speed": lambda: {"factor": number(0.6, 1.6)},
        "loop": lambda: {"times": number(1.2, 2.0)},
        "time_warp": lambda: {"strength": 0.3, "shape": number(0, 1)},
        "mask_time": lambda: {
            "spans": 1,
            "duration": 0.2,
            "unit": "share",
            "shape": number(0, 1),
            "text": "blank",
        },
    }.get(name, dict)()


def rule(steps: Sequence[Step]) -> tuple[Any, float]:
    """From seconds of the result to seconds of the original, NaN where there is nothing."""
    scene = Scene((), (), _SECONDS, 0, duration=_SECONDS)
    for name, parameters in steps:
        scene = CHANGES[name](scene, parameters)
        if scene.blank:
            scene = scene.change(moment=_blanked(scene), blank=())
    return scene.moment, scene.duration


def _blanked(scene: Scene) -> Any:
    before, spans = scene.moment, scene.blank

    def moment(seconds: Any) -> Any:
        at = np.asarray(seconds, dtype=np.float64)
        hidden = np.any([(at >= start) & (at < stop) for start, stop in spans], axis=0)
        return np.where(hidden, np.nan, before(at))

    return moment


def carried(steps: Sequence[Step], *, fuse: str) -> dict[str, Any]:
    """The sample after the steps."""
    listed = [
        {"name": f"step{number}", "uses": name, "with": dict(parameters)}
        for number, (name, parameters) in enumerate(steps)
    ]
    policy = load_policy(_DECLARED.format(fuse=fuse, steps=json.dumps(listed)))
    return dict(policy(sample(), key=0))


def differences(out: Mapping[str, Any], steps: Sequence[Step], *, warps: int) -> list[str]:
    """What of a sample is not what the rule shows; `warps` resamplings lie behind it."""
    moment, duration = rule(steps)
    fine = (np.arange(_FINE) + 0.5) / _FINE * duration
    shown = moment(fine)
    wrong = []
    film = out["film"][:, 0, 0, 0].astype(int) - 1
    wrong += _sampled("film", film >= 0, (film + 0.5) / _FPS, moment, _FPS, warps, 1.01 / _FPS)
    sound = out["sound"].astype(np.float64)
    wrong += _sampled("sound", sound > 0.1, (sound - 0.2) / 0.3, moment, _RATE, warps, 0.04)
    latents = out["latents"][:, 0]
    wrong += _sampled("latents", latents > 0.5, latents - 1.0, moment, _LATENTS, warps, 0.02)
    wrong += _instants("words", sample()["words"], out["words"], moment, shown)
    before = sample()
    rows, numbers = out["cloud"], before["cloud"][:, 3]
    back = moment(rows[:, 3])
    sure = np.isfinite(back)
    if (np.abs(back - numbers[rows[:, 4].astype(int)])[sure] > 1e-6).any():
        wrong.append("cloud: points at moments that are not theirs")
    wrong += _present("cloud", set(rows[:, 4].astype(int)), numbers, shown)
    stamps, readings = np.asarray(out["body"]["timestamps"]), out["body"]["array"][:, 0]
    around = np.isfinite([moment(stamps + way) for way in np.linspace(-0.1, 0.1, 21)])
    if (readings[~around.any(axis=0)] != 0.0).any():
        wrong.append("body: readings of what is lost")
    if (readings[around.all(axis=0)] == 0.0).any():
        wrong.append("body: no readings of what is there")
    return wrong


def _sampled(
    name: str,
    there: NDArray[np.bool_],
    shows: NDArray[np.float64],
    moment: Any,
    rate: float,
    warps: int,
    bound: float,
) -> list[str]:
    """What is sampled in time shows the rule's moments, and nothing where the rule has nothing."""
    seconds = (np.arange(len(there)) + 0.5) / rate
    reach = warps * max(2.0 / rate, 0.004) + (1.0 / rate if rate < 100 else 0.0)
    around = np.array([moment(seconds + way) for way in np.linspace(-reach, reach, 9)])
    known = np.isfinite(around)
    steady = np.ptp(np.where(known, around, 0.0), axis=0) < 6 * reach
    wrong = []
    lost = there & ~known.any(axis=0)
    if lost.any():
        wrong.append(f"{name}: {lost.sum()} of {len(there)} show what is lost")
    missing = ~there & known.all(axis=0)
    if missing.any():
        wrong.append(f"{name}: {missing.sum()} of {len(there)} show nothing")
    sure = there & known.all(axis=0) & steady
    off = np.abs(shows - moment(seconds))[sure]
    if warps == 1 and off.size and off.max() > bound:
        wrong.append(f"{name}: {off.max():.3f} s off")
    return wrong


def _instants(name: str, before: Any, after: Any, moment: Any, shown: Any) -> list[str]:
    """Cues lie where their words are said, and words that are lost have none."""
    spans = {cue["text"]: (cue["start"], cue["end"]) for cue in before}
    wrong = []
    for cue in after:
        back = float(moment((cue["start"] + cue["end"]) / 2))
        low, high = spans[cue["text"]]
        if np.isfinite(back) and not low - 0.01 <= back <= high + 0.01:
            wrong.append(f"{name}: {cue['text']} at {back:.3f} s of the original")
    left = {cue["text"] for cue in after}
    for text, (low, high) in spans.items():
        seen = shown[np.isfinite(shown)]
        inside = _all_shown(seen, low, high)
        near = ((seen > low - 0.004) & (seen < high + 0.004)).any()
        if inside and text not in left:
            wrong.append(f"{name}: {text} is gone")
        if not near and text in left:
            wrong.append(f"{name}: {text} is there")
    return wrong


def _all_shown(seen: NDArray[np.float64], low: float, high: float) -> bool:
    """Whether the whole of a span is among what is shown."""
    inside = np.sort(seen[(seen > low - 0.01) & (seen < high + 0.01)])
    return bool(
        len(inside) and inside[0] < low and inside[-1] > high and np.diff(inside).max() < 0.004
    )


def _present(name: str, got: set[int], moments: Any, shown: Any) -> list[str]:
    """Instants are there where the rule shows them, and only there."""
    seen = np.sort(shown[np.isfinite(shown)])
    wrong = []
    for number, instant in enumerate(moments):
        far = float(np.abs(seen - instant).min()) if len(seen) else np.inf
        if far > 0.004 and number in got:
            wrong.append(f"{name}: {number} is there")
        if _all_shown(seen, instant - 0.004, instant + 0.004) and number not in got:
            wrong.append(f"{name}: {number} is gone")
    return wrong


def wrong_in(number: int) -> list[str]:
    """What is wrong after chain `number`, fused and literally."""
    steps = chain(number)
    wrong = []
    for fuse, warps in (("on", 1), ("off", len(steps))):
        try:
            out = carried(steps, fuse=fuse)
        except AlignmentError as error:
            shown = rule(steps)[0]((np.arange(_FINE) + 0.5) / _FINE * rule(steps)[1])
            share = np.isfinite(shown).mean()
            wrong += [f"{fuse}: {error}"] if share > 0.1 else []
            continue
        wrong += [f"{fuse}: {text}" for text in differences(out, steps, warps=warps)]
    return wrong


@pytest.mark.parametrize("first", range(0, _CHAINS, _AT_ONCE))
def test_chains_in_time(first: int) -> None:
    found = {number: wrong_in(number) for number in range(first, first + _AT_ONCE)}
    assert not {n: (chain(n), wrong) for n, wrong in found.items() if wrong}
