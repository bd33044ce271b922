"""How an error is planted in the library for as long as one test lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest

from syncaug.maps.numbers import product
from tests.scene.square import Step

__all__ = [
    "Mutant",
    "bent",
    "left_behind",
    "misread",
    "replaced",
    "shifted",
    "skewed",
    "without",
]

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Mutant:
    """A planted error, the steps under which it shows, and the kind of stream that must tell."""

    name: str
    steps: tuple[Step, ...]
    kind: str
    plant: Plant


def _found(path: str) -> tuple[Any, str]:
    """The object that holds a name, and the name: `module:Class.attribute`, `module:name`."""
    module, _, inside = path.partition(":")
    *owners, name = inside.split(".")
    owner = import_module(f"syncaug.{module}")
    for part in owners:
        owner = getattr(owner, part)
    return owner, name


def replaced(path: str, value: Any) -> Plant:
    """Something else stands there."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        owner, name = _found(path)
        patch.setattr(owner, name, value)  # what is not there cannot be planted

    return plant


def left_behind(carrier: str, kind: str) -> Plant:
    """A carrier does not hear of one kind of map."""
    return replaced(f"modalities.{carrier}.{kind}", lambda self, *args: None)


def skewed(carrier: str, kind: str, rule: Callable[[Any], Any]) -> Plant:
    """A carrier hears something else than the others."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        owner, name = _found(f"modalities.{carrier}.{kind}")
        original = getattr(owner, name)
        patch.setattr(owner, name, lambda self, map_: original(self, rule(map_)), raising=False)

    return plant


def bent(transform: str, kind: str, rule: Callable[[Any], Any]) -> Plant:
    """A transform makes another map of one kind, the same for all streams."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        owner, name = _found(f"transforms.{transform}:maps")
        original = getattr(owner, name)
        patch.setattr(
            owner,
            name,
            lambda parameters, view: [
                (made, space, rule(map_) if made == kind else map_)
                for made, space, map_ in original(parameters, view)
            ],
        )

    return plant


def without(transform: str, kind: str) -> Plant:
    """A transform forgets one kind of its maps."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        owner, name = _found(f"transforms.{transform}:maps")
        original = getattr(owner, name)
        patch.setattr(
            owner,
            name,
            lambda parameters, view: [m for m in original(parameters, view) if m[0] != kind],
        )

    return plant


def misread(transform: str, **rules: Callable[[Any], Any]) -> Plant:
    """A transform takes a parameter for another number."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        owner, name = _found(f"transforms.{transform}:maps")
        original = getattr(owner, name)

        def maps(parameters: Any, view: Any) -> Any:
            wrong = {key: rule(parameters[key]) for key, rule in rules.items()}
            return original({**parameters, **wrong}, view)

        patch.setattr(owner, name, maps)

    return plant


def shifted(x: float, y: float) -> Callable[[Any], Any]:
    """The plane map that ends so many pixels to the right and down."""

    def rule(plane: Any) -> Any:
        return plane._replace(numbers=product((1, 0, x, 0, 1, y, 0, 0, 1.0), plane.numbers))

    return rule
