"""The packages that a step of a plan depends on, with all that these need themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution

from syncaug.catalogue.external import CHECKS, OPERATIONS, TRANSFORMS, package_of
from syncaug.determinism.steps import CHECKS as CHECKED
from syncaug.determinism.steps import LOADED
from syncaug.plan.plan import Plan
from syncaug.plan.step import Step
from syncaug.plan.versions import SUPPORTED

__all__ = ["packages_of", "versions_of"]

_OURS: Mapping[str, tuple[str, ...]] = {
    "audio": ("soxr", "python-stretch"),
    "instances": ("pycocotools",),
    "polygons": ("pycocotools",),
}
_READERS: Mapping[str, tuple[str, ...]] = {
    "audio": ("av", "soundfile"),
    "image": ("pillow",),
    "points": ("laspy", "lazrs"),
    "timed_text": ("av", "pysubs2"),
    "video": ("av",),
}
"""Modality -> the packages that our own steps call for it, and those that read its files."""

_CORE = ("syncaug", "numpy")
_PICTURES = ("opencv-python-headless", "stringzilla")
_OWN_WORDS = "nlpaug"
"""What the operations on words that the library brings itself are made of."""

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def packages_of(plan: Plan, name: str) -> tuple[str, ...]:
    """The installed packages that a step of this name depends on, sorted."""
    found = {*_CORE}
    if any(stream.spec.opencv for stream in plan.streams):
        found.update(_PICTURES)
    table = _READERS if name == LOADED else _OURS
    for stream in plan.streams:
        found.update(table.get(stream.modality, ()))
    if name == CHECKED:
        found |= _needed(_brought(CHECKS, (check.name for check in plan.checks)))
    step = next((step for step in plan.steps if step.name == name), None)
    if step is not None:
        found |= _needed(_called(step))
    return tuple(versions_of(found))


def versions_of(names: Iterable[str]) -> dict[str, str]:
    """The versions of those packages that are installed."""
    found = {}
    for name in names:
        try:
            found[name] = distribution(name).version
        except (PackageNotFoundError, ValueError):
            continue
    return dict(sorted(found.items()))


def _called(step: Step) -> Iterator[str]:
    """The packages whose operations or transform a step calls."""
    if step.transform:
        yield from _brought(TRANSFORMS, [step.transform])
    for call in step.calls:
        library = call.operation.partition(".")[0]
        known = SUPPORTED.get(_OWN_WORDS if library == "syncaug" else library)
        yield from known.distributions if known else _brought(OPERATIONS, [library])
    for inner in step.steps:
        yield from _called(inner)


def _brought(group: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        package = package_of(group, name).rpartition(" ")[0]
        if package:
            yield package


def _needed(names: Iterable[str]) -> set[str]:
    """Packages, and what they require without any extra, and so on."""
    found: set[str] = set()
    waiting = [_normal(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            required = distribution(name).requires or []
        except (PackageNotFoundError, ValueError):
            continue
        found.add(name)
        waiting += [_normal(_required(line)) for line in required if "extra ==" not in line]
    return found


def _required(line: str) -> str:
    match = _NAME.match(line)
    return match.group() if match else ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
