"""Clouds of places alone as functions: one product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from syncaug.backends import opencv
from syncaug.backends.moving import moved_rows
from syncaug.maps.numbers import as_rows
from syncaug.maps.plane import PlaneMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.flat import FlatLane
from syncaug.modalities.floats import SQUARES

if TYPE_CHECKING:
    from syncaug.modalities.world.cloud_rules import CloudRules

__all__ = ["FLOATS", "flat_cloud", "is_tame"]

FLOATS = frozenset(map(np.dtype, (np.float32, np.float64)))
"""The dtypes of clouds."""
_TAME = 1e3
"""The greatest number of a world map that cannot make what was admitted overflow, even cubed."""


def is_tame(world: WorldMap) -> bool:
    """Whether a map cannot make points that were admitted overflow."""
    numbers = world.numbers
    return min(numbers) >= -_TAME and max(numbers) <= _TAME


def flat_cloud(rules: CloudRules) -> FlatLane | None:
    """The functions of clouds; None where they hold moments or colours, or have poses beside."""
    if rules.lists.keys or rules.posed or rules.time_at >= 0 or rules.coloured or rules.shiny:
        return None
    layout = rules.layout
    width = len(layout.names)
    bare = layout.names == ("x", "y", "z")

    def admits(value: Any) -> bool:
        most = SQUARES.get(value.dtype)
        return (
            most is not None
            and value.ndim == 2
            and value.shape[1] == width
            and float(np.vdot(value, value)) <= most
        )

    def carry(
        value: Any, plane: PlaneMap | None, tone: ToneMap | None, world: WorldMap | None
    ) -> Any:
        if world is None:
            return value
        numbers = world.numbers
        if min(numbers) < -_TAME or max(numbers) > _TAME:
            return None
        if bare:
            return opencv.transform_points(value, as_rows(numbers))
        return moved_rows(value, layout, world)

    return FlatLane(np.ndarray, admits, carry)
