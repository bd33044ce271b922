"""Interval arithmetic: every result computed at a point lies within the interval's result."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from syncaug.values.interval import Interval, UnboundedError, hull, union

NUMBERS = st.floats(-1e6, 1e6) | st.integers(-20, 20).map(float)


@st.composite
def points(draw: st.DrawFn, low: float = -1e6, high: float = 1e6) -> tuple[Interval, float]:
    """An interval and a point in it."""
    numbers = st.floats(low, high)
    a, b, t = draw(numbers), draw(numbers), draw(st.floats(0.0, 1.0))
    a, b = min(a, b), max(a, b)
    return Interval(a, b), draw(st.sampled_from([a, b, min(b, max(a, a + t * (b - a)))]))


BINARY: list[Callable[..., object]] = [
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, y: x / y,
    lambda x, y: x % y,
]


@pytest.mark.parametrize("operate", BINARY, ids="+-*/%")
@settings(deadline=None)
@given(points(), points())
def test_arithmetic_is_sound(
    operate: Callable[..., object], first: tuple[Interval, float], second: tuple[Interval, float]
) -> None:
    try:
        bounds = operate(first[0], second[0])
    except UnboundedError:
        assume(not second[0].contains(0.0))
        raise
    assert bounds.contains(operate(first[1], second[1]))


@settings(deadline=None)
@given(points(0.0, 50.0), points(-5.0, 5.0))
def test_power_is_sound(first: tuple[Interval, float], second: tuple[Interval, float]) -> None:
    assume(first[0].low > 0.01 or second[0].low >= 0.0)
    assert (first[0] ** second[0]).contains(math.pow(first[1], second[1]))


@settings(deadline=None)
@given(points(-50.0, 50.0), st.integers(-4, 6))
def test_whole_power_is_sound(first: tuple[Interval, float], exponent: int) -> None:
    assume(
        exponent >= 0
        or (not first[0].contains(0.0) and min(map(abs, (first[0].low, first[0].high))) > 1e-3)
    )
    bounds = first[0] ** Interval.point(exponent)
    assert bounds.contains(math.pow(first[1], float(exponent)))


UNARY = {
    "neg": (lambda i: -i, lambda x: -x, -1e6),
    "abs": (abs, abs, -1e6),
    "sqrt": (Interval.sqrt, math.sqrt, 0.0),
    "exp": (Interval.exp, math.exp, -700.0),
    "log": (Interval.log, math.log, 1e-6),
    "log2": (lambda i: i.log(math.log2), math.log2, 1e-6),
    "sin": (Interval.sin, math.sin, -30.0),
    "cos": (Interval.cos, math.cos, -30.0),
    "floor": (Interval.floor, math.floor, -30.0),
    "ceil": (Interval.ceil, math.ceil, -30.0),
    "round": (Interval.round, round, -30.0),
}


@pytest.mark.parametrize("name", UNARY)
@settings(deadline=None)
@given(st.data())
def test_functions_are_sound(name: str, data: st.DataObject) -> None:
    bounds, function, least = UNARY[name]
    interval, x = data.draw(points(least, min(abs(least), 700.0) or 1e6))
    assert bounds(interval).contains(function(x))


@settings(deadline=None)
@given(points(-1.5, 1.5))
def test_tangent_is_sound(first: tuple[Interval, float]) -> None:
    assert first[0].tan().contains(math.tan(first[1]))


def test_ends_stay_clean() -> None:
    assert Interval(-120, 120) * Interval.point(0.5) == Interval(-60.0, 60.0)
    assert Interval.point(10.0) ** Interval(-1.0, 0.0) == Interval(0.1, 1.0)
    assert Interval(0.0, math.pi).sin() == Interval(0.0, 1.0)
    assert Interval(0.0, 0.0).exp() == Interval(1.0, 1.0)


def test_waves_find_their_crests() -> None:
    assert Interval(0.0, 10.0).sin() == Interval(-1.0, 1.0)
    assert Interval(3.0, 3.5).cos().low == -1.0
    assert Interval(3.0, 3.5).cos().high < -0.9
    assert Interval(1e9, 1e9).sin() == Interval(-1.0, 1.0)


def test_powers_of_negative_numbers() -> None:
    assert Interval(-3.0, 2.0) ** Interval.point(2.0) == Interval(0.0, 9.0)
    assert Interval(-3.0, 2.0) ** Interval.point(3.0) == Interval(-27.0, 8.0)
    with pytest.raises(UnboundedError, match="not one whole number"):
        Interval(-3.0, 2.0) ** Interval(2.0, 3.0)


def test_remainders() -> None:
    assert Interval(1.0, 2.0) % Interval.point(360.0) == Interval(1.0, 2.0)
    assert Interval(-10.0, 10.0) % Interval.point(360.0) == Interval(0.0, 360.0)
    assert Interval(370.0, 380.0) % Interval.point(360.0) == Interval(10.0, 20.0)
    assert Interval(-5.0, -1.0) % Interval.point(-3.0) == Interval(-3.0, 0.0)


def test_infinite_ends() -> None:
    everything = Interval(-math.inf, math.inf)
    assert everything * Interval.point(0.0) == Interval(0.0, 0.0)
    assert everything.clip(0.1, 1.0) == Interval(0.1, 1.0)
    assert Interval(1.0, math.inf) / Interval(1.0, math.inf) == Interval(0.0, math.inf)
    assert Interval(0.0, 1000.0).exp().high == math.inf
    assert everything.sin() == Interval(-1.0, 1.0)
    assert everything.floor() == everything


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (lambda: Interval(1, 2) / Interval(-1, 1), r"division by a number within \[-1, 1\]"),
        (lambda: Interval(1, 2) % Interval(0, 1), "remainder by a number within"),
        (lambda: Interval(0, 2).log(), r"logarithm of a number within \[0, 2\], which can be 0"),
        (lambda: Interval(-1, 2).sqrt(), "square root of a number within"),
        (lambda: Interval(1, 2).tan(), "which contains a pole"),
        (lambda: Interval(0, 2) ** Interval(-1, 1), "0 to a negative power"),
        (lambda: Interval(-1, 2) ** Interval.point(-1), "0 to a negative power"),
        (lambda: hull(("calm", 1)), "'calm' is not a number"),
    ],
)
def test_what_cannot_be_bounded_says_why(act: Callable[[], object], text: str) -> None:
    with pytest.raises(UnboundedError, match=text):
        act()


def test_an_interval_is_never_empty() -> None:
    with pytest.raises(ValueError, match=r"low <= high, not \[2, 1\]"):
        Interval(2, 1)
    with pytest.raises(ValueError, match="low <= high"):
        Interval(math.nan, 1)


def test_hulls_and_splits() -> None:
    assert hull((True, False)) == Interval(0.0, 1.0)
    assert hull((-120, 60)) == Interval(-120.0, 60.0)
    assert union([Interval(0, 1), Interval(3, 4)]) == Interval(0.0, 4.0)
    assert Interval(0, 1).split() == (Interval(0.0, 0.5), Interval(0.5, 1.0))
    assert Interval(0, math.inf).split() == (Interval(0.0, 1.0), Interval(1.0, math.inf))
    assert Interval(4, math.inf).split()[0] == Interval(4.0, 8.0)
    assert Interval(-math.inf, math.inf).split()[0] == Interval(-math.inf, 0.0)
    assert Interval(0, 3).encloses(Interval(1, 2))
    assert not Interval(0, 3).encloses(Interval(1, 4))


def test_intervals_are_values() -> None:
    assert Interval(0, 1) == Interval(0.0, 1.0)
    assert hash(Interval(0, 1)) == hash(Interval(0.0, 1.0))
    assert pickle.loads(pickle.dumps(Interval(0, 1))) == Interval(0, 1)
    assert str(Interval(0, 0.5)) == "[0, 0.5]"
