"""Programs that some tests need.

Those of the system are installed by `.ci/run`, not by `make test`. Where one is missing, its tests
are skipped with a word. Under `.ci/run`, which sets SYNCAUG_CI, they fail instead, so that nothing
is skipped there.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import NoReturn

import pytest

__all__ = ["CI", "PYTEST", "REMEDIES", "lacking", "program"]

CI = "SYNCAUG_CI"
"""The environment variable under which no test may be skipped for want of a program."""

REMEDIES: Mapping[str, str] = {
    "chromium": "install Debian's chromium, or name another one in CHROMIUM",
    "ffmpeg": "torchcodec loads its libraries; install Debian's ffmpeg",
    "npm": "install Node.js and npm; yaml-language-server comes from there",
}
"""Program -> what to do where it is missing."""

PYTEST = (
    *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("-p", "no:dash", "-p", "no:hydra_pytest"),
)
"""pytest in a process of its own, without plugins that take longer to start than it does."""

_NAMES = {"chromium": ("chromium", "chromium-browser", "google-chrome", "chrome")}
"""Other names of programs; the usual one first."""


def program(name: str) -> str:
    """The path of a program of `REMEDIES`: of the variable of its name, or on the PATH.

    Skips the test that asks where there is none, or fails it under CI.
    """
    named = os.environ.get(name.upper())
    places = (named,) if named else _NAMES.get(name, (name,))
    found = next(filter(None, map(shutil.which, places)), None)
    return found or lacking(name, f"none at {named}" if named else "not on the PATH")


def lacking(name: str, why: str) -> NoReturn:
    """Skip the test that runs, or the module that is imported, or fail it under CI."""
    text = f"needs {name}: {why}; {REMEDIES[name]}"
    if os.environ.get(CI):
        pytest.fail(text, pytrace=False)
    pytest.skip(text, allow_module_level=True)
