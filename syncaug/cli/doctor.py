"""`syncaug doctor`: what is installed, what is missing, and how to mend it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Collection
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from syncaug.catalogue import LIBRARIES
from syncaug.catalogue.checks import checks
from syncaug.catalogue.external import (
    CHECKS,
    GROUPS,
    MODALITIES,
    OPERATIONS,
    TRANSFORMS,
    external_names,
    package_of,
)
from syncaug.catalogue.modalities import MODALITIES as OWN_MODALITIES
from syncaug.catalogue.transforms import transform_names
from syncaug.cli.options import echo_json, format_option
from syncaug.plan.versions import SUPPORTED, unsupported
from syncaug.plan.wordnet import WordNetMissing, find_wordnet
from syncaug.version import __version__

__all__ = ["command"]

_CORE = ("pydantic", "PyYAML", "numpy", "jsonschema", "click", "rich")
_EXTRAS = {
    "image": ("albumentations", "opencv-python-headless"),
    "audio": ("audiomentations", "soundfile", "soxr"),
    "text": ("nlpaug",),
    "wordnet": ("nltk",),
    "points": ("open3d-cpu|open3d", "libusb-package"),
    "video": ("av",),
    "subtitles": ("pysubs2",),
    "torch": ("torch",),
    "report": ("Jinja2",),
}
_LIBRARIES = {
    "image": ("albumentations",),
    "audio": ("audiomentations",),
    "text": ("nlpaug",),
    "wordnet": ("nltk",),
    "points": ("open3d",),
}
"""Extra -> its libraries of which only some versions are supported."""
_MODULES = {
    "image": "import os; os.environ['NO_ALBUMENTATIONS_UPDATE'] = '1'; import albumentations",
    "audio": "import audiomentations, soundfile",
    "text": "import nlpaug.augmenter.word",
    "wordnet": "import nltk.corpus",
    "points": "from syncaug.backends import open3d; open3d.load()",
    "video": "import av",
    "subtitles": "import pysubs2",
    "torch": "import torch",
    "report": "import jinja2",
}


@click.command("doctor")
@click.option(
    "--quick", is_flag=True, help="Only look whether libraries are installed, do not import them."
)
@format_option
def command(quick: bool, form: str) -> None:
    """Say what is installed, what is missing, and how to mend it."""
    report: dict[str, Any] = {
        "syncaug": __version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "core": {name: _version(name) for name in _CORE},
        "extras": {extra: _extra(extra, quick) for extra in _EXTRAS},
        "wordnet": _wordnet(),
        "packages": _packages(),
    }
    if form == "json":
        echo_json(report)
    else:
        _print(report)
    if any(not found for found in report["core"].values()):
        raise click.exceptions.Exit(1)
    if any(extra["state"] in ("broken", "unsupported") for extra in report["extras"].values()):
        raise click.exceptions.Exit(1)


def _version(name: str) -> str:
    for choice in name.split("|"):
        try:
            return version(choice)
        except PackageNotFoundError:
            continue
    return ""


def _extra(extra: str, quick: bool) -> dict[str, Any]:
    """The state of one extra: `ready`, `missing`, `unsupported` or `broken`, and what to do."""
    found = {name: _version(name) for name in _EXTRAS[extra]}
    mend = f"pip install 'syncaug[{extra}]'"
    other = next(filter(None, map(unsupported, _LIBRARIES.get(extra, ()))), "")
    if other:
        came, wanted = other, str(SUPPORTED[_LIBRARIES[extra][0]])
        return {
            "state": "unsupported",
            "libraries": found,
            "mend": f"pip uninstall {came.split()[0]}; pip install '{wanted}'",
            "error": f"{came} is installed; expected {wanted}",
        }
    if not all(found.values()):
        return {"state": "missing", "libraries": found, "mend": mend}
    if not quick:
        import subprocess

        done = subprocess.run(
            [sys.executable, "-c", _MODULES[extra]], capture_output=True, text=True, check=False
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines()
            return {
                "state": "broken",
                "libraries": found,
                "mend": mend,
                "error": lines[-1] if lines else "",
            }
    return {"state": "ready", "libraries": found, "mend": ""}


def _wordnet() -> dict[str, str]:
    """Where WordNet's files were found, or where they were looked for and what to do."""
    try:
        return {"state": "ready", "place": find_wordnet().place, "mend": ""}
    except WordNetMissing as error:
        return {"state": "missing", "place": error.came, "mend": error.remedy}


def _packages() -> list[dict[str, Any]]:
    """What packages bring by entry point; `hidden` is what a name of the library's own hides."""
    own: dict[str, Collection[str]] = {
        OPERATIONS: LIBRARIES,
        TRANSFORMS: transform_names(),
        MODALITIES: OWN_MODALITIES,
        CHECKS: checks(),
    }
    return [
        {
            "kind": kind,
            "name": name,
            "package": package_of(group, name),
            "hidden": name in own.get(group, ()),
        }
        for group, kind in GROUPS.items()
        for name in external_names(group)
    ]


def _print(report: dict[str, Any]) -> None:
    click.echo(f"syncaug {report['syncaug']}, Python {report['python']}, {report['platform']}")
    for name, found in report["core"].items():
        click.echo(f"  {name:24} {found or 'MISSING: pip install --force-reinstall syncaug'}")
    for extra, state in report["extras"].items():
        click.echo(f"{extra}: {state['state']}" + (f", {state['mend']}" if state["mend"] else ""))
        for name, found in state["libraries"].items():
            click.echo(f"  {name:24} {found or 'not installed'}")
        if "error" in state:
            why = "its import fails" if state["state"] == "broken" else "not supported"
            click.echo(f"  {why}: {state['error']}")
    data = report["wordnet"]
    click.echo(f"WordNet: {data['state']}, {data['place']}")
    if data["mend"]:
        click.echo(f"  for nlpaug.SynonymAug and AntonymAug alone; {data['mend']}")
    for brought in report["packages"]:
        click.echo(f"{brought['kind']} {brought['name']}: of {brought['package']}")
        if brought["hidden"]:
            click.echo("  hidden by the library's own of that name: rename it")
