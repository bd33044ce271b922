"""What is left of a caption is a sentence, and says nothing of what is gone."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from syncaug.words import CountsGone, Spoken, apply_edits, rebuild
from tests.words.cases import rows
from tests.words.outcomes import grounded

ROWS = rows("remains")


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:40] for row in ROWS])
def test_nothing_changes_where_nothing_is_gone(row: dict[str, Any]) -> None:
    assert rebuild(row["text"], grounded(row["text"], row["phrases"], [])[1]) == []


def test_a_phrase_that_cuts_a_hyphenated_word_takes_all_of_it() -> None:
    text = "A snow-clad hill and a cat sit still."
    cut = [Spoken(0, 6, kept=0), Spoken(21, 26)]
    assert "clad" not in apply_edits(text, rebuild(text, cut))


def test_the_refusal_travels() -> None:
    assert pickle.loads(pickle.dumps(CountsGone("second"))).word == "second"
