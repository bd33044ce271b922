"""The text of the closed arithmetic, and the parser that makes nodes of it.

sum      = product {("+" | "-") product}
product  = sign {("*" | "/" | "%") sign}
sign     = ("-" | "+") sign | power
power    = atom ["**" sign]
atom     = number | name | name "(" sum {"," sum} ")" | "(" sum ")"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from syncaug.values.functions import CONSTANTS, FUNCTIONS
from syncaug.values.nodes import Application, Name, Negation, Node, Number, Operation, children

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "RESERVED", "ExpressionError", "parse"]

MAX_LENGTH = 500
MAX_DEPTH = 64
RESERVED = frozenset(FUNCTIONS) | frozenset(CONSTANTS)
"""Names that a variable cannot bear inside an expression."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
      | (?P<sign>\*\*|[-+*/%(),])
      | (?P<end>$)
    )""",
    re.VERBOSE,
)


class ExpressionError(ValueError):
    """An expression cannot be read; `column` counts characters of its text from 1."""

    def __init__(self, message: str, column: int, length: int = 1) -> None:
        self.message, self.column, self.length = message, column, length
        super().__init__(f"{message} (column {column})")

    def __reduce__(self) -> tuple[type[ExpressionError], tuple[str, int, int]]:
        return type(self), (self.message, self.column, self.length)


def parse(text: str) -> Node:
    """Read a formula. Raises ExpressionError with the column of the first mistake."""
    return _Parser(text).whole()


class _Token(NamedTuple):
    kind: str
    text: str
    column: int


class _Parser:
    """Recursive descent over the tokens of one formula; every method consumes what it returns."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise ExpressionError(
                f"an expression has at most {MAX_LENGTH} characters, not {len(text)}",
                MAX_LENGTH + 1,
            )
        self._tokens = _tokens(text)
        self._token = next(self._tokens)
        self._nesting = 0

    def whole(self) -> Node:
        if self._token.kind == "end":
            raise ExpressionError("the expression is empty", self._token.column)
        node = self._sum()
        if self._token.kind != "end":
            raise self._unexpected("an operator or the end")
        _check_depth(node)
        return node

    def _sum(self) -> Node:
        node = self._product()
        while self._token.text in ("+", "-"):
            sign = self._take().text
            node = Operation(sign, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._sign()
        while self._token.text in ("*", "/", "%"):
            sign = self._take().text
            node = Operation(sign, node, self._sign())
        return node

    def _sign(self) -> Node:
        self._nesting += 1
        if self._nesting > MAX_DEPTH:
            raise _too_deep(self._token.column)
        if self._token.text == "-":
            self._take()
            node: Node = Negation(self._sign())
        elif self._token.text == "+":
            self._take()
            node = self._sign()
        else:
            node = self._power()
        self._nesting -= 1
        return node

    def _power(self) -> Node:
        node = self._atom()
        if self._token.text == "**":
            self._take()
            node = Operation("**", node, self._sign())
        return node

    def _atom(self) -> Node:
        token = self._token
        if token.kind == "number":
            self._take()
            value = float(token.text)
            if value == float("inf"):
                raise ExpressionError(f"{token.text} is too large", token.column, len(token.text))
            return Number(value)
        if token.kind == "name":
            self._take()
            return self._named(token)
        if token.text == "(":
            self._take()
            node = self._sum()
            self._close("an operator or ')'")
            return node
        raise self._unexpected("a number, a name or '('")

    def _named(self, token: _Token) -> Node:
        name = token.text
        if self._token.text == "(":
            return self._application(token)
        if name in CONSTANTS:
            return Number(CONSTANTS[name])
        if name in FUNCTIONS:
            raise ExpressionError(
                f"{name!r} is a function, not a variable: write {name}(...)",
                token.column,
                len(name),
            )
        return Name(name)

    def _application(self, token: _Token) -> Node:
        name = token.text
        function = FUNCTIONS.get(name)
        if function is None:
            known = ", ".join(sorted(FUNCTIONS))
            raise ExpressionError(
                f"unknown function {name!r}; expected one of {known}", token.column, len(name)
            )
        self._take()
        arguments: list[Node] = []
        if self._token.text != ")":
            arguments.append(self._sum())
            while self._token.text == ",":
                self._take()
                arguments.append(self._sum())
        self._close("an operator, ',' or ')'")
        if not function.least <= len(arguments) <= function.most:
            raise ExpressionError(
                f"{name} takes {function.takes}, not {len(arguments)}", token.column, len(name)
            )
        return Application(name, tuple(arguments))

    def _close(self, expected: str) -> None:
        if self._token.text != ")":
            raise self._unexpected(expected)
        self._take()

    def _take(self) -> _Token:
        token = self._token
        self._token = next(self._tokens)
        return token

    def _unexpected(self, expected: str) -> ExpressionError:
        token = self._token
        came = "the end" if token.kind == "end" else repr(token.text)
        return ExpressionError(
            f"expected {expected}, not {came}", token.column, max(1, len(token.text))
        )


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while True:
        match = _TOKEN.match(text, place)
        if match is None:
            column = place + len(text[place:]) - len(text[place:].lstrip()) + 1
            raise ExpressionError(f"{text[column - 1]!r} is not part of the arithmetic", column)
        kind = str(match.lastgroup)
        yield _Token(kind, match[kind], match.start(kind) + 1)
        if kind == "end":
            return
        place = match.end()


def _check_depth(root: Node) -> None:
    layer: Iterable[Node] = [root]
    for _ in range(MAX_DEPTH):
        layer = [child for node in layer for child in children(node)]
        if not layer:
            return
    raise _too_deep(1)


def _too_deep(column: int) -> ExpressionError:
    return ExpressionError(f"the expression is nested more than {MAX_DEPTH} deep", column)
