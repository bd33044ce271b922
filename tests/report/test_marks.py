"""Marks: the words that changed, where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncaug.report.marks import mark_changes

Words = list[str]


def marked(before: str, after: str) -> tuple[Words, Words]:
    old, new = mark_changes(before, after)
    return [p.text for p in old if p.changed], [p.text for p in new if p.changed]


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        ("a red cat", "a red cat", [], []),
        ("an orange cat", "a pink cat", ["an", "orange"], ["a", "pink"]),
        ("it is left, not right", "it is right, not left", ["left", "right"], ["right", "left"]),
        ("upper-left corner", "upper-right corner", ["upper-left"], ["upper-right"]),
        ("a dog. A blue cup.", "a dog. A dark red cup.", ["blue"], ["dark", "red"]),
        ("THIRTEEN", "THIRYEEN", ["THIRTEEN"], ["THIRYEEN"]),
        ("a cat and a dog on a rug", "a cat on a rug", ["and", "a", "dog"], []),
    ],
)  # fmt: skip
def test_marks_what_differs(before: str, after: str, gone: Words, come: Words) -> None:
    assert marked(before, after) == (gone, come)


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_are_the_texts(before: str, after: str) -> None:
    old, new = mark_changes(before, after)
    assert "".join(piece.text for piece in old) == before
    assert "".join(piece.text for piece in new) == after
