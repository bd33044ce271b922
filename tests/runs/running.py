"""Runs of `apply` in processes of their own, as tests and `tools.kill_runs` start and kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.samples import ROOT

__all__ = [
    "COMMAND",
    "applied",
    "environment",
    "finished",
    "on_small_disk",
    "on_small_disk_alone",
    "ray_workers",
    "started",
    "wait_for_lines",
    "workers",
]

COMMAND = (sys.executable, "-m", "syncaug", "apply")


def environment() -> dict[str, str]:
    """That of this process, where the package is found."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_ALBUMENTATIONS_UPDATE": "1"}


def applied(
    options: Sequence[object], out: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """A whole run."""
    return subprocess.run(
        [*COMMAND, *map(str, options), "--out", str(out)],
        env=environment() | variables, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def on_small_disk(
    options: Sequence[object], out: Path, room: int
) -> subprocess.CompletedProcess[str]:
    """A run whose folder lies on a disk of so many bytes; with -1 it can be read only."""
    shim = Path(__file__).with_name("small_disk")
    return applied(
        options,
        out,
        PYTHONPATH=f"{shim}{os.pathsep}{ROOT}",
        SMALL_DISK=str(out.parent),
        SMALL_DISK_BYTES=str(room),
    )


def on_small_disk_alone(
    arguments: Sequence[object], disk: Path
) -> subprocess.CompletedProcess[str]:
    """A command beside a folder that lies on a disk without room."""
    shim = Path(__file__).with_name("small_disk")
    return subprocess.run(
        [*COMMAND[: COMMAND.index("apply")], *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env=environment()
        | {
            "PYTHONPATH": f"{shim}{os.pathsep}{ROOT}",
            "SMALL_DISK": str(disk),
            "SMALL_DISK_BYTES": "0",
        },
    )  # fmt: skip


@contextmanager
def started(options: Sequence[object], out: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that is under way; whatever happens, it and its workers are gone at the end."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, options), "--out", str(out)],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """The end of a run: its exit code, and what it said."""
    told, errors = process.communicate(timeout=300)
    return process.returncode, told, errors


def workers(process: subprocess.Popen[str]) -> list[int]:
    """The numbers of a run's workers; its resource tracker is none."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            command = path.with_name("cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if parent == process.pid and b"spawn_main" in command:
            found.append(int(path.parent.name))
    return found


def ray_workers(address: str) -> list[int]:
    """The numbers of the processes of a Ray cluster of this machine that are making units now."""
    import psutil

    port = address.rpartition(":")[2]
    found = []
    for process in psutil.process_iter():
        try:
            if any("ray::MapBatches" in part for part in process.cmdline()):
                raylet = process.parent()
                if raylet is not None and any(port in part for part in raylet.cmdline()):
                    found.append(process.pid)
        except psutil.Error:
            continue
    return found


def wait_for_lines(out: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Return when so many results are there, or the run has ended."""
    records = out / "records.jsonl"
    while process.poll() is None:
        try:
            if records.read_bytes().count(b"\n") >= count:
                return
        except FileNotFoundError:
            pass
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.01)
