"""Real photos, films and speech of examples/data in the form of scenes; never trained on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray
from PIL import Image
from scipy.signal import resample_poly

from examples.ablation.scenes import FPS, FRAMES, RATE, SECONDS, SIZE
from syncaug import load_policy
from syncaug.io.manifest import read_manifest
from syncaug.io.streams import load_sample

__all__ = ["SHIFTS", "Photo", "Window", "film_windows", "photos", "speech_windows"]

HERE = Path(__file__).resolve().parent
DATA, POLICIES = HERE.parent / "data", HERE.parents[1] / "policies"
SHIFTS = (0.0, -0.25, -0.125, 0.125, 0.25)
"""Seconds by which a sound comes late, the true one first."""
_EVERY = 0.25
"""Seconds between the beginnings of two windows."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as a film that stands still; captions: true, of wrong colours, of wrong sides."""

    source: str
    film: NDArray[np.uint8]
    captions: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Two seconds of a source: its film or its words, and its sound at each of SHIFTS."""

    source: str
    film: NDArray[np.uint8] | None
    cues: list[dict[str, Any]]
    sounds: NDArray[np.float32]
    """(5, 2, 4000)"""


def photos() -> Iterator[Photo]:
    """The photos, 32 by 32 pixels."""
    for entry in yaml.safe_load((HERE / "photos.yaml").read_text(encoding="utf-8")):
        captions = tuple((each["is"], each["colours"], each["sides"]) for each in entry["captions"])
        for path in entry["photos"]:
            with Image.open(DATA / path) as photo:
                picture = _small(np.asarray(photo.convert("RGB")))
            yield Photo(path, np.repeat(picture[None], FRAMES, axis=0), captions)


def film_windows() -> Iterator[Window]:
    """Windows of the two films with their sound."""
    for manifest, sound in (("talking_video", "speech"), ("film", "sound")):
        for key, sample in _samples(manifest):
            frames, rate = sample["video"]["frames"], sample["video"]["fps"]
            heard = _heard(sample[sound])
            for start in _starts(min(len(frames) / rate, heard.shape[1] / RATE)):
                moments = start + (np.arange(FRAMES) + 0.5) / FPS
                film = np.stack([_small(frames[int(moment * rate)]) for moment in moments])
                yield Window(key, film, [], _shifted(heard, start))


def speech_windows() -> Iterator[Window]:
    """Windows of the speech whose words have times, without a film."""
    for key, sample in _samples("spoken_words"):
        heard = _heard(sample["speech"])
        for start in _starts(heard.shape[1] / RATE):
            cues = [
                {**cue, "start": cue["start"] - start, "end": cue["end"] - start}
                for cue in sample["words"]
                if cue["end"] > start and cue["start"] < start + SECONDS
            ]
            yield Window(key, None, cues, _shifted(heard, start))


def _samples(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    plan = load_policy(POLICIES / f"{name}.yaml").plan
    streams = {stream.name: stream for stream in plan.streams}
    for entry in read_manifest(DATA / f"{name}.jsonl"):
        yield str(entry.key), load_sample(entry, streams)


def _small(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_AREA), np.uint8)


def _heard(sound: dict[str, Any]) -> NDArray[np.float32]:
    """Left and right at the rate of the scenes, as loud as their beeps."""
    array = np.atleast_2d(np.asarray(sound["array"], np.float64))
    pair = array[:2] if len(array) > 1 else np.repeat(array, 2, axis=0)
    slow = resample_poly(pair, RATE, int(sound["sampling_rate"]), axis=1)
    return (slow * (0.4 / max(1e-6, float(np.abs(slow).max())))).astype(np.float32)


def _starts(seconds: float) -> NDArray[np.float64]:
    """Beginnings of windows, with room for every shift."""
    return np.arange(-min(SHIFTS), seconds - SECONDS + min(SHIFTS) + 1e-9, _EVERY)


def _shifted(heard: NDArray[np.float32], start: float) -> NDArray[np.float32]:
    length = int(SECONDS * RATE)
    begins = [round((start - shift) * RATE) for shift in SHIFTS]
    return np.stack([heard[:, begin : begin + length] for begin in begins])
