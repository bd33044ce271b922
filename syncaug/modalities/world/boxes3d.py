"""3-D boxes in the columns that their stream declares: place, size, rotation, and vectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.maps.mask import Drop
from syncaug.maps.mix import Mix
from syncaug.maps.oriented import Solid, in_box
from syncaug.maps.plane import Size
from syncaug.maps.world import Frustum, WorldMap
from syncaug.modalities.annotations.list_rules import ListRules
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.rows import (
    Bools,
    Numbers,
    absent_rows,
    alive_at,
    gone_rows,
    spread,
)
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.conversion import batch_hint
from syncaug.modalities.own_form import in_dtype, listed, without_nan
from syncaug.modalities.pairs import note_mix
from syncaug.modalities.units import suspect_boxes, suspect_quaternions
from syncaug.modalities.world.box3d_forms import BoxForm, Solids
from syncaug.modalities.world.box3d_table import (
    Box3dTable,
    TiltedError,
    chosen,
    corners_of,
    is_tilted,
    moved,
)
from syncaug.modalities.world.ego_pose import EgoPose
from syncaug.modalities.world.points import PointsCarrier
from syncaug.plan.plan import Stream

__all__ = ["Boxes3dCarrier"]

_UNIT = 1e-2
"""By how much the length of a quaternion may differ from 1: what rounding to two digits does."""
_DROP_HINT = "Declare invalid: drop if such rows may go, with their labels."
_COLUMNS_HINT = (
    "Name each column: columns: [x, y, z, dx, dy, dz, yaw, vx, vy]. What is no part of the box, "
    "as scores and classes, needs a name too."
)


@dataclass(frozen=True, slots=True)
class Box3dRules:
    """`drops_invalid`: whether rows that are no boxes go with their labels, or are refused.

    `form` says what their columns mean. `lacks` says that a row may come without a box, because
    other streams of its group may hold it.
    """

    form: BoxForm
    drops_invalid: bool
    sides: Sides
    lists: ListRules
    lacks: bool = False


class Boxes3dCarrier(Carrier):
    """Rows (N, C) in metres and the declared unit of angles, with their classes.

    `table` is what is known of the boxes. `clouds` are the points of the same world, which tell
    what of a box a picture shows. `blind` is whether the stream was dropped, and
    `nulls` whether None stood among its numbers, which is NaN meanwhile. `ego` is the pose of the
    whole world, where the sample has one.
    """

    __slots__ = ("blind", "clouds", "ego", "lists", "nulls", "pending", "table")
    rules: Box3dRules

    @classmethod
    def rules_of(cls, stream: Stream) -> Box3dRules:
        drops_invalid = stream.options.get("invalid") == "drop"
        form = BoxForm.of(stream)
        sides, lists = Sides.of(stream.options), ListRules.of(stream)
        return Box3dRules(form, drops_invalid, sides, lists, stream.follows)

    def read(self, value: Any) -> Any:
        self.pending: WorldMap | None = None
        self.clouds: list[PointsCarrier] = []
        form = self.rules.form
        names = form.layout.names
        said = f"3-D boxes of shape Nx{len(names)}: {', '.join(names)}"
        self.blind, self.nulls = False, False
        self.ego = EgoPose.beside(self)
        if isinstance(value, list | tuple):
            self.nulls = any(None in row for row in value if isinstance(row, list | tuple))
        if self.rules.lacks:
            value = absent_rows(value, len(names))
        try:
            rows = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise self.fail(said, describe(value), _text_hint(value)) from None
        if rows.size == 0:
            rows = rows.reshape(0, len(names))
        if rows.ndim != 2 or rows.shape[1] != len(names):
            hint = _COLUMNS_HINT if rows.ndim == 2 else batch_hint(rows, 2)
            raise self.fail(said, describe(value), hint)
        self.lists = ParallelLists.beside(self, len(rows), self.rules.lists)
        every = Box3dTable(form, rows, np.arange(len(rows)), len(rows))
        self.table = chosen(every, self._valid(rows))
        suspect_boxes(self, self.table.rows[:, form.layout.size], self._radians())
        if form.layout.quaternion:
            suspect_quaternions(self, self.table.rows[:, form.layout.quaternion])
        return value

    def _valid(self, rows: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which rows are boxes: all, unless `invalid: drop` lets others go."""
        layout = self.rules.form.layout
        finite = np.isfinite(rows[:, layout.box]).all(axis=1)
        with np.errstate(invalid="ignore"):
            sized = (rows[:, layout.size] > 0).all(axis=1)
            length = np.linalg.norm(rows[:, layout.quaternion], axis=1)
            unit = np.abs(length - 1.0) <= _UNIT
        if not layout.quaternion:
            unit = np.ones(len(rows), dtype=bool)
        fine = finite & sized & unit
        if not self.rules.drops_invalid:
            if self.rules.lacks:
                absent = np.isnan(rows).all(axis=1)
                finite, sized, unit = finite | absent, sized | absent, unit | absent
            if not finite.all():
                came = f"NaN or infinity in box {int(np.argmin(finite))}"
                raise self.fail("finite numbers", came, _DROP_HINT)
            if not sized.all():
                index = int(np.argmin(sized))
                came = f"box {index}: {rows[index].round(3).tolist()}"
                raise self.fail("sizes above 0", came, _DROP_HINT)
            if not unit.all():
                index = int(np.argmin(unit))
                raise self.fail(
                    "quaternions of length 1",
                    f"length {length[index]:.4g} in box {index}",
                    "Divide each by its length, and check the order of columns:. " + _DROP_HINT,
                )
        return np.asarray(fine)

    def _radians(self) -> NDArray[np.float64]:
        """The yaws that are said to be radians, as they came; none where no column holds such."""
        form = self.rules.form
        if not form.layout.angles or form.unit != 1.0:
            return np.empty(0)
        return self.table.rows[:, form.layout.angles[0]]

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        world = self.stream.spaces["world"]
        self.clouds = [
            cloud
            for cloud in carriers.values()
            if isinstance(cloud, PointsCarrier) and cloud.stream.spaces["world"] == world
        ]

    @property
    def solids(self) -> Solids:
        """The boxes that are left, as centres, sizes and rotations."""
        return self.table.solids

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
        if world.mirrors:
            self.lists = self.lists.mirrored(self.rules.sides)
        if self.lists:
            turned = not np.allclose(world.matrix[:3, :3], np.eye(3), atol=1e-12)
            if turned:
                self._turn_lists(world)
            self.lists.suspect_places(self, turned=turned)
        self.ego = None if self.ego is None else self.ego.followed(world)
        try:
            self.table = moved(self.table, world)
        except TiltedError as error:
            raise RefusalError(self.stream.name, str(error)) from None

    def _turn_lists(self, world: WorldMap) -> None:
        """Let velocities beside the boxes follow; those of two components lie on the ground."""
        up = "xyz".index(self.rules.form.up[-1])
        ground = [axis for axis in range(3) if axis != up]
        if is_tilted(self.rules.form, world):
            key = self.lists.flat_velocities()
            if key:
                raise RefusalError(
                    self.stream.name,
                    f"the turn takes the velocities {key!r} out of the ground, and they have two "
                    "components",
                )
        self.lists = self.lists.turned(world.matrix[:3, :3], (ground[0], ground[1]))

    def drop(self, drop: Drop) -> None:
        """No box is left, nor its class."""
        self.settle()
        self.blind = True
        if not self.stream.rows:  # in a group its rows live on, and hold nothing
            self.table = chosen(self.table, np.zeros(len(self.table.rows), bool))

    def frustum(self, frustum: Frustum) -> None:
        """Keep the boxes of which the centre, a corner or a point that was measured is seen."""
        self.settle()
        solids = self.table.solids
        count = len(solids.centres)
        if count == 0:
            return
        probes = np.concatenate([solids.centres[:, None], corners_of(solids)], axis=1)
        shown = frustum.contains(probes.reshape(-1, 3)).reshape(count, -1)
        seen: NDArray[np.bool_] = np.any(shown, axis=1)
        for cloud in self.clouds:
            if seen.all():
                break
            cloud.settle()
            places = cloud.places[frustum.contains(cloud.places)]
            for index in np.flatnonzero(~seen).tolist():
                solid = Solid(*(part[index] for part in solids))
                seen[index] = in_box(places, solid).any()
        self.table = chosen(self.table, seen)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Take in the partner's boxes where they were placed, with their classes."""
        assert isinstance(partner, Boxes3dCarrier)
        if gone := self.table.gone:
            self.notes["dropped"] = gone
        came = [placed for placed in mix.placed if placed.stream == self.stream.name]
        rows = [self.table.rows]
        if self.stream.rows:
            came.sort(key=lambda placed: placed.row)
        theirs = partner.table.kept[[placed.row for placed in came]]
        for placed in came:
            one = chosen(partner.table, np.arange(len(partner.table.rows)) == placed.row)
            rows.append(moved(one, placed.move).rows)
        every = np.concatenate(rows)
        note_mix(self.notes, mix)
        if self.stream.rows:
            kept = np.concatenate([self.table.kept, theirs + self.table.total])
            self.add_rows(partner)
            self.table = replace(self.table, rows=every, kept=kept)
            return
        self.lists = self.lists.taken(self.table.kept).joined(partner.lists.taken(theirs))
        self.table = replace(self.table, rows=every, kept=np.arange(len(every)), total=len(every))

    # Rows of a group

    def row_count(self) -> int:
        return self.table.total

    def alive_rows(self) -> Bools:
        return alive_at(self.table.kept, self.table.total)

    def add_rows(self, partner: Carrier) -> None:
        assert isinstance(partner, Boxes3dCarrier)
        self.lists = self.lists.joined(partner.lists)
        self.table = replace(self.table, total=self.table.total + partner.table.total)

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        self.settle()
        if gone := gone_rows(kept, self.row_count()):
            self.notes["dropped"] = gone
        places = np.full(self.table.total, -1)
        if not self.blind:
            places[self.table.kept] = np.arange(len(self.table.kept))
        found = places[kept]
        seen = found >= 0
        rows = spread(self._in_form(self.table.rows[found[seen]]), seen, self)
        return {self.stream.name: rows, **self.lists.taken(kept).lists, **self._beside()}

    # The way out

    def finish(self) -> dict[str, Any]:
        self.settle()
        if gone := self.table.gone:
            self.notes["dropped"] = gone
        lists = self.lists.taken(self.table.kept).lists
        return {self.stream.name: self._in_form(self.table.rows), **lists, **self._beside()}

    def _beside(self) -> dict[str, Any]:
        return {} if self.ego is None else self.ego.entry

    def _in_form(self, rows: NDArray[np.float64]) -> Any:
        if isinstance(self.data, np.ndarray):
            return in_dtype(rows, self.data.dtype)
        out = listed(rows, self.data)
        return without_nan(out) if self.nulls else out


def _text_hint(value: Any) -> str:
    """What to do with rows that hold texts beside numbers."""
    rows = value if isinstance(value, list | tuple) else []
    if any(isinstance(n, str) for row in rows if isinstance(row, list | tuple) for n in row):
        return "Give names and ids as lists of their own, and name those lists: labels: [names]."
    return ""
