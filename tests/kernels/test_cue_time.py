"""Spans of speech under time: where they are shown, and which words of a text are left."""

from __future__ import annotations

import pytest

from syncaug.kernels.cue_time import in_order, places_of, showings, spoken_part, words_outside
from syncaug.maps.time import TimeMap

CUT = TimeMap.keeping([(0.0, 2.0), (3.0, 5.0)], 5.0)
TWICE = TimeMap.keeping([(0.0, 2.0), (0.0, 2.0)], 2.0)


def shown(
    span: tuple[float, float], time: TimeMap, *, word: bool = False
) -> list[tuple[float, float]]:
    runs = showings(span, time, word=word, min_visible=0.5)
    return [(run[0].start, run[-1].stop) for run in runs]


def test_halves_that_a_cut_brings_together_are_one() -> None:
    assert shown((1.0, 4.0), CUT) == [(1.0, 3.0)]


def test_a_span_is_shown_as_often_as_the_map_does() -> None:
    assert shown((0.5, 1.0), TWICE) == [(0.5, 1.0), (2.5, 3.0)]


def test_a_word_goes_with_its_middle_and_a_longer_span_by_its_share() -> None:
    assert shown((1.8, 2.4), CUT, word=True) == []
    assert shown((1.2, 2.4), CUT, word=True) == [(1.2, 2.0)]
    assert shown((1.7, 2.4), CUT) == []


def test_a_place_is_found_within_one_showing() -> None:
    assert places_of(TWICE, (2.0, 4.0), 0.5, 1.0) == (2.5, 3.0)
    assert places_of(CUT, (0.0, 4.0), 2.1, 2.9) is None


def test_of_a_word_is_spoken_what_lies_within() -> None:
    assert spoken_part((1.0, 2.0), 0.8, 1.6) == (1.0, 1.6)
    assert spoken_part((1.0, 2.0), 1.9, 2.4) is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("one two\nthree four", "two\nthree four"),
        ("one\nthree four five six", "three four five six"),
        ("\none two six", "\ntwo six"),
    ],
)
def test_words_in_a_covered_span_go_and_so_do_lines_without_words(text: str, left: str) -> None:
    assert words_outside(text, (0.0, float(len(text))), [(0.0, 4.0)]) == left
    assert words_outside(text, (0.0, 1.0), []) == text


def test_order_is_that_of_neighbours() -> None:
    assert in_order([])
    assert in_order([1.0, 1.0, 2.0])
    assert not in_order([1.0, 0.5])
