"""What a stress test writes: scores as they are found, then JSON, CSV and the page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.atomic import append_line, write_bytes
from syncaug.io.plain import dump_json
from syncaug.missing import no_place
from syncaug.stress.report import StressReport

__all__ = ["CSV", "JSON", "PAGE", "SCORES", "ScoreFile", "write_tables"]

SCORES, JSON, CSV, PAGE = "scores.jsonl", "stress.json", "stress.csv", "index.html"


class ScoreFile(MutableMapping[str, Any]):
    """The scores of experiments, each appended to a file when it is found.

    `run` describes what the scores depend on. With `resume` those of an earlier run of the same
    description are taken over, but for what failed, which is tried again; without it the folder
    must hold none. Raises ManifestError.
    """

    def __init__(
        self,
        folder: Path,
        run: Mapping[str, Any],
        *,
        resume: bool,
        name: str = SCORES,
        holds: str = "the scores of a stress test",
    ) -> None:
        """`holds` says in messages what stands in the file `name`."""
        self._path = folder / name
        self._holds = holds
        self._known: dict[str, Any] = {}
        run = json.loads(dump_json(dict(run)))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if self._path.exists():
                self._take(run, resume=resume)
            else:
                append_line(self._path, dump_json({"run": run}))
        except OSError as error:
            why = no_place(folder, error)
            raise ManifestError(f"{folder}: expected a folder to write to; {why}") from error

    def _take(self, run: Mapping[str, Any], *, resume: bool) -> None:
        if not resume and self._path.read_bytes().count(b"\n") == 1:  # it has found nothing yet
            write_bytes(self._path, dump_json({"run": run}).encode() + b"\n")
        if not resume and self._path.read_bytes().count(b"\n") > 1:
            raise ManifestError(
                f"{self._path} is there already: expected a folder without one. Go on with "
                "--resume, or choose another folder."
            )
        data = self._path.read_bytes()
        whole, _, torn = data.rpartition(b"\n")
        if torn:
            write_bytes(self._path, whole + b"\n" if whole else b"")
        lines = whole.decode("utf-8", "replace").split("\n")
        try:
            head, *rows = [json.loads(line) for line in lines]
            before = head["run"]
            found = {row["experiment"]: row["found"] for row in rows}
            self._known = {name: one for name, one in found.items() if not isinstance(one, str)}
        except (ValueError, KeyError, TypeError) as error:
            raise ManifestError(
                f"{self._path}: expected {self._holds}; {error}. Choose another folder."
            ) from error
        changed = [
            f"{name}: {before.get(name)!r} before, {run.get(name)!r} now"
            for name in sorted({*before, *run})
            if before.get(name) != run.get(name)
        ]
        if changed:
            raise ManifestError(
                f"{self._path}: cannot be resumed: expected the run that is there; "
                f"{'; '.join(changed)}. Run what was run before, or choose another folder."
            )

    def __getitem__(self, name: str) -> Any:
        return self._known[name]

    def __setitem__(self, name: str, found: Any) -> None:
        append_line(self._path, dump_json({"experiment": name, "found": found}))
        self._known[name] = found

    def __delitem__(self, name: str) -> None:
        raise TypeError("scores stay")

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def write_tables(report: StressReport, folder: Path) -> None:
    """Write `stress.json` and `stress.csv`. Raises ManifestError."""
    text = json.dumps(report.data, indent=2, ensure_ascii=False) + "\n"
    try:
        write_bytes(folder / JSON, text.encode())
        write_bytes(folder / CSV, _table(report).encode())
    except OSError as error:
        raise ManifestError(f"{folder}: its tables cannot be written; {error}") from error


def _table(report: StressReport) -> str:
    """One line for each level of each curve."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(
        [
            *("kind", "stays", "moves", "knob", "unit", "level", "amount"),
            *("score", "score_low", "score_high", "loss", "loss_low", "loss_high", "error"),
        ]
    )
    for point in report.data["agreement"]:
        table.writerow(["agreement", "", "", "severity", "", point["level"], "", *_cells(point)])
    for one in report.relations:
        for point in one["curve"]:
            table.writerow(
                [
                    *("relation", *one["streams"], one["knob"], one["unit"], point["level"]),
                    *(point["level"] * one["full_scale"], *_cells(point)),
                ]
            )
    for use in report.data["streams"]:
        for kind in ("permuted", "dropped"):
            found = use[kind]
            table.writerow([kind, "", use["stream"], "", "", "", "", *_cells(found)])
    return out.getvalue()


def _cells(point: Mapping[str, Any]) -> list[Any]:
    score, loss = point.get("score", {}), point.get("loss", {})
    bounds = ("mean", "low", "high")
    return [
        *(score.get(name, "") for name in bounds),
        *(loss.get(name, "") for name in bounds),
        point.get("error", ""),
    ]
