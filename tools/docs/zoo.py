"""The page of published recipes: what the policies of policies/zoo say of themselves."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

__all__ = ["HEADINGS", "headings", "zoo_page"]

ZOO = Path(__file__).resolve().parents[2] / "policies" / "zoo"
HEADINGS = ("Source", "Settings", "Differs")
"""What the comment at the top of each policy tells, in this order."""
_TOP = """# Published recipes

Written by `tools/make_docs.py` from the policies; do not edit.

Augmentations that papers publish, as policies: what each sets, and what differs here. Each is tried
in the tests on data of its kind (`tests/policies/test_zoo.py`). Copy one, change its streams to
yours, and let `syncaug validate` say what is missing.
"""

_OPERATIONS = Path(__file__).with_name("zoo_operations.md")
"""A table of formulas that were compared by hand."""


def headings(path: Path) -> dict[str, str]:
    """What the comment at the top of a policy tells under each heading."""
    found: dict[str, str] = {}
    last = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        heading = re.match(r"# (\w+): (.*)", line)
        if heading and heading[1] in HEADINGS:
            last = heading[1]
            found[last] = heading[2].strip()
        elif last and line.startswith("#   "):
            found[last] += f" {line[4:].strip()}"
    return found


def zoo_page() -> str:
    """The whole page, in the order of the files' names."""
    lines = [_TOP]
    for path in sorted(ZOO.glob("*.yaml")):
        told = headings(path)
        policy = yaml.safe_load(path.read_text(encoding="utf-8"))
        lines += [f"## {path.stem}", "", policy["description"], ""]
        lines += [f"* **{heading}.** {told[heading]}" for heading in HEADINGS]
        lines += [f"* **Policy.** `policies/zoo/{path.name}`", ""]
    return "\n".join([*lines, _OPERATIONS.read_text(encoding="utf-8")])
