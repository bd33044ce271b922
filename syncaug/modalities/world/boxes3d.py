"""3-D boxes: (x, y, z, dx, dy, dz, yaw), upright in a world whose z axis points up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.maps.mask import Drop
from syncaug.maps.mix import Mix
from syncaug.maps.oriented import in_box
from syncaug.maps.plane import Size
from syncaug.maps.world import Frustum, WorldMap
from syncaug.modalities.annotations.list_rules import ListRules
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.carrier import Carrier, describe, in_dtype, listed
from syncaug.modalities.pairs import note_mix
from syncaug.modalities.units import suspect_boxes
from syncaug.modalities.world.box3d_table import Box3dTable, chosen, corners_of, moved
from syncaug.modalities.world.points import PointsCarrier
from syncaug.plan.plan import Stream

__all__ = ["Boxes3dCarrier"]

_UPRIGHT = 1e-3
_DROP_HINT = "Declare invalid: drop if such rows may go, with their labels."
_COLUMNS_HINT = (
    "Give boxes[:, :7], with the yaw as column 6, and velocities beside it as a list of their own: "
    "labels: [velocity]."
)


@dataclass(frozen=True, slots=True)
class Box3dRules:
    """`drops_invalid`: whether rows that are no boxes go with their labels, or are refused."""

    drops_invalid: bool
    sides: Sides
    lists: ListRules


class Boxes3dCarrier(Carrier):
    """Centres and sizes in metres, yaw in radians counterclockwise about +z, with their classes.

    `table` is what is known of the boxes. `clouds` are the points of the same world, which tell
    what of a box a picture shows.
    """

    __slots__ = ("clouds", "lists", "pending", "table")
    rules: Box3dRules

    @classmethod
    def rules_of(cls, stream: Stream) -> Box3dRules:
        drops_invalid = stream.options.get("invalid") == "drop"
        return Box3dRules(drops_invalid, Sides.of(stream.options), ListRules.of(stream))

    def read(self, value: Any) -> Any:
        self.pending: WorldMap | None = None
        self.clouds: list[PointsCarrier] = []
        try:
            boxes = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise self.fail("3-D boxes of shape Nx7", describe(value)) from None
        if boxes.size == 0:
            boxes = boxes.reshape(0, 7)
        if boxes.ndim != 2 or boxes.shape[1] != 7:
            hint = _COLUMNS_HINT if boxes.ndim == 2 and boxes.shape[1] > 7 else ""
            form = "3-D boxes of shape Nx7: x, y, z, dx, dy, dz, yaw"
            raise self.fail(form, describe(value), hint)
        self.lists = ParallelLists.beside(self, len(boxes), self.rules.lists)
        every = Box3dTable(boxes, np.arange(len(boxes)), len(boxes))
        self.table = chosen(every, self._valid(boxes))
        suspect_boxes(self, self.boxes)
        return value

    def _valid(self, boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which rows are boxes: all, unless `invalid: drop` lets others go."""
        finite: NDArray[np.bool_] = np.all(np.isfinite(boxes), axis=1)
        with np.errstate(invalid="ignore"):
            sized: NDArray[np.bool_] = np.all(boxes[:, 3:6] > 0, axis=1)
        if not self.rules.drops_invalid and not finite.all():
            came = f"NaN or infinity in box {int(np.argmin(finite))}"
            raise self.fail("finite numbers", came, _DROP_HINT)
        if not self.rules.drops_invalid and not sized.all():
            raise self.fail("sizes above 0", f"box {int(np.argmin(sized))}", _DROP_HINT)
        return finite & sized

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        world = self.stream.spaces["world"]
        self.clouds = [
            cloud
            for cloud in carriers.values()
            if isinstance(cloud, PointsCarrier) and cloud.stream.spaces["world"] == world
        ]

    @property
    def boxes(self) -> NDArray[np.float64]:
        """The boxes (N, 7) that are left."""
        return self.table.boxes

    @property
    def labels(self) -> Any:
        """The list that says what the boxes hold, if there is one."""
        return self.lists.names

    def side_names(self) -> Iterable[str]:
        return self.lists.texts()

    def world(self, world: WorldMap) -> None:
        self.pending = world if self.pending is None else self.pending.then(world)

    def settle(self) -> None:
        if self.pending is None:
            return
        world, self.pending = self.pending, None
        if (abs(world.numbers[2]) + abs(world.numbers[6])) / world.scale > _UPRIGHT:
            raise RefusalError(
                self.stream.name, "the turn tilts the vertical axis; these boxes only have a yaw"
            )
        if world.mirrors:
            self.lists = self.lists.mirrored(self.rules.sides)
        if self.lists:
            turned = not np.allclose(world.matrix[:3, :3], np.eye(3), atol=1e-12)
            self.lists = self.lists.turned(world.matrix[:3, :3]) if turned else self.lists
            self.lists.suspect_places(self, turned=turned)
        self.table = moved(self.table, world)

    def drop(self, drop: Drop) -> None:
        """No box is left, nor its class."""
        self.settle()
        self.table = chosen(self.table, np.zeros(len(self.boxes), bool))

    def frustum(self, frustum: Frustum) -> None:
        """Keep the boxes of which the centre, a corner or a point that was measured is seen."""
        self.settle()
        if len(self.boxes) == 0:
            return
        probes = np.concatenate([self.boxes[:, None, :3], corners_of(self.boxes)], axis=1)
        shown = frustum.contains(probes.reshape(-1, 3)).reshape(len(self.boxes), -1)
        seen: NDArray[np.bool_] = np.any(shown, axis=1)
        for cloud in self.clouds:
            if seen.all():
                break
            cloud.settle()
            places = cloud.places[frustum.contains(cloud.places)]
            for index in np.flatnonzero(~seen).tolist():
                seen[index] = in_box(places, self.boxes[index]).any()
        self.table = chosen(self.table, seen)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Take in the partner's boxes where they were placed, with their classes."""
        assert isinstance(partner, Boxes3dCarrier)
        if gone := self.table.gone:
            self.notes["dropped"] = gone
        came = [placed.index for placed in mix.placed]
        theirs = partner.lists.taken(partner.table.kept[came])
        self.lists = self.lists.taken(self.table.kept).joined(theirs)
        placed_boxes = np.array([placed.box for placed in mix.placed]).reshape(-1, 7)
        boxes = np.concatenate([self.boxes, placed_boxes])
        self.table = Box3dTable(boxes, np.arange(len(boxes)), len(boxes))
        note_mix(self.notes, mix)

    def finish(self) -> dict[str, Any]:
        self.settle()
        if gone := self.table.gone:
            self.notes["dropped"] = gone
        array = isinstance(self.data, np.ndarray)
        return {
            self.stream.name: in_dtype(self.boxes, self.data.dtype)
            if array
            else listed(self.boxes, self.data),
            **self.lists.taken(self.table.kept).lists,
        }
