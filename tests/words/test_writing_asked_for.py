"""Answers that tell what is written stay; fruit that is asked for is no colour."""

from __future__ import annotations

import pytest

from syncaug.words import Symmetry, apply_edits, direction_edits, direction_words
from syncaug.words.quoted import recolour_edits_all

MIRROR = Symmetry(mirrored=True)


def mirrored(question: str, answer: str) -> str:
    return apply_edits(answer, direction_edits(answer, MIRROR, question=question))


def recoloured(question: str, answer: str) -> str:
    return apply_edits(answer, recolour_edits_all(answer, 120, question=question))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What does the sign say?", "right turn only"),
        ("What is written on the lorry?", "Left Lane Movers"),
        ("What words are on the wall?", "turn left"),
        ("What's the text on the shirt?", "go right"),
        ("Read the text.", "keep left"),
        ("What does the man's shirt say?", "go right"),
        ("What does it say?", "left lane"),
    ],
)
def test_what_is_written_stays(question: str, answer: str) -> None:
    assert mirrored(question, answer) == answer
    assert direction_words(answer, question=question) == []


@pytest.mark.parametrize(
    ("question", "answer", "right"),
    [
        ("What does the sign say?", "The left sign says stop.", "The right sign says stop."),
        ("Which side is the sign painted on?", "left", "right"),
        ("What does he say?", "turn left", "turn right"),
        ("What is the text to the left of?", "the right door", "the left door"),
        ("What does the man on the left read?", "the left page", "the right page"),
    ],
)
def test_other_answers_follow(question: str, answer: str, right: str) -> None:
    assert mirrored(question, answer) == right


def test_colours_of_answers() -> None:
    assert recoloured("What fruit is in the bowl?", "an orange") == "an orange"
    assert recoloured("What colour is the bowl?", "orange") == "green"
    assert recoloured("What does the bus say?", "red line") == "red line"
    assert recoloured("What colour is the text?", "red") == "green"
    assert recoloured("What is the text colour?", "blue") == "red"
    assert recoloured("Is the cup red or blue?", '{"answer": "red"}') == '{"answer": "green"}'
