"""What the time transforms mean for a scene: which moment of the first time line is shown when.

Every change is a rule from seconds now to seconds before; what it shows of nothing is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from syncaug.transforms.clock import numbers
from tests.scene.render_sound import RATE
from tests.scene.scene import Scene

__all__ = ["CHANGES"]

Parameters = Mapping[str, Any]


def _retimed(scene: Scene, rule: Any, duration: float) -> Scene:
    before, length = scene.moment, scene.duration

    def moment(seconds: Any) -> Any:
        inner = np.asarray(rule(np.asarray(seconds, dtype=np.float64)))
        outside = (inner < -1e-9) | (inner > length + 1e-9)
        return np.where(outside, np.nan, before(inner))

    return scene.change(moment=moment, duration=duration)


def _whole_samples(seconds: float) -> float:
    return round(seconds * RATE) / RATE


def _seconds(scene: Scene, parameters: Parameters, value: float) -> float:
    return value * (scene.duration if parameters.get("unit") == "share" else 1.0)


def trim(scene: Scene, parameters: Parameters) -> Scene:
    """An excerpt that begins at a whole sample of sound."""
    length = min(scene.duration, _seconds(scene, parameters, parameters["duration"]))
    if "start" in parameters:
        start = _whole_samples(_seconds(scene, parameters, parameters["start"]))
    else:
        start = _whole_samples((scene.duration - length) * parameters["at"])
    return _retimed(scene, lambda t: t + start, min(length, scene.duration - start))


def time_shift(scene: Scene, parameters: Parameters) -> Scene:
    """All of it later by whole samples; what leaves comes in again where it wraps."""
    later = _whole_samples(_seconds(scene, parameters, parameters["seconds"]))
    length = scene.duration
    if parameters.get("wrap"):
        return _retimed(scene, lambda t: np.mod(t - later, length), length)
    return _retimed(scene, lambda t: t - later, length)


def _kept(scene: Scene, parameters: Parameters) -> Scene:
    if parameters.get("preserve_pitch"):
        return scene.change(sound=replace(scene.sound, kept=True))
    return scene


def speed(scene: Scene, parameters: Parameters) -> Scene:
    """Faster; tones are higher unless they keep their pitch."""
    factor = parameters["factor"]
    return _kept(_retimed(scene, lambda t: t * factor, scene.duration / factor), parameters)


def time_warp(scene: Scene, parameters: Parameters) -> Scene:
    """Faster here and slower there: the logarithm of the speed goes through drawn values.

    Sixteen steady pieces lead from one value to the next, along half a wave of a cosine.
    """
    drawn = numbers(parameters["shape"], parameters.get("knots", 5)) * 2.0 - 1.0
    places = (np.arange(16 * (len(drawn) - 1)) + 0.5) / 16
    knot, part = np.divmod(places, 1.0)
    low, high = drawn[knot.astype(int)], drawn[knot.astype(int) + 1]
    level = (low + high) / 2 - (high - low) / 2 * np.cos(np.pi * part)
    covered = np.append(0.0, np.cumsum((1.0 + parameters["strength"]) ** level))
    length = scene.duration
    now, before = np.linspace(0.0, length, len(covered)), covered / covered[-1] * length
    return _kept(_retimed(scene, lambda t: np.interp(t, now, before), length), parameters)


def reverse(scene: Scene, parameters: Parameters) -> Scene:
    """The end first."""
    length = scene.duration
    return _retimed(scene, lambda t: length - t, length)


def loop(scene: Scene, parameters: Parameters) -> Scene:
    """Again and again."""
    length = scene.duration
    total = length * parameters["times"] if "times" in parameters else parameters["duration"]
    return _retimed(scene, lambda t: np.mod(t, length), max(total, length))


def mask_time(scene: Scene, parameters: Parameters) -> Scene:
    """Spans in which nothing is seen and heard; their words go where asked."""
    count = parameters.get("spans", 1)
    length = _seconds(scene, parameters, parameters["duration"])
    free = scene.duration - count * length
    starts = [
        free * place + length * index
        for index, place in enumerate(sorted(numbers(parameters["shape"], count)))
    ]
    spans = tuple((float(start), float(start + length)) for start in starts)
    return scene.change(blank=spans, hushed=parameters.get("text") == "blank")


def pitch(scene: Scene, parameters: Parameters) -> Scene:
    """All tones higher by semitones."""
    sound = replace(
        scene.sound, semitones=scene.sound.semitones + parameters["semitones"], kept=True
    )
    return scene.change(sound=sound)


CHANGES = {
    "trim": trim,
    "time_shift": time_shift,
    "speed": speed,
    "time_warp": time_warp,
    "reverse": reverse,
    "loop": loop,
    "mask_time": mask_time,
    "pitch": pitch,
}
