"""The packages that bring, by entry point, what a plan names; records tell their versions."""

from __future__ import annotations

from collections.abc import Iterator

from syncaug.catalogue import LIBRARIES
from syncaug.catalogue.checks import checks
from syncaug.catalogue.external import (
    CHECKS,
    LANES,
    MODALITIES,
    OPERATIONS,
    TRANSFORMS,
    package_of,
)
from syncaug.catalogue.modalities import MODALITIES as OWN
from syncaug.catalogue.transforms import transform_names
from syncaug.plan.plan import Plan

__all__ = ["packages"]


def packages(plan: Plan) -> dict[str, str]:
    """Name -> version of each package without which the plan cannot run; mostly none."""
    found: dict[str, str] = {}
    for group, name in _named(plan):
        package, _, version = package_of(group, name).rpartition(" ")
        if package:
            found[package] = version
    return found


def _named(plan: Plan) -> Iterator[tuple[str, str]]:
    """The groups and names of all that the library does not have itself."""
    for stream in plan.streams:
        if stream.modality not in OWN:
            yield MODALITIES, stream.modality
        if stream.options.get("lane"):
            yield LANES, stream.options["lane"]
    for step in plan.walk():
        if step.transform and step.transform not in transform_names():
            yield TRANSFORMS, step.transform
        for call in step.calls:
            library = call.operation.partition(".")[0]
            if library and library not in LIBRARIES:
                yield OPERATIONS, library
    for check in plan.checks:
        if check.name not in checks():
            yield CHECKS, check.name
