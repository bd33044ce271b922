"""`syncaug apply` with two workers beside one, on photos and on films.

Each library has one thread in both arms, the encoder of films too (`--encoder-threads 1`); one row
shows films as they are encoded by default, in four threads. Each contestant is a whole run with the
start of its processes. What two processes of the machine do at best stands beside (`ceiling`).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from benchmarks.ceiling import ceiling
from benchmarks.films import made_film, manifest_of
from benchmarks.report import Goal, Report, Run
from benchmarks.runs import timed
from benchmarks.timing import fastest_turns
from syncaug.threads import SWITCH

__all__ = ["measure", "one_thread_each", "two_kinds"]

POLICIES = {
    "photos": "{syncaug: 1, sample: {photo: image}, steps: [{name: t, uses: rotate, "
    "with: {degrees: 9}}]}",
    "films": "{syncaug: 1, sample: {film: video, sound: audio}, "
    "steps: [{name: mirror, uses: flip}]}",
}
ONE = ("--encoder-threads", "1")


def measure(run: Run) -> Report:
    """Whole runs take turns."""
    report = Report("syncaug apply with two workers beside one, a thread for each library")
    photos, films, seconds = (12, 2, 2) if run.quick else (360, 10, 10)
    with tempfile.TemporaryDirectory() as temporary, one_thread_each():
        folder = Path(temporary)
        two_kinds(folder, photos, films, seconds)
        for what, kind, options in (
            ("photos", "photos", ()),
            ("films", "films", ONE),
            ("films, four threads of the encoder", "films", ()),
        ):
            works = {n: partial(_run, folder, kind, f"{n}", options) for n in (1, 2)}
            times = fastest_turns(works, 1, time.perf_counter)
            aim = None if kind == "films" and not options else 1.8
            name = f"workers: apply, {what}, two over one"
            report.goals.append(Goal(name, times[1] / times[2], "x", aim))
            made = (photos if kind == "photos" else films) / times[2]
            report.notes.append(f"{what}: {made:.3g} a second with two workers")
    report.goals += ceiling("workers", 1 if run.quick else 5)
    report.notes.append(f"the load was {os.getloadavg()[0]:.1f} at the end")
    return report


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Workers that begin meanwhile have one thread for each library."""
    before, os.environ[SWITCH] = os.environ.get(SWITCH), "1"
    try:
        yield
    finally:
        os.environ.pop(SWITCH)
        if before is not None:
            os.environ[SWITCH] = before


def two_kinds(folder: Path, photos: int, films: int, seconds: int) -> None:
    """Photos of 1280x960 and films of so many seconds: policies and manifests by kind."""
    for kind, text in POLICIES.items():
        (folder / f"{kind}.yaml").write_text(text)
    generator = np.random.default_rng(0)
    lines = []
    for number in range(photos):
        small = generator.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        cv2.imwrite(str(folder / f"{number}.jpg"), cv2.resize(small, (1280, 960)))
        lines.append(json.dumps({"key": number, "photo": f"{number}.jpg"}))
    (folder / "photos.jsonl").write_text("\n".join(lines) + "\n")
    made_film(folder / "piece.mp4", seconds)
    manifest_of(folder / "films.jsonl", "piece.mp4", films)


def _run(folder: Path, kind: str, workers: str, options: tuple[str, ...]) -> None:
    out = Path(tempfile.mkdtemp(dir=folder)) / "out"
    given = [folder / f"{kind}.yaml", "--manifest", folder / f"{kind}.jsonl", "--out", out]
    command = [sys.executable, "-m", "syncaug", "apply", *map(str, given)]
    timed([*command, "--workers", workers, *options])
