"""Single values inside a cue, moved with its clock: spans, lengths, moments, rows of moments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from syncaug.kernels.cue_keys import LENGTHS, MILLISECONDS, MOMENTS, TICKS
from syncaug.kernels.inner_forms import EXACT, NEAR, CueSpan, is_number, like, names_times, snake

__all__ = ["Gone", "Mover", "MovingSpan", "UnmovableTimes"]

_STEPS = 33
"""Moments of a cue at which its pace is measured."""
_STEADY = 1e-3
Mover = Callable[[float, float], "tuple[float, float] | None"]
"""From a span of a cue to where it is after a change; None where it is no longer spoken."""


class UnmovableTimes(ValueError):
    """A cue holds times in a form that cannot be moved; `key` says where."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


class Gone(Exception):
    """What is looked at is no longer spoken."""


@dataclass(frozen=True, slots=True)
class MovingSpan(CueSpan):
    """A cue that moves to `new`, and what is spoken in it by `move`.

    Every method raises UnmovableTimes of its `key` where a value holds times that cannot be moved.
    """

    move: Mover
    new: tuple[float, float]

    def length(
        self,
        key: str,
        value: Any,
        span: tuple[float, float] | None,
        new: tuple[float, float] | None,
    ) -> Any:
        """How long something lasts, which went from `span` to `new`, where these are known."""
        unit = LENGTHS.get(key, 1000.0 if MILLISECONDS.search(key) else 1.0)
        if span is not None and new is not None:
            before, after = span[1] - span[0], new[1] - new[0]
            if abs(value / unit - before) <= 1e-3 + 0.01 * before:
                return like(value, after * unit)
            if abs(after - before) < 1e-9:
                return value  # time goes on at its pace
            if key not in LENGTHS and value / unit > before:
                if isinstance(value, int) and self._inside_length(value / TICKS, before):
                    raise UnmovableTimes(key)
                return value  # of something longer than the cue
        if key.startswith("len"):
            return value  # of something else, such as letters
        raise UnmovableTimes(key)

    def rate(self, key: str, value: Any) -> Any:
        """What is counted in a minute or a second: at the pace at which the cue is spoken now."""
        moments = np.linspace(*self.span, _STEPS).tolist()
        places = [self.move(moment, moment) for moment in moments]
        steps = [
            (later - sooner, abs(place[0] - before[0]))
            for sooner, later, before, place in zip(
                moments, moments[1:], places, places[1:], strict=False
            )
            if before is not None and place is not None
        ]
        was, now = (sum(lengths) for lengths in zip(*steps, strict=True)) if steps else (0.0, 0.0)
        if was <= 0.0 or now <= 0.0:
            raise UnmovableTimes(key)
        return value if abs(was / now - 1.0) < _STEADY else like(value, value * was / now)

    @staticmethod
    def _inside_length(seconds: float, length: float) -> bool:
        return 0.01 <= seconds <= length + NEAR

    def pair(self, pair: tuple[Any, Any], unit: float, key: str) -> tuple[Any, Any]:
        """Two ends of a span, moved; the second may be open."""
        start, end = pair
        if not is_number(start) or not (end is None or is_number(end)):
            raise UnmovableTimes(key)
        last = self.span[1] if end is None else end / unit
        if not self.inside(start / unit, last, NEAR):
            raise UnmovableTimes(key)
        moved = self.move(start / unit, last)
        if moved is None:
            raise Gone
        return like(start, moved[0] * unit), None if end is None else like(end, moved[1] * unit)

    def row(self, key: str, value: Any) -> Any:
        """Bare moments or pairs under a name of times: moved, if all of them remain."""
        try:
            numbers = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise UnmovableTimes(key) from None
        if not names_times(snake(key)) or not (
            numbers.ndim == 1 or (numbers.ndim == 2 and numbers.shape[1] == 2)
        ):
            raise UnmovableTimes(key)
        if isinstance(value, np.ndarray) and value.dtype.kind != "f":
            raise UnmovableTimes(key)
        rows = numbers if numbers.ndim == 2 else np.stack([numbers, numbers], axis=1)
        moved: list[tuple[float, float]] = []
        for start, end in rows.tolist():
            place = self.move(start, end) if self.inside(start, end, NEAR) else None
            if place is None:
                raise UnmovableTimes(key)
            moved.append(place)
        places = np.array(moved) if numbers.ndim == 2 else np.array(moved)[:, 0]
        if isinstance(value, np.ndarray):
            return places.astype(value.dtype)
        if numbers.ndim == 1:
            return type(value)(places.tolist())
        return type(value)(
            type(row)(place) for row, place in zip(value, places.tolist(), strict=True)
        )

    def moment(self, key: str, second: float, value: Any) -> Any:
        """A number under a name of times: one of the cue's moments moves, others are none of it."""
        unit = 1000.0 if MILLISECONDS.search(key) else 1.0
        if not self.inside(second / unit, second / unit, EXACT):
            ticks = second / TICKS if key.lower() == "offset" else 0.0
            if ticks >= 0.01 and self.inside(ticks, ticks, EXACT):
                raise UnmovableTimes(key)
            return value
        if unit == 1.0 and key not in MOMENTS and not isinstance(value, float | np.floating):
            return value  # it counts
        moved = self.move(second / unit, second / unit)
        if moved is None:
            raise UnmovableTimes(key)
        return like(value, moved[0] * unit)
