"""Values: one interface for constants, draws and links; canonical JSON."""

from __future__ import annotations

import json
import math
import pickle
import subprocess
import sys

import pytest

from syncaug.values.canonical import canonical, freeze, scalar_key
from syncaug.values.distributions import Choice, Normal, Uniform
from syncaug.values.expression import Expression
from syncaug.values.interval import Interval
from syncaug.values.value import (
    Constant,
    Drawn,
    Environment,
    ExpressionLink,
    Link,
    Value,
    value_from_json,
)

VALUES: list[Value] = [
    Constant("reflect"),
    Drawn(Uniform(0, 1), "recolour.hue"),
    Drawn(Normal(0, Link("progress", scale=4), -10, 10), "shake"),
    Link("hue", scale=0.5),
    ExpressionLink(Expression.parse("hue + 1")),
]


def environment() -> Environment:
    return Environment(
        {"hue": 60, "progress": 0.5}, {"recolour.hue": 0.25, "shake": 0.5}.__getitem__
    )


def test_all_values_evaluate() -> None:
    env = environment()
    assert [value.evaluate(env) for value in VALUES] == ["reflect", 0.25, 0.0, 30.0, 61.0]


def test_all_values_have_bounds() -> None:
    env = {"hue": (60, 120), "progress": Interval(0, 1)}
    assert [value.interval(env) for value in VALUES] == [
        ("reflect",),
        Interval(0.0, 1.0),
        Interval(-10.0, 10.0),
        (30.0, 60.0),
        (61.0, 121.0),
    ]


def test_all_values_name_what_they_follow() -> None:
    assert [sorted(value.variables) for value in VALUES] == [[], [], ["progress"], ["hue"], ["hue"]]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_print_and_read_back(value: Value) -> None:
    assert value_from_json(json.loads(json.dumps(value.as_json()))) == value
    again = pickle.loads(pickle.dumps(value))
    assert again == value
    assert hash(again) == hash(value)


def test_values_are_safe_from_their_makers() -> None:
    given = [1, [2]]
    constant, choice = Constant(given), Choice(given)  # type: ignore[arg-type]
    given[1].append(3)  # type: ignore[union-attr]
    assert constant.value == (1, (2,))
    assert choice.values == (1, (2,))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (True, "true"),
        (1e20, "100000000000000000000"),
        (math.inf, '"inf"'),
        ((1.0, [2, None]), "[1, [2, null]]"),
        ({"a": 2.0}, '{"a": 2}'),
    ],
)
def test_canonical_text(value: object, text: str) -> None:
    assert json.dumps(canonical(value)) == text


def test_what_has_no_canonical_text() -> None:
    with pytest.raises(ValueError, match="nan"):
        canonical(math.nan)
    with pytest.raises(TypeError, match="set cannot be printed as JSON"):
        canonical({1})


def test_table_keys() -> None:
    assert scalar_key(1) == scalar_key(1.0) == scalar_key("1") == "1"
    assert scalar_key(True) == scalar_key("true") == "true"
    assert scalar_key("0.10") == scalar_key(0.1)
    assert scalar_key("007") == "007"
    assert scalar_key(None) == "null"
    assert scalar_key("1e999") == "inf"
    assert freeze({"a": [1]}) == {"a": (1,)}


def test_values_import_no_library() -> None:
    code = (
        "import sys; import syncaug.values.value; "
        "print(sorted({'numpy', 'scipy', 'pydantic', 'yaml', 'random'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
