"""What is known of a world's 3-D boxes, as a frozen table; each change gives a new one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.numbers import IDENTITY, linear_part
from syncaug.maps.world import WorldMap
from syncaug.modalities.world.box3d_forms import BoxForm, Solids

__all__ = [
    "Box3dTable",
    "TiltedError",
    "chosen",
    "corners_of",
    "is_tilted",
    "moved",
    "moved_solids",
]

Rows = NDArray[np.float64]
"""Rows (N, C) in the columns of their stream."""

_CORNERS = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
_UPRIGHT = 1e-3
"""The sine of the angle by which a map may tilt what only turns about the vertical axis."""
_OTHER_HAND = np.array([1.0, -1.0, 1.0])
_ON_ITS_FEET = np.array([1.0, -1.0, -1.0])


class TiltedError(ValueError):
    """A map tilts what the columns of the boxes cannot say tilted."""


@dataclass(frozen=True, slots=True)
class Box3dTable:
    """The boxes that are left of the `total` that were counted last: that came, or that a mix gave.

    `rows` (N, C) are theirs in the columns of `form`; `kept` (N,) is for each its place among the
    counted.
    """

    form: BoxForm
    rows: Rows
    kept: NDArray[np.intp]
    total: int

    @property
    def solids(self) -> Solids:
        """The boxes as centres, sizes and rotations."""
        return self.form.read(self.rows)

    @property
    def gone(self) -> list[int]:
        """The counted boxes that are not left, in their order."""
        gone = np.ones(self.total, dtype=bool)
        gone[self.kept] = False
        return gone.nonzero()[0].tolist()


def chosen(table: Box3dTable, stays: NDArray[np.bool_]) -> Box3dTable:
    """The boxes that stay."""
    return replace(table, rows=table.rows[stays], kept=table.kept[stays])


def moved(table: Box3dTable, world: WorldMap) -> Box3dTable:
    """The boxes under a map. Raises TiltedError where their columns cannot say how they lie."""
    form = table.form
    if linear_part(world.numbers) == IDENTITY:
        return replace(table, rows=_shifted(table, world))
    if not form.layout.turns_freely:
        _require_upright(form, world)
    rows = form.write(table.rows, moved_solids(table.solids, world, form))
    for beside in form.layout.vectors:
        columns, kind = list(beside.vector.columns), beside.vector.kind
        linear = world.matrix[:3, :3] * world.scale ** (kind.world - 1)
        _require_flat(form, linear, beside.axes, columns)
        axes = list(beside.axes)
        rows[:, columns] = table.rows[:, columns] @ linear[np.ix_(axes, axes)].T
        if kind.placed:
            rows[:, columns] += world.matrix[axes, 3]
    for column, (power, _) in form.layout.scalars:
        rows[:, column] *= world.scale**power
    return replace(table, rows=rows)


def _shifted(table: Box3dTable, world: WorldMap) -> Rows:
    """Rows under a map that only shifts: all but places stay, to the last bit."""
    layout, rows = table.form.layout, table.rows.copy()
    rows[:, layout.place] += world.matrix[:3, 3]
    for beside in layout.vectors:
        if beside.vector.kind.placed:
            rows[:, list(beside.vector.columns)] += world.matrix[list(beside.axes), 3]
    return rows


def moved_solids(solids: Solids, world: WorldMap, form: BoxForm) -> Solids:
    """Solids under a map. A mirror leaves their heading and their top what they were.

    A box is its own mirror image: its left, which a mirror would make a right, is its other side.
    Where boxes can only stand, one that a mirror has put on its head is set upright again.
    """
    matrix, scale = world.matrix, world.scale
    turns = matrix[:3, :3] / scale @ solids.turns
    if world.mirrors:
        turns = turns * _OTHER_HAND
    if not form.layout.turns_freely:
        fallen = turns[:, :, 2] @ form.axes[:, 2] < 0.0
        turns = np.where(fallen[:, None, None], turns * _ON_ITS_FEET, turns)
    centres = solids.centres @ matrix[:3, :3].T + matrix[:3, 3]
    return Solids(centres, solids.sizes * scale, turns)


def corners_of(solids: Solids) -> NDArray[np.float64]:
    """The eight corners (N, 8, 3) of solids."""
    local = _CORNERS * solids.sizes[:, None]
    out: NDArray[np.float64] = local @ solids.turns.transpose(0, 2, 1) + solids.centres[:, None]
    return out


def is_tilted(form: BoxForm, world: WorldMap) -> bool:
    """Whether a map tilts the vertical axis; to turn it upside down does not."""
    vertical = form.axes[:, 2]
    up = world.matrix[:3, :3] @ vertical / world.scale
    return bool(np.abs(up - vertical * (up @ vertical)).max() > _UPRIGHT)


def _require_upright(form: BoxForm, world: WorldMap) -> None:
    if is_tilted(form, world):
        raise TiltedError("the turn tilts the vertical axis; these boxes only have a yaw")


def _require_flat(
    form: BoxForm, linear: NDArray[np.float64], axes: tuple[int, ...], columns: list[int]
) -> None:
    absent = [axis for axis in range(3) if axis not in axes]
    size = np.abs(linear).max()
    if absent and np.abs(linear[np.ix_(absent, list(axes))]).max() > _UPRIGHT * size:
        names = ", ".join(form.layout.names[column] for column in columns)
        raise TiltedError(
            f"the turn takes {names} out of their plane, and they have no "
            f"{' and '.join('xyz'[axis] for axis in absent)} component"
        )
