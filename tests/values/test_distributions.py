"""Distributions: quantiles against scipy, supports, links in bounds, and the texts of mistakes."""

from __future__ import annotations

import json
import math
import pickle
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from syncaug.values.distributions import (
    Bernoulli,
    Beta,
    Choice,
    Constant,
    Distribution,
    Integers,
    LogUniform,
    Normal,
    Uniform,
    distribution_from_json,
)
from syncaug.values.expression import Expression
from syncaug.values.interval import Interval
from syncaug.values.links import ExpressionLink, Link

PROGRESS = {"progress": Interval(0.0, 1.0)}
RAMP = Link("progress")

ALL: list[Distribution] = [
    Uniform(-20, 20),
    Uniform(3, 3),
    LogUniform(0.8, 1.25),
    LogUniform(1e-300, 1e300),
    Normal(0, 1),
    Normal(0, 4, -10, 10),
    Normal(5, 0, -1, 1),
    Normal(0, 1, 40, 41),
    Normal(0, 1, -math.inf, -50),
    Normal(0, 1e-3, 0.5, 0.6),
    Integers(-3, 3),
    Integers(0, 10**12),
    Beta(1, 1),
    Beta(0.4, 0.4),
    Beta(2, 5, -1, 3),
    Beta(200, 300),
    Beta(1, 3),
    Beta(0.01, 50),
]


