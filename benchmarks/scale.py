"""What a run costs as it grows: decode, augment, encode, commit; entries, records, partners; Ray.

    python -m benchmarks scale

Small samples are pictures of 8x8 with a caption, large ones a photo that the repository brings,
under new keys. Costs are CPU times of single processes; memory is that of fresh ones.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import ROOT, Goal, Report, Run

POLICY = """syncaug: 1
name: scale
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: turn, uses: rotate, with: {degrees: [-20, 20], words: {leave_below: 30}}}
  - {name: tint, uses: light, with: {value: [-0.2, 0.2]}}
"""
MIXING = POLICY + "  - {name: blend, uses: mixup, with: {share: [0.1, 0.4]}, partner: uniform}\n"
PHOTO = ROOT / "examples" / "data" / "pets"
SMALL, LARGE, ON_RAY = 100_000, 1_000, 2_000
ENTRIES = (100_000, 1_000_000)
BILLION = 10**9
_STAGES = ("decode", "augment", "encode", "commit")


def measure(run: Run) -> Report:
    """All of it, once; with `--quick` a thousandth of the samples."""
    less = 1000 if run.quick else 1
    report = Report("Scale: what a run costs as it grows")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "p.yaml").write_text(POLICY)
        (root / "mixing.yaml").write_text(MIXING)
        _samples(report, root, max(20, SMALL // less), max(5, LARGE // less))
        _entries(report, root, [max(200, count // less) for count in ENTRIES])
        _partners(report, 2000 // less)
        _ray(report, root, max(40, ON_RAY // less))
    return report


def _manifest(root: Path, name: str, count: int, picture: str) -> Path:
    """A manifest of one picture under many keys; `picture` may hold the number of a sample."""
    path = root / f"{name}.jsonl"
    with path.open("w") as file:
        for number in range(count):
            line = {
                "key": f"{name}/{number:09}",
                "image": picture.format(number % 100),
                "caption": "a red square on the left of a blue one",
            }
            file.write(json.dumps(line) + "\n")
    return path


def _pictures(root: Path) -> None:
    from syncaug.backends.codecs import encode_png

    for number in range(100):
        pixels = np.random.default_rng(number).integers(0, 256, (8, 8, 3), dtype=np.uint8)
        (root / f"{number}.png").write_bytes(encode_png(pixels))
    photo = sorted(PHOTO.glob("*.jpg"))[0]
    shutil.copy(photo, root / "photo.jpg")


def _samples(report: Report, root: Path, small: int, large: int) -> None:
    """CPU time of each stage of a sample, and what is kept of it."""
    _pictures(root)
    rows = [_one(report, root, "small", small, "{}.png")]
    rows.append(_one(report, root, "large", large, "photo.jpg"))
    columns = ["samples", "how many", *_STAGES, "in all"]
    report.tables.append({"title": "CPU, milliseconds a sample", "columns": columns, "rows": rows})


def _one(report: Report, root: Path, name: str, count: int, picture: str) -> list[str]:
    """Samples of one kind: a row of the table."""
    out = root / f"out-{name}"
    stages, facts = _fresh(
        _stages, _manifest(root, name, count, picture), root / "p.yaml", out, count
    )
    whole = sum(stages.values())
    for what, value, unit in (
        (f"{name} sample", 1e3 * whole / count, "ms"),
        (f"{name}, record", facts["record"] / count, "bytes"),
        (f"{name}, line", facts["line"] / count, "bytes"),
        (f"{name}, memory kept of each", facts["kept"], "bytes"),
    ):
        report.goals.append(Goal(f"scale: {what}", value, unit))
    shutil.rmtree(out)
    milliseconds = [f"{1e3 * stages[stage] / count:.3g}" for stage in _STAGES]
    return [name, f"{count:,}", *milliseconds, f"{1e3 * whole / count:.3g}"]


def _stages(manifest: Path, policy: Path, out: Path, count: int) -> tuple[Any, Any]:
    """A run of one process, stage by stage."""
    from dataclasses import asdict, replace

    from syncaug import load_policy
    from syncaug.io.manifest import read_manifest
    from syncaug.io.saving import EXACT
    from syncaug.io.streams import load_sample
    from syncaug.runs.making import Made
    from syncaug.runs.sinks.folder import FolderSink
    from syncaug.runs.units import Unit

    augmenter = load_policy(policy)
    streams = {stream.name: stream for stream in augmenter.plan.streams}
    how = {"formats": asdict(EXACT), "lazy_above": 1 << 28}
    stages = dict.fromkeys(_STAGES, 0.0)
    half = end = 0
    with FolderSink(out, streams, EXACT, {}) as sink:
        for index, entry in enumerate(read_manifest(manifest)):
            marks = [time.process_time()]
            sample = load_sample(entry, streams)
            marks.append(time.process_time())
            result, record = augmenter.apply(sample, key=entry.key)
            source = {
                "folder": "..",
                "manifest": manifest.name,
                "values": dict(entry.values),
                "variant": 0,
                **how,
            }
            line = replace(record, source=source).to_json()
            marks.append(time.process_time())
            unit, folder = Unit(index, entry.key, 0, 0), sink.scratch / "new"
            folder.mkdir()
            value = sink.encoder.encode(folder, unit, entry, result)
            marks.append(time.process_time())
            sink.commit(Made(unit, record.outcome, line, value, folder))
            marks.append(time.process_time())
            for stage, (begin, over) in zip(stages, pairwise(marks), strict=True):
                stages[stage] += over - begin
            if index == count // 2:
                half = _resident()
        end = _resident()
    facts = {
        "record": (out / "records.jsonl").stat().st_size,
        "line": (out / "manifest.jsonl").stat().st_size,
        "kept": (end - half) / max(1, count - count // 2),
    }
    return stages, facts


def _entries(report: Report, root: Path, counts: list[int]) -> None:
    """Seconds and memory of a manifest, of the units of a run, and of what a run has left."""
    rows = []
    for count in counts:
        manifest = _manifest(root, f"lines-{count}", count, "{}.png")
        found = _fresh(_held, manifest, root / "p.yaml")
        size = manifest.stat().st_size
        rows.append(
            [f"{count:,}", f"{size / count:.0f}"]
            + [f"{1e6 * seconds / count:.3g} us, {held / count:.0f} B" for seconds, held in found]
        )
        for what, (seconds, held) in zip(("scan", "units"), found, strict=True):
            report.goals.append(
                Goal(f"scale: {what} of {count}, time", 1e6 * seconds / count, "us")
            )
            report.goals.append(Goal(f"scale: {what} of {count}, memory", held / count, "bytes"))
    columns = ["entries", "bytes a line", "a scan, nothing kept", "the units of a run, kept"]
    report.tables.append({"title": "Each entry of a manifest", "columns": columns, "rows": rows})


def _held(manifest: Path, policy: Path) -> list[tuple[float, int]]:
    """CPU seconds and bytes of a scan that keeps nothing, and of a run's units."""
    from syncaug import load_policy
    from syncaug.io.manifest import scan_manifest
    from syncaug.runs.sources.manifest import ManifestSource
    from syncaug.runs.units import Units

    augmenter = load_policy(policy)
    augmenter.draw(key=1)
    before, begin = _resident(), time.process_time()
    for _ in scan_manifest(manifest):
        pass
    scanned = time.process_time() - begin, max(0, _peak() - before)
    before, begin = _resident(), time.process_time()
    units = Units(augmenter, ManifestSource(manifest).items())
    for _ in units.samples():
        pass
    return [scanned, (time.process_time() - begin, max(0, _resident() - before))]


