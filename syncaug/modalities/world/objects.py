"""The 3-D objects of two worlds: what a transform that inserts some may know of them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.oriented import in_box
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.world.box3d_table import corners_of
from syncaug.modalities.world.boxes3d import Boxes3dCarrier
from syncaug.modalities.world.points import PointsCarrier
from syncaug.transforms.view import Objects

__all__ = ["objects_of"]

_GROUND = 1.0
"""The percentile of heights that counts as the ground: a few stray points lie below it."""


def objects_of(own: Mapping[str, Carrier], partner: Mapping[str, Carrier], world: str) -> Objects:
    """The boxes of a world in two samples, their points, and where the ground and its ends are."""
    boxes, others = _boxes(own, world), _boxes(partner, world)
    cloud, other = _points(own, world), _points(partner, world)
    counts = np.full(len(others), math.inf)
    if other is not None:
        counts = np.array([float(in_box(other, box).sum()) for box in others])
    spread = cloud if cloud is not None else corners_of(boxes).reshape(-1, 3)
    flat, extent = spread[:, :2], None
    if len(flat):
        extent = np.stack([flat.min(axis=0), flat.max(axis=0)])
    ground = None
    if cloud is not None and other is not None and len(cloud) and len(other):
        ground = _ground(cloud), _ground(other)
    return Objects(boxes, others, counts, extent, ground)


def _ground(points: NDArray[np.float64]) -> float:
    return float(np.percentile(points[:, 2], _GROUND))


def _boxes(carriers: Mapping[str, Carrier], world: str) -> NDArray[np.float64]:
    found = [np.empty((0, 7))]
    for carrier in carriers.values():
        if isinstance(carrier, Boxes3dCarrier) and carrier.stream.spaces["world"] == world:
            carrier.settle()
            found.append(carrier.boxes)
    return np.concatenate(found)


def _points(carriers: Mapping[str, Carrier], world: str) -> NDArray[np.float64] | None:
    found = []
    for carrier in carriers.values():
        if isinstance(carrier, PointsCarrier) and carrier.stream.spaces["world"] == world:
            carrier.settle()
            found.append(carrier.places)
    return np.concatenate(found) if found else None
