"""Noise leaves the scene as it is: what comes out is what was rendered, at the asked level.

The signal-to-noise ratio is measured on both, in the units of each stream, and must agree within
half a decibel; what is no signal, holes, moments and other columns, is untouched.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.scene.cells import NOISY
from tests.scene.render import EVERY, render, stream_names
from tests.scene.render_chat import told
from tests.scene.scene import Scene
from tests.scene.scenes import draws, scenes
from tests.scene.square import augmented, streams_of

_DECIBELS = 0.5


@lru_cache(maxsize=32)
def _both(scene: Scene, parameters: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return render(scene), augmented(scene, [("noise", json.loads(parameters))], EVERY)


@pytest.mark.parametrize("cell", NOISY, ids=lambda cell: "-".join(cell))
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@seed(4)
@given(data=st.data())
def test_level(cell: tuple[str, str], data: st.DataObject) -> None:
    transform, modality = cell
    scene = data.draw(scenes(), "scene")
    parameters = data.draw(draws(transform, scene), "parameters")
    clean, noisy = _both(scene, json.dumps(parameters))
    kinds = {name: kind for name, (kind, _) in stream_names(scene).items()}
    for name in streams_of(scene, modality):
        _MEASURES[kinds[name]](clean[name], noisy[name], parameters["snr_db"], noisy)


def _agrees(signal: Any, error: Any, snr_db: float) -> None:
    power, noise = float(np.mean(np.square(signal))), float(np.mean(np.square(error)))
    assert 10.0 * math.log10(power / noise) == pytest.approx(snr_db, abs=_DECIBELS)


def _levels(clean: Any, noisy: Any, snr_db: float, sample: Any) -> None:
    _agrees(clean / 255.0, noisy / 255.0 - clean / 255.0, snr_db)


def _plain(clean: Any, noisy: Any, snr_db: float, sample: Any) -> None:
    _agrees(clean, noisy.astype(np.float64) - clean, snr_db)


def _depth(clean: Any, noisy: Any, snr_db: float, sample: Any) -> None:
    solid = clean > 0
    assert np.array_equal(noisy[~solid], clean[~solid])
    _agrees(clean[solid], noisy[solid].astype(np.float64) - clean[solid], snr_db)
    near = clean < np.median(clean[solid])
    error = np.abs(noisy - clean)
    assert error[solid & near].mean() <= error[solid & ~near].mean()


def _points(clean: Any, noisy: Any, snr_db: float, sample: Any) -> None:
    assert np.array_equal(clean[:, 3:], noisy[:, 3:])
    places = clean[:, :3].astype(np.float64)
    _agrees(places - places.mean(axis=0), noisy[:, :3] - places, snr_db)


def _imu(clean: Any, noisy: Any, snr_db: float, sample: Any) -> None:
    for columns in (slice(0, 3), slice(3, 6)):
        _agrees(clean[:, columns], (noisy - clean)[:, columns], snr_db)


def _state(clean: Any, noisy: Any, snr_db: float, sample: Any) -> None:
    """Each quantity by itself; turns by the angle about their axis, grippers not at all."""
    for start in (0, 16):
        for first, last in ((0, 3), (7, 10), (10, 13), (13, 15)):
            at = slice(start + first, start + last)
            _agrees(clean[:, at], (noisy - clean)[:, at], snr_db)
        turns = [rows[:, start + 3 : start + 7] for rows in (clean, noisy)]
        between = np.abs(np.clip((turns[0] * turns[1]).sum(axis=1), -1.0, 1.0))
        angles = 2.0 * np.arccos(np.abs(turns[0][:, 0])), 2.0 * np.arccos(between)
        power, error = (float(np.mean(angle**2)) for angle in angles)
        assert 10.0 * math.log10(power / error) == pytest.approx(snr_db, abs=_DECIBELS)
        assert np.allclose(np.linalg.norm(turns[1], axis=1), 1.0)
        assert np.array_equal(clean[:, start + 15], noisy[:, start + 15])


def _typed(clean: str, noisy: str, snr_db: float) -> None:
    """At most half of the words at full severity, each with a letter or two that differ."""
    words, typed = clean.split(), noisy.split()
    assert len(words) == len(typed)
    severity = min(1.0, max(0.0, (50.0 - snr_db) / 45.0))
    wrong = [(a, b) for a, b in zip(words, typed, strict=True) if a != b]
    assert len(wrong) <= math.ceil(0.5 * severity * 1.3 * len(words)) + 1
    assert all(abs(len(a) - len(b)) <= 1 for a, b in wrong)


def _text(clean: str, noisy: str, snr_db: float, sample: Any) -> None:
    _typed(clean, noisy, snr_db)
    assert noisy != clean


def _cues(clean: Any, noisy: Any, snr_db: float, sample: Any) -> None:
    assert [(c["start"], c["end"]) for c in clean] == [(c["start"], c["end"]) for c in noisy]
    for one, other in zip(clean, noisy, strict=True):
        _typed(one["text"], other["text"], snr_db)


def _chat(clean: Any, noisy: Any, snr_db: float, sample: Any) -> None:
    """The system's turn and all numbers stay; the words of the others are mistyped."""
    assert clean[0] == noisy[0]
    assert told(clean)[1] == told(noisy)[1]
    typed = [[part["text"] for part in turn["content"] if "text" in part]
             for chat in (clean, noisy) for turn in chat[1:]]  # fmt: skip
    half = len(typed) // 2
    for one, other in zip(typed[:half], typed[half:], strict=True):
        for text, mistyped in zip(one, other, strict=True):
            _typed(text, mistyped, snr_db)
    assert typed[:half] != typed[half:]


def _phrases(clean: Any, noisy: Any, snr_db: float, sample: Any) -> None:
    assert len(clean) == len(noisy)
    assert all(phrase in sample["front_text"] for phrase in noisy)


_MEASURES = {
    "image": _levels,
    "video": _levels,
    "depth": _depth,
    "audio": _plain,
    "embedding": _plain,
    "points": _points,
    "imu": _imu,
    "state": _state,
    "text": _text,
    "timed_text": _cues,
    "messages": _chat,
    "words": _cues,
    "phrases": _phrases,
}
