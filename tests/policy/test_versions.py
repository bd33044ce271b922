"""Libraries of another version, or of another package with the same import name, are named."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from syncaug.plan.versions import SUPPORTED

ROOT = Path(__file__).parents[2]
LIBRARY = """
from syncaug import load_policy
load_policy('''syncaug: 1
sample: {image: image}
steps: [{name: a, apply: {image: {op: albumentations.HueSaturationValue}}}]
''')
"""
OWN = """
import numpy as np
from syncaug import load_policy
policy = load_policy('''syncaug: 1
sample: {image: image}
steps:
  - {name: f, uses: flip}
  - {name: c, uses: crop, with: {area: 0.5}}
  - {name: h, uses: colour, with: {hue: 20}}
  - {name: l, uses: light, with: {value: 0.2}}
  - {name: n, uses: noise, with: {snr_db: 20}}
''')
print(policy({"image": np.full((40, 60, 3), 90, np.uint8)}, key=1)["image"].shape[2])
"""


def installed(folder: Path, name: str, version: str) -> Path:
    """A folder with a package and its metadata, as pip leaves them."""
    package = folder / "albumentations"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (info / "METADATA").write_text(text, encoding="utf-8")
    return folder


def run(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    search = os.pathsep.join([str(path), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": search},
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "version"),
    [("albumentationsx", "2.5.1"), ("albumentations", "1.4.24"), ("albumentations", "3.0.0rc1")],
)
def test_another_library_is_a_problem_with_its_version(
    tmp_path: Path, name: str, version: str
) -> None:
    path = installed(tmp_path / "site", name, version)
    done = run(LIBRARY, path)
    assert "PolicyError" in done.stderr
    assert f"SA702 {name} {version} is installed" in done.stderr
    assert "albumentations>=2.0.8,<2.1" in done.stderr
    own = run(OWN, path)
    assert own.stdout.strip() == "3", own.stderr
    doctor = run("from syncaug.cli import cli; cli(['doctor', '--quick'])", path)
    assert f"{name} {version} is installed; expected albumentations>=2.0.8,<2.1" in doctor.stdout


def test_a_later_patch_is_taken(tmp_path: Path) -> None:
    path = installed(tmp_path / "site", "albumentations", "2.0.9.post1")
    assert "SA702" not in run(LIBRARY, path).stderr


def test_the_extras_ask_for_what_is_supported() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for supported in SUPPORTED.values():
        for name in supported.distributions:
            wanted = f">={supported.least},<{supported.below}"
            assert re.search(rf'"{re.escape(name)}{re.escape(wanted)}', text), name


EVERY = """
from importlib.metadata import distributions, version
from syncaug.plan import versions
names = {found.name for found in distributions()}
print(len(names), *(name for name in names if versions._installed(name) != version(name)))
"""


def test_versions_are_those_of_the_metadata() -> None:
    count, *others = run(EVERY, ROOT).stdout.split()
    assert int(count) > 20
    assert others == []


def test_an_egg_is_asked_for_its_version(tmp_path: Path) -> None:
    for place, text in {
        "albumentations-1.3.0.egg-info": "PKG-INFO",
        "albumentations": "__init__.py",
    }.items():
        (tmp_path / place).mkdir()
        content = "Metadata-Version: 2.1\nName: albumentations\nVersion: 1.3.0\n"
        (tmp_path / place / text).write_text("" if place == "albumentations" else content)
    alone = "import sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]\n"
    asked = "from syncaug.plan.versions import unsupported; print(unsupported('albumentations'))"
    assert run(alone + asked, tmp_path).stdout.strip() == "albumentations 1.3.0"


def test_a_plugin_of_pydantic_meets_no_model_of_ours(tmp_path: Path) -> None:
    info = tmp_path / "nosy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nosy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pydantic]\nnosy = nosy:plugin\n")
    (tmp_path / "nosy.py").write_text(
        "class Plugin:\n"
        "    def new_schema_validator(self, schema, kind, path, *rest):\n"
        "        print('met', path.name)\n"
        "        return None, None, None\n"
        "plugin = Plugin()\n"
    )
    theirs = "import pydantic\nclass Theirs(pydantic.BaseModel):\n    a: int\nTheirs(a=1)\n"
    done = run(OWN + theirs, tmp_path)
    assert done.stdout.split() == ["3", "met", "Theirs"], done.stderr
    before = run(theirs + OWN, tmp_path)
    assert before.stdout.split() == ["met", "Theirs", "3"], before.stderr
