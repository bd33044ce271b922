"""What is left of a caption is a sentence, and says nothing of what is gone."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import yaml

from syncaug.words import CountsGone, Spoken, apply_edits, rebuild

Row = tuple[str, list[str], list[str], str]
ROWS: list[Row] = [
    tuple(row)
    for row in yaml.safe_load((Path(__file__).parent / "remains.yaml").read_text(encoding="utf-8"))
]


def spoken(text: str, phrases: list[str], gone: list[str]) -> list[Spoken]:
    found, at = [], 0
    for phrase in phrases:
        at = text.index(phrase, at)
        found.append(Spoken(at, at + len(phrase), kept=int(phrase not in gone)))
        at += len(phrase)
    return found


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0][:40]} -{row[2][0]}" for row in ROWS])
def test_what_is_left_stands_and_is_true(row: Row) -> None:
    text, phrases, gone, expected = row
    mentions = spoken(text, phrases, gone)
    if expected == "refused":
        with pytest.raises(CountsGone, match="counts things of which some are gone"):
            rebuild(text, mentions)
    else:
        assert apply_edits(text, rebuild(text, mentions)) == expected


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:40] for row in ROWS])
def test_nothing_changes_where_nothing_is_gone(row: Row) -> None:
    assert rebuild(row[0], spoken(row[0], row[1], [])) == []


def test_a_phrase_that_cuts_a_hyphenated_word_takes_all_of_it() -> None:
    text = "A snow-clad hill and a cat sit still."
    cut = [Spoken(0, 6, kept=0), Spoken(21, 26)]
    assert "clad" not in apply_edits(text, rebuild(text, cut))


def test_the_refusal_travels() -> None:
    assert pickle.loads(pickle.dumps(CountsGone("second"))).word == "second"
