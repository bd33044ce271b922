"""Schedules: how severity or progress goes with the epochs of a training.

    policy = load_policy("pets.yaml").with_severity(linear(0.1, 0.9, epochs=30))
    policy = policy.with_progress(cosine(0.0, 1.0, epochs=30))

A schedule is a function of the epoch, so that every loader and worker draws by the same level, and
records hold it.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable

from syncaug.arguments import share_of, whole_of
from syncaug.shared import SharedBytes

__all__ = ["ByScore", "Cosine", "Linear", "Schedule", "Steps", "cosine", "linear", "steps"]


@runtime_checkable
class Schedule(Protocol):
    """A level from 0 to 1 for each epoch."""

    def at(self, epoch: int) -> float:
        """The level of an epoch."""
        ...

    def as_json(self) -> dict[str, Any]:
        """What it is, as plain data."""
        ...


@dataclass(frozen=True, slots=True)
class Linear:
    """From `first` at epoch 0 to `last` at epoch `epochs - 1`, then that."""

    first: float
    last: float
    epochs: int

    def at(self, epoch: int) -> float:
        """The level of an epoch."""
        return self.first + (self.last - self.first) * _way(epoch, self.epochs)

    def as_json(self) -> dict[str, Any]:
        """What it is, as plain data."""
        return {"linear": asdict(self)}


@dataclass(frozen=True, slots=True)
class Cosine:
    """As `Linear`, slow at both ends: half a wave of a cosine (Loshchilov and Hutter, 2017)."""

    first: float
    last: float
    epochs: int

    def at(self, epoch: int) -> float:
        """The level of an epoch."""
        way = (1.0 - math.cos(math.pi * _way(epoch, self.epochs))) / 2.0
        return self.first + (self.last - self.first) * way

    def as_json(self) -> dict[str, Any]:
        """What it is, as plain data."""
        return {"cosine": asdict(self)}


@dataclass(frozen=True, slots=True)
class Steps:
    """Levels that hold from an epoch on, in the order of their epochs; the first from epoch 0."""

    levels: tuple[tuple[int, float], ...]

    def at(self, epoch: int) -> float:
        """The level of an epoch."""
        return next(level for first, level in reversed(self.levels) if first <= epoch)

    def as_json(self) -> dict[str, Any]:
        """What it is, as plain data."""
        return {"steps": [list(pair) for pair in self.levels]}


def linear(first: float, last: float, *, epochs: int) -> Linear:
    """A level that grows, or falls, evenly over so many epochs. Raises ValueError, SampleError.

    >>> [linear(0.0, 1.0, epochs=3).at(epoch) for epoch in (0, 1, 2, 9)]
    [0.0, 0.5, 1.0, 1.0]
    """
    return Linear(share_of("first", first), share_of("last", last), _epochs(epochs))


def cosine(first: float, last: float, *, epochs: int) -> Cosine:
    """A level that goes from one to another along half a wave. Raises ValueError, SampleError.

    >>> [round(cosine(0.0, 1.0, epochs=5).at(epoch), 3) for epoch in range(5)]
    [0.0, 0.146, 0.5, 0.854, 1.0]
    """
    return Cosine(share_of("first", first), share_of("last", last), _epochs(epochs))


def steps(levels: Mapping[int, float]) -> Steps:
    """Levels by the epoch from which on they hold; one of them from 0 on. Raises ValueError.

    >>> hard = steps({0: 0.2, 10: 0.5})
    >>> hard.at(9), hard.at(10)
    (0.2, 0.5)
    """
    if not isinstance(levels, Mapping):
        raise ValueError(f"levels: expected a mapping such as {{0: 0.2, 10: 0.5}}; got {levels!r}")
    found = sorted(
        (whole_of("epoch", epoch, "an integer from 0 on", least=0), share_of("level", level))
        for epoch, level in levels.items()
    )
    if not found or found[0][0] != 0:
        raise ValueError(f"levels: expected one from epoch 0 on; got {dict(levels)!r}")
    return Steps(tuple(found))


_ENTRY = struct.Struct("<qd")
_MOST = 4096
"""Changes that one training may see."""
_EMPTY = _ENTRY.pack(-1, 0.0)


class ByScore:
    """A level that grows when the validation score has stopped growing.

    The level begins at `first`. `told(epoch, score)` after the validation of an epoch: once the
    best score is `patience` epochs old, the level is `step` higher from the next epoch on, at most
    `last`. Set `higher=False` where a lower score is better. Workers that stay see each change.
    `state_dict` and `load_state_dict` go with a checkpoint.

    >>> level = ByScore(0.2, 0.8, step=0.3, patience=1)
    >>> for epoch, score in enumerate([0.5, 0.6, 0.6]):
    ...     level.told(epoch, score)
    >>> [level.at(epoch) for epoch in range(4)]
    [0.2, 0.2, 0.2, 0.5]
    """

    def __init__(
        self, first: float, last: float, *, step: float, patience: int = 1, higher: bool = True
    ) -> None:
        self.first, self.last = share_of("first", first), share_of("last", last)
        self.step, self.higher = share_of("step", step), higher
        if self.first > self.last or not self.step:
            raise ValueError(
                "first, last and step: expected a level that grows, by a step above 0; got "
                f"{first!r}, {last!r} and {step!r}"
            )
        self.patience = whole_of("patience", patience, "an integer from 1 on", least=1)
        self._best: float | None = None
        self._since = self._count = 0
        self._bytes = SharedBytes(_EMPTY * _MOST)
        self._set(0, self.first)

    def told(self, epoch: int, score: float) -> None:
        """Learn the validation score of an epoch. Raises ValueError for one that is no number."""
        epoch = whole_of("epoch", epoch, "an integer from 0 on", least=0)
        given: Any = score
        if not hasattr(given, "__float__") or not math.isfinite(given):
            raise ValueError(f"score: expected a finite number; got {score!r}")
        better = self._best is None or ((score > self._best) == self.higher and score != self._best)
        if better:
            self._best, self._since = float(score), 0
            return
        self._since += 1
        now = self.at(epoch)
        if self._since >= self.patience and now < self.last:
            self._since = 0
            self._set(epoch + 1, min(self.last, now + self.step))

    def at(self, epoch: int) -> float:
        """The level of an epoch, by all that was told before it."""
        level = self.first
        for first, value in _ENTRY.iter_unpack(self._bytes.data):
            if first < 0 or first > epoch:
                break
            level = value
        return level

    def _set(self, epoch: int, level: float) -> None:
        if self._count >= _MOST:
            raise ValueError(f"levels: expected at most {_MOST} changes")
        self._bytes.write(_ENTRY.pack(epoch, round(level, 12)), at=self._count * _ENTRY.size)
        self._count += 1

    def as_json(self) -> dict[str, Any]:
        """What it is and what it has become, as plain data."""
        told = {"first": self.first, "last": self.last, "step": self.step}
        told |= {"patience": self.patience, "higher": self.higher}
        return {"by_score": told | self.state_dict()}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.as_json()['by_score']}>"

    def state_dict(self) -> dict[str, Any]:
        """The levels so far, and what decides the next one."""
        entries = list(_ENTRY.iter_unpack(self._bytes.data))[: self._count]
        return {"levels": [list(e) for e in entries], "best": self._best, "since": self._since}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state. Raises ValueError for what is none, and stays as it was."""
        try:
            levels = [(int(epoch), share_of("level", level)) for epoch, level in state["levels"]]
            best, since = state["best"], int(state["since"])
            best = None if best is None else float(best)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"state: expected what state_dict gives; got {state!r}") from error
        if not levels or len(levels) > _MOST:
            raise ValueError(f"state: expected 1 to {_MOST} levels; got {len(levels)}")
        self._bytes.write(_EMPTY * _MOST)
        self._count = 0
        for epoch, level in levels:
            self._set(epoch, level)
        self._best, self._since = best, since


def _way(epoch: int, epochs: int) -> float:
    return min(1.0, epoch / (epochs - 1)) if epochs > 1 else 1.0


def _epochs(epochs: int) -> int:
    return whole_of("epochs", epochs, "an integer from 1 on", least=1)
