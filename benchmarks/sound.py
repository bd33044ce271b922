"""Pitch and stretch of sound against audiomentations, white noise against torch-audiomentations.

Each gets the numbers of the policy's draw. The batch library draws its noise from torch's global
generator; ours has an address, so that a worker or an order changes nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import audiomentations
import numpy as np

from benchmarks.environments import peers, stand_in_for_torchaudio
from benchmarks.report import Report, Run
from benchmarks.timing import race
from syncaug import load_policy

RATE = 16_000
KEY = "sound"
STREAMS = {"sound": {"modality": "audio", "sample_rate": RATE}}
STEPS: dict[str, dict[str, Any]] = {
    "pitch": {"uses": "pitch", "with": {"semitones": 3.0}},
    "stretch": {"uses": "speed", "with": {"factor": 1.1, "preserve_pitch": True}},
    "noise": {"uses": "noise", "with": {"snr_db": 20.0, "sound": "white"}},
}


def ours(kind: str) -> Any:
    """A policy of one step."""
    steps = [{"name": kind, **STEPS[kind]}]
    return load_policy({"syncaug": 1, "name": kind, "sample": STREAMS, "steps": steps})


def tone(seconds: int) -> Any:
    """A tone of 220 Hz with its overtones and some noise."""
    clock = np.arange(seconds * RATE) / RATE
    waves = sum(np.sin(2 * np.pi * 220 * n * clock) / n for n in range(1, 9))
    noise = np.random.default_rng(0).normal(0.0, 0.01, len(clock))
    return (0.1 * waves + noise).astype(np.float32)


def loudest(sound: Any) -> float:
    """The strongest frequency in hertz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(spectrum.argmax() * RATE / len(sound))


def measure(run: Run) -> Report:
    """Tones and levels first, then a race for each kind and length."""
    report = Report(f"Sound at {RATE} Hz: pitch, stretch, white noise")
    peers(run, report)
    stand_in_for_torchaudio()
    shift = audiomentations.PitchShift(3.0, 3.0, p=1.0)
    stretch = audiomentations.TimeStretch(1.1, 1.1, leave_length_unchanged=False, p=1.0)
    for seconds in (1, 10):
        sound = tone(seconds)
        sample = {"sound": sound}
        for kind, other in (("pitch", shift), ("stretch", stretch)):
            policy = ours(kind)
            by_hand = partial(other, sound, sample_rate=RATE)
            call = partial(policy, sample, key=KEY)
            one, two = call()["sound"], by_hand()
            heard = loudest(one), loudest(two)
            same = abs(heard[0] - heard[1]) < 4 and abs(len(one) - len(two)) <= 1
            report.check(same, f"{kind} of {seconds} s: {heard[0]:.0f} Hz in {len(one)} samples")
            title = f"{kind} of {seconds} s"
            result = race(title, {"audiomentations": by_hand, "syncaug": call}, seconds=run.seconds)
            report.races.append(result)
            report.ratio(f"sound: {title}", result, "audiomentations", "syncaug", 1.0)
    _noise(report, run)
    return report


def _noise(report: Report, run: Run) -> None:
    for seconds in (1, 10):
        sound = tone(seconds)
        policy, sample = ours("noise"), {"sound": sound}
        level = 20 * np.log10(np.std(sound) / np.std(policy(sample, key=KEY)["sound"] - sound))
        report.check(abs(level - 20) < 0.5, f"noise of {seconds} s: {level:.1f} dB below the sound")
        contestants = {"syncaug": partial(policy, sample, key=KEY), **_noises(sound, report)}
        title = f"white noise of {seconds} s"
        result = race(title, contestants, seconds=2 * run.seconds)
        report.races.append(result)
        for name in list(contestants)[1:]:
            aim = 0.8 if name.startswith("torch") and seconds == 10 else None
            report.ratio(f"sound: noise of {seconds} s, {name}", result, name, "syncaug", aim)


def _noises(sound: Any, report: Report) -> dict[str, Callable[[], Any]]:
    """The same noise from others; what cannot be imported is named."""
    by_hand = audiomentations.AddGaussianSNR(20.0, 20.0, p=1.0)
    contestants: dict[str, Callable[[], Any]] = {
        "audiomentations": partial(by_hand, sound, sample_rate=RATE)
    }
    try:
        import torch

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from torch_audiomentations import AddColoredNoise
    except (ImportError, OSError) as error:
        report.notes.append(f"torch-audiomentations is not measured: {error}")
        return contestants
    torch.set_num_threads(1)
    add = AddColoredNoise(20.0, 20.0, 0.0, 0.0, p=1.0, sample_rate=RATE, output_type="tensor")
    contestants["torch-audiomentations"] = partial(add, torch.from_numpy(sound)[None, None], RATE)
    return contestants
