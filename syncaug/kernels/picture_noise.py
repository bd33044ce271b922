"""The noise of pictures, at a level that is still right after clipping and rounding."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.noise_level import mean_square, noise_power, scale_for, snr_between
from syncaug.kernels.normals import standard_normals
from syncaug.maps.noise import Noise

__all__ = ["noisy_frame", "noisy_picture", "power_of", "reached"]

_SOME = 1 << 16
"""Numbers of a picture that are enough to find the scale of its noise."""
_WHITE = np.float32(255.0)
_PASSES = 8
_TOLERATED = 0.1
"""Decibels by which a measured level may differ before the record tells of it."""

Field = NDArray[np.float32]


def noisy_picture(
    picture: NDArray[Any], kind: str, snr_db: float, generator: np.random.Generator
) -> NDArray[Any]:
    """A new picture with noise of `kind`; levels are uint8, or float32 in [0, 1].

    `kind` is `gaussian` (added), `speckle` (multiplied, so that it grows with the level) or
    `salt_and_pepper` (single pixels of (H, W) turn black or white). The signal-to-noise ratio of
    the result, measured after clipping to [0, 1] and 8-bit rounding, is `snr_db` within 0.1 dB
    wherever a scale of the field reaches it. Black and white allow no less than about 3 dB, a black
    picture has no level at all and stays, and 8-bit levels cannot hold what would change less than
    one number of the picture.
    """
    levels = _levels(picture)
    power = noise_power(mean_square(levels), snr_db)
    if snr_db == math.inf or power == 0.0:
        return picture.copy()
    return _KINDS[kind](picture, levels, power, generator)


def noisy_frame(
    frame: NDArray[Any],
    kind: str,
    snr_db: float,
    power: float,
    generator: np.random.Generator,
) -> NDArray[Any]:
    """A frame with noise of the level that its whole video has; `power` is the video's own.

    Noise that is added is as strong on dark frames as on bright ones; speckle follows each frame.
    """
    if kind == "speckle":
        return noisy_picture(frame, kind, snr_db, generator)
    wanted = noise_power(power, snr_db)
    if wanted == 0.0:
        return frame.copy()
    return _KINDS[kind](frame, _levels(frame), wanted, generator)


def reached(clean: NDArray[Any], noisy: NDArray[Any], noise: Noise) -> dict[str, Any]:
    """For the record: the measured level in dB, where it is not the one that was asked."""
    found = snr_between(clean, noisy)
    if abs(found - noise.snr_db) <= _TOLERATED:
        return {}
    return {"snr_db": round(found, 3) if math.isfinite(found) else "no noise"}


def power_of(picture: NDArray[Any]) -> float:
    """The mean square of a picture's levels in [0, 1]."""
    return mean_square(_levels(picture))


def _levels(picture: NDArray[Any]) -> Field:
    if picture.dtype == np.uint8:
        return picture.astype(np.float32) * np.float32(1 / 255)
    return picture  # already float32


def _stored(levels: Field, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The levels as a picture holds them; `levels` is written to."""
    np.clip(levels, 0.0, 1.0, out=levels)
    if dtype == np.uint8:
        levels *= _WHITE
        return np.asarray(np.rint(levels, out=levels), dtype=np.uint8)
    return levels


def _solved(
    picture: NDArray[Any],
    levels: Field,
    power: float,
    start: float,
    spoil: Callable[[Any, float], Field],
) -> NDArray[Any]:
    """The picture spoilt at the scale at which what is stored has the noise power."""
    flat = levels.reshape(-1)
    stride = max(1, flat.size // _SOME) | 1  # odd, so that it meets every channel and column

    def measured(places: Any) -> Callable[[float], float]:
        clean = flat[places]

        def measure(scale: float) -> float:
            stored = _stored(spoil(places, scale), picture.dtype)
            return mean_square(_levels(stored) - clean)

        return measure

    scale = scale_for(measured(slice(None, None, stride)), power, start)
    out = _stored(spoil(slice(None), scale), picture.dtype)
    if stride > 1:
        found = mean_square(_levels(out) - flat)
        if not (found > 0.0 and abs(10.0 * math.log10(found / power)) <= _TOLERATED / 2):
            scale = scale_for(measured(slice(None)), power, scale)
            out = _stored(spoil(slice(None), scale), picture.dtype)
    return out.reshape(picture.shape)


def _gaussian(
    picture: NDArray[Any], levels: Field, power: float, generator: np.random.Generator
) -> NDArray[Any]:
    field, clean = standard_normals(generator, picture.size), levels.reshape(-1)
    return _solved(
        picture,
        levels,
        power,
        math.sqrt(power),
        lambda places, scale: clean[places] + np.float32(scale) * field[places],
    )


def _speckle(
    picture: NDArray[Any], levels: Field, power: float, generator: np.random.Generator
) -> NDArray[Any]:
    field, clean = standard_normals(generator, picture.size), levels.reshape(-1)
    return _solved(
        picture,
        levels,
        power,
        math.sqrt(power / mean_square(levels)),
        lambda places, scale: clean[places] * (1.0 + np.float32(scale) * field[places]),
    )


def _salt_and_pepper(
    picture: NDArray[Any], levels: Field, power: float, generator: np.random.Generator
) -> NDArray[Any]:
    """The likeliest pixels as long as their errors fit into the power."""
    shape = picture.shape[:2]
    chance = generator.random(shape, dtype=np.float32).reshape(-1)
    clean = levels.reshape(chance.size, -1)
    rank = np.minimum(chance, 1.0 - chance)
    after = (chance > np.float32(0.5)).astype(np.float32)  # salt is white, pepper is black
    error = np.zeros(chance.size)
    for channel in clean.T:  # three sums of columns take a quarter of the time of one along rows
        error += np.square(after - channel)
    missing = power * levels.size
    taken = np.zeros(chance.size, dtype=bool)
    likely = np.flatnonzero(rank <= 0.75 * missing / max(float(error.sum()), 1e-12) + 1e-3)
    for _ in range(_PASSES):
        order = likely[np.argsort(rank[likely], kind="stable")]
        total = np.cumsum(error[order])
        fitting = int(np.searchsorted(total, missing, side="right"))
        taken[order[:fitting]] = True
        missing -= float(total[fitting - 1]) if fitting else 0.0
        likely = np.flatnonzero(~taken & (error <= missing))  # one that is too large is passed over
        if not likely.size:
            break
    spoilt = picture.reshape(chance.size, -1).copy()
    white = 255 if picture.dtype == np.uint8 else 1
    spoilt[taken] = (after[taken, None] * white).astype(picture.dtype)
    return spoilt.reshape(picture.shape)


_KINDS = {"gaussian": _gaussian, "speckle": _speckle, "salt_and_pepper": _salt_and_pepper}
