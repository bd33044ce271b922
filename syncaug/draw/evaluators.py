"""Values as functions of the variables drawn so far and of addressed bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syncaug.errors import SampleError
from syncaug.plan.plan import Variable
from syncaug.values.bounded import numbers
from syncaug.values.continuous import Uniform
from syncaug.values.distributions import Bernoulli
from syncaug.values.links import ExpressionLink, Link
from syncaug.values.value import Constant, Drawn, Value

__all__ = ["Env", "Evaluator", "Span", "evaluator", "spans", "split", "variable_drawer"]

Env = dict[str, Any]
Evaluator = Callable[[Env, Any], Any]
Span = tuple[str, bytes, float, float, float]
"""A number of which every one in a span is as likely: name, address, least, width and greatest."""


def split(
    values: Mapping[str, Value], place: str
) -> tuple[dict[str, Any], tuple[tuple[str, Evaluator], ...]]:
    """Constants, and evaluators of all that varies."""
    items = dict(values).items()
    constants = {name: value.value for name, value in items if isinstance(value, Constant)}
    varying = tuple(
        (name, evaluator(value, f"{name!r} of {place}"))
        for name, value in items
        if not isinstance(value, Constant)
    )
    return constants, varying


def spans(values: Mapping[str, Value]) -> tuple[Span, ...]:
    """The numbers of a span among values, as most are; none unless all that vary are such."""
    found = []
    for name, value in dict(values).items():
        if isinstance(value, Constant):
            continue
        if not (isinstance(value, Drawn) and isinstance(value.distribution, Uniform)):
            return ()
        if value.distribution.variables:
            return ()
        low, high = numbers(value.distribution.low, value.distribution.high)
        found.append((name, value.address.encode(), low, high - low, high))
    return tuple(found)


def variable_drawer(variable: Variable) -> tuple[str, Evaluator]:
    """A variable's name and what evaluates it."""
    return variable.name, evaluator(variable.value, f"the variable {variable.name!r}")


def _link_evaluator(link: Link | ExpressionLink, where: str) -> Evaluator:
    """A link's value, which the compiler has bounded save where the epoch grows without end."""
    evaluate = link.evaluate

    def value(env: Env, source: Any) -> Any:
        try:
            found = evaluate(env)
        except (ArithmeticError, ValueError) as error:
            raise _unbounded(where, env, str(error)) from error
        if type(found) is float and found - found != 0.0:
            raise _unbounded(where, env, f"the link gives {found:g}")
        return found

    return value


def _unbounded(where: str, env: Env, reason: str) -> SampleError:
    """A value that is none at this epoch, although the compiler let its link pass."""
    return SampleError(
        "epoch",
        what="argument",
        expected=f"one at which {where} is a number",
        came=f"epoch {str(env['epoch'])[:40]}: {reason}",
        hint="Bound what follows the epoch, such as min(epoch, 100) inside the formula, or draw "
        "for an earlier epoch.",
    )


def evaluator(value: Value, where: str) -> Evaluator:
    """A function of the variables drawn so far and the addressed source; `where` names it."""
    if isinstance(value, Constant):
        constant = value.value
        return lambda env, source: constant
    if not isinstance(value, Drawn):
        return _link_evaluator(value, where)
    address, distribution = value.address.encode(), value.distribution
    if isinstance(distribution, Bernoulli) and isinstance(distribution.p, int | float):
        chance = float(distribution.p)
        return lambda env, source: source.unit(address) < chance
    if distribution.variables:

        def resolved(env: Env, source: Any) -> Any:
            try:
                return distribution.resolve(env).quantile(source.unit(address))
            except (ArithmeticError, ValueError) as error:
                raise _unbounded(where, env, str(error)) from error

        return resolved
    if isinstance(distribution, Uniform):
        return _uniform(distribution, address)
    quantile = distribution.quantile
    return lambda env, source: quantile(source.unit(address))


def _uniform(distribution: Uniform, address: bytes) -> Evaluator:
    """The quantile of `Uniform`, which most parameters are, without a call of it."""
    low, high = numbers(distribution.low, distribution.high)
    width = high - low

    def value(env: Env, source: Any) -> float:
        drawn: float = low + width * source.unit(address)
        return drawn if drawn <= high else high

    return value
