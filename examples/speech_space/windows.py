"""Windows of clips as vectors: the mouth's pictures, and the voice at the same time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from examples.speech_space.clips import Clip

__all__ = ["SECONDS", "Table", "windows"]

SECONDS = 0.4
"""How long a window is; one begins at each frame."""
COSINES = 3
"""Slow movements inside of a window that are kept: its mean, its slope and its bend."""

Table = NDArray[np.float64]


def windows(clip: Clip) -> tuple[Table, Table]:
    """The windows of a clip: of the mouth (N, 288), and of the voice (N, 120).

    Brightness, and how much it changes from frame to frame; energies, and their slopes. Each is
    taken against its own mean over the clip, and as large as the others: so neither looks nor
    loudness tell who speaks.
    """
    mouth = clip.mouth.reshape(len(clip.mouth), -1)
    change = np.abs(np.diff(mouth, axis=0, prepend=mouth[:1]))
    length = round(SECONDS * clip.fps)
    if len(mouth) < 2 * length:
        raise SystemExit(f"{clip.key}: expected {2 * SECONDS} seconds or more of film and sound")
    seen = np.concatenate([_even(mouth), _even(change)], axis=1)
    heard = np.concatenate([_even(clip.voice), _even(np.gradient(clip.voice, axis=0))], axis=1)
    return _slow(seen, length), _slow(heard, length)


def _even(rows: Table) -> Table:
    """Rows without their mean, and with a mean square of 1 in all."""
    centred = rows - rows.mean(axis=0)
    spread = float(np.sqrt((centred**2).mean()))
    return centred / spread if spread > 0.0 else centred


def _slow(rows: Table, length: int) -> Table:
    """The first cosines in time of each window."""
    cut = np.lib.stride_tricks.sliding_window_view(rows, length, axis=0)
    slow = dct(cut, axis=2, norm="ortho")[:, :, :COSINES] / np.sqrt(length)
    return np.asarray(slow.reshape(len(cut), -1))
