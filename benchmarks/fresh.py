"""A contestant that is a whole process: what a new interpreter takes for some code."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import ROOT
from benchmarks.timing import Turn

__all__ = ["Fresh"]


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new interpreter for some code, with the syncaug of a checkout.

    Files are in the system's cache and bytecode is compiled, as on the second call of a day: it is
    kept below build/, whatever the trees and the environment say of it.
    """

    code: str
    tree: Path = ROOT

    def turn(self, calls: int) -> Turn:
        """Run it; wall time, and CPU time of user and system. Raises RuntimeError if it fails."""
        wall, cpu = [], 0.0
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.tree),
            "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "bytecode"),
            "NO_ALBUMENTATIONS_UPDATE": "1",
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-W", "ignore", "-c", self.code]
        for _ in range(calls):
            begin = time.perf_counter()
            process = subprocess.Popen(
                command, cwd=self.tree, env=environment, stdout=subprocess.DEVNULL
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall.append(time.perf_counter() - begin)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise RuntimeError(f"exit status {process.returncode} of: {self.code}")
            cpu += usage.ru_utime + usage.ru_stime
        return Turn(tuple(wall), cpu / calls)
