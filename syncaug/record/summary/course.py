"""The course of a run: its levels, and the streams that it dropped, by epochs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.record.model import Record

__all__ = ["STAGES", "Course", "Level", "Stage", "drops_as_json"]

STAGES = 64
"""So many stages there are at most; more epochs are taken together by powers of two."""


@dataclass(slots=True)
class Level:
    """Severity or progress of a stage: its mean and its ends."""

    least: float = math.inf
    greatest: float = -math.inf
    total: float = 0.0

    def add(self, value: float) -> None:
        """Count one result."""
        self._take(value, value, value)

    def merge(self, other: Level) -> None:
        """Count what another has counted."""
        self._take(other.least, other.greatest, other.total)

    def _take(self, least: float, greatest: float, total: float) -> None:
        self.least, self.greatest = min(self.least, least), max(self.greatest, greatest)
        self.total += total

    def as_json(self, count: int) -> dict[str, float]:
        """The numbers of so many results."""
        return {"mean": self.total / count, "least": self.least, "greatest": self.greatest}


@dataclass(slots=True)
class Stage:
    """Epochs that are told together, the last one included.

    `dropped` counts by stream the results in which it shows nothing, `at_once` how many results
    lack so many streams.
    """

    first: int
    last: int
    results: int = 0
    severity: Level = field(default_factory=Level)
    progress: Level = field(default_factory=Level)
    dropped: Counter[str] = field(default_factory=Counter)
    at_once: Counter[int] = field(default_factory=Counter)

    def add(self, record: Record) -> None:
        """Count one result."""
        gone = [name for name, notes in record.notes.items() if notes.get("out")]
        self.results += 1
        self.severity.add(record.draw.severity)
        self.progress.add(record.draw.progress)
        self.dropped.update(gone)
        self.at_once[len(gone)] += 1

    def merge(self, other: Stage) -> None:
        """Count what another has counted, and tell its epochs, too."""
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.results += other.results
        self.severity.merge(other.severity)
        self.progress.merge(other.progress)
        self.dropped.update(other.dropped)
        self.at_once.update(other.at_once)

    def as_json(self) -> dict[str, Any]:
        return {
            "epochs": [self.first, self.last],
            "results": self.results,
            "severity": self.severity.as_json(self.results),
            "progress": self.progress.as_json(self.results),
            **drops_as_json(self.dropped, self.at_once),
        }


def drops_as_json(dropped: Mapping[str, int], at_once: Mapping[int, int]) -> dict[str, Any]:
    """Both counts as plain data, in an order that does not depend on that of the records."""
    return {
        "dropped": {name: dropped[name] for name in sorted(dropped)},
        "dropped_at_once": {str(number): at_once[number] for number in sorted(at_once)},
    }


class Course:
    """The stages of a run in constant memory, the same in whatever order records come."""

    __slots__ = ("_stages", "_width")

    def __init__(self) -> None:
        self._stages: dict[int, Stage] = {}
        self._width = 1

    def add(self, record: Record) -> None:
        """Count one result."""
        epoch = record.draw.epoch
        place = epoch // self._width
        if place not in self._stages:
            self._stages[place] = Stage(epoch, epoch)
        stage = self._stages[place]
        stage.first, stage.last = min(stage.first, epoch), max(stage.last, epoch)
        stage.add(record)
        self._fit()

    def merge(self, other: Course) -> None:
        """Count what another has counted."""
        while self._width < other._width:
            self._widen()
        for stage in other:
            self._put(stage)
        self._fit()

    def __iter__(self) -> Iterator[Stage]:
        """The stages in the order of their epochs."""
        return (self._stages[place] for place in sorted(self._stages))

    def whole(self) -> Stage:
        """All stages as one; there is at least one."""
        first, *others = self
        out = Stage(first.first, first.last)
        for stage in (first, *others):
            out.merge(stage)
        return out

    def _fit(self) -> None:
        while len(self._stages) > STAGES:
            self._widen()

    def _widen(self) -> None:
        stages, self._stages = list(self), {}
        self._width *= 2
        for stage in stages:
            self._put(stage)

    def _put(self, stage: Stage) -> None:
        place = stage.first // self._width
        if place not in self._stages:
            self._stages[place] = Stage(stage.first, stage.last)
        self._stages[place].merge(stage)
