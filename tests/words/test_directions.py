"""Directions of drivers, bodies, maps and ships: what a symmetry makes of each, and what stays."""

from __future__ import annotations

from typing import Any

import pytest

from syncaug.words import Symmetry, apply_edits, direction_edits
from tests.words.cases import SYMMETRIES, rows

SENTENCES = rows("directions")


def moved(each: dict[str, Any], symmetry: Symmetry, text: str = "") -> str:
    text = text or each["text"]
    edits = direction_edits(text, symmetry, compass=each.get("compass", "refuse"))
    return apply_edits(text, edits)


@pytest.mark.parametrize(
    "each",
    [each for each in SENTENCES if each.get("mirror") != "refused" and "one_way" not in each],
    ids=lambda each: each["text"][:50],
)
def test_a_mirror_twice_gives_the_sentence_back(each: dict[str, Any]) -> None:
    mirror = SYMMETRIES["mirror"]
    assert moved(each, mirror, moved(each, mirror)) == each["text"]


def test_half_of_the_sentences_are_traps() -> None:
    outcomes = [each[kind] for each in SENTENCES for kind in SYMMETRIES if kind in each]
    assert len(SENTENCES) >= 200
    assert outcomes.count("same") >= 0.4 * len(outcomes)
