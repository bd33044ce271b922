"""Maps on the ground of a world, as seen from above: they move with its points and boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.errors import RefusalError
from syncaug.maps.numbers import as_nine
from syncaug.maps.plane import PlaneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.carrier import describe
from syncaug.modalities.floats import all_finite
from syncaug.modalities.plane.raster import RasterCarrier, RasterRules
from syncaug.plan.grid import Grid, grid_of
from syncaug.plan.plan import Stream

__all__ = ["BevCarrier"]

_UPRIGHT = 1e-3
"""The sine of the angle by which a map may tilt the ground."""


@dataclass(frozen=True, slots=True)
class BevRules(RasterRules):
    """What the options of a map on the ground decide: its grid, and whether it holds heights."""

    grid: Grid
    heights: bool


class BevCarrier(RasterCarrier):
    """An HxW or HxWxC array whose cells stay where they are, while what they show moves.

    Whole numbers and booleans are classes and move by nearest neighbour; floats are interpolated,
    except where NaN among them marks holes. World maps wait and compose into one resampling.
    """

    __slots__ = ("moved",)
    rules: BevRules

    @classmethod
    def rules_of(cls, stream: Stream) -> BevRules:
        plain = RasterCarrier.rules_of(stream)
        return BevRules(
            channels_first=plain.channels_first,
            fill=plain.fill,
            channels="",
            sides=plain.sides,
            fitting=plain.fitting,
            plain=plain.plain,
            grid=grid_of(stream.options),
            heights=stream.options.get("holds") == "heights",
        )

    def read(self, value: Any) -> NDArray[Any]:
        self.moved: WorldMap | None = None
        picture = super().read(value)
        size = picture.shape[0], picture.shape[1]
        wanted = self.rules.grid.fits(size)
        if wanted is not None:
            raise self.fail(
                f"a map of {wanted[0]}x{wanted[1]} cells (rows by columns), as range: and "
                "resolution: say",
                f"{size[0]}x{size[1]}",
                "Leave resolution: out where range: says the edges of the map; declare layout: chw "
                "where channels come first.",
            )
        return picture

    def form(self) -> str:
        return "a map of shape HxW or HxWxC, of integers, booleans or floats"

    def levels(self, picture: NDArray[Any]) -> tuple[float, float]:
        if picture.dtype.kind == "f":
            most = float(np.finfo(picture.dtype).max)
            return -most, most
        return super().levels(picture)

    def validate(self, picture: NDArray[Any]) -> None:
        kind = picture.dtype.kind
        if kind not in "iubf":
            raise self.fail(self.form(), describe(picture))
        if self.rules.heights and kind != "f":
            raise self.fail("heights as floats, in metres", describe(picture))
        if kind == "f" and not all_finite(picture) and np.isinf(picture).any():
            raise self.fail("finite numbers, or NaN for holes", "infinity")
        if self.rules.sides.pairs and kind == "f":
            raise self.fail("integers, whose pairs sides: names", describe(picture))
        if self.rules.sides.pairs and kind in "iu":
            limits = np.iinfo(picture.dtype)
            for number in self.rules.sides.pairs:
                if not limits.min <= number <= limits.max:
                    expected = f"a type that holds {number}, which a pair of sides: names"
                    raise self.fail(expected, describe(picture))

    def world(self, world: WorldMap) -> None:
        self.moved = world if self.moved is None else self.moved.then(world)

    def settle(self) -> None:
        if self.moved is None:
            return
        world, self.moved = self.moved, None
        self._require_upright(world)
        height, width = self.data.shape[:2]
        self.pending = PlaneMap.plain(
            self._seen_from_above(world), (width, height), (width, height)
        )
        if self.rules.heights:
            up = self.rules.grid.up
            linear, shift = world.matrix[up, up], world.matrix[up, 3]
            self.data = (self.data * linear + shift).astype(self.data.dtype)
        super().settle()
        if world.mirrors and self.rules.sides.pairs:
            before, self.data = self.data, self.data.copy()
            for number, other in self.rules.sides.pairs.items():
                self.data[before == number] = other

    def warp(self, plane: PlaneMap) -> NDArray[Any]:
        exact = self.data.dtype.kind != "f" or bool(np.isnan(self.data).any())
        way = "nearest" if exact else "linear"
        if self.data.dtype == np.float16:
            wide = opencv.warp_map(self.data.astype(np.float32), plane, way, self.fill())
            return wide.astype(np.float16)
        return opencv.warp_map(self.data, plane, way, self.fill())

    def _require_upright(self, world: WorldMap) -> None:
        up = self.rules.grid.up
        beside = [axis for axis in range(3) if axis != up]
        if np.abs(world.matrix[beside, up]).max() > _UPRIGHT * world.scale:
            raise RefusalError(
                self.stream.name, "the turn tilts the ground; a map on it cannot follow"
            )

    def _seen_from_above(self, world: WorldMap) -> Any:
        """The map of pixels (column, row) to pixels that a world map is on the ground."""
        grid, (height, width) = self.rules.grid, self.data.shape[:2]
        down, across = grid.cells((height, width))
        axes = [grid.columns[0], grid.rows[0]]
        # Pixel centres lie on integers, half a cell from the outer edge of the first.
        places = np.array(
            [
                [across[1], 0.0, across[0] + across[1] / 2.0],
                [0.0, down[1], down[0] + down[1] / 2.0],
                [0.0, 0.0, 1.0],
            ]
        )
        ground = np.eye(3)
        ground[:2, :2] = world.matrix[np.ix_(axes, axes)]
        ground[:2, 2] = world.matrix[axes, 3]
        return as_nine(np.linalg.inv(places) @ ground @ places)
