"""What a benchmark finds: results compared before timing, races, and numbers with their aims."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.timing import Race, Ratio, Spread

__all__ = ["ROOT", "Goal", "Report", "Run", "commit", "machine"]

ROOT = Path(__file__).resolve().parent.parent
_LIBRARIES = (
    "numpy",
    "opencv-python-headless",
    "albumentations",
    "audiomentations",
    "nlpaug",
    "open3d-cpu",
    "soxr",
    "torch",
    "pydantic",
)


@dataclass(frozen=True, slots=True)
class Run:
    """How to measure: seconds for each race, and an older checkout to measure beside this one."""

    seconds: float
    quick: bool = False
    against: Path | None = None
    install: bool = True
    """Whether peers may be installed below build/; without, only those that are there are met."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A measured number and, where there is one, its aim: at least or at most so much."""

    name: str
    """Its address in the results, such as `chain: image`."""
    value: float
    unit: str = "x"
    """`x` for a ratio, `ms`, `us` or `n^` for an exponent."""
    aim: float | None = None
    at_least: bool = True
    paired: Spread | None = None
    """For a ratio: of the medians within a round."""
    cpu: float | None = None
    """For a ratio: of CPU times."""

    @property
    def met(self) -> bool | None:
        """Whether the value reaches the aim; None without one."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    def line(self) -> str:
        """For people."""
        text = f"{self.name}: {self.value:.3g} {self.unit}"
        if self.paired is not None:
            paired = self.paired
            text += f" (paired {paired.middle:.3g}, {paired.low:.3g}-{paired.high:.3g}"
            text += f"; CPU {self.cpu:.3g})"
        if self.aim is not None:
            bound = "at least" if self.at_least else "at most"
            text += f"; aim {bound} {self.aim:g}: {'met' if self.met else 'MISSED'}"
        return text


@dataclass(slots=True)
class Report:
    """What one benchmark found."""

    title: str
    versions: dict[str, str] = field(default_factory=dict)
    """Of what runs in environments of its own."""
    checked: list[str] = field(default_factory=list)
    races: list[Race] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    """Each with `title`, `columns` and `rows`."""

    def check(self, holds: bool, what: str) -> None:
        """Remember a comparison of results. Raises AssertionError where it does not hold."""
        if not holds:
            raise AssertionError(f"the contestants differ: {what}")
        self.checked.append(what)

    def ratio(
        self,
        name: str,
        result: Race,
        slow: str,
        fast: str,
        aim: float | None = None,
        *,
        at_least: bool = True,
    ) -> Ratio:
        """Remember how many times as long `slow` takes as `fast`."""
        ratio = result.ratio(slow, fast)
        self.goals.append(Goal(name, ratio.value, "x", aim, at_least, ratio.paired, ratio.cpu))
        return ratio

    def lines(self) -> list[str]:
        """The report for people."""
        out = [self.title, *(f"  checked: {what}" for what in self.checked)]
        for result in self.races:
            contestants = result.as_json()["contestants"]
            reference = next(iter(contestants))
            width = max(map(len, contestants))
            out.append(f"  {result.title}")
            out.append(f"    {'microseconds':>{width}}  {'p10':>9} {'median':>9} {'CPU':>9}  ratio")
            for name, row in contestants.items():
                times = f"{row['p10_us']:9.5g} {row['median_us']:9.5g} {row['cpu_us']:9.5g}"
                ratio = f"{contestants[reference]['p10_us'] / row['p10_us']:.2f}"
                out.append(f"    {name:>{width}}  {times}  {ratio}")
        for table in self.tables:
            out.append(f"  {table['title']}")
            out += ["    " + " | ".join(map(str, r)) for r in [table["columns"], *table["rows"]]]
        out += [f"  {note}" for note in self.notes]
        return out + [f"  {goal.line()}" for goal in self.goals]

    def as_json(self) -> dict[str, Any]:
        """The report for `results.json`."""
        return {
            "title": self.title,
            "versions": self.versions,
            "checked": self.checked,
            "races": [result.as_json() for result in self.races],
            "tables": self.tables,
            "notes": self.notes,
            "goals": [_brief({**asdict(goal), "met": goal.met}) for goal in self.goals],
        }


def _brief(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _brief(one) for key, one in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value


def machine() -> dict[str, Any]:
    """Versions, processor and how busy it is."""
    libraries = {}
    for name in _LIBRARIES:
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "syncaug": commit(ROOT),
        "libraries": libraries,
    }


def commit(tree: Path) -> str:
    """The commit that a checkout stands at, with `+` where files have been changed."""
    command = ["git", "-C", str(tree), "describe", "--always", "--dirty=+", "--exclude=*"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()
