"""The 3-D objects of two worlds: what a transform that inserts some may know of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.oriented import Solid, in_box
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.world.box3d_table import corners_of
from syncaug.modalities.world.boxes3d import Boxes3dCarrier
from syncaug.modalities.world.points import PointsCarrier
from syncaug.transforms.view import Objects

__all__ = ["objects_of"]

Floats = NDArray[np.float64]

_GROUND = 1.0
"""The percentile of heights that counts as the ground: a few stray points lie below it."""


def objects_of(own: Mapping[str, Carrier], partner: Mapping[str, Carrier], world: str) -> Objects:
    """The boxes of a world in two samples, their points, and where the ground and its ends are."""
    ours, theirs = _boxes(own, world), _boxes(partner, world)
    axes = ours[0].table.form.axes if ours else np.eye(3)
    cloud, other = _points(own, world), _points(partner, world)
    solids = [
        (boxes.stream.name, row, Solid(*(part[row] for part in boxes.table.solids)))
        for boxes in theirs
        for row in range(len(boxes.table.rows))
    ]
    counts = np.full(len(solids), math.inf)
    if other is not None:
        counts = np.array([float(in_box(other, solid).sum()) for _, _, solid in solids])
    corners = [corners_of(boxes.table.solids).reshape(-1, 3) for boxes in ours]
    spread = (cloud if cloud is not None else np.concatenate([np.empty((0, 3)), *corners])) @ axes
    flat, extent = spread[:, :2], None
    if len(flat):
        extent = np.stack([flat.min(axis=0), flat.max(axis=0)])
    ground = None
    if cloud is not None and other is not None and len(cloud) and len(other):
        ground = _ground(cloud @ axes), _ground(other @ axes)
    return Objects(_upright(ours), _upright(theirs), counts, extent, ground, axes, solids)


def _ground(points: Floats) -> float:
    return float(np.percentile(points[:, 2], _GROUND))


def _upright(boxes: Sequence[Boxes3dCarrier]) -> Floats:
    found = [carrier.table.form.upright(carrier.table.solids) for carrier in boxes]
    return np.concatenate([np.empty((0, 7)), *found])


def _boxes(carriers: Mapping[str, Carrier], world: str) -> list[Boxes3dCarrier]:
    found = []
    for carrier in carriers.values():
        if isinstance(carrier, Boxes3dCarrier) and carrier.stream.spaces["world"] == world:
            carrier.settle()
            found.append(carrier)
    return found


def _points(carriers: Mapping[str, Carrier], world: str) -> Floats | None:
    found = []
    for carrier in carriers.values():
        if isinstance(carrier, PointsCarrier) and carrier.stream.spaces["world"] == world:
            carrier.settle()
            found.append(carrier.places)
    return np.concatenate(found) if found else None
