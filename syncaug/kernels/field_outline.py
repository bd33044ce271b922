"""Outlines under a field: enough points along the edges, each where the field shows it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.field_lookup import follow_field
from syncaug.kernels.polygon import edges
from syncaug.kernels.rings import Ring, Rings, clipped, following
from syncaug.maps.lens_map import LensMap
from syncaug.maps.plane import FieldMap

__all__ = ["warped"]

_STEP = 2.0
"""Pixels between the points of an outline: an edge follows the bends of a field."""
_BEYOND = 8
"""Pixels around the target in which an outline that leaves it is still followed."""


def warped(rings: Rings, field: FieldMap) -> Rings:
    """Rings where a field shows them, cut at the edges of the target.

    Beyond its edges the field goes on as it came, so that an outline leaves the picture where its
    edge does; what lies farther away keeps the direction of the last place that was found.
    """
    if isinstance(field, LensMap):  # which tells exactly, beyond its edges too
        straight = (field.points(_dense(ring)) for ring in rings)
        known = (ring[np.isfinite(ring).all(axis=1)] for ring in straight)
        return clipped(tuple(ring for ring in known if len(ring) > 2), edges(field.size))
    wide = _extended(field)
    moved = (_moved(_dense(ring), wide, field) for ring in rings)
    return clipped(tuple(ring for ring in moved if len(ring) > 2), edges(field.size))


def _extended(field: FieldMap) -> FieldMap:
    """The field with some more pixels on each side, whose sources go on as they came."""
    height, width = field.valid.shape
    beyond = min(_BEYOND, height - 1, width - 1)
    around = ((beyond, beyond), (beyond, beyond))
    places = np.pad(field.field, (*around, (0, 0)), mode="reflect", reflect_type="odd")
    return FieldMap(places, np.pad(field.valid, around, mode="edge"), field.source)


def _dense(ring: Ring) -> Ring:
    """The ring with points on its edges, none farther from the next than a step."""
    ends = following(ring)
    lengths = np.linalg.norm(ends - ring, axis=1)
    counts = np.maximum(1, np.ceil(lengths / _STEP)).astype(int)
    which = np.repeat(np.arange(len(ring)), counts)
    share = (np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[which]
    dense: Ring = ring[which] + (ends[which] - ring[which]) * share[:, None]
    return dense


def _moved(ring: Ring, wide: FieldMap, field: FieldMap) -> Ring:
    """Where the points of a ring lie under a field; of a ring that is not seen nothing."""
    beyond = (wide.size[0] - field.size[0]) // 2
    places = follow_field(wide, ring) - beyond
    found: NDArray[np.bool_] = np.all(np.isfinite(places), axis=1)
    if not found.any():
        return ring[:0]
    if found.all():
        return places
    last = np.maximum.accumulate(np.where(found, np.arange(len(ring)), -1))
    last[last < 0] = found.nonzero()[0][-1]  # a ring has no first point
    lost = ~found
    on = ring[lost] + (places[last] - ring[last])[lost]
    inside: NDArray[np.bool_] = np.all((on > -0.5) & (on < np.array(field.size) - 0.5), axis=1)
    places[lost] = np.where(inside[:, None], places[last][lost], on)
    return places
