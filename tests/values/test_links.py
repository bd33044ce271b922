"""Links: the order of table, curve, scale, offset and clip, and exact bounds of what comes out."""

from __future__ import annotations

import json
import math
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncaug.values.expression import Expression
from syncaug.values.interval import Interval, UnboundedError
from syncaug.values.links import ExpressionLink, Link, link_from_json

CURVE = ((5, 0.25), (20, 0.06), (35, 0.01))


@pytest.mark.parametrize(
    ("link", "value", "result"),
    [
        (Link("v"), "calm", "calm"),
        (Link("v"), 7, 7),
        (Link("v"), (1, 2), (1, 2)),
        (Link("v", scale=0.5), -120, -60.0),
        (Link("v", scale=0.5, offset=10), 4, 12.0),
        (Link("v", scale=2, offset=1, clip=(0, 5)), 4, 5.0),
        (Link("v", scale=2, offset=1), (1, 2.5), (3.0, 6.0)),
        (Link("v", scale=2), [1, 2], (2.0, 4.0)),
        (Link("v", scale=3), True, 3.0),
        (Link("v", clip=(0, 3)), 5, 3),
        (Link("v", clip=(0, math.inf)), -5.0, 0.0),
        (Link("v", curve=CURVE), 0, 0.25),
        (Link("v", curve=CURVE), 20, 0.06),
        (Link("v", curve=CURVE), 12.5, 0.155),
        (Link("v", curve=CURVE), 99, 0.01),
        (Link("v", curve=CURVE, scale=2, offset=1, clip=(0, 1.4)), 5, 1.4),
        (Link("v", table={"calm": 0.1, "wild": 0.9}), "wild", 0.9),
        (Link("v", table={"calm": 0.1, "wild": 0.9}, scale=10, offset=1), "wild", 10.0),
        (Link("v", table={1: "one", 2: "two"}), 1.0, "one"),
        (Link("v", table={True: "yes", False: "no"}), True, "yes"),
        (Link("v", table={"true": "yes", "false": "no"}), False, "no"),
        (Link("v", table={"0.10": [1, 2]}), 0.1, (1, 2)),
        (Link("v", table={"007": "bond", "7": "seven"}), "007", "bond"),
        (Link("v", table={"1e3": "thousand"}), 1000, "thousand"),
    ],
)
def test_what_a_value_becomes(link: Link, value: Any, result: Any) -> None:
    came = link.evaluate({"v": value})
    assert came == pytest.approx(result) if isinstance(result, float) else came == result
    assert type(came) is type(result)


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (lambda: Link("v", curve=CURVE, table={"a": 1}), "a curve or a table, not both"),
        (lambda: Link("v", curve=((1, 2), (1, 3))), "two for x = 1"),
        (lambda: Link("v", curve=((1, 2, 3),)), r"a point of a curve is \[x, y\]"),  # type: ignore[arg-type]
        (lambda: Link("v", table=((1, 2), (1.0, 3))), "two for 1"),  # type: ignore[arg-type]
        (lambda: Link("v", clip=(2, 1)), r"low <= high, not \[2, 1\]"),
        (lambda: Link("v", clip=(2,)), r"clip needs \[low, high\]"),
        (lambda: Link("v", scale=math.inf), "scale needs a finite number, not inf"),
        (lambda: Link("v", offset="a"), "offset needs a finite number, not 'a'"),  # type: ignore[arg-type]
    ],
)
def test_contradictions(act: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        act()


def test_links_without_an_answer() -> None:
    table = Link("mood", table={"calm": 0.1})
    with pytest.raises(UnboundedError, match="no entry for 'wild'; it has calm"):
        table.interval({"mood": ("calm", "wild")})
    with pytest.raises(UnboundedError, match="needs a variable with a finite set of values"):
        table.interval({"mood": Interval(0, 1)})
    with pytest.raises(UnboundedError, match="does arithmetic, but 'calm' is not a number"):
        Link("mood", scale=2).interval({"mood": ("calm",)})
    with pytest.raises(UnboundedError, match="no entry"):
        table.evaluate({"mood": (1, 2)})


def test_a_finite_set_stays_a_set() -> None:
    env = {"hue": (-120, -60, 60, 120), "size": ((1, 2), (3, 4)), "flag": (True, 1, 1.0)}
    assert Link("hue", scale=0.5).interval(env) == (-60.0, -30.0, 30.0, 60.0)
    assert Link("hue", clip=(-60, 60)).interval(env) == (-60, 60)
    assert Link("size", scale=2).interval(env) == ((2.0, 4.0), (6.0, 8.0))
    assert Link("flag").interval(env) == (True, 1)
    link = ExpressionLink(Expression.parse("abs(hue) / 2"))
    assert link.interval(env) == (60.0, 30.0)


def test_bounds_of_a_curve_look_at_the_knots() -> None:
    peak = Link("x", curve=((0, 0), (1, 5), (2, 0)), scale=-1)
    assert peak.interval({"x": Interval(0.5, 1.5)}) == Interval(-5.0, -2.5)
    assert peak.interval({"x": Interval(-9, 9)}) == Interval(-5.0, 0.0)
    assert peak.interval({"x": Interval(-math.inf, math.inf)}) == Interval(-5.0, 0.0)
    assert peak.interval({"x": Interval(1.5, 1.75)}) == Interval(-2.5, -1.25)


def test_bounds_of_formulas() -> None:
    link = ExpressionLink(Expression.parse("0.5 * hue + tilt"), (-60, 60))
    assert link.variables == {"hue", "tilt"}
    assert link.interval({"hue": (-120, 120), "tilt": Interval(0, 5)}) == Interval(-60.0, 60.0)
    assert link.evaluate({"hue": 120, "tilt": 5}) == 60.0
    with pytest.raises(UnboundedError, match="'calm' is not a number"):
        link.interval({"hue": ("calm",), "tilt": (1,)})
    with pytest.raises(UnboundedError, match="divides by 0 where hue is 0"):
        ExpressionLink(Expression.parse("1 / hue")).interval({"hue": (1, 0)})


FINITE = st.floats(-100, 100)
LINKS = st.builds(
    lambda scale, offset, curve, clip: Link(
        "x",
        scale=scale,
        offset=offset,
        curve=tuple(curve.items()),
        clip=clip and tuple(sorted(clip)),
    ),
    FINITE,
    FINITE,
    st.dictionaries(FINITE, FINITE, max_size=5),
    st.just(()) | st.tuples(FINITE, FINITE),
)


@settings(deadline=None)
@given(LINKS, FINITE, FINITE, st.floats(0, 1))
def test_bounds_are_sound_and_exact(link: Link, a: float, b: float, t: float) -> None:
    low, high = min(a, b), max(a, b)
    bounds = link.interval({"x": Interval(low, high)})
    assert isinstance(bounds, Interval)
    assert bounds.contains(link.evaluate({"x": min(max(low + t * (high - low), low), high)}))
    tried = [low, high, *(x for x, _ in link.curve if low <= x <= high)]
    results = [link.evaluate({"x": x}) for x in tried]
    assert (min(results), max(results)) == (bounds.low, bounds.high)


@pytest.mark.parametrize(
    "link",
    [
        Link("hue"),
        Link("hue", scale=0.5, offset=10, clip=(-math.inf, 1)),
        Link("snr", curve=CURVE),
        Link("mood", table={"wild": [1, 2.5], "calm": 0.1, 3: True}),
        ExpressionLink(Expression.parse("0.5 * hue + tilt"), (0, 1)),
    ],
)
def test_links_are_values(link: Link | ExpressionLink) -> None:
    text = json.dumps(link.as_json())
    assert link_from_json(json.loads(text)) == link
    again = pickle.loads(pickle.dumps(link))
    assert again == link
    assert hash(again) == hash(link)
    assert again.as_json() == link.as_json()


def test_equal_links_print_equal() -> None:
    one = Link("a", scale=2, offset=-0.0, curve=((1, 2), (0, -0.0)), clip=(0, 1))
    other = Link("a", scale=2.0, curve=((0.0, 0), (1, 2.0)), clip=(0.0, 1.0))
    assert one == other
    assert json.dumps(one.as_json()) == json.dumps(other.as_json())
    assert json.dumps(one.as_json()) == (
        '{"from": "a", "curve": [[0, 0], [1, 2]], "scale": 2, "clip": [0, 1]}'
    )
    assert Link("a", table={"x": 1, 2: 3}) == Link("a", table={2.0: 3, "x": 1})
