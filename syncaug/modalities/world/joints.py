"""Joints: named points of bodies in three dimensions, in a world or in the axes of a camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.body_sides import swapped_order
from syncaug.maps.mask import Drop
from syncaug.maps.numbers import IDENTITY, Nine, as_matrix, determinant, product
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.annotations.list_rules import ListRules
from syncaug.modalities.annotations.parallel import ParallelLists
from syncaug.modalities.annotations.rows import Bools, Numbers, absent_rows, spread
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.own_form import in_dtype, listed, without_nan
from syncaug.plan.plan import Stream

__all__ = ["JointsCarrier"]

_FORM = "joints of shape (N,)KxC with C 3, or 4 with a visibility or confidence"
_OPENGL = np.array([1.0, -1.0, -1.0])
_LARGEST = 50.0
"""Metres: no body is longer."""


@dataclass(frozen=True, slots=True)
class JointRules:
    """What the options of a stream of joints decide.

    `mirrored_order` is, for each point of a body, the point that a mirror brings there; it is empty
    where points stay. `in_camera` says that x, y, z are a camera's, with the signs of OpenGL where
    `opengl`; `from_root` that shifts do nothing. `unit` is metres for one of its units.
    `lacks` says that a row may come without a body, because other streams of its group may hold it.
    """

    names: tuple[str, ...]
    mirrored_order: tuple[int, ...]
    in_camera: bool
    opengl: bool
    from_root: bool
    unit: float
    lists: ListRules
    lacks: bool

    @staticmethod
    def of(stream: Stream) -> JointRules:
        """The rules of a stream."""
        options = stream.options
        names = tuple(map(str, options.get("names") or ()))
        swaps = options.get("sides", "swap") == "swap"
        axes = options.get("axes", "world")
        return JointRules(
            names,
            tuple(swapped_order(names)) if names and swaps else (),
            axes != "world",
            axes == "opengl",
            options.get("origin") == "root",
            float(options.get("unit", 1.0)),
            ListRules.of(stream),
            stream.follows,
        )


class JointsCarrier(Carrier):
    """Points ((N,) K, 3|4); a fourth column stays with its point.

    In the axes of a world they move as all that lives there. In the axes of a camera they turn and
    mirror where the camera does, and grow with its world. A missing point is NaN, and stays so.
    `blind` is whether the stream was dropped, and `nulls` whether None stood among its numbers.
    """

    __slots__ = ("blind", "came", "lists", "moved", "nulls", "turn")
    rules: JointRules

    @classmethod
    def rules_of(cls, stream: Stream) -> JointRules:
        return JointRules.of(stream)

    def read(self, value: Any) -> Any:
        self.moved: WorldMap | None = None
        self.turn: Nine = IDENTITY
        self.blind = False
        self.nulls = isinstance(value, list | tuple) and holds_none(value)
        names = self.rules.names
        if self.rules.lacks:
            value = absent_rows(value, 3)
        try:
            points = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise self.fail(_FORM, describe(value)) from None
        if points.size == 0 and points.ndim < 3:
            points = points.reshape(0, len(names), 3)
        if points.ndim not in (2, 3) or points.shape[-1] not in (3, 4):
            raise self.fail(_FORM, describe(value), _flat_hint(points))
        if names and points.shape[-2] != len(names):
            raise self.fail(
                f"{len(names)} points of each body, one for each name", f"{points.shape[-2]}"
            )
        if np.isinf(points).any():
            raise self.fail("finite coordinates, or NaN for a missing point", "infinity")
        if (self.rules.lists.keys or self.stream.rows) and points.ndim == 2:
            raise self.fail(
                "an array of shape NxKx3 or NxKx4 beside lists and in a group of rows",
                describe(value),
            )
        self.came = points
        rows = len(points) if points.ndim == 3 else 1
        self.lists = ParallelLists.beside(self, rows, self.rules.lists)
        self._suspect_unit(points)
        return value

    def _suspect_unit(self, points: NDArray[np.float64]) -> None:
        """Bodies that are longer than any, in metres: millimetres or centimetres."""
        bodies = points[..., :3].reshape(-1, points.shape[-2], 3)
        whole = bodies[~np.isnan(bodies).any(axis=(1, 2))]
        if whole.size == 0:
            return
        extent = float(np.median(np.ptp(whole, axis=1).max(axis=1))) * self.rules.unit
        if extent > _LARGEST:
            self.suspect(
                "unit",
                f"its bodies are {extent:g} long in the median; joints are in metres, and this "
                "looks like millimetres. Declare unit: 0.001",
            )

    # Maps

    def plane(self, plane: PlaneMap) -> None:
        """Joints in the axes of a camera turn as it does; a picture that only moves leaves them."""
        if plane.turns:
            self.turn = product(plane.turn, self.turn)

    def field(self, field: FieldMap) -> None:
        """A warp without a formula bends the picture, not the body."""

    def world(self, world: WorldMap) -> None:
        self.moved = world if self.moved is None else self.moved.then(world)

    def settle(self) -> None:
        turn, self.turn = self.turn, IDENTITY
        world, self.moved = self.moved, None
        points = self.came
        if self.rules.in_camera:
            linear = as_matrix(turn) * (1.0 if world is None else world.scale)
            if self.rules.opengl:
                linear = _OPENGL[:, None] * linear * _OPENGL
            shift, mirrors = np.zeros(3), determinant(turn) < 0.0
        elif world is not None:
            linear, shift = world.matrix[:3, :3], world.matrix[:3, 3] / self.rules.unit
            mirrors = world.mirrors
        else:
            return
        if self.rules.from_root:
            shift = np.zeros(3)
        points = points.copy()
        points[..., :3] = points[..., :3] @ linear.T + shift
        if mirrors and self.rules.mirrored_order:
            points = points.take(self.rules.mirrored_order, axis=-2)
        self.came = points
        if self.lists:
            self.lists.suspect_places(self, turned=True)

    def drop(self, drop: Drop) -> None:
        """No body is left; of one alone nothing is seen, or without a column to say so, zeros."""
        self.settle()
        self.blind = True
        if self.stream.rows:  # in a group its rows live on, and hold nothing
            return
        self.came = self.came.copy()
        if self.came.ndim == 3:
            self.came = self.came[:0]
            self.lists = self.lists.taken(np.arange(0))
        elif self.came.shape[-1] == 4:
            self.came[:, 3] = 0.0
        else:
            self.came[:] = 0.0

    # Rows of a group

    def row_count(self) -> int:
        return len(self.came)

    def alive_rows(self) -> Bools:
        return np.asarray(~np.isnan(self.came).all(axis=(1, 2)))

    def add_rows(self, partner: Carrier) -> None:
        assert isinstance(partner, JointsCarrier)
        self.settle()
        shape = (len(partner.came), *self.came.shape[1:])
        self.came = np.concatenate([self.came, np.full(shape, np.nan)])
        self.lists = self.lists.joined(partner.lists)

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        self.settle()
        seen = self.alive_rows()[kept] & (not self.blind)
        points = spread(self._in_form(self.came[kept][seen]), seen, self)
        return {self.stream.name: points, **self.lists.taken(kept).lists}

    # The way out

    def finish(self) -> dict[str, Any]:
        self.settle()
        return {self.stream.name: self._in_form(self.came), **self.lists.lists}

    def _in_form(self, points: NDArray[np.float64]) -> Any:
        if isinstance(self.data, np.ndarray):
            return in_dtype(points, self.data.dtype)
        out = listed(points, self.data)
        return without_nan(out) if self.nulls else out


def holds_none(value: Any) -> bool:
    """Whether None stands somewhere in nested lists, for a number that is not known."""
    return value is None or (isinstance(value, list | tuple) and any(map(holds_none, value)))


def _flat_hint(points: NDArray[np.float64]) -> str:
    count = points.shape[-1] if points.ndim in (1, 2) else 0
    if count > 4 and count % 3 == 0:
        return f"Flat rows of x, y, z become points by numpy.reshape(value, (-1, {count // 3}, 3))."
    return ""
