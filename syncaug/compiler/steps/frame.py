"""What all steps share, whatever their kind."""

from __future__ import annotations

from typing import Any, NamedTuple

from syncaug.plan.step import Condition, Step, Variable
from syncaug.values.value import Value

__all__ = ["Frame"]


class Frame(NamedTuple):
    """A step without what it does: its name, chance, conditions, variables and weight."""

    name: str
    gate: Value
    conditions: tuple[Condition, ...]
    variables: tuple[Variable, ...]
    weight: float

    def step(self, kind: str, **own: Any) -> Step:
        """The step of some kind, with what its kind adds."""
        return Step(
            self.name,
            kind,
            self.gate,
            self.conditions,
            self.variables,
            weight=self.weight,
            **own,
        )
