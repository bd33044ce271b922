"""Which versions of the optional libraries the catalogue is written for, and what is installed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

__all__ = ["SUPPORTED", "Supported", "unsupported"]


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
        if version and not _release(known.least) <= _release(version) < _release(known.below):
            return f"{name} {version}"
    return ""


def _installed(distribution: str) -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import distribution as found

    try:
        package = found(distribution)
    except PackageNotFoundError:
        return ""
    # A parser of letters, which `version` asks, would read the whole description, too.
    line = _VERSION.search(package.read_text("METADATA") or "")
    return line.group(1) if line else str(package.version)


_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)
"""The line of a distribution's metadata that tells its version; it stands near the top."""


def _release(version: str) -> tuple[int, ...]:
    """The numbers of a version: (2, 0, 8) of 2.0.8.post1."""
    numbers = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in numbers.group().split(".")) if numbers else ()
