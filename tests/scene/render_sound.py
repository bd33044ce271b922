"""The sound of the scene: each shape hums a tone and clicks, heard from where it stands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.scene.render_film import moments_of
from tests.scene.scene import Eye, Scene, Shape
from tests.scene.vectors import Vectors

__all__ = ["CLICK_HZ", "RATE", "click", "loudness", "sides_swapped", "sound_of"]

RATE = 16000
"""Samples in a second."""
CLICK_HZ = 3000.0
"""The middle of a click's band."""
_CLICK_SECONDS = 0.4e-3
_HUM, _SNAP = 0.05, 0.3


def click(seconds: Vectors) -> Vectors:
    """A short symmetrical sound around second 0, of a limited band."""
    return np.exp(-0.5 * (seconds / _CLICK_SECONDS) ** 2) * np.cos(2.0 * np.pi * CLICK_HZ * seconds)


def sides_swapped(scene: Scene, eye: Eye) -> bool:
    """Whether what was on the right side of the picture is now on its left."""
    centre, axes = eye.first_axes(0.0)
    ahead = centre + axes[2]
    here, there = scene.look(eye, scene.place(np.array([ahead, ahead + 0.01 * axes[0]])))[0]
    way = there - here
    return bool(way.real < 0 and abs(way.real) > abs(way.imag))


def loudness(scene: Scene, shape: Shape) -> tuple[float, float]:
    """The gains of the left and right channel for a shape, of constant power together."""
    eye = scene.eyes[shape.faces]
    centre, axes = eye.first_axes(0.0)
    inside = axes @ (shape.at(0.0) - centre)
    side = float(np.clip(inside[0] / inside[2], -1.0, 1.0))
    angle = (1.0 + (-side if sides_swapped(scene, eye) else side)) * np.pi / 4
    return float(np.cos(angle)), float(np.sin(angle))


def sound_of(scene: Scene) -> NDArray[np.float32]:
    """Two channels; every sample is what is heard in the middle of its span of time."""
    moments = moments_of(scene, RATE)
    audible = np.isfinite(moments)
    at = np.where(audible, moments, 0.0)
    out = np.zeros((2, len(moments)))
    higher = 2.0 ** (scene.sound.semitones / 12.0)
    humming = (np.arange(len(at)) + 0.5) / RATE * higher if scene.sound.kept else at
    for shape in scene.shapes:
        wave = _HUM * np.sin(2.0 * np.pi * shape.tone * humming)
        for second in shape.clicks:
            wave = wave + _SNAP * click(at - second)
        out += np.array(loudness(scene, shape))[:, None] * np.where(audible, wave, 0.0)
    return out.astype(np.float32)
