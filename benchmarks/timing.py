"""How the benchmarks measure: contestants take turns of a millisecond, single calls are timed.

A turn of 20 ms holds several quanta of the scheduler as soon as another process runs, and then
times double while ratios survive. So a turn lasts at most a millisecond (or one call, where a call
is longer), contestants follow each other forwards and backwards in alternation, and every call is
timed by itself. Quoted is the tenth percentile of the single calls: what a call takes when nobody
interrupts it. A call of more than a few milliseconds is always interrupted on a busy machine: of
those that run in one thread the CPU time is quoted. Beside the ratio stand the ratio of medians
within each round, with its quartiles, and the ratio of CPU times (of the thread, or of the process
where a library may use several threads).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter, perf_counter_ns, process_time_ns, thread_time_ns
from typing import Any, Protocol

__all__ = [
    "Contestant",
    "Local",
    "Race",
    "Ratio",
    "Spread",
    "Turn",
    "fastest_turns",
    "low",
    "one_thread",
    "race",
    "take_turn",
]

TURN = 0.001
"""Seconds of a turn at most, unless one call is longer."""
FEWEST = 3
"""Rounds at least, however short the time."""
LONG = 0.003
"""Seconds from which on the CPU time of one thread is quoted."""
_TRIES, _WARM = 10, 0.05
"""How often a contestant is tried before it is sized, or for how many seconds at most."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds of each call of one turn, and CPU seconds of a call in their mean."""

    wall: tuple[float, ...]
    cpu: float


class Contestant(Protocol):
    """Something that takes turns: a function of this process, or one of another."""

    def turn(self, calls: int) -> Turn:
        """Make so many calls."""
        ...


@dataclass(frozen=True, slots=True)
class Local:
    """A function of this process. `threads` counts the CPU time of all threads."""

    work: Callable[[], object]
    threads: bool = False

    def turn(self, calls: int) -> Turn:
        return take_turn(self.work, calls, threads=self.threads)


def take_turn(work: Callable[[], object], calls: int, *, threads: bool) -> Turn:
    """Call so many times; each call's wall time and the mean CPU time."""
    cpu_clock = process_time_ns if threads else thread_time_ns
    wall = []
    cpu = cpu_clock()
    for _ in range(calls):
        begin = perf_counter_ns()
        work()
        wall.append(1e-9 * (perf_counter_ns() - begin))
    return Turn(tuple(wall), 1e-9 * (cpu_clock() - cpu) / calls)


def low(values: Sequence[float]) -> float:
    """The tenth percentile; of few values nearly the least."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 10]


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of many rounds and its quartiles."""

    middle: float
    low: float
    high: float

    @staticmethod
    def of(values: Sequence[float]) -> Spread:
        """The spread of at least two values."""
        below, _, above = quantiles(values, n=4, method="inclusive")
        return Spread(median(values), below, above)


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long one takes as another."""

    value: float
    """Of the tenth percentiles of single calls; of CPU times where calls of one thread are long."""
    paired: Spread
    """Of the medians within one round."""
    cpu: float
    """Of the tenth percentiles of CPU time."""


@dataclass(frozen=True, slots=True)
class Race:
    """All turns of all contestants, round by round; the first is the reference."""

    title: str
    turns: Mapping[str, tuple[Turn, ...]]
    threads: bool = False

    def calls(self, name: str) -> list[float]:
        """Seconds of each single call."""
        return [seconds for turn in self.turns[name] for seconds in turn.wall]

    def seconds(self, name: str) -> float:
        """The tenth percentile of single calls."""
        return low(self.calls(name))

    def cpu(self, name: str) -> float:
        """The tenth percentile of CPU seconds, turn by turn."""
        return low([turn.cpu for turn in self.turns[name]])

    def quoted(self, name: str) -> float:
        """Seconds of a call: p10, or CPU time where a call of one thread is long."""
        long = not self.threads and self.cpu(name) > LONG
        return self.cpu(name) if long else self.seconds(name)

    def ratio(self, slow: str, fast: str) -> Ratio:
        """How many times as long `slow` takes as `fast`."""
        pairs = zip(self.turns[slow], self.turns[fast], strict=True)
        cpu = self.cpu(slow) / max(self.cpu(fast), 1e-9)
        long = not self.threads and max(self.cpu(slow), self.cpu(fast)) > LONG
        return Ratio(
            cpu if long else self.seconds(slow) / self.seconds(fast),
            Spread.of([median(one.wall) / median(other.wall) for one, other in pairs]),
            cpu,
        )

    def as_json(self) -> dict[str, Any]:
        """Microseconds, rounded to what they are worth."""
        return {
            "title": self.title,
            "contestants": {
                name: {
                    "p10_us": _rounded(1e6 * self.seconds(name)),
                    "median_us": _rounded(1e6 * median(self.calls(name))),
                    "cpu_us": _rounded(1e6 * self.cpu(name)),
                    "calls": len(self.calls(name)),
                }
                for name in self.turns
            },
        }


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def race(
    title: str,
    contestants: Mapping[str, Callable[[], object] | Contestant],
    *,
    seconds: float,
    turn: float = TURN,
    threads: bool = False,
) -> Race:
    """Let the contestants take turns for about so many seconds, three rounds at least.

    `threads` says that they may use several: CPU time is then that of the process.
    """
    players: dict[str, Contestant] = {
        name: Local(each, threads) if callable(each) else each for name, each in contestants.items()
    }
    calls = {name: _calls_in(turn, player) for name, player in players.items()}
    turns: dict[str, list[Turn]] = {name: [] for name in players}
    order = list(players)
    with _tidy():
        end = perf_counter() + seconds
        rounds = 0
        while rounds < FEWEST or perf_counter() < end:
            for name in order if rounds % 2 == 0 else reversed(order):
                turns[name].append(players[name].turn(calls[name]))
            rounds += 1
    return Race(title, {name: tuple(all_of) for name, all_of in turns.items()}, threads)


def _calls_in(turn: float, player: Contestant) -> int:
    """How many calls fill a turn, after some that build what is built once.

    The fastest of several calls counts: one that is interrupted would make turns too short.
    """
    fastest = float("inf")
    begin = perf_counter()
    for number in range(_TRIES):
        fastest = min(fastest, *player.turn(2).wall)
        if number > 0 and perf_counter() - begin > _WARM:
            break
    return max(1, int(turn / max(fastest, 1e-7)))


@contextmanager
def _tidy() -> Iterator[None]:
    """What the libraries have built is no garbage of the contestants."""
    already = gc.get_freeze_count()
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        if not already:
            gc.unfreeze()


@contextmanager
def one_thread() -> Iterator[None]:
    """OpenCV in one thread, as in a loader's worker."""
    import cv2

    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def fastest_turns(
    works: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float]
) -> dict[str, float]:
    """Seconds of the fastest turn of each, of long works that take turns."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            begin = clock()
            work()
            best[name] = min(best[name], clock() - begin)
    return best
