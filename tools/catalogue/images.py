"""The albumentations part of the catalogue."""

from __future__ import annotations

import inspect
from typing import Any

from syncaug.backends import albumentations as adapter
from tools.catalogue.image_facts import COLOURS_STAY, MIRRORING_BORDERS, REFUSED, REPEATS, TURNS_HUE
from tools.catalogue.image_parameters import parameter_of
from tools.catalogue.image_trials import accepted, changes_colours, moves_of
from tools.catalogue.probing import summary

__all__ = ["LIBRARY", "catalogue"]

LIBRARY = "albumentations"
A = adapter.library
KINDS = ("uint8x3", "float32x3", "uint8x1", "float32x1")
_ABSTRACT = ("BasicTransform", "DualTransform", "ImageOnlyTransform", "Transform3D")


def catalogue() -> dict[str, Any]:
    """All of albumentations, as JSON."""
    return {
        "library": LIBRARY,
        "version": A.__version__,
        "operations": {cls.__name__: _operation(cls) for cls in _classes()},
    }


def _classes() -> list[type]:
    base = A.BasicTransform
    found = [getattr(A, name) for name in dir(A)]
    found = [cls for cls in found if inspect.isclass(cls) and issubclass(cls, base)]
    return sorted(
        {cls for cls in found if cls.__name__ not in _ABSTRACT}, key=lambda cls: cls.__name__
    )


def _operation(cls: type) -> dict[str, Any]:
    name = cls.__name__
    entry: dict[str, Any] = {
        "summary": summary(cls),
        "takes": ["image", "video"],
        "moves": "nothing",
    }
    refused = REFUSED.get(name)
    if refused:
        return {**entry, "refused": refused}
    entry["parameters"] = {
        parameter: parameter_of(cls, parameter, default)
        for parameter, default in _signature(cls).items()
    }
    entry["accepts"] = [kind for kind in KINDS if accepted(cls, kind)]
    if not entry["accepts"]:
        raise AssertionError(f"{name} accepts no picture: give a reason in image_facts.REFUSED")
    entry["moves"], changes = moves_of(cls, entry["accepts"][0])
    if entry["moves"] != "nothing":
        entry["takes"].append("mask")
        entry["changes"] = ["geometry", *changes]
        if "border_mode" in entry["parameters"]:
            entry["repeats"] = {"border_mode": MIRRORING_BORDERS, **REPEATS.get(name, {})}
        return entry
    entry["changes"] = [] if cls is A.NoOp else ["levels"]
    if changes_colours(cls, entry["accepts"][0]):
        entry["changes"].append("colours")
        entry |= {"colours_stay": COLOURS_STAY[name]} if name in COLOURS_STAY else {}
        entry |= {"turns_hue": TURNS_HUE[name]} if name in TURNS_HUE else {}
    return entry


def _signature(cls: type) -> dict[str, Any]:
    parameters = inspect.signature(cls.__init__).parameters
    return {
        name: p.default for name, p in parameters.items() if name not in ("self", "p", "strict")
    }
