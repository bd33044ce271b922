"""`syncaug doctor` knows every extra of the package, and tells what works in one line for each."""

from __future__ import annotations

import json
import platform
import re
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

from syncaug.cli import cli, doctor
from syncaug.cli.extras import EXTRAS, Extra, Package

ROOT = Path(__file__).parents[2]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "optional-dependencies"
]
TOGETHER = {"all", "bench", "dev", "docs"}
"""Extras that are for this project, or that repeat the others."""


def pretend(monkeypatch: pytest.MonkeyPatch, **versions: str | None) -> None:
    """Let packages have other versions, or none."""
    installed = doctor.version

    def version(name: str) -> str:
        if name not in versions:
            return installed(name)
        found = versions[name]
        if found is None:
            raise PackageNotFoundError(name)
        return found

    monkeypatch.setattr(doctor, "version", version)


def told(*options: str) -> tuple[int, dict[str, str]]:
    """The exit status, and the line of each extra."""
    done = CliRunner().invoke(cli, ["doctor", *options])
    found = re.findall(r"^([a-z0-9]+)(?: \(not in `all`\))?: (.*)$", done.output, re.MULTILINE)
    return done.exit_code, dict(found)


def test_every_extra_is_known_with_what_it_installs_and_from_which_version_on() -> None:
    declared = {
        extra: {
            (r.name.lower(), next((s.version for s in r.specifier if s.operator == ">="), ""))
            for r in map(Requirement, requirements)
        }
        for extra, requirements in DECLARED.items()
        if extra not in TOGETHER
    }
    known = {
        name: {
            (each.lower(), package.least) for package in extra.packages for each in package.names
        }
        for name, extra in EXTRAS.items()
    }
    assert declared.keys() == known.keys()
    for extra, wanted in declared.items():
        assert wanted <= known[extra], extra


def test_all_holds_every_extra_but_loaders() -> None:
    (together,) = map(Requirement, DECLARED["all"])
    assert together.extras == {name for name, extra in EXTRAS.items() if not extra.apart}


def test_everything_is_ready_here() -> None:
    done = CliRunner().invoke(cli, ["doctor", "--format", "json"])
    report = json.loads(done.output)
    assert {name: state["state"] for name, state in report["extras"].items()} == dict.fromkeys(
        EXTRAS, "ready"
    )
    assert done.exit_code == 0


def test_each_extra_has_one_line() -> None:
    status, lines = told("--quick")
    assert status == 0
    assert lines.keys() - {"core"} == EXTRAS.keys()
    assert re.fullmatch(r"ready; pysubs2 [\d.]+", lines["subtitles"])
    assert re.fullmatch(r"ready; ray [\d.]+", lines["ray"])


def test_what_is_missing_has_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, grain=None, soundfile=None)
    status, lines = told("--quick")
    assert status == 0  # nobody needs every extra
    assert lines["grain"] == "missing; grain not installed; pip install 'syncaug[grain]'"
    assert lines["audio"].startswith("missing; audiomentations ")
    assert lines["audio"].endswith("; soundfile not installed; pip install 'syncaug[audio]'")


def test_what_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, lhotse="1.9.2", torch="2.13.0+cpu")
    status, lines = told("--quick")
    assert status == 1
    assert lines["lhotse"] == (
        "outdated; lhotse 1.9.2; lhotse 1.9.2 is installed; expected lhotse>=1.24; "
        "pip install --upgrade 'syncaug[lhotse]'"
    )
    assert lines["torch"] == "ready; torch 2.13.0+cpu"


def test_another_build_of_opencv_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, **{"opencv-python-headless": None, "opencv-python": "5.0.0.93"})
    _, lines = told("--quick")
    assert lines["video"].endswith("opencv-python 5.0.0.93")


def test_what_one_system_needs_is_not_missed_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, **{"libusb-package": None})
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert told("--quick")[1]["points"].startswith("ready; open3d")
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    assert "libusb-package not installed" in told("--quick")[1]["points"]


def test_imports_that_fail_or_end_the_process_leave_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numpy = (Package(("numpy",)),)
    extras = {
        "sound": Extra(numpy, "print('TRIED to confuse'); import json"),
        "wrong": Extra(numpy, "raise ImportError('libgone.so: no such file')"),
        "fatal": Extra(numpy, "import os; os._exit(3)"),
        "last": Extra(numpy, "import numpy"),
    }
    monkeypatch.setattr(doctor, "EXTRAS", extras)
    status, lines = told()
    assert status == 1
    assert lines["sound"].startswith("ready")
    assert "its import fails: ImportError: libgone.so: no such file" in lines["wrong"]
    assert lines["wrong"].startswith("broken")
    assert "its import fails: the process ends with 3" in lines["fatal"]
    assert lines["last"].startswith("ready")
