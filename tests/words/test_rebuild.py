"""Captions without what has left the picture."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncaug.words import CountsGone, NothingLeft, Spoken, apply_edits, move_span, rebuild
from tests.words.cases import rows
from tests.words.outcomes import grounded, grounded_by

CAPTIONS = [*rows("rebuild"), *rows("retell"), *rows("crops")]
CASES = [
    pytest.param(each["text"], each["phrases"], gone.split(" + "), expected, id=f"{at}-{gone}")
    for at, each in enumerate(CAPTIONS)
    for gone, expected in each["without"].items()
]

DANGLING = (
    r"  | [,.;:!?]|^[ ,;]|,,|[,;] *[.!?]|[.!?] *[,;]"
    r"|\b(and|or|but|while|than|of|with|to|from|between|next|the|an?|is|are|was) *([,.;!?]|$)"
    r"|(^|[.!?] )(and|or|but|than|who|which) "
)
"""Double blanks, loose marks, and small words that end or open what they must not."""


@pytest.mark.parametrize(("text", "phrases", "gone", "expected"), CASES)
def test_what_is_gone_goes_with_its_words(
    text: str, phrases: list[str], gone: list[str], expected: str
) -> None:
    spans, spoken = grounded(text, phrases, gone)
    edits = rebuild(text, spoken)
    assert apply_edits(text, edits) == expected
    for span, kept in spans:
        if kept:  # the phrases that remain are still phrases of the text
            start, end = move_span(span, edits)
            phrase = expected[start:end]
            assert phrase
            assert phrase == phrase.strip(" ,.;")


@pytest.mark.parametrize("each", CAPTIONS, ids=lambda each: each["text"][:30])
def test_nothing_gone_changes_nothing(each: dict[str, Any]) -> None:
    _, spoken = grounded(each["text"], each["phrases"], [])
    assert rebuild(each["text"], spoken) == []


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_goes_the_rest_is_written_cleanly(data: st.DataObject) -> None:
    each = data.draw(st.sampled_from(CAPTIONS))
    text, phrases = each["text"], each["phrases"]
    gone = [phrase for phrase in phrases if data.draw(st.booleans())]
    spans, spoken = grounded(text, phrases, gone)
    try:
        edits = rebuild(text, spoken)
    except NothingLeft:
        assert not any(kept for _, kept in spans)
        return
    result = apply_edits(text, edits)
    loose = re.search(r"  | [,.;:!?]|^[ ,;]|,,|, *\.|\b(and|or) *[,.;]|\b(a|an|the) *[,.;]", result)
    assert loose is None or loose.group() in text, result
    assert result[0].isupper() == text[0].isupper()
    for span, kept in spans:
        start, end = move_span(span, edits)
        if kept:
            assert result[start:end].strip() == result[start:end] != ""


def head(phrase: str) -> str:
    """The noun of a phrase in lower case, without the s of a plural."""
    own = re.split(r" (?:of|in|with|on|who|wearing) ", phrase.lower())[0]
    return own.split()[-1].removesuffix("s")


@pytest.mark.parametrize("each", CAPTIONS, ids=lambda each: each["text"][:40])
def test_no_noun_is_left_that_only_what_is_gone_bears(each: dict[str, Any]) -> None:
    text, phrases = each["text"], each["phrases"]
    indices = range(len(phrases))
    for count in range(1, len(phrases)):
        for gone in combinations(indices, count):
            left = [phrases[at] for at in indices if at not in gone]
            spans, spoken = grounded_by(text, phrases, [at not in gone for at in indices])
            edits = rebuild(text, spoken)
            result = apply_edits(text, edits)
            whole = {span for span, kept in spans if not kept}
            for phrase, (span, kept) in zip(phrases, spans, strict=True):
                if kept and span not in whole:  # not one of "two dogs"
                    assert head(phrase) in result[slice(*move_span(span, edits))].lower()
            shown = " ".join(left).lower()
            for noun in {head(phrases[at]) for at in gone}:
                if not re.search(rf"\b{noun}", shown):
                    assert not re.search(rf"\b{noun}(s|es)?\b", result.lower()), (gone, result)
            assert not re.search(DANGLING, result.lower()), (gone, result)
            assert (result[-1] in ".!?") == (text[-1] in ".!?"), (gone, result)
            assert result[0].isupper() == text[0].isupper()


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_captions_of_several_pictures_in_one_are_written_cleanly(data: st.DataObject) -> None:
    pair = [data.draw(st.sampled_from(CAPTIONS)) for _ in range(2)]
    text, spans, phrases = "", [], []
    for each in pair:
        own, _ = grounded(each["text"], each["phrases"], [])
        start = len(text)
        text += each["text"] + ("" if each["text"][-1] in ".!?" else ".") + " "
        spans += [(first + start, last + start) for (first, last), _ in own]
        phrases += each["phrases"]
    text = text.rstrip()
    kept = [data.draw(st.booleans()) for _ in phrases]
    if not any(kept):
        return
    groups = {span: [k for s, k in zip(spans, kept, strict=True) if s == span] for span in spans}
    try:
        edits = rebuild(text, [Spoken(*span, len(got), sum(got)) for span, got in groups.items()])
    except CountsGone:
        return  # "the last in line" may count on from what is gone
    result = apply_edits(text, edits)
    loose = re.search(DANGLING, result.lower())
    assert loose is None or loose.group() in text.lower(), result
    for span, phrase in zip(spans, phrases, strict=True):
        if all(groups[span]):
            assert head(phrase) in result[slice(*move_span(span, edits))].lower()


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_spans_of_any_kind_are_rebuilt_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(CAPTIONS))["text"]
    spoken = []
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        boxes = data.draw(st.integers(1, 4))
        spoken.append(Spoken(start, end, boxes, data.draw(st.integers(0, boxes))))
    try:
        edits = rebuild(text, spoken)
    except (CountsGone, NothingLeft):
        return
    assert all(0 <= edit.start <= edit.end <= len(text) for edit in edits)
    assert apply_edits(text, edits).strip()


def test_a_text_of_which_nothing_is_left_says_so() -> None:
    with pytest.raises(NothingLeft, match="nothing that the text speaks of is left"):
        rebuild("A cat sits.", [Spoken(0, 5, kept=0)])


def test_the_example_of_the_docs_runs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "words.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    exec(code, {})


@pytest.mark.parametrize(
    ("text", "phrases", "gone", "expected"),
    [
        ("The two of them share a tent.", ["The two of them"] * 2 + ["a tent"], 1, "A tent."),
        (
            "The three of them share a tent.",
            ["The three of them"] * 3 + ["a tent"],
            1,
            "The two of them share a tent.",
        ),
        (
            'A girl asks a man, "Is this your cat?"',
            ["A girl", "a man", "your cat"],
            1,
            "A man and a cat.",
        ),
        (
            'A boy in a "Go" cap and a girl in a "Run" cap.',
            ["A boy", "cap", "a girl", "cap"],
            1,
            "A cap, a girl and a cap.",
        ),
        (
            'A man says, "The cat took my fish," near a cat.',
            ["my fish", "A man", "The cat", "a cat"],
            1,
            "A man, the cat and a cat.",
        ),
    ],
)
def test_who_is_one_of_them_and_what_is_asked(
    text: str, phrases: list[str], gone: int, expected: str
) -> None:
    spoken = grounded(text, phrases, phrases[:gone])[1]
    assert apply_edits(text, rebuild(text, spoken)) == expected
