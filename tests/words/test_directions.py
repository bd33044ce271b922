"""Directions of drivers, bodies, maps and ships: what a symmetry makes of each, and what stays."""

from __future__ import annotations

from typing import Any

import pytest

from syncaug.words import (
    Symmetry,
    UnmovableDirection,
    apply_edits,
    direction_edits,
    direction_words,
)
from tests.words.cases import SYMMETRIES, rows

SENTENCES = rows("directions")
FILES = (
    "sides",
    "heights",
    "quarters",
    "commands",
    "ships",
    "initials",
    "answers",
    "clocks",
    "maps",
    "scenes",
)


def moved(each: dict[str, Any], symmetry: Symmetry, text: str = "") -> str:
    text = text or each["text"]
    edits = direction_edits(text, symmetry, compass=each.get("compass", "refuse"))
    return apply_edits(text, edits)


@pytest.mark.parametrize(
    "each",
    [
        each
        for each in [*SENTENCES, *(row for name in FILES for row in rows(name))]
        if "mirror" in each and each["mirror"] != "refused" and "one_way" not in each
    ],
    ids=lambda each: each["text"][:50],
)
def test_a_mirror_twice_gives_the_sentence_back(each: dict[str, Any]) -> None:
    mirror = SYMMETRIES["mirror"]
    assert moved(each, mirror, moved(each, mirror)) == each["text"]


def test_half_of_the_sentences_are_traps() -> None:
    outcomes = [each[kind] for each in SENTENCES for kind in SYMMETRIES if kind in each]
    assert len(SENTENCES) >= 200
    assert outcomes.count("same") >= 0.4 * len(outcomes)


@pytest.mark.parametrize(
    ("question", "answer", "right"),
    [
        ("Which side is the cup on?", "right", "left"),
        ("Which side is the cup on", "Left.", "Right."),
        ("Where is the cat?", "on the right", "on the left"),
        ("Is it left or right?", "right", "left"),
        ("Which lobe is affected?", "right upper lobe", "left upper lobe"),
        ("Is that right?", "right", "same"),
        ("Is that right?", "Yes, right.", "same"),
        ("Is it correct", "right", "same"),
        ("Does that look right to you?", "right", "same"),
        ("What kind of angle is shown?", "right", "same"),
        ("Did she stay or leave?", "left", "same"),
        ("How many cups are left?", "two left", "same"),
    ],
)
def test_an_answer_is_read_with_its_question(question: str, answer: str, right: str) -> None:
    edits = direction_edits(answer, Symmetry(True), question=question)
    assert apply_edits(answer, edits) == (answer if right == "same" else right)
    sides = direction_words(answer, question=question)
    assert [answer[word.start : word.end].lower() for word in sides] == [w.word for w in sides]
    assert bool(sides) == (right != "same")


def test_an_answer_that_cannot_be_said_tells_its_own_character() -> None:
    with pytest.raises(UnmovableDirection) as caught:
        direction_edits("it is left", Symmetry(False, 1), question="Is it left or right?")
    assert (caught.value.word, caught.value.start) == ("left", 6)


def test_sides_of_bodies_and_of_turns_are_their_own() -> None:
    text = "A boy on the left raises his right hand and turns left at your nine o'clock."
    assert [(word.word, word.own) for word in direction_words(text)] == [
        ("left", False),
        ("right", True),
        ("left", True),
        ("o'clock", True),
    ]
