"""Robots on the timeline: a lane for each group of columns, drawn as curves of its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from syncaug.report.figures import Lane, Shape

__all__ = ["robot_lanes"]

_POINTS = 300
_MOST = 6
"""Colours of curves; more columns than these begin with the first again."""


def robot_lanes(carrier: Any, length: float) -> Iterator[Lane]:
    """A lane for each group of a state or an action; all curves of a lane are on one scale."""
    seconds = carrier.clock_duration() or 0.0
    width = 300.0 * seconds / length
    step = max(1, math.ceil(len(carrier.total) / _POINTS))
    for group in carrier.rules.layout.groups:
        values = carrier.total[::step, group.columns]
        top = float(np.abs(values).max(initial=0.0)) or 1.0
        levels = 20.0 - 19.0 * values / top
        across = np.linspace(0.0, width, len(values))
        curves = []
        for column in range(values.shape[1]):
            points = (f"{x:.1f},{y:.1f}" for x, y in zip(across, levels[:, column], strict=True))
            curves.append(Shape("M" + "L".join(points), column % _MOST))
        yield Lane(f"{carrier.stream.name}: {group.name}", curves=tuple(curves))
