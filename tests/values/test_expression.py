"""The closed arithmetic: what it reads, what it refuses and where, and its bounds."""

from __future__ import annotations

import math
import pickle
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from syncaug.values.expression import Expression
from syncaug.values.functions import FUNCTIONS
from syncaug.values.interval import Interval, UnboundedError
from syncaug.values.nodes import Application, Name, Negation, Node, Number, Operation
from syncaug.values.syntax import MAX_DEPTH, MAX_LENGTH, RESERVED, ExpressionError

ENV = {"hue": 60, "tilt": 3.0, "on": True, "x": -2.5, "step.y": 4.0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5 * hue + tilt", 33.0),
        ("-x ** 2", -6.25),
        ("2 ** -1", 0.5),
        ("2 ** 3 ** 2", 512.0),
        ("10 - 3 - 2", 5.0),
        ("12 / 3 / 2", 2.0),
        ("-1 % 3", 2.0),
        ("7 % -3", -2.0),
        ("(1 + 2) * 3", 9.0),
        ("- - 2", 2.0),
        ("+2", 2.0),
        ("1e3 + .5 + 2.", 1002.5),
        ("min(3, 1, 2) + max(3, 1)", 4.0),
        ("clip(hue, 0, 10)", 10.0),
        ("round(2.5) + floor(2.5) + ceil(2.5)", 7.0),
        ("sin(radians(90))", 1.0),
        ("degrees(pi)", 180.0),
        ("log(exp(1)) + log10(100) + log2(8)", 6.0),
        ("sqrt(abs(-16))", 4.0),
        ("on * 2", 2.0),
        ("step.y / 2", 2.0),
        ("cos(0) + tan(0)", 1.0),
    ],
)
def test_arithmetic(text: str, value: float) -> None:
    result = Expression.parse(text).evaluate(ENV)
    assert type(result) is float
    assert result == pytest.approx(value, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "the expression is empty"),
        ("   ", 4, "the expression is empty"),
        ("1 +", 4, "expected a number, a name or '(', not the end"),
        ("1 2", 3, "expected an operator or the end, not '2'"),
        ("(1 + 2", 7, "expected an operator or ')', not the end"),
        ("1 + $", 5, "'$' is not part of the arithmetic"),
        ("a if b else c", 3, "expected an operator or the end, not 'if'"),
        ("a == b", 3, "'=' is not part of the arithmetic"),
        ("__import__('os')", 1, "unknown function '__import__'"),
        ("min('os')", 5, '"\'" is not part of the arithmetic'),
        ("2 * sine(x)", 5, "unknown function 'sine'"),
        ("2 + min", 5, "'min' is a function, not a variable: write min(...)"),
        ("sqrt(1, 2)", 1, "sqrt takes 1 argument, not 2"),
        ("sqrt()", 1, "sqrt takes 1 argument, not 0"),
        ("min(1)", 1, "min takes 2 to 16 arguments, not 1"),
        ("clip(1)", 1, "clip takes 3 arguments, not 1"),
        ("min(1, )", 8, "expected a number, a name or '(', not ')'"),
        ("1e999", 1, "1e999 is too large"),
        ("a * * b", 5, "expected a number, a name or '(', not '*'"),
        ("a[0]", 2, "'[' is not part of the arithmetic"),
        ("a.", 2, "'.' is not part of the arithmetic"),
    ],
)
def test_mistakes_have_a_column(text: str, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(text)
    assert caught.value.column == column
    assert message in caught.value.message
    assert pickle.loads(pickle.dumps(caught.value)).column == column


@pytest.mark.parametrize(
    "text",
    [
        "1 + " * 200 + "1",
        "(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1),
        "-" * (MAX_DEPTH + 1) + "1",
        "2 ** " * (MAX_DEPTH + 1) + "1",
        "+".join("a" * (MAX_DEPTH + 1)),
        "1" * (MAX_LENGTH + 1),
    ],
)
def test_size_is_limited(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"nested more than|at most"):
        Expression.parse(text)


@settings(deadline=None)
@given(st.text(alphabet="ab.1e+-*/%(), minx_\n\u0663\u00e9'[]", max_size=40) | st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_column(text: str) -> None:
    column = 1
    try:
        expression = Expression.parse(text)
        assert Expression.parse(str(expression)) == expression
    except ExpressionError as error:
        column = error.column
    assert 1 <= column <= len(text) + 1


def test_variables_and_reserved_names() -> None:
    assert Expression.parse("0.5 * hue + tilt * hue + step.y").variables == {
        "hue",
        "tilt",
        "step.y",
    }
    assert Expression.parse("2 * pi").variables == frozenset()
    assert {"pi", "min", "radians"} <= RESERVED
    with pytest.raises(KeyError, match="hue"):
        Expression.parse("hue").evaluate({})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / (tilt - 3)", "divides by 0 where tilt is 3"),
        ("log(0 * tilt)", "is not defined where tilt is 3"),
        ("exp(1000)", "exceeds the largest number"),
        ("x ** 0.5", "is not defined where x is -"),
        ("1e300 * 1e300", "exceeds the largest number"),
        ("1e300 * 1e300 - 1e300 * 1e300", "exceeds the largest number"),
    ],
)
def test_undefined_values(text: str, message: str) -> None:
    with pytest.raises(UnboundedError, match=message):
        Expression.parse(text).evaluate(ENV)


