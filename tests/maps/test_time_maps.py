"""Time maps: composition is exact and associative, and nothing drifts."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncaug.maps import composing
from syncaug.maps import time as time_maps
from syncaug.maps.segment import Segment
from syncaug.maps.time import TimeMap

NANOSECOND = 1e-9


def speed(length: float, factor: float) -> TimeMap:
    return TimeMap.of([(length / factor, 0.0, length, factor)], length)


def trim(length: float, start: float, share: float) -> TimeMap:
    duration = length * share
    begin = start * (length - duration)
    return TimeMap.of([(duration, begin, begin + duration, 1.0)], length)


def shift(length: float, seconds: float) -> TimeMap:
    later = seconds % length
    return TimeMap.of(
        [(later, length - later, length, 1.0), (length - later, 0.0, length - later, 1.0)], length
    )


def delay(length: float, share: float) -> TimeMap:
    gap = share * length
    return TimeMap.of(
        [(gap, math.nan, math.nan, 1.0), (length - gap, 0.0, length - gap, 1.0)], length
    )


def reverse(length: float) -> TimeMap:
    return TimeMap.of([(length, length, 0.0, 1.0)], length)


def warp(length: float, seed: int) -> TimeMap:
    speeds = np.exp(np.random.default_rng(seed).uniform(-0.3, 0.3, 12))
    ends = np.concatenate([[0.0], np.cumsum(speeds)]) * (length / speeds.sum())
    ends[-1] = length
    pairs = zip(ends.tolist(), ends[1:].tolist(), strict=False)
    return TimeMap.of([(length / 12, first, last, 1.0) for first, last in pairs], length)


def step(length: float, kind: int, number: float) -> TimeMap:
    return [
        lambda: speed(length, 0.8 + 0.45 * number),
        lambda: shift(length, number * length),
        lambda: reverse(length),
        lambda: warp(length, int(number * 1e6)),
        lambda: trim(length, number, 0.97 + 0.03 * number),
        lambda: delay(length, 0.02 * number),
    ][kind]()


STEPS = st.lists(st.tuples(st.integers(0, 5), st.floats(0.0, 1.0, exclude_max=True)), max_size=6)


def chain(length: float, steps: list[tuple[int, float]]) -> list[TimeMap]:
    maps = []
    for kind, number in steps:
        maps.append(step(length, kind, number))
        length = maps[-1].duration
    return maps


def whole(length: float, maps: list[TimeMap]) -> TimeMap:
    total = TimeMap.identity(length)
    for one in maps:
        total = total.then(one)
    return total


def same(one: float, other: float, near: float = NANOSECOND) -> bool:
    return (math.isnan(one) and math.isnan(other)) or abs(one - other) < near


def away_from_edges(time: TimeMap, moments: np.ndarray) -> list[float]:
    edges = np.array([segment.start for segment in time.segments] + [time.duration])
    return [float(m) for m in moments if np.abs(edges - m).min() > 1e-7]


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, cut=st.integers(0, 6))
def test_composition_is_associative(steps: list[tuple[int, float]], cut: int) -> None:
    maps = chain(20.0, steps)
    left = whole(20.0, maps)
    begin = whole(20.0, maps[:cut])
    later = whole(begin.duration, maps[cut:])
    right = begin.then(later)
    assert same(left.duration, right.duration)
    for moment in away_from_edges(left, np.linspace(0.0, left.duration, 50)):
        assert same(left.at(moment), right.at(moment))


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_a_composed_map_is_one_map_after_the_other(steps: list[tuple[int, float]]) -> None:
    maps = chain(20.0, steps)
    total = whole(20.0, maps)
    for moment in away_from_edges(total, np.linspace(0.0, total.duration, 40)):
        second = moment
        for one in reversed(maps):
            second = one.at(second)
        assert same(total.at(moment), second, 1e-8), "a jump may lie within rounding"
    assert total.source == 20.0
    starts = [segment.start for segment in total.segments]
    assert starts == sorted(starts)
    for one, other in zip(total.segments, total.segments[1:], strict=False):
        assert one.stop == other.start, "no hole and no overlap"


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), length=st.floats(1.0, 7200.0))
def test_after_a_hundred_steps_the_end_points_agree_to_a_nanosecond(
    seed: int, length: float
) -> None:
    """Steps that keep both ends: their composition must keep them too, reversals counted."""
    generator = np.random.default_rng(seed)
    total, backwards, now = TimeMap.identity(length), False, length
    for _ in range(100):
        kind = int(generator.choice([0, 2, 3]))
        if kind == 3 and len(total.segments) > 400:
            kind = 0
        factor = float(np.exp(generator.uniform(-0.2, 0.2)))
        one = [speed(now, factor), None, reverse(now), warp(now, int(generator.integers(1000)))][
            kind
        ]
        assert one is not None
        backwards ^= kind == 2
        now = now / factor if kind == 0 else now
        total = total.then(one)
    first, last = total.segments[0].first, total.segments[-1].last
    if backwards:
        first, last = last, first
    assert abs(first) < NANOSECOND
    assert abs(last - length) < NANOSECOND
    assert abs(total.duration - now) < NANOSECOND


def test_a_hundred_random_steps_agree_with_the_product_of_their_lines() -> None:
    """Affine steps of exact fractions: shift, trim, speed and reverse against rational numbers."""
    from fractions import Fraction

    for seed in range(20):
        generator = np.random.default_rng(seed)
        total = TimeMap.identity(4096.0)
        slope, start, now = Fraction(1), Fraction(0), Fraction(4096)
        for _ in range(100):
            length = float(now)
            kind = int(generator.integers(3))
            if kind == 0:
                factor = Fraction(int(generator.integers(80, 126)), 100)
                one = TimeMap.of([(float(now / factor), 0.0, length, 1.0)], length)
                slope, now = slope * factor, now / factor
            elif kind == 1:
                cut = now * Fraction(int(generator.integers(0, 20)), 1000)
                one = TimeMap.keeping([(float(cut), length)], length)
                start, now = start + slope * cut, now - cut
            else:
                one = reverse(length)
                start, slope = start + slope * now, -slope
            total = total.then(one)
            now = now.limit_denominator(10**15)
            start, slope = start.limit_denominator(10**18), slope.limit_denominator(10**18)
        assert len(total.segments) == 1
        assert abs(total.segments[0].first - float(start)) < NANOSECOND
        assert abs(total.segments[0].last - float(start + slope * now)) < NANOSECOND
        assert abs(total.duration - float(now)) < NANOSECOND


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, start=st.floats(0.0, 19.0), length=st.floats(0.01, 5.0))
def test_a_span_is_where_the_map_shows_it(
    steps: list[tuple[int, float]], start: float, length: float
) -> None:
    total = whole(20.0, chain(20.0, steps))
    places = total.places(start, start + length)
    inside = np.zeros(200, dtype=bool)
    moments = np.linspace(0.0, total.duration, 200)
    for low, high in places:
        inside |= (moments >= low - 1e-7) & (moments <= high + 1e-7)
    shown = [start <= total.at(moment) <= start + length for moment in moments]
    sure = [
        min(abs(total.at(m) - start), abs(total.at(m) - start - length)) > 1e-6
        or math.isnan(total.at(m))
        for m in moments
    ]
    assert all(a == b for a, b, known in zip(inside, shown, sure, strict=True) if known)
    assert all(0.0 <= low <= high <= total.duration + NANOSECOND for low, high in places)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, offset=st.floats(-3.0, 3.0))
def test_a_stream_at_an_offset_sees_the_same_map_from_there(
    steps: list[tuple[int, float]], offset: float
) -> None:
    total = whole(20.0, chain(20.0, steps))
    seen = total.seen_from(offset)
    assert same(seen.duration, total.duration, 1e-8)
    for moment in away_from_edges(total, np.linspace(0.0, total.duration, 60)):
        own = moment - offset
        if 1e-6 < own < seen.duration - 1e-6:
            assert same(seen.at(own) + offset, total.at(moment), 1e-6)


def test_moments_are_at_in_one_go() -> None:
    total = whole(20.0, chain(20.0, [(3, 0.3), (5, 0.9), (2, 0.0), (1, 0.4)]))
    moments = np.linspace(-1.0, total.duration + 1.0, 300)
    one_by_one = [total.at(float(moment)) for moment in moments]
    assert np.allclose(total.moments(moments), one_by_one, atol=1e-9, equal_nan=True)


def pairs(inner: TimeMap, outer: TimeMap) -> list[tuple[float, ...]]:
    """What each pair of segments shows, whether or not both go on alike: the slow formula."""
    found = []
    for late in outer.segments:
        for early in inner.segments:
            if late.is_gap or early.is_gap:
                continue
            one, other = sorted((late.first, late.last))
            low, high = max(one, early.start), min(other, early.stop)
            if high - low < 1e-9:
                continue
            ends = (low, high) if late.first < late.last else (high, low)
            start, stop = (late.start + (end - late.first) / late.speed for end in ends)
            shown = (early.first + (end - early.start) * early.speed for end in ends)
            found.append((start, stop, *shown, early.pitch * late.pitch))
    return sorted(found)


@settings(max_examples=60, deadline=None)
@given(early=STEPS, late=STEPS)
def test_pieces_are_what_pairs_of_segments_show(
    early: list[tuple[int, float]], late: list[tuple[int, float]]
) -> None:
    first = whole(20.0, chain(20.0, early))
    second = whole(first.duration, chain(first.duration, late))
    both = first.then(second)
    for start, stop, begin, end, pitch in pairs(first, second):
        for share in (0.01, 0.5, 0.99):
            segment = both._covering(start + share * (stop - start))
            assert segment is not None
            assert same(segment.at(start + share * (stop - start)), begin + share * (end - begin))
            assert segment.pitch == pytest.approx(pitch)
    shown = sum(piece.stop - piece.start for piece in both.segments if not piece.is_gap)
    assert same(shown, sum(stop - start for start, stop, *_ in pairs(first, second)), 1e-6)


def test_what_lies_outside_of_the_result_is_a_gap() -> None:
    late = TimeMap((Segment(0.0, 4.0, -1.0, 3.0),), 2.0)
    total = TimeMap.identity(2.0).then(late)
    assert [segment.is_gap for segment in total.segments] == [True, False, True]
    assert [segment.start for segment in total.segments] == [0.0, 1.0, 3.0]


def test_blanking_leaves_everything_else_where_it_is() -> None:
    time = TimeMap.blanking([(3.0, 4.0), (1.0, 2.0), (3.5, 9.0)], 5.0)
    assert [(s.start, s.stop, s.is_gap) for s in time.segments] == [
        (0.0, 1.0, False),
        (1.0, 2.0, True),
        (2.0, 3.0, False),
        (3.0, 4.0, True),
        (4.0, 5.0, True),
    ]
    assert time.at(2.5) == 2.5


@pytest.mark.parametrize("parts", [1, 3, 10])
def test_pieces_that_go_on_alike_become_one(parts: int) -> None:
    cuts = np.linspace(0.0, 8.0, parts + 1).tolist()
    time = TimeMap.keeping(list(itertools.pairwise(cuts)), 8.0)
    assert len(TimeMap.identity(8.0).then(speed(8.0, 1.25)).then(speed(6.4, 0.8)).segments) == 1
    assert len(TimeMap.identity(8.0).then(time).segments) == 1


def test_steps_that_wait_are_as_if_each_had_been_composed() -> None:
    maps = [warp(20.0, seed) for seed in range(9)]
    at_once = whole(20.0, maps)
    one_by_one = TimeMap.identity(20.0)
    for one in maps:
        one_by_one = one_by_one.then(one)
        assert one_by_one.segments
    assert len(at_once.segments) == len(one_by_one.segments)
    for one, other in zip(at_once.segments, one_by_one.segments, strict=True):
        assert all(itertools.starmap(same, zip(one, other, strict=True)))


def test_the_work_of_many_steps_grows_little_faster_than_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = 0
    under = composing.table_under

    def counted(inner: composing.Table, outer: composing.Table) -> composing.Table | None:
        nonlocal count
        pieces = under(inner, outer)
        assert pieces is not None
        count += len(pieces)
        return pieces

    monkeypatch.setattr(time_maps, "table_under", counted)
    for steps in (25, 100):
        count = 0
        pieces = len(whole(20.0, [warp(20.0, seed) for seed in range(steps)]).segments)
        assert pieces > 10 * steps
        assert pieces < count < pieces * math.log2(steps), "no piece more than once a round"


def tables_of(
    early: list[tuple[int, float]], late: list[tuple[int, float]]
) -> tuple[composing.Table | None, composing.Table]:
    """What two chains are together: as a table, or None, and one segment after the other."""
    first = whole(20.0, chain(20.0, early))
    second = whole(first.duration, chain(first.duration, late))
    table = composing.table_under(first._table, second._table)
    pieces: list[Segment] = []
    for outer in second.segments:
        composing.append_under(first.segments, first._edges, outer, pieces)
    return table, composing.table_of(pieces)


@settings(max_examples=150, deadline=None)
@given(early=STEPS, late=STEPS)
def test_a_table_of_many_segments_is_the_same_to_the_bit(
    early: list[tuple[int, float]], late: list[tuple[int, float]]
) -> None:
    table, one_by_one = tables_of(early, late)
    assert table is None or np.array_equal(table, one_by_one, equal_nan=True)


def test_warps_and_reversals_go_through_tables() -> None:
    chains = [[(3, 0.3)], [(2, 0.0), (3, 0.9)], [(3, 0.2), (0, 0.9)], [(3, 0.1), (2, 0.0)]]
    for early, late in itertools.product(chains, repeat=2):
        table, one_by_one = tables_of(early, late)
        assert table is not None
        assert len(table) > 2
        assert np.array_equal(table, one_by_one, equal_nan=True)
