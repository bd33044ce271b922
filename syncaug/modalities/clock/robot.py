"""Robots: what they measure of themselves and what they are told to do, in rows of named groups."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.kernels.noise_level import mean_square, noise_power
from syncaug.kernels.robot_moves import moved_rows
from syncaug.kernels.robot_time import at_rest, read_robot
from syncaug.kernels.rotations import (
    as_matrices,
    exponential,
    flaw_of,
    from_matrices,
    logarithm,
)
from syncaug.kernels.row_time import Reading, cell_places, instant_places
from syncaug.maps.mask import Blank, Drop
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.time import TimeMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.clock.timed_rows import TimedRowsCarrier
from syncaug.plan.plan import Stream
from syncaug.plan.robot_columns import Group, RobotLayout, robot_layout

__all__ = ["ActionCarrier", "StateCarrier"]

Rows = NDArray[np.float64]
_TURN = 2.0 * math.pi + 1e-3


@dataclass(frozen=True, slots=True)
class RobotRules:
    """`layout` says what the columns hold, `ahead` by how many rows targets lie ahead."""

    layout: RobotLayout
    ahead: int
    rate: float
    rest: Rows


class StateCarrier(TimedRowsCarrier):
    """Rows (T, C) or one row (C,) of groups of columns; on a clock with a rate or timestamps.

    World maps wait in `moves`, and are carried out together with the time maps.
    """

    __slots__ = ("listed", "moves", "single")
    rules: RobotRules
    _called: ClassVar[str] = "a state"

    @classmethod
    def rules_of(cls, stream: Stream) -> RobotRules:
        layout = robot_layout(stream.options, relative=False)
        steps = any(group.relative for group in layout.groups)  # which lead one row ahead
        ahead = int(stream.options.get("ahead", 1 if steps else 0))
        rate = float(stream.options.get("rate", 0.0))
        return RobotRules(layout, ahead, rate, at_rest(layout))

    def read(self, value: Any) -> Any:
        self.pending = None
        self.moves: WorldMap | None = None
        self.rate, self.stamps = self.rules.rate, np.zeros(0)
        array = value
        if isinstance(value, Mapping):
            if not {"array", "timestamps"} <= set(value):
                raise self.fail('a mapping with "array" and "timestamps"', describe(value))
            array = value["array"]
        self.listed = isinstance(array, list | tuple)
        if self.listed:
            try:
                array = np.array(array, dtype=np.float64)
            except (TypeError, ValueError):
                raise self.fail(self.form(), describe(value)) from None
        self.single = isinstance(array, np.ndarray) and array.ndim == 1
        self.total = self.rows(array[None] if self.single and array.size else array)
        self._place(value)
        if self.total.shape[1] != self.rules.layout.width:
            raise self.fail(self.form(), describe(value), "Declare what every column holds.")
        for group in self.rules.layout.groups:
            self._check(group)
        return value

    def form(self) -> str:
        groups = self.rules.layout.groups
        names = ", ".join(f"{group.name} ({group.width})" for group in groups)
        kind = "TxC" if "clock" in self.stream.spaces else "C or TxC"
        width = self.rules.layout.width
        return f"{self._called} of shape {kind.replace('C', str(width))}, floats: {names}"

    def _place(self, value: Any) -> None:
        """Find out at which moments the rows stand."""
        if "clock" not in self.stream.spaces:
            if isinstance(value, Mapping):
                raise self.fail(
                    "rows without timestamps, because the stream is on no clock",
                    describe(value),
                    "Declare rate:, or clock: NAME.",
                )
            return
        if self.single:
            hint = "One row for all of the time has no rate and no clock."
            raise self.fail(self.form(), describe(value), hint)
        if isinstance(value, Mapping):
            self.rate = 0.0
            self.stamps = self.instants(value["timestamps"], len(self.total))
        elif not self.rate:
            raise self.fail("a declared rate, or timestamps", "neither", "Declare rate:.")

    def _check(self, group: Group) -> None:
        """Refuse rows that are no rotation of the declared form, and doubt angles in degrees."""
        values = self.total[:, group.columns]
        if group.meaning.rotation:
            row, came, expected = flaw_of(values, group.means)
            if row >= 0:
                raise self.fail(
                    f"{group.name} as {expected}",
                    f"{came} in row {row}",
                    "Normalise what is no unit; declare the columns in their order.",
                )
        most = float(np.abs(values).max())
        if group.means == "euler" and not group.degrees and most > _TURN:
            self.suspect(
                "angles",
                f"angles of {group.name!r} reach {most:.4g}; they are in radians, and this looks "
                "like degrees. Declare unit: degrees",
            )

    # Maps

    def world(self, world: WorldMap) -> None:
        self.moves = world if self.moves is None else self.moves.then(world)

    def read_at(self, values: Rows, time: TimeMap) -> Reading:
        if self.rate:
            at = cell_places(len(values), self.rate, time)
        else:
            at = instant_places(self.stamps, time)
            if not len(at.places):
                raise RefusalError(self.stream.name, "the time that is left has none of its rows")
        self._allow(at.speed[at.shown])
        read = read_robot(values, self.rules.layout, at, self.rules.ahead)
        return Reading(read, at.speed, at.shown, at.seconds)

    def _allow(self, speed: Rows) -> None:
        """States can be read in both directions of time."""

    def settle(self) -> None:
        self.retime()
        if self.moves is not None:
            world, self.moves = self.moves, None
            self.total = moved_rows(self.total, self.rules.layout, world)

    def blank(self, blank: Blank) -> None:
        """The robot is at rest in the spans: zero, and rotations that turn nothing."""
        self.settle()
        hidden = blank.covers(self.seconds)[:, None]
        self.total = np.where(hidden, self.rules.rest, self.total)

    def drop(self, drop: Drop) -> None:
        """All rows are at rest; their moments stay."""
        self.settle()
        self.total = np.tile(self.rules.rest, (len(self.total), 1))

    def noise(self, noise: Noise) -> None:
        """Gaussian errors of each group at the level; rotations turn by small angles.

        The level of a rotation is that of its axis times its angle. Grippers and plain numbers
        stay.
        """
        self.settle()
        if noise.snr_db == math.inf:
            return
        self.total = self.total.copy()
        for group in self.rules.layout.groups:
            if group.means in ("gripper", "plain"):
                continue
            values = self.total[:, group.columns]
            form, degrees = (group.means, group.order), group.degrees
            turns = as_matrices(values, *form, degrees=degrees) if group.meaning.rotation else None
            signal = values if turns is None else logarithm(turns)
            power = noise_power(mean_square(signal), noise.snr_db)
            if power == 0.0:
                continue
            error = noise.entropy.child(group.name).philox().standard_normal(signal.shape)
            error *= math.sqrt(power / mean_square(error))
            if turns is None:
                self.total[:, group.columns] = values + error
            else:
                made = from_matrices(turns @ exponential(error), *form, degrees=degrees)
                if group.means == "quaternion":  # of the two that mean it, the nearer
                    made = np.where((made * values).sum(axis=1)[:, None] < 0.0, -made, made)
                self.total[:, group.columns] = made

    def mix(self, mix: Mix, partner: Carrier) -> None:
        super().mix(mix, partner)
        for group in self.rules.layout.groups:
            if group.meaning.rotation:  # where the partner has no row, nothing turns
                none = ~self.total[:, group.columns].any(axis=1)
                self.total[none, group.columns] = self.rules.rest[group.columns]

    def finish(self) -> dict[str, Any]:
        self.settle()
        array: Any = (self.total[0] if self.single else self.total).astype(self.dtype)
        if self.listed:
            came = self.data["array"] if isinstance(self.data, Mapping) else self.data
            array = type(came)(array.tolist())
        return {self.stream.name: self.wrapped(self.data, array)}


class ActionCarrier(StateCarrier):
    """Rows of targets, or of steps from one row to the next."""

    __slots__ = ()
    _called: ClassVar[str] = "an action"

    def _allow(self, speed: Rows) -> None:
        """Targets lie ahead of what they are read beside: backwards, they would lie behind."""
        if self.rules.ahead or bool((speed >= 0.0).all()):
            return
        raise RefusalError(
            self.stream.name,
            f"backwards, the targets of {self.rules.layout.groups[0].name!r} would lie behind the "
            "robot; declare ahead: (rows from a target to the state that reaches it, usually 1)",
        )
