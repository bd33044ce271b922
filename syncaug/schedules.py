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
        held = (level for first, level in reversed(self.levels) if first <= epoch)
        return next(held, self.levels[0][1])

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
"""An epoch, and the level from then on."""
_HEAD = struct.Struct("<qdq")
"""How many entries there are, the best score (NaN before the first), and how old it is."""
_MOST = 4096
"""Changes that one training may see."""


class ByScore:
    """A level that grows when the validation score has stopped growing.

    The level begins at `first`. `told(epoch, score)` after the validation of an epoch: once the
    best score is `patience` epochs old, the level is `step` higher from the next epoch on, at most
    `last`. Set `higher=False` where a lower score is better. Workers that stay see each change.
    `state_dict` and `load_state_dict` go with a checkpoint. `copy.deepcopy` of it, or of what holds
    it, learns for itself from then on.

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
        self._bytes = SharedBytes(b"\0" * (_HEAD.size + _MOST * _ENTRY.size))
        self._write([(0, self.first)], None, 0)

    def told(self, epoch: int, score: float) -> None:
        """Learn the validation score of an epoch, in the order of epochs.

        Raises ValueError for one that is no number, and for an epoch before the last rise.
        """
        epoch = whole_of("epoch", epoch, "an integer from 0 on", least=0)
        score = _score(score)
        levels, best, since = self._known()
        rise = levels[-1][0] - 1
        if epoch < rise:
            raise ValueError(
                f"epoch: expected one from {rise} on, after which the level has grown; got {epoch}."
                " Load the state of the checkpoint that the training goes on from, or begin with a "
                "new ByScore."
            )
        if best is None or ((score > best) == self.higher and score != best):
            best, since = score, 0
        else:
            since, now = since + 1, self.at(epoch)
            if since >= self.patience and now < self.last:
                since = 0
                levels.append((epoch + 1, round(min(self.last, now + self.step), 12)))
        self._write(levels, best, since)

    def at(self, epoch: int) -> float:
        """The level of an epoch, by all that was told before it."""
        level = self.first
        for first, value in self._known()[0]:
            if first > epoch:
                break
            level = value
        return level

    def _known(self) -> tuple[list[tuple[int, float]], float | None, int]:
        """The levels with their first epochs, the best score, and how old it is, now."""
        data = self._bytes.data
        count, best, since = _HEAD.unpack_from(data)
        entries = data[_HEAD.size : _HEAD.size + count * _ENTRY.size]
        return list(_ENTRY.iter_unpack(entries)), None if math.isnan(best) else best, since

    def _write(self, levels: list[tuple[int, float]], best: float | None, since: int) -> None:
        """Tell all processes; the count comes last, so that none reads a level half written."""
        if len(levels) > _MOST:
            raise ValueError(f"levels: expected at most {_MOST} changes; got {len(levels)}")
        told = b"".join(_ENTRY.pack(*entry) for entry in levels)
        head = _HEAD.pack(len(levels), math.nan if best is None else best, since)
        self._bytes.write(told, at=_HEAD.size)
        self._bytes.write(head)

    def as_json(self) -> dict[str, Any]:
        """What it is and what it has become, as plain data."""
        told = {"first": self.first, "last": self.last, "step": self.step}
        told |= {"patience": self.patience, "higher": self.higher}
        return {"by_score": told | self.state_dict()}

    def __deepcopy__(self, memo: dict[int, Any]) -> ByScore:
        other = object.__new__(type(self))
        memo[id(self)] = other
        other.__dict__.update({k: v for k, v in vars(self).items() if k != "_bytes"})
        other._bytes = SharedBytes(self._bytes.data)
        return other

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.as_json()['by_score']}>"

    def state_dict(self) -> dict[str, Any]:
        """The levels so far, and what decides the next one."""
        levels, best, since = self._known()
        return {"levels": [list(entry) for entry in levels], "best": best, "since": since}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state. Raises ValueError for what is none, and stays as it was."""
        try:
            levels = [(int(epoch), share_of("level", level)) for epoch, level in state["levels"]]
            best, since = state["best"], int(state["since"])
            best = None if best is None else float(best)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"state: expected what state_dict gives; got {state!r}") from error
        if not levels:
            raise ValueError("state: expected at least one level; got none")
        if levels[0][0] != 0 or levels != sorted(levels, key=lambda entry: entry[0]):
            raise ValueError(f"state: expected levels by epoch, from 0 on; got {levels}")
        if since < 0 or (best is not None and not math.isfinite(best)):
            raise ValueError(f"state: expected what state_dict gives; got {state!r}")
        self._write(levels, best, since)


def _score(given: Any) -> float:
    """A score as a number, also of a tensor. Raises ValueError."""
    given = given.detach() if hasattr(given, "detach") else given
    try:
        score = float(given) if hasattr(given, "__float__") else math.nan
    except (TypeError, ValueError, RuntimeError):  # an array of several
        score = math.nan
    if not math.isfinite(score):
        raise ValueError(f"score: expected a finite number; got {given!r}"[:200])
    return score


def _way(epoch: int, epochs: int) -> float:
    return min(1.0, max(0.0, epoch / (epochs - 1))) if epochs > 1 else 1.0


def _epochs(epochs: int) -> int:
    return whole_of("epochs", epochs, "an integer from 1 on", least=1)
