"""The table of problem codes and the code agree."""

from __future__ import annotations

import re
from pathlib import Path

import syncaug
from syncaug.policy.codes import codes

PACKAGE = Path(syncaug.__file__).parent
MENTIONED = {
    code
    for path in PACKAGE.rglob("*.py")
    for code in re.findall(r'"(SA\d{3})"', path.read_text("utf-8"))
}


def test_every_code_that_is_used_is_in_the_table() -> None:
    assert MENTIONED - set(codes()) == set()


def test_every_code_of_the_table_is_used() -> None:
    assert set(codes()) - MENTIONED == set()


def test_the_table_is_sorted_and_filled() -> None:
    assert list(codes()) == sorted(codes())
    for code in codes().values():
        assert code.title
        assert not code.title.endswith(".")
        assert code.advice.rstrip().endswith((".", "?"))