def bounds(text: str, **env: tuple[float, float]) -> Interval:
    return Expression.parse(text).interval({name: Interval(*ends) for name, ends in env.items()})


def test_bounds() -> None:
    assert bounds("0.5 * hue + tilt", hue=(-120, 120), tilt=(0, 1)) == Interval(-60.0, 61.0)
    assert bounds("clip(x, 0, 1)", x=(-math.inf, math.inf)) == Interval(0.0, 1.0)
    assert bounds("x ** 2", x=(-2, 3)) == Interval(0.0, 9.0)
    assert bounds("min(x, 2) + max(x, 2)", x=(2, 2)) == Interval(4.0, 4.0)
    assert bounds("round(x)", x=(0.4, 2.6)) == Interval(0.0, 3.0)


def test_bounds_of_a_repeated_variable_are_tightened() -> None:
    naive = Interval(0.0, 1.0)
    tight = bounds("x * (1 - x)", x=(0, 1))
    assert tight.low >= -0.02
    assert 0.25 <= tight.high < 0.27
    assert naive.encloses(tight)
    assert bounds("1 / (x * x - x + 1)", x=(0, 1)).high < 1.5
    assert bounds("x - x + y * y", x=(0, 8), y=(-1, 1)).low >= -2.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / x", "division by a number within"),
        ("log(x)", "logarithm of a number within"),
        ("sqrt(x - 1)", "square root of a number within"),
        ("exp(1000 * x)", "exp(1000 * x) can exceed the largest number"),
        ("1e300 * (x + 2) * 1e300", "can exceed the largest number"),
    ],
)
def test_bounds_of_the_undefined(text: str, message: str) -> None:
    with pytest.raises(UnboundedError) as caught:
        bounds(text, x=(-1, 1))
    assert message in str(caught.value)


NAMES = st.sampled_from(["a", "b", "hue", "s.t"])
LEAVES: st.SearchStrategy[Node] = st.one_of(
    NAMES.map(Name),
    st.integers(0, 100).map(float).map(Number),
    st.floats(0.0, 1e6).map(lambda x: Number(x + 0.0)),
)


def _grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def applications(name: str) -> st.SearchStrategy[Node]:
        function = FUNCTIONS[name]
        arguments = st.lists(inner, min_size=function.least, max_size=min(3, function.most))
        return arguments.map(lambda nodes: Application(name, tuple(nodes)))

    return st.one_of(
        inner.map(Negation),
        st.builds(Operation, st.sampled_from(["+", "-", "*", "/", "%", "**"]), inner, inner),
        st.sampled_from(sorted(FUNCTIONS)).flatmap(applications),
    )


TREES = st.recursive(LEAVES, _grow, max_leaves=8)


@settings(deadline=None)
@given(TREES)
def test_what_is_printed_reads_back(tree: Node) -> None:
    text = str(Expression(tree))
    assume(len(text) <= MAX_LENGTH)
    assert Expression.parse(text).tree == tree
    assert str(Expression.parse(text)) == text


@settings(deadline=None, max_examples=400)
@given(TREES, st.data())
def test_bounds_are_sound(tree: Node, data: st.DataObject) -> None:
    expression = Expression(tree)
    env: dict[str, Interval] = {}
    point: dict[str, Any] = {}
    for name in sorted(expression.variables):
        ends = data.draw(st.tuples(st.floats(-9, 9), st.floats(-9, 9)))
        env[name] = Interval(min(ends), max(ends))
        t = data.draw(st.floats(0.0, 1.0))
        x = env[name].low + t * (env[name].high - env[name].low)
        point[name] = min(max(x, env[name].low), env[name].high)
    try:
        found = expression.interval(env)
    except UnboundedError:
        return
    assert found.contains(expression.evaluate(point))


def test_expressions_are_values() -> None:
    one, other = Expression.parse("0.5*hue+(tilt)"), Expression.parse(" 0.50 * hue + tilt")
    assert one == other
    assert hash(one) == hash(other)
    assert str(one) == "0.5 * hue + tilt"
    again = pickle.loads(pickle.dumps(one))
    assert again == one
    assert again.evaluate(ENV) == 33.0
    assert one.compile()(ENV) == 33.0
