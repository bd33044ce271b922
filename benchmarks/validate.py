"""`syncaug validate` in a fresh process, beside an empty process and what it cannot do without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.fresh import Fresh
from benchmarks.report import ROOT, Goal, Report, Run
from benchmarks.timing import Contestant, race

POLICIES = {
    "pets.yaml": ROOT / "policies" / "pets.yaml",
    "twenty_steps.yaml": ROOT / "benchmarks" / "twenty_steps.yaml",
}
LIBRARIES = {"albumentations", "audiomentations", "cv2", "nlpaug", "numpy", "open3d", "torch"}


def command(policy: Path) -> str:
    """The command as the console script runs it, whether or not that is installed."""
    head = f"import sys; sys.argv[1:] = ['validate', {str(policy)!r}]"
    return f"{head}; from syncaug.cli import main; main()"


def measure(run: Run) -> Report:
    """Whole processes take turns."""
    report = Report("syncaug validate, cold")
    heavy = command(POLICIES["pets.yaml"])
    heavy = heavy.replace("main()", "\ntry: main()\nfinally: print(*sys.modules)")
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    report.check("fine" in done.stdout, "pets.yaml is found fine")
    loaded = set(done.stdout.split())
    report.check(not LIBRARIES & loaded, "neither numpy nor any of the libraries is imported")
    contestants: dict[str, Contestant] = {
        "python -c pass": Fresh("pass"),
        "import click, yaml": Fresh("import click, yaml"),
        "import pydantic": Fresh("import pydantic; pydantic.BaseModel"),
        "import numpy": Fresh("import numpy"),
        **{f"syncaug validate {name}": Fresh(command(path)) for name, path in POLICIES.items()},
    }
    result = race("one process", contestants, seconds=3 * run.seconds)
    report.races.append(result)
    for name in POLICIES:
        took = 1e3 * result.cpu(f"syncaug validate {name}")
        report.goals.append(Goal(f"validate: {name}, cold, CPU", took, "ms", 200.0, False))
    return report
