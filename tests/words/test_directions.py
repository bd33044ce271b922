"""Directions of drivers, bodies, maps and ships: what a symmetry makes of each, and what stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from syncaug.words import Symmetry, UnmovableDirection, apply_edits, direction_edits

SENTENCES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "directions.yaml").read_text(encoding="utf-8")
)
SYMMETRIES = {
    "mirror": Symmetry(True, 0),
    "flip": Symmetry(True, 2),
    "half": Symmetry(False, 2),
    "quarter": Symmetry(False, 1),
}
CASES = [
    pytest.param(each, kind, id=f"{kind}: {each['text'][:50]}")
    for each in SENTENCES
    for kind in SYMMETRIES
    if kind in each
]


def moved(each: dict[str, Any], symmetry: Symmetry, text: str = "") -> str:
    text = text or each["text"]
    edits = direction_edits(text, symmetry, compass=each.get("compass", "refuse"))
    return apply_edits(text, edits)


@pytest.mark.parametrize(("each", "kind"), CASES)
def test_a_sentence_says_what_is_true_afterwards(each: dict[str, Any], kind: str) -> None:
    expected = each[kind]
    if expected == "refused":
        with pytest.raises(UnmovableDirection):
            moved(each, SYMMETRIES[kind])
    else:
        assert moved(each, SYMMETRIES[kind]) == (each["text"] if expected == "same" else expected)


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
