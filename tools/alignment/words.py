"""Words: jfk.wav with the times of its words through spoken_words.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pysubs2
import soundfile
from numpy.typing import NDArray

from tools.alignment.measured import DATA, Line, applied, parameters_of

__all__ = ["jfk_lines"]

_VOICE, _WORDS = DATA / "jfk" / "jfk.wav", DATA / "jfk" / "jfk.words.srt"
_STEP = 0.001
_SIMILAR = 0.9


def jfk_lines(folder: Path) -> Iterator[Line]:
    """Where words are written, and where they are heard: by the envelope of each original word."""
    sample = {"key": "jfk", "speech": str(_VOICE), "words": str(_WORDS)}
    results = applied("spoken_words", [sample], folder, variants=8, audio_format="float")
    voice, rate = soundfile.read(_VOICE)
    words = _cues(_WORDS)
    written: list[float] = []
    heard: list[float] = []
    apart: list[float] = []
    for line, record in results:
        sound, _ = soundfile.read(line["speech"])
        cut, tempo = (parameters_of(record, name) or {} for name in ("excerpt", "tempo"))
        start = cut["at"] * (len(voice) / rate - cut["duration"])
        late = (parameters_of(record, "late") or {"seconds": 0.0})["seconds"]
        apart.append(abs(len(sound) / rate - cut["duration"] / tempo["factor"]))
        for begin, _, text in _cues(line["words"]):
            near = [w for w in words if w[2] == text]
            wanted = [
                tuple((max(side, start) - start) / tempo["factor"] + late for side in word[:2])
                for word in near
            ]
            best = int(np.argmin([abs(begin - where[0]) for where in wanted]))
            written.append(abs(begin - wanted[best][0]))
            lag = _heard_late(voice, near[best], sound, begin, rate, tempo["factor"])
            if lag is not None:
                heard.append(abs(lag))
    yield _line("words written off their place", float(np.max(written)), 1.0, len(written))
    yield _line("words heard off their cue, median", float(np.median(heard)), 10.0, len(heard))
    yield _line("words heard off their cue, worst", float(np.max(heard)), 40.0, len(heard))
    yield _line("voice longer than drawn", float(np.max(apart)), 0.1, len(apart))


def _line(what: str, seconds: float, bound: float, count: int) -> Line:
    return Line("jfk.wav", "spoken_words", what, seconds * 1e3, "ms", bound, count)


def _cues(path: Path) -> list[tuple[float, float, str]]:
    return [(e.start / 1e3, e.end / 1e3, e.plaintext.strip()) for e in pysubs2.load(str(path))]


def _envelope(sound: NDArray[Any], rate: float) -> NDArray[np.float64]:
    """Loudness every millisecond, over 16 ms."""
    width = round(0.016 * rate)
    power = np.convolve(sound**2, np.hanning(width) / width, mode="same")
    moments = np.arange(0.0, len(sound) / rate, _STEP)
    return np.sqrt(np.interp(moments, (np.arange(len(sound)) + 0.5) / rate, power))


def _heard_late(
    voice: NDArray[Any],
    word: tuple[float, float, str],
    sound: NDArray[Any],
    begin: float,
    rate: float,
    factor: float,
) -> float | None:
    """By how many seconds a word is heard after its cue; None where it cannot be recognised.

    The word's envelope at the drawn speed is looked for within 60 ms around its cue.
    """
    if word[1] - word[0] < 0.2:
        return None
    first = _envelope(voice[round(word[0] * rate) : round(word[1] * rate)], rate)
    count = round(len(first) / factor)
    looked = np.interp(np.arange(count) * factor, np.arange(len(first)), first)
    around = _envelope(sound, rate)
    place, reach = round(begin / _STEP), 60
    if place < reach or place + reach + count > len(around):
        return None
    scores = [
        float(np.corrcoef(looked, around[place + lag : place + lag + count])[0, 1])
        for lag in range(-reach, reach + 1)
    ]
    best = int(np.argmax(scores))
    return (best - reach) * _STEP if scores[best] > _SIMILAR else None
