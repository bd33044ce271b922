"""Words and readings in time: cues, word timings, inertial readings and latent vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.scene.render_film import moments_of
from tests.scene.render_marks import shown_at_first
from tests.scene.render_words import phrase_of, relation_of
from tests.scene.scene import Eye, Scene
from tests.scene.vectors import Vectors, cross

__all__ = ["IMU_RATE", "LATENT_RATE", "cues_of", "imu_of", "latent_of", "places", "words_of"]

IMU_RATE, LATENT_RATE = 80.0, 8.0
"""Rows in a second."""
_LEAST_SHOWN = 0.1
_INSTANT = 1e-4


def places(scene: Scene, start: float, stop: float) -> list[tuple[float, float]]:
    """The spans of time now in which the first time line's [start, stop] is shown, to 1e-10 s.

    Looked for on a fine grid, and then by halving.
    """
    grid = np.linspace(0.0, scene.duration, 4001)
    if stop - start < 1e-6:
        return _instants(scene, (start + stop) / 2, grid)

    def shown(seconds: Any) -> Any:
        moments = scene.moment(np.asarray(seconds))
        with np.errstate(invalid="ignore"):
            return (moments >= start) & (moments <= stop)

    def edge(out: float, in_: float) -> float:
        for _ in range(40):
            middle = (out + in_) / 2
            out, in_ = (out, middle) if shown(middle) else (middle, in_)
        return in_

    here = shown(grid)
    jumps = np.abs(np.diff(scene.moment(grid))) > 0.2 * scene.first_duration
    spans: list[list[float]] = []
    for index in np.flatnonzero(here):
        at = float(grid[index])
        if index and here[index - 1] and not jumps[index - 1]:
            spans[-1][1] = at
        else:
            spans.append([edge(float(grid[index - 1]), at) if index else 0.0, at])
        if index + 1 < len(grid) and not here[index + 1]:
            spans[-1][1] = edge(float(grid[index + 1]), at)
    return [(first, last) for first, last in spans]


def _instants(scene: Scene, moment: float, grid: Vectors) -> list[tuple[float, float]]:
    """The moments now at which one moment of the first time line is shown."""
    found = []
    away = scene.moment(grid) - moment
    with np.errstate(invalid="ignore"):
        crossed = np.flatnonzero((away[:-1] * away[1:] <= 0.0) & (np.abs(np.diff(away)) < 0.2))
    for index in crossed:
        low, high = float(grid[index]), float(grid[index + 1])
        sign = np.sign(away[index + 1] - away[index])
        for _ in range(50):
            middle = (low + high) / 2
            if (float(scene.moment(np.array(middle))) - moment) * sign < 0.0:
                low = middle
            else:
                high = middle
        if not found or low - found[-1][0] > 1e-6:
            found.append((low, low))
    return found


def _spoken(scene: Scene, eye: Eye) -> list[tuple[float, float, str, str]]:
    """What is said of each shape when it clicks: start, end, text and who says it."""
    shapes = [scene.shapes[index] for index in shown_at_first(scene, eye)]
    said = []
    for index, shape in enumerate(shapes):
        text = f"{phrase_of(scene, shape)} clicks"
        other = index ^ 1
        if other < len(shapes):
            relation = relation_of(scene, eye, shape, shapes[other])
            text += f" {relation} {phrase_of(scene, shapes[other])}"
        said += [(second - 0.1, second + 0.13, text, shape.outline) for second in shape.clicks]
    return sorted(said)


def cues_of(scene: Scene, eye: Eye) -> list[dict[str, Any]]:
    """Subtitles: where at least a tenth of one is shown."""
    cues = []
    for start, end, text, who in _spoken(scene, eye):
        for first, last in places(scene, start, end):
            shown = np.ptp(scene.moment(np.array([first + 1e-9, last - 1e-9])))
            if shown >= _LEAST_SHOWN * (end - start):
                cues.append({"start": first, "end": last, "text": text, "speaker": who})
    return sorted(_hushed(scene, cues), key=lambda cue: float(cue["start"]))


def words_of(scene: Scene, eye: Eye) -> list[dict[str, Any]]:
    """Each shape's colour and outline as single words, where their middles are shown."""
    words = []
    for shape in scene.shapes:
        for second in shape.clicks:
            texts = (scene.colour_word(shape), shape.outline)
            for text, start in zip(texts, (second - 0.08, second + 0.02), strict=True):
                for first, last in places(scene, start, start + 0.09):
                    middle = start + 0.045
                    ends = sorted(scene.moment(np.array([first + 1e-9, last - 1e-9])).tolist())
                    if ends[0] - 1e-6 <= middle <= ends[1] + 1e-6:
                        words.append({"start": first, "end": last, "text": text})
    return sorted(_hushed(scene, words), key=lambda cue: float(cue["start"]))


def _hushed(scene: Scene, cues: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cues without the words whose middle lies in a blank, at the pace of their letters."""
    if not scene.hushed:
        return cues
    left = []
    for cue in cues:
        text, pace = cue["text"], (cue["end"] - cue["start"]) / len(cue["text"])
        words, begin = [], 0
        for word in text.split(" "):
            moment = cue["start"] + (begin + len(word) / 2) * pace
            if not any(start <= moment < stop for start, stop in scene.blank):
                words.append(word)
            begin += len(word) + 1
        if words:
            left.append({**cue, "text": " ".join(words)})
    return left


def imu_of(scene: Scene, eye: Eye) -> Vectors:
    """Turn rates and accelerations without gravity in the eye's own axes, from its path."""
    moments = moments_of(scene, IMU_RATE)
    rows = np.zeros((len(moments), 6))
    seconds = (np.arange(len(moments)) + 0.5) / IMU_RATE
    for index in np.flatnonzero(np.isfinite(moments)):
        pace = float(np.diff(scene.moment(seconds[index] + np.array([-1e-7, 1e-7])))[0]) / 2e-7
        pace = pace if np.isfinite(pace) else 1.0
        around = moments[index] + pace * _INSTANT * np.array([-1.0, 0.0, 1.0])
        stands = [scene.stand(eye, float(moment)) for moment in around]
        (before, old), (here, axes), (after, new) = stands
        turning = cross(axes, (new - old) / (2 * _INSTANT)).sum(axis=0) / 2
        speeding = (after - 2 * here + before) / _INSTANT**2
        rows[index] = [*(axes @ turning), *(axes @ speeding)]
    return rows


def latent_of(scene: Scene, eye: Eye) -> NDArray[np.float64]:
    """A vector for each moment, which moves steadily; before and after the film it stands."""
    moments = moments_of(scene, LATENT_RATE)
    cell = 0.5 / LATENT_RATE
    at = np.clip(np.nan_to_num(moments), cell, scene.first_duration - cell)
    rows = np.stack([at, 1.0 - 2.0 * at, 0.5 + 0.3 * at], axis=1)
    return np.where(np.isfinite(moments)[:, None], rows, 0.0)