def uniforms(seed: int, count: int = 400) -> list[float]:
    """Numbers in (0, 1), half of them near an end."""
    rng = random.Random(seed)
    middle = [rng.random() for _ in range(count // 2)]
    low = [10.0 ** rng.uniform(-15, -1) for _ in range(count // 4)]
    return middle + low + [1.0 - u for u in low]


@pytest.mark.parametrize(("mean", "std"), [(0, 1), (3, 0.25), (-100, 20)])
def test_normal_against_scipy(mean: float, std: float) -> None:
    ours = Normal(mean, std)
    for u in uniforms(1):
        theirs = mean + std * special.ndtri(u)
        assert ours.quantile(u) == pytest.approx(theirs, rel=1e-12, abs=1e-12 * std)


def test_normal_far_in_the_tail() -> None:
    for exponent in range(-300, -1, 7):
        u = 10.0**exponent
        tail = Normal(0, 1, -math.inf, 0).quantile(max(u, 2.0**-54))
        assert tail == pytest.approx(special.ndtri(max(u, 2.0**-54) / 2.0), rel=1e-13)


WINDOWS = [
    (-1, 2),
    (0, math.inf),
    (2, 3),
    (-9, -5),
    (5, math.inf),
    (-0.1, 0.1),
    (8, 8.001),
    (20, 25),
]


@pytest.mark.parametrize(("low", "high"), WINDOWS)
def test_truncated_normal_against_scipy(low: float, high: float) -> None:
    ours, theirs = Normal(0, 1, low, high), stats.truncnorm(low, high)
    for u in uniforms(2, 80):
        assert ours.quantile(u) == pytest.approx(theirs.ppf(u), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("low", "high"), [(29.9, math.inf), (30.1, math.inf), (60, 61), (500, 500.01)]
)
def test_truncated_normal_beyond_underflow(low: float, high: float) -> None:
    ours, mirrored = Normal(0, 1, low, high), Normal(0, 1, -high, -low)
    for u in [i / 64 for i in range(1, 64)]:
        x = ours.quantile(u)
        whole = 1.0 - math.exp(special.log_ndtr(-high) - special.log_ndtr(-low))
        expected = special.log_ndtr(-low) + math.log1p(-u * whole)
        slack = 1e-12 * low * low  # one part in 1e12 of x is this much of log Q
        assert special.log_ndtr(-x) == pytest.approx(expected, abs=slack)
        assert mirrored.quantile(1.0 - u) == pytest.approx(-x, rel=1e-13)


SHAPES = [(0.4, 0.4), (1, 1), (2, 5), (0.5, 3), (200, 300), (1e4, 1e4), (8, 1), (1, 0.2), (5, 0.1)]


@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_beta_against_scipy(a: float, b: float) -> None:
    ours = Beta(a, b)
    for u in uniforms(3, 120):
        assert ours.quantile(u) == pytest.approx(special.betaincinv(a, b, u), rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_quantiles_increase_within_the_support(distribution: Distribution) -> None:
    support = distribution.support()
    before = -math.inf
    for u in [0.0, 2.0**-54, *sorted(uniforms(4, 100)), 1.0 - 2.0**-53, 1.0]:
        value = distribution.quantile(u)
        assert math.isfinite(value)
        assert support.contains(value) if isinstance(support, Interval) else value in support
        assert value >= before - 4e-16 * max(1.0, abs(before))
        before = value


@settings(deadline=None)
@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(0, 1), st.floats(0, 1))
def test_uniform_is_monotone_and_bounded(a: float, b: float, u: float, v: float) -> None:
    uniform = Uniform(min(a, b), max(a, b))
    low, high = uniform.quantile(min(u, v)), uniform.quantile(max(u, v))
    assert min(a, b) <= low <= high <= max(a, b)


@settings(deadline=None)
@given(
    st.floats(-5, 5), st.floats(0.01, 10), st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 1)
)
def test_truncated_normal_stays_inside(
    mean: float, std: float, a: float, b: float, u: float
) -> None:
    assert min(a, b) <= Normal(mean, std, min(a, b), max(a, b)).quantile(u) <= max(a, b)


@settings(deadline=None, max_examples=200)
@given(st.floats(0.05, 500), st.floats(0.05, 500), st.floats(1e-9, 1 - 1e-9))
def test_beta_inverts_its_distribution_function(a: float, b: float, u: float) -> None:
    x = Beta(a, b).quantile(u)
    near = sorted(special.betainc(a, b, min(max(x * f, 0.0), 1.0)) for f in (1 - 1e-11, 1 + 1e-11))
    assert near[0] <= u * (1 + 1e-9)
    assert near[1] >= u * (1 - 1e-9)


@pytest.mark.parametrize(
    ("distribution", "theirs"),
    [
        (Uniform(-2, 3), stats.uniform(-2, 5)),
        (LogUniform(0.5, 4), stats.loguniform(0.5, 4)),
        (Normal(1, 2, 0, 3), stats.truncnorm(-0.5, 1, 1, 2)),
        (Beta(0.4, 0.4, 0, 1), stats.beta(0.4, 0.4)),
    ],
)
def test_draws_follow_the_distribution(distribution: Any, theirs: Any) -> None:
    rng = random.Random(5)
    draws = [distribution.quantile(rng.random()) for _ in range(2000)]
    assert stats.kstest(draws, theirs.cdf).pvalue > 1e-3


@pytest.mark.parametrize(
    ("distribution", "shares"),
    [
        (Bernoulli(0.3), {True: 0.3, False: 0.7}),
        (Integers(1, 6), dict.fromkeys(range(1, 7), 1 / 6)),
        (Choice(("a", "b", "c"), (1, 0, 3)), {"a": 0.25, "c": 0.75}),
    ],
)
def test_counts_follow_the_shares(distribution: Any, shares: dict[Any, float]) -> None:
    rng = random.Random(6)
    draws = [distribution.quantile(rng.random()) for _ in range(12_000)]
    assert set(draws) == set(shares)
    counts = [draws.count(value) for value in shares]
    assert stats.chisquare(counts, [share * len(draws) for share in shares.values()]).pvalue > 1e-3


def test_golden_values() -> None:
    u = 0.7312
    assert Uniform(-20, 20).quantile(u) == 9.247999999999998
    assert Integers(1, 6).quantile(u) == 5
    assert Choice((-120, -60, 60, 120)).quantile(u) == 60
    assert Bernoulli(0.75).quantile(u) is True
    assert Bernoulli(0.7).quantile(u) is False
    close = {"rel": 1e-14}  # the C library's last digit is not ours to promise
    assert LogUniform(0.8, 1.25).quantile(u) == pytest.approx(1.108692705145557, **close)
    assert Normal(0, 1).quantile(u) == pytest.approx(0.6164463052163522, **close)
    assert Normal(0, 1, -2, 2).quantile(u) == pytest.approx(0.5848637688983883, **close)
    assert Beta(0.4, 0.4).quantile(u) == pytest.approx(0.8688236017347333, **close)
    assert Beta(2, 5).quantile(u) == pytest.approx(0.37815345274987844, **close)


def test_types_of_draws() -> None:
    assert type(Integers(0, 3).quantile(0.5)) is int
    assert type(Bernoulli(1).quantile(0.5)) is bool
    assert type(Uniform(0, 1).quantile(0.5)) is float
    assert Choice([[1, 2], "a", None]).quantile(0.1) == (1, 2)  # type: ignore[arg-type]
    assert Constant([1, [2]]).quantile(0.9) == (1, (2,))


def test_the_whole_range_of_integers() -> None:
    huge = Integers(-(10**15), 10**15)
    assert huge.quantile(0.0) == -(10**15)
    assert huge.quantile(1.0) == 10**15
    assert Integers(0, 2).quantile(1 / 3 - 1e-16) == 0
    assert Integers(0, 2).quantile(1 / 3 + 1e-16) == 1


def test_weights_are_exact() -> None:
    tenths = Choice(tuple(range(10)), (0.1,) * 10)
    assert tenths == Choice(tuple(range(10)))
    assert [tenths.quantile(n / 10) for n in range(10)] == list(range(10))
    skewed = Choice((0, 1, 2), (1, 1e-30, 0))
    assert skewed.quantile(1.0 - 2.0**-53) == 0
    assert skewed.support() == (0, 1)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Uniform(2, 1), "uniform: low 2 is greater than high 1"),
        (
            lambda: Uniform(ExpressionLink(Expression.parse("1 + 1")), 1),
            "uniform: low 2 is greater than high 1",
        ),
        (lambda: Uniform(0, math.inf), "uniform: high needs a finite number, not inf"),
        (lambda: Uniform(math.nan, 1), "uniform: low needs a number, not nan"),
        (lambda: Uniform("a", 1), "uniform: low needs a number, not 'a'"),  # type: ignore[arg-type]
        (lambda: Uniform(True, 1), "uniform: low needs a number, not True"),
        (lambda: Uniform(-1e308, 1e308), "uniform: high - low is too large"),
        (lambda: LogUniform(0, 1), "log_uniform: low must be greater than 0, not 0"),
        (lambda: Normal(0, -1), "normal: std must be 0 or more, not -1"),
        (lambda: Normal(0, 1, 3, 2), "normal: low 3 is greater than high 2"),
        (lambda: Normal(0, 1, math.inf), "normal: low needs a finite number, not inf"),
        (lambda: Bernoulli(1.5), r"bernoulli: p must be within \[0, 1\], not 1.5"),
        (lambda: Integers(0.2, 0.8), "integers: there is no whole number from 0.2 to 0.8"),
        (lambda: Integers(3, 1), "integers: low 3 is greater than high 1"),
        (lambda: Beta(0, 1), "beta: a must be greater than 0"),
        (lambda: Beta(1, -1), "beta: b must be greater than 0"),
        (lambda: Choice(()), "choice: needs a list of at least one value"),
        (lambda: Choice((1, 2), (0, 0)), "choice: all weights are 0"),
        (lambda: Choice((1, 2), (1,)), "choice: 2 values need 2 weights, not 1"),
        (lambda: Choice((1, 2), (1, -1)), "choice: a weight is a finite number, 0 or more, not -1"),
        (lambda: Choice((1, 2), (1, math.inf)), "choice: a weight is a finite number"),
        (lambda: distribution_from_json({"zipf": {}}), "unknown distribution 'zipf'"),
    ],
)
def test_mistakes(make: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make()


@pytest.mark.parametrize(
    ("distribution", "support"),
    [
        (Uniform(0, Link("progress", scale=2)), Interval(0.0, 2.0)),
        (Normal(0, Link("progress", scale=4), -10, 10), Interval(-10.0, 10.0)),
        (Normal(RAMP, 0, 0.25, 2), Interval(0.25, 1.0)),
        (Normal(0, 1), Interval(-math.inf, math.inf)),
        (Bernoulli(RAMP), (False, True)),
        (Bernoulli(0), (False,)),
        (Bernoulli(1), (True,)),
        (Integers(1, Link("progress", scale=5, offset=1)), (1, 2, 3, 4, 5, 6)),
        (Integers(0, 1000), Interval(0.0, 1000.0)),
        (Beta(2, 3, -1, RAMP), Interval(-1.0, 1.0)),
        (Choice((1, 1.0, True, "a"), (1, 1, 1, 0)), (1, True)),
        (Constant([1, 2]), ((1, 2),)),
    ],
)
def test_supports(distribution: Distribution, support: Any) -> None:
    assert distribution.problems(PROGRESS) == []
    assert distribution.support(PROGRESS) == support


@pytest.mark.parametrize(
    ("distribution", "texts"),
    [
        (Uniform(Link("progress", scale=-1), RAMP), []),
        (Uniform(RAMP, Link("progress", scale=2)), []),
        (Uniform(RAMP, RAMP), []),
        (Uniform(ExpressionLink(Expression.parse("1 + 1")), 2), []),
        (Uniform(ExpressionLink(Expression.parse("progress * progress")), RAMP), []),
        (Uniform(RAMP, ExpressionLink(Expression.parse("max(progress, 0.5)"))), []),
        (
            Uniform(ExpressionLink(Expression.parse("progress + 0.001")), RAMP),
            ["uniform: low, within [0.001, 1.001], can be greater than high, within [0, 1]"],
        ),
        (
            Uniform(RAMP, 0.5),
            ["uniform: low, within [0, 1], can be greater than high, within [0.5, 0.5]"],
        ),
        (
            Uniform(Link("progress", scale=2), RAMP),
            ["uniform: low, within [0, 2], can be greater than high, within [0, 1]"],
        ),
        (
            Uniform(0, ExpressionLink(Expression.parse("1 / progress"))),
            ["uniform: high: division by a number within [0, 1], which contains 0"],
        ),
        (
            Normal(0, Link("progress", offset=-1)),
            ["normal: std must be 0 or more, not within [-1, 0]"],
        ),
        (
            Bernoulli(Link("progress", scale=2)),
            ["bernoulli: p must be within [0, 1], not within [0, 2]"],
        ),
        (LogUniform(RAMP, 2), ["log_uniform: low must be greater than 0, not within [0, 1]"]),
    ],
)
def test_problems_of_bounds_that_follow(distribution: Distribution, texts: list[str]) -> None:
    assert distribution.problems(PROGRESS) == texts


def test_an_unbounded_driver_is_a_problem() -> None:
    env = {"epoch": Interval(0.0, math.inf)}
    (text,) = Uniform(0, Link("epoch", scale=0.1)).problems(env)
    assert text == "uniform: high is within [0, inf], which is not bounded"
    assert Uniform(0, Link("epoch", scale=0.1, clip=(0, 5))).problems(env) == []


def test_resolving() -> None:
    shake = Normal(0, Link("progress", scale=4), -10, 10)
    assert shake.variables == {"progress"}
    assert shake.resolve({"progress": 0.5}) == Normal(0, 2, -10, 10)
    assert shake.resolve({"progress": 0}).quantile(0.9) == 0.0
    assert (
        Integers(1, Link("progress", scale=5, offset=1)).resolve({"progress": 0.5}).quantile(1) == 3
    )
    fixed = Uniform(0, 1)
    assert fixed.resolve({}) is fixed
    with pytest.raises(ValueError, match="low 2 is greater than high 1"):
        Uniform(Link("progress", scale=2), 1).resolve({"progress": 1})
    barely = Uniform(Link("progress", scale=1 + 1e-12), RAMP).resolve({"progress": 1.0})
    assert barely.quantile(0.5) == 1 + 1e-12


@pytest.mark.parametrize(
    "distribution",
    [*ALL, Bernoulli(RAMP), Choice((1, "a", [2.5]), (1, 2, 3)), Constant({"a": [1]})],
    ids=str,
)
def test_distributions_are_values(distribution: Distribution) -> None:
    assert distribution_from_json(json.loads(json.dumps(distribution.as_json()))) == distribution
    again = pickle.loads(pickle.dumps(distribution))
    assert again == distribution
    if not distribution.variables:
        assert again.quantile(0.3) == distribution.quantile(0.3)


def test_equal_distributions_print_equal() -> None:
    assert json.dumps(Uniform(0, 1).as_json()) == json.dumps(Uniform(-0.0, 1.0).as_json())
    assert Choice([1, 2], [2, 2]) == Choice((1, 2))  # type: ignore[arg-type]
    assert json.dumps(Choice((1.0, -0.0)).as_json()) == '{"choice": {"values": [1, 0]}}'
    assert Normal(0, 1).as_json() == {"normal": {"mean": 0, "std": 1, "low": "-inf", "high": "inf"}}
