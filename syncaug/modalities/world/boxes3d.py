"""3-D boxes: (x, y, z, dx, dy, dz, yaw), upright in a world whose z axis points up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.maps.mask import Drop
from syncaug.maps.mix import Mix
from syncaug.maps.oriented import in_box
from syncaug.maps.plane import Size
from syncaug.maps.world import Frustum, WorldMap
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.carrier import Carrier, describe, in_dtype, listed
from syncaug.modalities.pairs import note_mix
from syncaug.modalities.units import suspect_boxes
from syncaug.modalities.world.points import PointsCarrier

__all__ = ["Boxes3dCarrier", "corners_of"]

_CORNERS = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
_UPRIGHT = 1e-3
_DROP_HINT = "Declare invalid: drop if such rows may go, with their labels."
_COLUMNS_HINT = (
    "Give boxes[:, :7], with the yaw as column 6, and velocities beside it as a list of their own: "
    "labels: [velocity]."
)


class Boxes3dCarrier(Carrier):
    """Centres and sizes in metres, yaw in radians counterclockwise about +z, with their classes.

    `clouds` are the points of the same world, which tell what of a box a picture shows.
    """

    __slots__ = ("boxes", "clouds", "kept", "lists", "pending", "total")

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
        self.lists = ParallelLists.beside(self, len(boxes))
        self.total = len(boxes)
        self.kept = self._valid(boxes)
        self.boxes = boxes[self.kept]
        suspect_boxes(self, self.boxes)
        return value

    def _valid(self, boxes: NDArray[np.float64]) -> NDArray[np.int64]:
        """The rows that are boxes: all, or those that `invalid: drop` leaves."""
        finite = np.isfinite(boxes).all(axis=1)
        with np.errstate(invalid="ignore"):
            sized = (boxes[:, 3:6] > 0).all(axis=1)
        if self.stream.options.get("invalid") == "drop":
            return np.flatnonzero(finite & sized)
        if not finite.all():
            came = f"NaN or infinity in box {int(np.argmin(finite))}"
            raise self.fail("finite numbers", came, _DROP_HINT)
        if not sized.all():
            raise self.fail("sizes above 0", f"box {int(np.argmin(sized))}", _DROP_HINT)
        return np.arange(len(boxes))

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        world = self.stream.spaces["world"]
        self.clouds = [
            cloud
            for cloud in carriers.values()
            if isinstance(cloud, PointsCarrier) and cloud.stream.spaces["world"] == world
        ]

    def world(self, world: WorldMap) -> None:
        self.pending = world if self.pending is None else self.pending.then(world)

    def settle(self) -> None:
        if self.pending is None:
            return
        world, self.pending = self.pending, None
        linear = world.matrix[:3, :3] / world.scale
        if abs(linear[0, 2]) + abs(linear[1, 2]) > _UPRIGHT:
            raise RefusalError(
                self.stream.name, "the turn tilts the vertical axis; these boxes only have a yaw"
            )
        if world.mirrors and (sides := Sides.of(self.stream.options)).swaps:
            self.lists = self.lists.mirrored(sides)
        if self.lists:
            turned = not np.allclose(world.matrix[:3, :3], np.eye(3), atol=1e-12)
            self.lists = self.lists.turned(world.matrix[:3, :3]) if turned else self.lists
            self.lists.suspect_places(self, turned=turned)
        moved = self.boxes.copy()
        moved[:, :3] = self.boxes[:, :3] @ world.matrix[:3, :3].T + world.matrix[:3, 3]
        moved[:, 3:6] *= world.scale
        heading = (
            np.stack([np.cos(self.boxes[:, 6]), np.sin(self.boxes[:, 6])], axis=1)
            @ linear[:2, :2].T
        )
        moved[:, 6] = np.arctan2(heading[:, 1], heading[:, 0])
        self.boxes = moved

    def side_names(self) -> Iterable[str]:
        return self.lists.texts()

    def drop(self, drop: Drop) -> None:
        """No box is left, nor its class."""
        self.settle()
        self.boxes, self.kept = self.boxes[:0], self.kept[:0]

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
        self.boxes, self.kept = self.boxes[seen], self.kept[seen]

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Take in the partner's boxes where they were placed, with their classes."""
        assert isinstance(partner, Boxes3dCarrier)
        gone = sorted(set(range(self.total)) - set(self.kept.tolist()))
        if gone:
            self.notes["dropped"] = gone
        came = [placed.index for placed in mix.placed]
        theirs = partner.lists.taken(partner.kept[came])
        self.lists = self.lists.taken(self.kept).joined(theirs)
        boxes = [np.array(placed.box) for placed in mix.placed]
        self.boxes = np.concatenate([self.boxes, np.array(boxes).reshape(-1, 7)])
        self.kept = np.arange(len(self.boxes))
        self.total = len(self.boxes)
        note_mix(self.notes, mix)

    def finish(self) -> dict[str, Any]:
        self.settle()
        if len(self.kept) < self.total:
            self.notes["dropped"] = sorted(set(range(self.total)) - set(self.kept.tolist()))
        array = isinstance(self.data, np.ndarray)
        return {
            self.stream.name: in_dtype(self.boxes, self.data.dtype)
            if array
            else listed(self.boxes, self.data),
            **self.lists.taken(self.kept).lists,
        }

    @property
    def labels(self) -> Any:
        """The list that says what the boxes hold, if there is one."""
        return self.lists.names


def corners_of(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The eight corners (N, 8, 3) of boxes (N, 7)."""
    local = _CORNERS * boxes[:, None, 3:6]
    out = np.empty_like(local)
    for index, yaw in enumerate(boxes[:, 6]):
        cosine, sine = math.cos(yaw), math.sin(yaw)
        turn = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
        out[index] = local[index] @ turn.T + boxes[index, :3]
    return out