def _partners(report: Report, choices: int) -> None:
    """CPU time of choosing a partner out of more and more samples."""
    from syncaug import load_policy

    augmenter = load_policy(MIXING)
    rows = []
    for count in (10**5, 10**6, BILLION):
        begin = time.process_time()
        for index in range(choices):
            augmenter.partner(key=index, epoch=0, n=count, index=index)
        each = 1e6 * (time.process_time() - begin) / choices
        rows.append([f"{count:,}", f"{each:.3g}"])
        report.goals.append(Goal(f"scale: a partner of {count}", each, "us"))
    report.tables.append(
        {"title": "Choosing a partner", "columns": ["samples", "microseconds"], "rows": rows}
    )


def _ray(report: Report, root: Path, count: int) -> None:
    """CPU time of `apply` by one process, by two workers, and by Ray with two CPUs."""
    from tests.runs.material import digests

    manifests = [
        _manifest(root, "one", 1, "{}.png"),
        _manifest(root, "on-ray", count, "{}.png"),
    ]
    rows, found = [], []
    for name, options in (
        ("one process", []),
        ("--workers 2", ["--workers", "2"]),
        ("--engine ray --workers 2", ["--engine", "ray", "--workers", "2"]),
    ):
        started, whole = (_applied(root, manifest, options) for manifest in manifests)
        found.append(digests(root / "out"))
        each = 1e3 * (whole - started) / (count - 1)
        rows.append([name, f"{started:.3g}", f"{each:.3g}"])
        report.goals.append(Goal(f"scale: {name}, start", started, "s"))
        report.goals.append(Goal(f"scale: {name}, a small sample", each, "ms"))
    report.check(found[0] == found[1] == found[2], "files and records of all three")
    columns = ["engine", "a run of one sample, CPU s", "each small sample more, CPU ms"]
    title = f"Engines, all of their processes, {count:,} small samples"
    report.tables.append({"title": title, "columns": columns, "rows": rows})


def _applied(root: Path, manifest: Path, options: list[str]) -> float:
    """CPU seconds of the command and of all processes that it starts."""
    out = root / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "syncaug", "apply", root / "p.yaml", "--manifest", manifest]
    run = subprocess.Popen(
        [*map(str, command), "--out", str(out), *options], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    used: dict[int, float] = {}
    while run.poll() is None:
        _add_times(run.pid, used)
        time.sleep(0.1)
    if run.returncode:
        raise AssertionError(f"apply ended with {run.returncode}")
    return sum(used.values())


def _add_times(pid: int, used: dict[int, float]) -> None:
    """The CPU times of a process and of its descendants, as Linux tells them."""
    parents: dict[int, list[int]] = {}
    times: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        own = int(path.parent.name)
        parents.setdefault(int(fields[1]), []).append(own)
        times[own] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        if one in times:
            used[one] = times[one]
        waiting += parents.get(one, [])


def _fresh(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def _resident() -> int:
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    """A number of bytes that Linux tells of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith(f"{name}:")))
