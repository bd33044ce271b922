"""Write constraints.txt: the versions that this environment has of all that syncaug installs.

    python -m tools.make_constraints > constraints.txt

Names and versions only. PyTorch's local version ("+cpu") is left away, so that a constraint fits
whichever build of that version is at hand.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tomllib import loads

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"all", "bench"}
"""`all` repeats the others; what `bench` names is not installed here, but below build/."""


def closure(requirements: list[str]) -> dict[str, str]:
    """Name -> version of everything that the requirements pull in here."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        try:
            package = distribution(requirement.name)
        except PackageNotFoundError:
            raise SystemExit(f"{requirement.name} is not installed here") from None
        found[name] = package.version.split("+")[0]
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting += [(Requirement(text), wanted) for text in package.requires or ()]
    return found


def main() -> None:
    """Print the constraints, sorted by name."""
    project = loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *(text for name in extras if name not in LEFT_OUT for text in extras[name]),
    ]
    print("# The versions that CI ran with; see tools/make_constraints.py.")
    for name, version in sorted(closure(wanted).items()):
        print(f"{name}=={version}")


if __name__ == "__main__":
    main()
