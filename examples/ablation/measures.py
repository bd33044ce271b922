"""What a trained model is asked, on scenes and on real recordings that it has never seen.

All measures are shares of right answers, so that higher is better; CHANCE says what guessing gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor
from torch.nn.functional import normalize

from examples.ablation import real
from examples.ablation.scenes import ANSWERS, COLOURS, KINDS, RATE, SIDES, Scenes
from examples.ablation.towers import Towers, beep_track, tokens_of

__all__ = ["CHANCE", "of_recordings", "of_scenes"]

CHANCE = {
    "retrieval_captions": 1 / 256,
    "retrieval_sounds": 1 / 256,
    "question_colour": 1 / len(COLOURS),
    "question_side": 1 / 2,
    "probe_colour": 1 / len(COLOURS),
    "probe_side": 1 / 2,
    "offset_film": 1 / len(real.SHIFTS),
    "offset_cues": 1 / len(real.SHIFTS),
    "photos_colour": 1 / 2,
    "photos_side": 1 / 2,
    "webb_offset": 1 / len(real.SHIFTS),
    "bunny_offset": 1 / len(real.SHIFTS),
    "speech_offset": 1 / len(real.SHIFTS),
}
"""The measures, and what guessing gives; the first two among 256 scenes."""


@torch.no_grad()
def of_scenes(model: Towers, test: Scenes, probe: Scenes) -> dict[str, float]:
    """Measures on scenes of `test`; the probes are fitted on those of `probe`."""
    features, moments = _seen(model, test)
    found = {**_retrieval(model, test, features, moments), **_questions(model, test, features)}
    fitted, _ = _seen(model, probe)
    found.update(_probes(probe, fitted.numpy(), test, features.numpy()))
    sounds = torch.from_numpy(np.stack([sample["sound"] for sample in test]))
    shifted = [torch.roll(sounds, round(shift * RATE), 2) for shift in real.SHIFTS]
    heard = torch.stack([model.hear(each) for each in shifted], dim=1)
    cues = model.cue(beep_track([sample["beeps"] for sample in test]))
    found["offset_film"] = _first_is_best(moments, heard)
    found["offset_cues"] = _first_is_best(cues, heard)
    return found


@torch.no_grad()
def of_recordings(model: Towers) -> dict[str, float]:
    """Measures on the real photos, films and speech."""
    right: dict[str, list[float]] = {"photos_colour": [], "photos_side": []}
    for photo in real.photos():
        features, _ = model.see(torch.from_numpy(photo.film)[None])
        for captions in photo.captions:
            scores = _alike(features, model.read(tokens_of(captions)))[0]
            right["photos_colour"].append(_better(scores[0], scores[1]))
            right["photos_side"].append(_better(scores[0], scores[2]))
    for window in real.film_windows():
        heard = model.hear(torch.from_numpy(window.sounds))
        _, moments = model.see(torch.from_numpy(window.film)[None])
        right.setdefault(f"{window.source}_offset", []).append(_first_is_best(moments, heard[None]))
    for window in real.speech_windows():
        heard = model.hear(torch.from_numpy(window.sounds))
        cues = model.cue(beep_track([window.cues]))
        right.setdefault("speech_offset", []).append(_first_is_best(cues, heard[None]))
    return {name: float(np.mean(values)) for name, values in right.items()}


def _seen(model: Towers, scenes: Scenes) -> tuple[Tensor, Tensor]:
    films = torch.from_numpy(np.stack([sample["film"] for sample in scenes]))
    parts = [model.see(part) for part in films.split(64)]
    return torch.cat([part[0] for part in parts]), torch.cat([part[1] for part in parts])


def _alike(a: Tensor, b: Tensor) -> Tensor:
    return normalize(a, dim=-1) @ normalize(b, dim=-1).transpose(-1, -2)


def _better(one: Tensor, other: Tensor) -> float:
    return 0.5 if one == other else float(one > other)


def _first_is_best(a: Tensor, shifted: Tensor) -> float:
    """The share of rows (N, D) that are most like the first of their candidates (N, shifts, D)."""
    scores = _alike(a[:, None], shifted)[:, 0]
    return float((scores.argmax(dim=1) == 0).float().mean())


def _retrieval(model: Towers, test: Scenes, features: Tensor, moments: Tensor) -> dict[str, float]:
    """Recall at 1 in both directions; of equal captions either is right."""
    captions = [scene.everything for scene in test.scenes]
    same = np.array([[one == other for other in captions] for one in captions])
    told = model.read(tokens_of(captions))
    heard = model.hear(torch.from_numpy(np.stack([sample["sound"] for sample in test])))
    return {
        "retrieval_captions": _recall(_alike(features, told), same),
        "retrieval_sounds": _recall(_alike(moments, heard), np.eye(len(captions), dtype=bool)),
    }


def _recall(scores: Tensor, right: NDArray[np.bool_]) -> float:
    rows = np.arange(len(right))
    there = right[rows, scores.argmax(dim=1).numpy()]
    back = right[scores.argmax(dim=0).numpy(), rows]
    return float((there.mean() + back.mean()) / 2.0)


def _questions(model: Towers, test: Scenes, features: Tensor) -> dict[str, float]:
    """The answer that, after its question, is most like the film."""
    right: dict[str, list[bool]] = {asks: [] for asks in ANSWERS}
    for row, scene in enumerate(test.scenes):
        answers = ANSWERS[scene.asks]
        told = model.read(tokens_of([f"{scene.question} {answer}" for answer in answers]))
        best = int(_alike(features[row : row + 1], told).argmax())
        right[scene.asks].append(answers[best] == scene.answer)
    return {f"question_{asks}": float(np.mean(values)) for asks, values in right.items()}


def _probes(
    probe: Scenes, fitted: NDArray[Any], test: Scenes, features: NDArray[Any]
) -> dict[str, float]:
    """Linear probes on frozen features: the side of each kind of shape, the colour on the left."""
    sides = [_probe(*_rows(probe, fitted, kind), *_rows(test, features, kind)) for kind in KINDS]
    known, asked = ([scene.colours[0] for scene in scenes.scenes] for scenes in (probe, test))
    return {
        "probe_side": float(np.mean(sides)),
        "probe_colour": _probe(fitted, known, features, asked),
    }


def _rows(scenes: Scenes, features: NDArray[Any], kind: str) -> tuple[NDArray[Any], list[str]]:
    """The scenes in which a kind of shape is, and on which side."""
    rows = [row for row, scene in enumerate(scenes.scenes) if kind in scene.kinds]
    return features[rows], [SIDES[scenes.scenes[row].kinds.index(kind)] for row in rows]


def _probe(
    known: NDArray[Any], labels: Sequence[str], asked: NDArray[Any], answers: Sequence[str]
) -> float:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))
    return float(model.fit(known, labels).score(asked, answers))
