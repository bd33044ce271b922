"""Rows of 3-D boxes as centres, sizes and rotations, and back, in the conventions of their stream.

A box's own axes are its heading, its left and its top. Its rotation has them as columns, in the
axes of the world; `turn` of identity is a box of yaw 0 in a world whose z is up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.rotation import (
    from_angles,
    from_quaternions,
    to_angles,
    to_quaternions,
    upright_axes,
)
from syncaug.plan.box_columns import BoxLayout, box_layout
from syncaug.plan.plan import Stream

__all__ = ["BoxForm", "Solids"]

Rows = NDArray[np.float64]


class Solids(NamedTuple):
    """Boxes as solids: centres (N, 3), length, width and height (N, 3), rotations (N, 3, 3)."""

    centres: Rows
    sizes: Rows
    turns: Rows


@dataclass(frozen=True, slots=True)
class BoxForm:
    """What the columns of a stream's boxes mean.

    `unit` is how many radians one unit of an angle is, negative where the yaw counts clockwise;
    `axes` (3, 3) are those of a yaw of 0; `bottom` says that x, y, z is the middle of the lowest
    face.
    """

    layout: BoxLayout
    unit: float
    clockwise: bool
    bottom: bool
    axes: Rows
    up: str

    @staticmethod
    def of(stream: Stream) -> BoxForm:
        """The conventions that a stream declares."""
        options = stream.options
        layout, up = box_layout(options), str(options.get("up", "z"))
        way = options.get("direction")
        if way is None:  # an angle about a named axis goes by the right hand
            clockwise = bool(layout.about) and up.startswith("-")
        else:
            clockwise = way == "clockwise"
        return BoxForm(
            layout=layout,
            unit=np.pi / 180.0 if options.get("yaw") == "degrees" else 1.0,
            clockwise=clockwise,
            bottom=options.get("origin") == "bottom",
            axes=upright_axes(up),
            up=up,
        )

    def read(self, rows: Rows) -> Solids:
        """The solids of rows (N, C)."""
        layout = self.layout
        sizes = rows[:, layout.size]
        if layout.quaternion:
            turns = from_quaternions(rows[:, layout.quaternion]) @ self.axes
        else:
            angles = (rows[:, layout.angles] * self.unit).T
            if self.clockwise:
                angles[0] *= -1.0
            turns = self.axes @ from_angles(*angles)
        centres = rows[:, layout.place]
        if self.bottom:
            centres = centres + _up(turns, sizes)
        return Solids(centres, sizes, turns)

    def write(self, rows: Rows, solids: Solids) -> Rows:
        """Rows like those that came, with the places, sizes and rotations of solids."""
        layout, out = self.layout, rows.copy()
        centres = solids.centres
        out[:, layout.place] = centres - _up(solids.turns, solids.sizes) if self.bottom else centres
        out[:, layout.size] = solids.sizes
        if layout.quaternion:
            out[:, layout.quaternion] = to_quaternions(solids.turns @ self.axes.T)
            return out
        angles = np.stack(to_angles(self.axes.T @ solids.turns), axis=1)[:, : len(layout.angles)]
        if self.clockwise:
            angles[:, 0] *= -1.0
        out[:, layout.angles] = angles / self.unit
        return out

    def upright(self, solids: Solids) -> Rows:
        """The smallest upright boxes (N, 7) around solids that keep their headings, with z up."""
        turns = self.axes.T @ solids.turns
        yaw = np.arctan2(turns[:, 1, 0], turns[:, 0, 0])
        own = from_angles(yaw).transpose(0, 2, 1) @ turns
        sizes = (np.abs(own) @ solids.sizes[:, :, None])[:, :, 0]
        return np.hstack([solids.centres @ self.axes, sizes, yaw[:, None]])


def _up(turns: Rows, sizes: Rows) -> Rows:
    """From the middle of the lowest face to the centre."""
    return turns[:, :, 2] * (sizes[:, 2:] / 2.0)
