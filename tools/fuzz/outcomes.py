"""What came of many odd inputs: counts, failures with the input that shows them, the slowest."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Failure", "Tally", "tell", "tried"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An input for which something came that may not come."""

    case: str
    came: str


@dataclass(slots=True)
class Tally:
    """The outcomes of one run; tallies of several processes add up."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, case: str, outcome: str, seconds: float) -> None:
        """Count one outcome."""
        self.outcomes[outcome] += 1
        self.slowest = max(self.slowest, (seconds, case))

    def fail(self, case: str, came: str) -> None:
        """Remember an input that failed."""
        self.outcomes["FAILED"] += 1
        self.failures.append(Failure(case, came))

    def __iadd__(self, other: Tally) -> Tally:
        self.outcomes += other.outcomes
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)
        return self


def tried(
    cases: Iterable[tuple[str, Any]],
    outcome: Callable[[Any], str],
    *,
    seconds: float = 60.0,
) -> Tally:
    """Let `outcome` look at every (name, input); what it raises is a failure, so is a slow case.

    `outcome` returns a few words for what came as it should: a result, or an error of ours.
    """
    tally = Tally()
    for name, given in cases:
        start = time.perf_counter()
        try:
            came = outcome(given)
        except Exception as error:
            tally.fail(name, f"{type(error).__name__}: {str(error)[:300]}")
            continue
        spent = time.perf_counter() - start
        tally.add(name, came, spent)
        if spent > seconds:
            tally.fail(name, f"took {spent:.1f} s")
    return tally


def tell(kind: str, tally: Tally, *, show: int = 20) -> int:
    """Print a tally; the exit code, 1 where something failed."""
    total = sum(count for name, count in tally.outcomes.items())
    print(f"{kind}: {total} inputs")
    for name, count in sorted(tally.outcomes.items(), key=lambda item: -item[1]):
        print(f"  {count:8d}  {name}")
    seconds, case = tally.slowest
    print(f"  slowest {seconds:.2f} s: {case[:120]}")
    for failure in tally.failures[:show]:
        print(f"  FAILED {failure.case[:400]}\n      {failure.came}")
    if len(tally.failures) > show:
        print(f"  and {len(tally.failures) - show} more")
    return 1 if tally.failures else 0
