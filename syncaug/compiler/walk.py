"""The steps of a plan with their places in the policy, and what variables can be around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncaug.compiler.complaints import Path
from syncaug.compiler.parameters.values import Scope
from syncaug.compiler.parameters.variables import RESERVED
from syncaug.plan.plan import Plan, Step, Variable

__all__ = ["located_steps"]


def located_steps(plan: Plan) -> Iterator[tuple[Step, Path, Scope]]:
    """All steps, those inside a choice too, with their paths and the scopes of their links."""
    return _located(plan.steps, ("steps",), _variables(plan.variables, RESERVED))


def _variables(variables: Iterable[Variable], outer: Scope) -> Scope:
    """The scope within which a step's links lie: what each variable can be."""
    own = {variable.name: variable.value.interval(outer) for variable in variables}
    return {**outer, **own} if own else outer


def _located(
    steps: tuple[Step, ...], path: Path, outer: Scope
) -> Iterator[tuple[Step, Path, Scope]]:
    for index, step in enumerate(steps):
        here, scope = (*path, index), _variables(step.variables, outer)
        yield step, here, scope
        yield from _located(step.steps, (*here, step.kind), scope)
