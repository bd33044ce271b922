"""Which versions of the optional libraries the catalogue is written for, and what is installed."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

__all__ = ["SUPPORTED", "Supported", "release", "unsupported"]


class Supported(NamedTuple):
    """The releases from `least` up to, not including, `below`, of one of some distributions.

    `rivals` are other distributions that install a module of the same name.
    """

    distributions: tuple[str, ...]
    least: str
    below: str
    rivals: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.distributions[0]}>={self.least},<{self.below}"


SUPPORTED: Mapping[str, Supported] = {
    "albumentations": Supported(("albumentations",), "2.0.8", "2.1", ("albumentationsx",)),
    "audiomentations": Supported(("audiomentations",), "0.43.1", "0.44"),
    "nlpaug": Supported(("nlpaug",), "1.1.11", "1.2"),
    "open3d": Supported(("open3d-cpu", "open3d"), "0.19", "0.21"),
}
"""Library -> what of it is supported; the extras of pyproject.toml ask for the same."""


@cache
def unsupported(library: str) -> str:
    """What is installed where it is not what is supported: name and version; else empty.

    A library without metadata, such as one that somebody vendored, is taken as it is.
    """
    known = SUPPORTED.get(library)
    if known is None:
        return ""
    for rival in known.rivals:
        version = _installed(rival)
        if version:
            return f"{rival} {version}"
    for name in known.distributions:
        version = _installed(name)
        if version and not release(known.least) <= release(version) < release(known.below):
            return f"{name} {version}"
    return ""


def _installed(distribution: str) -> str:
    """The version of an installed distribution, or nothing.

    It is told by the name of the folder with its metadata, NAME-VERSION.dist-info, as wheels leave
    it. Where there are others beside those on the path (eggs, zip files), `importlib.metadata` is
    asked, which takes a twentieth of the time of a short command to import.
    """
    wanted = _normal(distribution)
    found = _folders()
    if wanted in found or not found.get("", ""):
        return found.get(wanted, "")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return str(version(distribution))
    except PackageNotFoundError:
        return ""


@cache
def _folders() -> Mapping[str, str]:
    """Distributions and their versions, the first of a name on the path; under "" what else is."""
    found: dict[str, str] = {}
    for place in sys.path:
        try:
            names = os.listdir(place or os.curdir)
        except NotADirectoryError:
            found.setdefault("", place)
            continue
        except OSError:
            continue
        for name in names:
            if name.endswith(_METADATA):
                distribution, _, version = name.removesuffix(_METADATA).partition("-")
                found.setdefault(_normal(distribution), version)
            elif name.endswith(_OLDER):
                found.setdefault("", name)
    return found


_METADATA = ".dist-info"
_OLDER = (".egg-info", ".egg", ".egg-link")


def _normal(name: str) -> str:
    """A distribution's name as all its spellings have in common."""
    return re.sub(r"[-_.]+", "-", name).lower()


def release(version: str) -> tuple[int, ...]:
    """The numbers of a version, to compare with another: (2, 0, 8) of 2.0.8.post1."""
    numbers = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in numbers.group().split(".")) if numbers else ()
