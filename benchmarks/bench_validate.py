"""`syncaug validate` in a fresh process, beside an empty process and what it cannot do without.

Cold means a new interpreter each time; files are in the system's cache and bytecode is compiled,
as on the second call of a day.
"""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

from timing import Goal, Report, main, race

ROOT = Path(__file__).parent.parent
POLICIES = {
    "pets.yaml": ROOT / "policies" / "pets.yaml",
    "twenty_steps.yaml": ROOT / "benchmarks" / "twenty_steps.yaml",
}


def run(*arguments: str) -> str:
    """What a fresh interpreter prints. Raises CalledProcessError where it fails."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def validate(policy: Path) -> str:
    """The command as the console script runs it, whether or not that is installed."""
    script = Path(sys.executable).with_name("syncaug")
    if script.exists():
        return run(str(script), "validate", str(policy))
    return run("-c", "from syncaug.cli import main; main()", "validate", str(policy))


def measure(rounds: int) -> Report:
    """Whole processes take turns."""
    report = Report("syncaug validate, cold")
    for name, policy in POLICIES.items():
        report.check("fine" in validate(policy), f"{name} is found fine")
    heavy = "import sys; from syncaug.cli import main\ntry: main()\nfinally: print(*sys.modules)"
    loaded = run("-c", heavy, "validate", str(POLICIES["pets.yaml"])).split()
    libraries = {"albumentations", "audiomentations", "cv2", "nlpaug", "numpy", "open3d", "torch"}
    report.check(not libraries & set(loaded), "neither numpy nor any of the libraries is imported")
    contestants = {
        "python -c pass": partial(run, "-c", "pass"),
        "import click, yaml": partial(run, "-c", "import click, yaml"),
        "import pydantic": partial(run, "-c", "import pydantic; pydantic.BaseModel"),
        "import numpy": partial(run, "-c", "import numpy"),
        **{f"syncaug validate {name}": partial(validate, path) for name, path in POLICIES.items()},
    }
    result = race("one process", contestants, rounds=rounds, turn=0.0)
    report.races.append(result)
    for name in POLICIES:
        took = result.time(f"syncaug validate {name}").over(1e3)
        report.goals.append(Goal(f"syncaug validate {name}", took, 200.0, "ms", False))
    return report


if __name__ == "__main__":
    main(measure, rounds=25)
