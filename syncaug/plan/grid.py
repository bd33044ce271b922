"""Where the cells of a map on the ground lie: its axes, its extent, and the size of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["CENTRE", "Grid", "grid_of", "ground_axes"]

CENTRE = "centre"
"""The `origin:` that puts the world's origin into the middle of the map."""
_ALL = "xyz"


@dataclass(frozen=True, slots=True)
class Grid:
    """What is declared of a map on the ground.

    `rows` and `columns` are the axis of the world (0, 1, 2) along which rows and columns of the
    array go, each with its sign. `extent` has least and greatest of the two axes of the ground, in
    the order x, y, z; or `corner` the place of the outer corner of the first cell, along rows and
    columns, or nothing where the world's origin is in the middle.
    """

    rows: tuple[int, float]
    columns: tuple[int, float]
    up: int
    resolution: float | None
    extent: tuple[float, float, float, float] | None
    corner: tuple[float, float] | None

    def cells(self, size: tuple[int, int]) -> tuple[tuple[float, float], tuple[float, float]]:
        """For rows and for columns of a map of (height, width): place of the first, and step.

        Places are metres along the axis and count from the first cell's outer edge.
        """
        out = []
        ground = sorted((self.rows[0], self.columns[0]))
        for index, (axis, sign) in enumerate((self.rows, self.columns)):
            count = size[index]
            if self.extent is not None:
                low, high = (self.extent[ground.index(axis) + end] for end in (0, 2))
                step = (high - low) / count
                out.append((low if sign > 0 else high, sign * step))
                continue
            assert self.resolution is not None
            first = -sign * count * self.resolution / 2.0
            if self.corner is not None:
                first = self.corner[ground.index(axis)]
            out.append((first, sign * self.resolution))
        return out[0], out[1]

    def fits(self, size: tuple[int, int]) -> tuple[int, int] | None:
        """The (height, width) that extent and resolution ask for, where a map has another."""
        if self.extent is None or self.resolution is None:
            return None
        ground = sorted((self.rows[0], self.columns[0]))
        wanted = []
        for axis, _ in (self.rows, self.columns):
            low, high = (self.extent[ground.index(axis) + end] for end in (0, 2))
            wanted.append(round((high - low) / self.resolution))
        found = (wanted[0], wanted[1])
        return None if found == size else found


def ground_axes(up: str) -> str:
    """The two axes of the ground, where `up` names the vertical one."""
    return _ALL.replace(up[-1], "")


def grid_of(options: Mapping[str, Any]) -> Grid:
    """The grid of a stream whose options have been checked."""
    up = _ALL.index(str(options.get("up", "z"))[-1])
    rows, columns = (_signed(axis) for axis in options["axes"])
    extent, origin, resolution = (options.get(key) for key in ("range", "origin", "resolution"))
    if extent is not None and len(extent) == 6:  # with heights
        ground = [axis for axis in range(3) if axis != up]
        extent = [extent[end + axis] for end in (0, 3) for axis in ground]
    corner = None if origin in (None, CENTRE) else (float(origin[0]), float(origin[1]))
    return Grid(
        rows,
        columns,
        up,
        None if resolution is None else float(resolution),
        None if extent is None else tuple(map(float, extent)),  # type: ignore[arg-type]
        corner,
    )


def _signed(axis: str) -> tuple[int, float]:
    return _ALL.index(axis[-1]), -1.0 if axis.startswith("-") else 1.0
