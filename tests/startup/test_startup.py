"""A fresh process imports what it needs and no more: `starts.yaml` says what that is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
STARTS: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("starts.yaml").read_text(encoding="utf-8")
)
OURS = {"__main__", "syncaug"}
COMMAND = """
import sys
sys.argv[1:] = {command!r}
from syncaug.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""
REPORT = """
import sys
found = (name for name, module in sys.modules.items() if getattr(module, "__spec__", None))
print("imported:", *found)
"""


def imported(code: str) -> set[str]:
    """The modules that a fresh interpreter has beside those with which it starts."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code + REPORT],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("imported:")[2].split())


@pytest.fixture(scope="module")
def at_start() -> set[str]:
    return imported("")


@pytest.mark.parametrize("name", STARTS)
def test_a_start_imports_what_it_needs(name: str, at_start: set[str]) -> None:
    start = STARTS[name]
    code = start["code"] if "code" in start else COMMAND.format(command=start["command"])
    found = imported(code) - at_start
    packages = {module.partition(".")[0] for module in found} - sys.stdlib_module_names - OURS
    packages = {package for package in packages if not package.startswith("_")}
    assert packages == set(start["packages"])
    unwanted = [
        module
        for module in found
        for without in start["without"]
        if module == without or module.startswith(f"{without}.")
    ]
    assert not unwanted
