"""Streams of rows in time: what inertial readings and embeddings share. Time maps wait."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.kernels.between import as_long
from syncaug.kernels.row_time import Reading, read_cells, read_instants
from syncaug.kernels.sound_mix import mixed_rows
from syncaug.maps.mask import Blank, Drop
from syncaug.maps.mix import Mix
from syncaug.maps.time import TimeMap
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.clock.lasting import Lasting
from syncaug.modalities.clock.lengths import lengths_after
from syncaug.modalities.clock.rates import stamps_hint, usual_step
from syncaug.modalities.floats import all_finite
from syncaug.modalities.pairs import note_mix, require_equal

__all__ = ["TimedRowsCarrier"]

_LATEST = 1e6
"""Seconds beyond which a first timestamp counts from some epoch, not from the stream's start."""
_GAP = 20.0
"""So many times the usual distance of rows is a hole, in which nothing was measured."""
_STEADY = 1e-9


class TimedRowsCarrier(Carrier, ABC):
    """Numbers (T, C), carried as float64, with a declared `rate` or with instants `stamps`.

    `stamps` is empty where the rows have a rate, and the rate is 0 where they have instants.
    """

    __slots__ = ("dtype", "pending", "rate", "stamps", "total")

    pending: TimeMap | None
    rate: float
    stamps: NDArray[np.float64]
    total: NDArray[np.float64]

    @abstractmethod
    def form(self) -> str:
        """What the stream should be, for error messages."""

    def rows(self, array: Any) -> NDArray[np.float64]:
        """The array that came as finite rows (T, C), its dtype remembered."""
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
            raise self.fail(self.form(), describe(array))
        if array.ndim != 2 or array.size == 0:
            raise self.fail(self.form(), describe(array))
        if not all_finite(array):
            place = np.argwhere(~np.isfinite(array))[0].tolist()
            raise self.fail("finite readings", f"NaN or infinity in row {place[0]}")
        self.dtype = array.dtype
        return array.astype(np.float64)

    def instants(self, stamps: Any, count: int) -> NDArray[np.float64]:
        """Timestamps as float64 that grow strictly and count from the stream's own beginning."""
        seconds = np.asarray(stamps)
        if seconds.dtype.kind not in "fiu" or seconds.shape != (count,):
            expected = f"{count} timestamps in seconds, one for each row"
            raise self.fail(expected, describe(stamps), stamps_hint(stamps))
        seconds = seconds.astype(np.float64)
        if not all_finite(seconds):
            raise self.fail("finite timestamps", "NaN or infinity")
        late = np.flatnonzero(np.diff(seconds) <= 0)
        if len(late):
            row = int(late[0]) + 1
            came = f"{seconds[row]:g} s in row {row} after {seconds[row - 1]:g} s"
            raise self.fail("timestamps that grow", came, "Sort the rows, and drop doubles.")
        if count < 2:
            raise self.fail("at least 2 rows with timestamps", f"{count}", "Or declare a rate.")
        if abs(seconds[0]) > _LATEST:
            raise self.fail(
                "timestamps in seconds from the stream's own beginning",
                f"{seconds[0]:.0f} s in row 0",
                "Subtract the moment at which the recording began.",
            )
        return seconds

    @property
    def steps(self) -> NDArray[np.float64]:
        """The seconds that each row stands for."""
        if self.rate:
            return np.full(len(self.total), 1.0 / self.rate)
        return np.gradient(self.stamps)

    @property
    def on_clock(self) -> bool:
        """Whether the rows stand at moments."""
        return bool(self.rate) or len(self.stamps) > 0

    def clock_duration(self) -> float | None:
        if self.pending is not None:
            return self.pending.duration
        if self.rate:
            return len(self.total) / self.rate
        return float(self.stamps[-1]) if self.on_clock else None

    @property
    def offset(self) -> float:
        """The clock's second at which the stream begins."""
        return float(self.stream.options.get("offset", 0.0))

    def time(self, time: TimeMap) -> None:
        own = time.seen_from(self.offset)
        was = self.clock_duration() or 1.0
        self.pending = own if self.pending is None else self.pending.then(own)
        seconds = self.pending.duration
        rows = seconds * (self.rate or len(self.total) / max(was, 1e-9))
        self.require_room(rows * self.total.shape[-1], f"{seconds:.6g} s of rows")

    def read_at(self, values: NDArray[np.float64], time: TimeMap) -> Reading:
        """Values in the rows' form where the time map reads them; a stream's own seconds."""
        if self.rate:
            return read_cells(values, self.rate, time)
        reading = read_instants(values, self.stamps, time)
        if not len(reading.seconds):
            raise RefusalError(self.stream.name, "the time that is left has none of its rows")
        return reading

    def retime(self) -> Reading | None:
        """Carry out the time maps that wait: `total` and `stamps` become what is read."""
        if self.pending is None:
            return None
        time, self.pending = self.pending, None
        if time.is_identity:
            return None
        reading = self.read_at(self.total, time)
        if not self.rate:
            self._suspect_gap(reading)
        self.total = reading.values
        if not self.rate:
            self.stamps = reading.seconds
        return reading

    def _suspect_gap(self, reading: Reading) -> None:
        """Say of rows that are read in a hole of the recording that nobody measured them."""
        apart = np.diff(self.stamps)
        period, widest = float(np.median(apart)), float(apart.max())
        made = bool((np.abs(np.abs(reading.speed) - 1.0) > _STEADY).any())
        if made and widest > _GAP * period:
            after = float(self.stamps[int(apart.argmax())])
            self.suspect(
                "gap",
                f"its rows are {period:.3g} s apart, and {widest:.3g} s after {after:.3g} s: where "
                "time runs at another pace, rows there are read on a straight line. Make two "
                "samples of a recording that breaks off, or leave its pace",
            )

    @property
    def seconds(self) -> NDArray[np.float64]:
        """The clock's second of each row: the middle of its cell, or its instant."""
        own = (np.arange(len(self.total)) + 0.5) / self.rate if self.rate else self.stamps
        return np.asarray(own + self.offset)

    def blank(self, blank: Blank) -> None:
        """Readings in the spans are 0."""
        self.settle()
        self.total = np.where(blank.covers(self.seconds)[:, None], 0.0, self.total)

    def drop(self, drop: Drop) -> None:
        """All readings are 0; their moments stay."""
        self.settle()
        self.total = np.zeros_like(self.total)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Blend with the partner's rows of the same places, or let those of a span stand here.

        A shorter partner goes on with its last row.
        """
        assert isinstance(partner, TimedRowsCarrier)
        name = self.stream.name
        require_equal(name, "rows of", _columns(self.total), _columns(partner.total))
        require_equal(name, "rows with", _moments(self), _moments(partner))
        note_mix(self.notes, mix)
        if mix.kind != "span" or not self.on_clock:
            other = as_long(partner.total, len(self.total))
            self.total = self.total * (1.0 - mix.weight) + mix.weight * other
        elif self.rate:
            self.total = mixed_rows(self.total, partner.total, self.rate, mix, self.offset)
        else:
            self._splice(mix, partner)

    def _splice(self, mix: Mix, partner: TimedRowsCarrier) -> None:
        """The partner's rows of a span, with their own instants, in place of the own ones."""
        start, stop = (moment - self.offset for moment in mix.span)
        moved = partner.stamps + (start - mix.begin + self.offset)
        apart = (self.stamps < start) | (self.stamps >= stop)
        come = (moved >= start) & (moved < stop)
        stamps = np.concatenate([self.stamps[apart], moved[come]])
        order = np.argsort(stamps, kind="stable")
        if not len(order):
            raise RefusalError(self.stream.name, "the span leaves none of its rows")
        self.total = np.concatenate([self.total[apart], partner.total[come]])[order]
        self.stamps = stamps[order]

    def wrapped(self, came: Any, array: NDArray[Any]) -> Any:
        """The rows in the form in which they came: bare, or beside their timestamps."""
        if not isinstance(came, Mapping):
            return array
        stamps = came["timestamps"]
        if np.array_equal(stamps, self.stamps):
            return {**came, "array": array}
        if isinstance(stamps, np.ndarray):
            moved: Any = self.stamps.astype(stamps.dtype if stamps.dtype.kind == "f" else float)
        else:
            moved = type(stamps)(self.stamps.tolist())
        told = lengths_after(came, _lasting(np.asarray(stamps)), _lasting(self.stamps), self)
        return {**came, "array": array, "timestamps": moved, **told}


def _lasting(stamps: NDArray[Any]) -> Lasting:
    """How long rows at timestamps last, each until the next."""
    span = float(stamps[-1] - stamps[0]) if len(stamps) else 0.0
    return Lasting(span + usual_step(stamps), len(stamps))


def _columns(rows: NDArray[np.float64]) -> str:
    return f"{rows.shape[1]} columns"


def _moments(rows: TimedRowsCarrier) -> str:
    if rows.rate:
        return f"a rate of {rows.rate:g} Hz"
    return "timestamps" if rows.on_clock else "no moments"
