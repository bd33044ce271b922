"""Frames of formats whose packets count only when they are decoded (AVI).

Each packet takes one slot of 1 / rate seconds; a slot without a packet, or with one of no bytes,
says "show the frame before again". Source: Microsoft, AVI RIFF File Reference, dropped frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.containers import decoding, open_container, pick

__all__ = ["slots_of_frames", "slots_until"]

_GUESSED = frozenset({"h264", "hevc"})
"""Codecs whose order of pictures no demuxer of such a format knows: the decoder is asked."""

_TAIL = 10.0
"""Seconds of repeats after the last packet that a header is believed."""


def slots_of_frames(
    path: Path, stream: Any, decoded: Sequence[int], shown: Sequence[int | None], expected: str
) -> NDArray[np.int64]:
    """The slot in which each frame is first shown, in the order in which frames are shown.

    `decoded` are the slots of the packets, `shown` the times that the demuxer guesses. Empty where
    the slots do not grow, so that frames can only be counted. Raises FileProblem.
    """
    slots = np.array(decoded, dtype=np.int64)
    if not len(slots) or (np.diff(slots) <= 0).any() or slots[0] < 0:
        return slots[:0]
    if np.array_equal(slots, np.arange(slots[0], slots[0] + len(slots))):
        return slots
    known = [moment for moment in shown if moment is not None]
    reordered = any(later < earlier for earlier, later in pairwise(known))
    delay = 0
    if reordered or stream.codec_context.name in _GUESSED:
        delay = min(_delay(path, stream, expected), len(slots) - 1)
    if delay:  # frame i is shown when packet i + delay arrives
        usual = max(1, round(float(np.median(np.diff(slots)))))
        # Encoders put the first packets as far ahead as the first pictures last. What is more is a
        # track that begins late: its first packet stands in the first slot nevertheless.
        lead = slots[delay] - slots[0]
        if len(slots) > 2 * delay:
            lead = min(lead, slots[2 * delay] - slots[delay])
        tail = slots[-1] + usual * (1 + np.arange(delay))
        shown_at: NDArray[np.int64] = np.concatenate([slots[delay:], tail]) - lead
        shown_at[0] = min(shown_at[0], slots[0])
        return shown_at
    return slots


def slots_until(stream: Any, last: int, rate: float) -> int:
    """The slot at which a track ends whose last packet stands in slot `last`."""
    said = stream.duration or 0
    return int(said) if last < said <= last + 1 + _TAIL * rate else last + 1


def _delay(path: Path, stream: Any, expected: str) -> int:
    """How many packets more than one the decoder needs before it gives the first frame."""
    with open_container(path, expected) as container, decoding(path, expected):
        number = [s.index for s in container.streams if s.type == "video"].index(stream.index)
        again = pick(path, container, "video", number)
        for fed, packet in enumerate(one for one in container.demux(again) if one.size):
            if packet.decode():
                return fed
    return 0
