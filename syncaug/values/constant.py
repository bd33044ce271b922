"""A value that is always the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from syncaug.values.bounded import NO_ENV
from syncaug.values.canonical import canonical, freeze
from syncaug.values.interval import Support

__all__ = ["Constant"]


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same value: any plain data; lists are held as tuples."""

    word: ClassVar[str] = "constant"
    value: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", freeze(self.value))

    @property
    def variables(self) -> frozenset[str]:
        """Empty: a constant follows nothing."""
        return frozenset()

    def resolve(self, env: Mapping[str, Any]) -> Constant:
        """The constant itself."""
        return self

    def problems(self, env: Mapping[str, Support] = NO_ENV) -> list[str]:
        """Empty: any value will do."""
        return []

    def quantile(self, u: float) -> Any:
        """The value, whatever u."""
        return self.value

    def evaluate(self, env: Mapping[str, Any]) -> Any:
        """The value, whatever the variables."""
        return self.value

    def support(self, env: Mapping[str, Support] = NO_ENV) -> Support:
        """The set of the one value."""
        return (self.value,)

    def interval(self, env: Mapping[str, Support] = NO_ENV) -> Support:
        """The set of the one value."""
        return (self.value,)

    def as_json(self) -> dict[str, Any]:
        """The constant in the policy's own words."""
        return {self.word: canonical(self.value)}
