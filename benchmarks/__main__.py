"""`python -m benchmarks`: every benchmark in a process of its own, one file of results.

python -m benchmarks                   all of them
python -m benchmarks tiny chain        these
python -m benchmarks --quick           all, in less than three minutes
python -m benchmarks --busy 2          again beside two busy processes
python -m benchmarks --against TREE    and this checkout beside another, in the same run
python -m benchmarks --write           keep the results, and write the tables of the docs anew
"""

from __future__ import annotations

import argparse
import copy
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # it asks the network when imported

from benchmarks import tables
from benchmarks.report import ROOT, Run, commit, machine

BENCHMARKS = {
    "tiny": "four tiny streams, beside the work by hand",
    "flip": "one flip of one picture",
    "chain": "five plane steps, against albumentations and AlbumentationsX",
    "film": "four steps on 64 frames, against loops over frames",
    "points": "a rigid motion of 100,000 points, against open3d",
    "mixed": "picture, sound, caption and points, against four libraries",
    "sound": "pitch, stretch and noise, against audiomentations and torch-audiomentations",
    "clock": "trim, speed and shift, against resampling alone",
    "loader": "results that a batch keeps, and torch's DataLoader",
    "peers": "one picture through what other libraries offer",
    "forms": "tensors, pictures of PIL and decoders, beside the conversion by hand",
    "growth": "how cost grows with steps, points, pixels, frames, streams, boxes and words",
    "losses": "InfoNCE forward and backward, against the plain form and open_clip's",
    "load": "load_policy",
    "validate": "syncaug validate in a fresh process",
    "reads": "excerpts of an hour beside PyAV, dropped streams",
    "workers": "two workers of syncaug apply beside one, on photos and films",
    "transport": "two workers of torch's DataLoader beside one, and the same by hand",
    "runs": "syncaug apply by workers and on Ray, beside decoding and encoding alone",
    "scale": "what a run of many samples costs, its manifest and Ray; about ten minutes",
    "words": "captions by kind of change, in this checkout and another",
    "before": "this checkout and another: tiny streams, chains, shipped policies, first sample",
}
ALONE = {
    *("growth", "losses", "load", "validate", "before", "words"),
    *("reads", "workers", "transport", "runs", "scale"),
}
"""Not repeated beside busy processes."""
AGAINST = {"before", "words"}
"""Only with another checkout."""
NAMED = {"scale"}
"""Only where they are named."""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="short races, fewer sizes")
    parser.add_argument("--seconds", type=float, help="for each race; 2, or 0.3 with --quick")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="again, beside N of them")
    parser.add_argument("--against", type=Path, metavar="TREE", help="another checkout")
    parser.add_argument("--out", type=Path, help="write the results here, as JSON")
    parser.add_argument("--write", action="store_true", help=f"... among {tables.RESULTS.name}")
    parser.add_argument("--no-install", action="store_true", help="only peers that are there")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"unknown benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    seconds = options.seconds
    if seconds is None:
        seconds = 0.3 if options.quick else 2.0
    against = options.against and options.against.resolve()
    run = Run(seconds, options.quick, against, not options.no_install)
    if options.here:
        _here(options.names[0], run, options.out)
        return
    names = options.names or [name for name in BENCHMARKS if name not in NAMED]
    if run.against is None:
        names = [name for name in names if name not in AGAINST]
    results = _all(names, run, options.busy)
    if options.out is not None:
        tables.save(results, options.out)
    if options.write:
        kept = json.loads(tables.RESULTS.read_text(encoding="utf-8"))
        whole = tables.joined(kept, copy.deepcopy(results), some=bool(options.names))
        tables.save(whole, tables.RESULTS)
        tables.write(whole)
    print(tables.markdown(results))
    failed = sorted({name for each in results["runs"].values() for name in each["failed"]})
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _all(names: list[str], run: Run, busy: int) -> dict[str, Any]:
    results: dict[str, Any] = {
        "machine": machine(),
        "seconds": run.seconds,
        "against": commit(run.against) if run.against else None,
        "runs": {"alone": _run(names, run)},
    }
    again = [name for name in names if name not in ALONE]
    if busy and again:
        with busy_processes(busy):
            results["runs"][f"beside {busy}"] = _run(again, run)
    return results


def _run(names: list[str], run: Run) -> dict[str, Any]:
    begin = time.perf_counter()
    reports: dict[str, Any] = {}
    failed: list[str] = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "report.json"
            command = [sys.executable, "-m", "benchmarks", name, "--here", "--out", str(out)]
            command += ["--seconds", str(run.seconds)]
            command += ["--quick"] * run.quick + ["--no-install"] * (not run.install)
            command += ["--against", str(run.against)] if run.against else []
            subprocess.run(command, cwd=ROOT, env=_environment(), check=False)
            if out.exists():
                reports[name] = json.loads(out.read_text(encoding="utf-8"))
            else:
                failed.append(name)
    took = round(time.perf_counter() - begin)
    return {"took_s": took, "reports": reports, "failed": failed}


def _here(name: str, run: Run, out: Path | None) -> None:
    """One benchmark in this process."""
    begin = time.perf_counter()
    report = importlib.import_module(f"benchmarks.{name}").measure(run)
    print(*report.lines(), sep="\n")
    print(f"  took {time.perf_counter() - begin:.0f} s", flush=True)
    if out is not None:
        out.write_text(json.dumps(report.as_json()), encoding="utf-8")


def _environment() -> dict[str, str]:
    """This checkout's syncaug, and no older one that is installed."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path}


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """So many processes that compute without end, while the benchmarks run."""
    busy = "import numpy\na = numpy.random.rand(300, 300)\nwhile True: a = numpy.sin(a) + a.T"
    quiet = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    processes = [subprocess.Popen([sys.executable, "-c", busy], env=quiet) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
