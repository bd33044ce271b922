"""Point clouds: N rows of x, y, z and named attributes, in any order of columns, in a world."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends.moving import TiltError, moved_rows
from syncaug.backends.operation import Operated, Operation
from syncaug.catalogue import OperationSpec
from syncaug.errors import RefusalError
from syncaug.kernels import cloud
from syncaug.maps.mask import Blank, Drop
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.oriented import in_box
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.world import Frustum, WorldMap
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.carrier import Carrier, Lane, describe
from syncaug.modalities.conversion import array_hint, batch_hint
from syncaug.modalities.flat import FlatLane
from syncaug.modalities.floats import all_finite, refuse_huge, usable
from syncaug.modalities.pairs import note_mix
from syncaug.modalities.world.cloud_flat import FLOATS, flat_cloud, is_tame
from syncaug.modalities.world.cloud_poses import Sweeps, arrays_of, is_posed, read_sweeps
from syncaug.modalities.world.cloud_rules import ROWS_HINT, CloudRules, cloud_rules, hint_for
from syncaug.modalities.world.ego_pose import EgoPose
from syncaug.plan.plan import Stream
from syncaug.randomness import Entropy

__all__ = ["PointsCarrier"]

_DROPOUT_AT_FULL_SEVERITY = 0.9
_PARTNERS = -1
"""What `rows` says of a point that came from a partner."""


class PointsCarrier(Carrier):
    """A float array (N, 3 + A); world maps wait and compose into one product.

    A column `t` holds seconds from the stream's beginning; then points live on a clock as well.
    `sweeps` are the poses of points in their sensors' axes, where they came so. `lists` run beside
    the points, and `entries` are for each point its place in them.
    """

    __slots__ = (
        *("came", "chosen", "entries", "layout", "lists", "moves", "pending", "pending_time"),
        *("ego", "sweeps", "tame"),
    )
    rules: CloudRules

    @classmethod
    def rules_of(cls, stream: Stream) -> CloudRules:
        return cloud_rules(stream)

    @classmethod
    def flat(cls, lane: Lane) -> FlatLane | None:
        return flat_cloud(lane.rules)

    def read(self, value: Any) -> NDArray[Any]:
        self.pending: WorldMap | None = None
        self.pending_time: TimeMap | None = None
        self.tame, self.moves = True, 0
        rules = self.rules
        self.layout = rules.layout
        self.sweeps: Sweeps | None = None
        self.entries: NDArray[np.int64] | None = None
        if not isinstance(value, np.ndarray) and is_posed(value):
            self.sweeps = read_sweeps(value, self.fail)
            value = self._together(arrays_of(value))
        points = self._checked(value)
        self.came = len(value)
        self.ego = EgoPose.beside(self) if rules.posed else None
        if rules.lists.keys:
            count = len(value)
            self.lists = ParallelLists.beside(self, count, rules.lists)
            self.entries = np.arange(count) if self.chosen is None else self.chosen
        return points

    def _together(self, parts: list[Any]) -> Any:
        """The points of all sweeps as one array, each of which is looked at."""
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            if not isinstance(part, np.ndarray) or part.dtype != parts[0].dtype or part.ndim != 2:
                raise self.fail(f"{self.rules.form}, of one dtype in all sweeps", describe(part))
            if part.shape[1] != len(self.layout.names):
                raise self.fail(self.rules.form, describe(part), ROWS_HINT)
        return np.concatenate(parts)

    def _checked(self, value: Any) -> NDArray[Any]:
        if not isinstance(value, np.ndarray) or value.dtype not in FLOATS:
            raise self.fail(
                f"{self.rules.form}, float32 or float64",
                describe(value),
                array_hint(value) or hint_for(value),
            )
        if value.ndim != 2 or value.shape[1] != len(self.layout.names):
            raise self.fail(self.rules.form, describe(value), batch_hint(value, 2) or ROWS_HINT)
        self.chosen: NDArray[np.int64] | None = None
        if not usable(value):
            if self.rules.drops_invalid:
                value = self._valid(value)
            if not usable(value):
                self._refuse(value)
        return value if type(value) is np.ndarray else np.asarray(value)

    def _valid(self, points: NDArray[Any]) -> NDArray[Any]:
        """The rows without NaN or infinity."""
        rows = np.flatnonzero(np.isfinite(points).all(axis=1))
        if len(rows) == len(points):
            return points
        self.chosen = rows
        if self.sweeps is not None:
            self.sweeps = self.sweeps.chosen(rows)
        return points[rows]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.layout.names

    @property
    def places(self) -> NDArray[np.float64]:
        """x, y and z of each row (N, 3), in the world."""
        return self._local if self.sweeps is None else self.sweeps.places(self._local)

    @property
    def _local(self) -> NDArray[np.float64]:
        """x, y and z of each row (N, 3), in the axes in which they came."""
        return np.asarray(self.data[:, self.layout.place_at], dtype=np.float64)

    def places_in(self, entry: Any, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """x, y and z (M, 3) in the world of some rows of the stream as it came."""
        if self.sweeps is None:
            return np.asarray(entry[rows][:, self.layout.place_at], dtype=np.float64)
        sweeps = read_sweeps(entry, self.fail)
        cloud = np.concatenate(arrays_of(entry))[rows]
        local = np.asarray(cloud[:, self.layout.place_at], dtype=np.float64)
        return sweeps.chosen(rows).places(local)

    @property
    def rows(self) -> NDArray[np.int64]:
        """For each row, which row of the original it is; -1 for a partner's."""
        return np.arange(len(self.data)) if self.chosen is None else self.chosen

    def world(self, world: WorldMap) -> None:
        self.pending = world if self.pending is None else self.pending.then(world)

    def clock_duration(self) -> float | None:
        if self.pending_time is not None:
            return self.pending_time.duration
        if self.rules.time_at < 0:
            return None
        last = float(self._moments.max(initial=0.0))
        return last if last > 0.0 else None

    @property
    def _moments(self) -> NDArray[np.float64]:
        return np.asarray(self.data[:, self.rules.time_at], dtype=np.float64)

    def time(self, time: TimeMap) -> None:
        own = time.seen_from(self.rules.offset)
        self.pending_time = own if self.pending_time is None else self.pending_time.then(own)

    def blank(self, blank: Blank) -> None:
        """Points of the spans go: nothing was measured then."""
        self.settle()
        if len(self.data) == 0:
            return
        seen = np.flatnonzero(~blank.covers(self._moments + self.rules.offset))
        if len(seen) == 0:
            raise RefusalError(self.stream.name, "the blanked spans hold all of its points")
        self.take(seen)

    def surely_finite(self) -> bool:
        """So it is where one ordinary world map was all: what is admitted is far from overflow."""
        return self.tame and self.moves <= 1

    def settle(self) -> None:
        if self.pending is not None:
            world, self.pending = self.pending, None
            self.moves += 1
            self.tame = self.tame and is_tame(world)
            if self.entries is not None and self.lists.tell_places:
                self.lists.suspect_places(self, turned=True)
            self.data = (
                self._moved(self.data, world) if self.sweeps is None else self._followed(world)
            )
            if self.ego is not None:
                self.ego = self.ego.followed(world)
        if self.pending_time is not None:
            time, self.pending_time = self.pending_time, None
            self.tame = False
            if not time.is_identity:
                self._retime(time)

    def _retime(self, time: TimeMap) -> None:
        """Move each point to every moment at which the clock now shows it; velocities change."""
        moments = self._moments
        if len(moments) == 0:
            return
        shown = cloud.shown(moments, time)
        if shown is None:
            raise RefusalError(self.stream.name, "the time that is left has none of its points")
        rows, seconds, speeds = shown
        self.take(rows)
        self.data[:, self.rules.time_at] = seconds
        for columns, power in self.layout.paced:
            self.data[:, columns] *= speeds[:, None] ** power

    def _followed(self, world: WorldMap) -> NDArray[Any]:
        """The points after a world map, in their sensors' axes; their poses follow too."""
        assert self.sweeps is not None
        if self.rules.poses_follow:
            self.sweeps, own = self.sweeps.followed(world)
            return self.data if own.is_identity else self._moved(self.data, own)
        data: NDArray[Any] = self.data.copy()
        for pose, rows in self.sweeps.parts():
            data[rows] = self._moved(data[rows], pose.then(world).then(pose.inverse))
        return data

    def _moved(self, points: NDArray[Any], world: WorldMap) -> NDArray[Any]:
        try:
            return moved_rows(points, self.layout, world)
        except TiltError as error:
            raise RefusalError(self.stream.name, str(error)) from None

    def _refuse(self, points: NDArray[Any]) -> None:
        """Raise SampleError for points that are not finite, or too far away for any arithmetic."""
        if not all_finite(points):
            raise self.fail(
                "finite points",
                "NaN or infinity",
                "Drop the rows of missing returns, or declare invalid: drop.",
            )
        refuse_huge(self.stream.name, points)

    def frustum(self, frustum: Frustum) -> None:
        self.settle()
        if len(self.data) == 0:
            return
        rows = np.flatnonzero(frustum.contains(self.places))
        if len(rows) == 0:
            raise RefusalError(self.stream.name, "the picture shows none of the points")
        self.take(rows)

    def operate(
        self, operation: Operation, values: Mapping[str, Any], entropy: Entropy
    ) -> Operated | None:
        """Nothing happens where no point is left to pick or to move.

        Points in the axes of their sensors stand in the world meanwhile.
        """
        if len(self.data) == 0:
            return None
        if self.sweeps is None:
            return super().operate(operation, values, entropy)
        self.data = self._posed(lambda pose: pose)
        operated = super().operate(operation, values, entropy)
        self.data = self._posed(lambda pose: pose.inverse)
        return operated

    def _posed(self, way: Callable[[WorldMap], WorldMap]) -> NDArray[Any]:
        """The points of each sweep after its pose, or after what `way` makes of it."""
        assert self.sweeps is not None
        data: NDArray[Any] = self.data.copy()
        for pose, rows in self.sweeps.parts():
            data[rows] = self._moved(data[rows], way(pose))
        return data

    def accept(self, operated: Operated, spec: OperationSpec) -> None:
        rows = operated.rows
        if rows is not None:
            if len(rows) == 0:
                raise RefusalError(self.stream.name, f"{spec.name} leaves no point")
            self._choose(rows)
        elif self.entries is not None and len(operated.data) != len(self.data):
            raise RefusalError(
                self.stream.name, f"{spec.name} makes other points, and lists run beside these"
            )
        self.data = operated.data
        self.tame = False

    def _choose(self, rows: NDArray[np.int64]) -> None:
        """Remember which points are left, for their poses and for what runs beside them."""
        self.chosen = self.rows[rows]
        if self.entries is not None:
            self.entries = self.entries[rows]
        if self.sweeps is not None:
            self.sweeps = self.sweeps.chosen(rows)

    def take(self, rows: NDArray[np.int64]) -> None:
        """Keep only `rows`, in their order."""
        self.settle()
        self._choose(rows)
        self.data = self.data[rows]

    def drop(self, drop: Drop) -> None:
        """No point is left."""
        self.settle()
        self.take(np.arange(0))

    def tone(self, tone: ToneMap) -> None:
        if self.pending is not None or self.pending_time is not None:
            self.settle()
        if len(self.data) == 0:
            return
        coloured, shiny = self.rules.coloured, self.rules.shiny
        if not coloured and not (shiny and tone.reflectivity != 1.0):
            return
        data = self.data.copy()
        if coloured and tone.stages:
            places = list(coloured)
            data[:, places] = cloud.recoloured(data[:, places], tone)
        for index in shiny:
            data[:, index] = np.maximum(data[:, index] * tone.reflectivity, 0.0)
        self.data = data
        self.tame = False

    def noise(self, noise: Noise) -> None:
        self.settle()
        if noise.snr_db == math.inf or len(self.data) == 0:
            return
        generator = noise.entropy.philox()
        if noise.kind == "dropout":
            keep = generator.random(len(self.data)) >= _DROPOUT_AT_FULL_SEVERITY * noise.severity
            keep[int(noise.entropy.integer() % len(keep))] = True  # never an empty cloud
            self.take(np.flatnonzero(keep))
            return
        data = self.data.copy()
        data[:, self.layout.place_at] = cloud.scattered(self._local, noise.snr_db, generator)
        self.data = data
        self.tame = False

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Lose what lies in the boxes that the partner's objects take, and take in their points.

        What lies less than `floor` above a box's bottom is ground: the own one stays.
        """
        assert isinstance(partner, PointsCarrier)
        places, other = self.places, partner.places
        free = np.ones(len(places), dtype=bool)
        rows, clouds = [self.rows], [self.data]
        theirs: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
        for placed in mix.placed:
            free &= ~in_box(places, placed.box, mix.floor)
            back = placed.box.moved(placed.move.inverse)
            inside = np.flatnonzero(in_box(other, back, mix.floor))
            moved = self._taken_in(partner, inside, placed.move)
            clouds.append(moved.astype(self.data.dtype, copy=False))
            rows.append(np.full(len(inside), _PARTNERS))
            theirs.append(inside)
        self._choose(np.flatnonzero(free))
        assert self.chosen is not None
        self.chosen = np.concatenate([self.chosen, *rows[1:]])
        came = sum(map(len, theirs))
        if self.sweeps is not None:
            self.sweeps = self.sweeps.joined(came)
        if self.entries is not None and partner.entries is not None:
            brought = partner.lists.taken(partner.entries[np.concatenate(theirs)])
            self.lists = self.lists.taken(self.entries).joined(brought)
            self.entries = np.arange(len(self.entries) + came)
        self.data = np.concatenate([self.data[free], *clouds[1:]])
        self.tame = False
        note_mix(self.notes, mix, removed=int((~free).sum()), came=came)

    def _taken_in(
        self, partner: PointsCarrier, inside: NDArray[np.int64], move: WorldMap
    ) -> NDArray[Any]:
        """Some of the partner's points after a move of its world, in the own axes."""
        cloud = partner.data[inside]
        if partner.sweeps is not None:
            cloud = cloud.copy()
            for pose, rows in partner.sweeps.chosen(inside).parts():
                cloud[rows] = self._moved(cloud[rows], pose)
        cloud = self._moved(cloud, move)
        return cloud if self.sweeps is None else self._moved(cloud, self.sweeps.poses[0].inverse)

    def finish(self) -> dict[str, Any]:
        self.settle()
        if self.came != len(self.data):
            self.notes["kept"] = len(self.data)
        points = self.data if self.sweeps is None else self.sweeps.handed_out(self.data)
        out = {self.stream.name: points}
        if self.ego is not None:
            out |= self.ego.entry
        if self.entries is not None:
            entries = self.entries if self.sweeps is None else self.entries[self.sweeps.order]
            out |= self.lists.taken(entries).lists
        return out
