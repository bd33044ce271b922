"""Tracing: the outlines of a mask along the edges of its pixels, holes too."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.rings import Ring, Rings
from syncaug.kernels.seams import linked

__all__ = ["traced"]


def traced(mask: NDArray[Any]) -> Rings:
    """Rings around the pixels of a mask (H, W) that are not 0; pixel centres lie on integers.

    Under the even-odd rule they surround exactly those pixels.
    """
    held = np.pad(mask != 0, 1)
    y, x = (held[:, 1:] != held[:, :-1]).nonzero()
    ends = [
        ((a, b), (a, b + 1.0)) for a, b in zip((x - 0.5).tolist(), (y - 1.5).tolist(), strict=True)
    ]
    y, x = (held[1:] != held[:-1]).nonzero()
    ends += [
        ((a, b), (a + 1.0, b)) for a, b in zip((x - 1.5).tolist(), (y - 0.5).tolist(), strict=True)
    ]
    return tuple(_cornered(np.array(ring)) for ring in linked([list(pair) for pair in ends]))


def _cornered(ring: Ring) -> Ring:
    """The ring without points between two others in a row or a column."""
    before, after = np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0)
    straight: NDArray[np.bool_] = ((before == ring) & (ring == after)).any(axis=1)
    return ring[~straight]
