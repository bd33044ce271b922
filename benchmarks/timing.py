"""How the benchmarks measure: contestants take turns, and ratios are taken within a round.

On a shared machine the speed of everything drifts by tens of percent from one second to the next.
So every round gives each contestant a short turn, forwards and backwards in alternation; a ratio
or a difference is taken within each round, where both met the same conditions; and the median over
the rounds is reported with its quartiles. Absolute times are medians too, and less trustworthy.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from statistics import median, quantiles
from time import perf_counter
from typing import Any

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # it asks the network when imported

__all__ = ["Goal", "Race", "Report", "Spread", "main", "race"]

_LIBRARIES = (
    "syncaug",
    "numpy",
    "opencv-python-headless",
    "albumentations",
    "audiomentations",
    "nlpaug",
    "open3d-cpu",
    "pydantic",
)


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of many rounds and its quartiles."""

    middle: float
    low: float
    high: float

    @staticmethod
    def of(values: Sequence[float]) -> Spread:
        """The spread of at least two values."""
        low, _, high = quantiles(values, n=4)
        return Spread(median(values), low, high)

    def over(self, divisor: float) -> Spread:
        """The same in a larger unit."""
        return Spread(self.middle / divisor, self.low / divisor, self.high / divisor)

    def text(self, digits: int = 2) -> str:
        """For example `4.10 (3.98-4.22)`."""
        return f"{self.middle:.{digits}f} ({self.low:.{digits}f}-{self.high:.{digits}f})"


@dataclass(frozen=True, slots=True)
class Race:
    """Seconds per call of each contestant, round by round; the first is the reference."""

    title: str
    seconds: Mapping[str, tuple[float, ...]]

    def time(self, name: str) -> Spread:
        """Microseconds per call."""
        return Spread.of([1e6 * value for value in self.seconds[name]])

    def faster(self, name: str, than: str) -> Spread:
        """How many times faster `name` is `than` another, within each round."""
        pairs = zip(self.seconds[than], self.seconds[name], strict=True)
        return Spread.of([slow / fast for slow, fast in pairs])

    def excess(self, name: str, over: str) -> Spread:
        """By how many microseconds `name` takes longer than another, within each round."""
        pairs = zip(self.seconds[name], self.seconds[over], strict=True)
        return Spread.of([1e6 * (long - short) for long, short in pairs])

    def lines(self) -> list[str]:
        """The race as a table."""
        reference = next(iter(self.seconds))
        width = max(map(len, self.seconds))
        out = [f"  {self.title}", f"    {'':{width}}  {'microseconds':>24}  {'times faster':>20}"]
        for name in self.seconds:
            ratio = "1 (the reference)"
            if name != reference:
                ratio = self.faster(name, reference).text()
            out.append(f"    {name:{width}}  {self.time(name).text(1):>24}  {ratio:>20}")
        return out

    def as_json(self) -> dict[str, Any]:
        reference = next(iter(self.seconds))
        contestants = {
            name: {
                "microseconds": asdict(self.time(name)),
                "times_faster": asdict(self.faster(name, reference)),
            }
            for name in self.seconds
        }
        return {"title": self.title, "reference": reference, "contestants": contestants}


@dataclass(frozen=True, slots=True)
class Goal:
    """A measured number and what was aimed at: at least, or at most, `aim`."""

    name: str
    measured: Spread
    aim: float
    unit: str = "x"
    at_least: bool = True

    @property
    def met(self) -> bool:
        """Whether the median reaches the aim."""
        return (self.measured.middle >= self.aim) is self.at_least

    def line(self) -> str:
        bound = "at least" if self.at_least else "at most"
        verdict = "met" if self.met else "MISSED"
        digits = 2 if self.unit == "x" else 1
        measured = f"{self.measured.text(digits)} {self.unit}"
        return f"  {self.name}: {measured}; aim {bound} {self.aim:g} {self.unit}: {verdict}"


@dataclass(slots=True)
class Report:
    """What a benchmark found: checks made before timing, races, goals and other numbers."""

    title: str
    checked: list[str] = field(default_factory=list)
    races: list[Race] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def check(self, holds: bool, what: str) -> None:
        """Remember a comparison of results. Raises AssertionError where it does not hold."""
        if not holds:
            raise AssertionError(f"the contestants differ: {what}")
        self.checked.append(what)

    def print(self) -> None:
        print(self.title)
        for what in self.checked:
            print(f"  checked: {what}")
        for result in self.races:
            print(*result.lines(), sep="\n")
        for note in self.notes:
            print(f"  {note}")
        for goal in self.goals:
            print(goal.line())

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "machine": _machine(),
            "checked": self.checked,
            "races": [result.as_json() for result in self.races],
            "notes": self.notes,
            "goals": [{**asdict(goal), "met": goal.met} for goal in self.goals],
        }


def race(
    title: str,
    contestants: Mapping[str, Callable[[], object]],
    *,
    rounds: int = 60,
    turn: float = 0.02,
) -> Race:
    """Let the contestants take turns of about `turn` seconds, `rounds` times each."""
    calls = {name: _calls_in(turn, work) for name, work in contestants.items()}
    order = list(contestants)
    seconds: dict[str, list[float]] = {name: [] for name in order}
    gc.collect()
    gc.freeze()  # what the libraries have built is no garbage of the contestants
    for number in range(rounds):
        for name in order if number % 2 == 0 else reversed(order):
            seconds[name].append(_turn(contestants[name], calls[name]))
    gc.unfreeze()
    return Race(title, {name: tuple(values) for name, values in seconds.items()})


def _turn(work: Callable[[], object], calls: int) -> float:
    begin = perf_counter()
    for _ in range(calls):
        work()
    return (perf_counter() - begin) / calls


def _calls_in(turn: float, work: Callable[[], object]) -> int:
    """How many calls fill a turn, after a first call that may build what is built once."""
    work()
    once = min(_turn(work, 1) for _ in range(3))
    return max(1, round(turn / max(once, 1e-7)))


def _machine() -> dict[str, Any]:
    libraries: dict[str, str] = {}
    for name in _LIBRARIES:
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "libraries": libraries,
    }


def main(measure: Callable[[int], Report], *, rounds: int = 60) -> None:
    """The command line of a benchmark: `--json` and `--rounds N`."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--rounds", type=int, default=rounds, help="more are steadier and slower")
    options = parser.parse_args()
    report = measure(max(2, options.rounds))
    if options.json:
        print(json.dumps(report.as_json(), indent=2))
    else:
        report.print()
