"""`syncaug doctor`: what is installed, what is missing, and how to mend it."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Collection, Sequence
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
from syncaug.cli.extras import EXTRAS, Extra, Package
from syncaug.cli.options import echo_json, format_option
from syncaug.plan.versions import SUPPORTED, release, unsupported
from syncaug.plan.wordnet import WordNetMissing, find_wordnet
from syncaug.version import __version__

__all__ = ["command"]

_CORE = ("pydantic", "PyYAML", "numpy", "jsonschema", "click", "rich")
_WRONG = ("broken", "outdated", "unsupported")
"""States of an extra that somebody has installed and that does not work; `missing` is none."""


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
        "extras": _extras(quick),
        "wordnet": _wordnet(),
        "packages": _packages(),
    }
    if form == "json":
        echo_json(report)
    else:
        _print(report)
    if any(not found for found in report["core"].values()):
        raise click.exceptions.Exit(1)
    if any(extra["state"] in _WRONG for extra in report["extras"].values()):
        raise click.exceptions.Exit(1)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _extras(quick: bool) -> dict[str, dict[str, Any]]:
    """The state of each extra; whether its import works is tried unless it shall be `quick`."""
    found = {name: _state(name, extra) for name, extra in EXTRAS.items()}
    ready = [name for name, state in found.items() if state["state"] == "ready"]
    for name, error in ({} if quick else _import_errors(ready)).items():
        if error:
            mend = f"pip install --force-reinstall 'syncaug[{name}]'"
            found[name] |= {"state": "broken", "mend": mend, "error": f"its import fails: {error}"}
    return found


def _state(name: str, extra: Extra) -> dict[str, Any]:
    """`ready`, `missing`, `outdated` or `unsupported`, by what is installed, and what to do."""
    here = [each for each in extra.packages if each.system in ("", platform.system())]
    came = {package: _installed(package) for package in here}
    state = {"state": "ready", "libraries": dict(came.values())}
    other = unsupported(extra.library)
    if other:
        wanted = str(SUPPORTED[extra.library])
        mend = f"pip uninstall {other.split()[0]}; pip install '{wanted}'"
        error = f"{other} is installed; expected {wanted}"
        return {**state, "state": "unsupported", "mend": mend, "error": error}
    if not all(version for _, version in came.values()):
        return {**state, "state": "missing", "mend": f"pip install 'syncaug[{name}]'"}
    older = [
        f"{key} {value} is installed; expected {key}>={package.least}"
        for package, (key, value) in came.items()
        if release(value) < release(package.least)
    ]
    if older:
        mend = f"pip install --upgrade 'syncaug[{name}]'"
        return {**state, "state": "outdated", "mend": mend, "error": "; ".join(older)}
    return {**state, "mend": ""}


def _installed(package: Package) -> tuple[str, str]:
    """The distribution among its names that is installed, and its version, empty where none is."""
    found = ((name, _version(name)) for name in package.names)
    return next((each for each in found if each[1]), (package.names[0], ""))


_TRY_IMPORTS = """
import json, sys
out, sys.stdout = sys.stdout, sys.stderr
for name, statement in json.loads(sys.argv[1]):
    try:
        exec(statement)
        error = ""
    except BaseException as caught:
        error = f"{type(caught).__name__}: {caught}"
    print("\\nTRIED", json.dumps([name, error]), file=out, flush=True)
"""
"""One process for many, which share most of what they import."""


def _import_errors(extras: Sequence[str]) -> dict[str, str]:
    """What goes wrong where a fresh process imports each, empty where nothing does.

    An import that ends the process is told by the exit status; another process tries the rest.
    """
    import subprocess

    errors: dict[str, str] = {}
    while len(errors) < len(extras):
        waiting = [(name, EXTRAS[name].importing) for name in extras if name not in errors]
        command = [sys.executable, "-c", _TRY_IMPORTS, json.dumps(waiting)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        lines = (line for line in done.stdout.splitlines() if line.startswith("TRIED "))
        tried = dict(json.loads(line.removeprefix("TRIED ")) for line in lines)
        errors |= tried
        if len(tried) < len(waiting):
            errors[waiting[len(tried)][0]] = f"the process ends with {done.returncode}"
    return errors


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
    lacking = [name for name, found in report["core"].items() if not found]
    versions = ", ".join(f"{name} {found}" for name, found in report["core"].items() if found)
    click.echo(f"core: {'broken' if lacking else 'ready'}, {versions}")
    if lacking:
        click.echo(f"  missing: {', '.join(lacking)}: pip install --force-reinstall syncaug")
    for name, extra in EXTRAS.items():
        click.echo(_line(name, extra, report["extras"][name]))
    data = report["wordnet"]
    click.echo(f"WordNet: {data['state']}, {data['place']}")
    if data["mend"]:
        click.echo(f"  for nlpaug.SynonymAug and AntonymAug alone; {data['mend']}")
    for brought in report["packages"]:
        click.echo(f"{brought['kind']} {brought['name']}: of {brought['package']}")
        if brought["hidden"]:
            click.echo("  hidden by the library's own of that name: rename it")


def _line(name: str, extra: Extra, state: dict[str, Any]) -> str:
    """An extra in one line: its state, what is installed, what is not, and what to do."""
    found = [f"{key} {value}" for key, value in state["libraries"].items() if value]
    lacking = [key for key, value in state["libraries"].items() if not value]
    parts = [
        state["state"],
        *([", ".join(found)] if found else []),
        *([f"{', '.join(lacking)} not installed"] if lacking else []),
        *([state["error"]] if "error" in state else []),
        *([state["mend"]] if state["mend"] else []),
    ]
    kind = " (not in `all`)" if extra.apart else ""
    return f"{name}{kind}: {'; '.join(parts)}"
