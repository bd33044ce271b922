"""Answers that tell what is written stay; fruit that is asked for is no colour."""

from __future__ import annotations

import time

import pytest

from syncaug.words import Symmetry, apply_edits, direction_edits, direction_words
from syncaug.words.quoted import direction_edits_all, recolour_edits_all

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


@pytest.mark.parametrize(
    ("question", "answer", "right"),
    [
        ("Is that right? Answer in JSON.", '{"answer": "right"}', "same"),
        ("Which side? Answer in JSON.", '{"answer": "right"}', '{"answer": "left"}'),
        ("What does the sign say?", '{"text": "left turn only"}', "same"),
        ("Did she stay or leave?", '{"she": "left"}', "same"),
        ("Is that right?\nAnswer in a single word.", "right", "same"),
        ("", '{"question": "Is that right?", "answer": "right"}', "same"),
        ("", '{"verdict": "right", "side": "right"}', '{"verdict": "right", "side": "left"}'),
    ],
)
def test_values_of_json_are_read_with_their_question(
    question: str, answer: str, right: str
) -> None:
    edits = direction_edits_all(answer, MIRROR, question=question)
    assert apply_edits(answer, edits) == (answer if right == "same" else right)


def test_colours_of_json_are_read_with_their_question() -> None:
    assert recoloured("Which fruit is it?", '{"answer": "orange"}') == '{"answer": "orange"}'
    assert recoloured("What colour is it?", '{"answer": "red"}') == '{"answer": "green"}'


def test_many_quotations_take_no_time() -> None:
    text = 'A girl in a hat says "go left" ' * 1000
    before = time.thread_time()
    assert len(direction_words(text)) == 1000
    assert time.thread_time() - before < 2.0
