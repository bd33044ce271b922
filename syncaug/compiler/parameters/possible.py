"""What the parameters of an operation can be in one sample, asked of all that can be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.catalogue import OperationSpec
from syncaug.compiler.parameters.domain import Domain, mismatch, outside
from syncaug.compiler.parameters.values import Scope
from syncaug.values.interval import Interval, Support, UnboundedError
from syncaug.values.value import Constant, Value

__all__ = ["always_fits", "can_be"]


def always_fits(
    spec: OperationSpec,
    parameters: Mapping[str, Value],
    schemas: Mapping[str, Mapping[str, Any]],
    scope: Scope,
) -> bool:
    """Whether each parameter that `schemas` names fits its schema, whatever is drawn."""
    return all(_fits(spec, parameters, name, schema, scope) for name, schema in schemas.items())


def can_be(
    spec: OperationSpec,
    parameters: Mapping[str, Value],
    name: str,
    wanted: Sequence[Any],
    scope: Scope,
) -> bool:
    """Whether the parameter can be one of `wanted`."""
    support = _support(spec, parameters, name, scope)
    if support is None:
        return True
    if isinstance(support, Interval):
        return any(support.contains(value) for value in wanted)
    return any(value in wanted for value in support)


def _fits(
    spec: OperationSpec,
    parameters: Mapping[str, Value],
    name: str,
    schema: Mapping[str, Any],
    scope: Scope,
) -> bool:
    support = _support(spec, parameters, name, scope)
    if support is None:
        return False
    if isinstance(support, Interval):
        return not outside(support, Domain({"type": "number", **schema}))
    return all(_within(value, schema) for value in support)


def _within(value: Any, schema: Mapping[str, Any]) -> bool:
    """A pair from which the library itself draws fits where both of its ends do."""
    if isinstance(value, list | tuple):
        return bool(value) and all(_within(item, schema) for item in value)
    truth = isinstance(value, bool)
    if "enum" in schema:
        return any(value == word and truth == isinstance(word, bool) for word in schema["enum"])
    numbers = isinstance(value, int | float) and not truth
    return numbers and not mismatch(value, {"type": "number", **schema})


def _support(
    spec: OperationSpec, parameters: Mapping[str, Value], name: str, scope: Scope
) -> Support | None:
    """All that a parameter can be; None where that is not known."""
    value = parameters.get(name)
    if value is None:
        return (spec.parameters[name].default,)
    if isinstance(value, Constant):
        return (value.value,)
    try:
        return value.interval(scope)
    except (UnboundedError, KeyError, ValueError):
        return None
