"""What results depend on beside their record: libraries, and how they use the machine."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

import numpy as np

__all__ = ["libraries", "libraries_among", "machine"]

_LIBRARIES = (
    "syncaug",
    "numpy",
    "albumentations",
    "opencv-python-headless",
    "audiomentations",
    "python-stretch",
    "nlpaug",
    "nltk",
    "open3d-cpu",
    "open3d",
    "av",
    "soundfile",
    "soxr",
    "pysubs2",
)


@lru_cache(maxsize=1)
def libraries() -> dict[str, str]:
    """The installed versions of everything that can change a result's bytes."""
    found: dict[str, str] = {}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def libraries_among(names: Iterable[str]) -> dict[str, str]:
    """The installed versions of the same, and of those packages among `names` that are installed.

    The names are those of a record, which tells of packages that brought something to its policy.
    """
    found = dict(libraries())
    for name in names:
        if name not in _LIBRARIES:
            try:
                found[name] = version(name)
            except (PackageNotFoundError, ValueError):
                continue
    return found


@lru_cache(maxsize=2)
def machine(pictures: bool) -> dict[str, str]:
    """The system, and the instruction sets by which libraries choose their code.

    numpy and OpenCV choose at their start, by the processor and by `NPY_DISABLE_CPU_FEATURES` and
    `OPENCV_CPU_DISABLE`. OpenCV is asked where the samples hold `pictures`, which it is loaded for.
    """
    simd = np.show_config(mode="dicts").get("SIMD Extensions", {})
    told = {
        "system": platform.system(),
        "architecture": platform.machine(),
        "libc": " ".join(platform.libc_ver()).strip(),
        "python": platform.python_version(),
        "numpy": " ".join([*simd.get("baseline", ()), *simd.get("found", ())]),
    }
    if pictures:
        from syncaug.backends.opencv import instruction_sets

        told["opencv"] = " ".join(instruction_sets())
    return told
