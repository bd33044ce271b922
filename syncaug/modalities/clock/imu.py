"""Inertial readings: rows of turn rates, accelerations and magnetic field in the body's axes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.kernels.gravity import gravity_of
from syncaug.kernels.noise_level import mean_square, noise_power
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.numbers import IDENTITY, Matrix, Nine, as_matrix, product
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.world import WorldMap
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.clock.rates import renamed_hint, told_otherwise
from syncaug.modalities.clock.timed_rows import TimedRowsCarrier
from syncaug.modalities.units import suspect_inertial, suspect_stamps
from syncaug.plan.columns import canonical

__all__ = ["ImuCarrier"]

_GYROSCOPE = ("gx", "gy", "gz")
_ACCELEROMETER = ("ax", "ay", "az")
_MAGNETOMETER = ("mx", "my", "mz")
_PSEUDOVECTORS = (_GYROSCOPE, _MAGNETOMETER)
_SENSORS = (_GYROSCOPE, _ACCELEROMETER, _MAGNETOMETER)
_TIME = "t"
_STEADY = 1e-9


class ImuCarrier(TimedRowsCarrier):
    """Readings (T, C) with named columns; a declared rate, timestamps, or a column `t`.

    A speed s of time scales turn rates by s (so that they change sign backwards) and what motion
    does to the accelerometer by s^2; gravity, which the accelerometer shows as well, stays. The
    body's axes are those of the camera that `body` names: x right, y down, z forward.
    """

    __slots__ = ("columns", "turn")

    def read(self, value: Any) -> Any:
        self.pending = None
        self.turn: Nine = IDENTITY
        self.columns = canonical(self.stream.options, _GYROSCOPE + _ACCELEROMETER)
        self.rate, self.stamps = 0.0, np.zeros(0)
        array = value
        if isinstance(value, Mapping):
            if not {"array", "timestamps"} <= set(value):
                raise self.fail(
                    'a mapping with "array" and "timestamps"', describe(value), renamed_hint(value)
                )
            array = value["array"]
        self.total = self.rows(array)
        if self.total.shape[1] != len(self.columns):
            raise self.fail(self.form(), describe(array))
        if isinstance(value, Mapping):
            self.stamps = self.instants(value["timestamps"], len(self.total))
        elif _TIME in self.columns:
            self.stamps = self.instants(self.total[:, self.columns.index(_TIME)], len(self.total))
        else:
            self.rate = float(self.stream.options.get("rate", 0.0))
            if not self.rate:
                raise self.fail("a declared rate, timestamps or a column t", "none of them")
        suspect_stamps(self, self.stamps, film=False)
        declared = float(self.stream.options.get("rate", 0.0))
        told = told_otherwise(declared, self.stamps) if len(self.stamps) else ""
        if told:
            raise self.fail(
                f"{declared:g} readings in a second, as declared",
                f"timestamps of {told} in a second",
                "Leave out rate:, or give the timestamps in seconds.",
            )
        gyroscope, accelerometer = self._at(_GYROSCOPE), self._at(_ACCELEROMETER)
        suspect_inertial(self, self.total, gyroscope, accelerometer)
        return value

    def form(self) -> str:
        names = ", ".join(self.columns)
        return f"readings of shape Tx{len(self.columns)} with columns {names}, float32 or float64"

    def _at(self, names: tuple[str, ...]) -> list[int]:
        """The places of a sensor's columns; those of them that there are."""
        return [self.columns.index(name) for name in names if name in self.columns]

    # Maps

    def plane(self, plane: PlaneMap) -> None:
        """The body turns as its camera does; a picture that only moves leaves it."""
        if plane.turns:
            self.turn = product(plane.turn, self.turn)

    def field(self, field: FieldMap) -> None:
        """A warp without a formula bends the picture, not the body."""

    def world(self, world: WorldMap) -> None:
        """Motion grows with its world; gravity does not. Turns and shifts leave the body's view."""
        if abs(world.scale - 1.0) < _STEADY:
            return
        if self.stream.options.get("acceleration", "with_gravity") != "linear":
            raise RefusalError(
                self.stream.name, "its accelerations hold gravity, which no scaled world scales"
            )
        self.settle()
        self.total = self.total.copy()
        self.total[:, self._at(_ACCELEROMETER)] *= world.scale

    def settle(self) -> None:
        if self.pending is not None and self._at(_ACCELEROMETER):
            speeds = [s.speed for s in self.pending.segments if not s.is_gap]
            if any(abs(abs(speed) - 1.0) > _STEADY for speed in speeds):
                self.total = np.hstack([self.total, self._gravity(self.total, self.steps)])
        reading = self.retime()
        if reading is not None:
            self.total = self._paced(reading.values, reading.speed[:, None])
        self.total = self.total[:, : len(self.columns)]
        if _TIME in self.columns and len(self.stamps):
            self.total[:, self.columns.index(_TIME)] = self.stamps
        if self.turn != IDENTITY:
            turn, self.turn = self.turn, IDENTITY
            self.total = self._turned(self.total, as_matrix(turn))

    def _gravity(self, rows: NDArray[np.float64], steps: NDArray[np.float64]) -> Any:
        """Beside the accelerometer's columns: how much of each is gravity."""
        places = self._at(_ACCELEROMETER)
        acceleration = rows[:, places]
        if self.stream.options.get("acceleration", "with_gravity") == "linear":
            return np.zeros_like(acceleration)
        padded = np.zeros((len(rows), 3))
        padded[:, : len(places)] = acceleration
        turn_rate = np.zeros((len(rows), 3))
        if len(self._at(_GYROSCOPE)) == 3 == len(places):
            degrees = self.stream.options.get("units", "si") == "degrees_g"
            turn_rate = rows[:, self._at(_GYROSCOPE)] * (math.pi / 180 if degrees else 1.0)
        return gravity_of(padded, turn_rate, steps)[:, : len(places)]

    def _paced(self, rows: NDArray[np.float64], speed: NDArray[np.float64]) -> Any:
        """Rows after their speed: turn rates by s, motion by s^2; what follows is gravity."""
        paced = rows.copy()
        paced[:, self._at(_GYROSCOPE)] *= speed
        places = self._at(_ACCELEROMETER)
        if rows.shape[1] > len(self.columns):
            gravity = rows[:, len(self.columns) :]
            paced[:, places] = (rows[:, places] - gravity) * speed**2 + gravity
        return paced

    def _turned(self, rows: NDArray[np.float64], turn: Matrix) -> NDArray[np.float64]:
        """Accelerations turn as vectors do, turn rates and magnetic field as pseudovectors."""
        turned = rows.copy()
        for names in _SENSORS:
            places = self._at(names)
            if not places:
                continue
            matrix = turn * np.linalg.det(turn) if names in _PSEUDOVECTORS else turn
            axes = [names.index(self.columns[place]) for place in places]
            if np.delete(matrix[axes], axes, axis=1).any():
                raise self.fail(
                    f"{', '.join(names)} together, because the body turns",
                    ", ".join(self.columns[place] for place in places),
                )
            turned[:, places] = rows[:, places] @ matrix[np.ix_(axes, axes)].T
        return turned

    def noise(self, noise: Noise) -> None:
        """Errors of each sensor, whose mean square over its axes is at the level of the noise.

        `bias` is a steady bias and a scale error of each axis and white noise, of equal power;
        `white` is white noise alone.
        """
        self.settle()
        if noise.snr_db == math.inf:
            return
        self.total = self.total.copy()
        for names in _SENSORS:
            places = self._at(names)
            readings = self.total[:, places]
            power = noise_power(mean_square(readings), noise.snr_db)
            if not places or power == 0.0:
                continue
            generator = noise.entropy.child(names[0]).philox()
            parts = [generator.standard_normal(readings.shape)]
            if noise.kind == "bias":
                parts.append(
                    np.broadcast_to(generator.standard_normal(len(places)), readings.shape)
                )
                parts.append(readings * generator.standard_normal(len(places)))
            error = np.sum([part / math.sqrt(mean_square(part) or 1.0) for part in parts], axis=0)
            self.total[:, places] += error * math.sqrt(power / mean_square(error))

    def mix(self, mix: Mix, partner: Carrier) -> None:
        super().mix(mix, partner)
        self._keep_time()

    def drop(self, drop: Any) -> None:
        super().drop(drop)
        self._keep_time()

    def blank(self, blank: Any) -> None:
        super().blank(blank)
        self._keep_time()

    def _keep_time(self) -> None:
        if _TIME in self.columns and len(self.stamps):
            self.total[:, self.columns.index(_TIME)] = self.stamps

    def finish(self) -> dict[str, Any]:
        self.settle()
        return {self.stream.name: self.wrapped(self.data, self.total.astype(self.dtype))}
