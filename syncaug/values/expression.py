"""The closed arithmetic of `expr: "0.5 * hue + tilt"`: parsed by us, never evaluated as code.

Precedence, `%` and rounding are Python's: `-x ** 2` is `-(x ** 2)`, `-1 % 3` is 2, halves round to
even. Trigonometric functions take radians: write `sin(radians(yaw))` for an angle in degrees.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from syncaug.values.functions import BINARY, FUNCTIONS
from syncaug.values.interval import Interval, UnboundedError, union
from syncaug.values.nodes import Application, Name, Negation, Node, Number, Operation, names, show
from syncaug.values.syntax import MAX_DEPTH, MAX_LENGTH, RESERVED, ExpressionError, parse

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "RESERVED",
    "Expression",
    "ExpressionError",
]

_BOXES = 64


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed formula. Equal formulas are equal however they were spaced and bracketed."""

    tree: Node
    variables: frozenset[str] = field(init=False, repr=False, compare=False)
    _call: Callable[[Mapping[str, Any]], Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "variables", frozenset(names(self.tree)))
        object.__setattr__(self, "_call", _closure(self.tree))

    def __reduce__(self) -> tuple[type[Expression], tuple[Node]]:
        return Expression, (self.tree,)

    def __str__(self) -> str:
        return show(self.tree)

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Read a formula. Raises ExpressionError with the column of the first mistake."""
        return cls(parse(text))

    def evaluate(self, env: Mapping[str, Any]) -> float:
        """The formula's value where variables have the numbers of `env` (booleans are 0 and 1).

        Raises KeyError for a variable that `env` lacks, and UnboundedError where the formula is
        undefined or too large, which `interval` finds in advance.
        """
        try:
            value = float(self._call(env))
        except ZeroDivisionError:
            raise UnboundedError(f"{self} divides by 0{self._where(env)}") from None
        except OverflowError:
            value = math.inf
        except ValueError:
            raise UnboundedError(f"{self} is not defined{self._where(env)}") from None
        if value - value != 0.0:
            raise UnboundedError(f"{self} exceeds the largest number{self._where(env)}")
        return value

    def _where(self, env: Mapping[str, Any]) -> str:
        """The values of the variables, as a clause."""
        told = ", ".join(f"{name} is {env[name]}" for name in sorted(self.variables))
        return f" where {told}" if told else ""

    def compile(self) -> Callable[[Mapping[str, Any]], Any]:
        """The formula as a chain of closures: `evaluate` without its error texts and float()."""
        return self._call

    def interval(self, env: Mapping[str, Interval]) -> Interval:
        """Bounds on the value where each variable lies in its interval of `env`.

        A variable that occurs more than once is cut into pieces to tighten the bounds. Raises
        UnboundedError where the formula can be undefined, or can overflow on finite inputs.
        """
        found = list(names(self.tree))
        repeated = sorted(
            {name for name in found if found.count(name) > 1 and not env[name].is_point}
        )
        if not repeated:
            return _bounds(self.tree, env)
        return union(_bounds(self.tree, box) for box in _boxes(env, repeated))


def _boxes(env: Mapping[str, Interval], repeated: list[str]) -> Iterator[dict[str, Interval]]:
    """The box `env` cut into at most _BOXES equal boxes along `repeated`."""
    rounds = 0
    while 2 ** ((rounds + 1) * len(repeated)) <= _BOXES:
        rounds += 1
    pieces = []
    for name in repeated:
        parts = [env[name]]
        for _ in range(rounds):
            parts = [half for part in parts for half in part.split()]
        pieces.append(parts)
    for parts_of_box in product(*pieces):
        yield {**env, **dict(zip(repeated, parts_of_box, strict=True))}


def _bounds(node: Node, env: Mapping[str, Interval]) -> Interval:
    match node:
        case Number(value):
            return Interval(value, value)
        case Name(name):
            return env[name]
        case Negation(operand):
            return -_bounds(operand, env)
        case Operation(sign, left, right):
            inputs = [_bounds(left, env), _bounds(right, env)]
            result = BINARY[sign].bounds(*inputs)
        case Application(function, arguments):
            inputs = [_bounds(argument, env) for argument in arguments]
            result = FUNCTIONS[function].bounds(*inputs)
    if not result.is_finite and all(item.is_finite for item in inputs):
        raise UnboundedError(f"{show(node)} can exceed the largest number")
    return result


def _closure(node: Node) -> Callable[[Mapping[str, Any]], Any]:
    match node:
        case Number(value):
            return lambda env: value
        case Name(name):
            return lambda env: env[name]
        case Negation(operand):
            inner = _closure(operand)
            return lambda env: -inner(env)
        case Operation(sign, left, right):
            return _operation_closure(sign, left, right)
        case Application(function, arguments):
            call = FUNCTIONS[function].call
            inners = tuple(_closure(argument) for argument in arguments)
            if len(inners) == 1:
                only = inners[0]
                return lambda env: call(only(env))
            return lambda env: call(*[inner(env) for inner in inners])
    raise AssertionError(node)


def _operation_closure(sign: str, left: Node, right: Node) -> Callable[[Mapping[str, Any]], Any]:
    call = BINARY[sign].call
    match left, right:
        case Number(a), Name(y):
            return lambda env: call(a, env[y])
        case Name(x), Number(b):
            return lambda env: call(env[x], b)
        case Name(x), Name(y):
            return lambda env: call(env[x], env[y])
    first, second = _closure(left), _closure(right)
    return lambda env: call(first(env), second(env))
