"""Claps: a video that flashes and a sound that claps at the same moments, and their finding."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["EVENTS", "FPS", "RATE", "SECONDS", "clapping", "claps_in", "flashes_in"]

RATE, FPS, SECONDS = 8000, 25, 12
EVENTS = [0.91, 1.75, 2.13, 3.38, 4.02, 5.61, 6.27, 7.93, 8.55, 9.14, 10.21, 11.07]


def clapping(offset: float = 0.0, clap: float = 0.0, seed: int = 0) -> dict[str, Any]:
    """A dim noisy video that flashes and a noisy sound that claps at the same moments.

    A flash lasts two frames, so that faster play cannot lose it, and a clap 20 ms in its middle.
    `offset` is where the sound's first sample lies on the clock; `clap` lets the sound come later.
    """
    generator = np.random.default_rng(seed)
    frames = generator.integers(0, 20, (SECONDS * FPS, 24, 32, 3), dtype=np.uint8)
    sound = generator.normal(0.0, 0.01, SECONDS * RATE).astype(np.float32)
    for event in EVENTS:
        frames[(first := int(event * FPS)) : first + 2] += 200
        at = round(((first + 1) / FPS + clap - offset) * RATE) - 80
        if at >= 0:
            sound[at : at + 160] += generator.normal(0.0, 0.3, len(sound[at : at + 160]))
    return {"video": frames, "sound": sound, "events": list(EVENTS)}


def flashes_in(video: np.ndarray) -> np.ndarray:
    """The middles of the flashes of a video in seconds from its first frame."""
    return _middles(video.mean(axis=(1, 2, 3)) > 100, FPS)


def claps_in(sound: np.ndarray) -> np.ndarray:
    """The middles of the claps of a sound in seconds from its first sample."""
    level = np.convolve(sound.astype(float) ** 2, np.ones(80) / 80, mode="same")
    return _middles(level > 0.1 * level.max(), RATE)


def _middles(loud: np.ndarray, rate: float) -> np.ndarray:
    edges = np.flatnonzero(np.diff(np.r_[0, loud.astype(int), 0]))
    return (edges[::2] + edges[1::2]) / 2 / rate
