"""Gravity in what an accelerometer measures, told apart from motion by the gyroscope."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["gravity_of", "turned_back", "turns_of"]

Numbers = NDArray[np.float64]

_SECONDS = 2.0
"""The standard deviation of the weights, in seconds, with which accelerations are averaged."""
_SMALL = 1e-12


def gravity_of(
    acceleration: Numbers, turn_rate: Numbers, steps: Numbers, seconds: float = _SECONDS
) -> Numbers:
    """The part of `acceleration` (T, 3) that does not come from motion, row by row.

    `turn_rate` (T, 3) is in rad/s in the body's axes and `steps` (T,) holds the seconds that each
    row stands for. The gyroscope turns every reading back into one frame that does not turn; there
    gravity is steady and motion averages out, so a mean over some seconds is gravity, which is
    turned forth again. This is the complementary filter of Mahony, Hamel and Pflimlin (2008),
    Nonlinear complementary filters on the special orthogonal group, IEEE Trans. Automatic Control
    53(5), without delay: the mean looks both ways, so that a steady bias of the gyroscope cancels.
    """
    turns = turns_of(turn_rate, steps)
    steady = turned_back(turns, acceleration)
    mean = _averaged(steady, steps, seconds)
    return _turned(_conjugate(turns), mean)


def turns_of(turn_rate: Numbers, steps: Numbers) -> Numbers:
    """The body's orientation in the middle of each row: unit quaternions (T, 4), w first.

    Orientation k takes body axes to the axes at the beginning; rates are steady within a row.
    """
    whole = _quaternions(turn_rate * steps[:, None])
    half = _quaternions(turn_rate * (steps / 2)[:, None])
    before = np.concatenate([[[1.0, 0.0, 0.0, 0.0]], _products(whole)[:-1]])
    return _multiply(before, half)


def turned_back(turns: Numbers, vectors: Numbers) -> Numbers:
    """Vectors in body axes (T, 3) in the axes that the body had at the beginning."""
    return _turned(turns, vectors)


def _averaged(rows: Numbers, steps: Numbers, seconds: float) -> Numbers:
    """Means under a Gaussian window; at the ends, over what there is."""
    period = float(np.median(steps))
    reach = min(len(rows) - 1, round(4.0 * seconds / period))
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) * period / seconds) ** 2)
    size = len(rows) + len(window) - 1
    size = 1 << (size - 1).bit_length()
    spectrum = np.fft.rfft(window, size)
    padded = np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
    summed = np.fft.irfft(np.fft.rfft(padded, size, axis=0) * spectrum[:, None], size, axis=0)
    summed = summed[reach : reach + len(rows)]
    return np.asarray(summed[:, :-1] / summed[:, -1:])


def _quaternions(vectors: Numbers) -> Numbers:
    """Rotation vectors (T, 3) in radians as unit quaternions."""
    angle = np.linalg.norm(vectors, axis=1)
    share = np.where(angle > _SMALL, np.sin(angle / 2) / np.maximum(angle, _SMALL), 0.5)
    return np.column_stack([np.cos(angle / 2), vectors * share[:, None]])


def _multiply(first: Numbers, second: Numbers) -> Numbers:
    """Hamilton products, row by row."""
    w, v = first[:, :1], first[:, 1:]
    s, u = second[:, :1], second[:, 1:]
    scalar = w * s - np.sum(v * u, axis=1, keepdims=True)
    return np.concatenate([scalar, w * u + s * v + _crossed(v, u)], axis=1)


def _products(quaternions: Numbers) -> Numbers:
    """All products from the beginning to each row, in log2(T) passes (Hillis and Steele, 1986)."""
    out = quaternions.copy()
    stride = 1
    while stride < len(out):
        out[stride:] = _multiply(out[:-stride].copy(), out[stride:])
        stride *= 2
    return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True))


def _conjugate(quaternions: Numbers) -> Numbers:
    return np.asarray(quaternions * np.array([1.0, -1.0, -1.0, -1.0]))


def _turned(quaternions: Numbers, vectors: Numbers) -> Numbers:
    """Vectors turned by quaternions, row by row: v + 2 q x (q x v + w v)."""
    w, q = quaternions[:, :1], quaternions[:, 1:]
    return np.asarray(vectors + 2.0 * _crossed(q, _crossed(q, vectors) + w * vectors))


def _crossed(first: Numbers, second: Numbers) -> Numbers:
    """Cross products of vectors (T, 3), row by row, in a fifth of numpy's time."""
    a, b, c = first.T
    x, y, z = second.T
    return np.stack((b * z - c * y, c * x - a * z, a * y - b * x), axis=1)
