"""The benchmarks run, and the tables of the pages are those of the results that are kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import tables
from benchmarks.timing import Race, Turn, low, race
from tests.samples import ROOT

SHORT = (
    *("tiny", "flip", "chain", "film", "points", "mixed", "sound", "clock"),
    *("loader", "peers", "forms", "growth", "losses", "load", "runs", "reads", "scale"),
    *("workers", "transport"),
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, in this checkout and without its network."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments, "--seconds", "0", "--quick"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", SHORT)
def test_results_are_equal_and_the_race_is_run(name: str, tmp_path: Path) -> None:
    done = run(name, "--no-install", "--out", str(tmp_path / "out.json"))
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "out.json").read_text())
    assert tables.goals(results, "alone")
    assert results["machine"]["libraries"]["numpy"]


def test_an_unknown_benchmark_is_named() -> None:
    done = run("tinny")
    assert done.returncode == 2
    assert "unknown benchmark 'tinny'; there are tiny, " in done.stderr


@pytest.mark.parametrize("path", tables.PAGES, ids=lambda path: path.name)
def test_tables_are_those_of_the_results(path: Path) -> None:
    results = json.loads(tables.RESULTS.read_text(encoding="utf-8"))
    text = path.read_text(encoding="utf-8")
    assert tables.framed(text, tables.PAGES[path](results)) == text, (
        "run python -m benchmarks.tables"
    )


def test_every_row_of_the_readme_has_its_results() -> None:
    results = json.loads(tables.RESULTS.read_text(encoding="utf-8"))
    found = tables.goals(results, "alone")
    assert not [name for _, names in tables.README_ROWS for name in names if name not in found]


def test_short_calls_are_told_by_their_tenth_percentile_and_long_ones_by_cpu() -> None:
    def turns(wall: float, cpu: float) -> tuple[Turn, ...]:
        return tuple(Turn((wall, 9 * wall), cpu) for _ in range(4))

    short = Race("", {"slow": turns(4e-4, 5e-4), "fast": turns(1e-4, 1e-4)})
    assert short.ratio("slow", "fast").value == pytest.approx(4.0)
    long = Race("", {"slow": turns(0.4, 0.1), "fast": turns(0.1, 0.05)})
    assert long.ratio("slow", "fast").value == pytest.approx(2.0)
    several = Race("", long.turns, threads=True)
    assert several.ratio("slow", "fast").value == pytest.approx(4.0)


def test_contestants_take_turns_of_many_short_calls() -> None:
    order: list[str] = []
    result = race("", {"a": lambda: order.append("a"), "b": lambda: order.append("b")}, seconds=0)
    assert len(result.turns["a"]) == 3
    assert len(result.calls("a")) > 300
    assert low([5.0, 1.0, 2.0]) == 1.0


def results(commit: str, *names: str) -> dict[str, Any]:
    """Results of a run at a commit, of benchmarks of these names."""
    reports = {name: {"title": f"{name} at {commit}", "notes": ["as it is"]} for name in names}
    run = {"took_s": 1, "reports": reports, "failed": []}
    return {"machine": {"syncaug": commit, "load": 0.5}, "runs": {"alone": run}}


def test_benchmarks_that_were_run_again_join_those_that_are_kept() -> None:
    joined = tables.joined(results("one", "flip", "runs"), results("two", "runs"), some=True)
    reports = joined["runs"]["alone"]["reports"]
    assert {name: each["title"] for name, each in reports.items()} == {
        "flip": "flip at one",
        "runs": "runs at two",
    }
    assert joined["machine"]["syncaug"] == "one"
    assert reports["flip"]["notes"] == ["as it is"]
    told = ["as it is", "measured by itself at two, load 0.5 at the start"]
    assert reports["runs"]["notes"] == told
    whole = tables.joined(joined, results("three", "flip"), some=False)
    assert whole["machine"]["syncaug"] == "three"
    assert whole["runs"]["alone"]["reports"]["flip"]["title"] == "flip at three"
    assert whole["runs"]["alone"]["reports"]["runs"]["notes"] == told
