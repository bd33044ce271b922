"""`results.json` as tables: of one run for people, of docs/benchmarks.md and of the README.

`python -m benchmarks.tables` writes both pages anew from the results that are kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.report import ROOT

__all__ = [
    "PAGES",
    "README_ROWS",
    "RESULTS",
    "framed",
    "joined",
    "markdown",
    "readme",
    "save",
    "write",
]

RESULTS = ROOT / "benchmarks" / "results.json"
BEGIN = "<!-- from benchmarks/results.json, by python -m benchmarks.tables -->"
END = "<!-- end of results -->"

README_ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "picture, sound, caption and points, all tiny: a call, against the same work by hand",
        ("tiny: times the work",),
    ),
    (
        "one flip of one picture, against AlbumentationsX 2.5",
        ("flip: times AlbumentationsX's Compose",),
    ),
    (
        "crop + flip + rotate + scale + translate of a picture, against one `Compose` of "
        "albumentations 2.0.8; of AlbumentationsX 2.5",
        ("chain: image", "chain: image, AlbumentationsX"),
    ),
    (
        "the same with mask, 2 boxes and 20 keypoints",
        (
            "chain: image + mask + 2 boxes + 20 keypoints",
            "chain: image + mask + 2 boxes + 20 keypoints, AlbumentationsX",
        ),
    ),
    (
        "64 frames, flip + affine + hue + light, one thread, against a loop of functional forms; "
        "of `apply_with_params`; against `images=`",
        ("film: loop of functional forms", "film: loop of apply_with_params", "film: images="),
    ),
    (
        "100k points: rotate + translate, against one product of open3d's tensors; rotate + scale "
        "+ translate, against three calls",
        ("points: open3d, one product", "points: open3d, three calls"),
    ),
    (
        "picture + 1 s of sound + caption + 10k points: delegated call by call; our own maps",
        ("mixed: delegated", "mixed: fused"),
    ),
    (
        "pitch of 1 s and 10 s, stretch of 1 s and 10 s, against audiomentations",
        (
            "sound: pitch of 1 s",
            "sound: pitch of 10 s",
            "sound: stretch of 1 s",
            "sound: stretch of 10 s",
        ),
    ),
    (
        "white noise on 10 s, against torch-audiomentations, whose generator has no address",
        ("sound: noise of 10 s, torch-audiomentations",),
    ),
    (
        "trim + speed + shift of 30 s, against the resampling alone: stereo; with film",
        ("clock: 30 s of stereo, a drawn speed", "clock: 30 s of film with stereo, a drawn speed"),
    ),
    (
        "`load_policy` of 20 steps; of 200, CPU",
        ("load: 20 steps, CPU", "load: 200 simple steps, CPU"),
    ),
    ("`syncaug validate` in a fresh process, CPU", ("validate: pets.yaml, cold, CPU",)),
)
"""What the README shows: words, and the results behind them, in their order."""


def save(results: dict[str, Any], path: Path) -> None:
    """Write results as JSON."""
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def joined(kept: dict[str, Any], results: dict[str, Any], *, some: bool) -> dict[str, Any]:
    """Results beside those that are kept: benchmarks that were run again take their place.

    What a run of `some` benchmarks gives joins the kept run; what a run of all leaves out is kept
    beside it. Either says by a note where it was measured, since the head of the page tells of the
    other.
    """
    whole, more = (kept, results) if some else (results, kept)
    for run, given in more["runs"].items():
        into = whole["runs"].setdefault(run, {"took_s": 0, "reports": {}, "failed": []})
        for name, report in given["reports"].items():
            if some or name not in into["reports"]:
                into["reports"][name] = {**report, "notes": _apart(report["notes"], more)}
        if some:
            into["failed"] = sorted({*into["failed"], *given["failed"]} - {*given["reports"]})
    return whole


_APART = "measured by itself"


def _apart(notes: list[str], results: dict[str, Any]) -> list[str]:
    """Notes of a report, with where it was measured."""
    if any(note.startswith(_APART) for note in notes):
        return notes
    machine = results["machine"]
    where = f"{_APART} at {machine['syncaug']}, load {machine['load']} at the start"
    return [*notes, where]


def goals(results: dict[str, Any], run: str) -> dict[str, dict[str, Any]]:
    """All numbers of one run by name."""
    reports = results["runs"].get(run, {"reports": {}})["reports"].values()
    return {goal["name"]: goal for report in reports for goal in report["goals"]}


def markdown(results: dict[str, Any]) -> str:
    """Every number of all runs, versions first, a table for each benchmark."""
    parts = [about(results)]
    others = {name: goals(results, name) for name in results["runs"] if name != "alone"}
    for report in results["runs"]["alone"]["reports"].values():
        parts.append(f"### {report['title']}")
        if report["goals"]:
            parts.append(_table(_GOAL_COLUMNS + list(others), _rows(report["goals"], others)))
        parts += [_table(table["columns"], table["rows"]) for table in report["tables"]]
        parts += [f"{note[0].upper()}{note[1:]}." for note in report["notes"]]
    return "\n\n".join(parts)


def about(results: dict[str, Any]) -> str:
    """Versions, machine and time of a run in one paragraph."""
    machine = results["machine"]
    versions = dict(machine["libraries"])
    for run in results["runs"].values():
        for report in run["reports"].values():
            versions.update(report["versions"])
    named = ", ".join(f"{name} {number}" for name, number in versions.items())
    took = ", ".join(f"{name} {run['took_s']} s" for name, run in results["runs"].items())
    before = f", before: {results['against']}" if results["against"] else ""
    return (
        f"syncaug at {machine['syncaug']}{before}; Python {machine['python']}, {named}; "
        f"{machine['cores']} cores of {machine['processor']}, load {machine['load']} at the start. "
        f"About {results['seconds']:g} s a race; all of it took: {took}."
    )


_GOAL_COLUMNS = ["what", "measured", "paired (quartiles)", "CPU", "aim", ""]


def _rows(of: list[dict[str, Any]], others: dict[str, dict[str, Any]]) -> list[list[str]]:
    rows = []
    for goal in of:
        name = goal["name"]
        row = [name, number(goal), _paired(goal), _cpu(goal), aim(goal), verdict(goal)]
        rows.append(row + [_marked(run[name]) if name in run else "" for run in others.values()])
    return rows


def _table(columns: list[str], rows: list[list[str]]) -> str:
    cells = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in cells)


def number(goal: dict[str, Any]) -> str:
    """A value in its unit: `4.1x`, `26 ms`, `n^0.98`."""
    value, unit = goal["value"], goal["unit"]
    if unit == "n^":
        return f"n^{value:.2f}"
    text = f"{value:.0f}" if value >= 100 else f"{value:.3g}"
    return f"{text}x" if unit == "x" else f"{text} {unit}"


def aim(goal: dict[str, Any]) -> str:
    """For example `at least 4x`."""
    if goal["aim"] is None:
        return ""
    bound = "at least" if goal["at_least"] else "at most"
    return f"{bound} {number({**goal, 'value': goal['aim']})}"


def verdict(goal: dict[str, Any]) -> str:
    """Whether the aim is met."""
    return {True: "met", False: "**missed**", None: ""}[goal["met"]]


def _marked(goal: dict[str, Any]) -> str:
    """The number, bold where it misses its aim."""
    return f"**{number(goal)}**" if goal["met"] is False else number(goal)


def _paired(goal: dict[str, Any]) -> str:
    paired = goal["paired"]
    if paired is None:
        return ""
    return f"{paired['middle']:.3g} ({paired['low']:.3g}-{paired['high']:.3g})"


def _cpu(goal: dict[str, Any]) -> str:
    return "" if goal["cpu"] is None else f"{goal['cpu']:.3g}"


def readme(results: dict[str, Any]) -> str:
    """The table of the README, without its frame."""
    found = goals(results, "alone")
    cores = results["machine"]["cores"]
    lines = [
        f"| against the libraries called by hand, same parameters, one run, {cores} cores "
        "| measured | aim |",
        "|---|---|---|",
    ]
    for words, names in README_ROWS:
        chosen = [found[name] for name in names if name in found]
        if chosen:
            aims = dict.fromkeys(filter(None, map(aim, chosen)))
            lines.append(f"| {words} | {'; '.join(map(spoken, chosen))} | {'; '.join(aims)} |")
    return "\n".join(lines)


def spoken(goal: dict[str, Any]) -> str:
    """For example `4.3x faster`, `2.4x the time`, `26 ms`."""
    if goal["unit"] != "x":
        return number(goal)
    if not goal["at_least"]:
        return f"{number(goal)} the time"
    if f"{goal['value']:.2f}" == "1.00":
        return "as fast"
    if goal["value"] < 1:
        return f"{number(goal)} (slower)"
    return f"{number(goal)} faster"


def framed(text: str, block: str) -> str:
    """A page with its block of results written anew. Raises ValueError where it has no frame."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"expected {BEGIN!r} and {END!r}; put both where the results belong")
    return f"{before}{BEGIN}\n\n{block}\n\n{END}{after}"


PAGES: dict[Path, Callable[[dict[str, Any]], str]] = {
    ROOT / "README.md": readme,
    ROOT / "docs" / "benchmarks.md": markdown,
}


def write(results: dict[str, Any]) -> None:
    """Write the tables of all pages anew."""
    for path, made in PAGES.items():
        text = path.read_text(encoding="utf-8")
        path.write_text(framed(text, made(results)), encoding="utf-8")


if __name__ == "__main__":
    write(json.loads(RESULTS.read_text(encoding="utf-8")))
