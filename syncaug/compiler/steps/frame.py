"""What all steps share, whatever their kind, and where they stand."""

from __future__ import annotations

from typing import Any, NamedTuple

from syncaug.compiler.complaints import Path
from syncaug.compiler.parameters.values import Scope
from syncaug.plan.step import Condition, Step, Variable
from syncaug.values.value import Value

__all__ = ["Frame"]


class Frame(NamedTuple):
    """A step without what it does: its name, chance, conditions, variables and weight.

    It stands at `path` in the policy; `scope` is what each variable in its sight can be.
    """

    name: str
    gate: Value
    conditions: tuple[Condition, ...]
    variables: tuple[Variable, ...]
    weight: float
    scope: Scope
    path: Path

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
