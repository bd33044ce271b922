"""Answers are read with the questions of another text stream."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, SampleError, SampleWarning, load_policy

PICTURE = np.zeros((20, 30, 3), np.uint8)


def carried(question: Any, answer: Any, *, step: str = "uses: flip", options: str = "") -> Any:
    made = load_policy(
        "syncaug: 1\nsample:\n  image: image\n  question: {modality: text, optional: true}\n"
        f"  answer: {{modality: text, answers: question{options}}}\n"
        f"steps:\n  - {{name: s, {step}}}\n"
    )
    sample = {"image": PICTURE, "answer": answer}
    if question is not None:
        sample["question"] = question
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return made(sample, key=0)["answer"]


@pytest.mark.parametrize(
    ("question", "answer", "right"),
    [
        ("Which side is the cup on?", "right", "left"),
        ("Is that right?", "right", "right"),
        ("Is that right?", "Yes, right.", "Yes, right."),
        ("Where is the cup?", "On the left.", "On the right."),
        ("Which side?", ["left", "right"], ["right", "left"]),
        (["Is that right?", "Which side?"], ["right", "right"], ["right", "left"]),
        ("", "right", "left"),
        (None, "right", "left"),
    ],
)
def test_an_answer_moves_where_its_question_asks_for_a_side(
    question: Any, answer: Any, right: Any
) -> None:
    assert carried(question, answer) == right


def test_an_answer_moves_with_later_steps_too() -> None:
    turned = carried("Where is the cup?", "on the right", step="uses: rotate, with: {degrees: 90}")
    assert turned == "at the top"


def test_an_answer_without_a_side_may_be_tilted() -> None:
    tilted = "uses: rotate, with: {degrees: 30}"
    assert carried("Is that right?", "right", step=tilted, options=", words: refuse") == "right"
    with pytest.raises(SampleError, match="'answer'.*speaks of directions"):
        carried("Which side is it on?", "right", step=tilted, options=", words: refuse")


def test_questions_and_answers_are_as_many() -> None:
    with pytest.raises(SampleError, match="one text for each of the 2 questions in 'question'"):
        carried(["Is that right?", "Which side?"], "right")


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("questoin", "unknown text 'questoin'[^$]*did you mean 'question'"),
        ("image", "'image' is of modality image; expected text"),
        ("answer", "unknown text 'answer'; expected one of question"),
    ],
)
def test_the_question_is_another_text(named: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        load_policy(
            "syncaug: 1\nsample:\n  image: image\n  question: text\n"
            f"  answer: {{modality: text, answers: {named}}}\nsteps: [{{name: s, uses: flip}}]\n"
        )


@pytest.mark.parametrize(
    ("question", "answer", "warned"),
    [
        ("Is that right?", "right", True),
        ("Which side is the cup on?", "right", False),
        ("Is that right?", "yes", False),
        ("Is it left or right?", "left", False),
    ],
)
def test_an_answer_whose_question_nobody_names_is_doubted(
    question: str, answer: str, warned: bool
) -> None:
    made = load_policy(
        "syncaug: 1\nsample: {image: image, question: text, answer: text}\n"
        "steps: [{name: s, uses: flip}]\n"
    )
    sample = {"image": PICTURE, "question": question, "answer": answer}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made(sample, key=0)
    said = [str(each.message) for each in caught if each.category is SampleWarning]
    assert len(said) == warned
    assert all("declare answers: question of 'answer'" in each for each in said)
