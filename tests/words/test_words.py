"""Sentences and what becomes of them; invariants; the algebra of the square."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncaug.words import (
    DEFAULT,
    AmbiguousColour,
    Edit,
    LexiconError,
    Symmetry,
    UnmovableDirection,
    apply_edits,
    colour_words,
    direction_edits,
    direction_words,
    load_lexicon,
    move_span,
    recolour_edits,
)
from tests.words.cases import SYMMETRIES, rows

SENTENCES = rows("sentences")
TEXTS = [entry["text"] for entry in SENTENCES]
PIECES = [
    *("a", "an", "the", "A", "An", "left", "right", "Left", "RIGHT", "upper", "lower", "top"),
    *("bottom", "above", "under", "over", "clockwise", "counter", "hand", "side", "on", "to"),
    *("of", "in", "from", "two", "cat", "sky", "orange", "blue", "brown", "navy", "-", ",", "."),
    *("?", "'s", "’", "\r\n", "🐈", "É", "é", "İ", "#left", "left.jpg"),
]
every_symmetry = st.builds(Symmetry, st.booleans(), st.integers(0, 3))
any_text = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(PIECES),
        max_size=12,
    ).map(" ".join),
)


def moved(text: str, symmetry: Symmetry) -> str:
    return apply_edits(text, direction_edits(text, symmetry))


def recoloured(text: str, degrees: float) -> str:
    return apply_edits(text, recolour_edits(text, degrees))


def test_the_sentences_are_many_and_half_of_them_traps() -> None:
    def is_trap(entry: dict[str, Any]) -> bool:
        outcomes = [entry[kind] for kind in SYMMETRIES if kind in entry]
        outcomes += entry.get("recolour", {}).values()
        return all(outcome == "same" for outcome in outcomes)

    traps = sum(map(is_trap, SENTENCES))
    assert len(SENTENCES) >= 240
    assert len(set(TEXTS)) == len(TEXTS)
    assert traps >= 0.45 * len(SENTENCES)


@pytest.mark.parametrize("text", TEXTS)
def test_a_mirror_twice_gives_the_text_back(text: str) -> None:
    expected = text
    for spelling in ("counter-clockwise", "anti-clockwise", "counterclockwise"):
        expected = expected.replace(spelling, "anticlockwise")
    expected = expected.replace("Counter-clockwise", "Anticlockwise")
    mirror = SYMMETRIES["mirror"]
    assert moved(moved(text, mirror), mirror) == expected


# Words without a partner of their own, a path that a place becomes, and a posture.
ONE_WAY = ("underneath", "beneath", "clockwise", "on top")


@pytest.mark.parametrize(
    "text",
    [e["text"] for e in SENTENCES if "flip" in e and not any(w in e["text"] for w in ONE_WAY)],
)
def test_a_flip_twice_gives_the_text_back(text: str) -> None:
    flip = SYMMETRIES["flip"]
    assert moved(moved(text, flip), flip) == text


@pytest.mark.parametrize(
    "text",
    [
        "A dog on the left and a cat on the right.",
        "a logo in the upper left",
        "top right corner",
        "the leftmost zebra",
        "Cars drive on the left side of the road.",
        "the man to the left of the bus",
        "a clock above the door",
        "a bird facing right",
        "from left to right",
        "a horizontal bar",
        "her left hand turns clockwise",
        "On the left, a dog; on the right, a cat.",
    ],
)
def test_four_quarter_turns_give_the_text_back(text: str) -> None:
    turned = text
    for _ in range(4):
        turned = moved(turned, Symmetry(False, 1))
    assert turned == text


def test_a_word_that_a_quarter_turn_cannot_say_is_refused() -> None:
    with pytest.raises(UnmovableDirection, match="'right'") as caught:
        direction_edits("guy right", Symmetry(False, 1))
    assert pickle.loads(pickle.dumps(caught.value)).word == "right"
    assert moved("guy right", Symmetry(True)) == "guy left"


@given(every_symmetry, every_symmetry, every_symmetry)
def test_symmetries_form_a_group(a: Symmetry, b: Symmetry, c: Symmetry) -> None:
    assert a.then(b).then(c) == a.then(b.then(c))
    for side in ("left", "bottom", "right", "top"):
        assert a.then(b).side(side) == b.side(a.side(side))
    assert Symmetry().then(a) == a == a.then(Symmetry())


def test_symmetries_move_sides_as_pictures_do() -> None:
    assert Symmetry(False, 1).side("left") == "bottom"
    assert Symmetry(False, 1).side("top") == "left"
    assert Symmetry(True).side("left") == "right"
    assert Symmetry(True, 2).side("top") == "bottom"
    assert Symmetry(True, 2).side("left") == "left"
    assert Symmetry(False, 5) == Symmetry(False, 1)


@settings(max_examples=300)
@given(any_text, every_symmetry, st.floats(-360, 360))
def test_any_text_is_carried_and_only_edits_change_it(
    text: str, symmetry: Symmetry, degrees: float
) -> None:
    found = []
    for edits_of in (
        lambda: direction_edits(text, symmetry),
        lambda: recolour_edits(text, degrees),
    ):
        try:
            found.append(edits_of())
        except (UnmovableDirection, AmbiguousColour):
            continue
    for edits in found:
        assert edits == sorted(edits)
        new = apply_edits(text, edits)
        at = new_at = 0
        for edit in edits:
            kept = text[at : edit.start]
            assert new[new_at : new_at + len(kept)] == kept
            new_at += len(kept)
            assert new[new_at : new_at + len(edit.text)] == edit.text
            assert move_span((edit.start, edit.end), [edit]) == (
                edit.start,
                edit.start + len(edit.text),
            )
            at, new_at = edit.end, new_at + len(edit.text)
        assert new[new_at:] == text[at:]
        assert move_span((0, len(text)), edits) == (0, len(new))
        for word in direction_words(text):
            assert text[word.start : word.end].lower() == word.word


@pytest.mark.parametrize(
    ("text", "phrase", "degrees", "expected"),
    [
        ("There is an orange cat here.", "an orange cat", 250, "a purple cat"),
        ("There is an orange cat here.", "orange cat", 250, "purple cat"),
        ("There is an orange cat here.", "here", 250, "here"),
        ("a yellow bird, a red car", "a red car", -30, "a pink car"),
        ("a navy blue suit", "blue suit", 120, "maroon suit"),
        ("a navy blue suit", "a navy", 120, "a maroon"),
    ],
)
def test_spans_move_along(text: str, phrase: str, degrees: float, expected: str) -> None:
    start = text.index(phrase)
    edits = recolour_edits(text, degrees)
    new = apply_edits(text, edits)
    new_start, new_end = move_span((start, start + len(phrase)), edits)
    assert new[new_start:new_end] == expected


def test_an_insertion_at_the_edge_of_a_span_stays_outside() -> None:
    assert move_span((2, 5), [Edit(2, 2, "xx")]) == (4, 7)
    assert move_span((2, 5), [Edit(5, 5, "xx")]) == (2, 5)
    assert move_span((2, 5), [Edit(3, 3, "xx")]) == (2, 7)


def test_overlapping_edits_are_an_error() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        apply_edits("abcdef", [Edit(0, 3, "x"), Edit(2, 4, "y")])


def test_colour_words_tell_hue_and_shade() -> None:
    found = colour_words(
        "A Brown dog, no: a brown dog, a white cat and an orange on a sky blue rug"
    )
    assert [(w.word, w.hue, w.achromatic, w.shade) for w in found] == [
        ("brown", 30.0, False, "dark"),
        ("brown", 30.0, False, "dark"),
        ("white", 0.0, True, "plain"),
        ("sky blue", 205.0, False, "pale"),
    ]


def test_direction_words_tells_the_spatial_ones() -> None:
    text = "She left the dog on the LEFT, right in the upper right corner"
    assert [w.word for w in direction_words(text)] == ["left", "upper", "right"]
    assert [text[w.start : w.end] for w in direction_words(text)] == ["LEFT", "upper", "right"]


def test_an_ambiguous_colour_says_between_which() -> None:
    with pytest.raises(AmbiguousColour) as caught:
        recolour_edits("a red car", 18)
    assert caught.value.word == "red"
    assert set(caught.value.candidates) == {"red", "orange"}
    assert "'red' moves to 18 degrees, between orange and red" in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).candidates == caught.value.candidates
    assert (
        apply_edits("a red car", recolour_edits("a red car", 18, ambiguous_within=1))
        == "an orange car"
    )


def test_users_extend_the_lexicon(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "directions:\n"
        "  groups:\n"
        "    side:\n"
        "      words: {left: [larboard], right: [starboard]}\n"
        "      rules: [[stay, '_ bank']]\n"
        "colours:\n"
        "  shaded: {ochre: [40, dark]}\n"
        "  rules: [[stay, '_red wagon']]\n",
        encoding="utf-8",
    )
    mine = DEFAULT.extended(load_lexicon(path))
    mirror = Symmetry(True)

    def with_mine(text: str) -> str:
        return apply_edits(text, direction_edits(text, mirror, mine))

    assert with_mine("a boat on the starboard side") == "a boat on the larboard side"
    assert with_mine("the left bank, the left side") == "the left bank, the right side"
    assert moved("the left bank", mirror) == "the right bank"
    text = "a red wagon and an ochre wall"
    assert apply_edits(text, recolour_edits(text, 200, mine)) == "a red wagon and a navy wall"
    assert apply_edits(text, recolour_edits(text, 200, pickle.loads(pickle.dumps(mine)))).endswith(
        "navy wall"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- 1\n", "expected a mapping"),
        ("colors: {}\n", "unknown key 'colors'; expected one of directions, colours"),
        ("colours: {hue: {}}\n", "unknown key 'hue'"),
        ("directions: {groups: {side: {rules: [[stay, 'no slot']]}}}\n", "has no slot"),
        (
            "directions: {groups: {side: {rules: [[stay, '_ <nothing>']]}}}\n",
            "unknown word set <nothing>",
        ),
        ("directions: {groups: {side: {rules: [[wander, '_']]}}}\n", "unknown outcome 'wander'"),
        ("directions: {groups: {side: {rules: [stay]}}}\n", r"expected \[outcome, pattern\]"),
        ("colours: [\n", "not valid YAML"),
    ],
)
def test_a_broken_lexicon_says_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        _ = DEFAULT.extended(load_lexicon(path)).directions


def test_importing_reads_nothing() -> None:
    code = "import sys, syncaug.words; sys.exit('yaml' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
