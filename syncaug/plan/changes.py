"""What of a sample a step may change, by what the catalogue says of its transform or operations."""

from __future__ import annotations

from syncaug.catalogue import operation
from syncaug.catalogue.transforms import transform
from syncaug.plan.step import Step
from syncaug.values.value import Constant

__all__ = ["may_change", "transform_may_change"]


def may_change(step: Step, *what: str) -> str:
    """The transform or operation of a step that may change one of `what`, words of `CHANGES`.

    It is empty where none does.
    """
    if any(transform_may_change(step, word) for word in what):
        return step.transform
    changing = (
        call.operation
        for call in step.calls
        if call.operation and any(operation(call.operation).may_change(word) for word in what)
    )
    return next(changing, "")


def transform_may_change(step: Step, what: str) -> bool:
    """Whether the step's transform, with the values that its parameters can have, may change it."""
    rules = transform(step.transform).changes if step.transform else {}
    if what not in rules:
        return False
    return all(
        not isinstance(value := step.parameters.get(name), Constant) or value.value in values
        for name, values in rules[what].items()
    )
