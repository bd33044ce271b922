"""`syncaug apply` of photos: one process, workers, Ray, and decoding and encoding alone.

Each contestant is a whole process, with its start: what a user waits for. They take turns, and the
fastest turn of each counts.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from benchmarks.report import ROOT, Goal, Report, Run

ENGINES = {
    "one process": (),
    "1 worker": ("--workers", "1"),
    "2 workers": ("--workers", "2"),
    "4 workers": ("--workers", "4"),
    "Ray, 2 workers": ("--engine", "ray", "--workers", "2"),
}
POLICY = """syncaug: 1
sample: {photo: image, caption: {modality: text, describes: photo}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: turn, uses: rotate, with: {degrees: [-10, 10]}}
  - {name: mood, uses: colour, with: {hue: [-20, 20]}}
"""
BARE = """import json, sys, cv2
from pathlib import Path
folder, out = map(Path, sys.argv[1:])
out.mkdir()
for line in (folder / "m.jsonl").read_text().splitlines():
    name = json.loads(line)["photo"]
    photo = cv2.imread(str(folder / name))
    cv2.imwrite(str(out / f"{name}.png"), photo)
"""


def measure(run: Run) -> Report:
    """Whole runs take turns."""
    report = Report("syncaug apply in several processes")
    count, rounds = (6, 1) if run.quick else (1000, 2)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _photos(folder, count)
        best = dict.fromkeys(("bare", *ENGINES), float("inf"))
        digests = set()
        for number in range(rounds):
            for place, (name, options) in enumerate(ENGINES.items()):
                out = folder / f"out{number}" / f"{place}"
                best[name] = min(best[name], _applied(folder, out, options))
                digests.add(_digest(out))
            command = [sys.executable, "-c", BARE, str(folder), str(folder / f"bare{number}")]
            best["bare"] = min(best["bare"], timed(command))
    report.check(len(digests) == 1, "the same bytes from every engine")
    rows = [[name, f"{count / seconds:.1f}"] for name, seconds in best.items()]
    report.tables.append(
        {"title": f"{count} photos of 640x480", "columns": ["", "photos/s"], "rows": rows}
    )
    report.notes.append("with the start of every process; bare is decoding and encoding alone")
    alone = best["one process"]
    for name in list(ENGINES)[1:]:
        report.goals.append(Goal(f"runs: {name} over one process, photos", alone / best[name]))
    report.goals.append(Goal("runs: one process beside bare, photos", alone / best["bare"]))
    return report


def _photos(folder: Path, count: int) -> None:
    """Smooth photos with some noise, as JPEG, and their manifest."""
    (folder / "p.yaml").write_text(POLICY)
    generator = np.random.default_rng(0)
    lines = []
    for number in range(count):
        small = generator.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        photo = cv2.resize(small, (640, 480), interpolation=cv2.INTER_CUBIC)
        noise = generator.integers(0, 8, photo.shape, dtype=np.uint8)
        cv2.imwrite(str(folder / f"{number}.jpg"), cv2.add(photo, noise))
        lines.append(json.dumps({"key": number, "photo": f"{number}.jpg", "caption": "a wall"}))
    (folder / "m.jsonl").write_text("\n".join(lines) + "\n")


def _applied(folder: Path, out: Path, options: Sequence[str]) -> float:
    """Seconds of a run."""
    given = [folder / "p.yaml", "--manifest", folder / "m.jsonl", "--out", out]
    command = [sys.executable, "-m", "syncaug", "apply", *map(str, given)]
    return timed([*command, *options])


def timed(command: list[str]) -> float:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_ALBUMENTATIONS_UPDATE": "1"}
    begin = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - begin


def _digest(out: Path) -> str:
    state = hashlib.sha256()
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        state.update(f"{path.relative_to(out)}".encode() + path.read_bytes())
    return state.hexdigest()
