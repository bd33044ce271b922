"""What an ablation writes: runs as they end, then JSON, CSV and the page."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from syncaug.ablate.report import AblationReport
from syncaug.errors import ManifestError
from syncaug.io.atomic import write_bytes

__all__ = ["CSV", "FOUND", "JSON", "PAGE", "write_tables"]

FOUND, JSON, CSV, PAGE = "runs.jsonl", "ablation.json", "ablation.csv", "index.html"


def write_tables(report: AblationReport, folder: Path) -> None:
    """Write `ablation.json` and `ablation.csv`. Raises ManifestError."""
    text = json.dumps(report.data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        write_bytes(folder / JSON, text.encode())
        write_bytes(folder / CSV, _table(report).encode())
    except OSError as error:
        raise ManifestError(f"{folder}: its tables cannot be written; {error}") from error


def _table(report: AblationReport) -> str:
    """One line for each number of each run, and for each run that failed."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["arm", "seed", "metric", "value", "seconds", "error"])
    for run in report.data["runs"]:
        for name, value in run.get("metrics", {}).items():
            table.writerow([run["arm"], run["seed"], name, value, run["seconds"], ""])
        if "error" in run:
            table.writerow([run["arm"], run["seed"], "", "", run["seconds"], run["error"]])
    return out.getvalue()
