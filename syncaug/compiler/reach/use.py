"""One use of a transform, as the rules of a step see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from syncaug.catalogue.transforms import TransformSpec
from syncaug.compiler.complaints import Path
from syncaug.values.value import Constant, Value

__all__ = ["Use"]


class Use(NamedTuple):
    """A transform with its parameters.

    `reached` maps each stream that it reaches to the kinds of map that carry it there; `given` are
    its parameters as the policy writes them, at `path`.
    """

    spec: TransformSpec
    parameters: Mapping[str, Value]
    reached: Mapping[str, tuple[str, ...]]
    given: Mapping[str, Any]
    path: Path

    def constant(self, name: str) -> Any:
        """The value of a parameter that is the same for every sample; None for all others."""
        value = self.parameters.get(name)
        return value.value if isinstance(value, Constant) else None

    def has(self, name: str, *values: str) -> bool:
        """Whether a parameter is one of some words, for every sample."""
        return self.constant(name) in values
