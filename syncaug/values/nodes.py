"""The nodes of the closed arithmetic, their variables, and their text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

__all__ = [
    "Application",
    "Name",
    "Negation",
    "Node",
    "Number",
    "Operation",
    "children",
    "names",
    "show",
]

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT, "**": _POWER}


class Number(NamedTuple):
    """A number as written; never negative, since a sign is an operation."""

    value: float


class Name(NamedTuple):
    """A variable."""

    name: str


class Negation(NamedTuple):
    """Minus one operand."""

    operand: Node


class Operation(NamedTuple):
    """Two operands joined by one of + - * / % **."""

    sign: str
    left: Node
    right: Node


class Application(NamedTuple):
    """A function of the table in `functions.py`, applied."""

    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Number | Name | Negation | Operation | Application


def names(node: Node) -> Iterator[str]:
    """The variables of a formula, each as often as it occurs."""
    match node:
        case Name(name):
            yield name
        case Negation(operand):
            yield from names(operand)
        case Operation(_, left, right):
            yield from names(left)
            yield from names(right)
        case Application(_, arguments):
            for argument in arguments:
                yield from names(argument)


def show(node: Node, level: int = _SUM) -> str:
    """The node's text, in brackets where a place of this level would read it otherwise."""
    match node:
        case Number(value):
            return str(int(value)) if value.is_integer() and value < 1e15 else repr(value)
        case Name(name):
            return name
        case Application(function, arguments):
            return f"{function}({', '.join(show(argument, _SUM) for argument in arguments)})"
        case Negation(operand):
            text, own = f"-{show(operand, _SIGN)}", _SIGN
        case Operation("**", left, right):
            text, own = f"{show(left, _ATOM)} ** {show(right, _SIGN)}", _POWER
        case Operation(sign, left, right):
            own = _LEVELS[sign]
            text = f"{show(left, own)} {sign} {show(right, own + 1)}"
    return f"({text})" if own < level else text


def children(node: Node) -> tuple[Node, ...]:
    """The nodes that a node joins."""
    match node:
        case Negation(operand):
            return (operand,)
        case Operation(_, left, right):
            return (left, right)
        case Application(_, arguments):
            return arguments
    return ()
