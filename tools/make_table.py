"""The table of the synchronized transforms: which test holds each cell, from a real run.

    python -m tools.make_table             run the squares and print the table
    python -m tools.make_table --markdown  the same as Markdown, with links to the tests

Rows are all transforms, columns all modalities. A cell is the name of its passing test,
`unaffected` with the number of its reason, or `refused` with the code of the problem. The exit code
is 1 where a cell is empty or its test is missing or fails.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from syncaug.catalogue.transforms import transform_names
from syncaug.plan.spaces import LIVES_IN

ROOT = Path(__file__).parent.parent
_FOLDER = "tests/scene"
_BLOCKS = (
    ("image", "mask", "depth", "boxes", "keypoints", "phrases"),
    ("polygons", "instances", "oriented_boxes"),
    ("heatmap", "flow", "normals", "disparity"),
    ("text", "timed_text", "messages", "audio", "video", "imu", "embedding"),
    ("points", "boxes3d", "camera", "label", "tabular"),
    ("state", "action"),
)
"""Columns that fit beside each other in a terminal."""


@dataclass(frozen=True)
class Cell:
    """What one cell says: the test that holds it, and whether that test passed in this run."""

    kind: str
    test: str
    note: str
    passed: bool


def run_tests(report: Path) -> int:
    """Run the squares and write pytest's report; pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--no-header", "--tb=short"]
    done = subprocess.run(
        [*command, f"--junitxml={report}", *_files()],
        cwd=ROOT,
        check=False,
        stdout=sys.stderr,
    )
    return done.returncode


def _files() -> list[str]:
    names = ("test_square.py", "test_noise_square.py", "test_mix_square.py")
    return [f"{_FOLDER}/{name}" for name in names if (ROOT / _FOLDER / name).exists()]


def results(report: Path) -> dict[str, bool]:
    """Whether each test of a report passed, by its name with its parameters."""
    out: dict[str, bool] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        bad = any(case.find(tag) is not None for tag in ("failure", "error", "skipped"))
        out[str(case.get("name"))] = not bad
    return out


def table(outcomes: Mapping[str, bool]) -> dict[tuple[str, str], Cell]:
    """Every cell of the table; those that nothing holds are not in it."""
    from tests.scene import cells

    out: dict[tuple[str, str], Cell] = {}
    for kind, test, members in (
        ("square", "test_square", cells.SQUARES),
        ("square", "test_level", cells.NOISY),
        ("square", "test_mixed", cells.MIXED),
        ("unaffected", "test_unaffected", cells.UNAFFECTED),
        ("refused", "test_refused", tuple(cells.REFUSED)),
    ):
        for cell in members:
            name = f"{test}[{'-'.join(cell)}]"
            note = ""
            if kind == "unaffected":
                note = cells.reason_of(*cell)
            elif kind == "refused":
                note = cells.REFUSED[cell][1]
            out[cell] = Cell(kind, name, note, outcomes.get(name, False))
    return out


def missing(found: Mapping[tuple[str, str], Cell]) -> list[str]:
    """What is wrong with the table: cells that are empty, without a reason, or do not pass."""
    wrong = []
    for transform in transform_names():
        for modality in LIVES_IN:
            cell = found.get((transform, modality))
            if cell is None:
                wrong.append(f"{transform} on {modality}: no test holds this cell")
            elif not cell.passed:
                wrong.append(f"{transform} on {modality}: {cell.test} did not pass")
            elif cell.kind != "square" and not cell.note:
                wrong.append(f"{transform} on {modality}: {cell.kind} without a reason")
    return wrong


def _reasons(found: Mapping[tuple[str, str], Cell]) -> dict[str, int]:
    notes = dict.fromkeys(cell.note for cell in found.values() if cell.kind == "unaffected")
    return {note: number for number, note in enumerate(notes, 1)}


def _said(cell: Cell | None, key: tuple[str, str], numbers: Mapping[str, int]) -> str:
    if cell is None:
        return ""
    if cell.kind == "square":
        return "-".join(key)
    return (
        f"unaffected {numbers[cell.note]}" if cell.kind == "unaffected" else f"refused {cell.note}"
    )


def print_terminal(found: Mapping[tuple[str, str], Cell]) -> None:
    """The table in blocks of columns, then the reasons."""
    console = Console(width=max(132, Console().width))
    numbers = _reasons(found)
    style = {"square": "green", "unaffected": "dim", "refused": "yellow"}
    for block in _BLOCKS:
        shown = Table(
            "",
            *(Column(name, overflow="fold") for name in block),
            box=None,
            header_style="bold",
            pad_edge=False,
        )
        for transform in transform_names():
            row = []
            for modality in block:
                cell = found.get((transform, modality))
                text = _said(cell, (transform, modality), numbers)
                mark = style[cell.kind] if cell and cell.passed else "bold red"
                row.append(f"[{mark}]{text or 'EMPTY'}[/]")
            shown.add_row(f"[bold]{transform}[/]", *row)
        console.print(shown)
        console.print()
    for note, number in numbers.items():
        console.print(f"unaffected {number}: {note}", style="dim")
    squares = sum(cell.kind == "square" and cell.passed for cell in found.values())
    console.print(
        f"\n{len(found)} cells: {squares} commuting squares pass "
        f"({_FOLDER}/test_square.py::test_square\\[CELL] and beside it), "
        f"{sum(cell.kind == 'unaffected' for cell in found.values())} unaffected, "
        f"{sum(cell.kind == 'refused' for cell in found.values())} refused."
    )


def markdown(found: Mapping[tuple[str, str], Cell], base: str) -> str:
    """The table as Markdown, each cell linked to the test that holds it."""
    where = {
        "test_square": "test_square.py",
        "test_unaffected": "test_square.py",
        "test_refused": "test_square.py",
        "test_level": "test_noise_square.py",
        "test_mixed": "test_mix_square.py",
    }
    numbers = _reasons(found)
    lines = [
        "# Every transform on every modality",
        "",
        "Written by `make docs` from a run of the tests: a `square` is the commuting square",
        "`T(render(scene)) == render(T*(scene))` of `tests/scene`, on data; an unaffected stream",
        "comes out byte for byte, for the reason of its number below; what is refused does not",
        "compile, with that code, unless the step says `keep`.",
        "",
        "| transform | " + " | ".join(LIVES_IN) + " |",
        "|---" * (len(LIVES_IN) + 1) + "|",
    ]
    for transform in transform_names():
        row = []
        for modality in LIVES_IN:
            key = (transform, modality)
            cell = found.get(key)
            link = ""
            if cell is not None:
                text = "square" if cell.kind == "square" else _said(cell, key, numbers)
                file = where[cell.test.partition("[")[0]]
                link = f'[{text}]({base}/{_FOLDER}/{file} "{cell.test}")'
            row.append(link)
        lines.append(f"| `{transform}` | " + " | ".join(row) + " |")
    lines += ["", *(f"{number}. {note}" for note, number in numbers.items())]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where it has a hole."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--markdown", action="store_true", help="print Markdown with links")
    parser.add_argument("--base", default="..", help="where the links of --markdown begin")
    parser.add_argument("--results", type=Path, help="a report of pytest, instead of running it")
    given = parser.parse_args(arguments)
    if given.results is not None:
        outcomes = results(given.results)
    else:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "squares.xml"
            run_tests(report)
            outcomes = results(report)
    found = table(outcomes)
    if given.markdown:
        sys.stdout.write(markdown(found, given.base))
    else:
        print_terminal(found)
    wrong = missing(found)
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
