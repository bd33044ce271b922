"""Folder names: safe, readable, never the same for two keys."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncaug.io.names import folder_name

KEYS = st.one_of(st.integers(-(10**30), 10**30), st.text(min_size=1))


@pytest.mark.parametrize(
    ("key", "name"), [("cats", "cats"), ("dog_and_cat", "dog_and_cat"), (0, "0"), (1234, "1234")]
)
def test_plain_keys_stay(key: str | int, name: str) -> None:
    assert folder_name(key) == name


@pytest.mark.parametrize(
    "key",
    ["pets/1", "../x", "..", ".", "CON", "con", "lpt1", "a b", "/etc/passwd", "C:\\x",
     "é", "猫" * 300, "x" * 5000, "a\0b", "a\nb", "-rf", "~", " ", "a-b",
     "\ud800", "Cats", "7", -7, 10**40],
)  # fmt: skip
def test_other_keys_become_safe_names(key: str | int) -> None:
    name = folder_name(key)
    assert re.fullmatch(r"[A-Za-z0-9_]{1,47}-[0-9a-f]{16}", name)


def test_names_are_fixed_for_ever() -> None:
    assert folder_name("pets/1") == "pets_1-0c9839b733cb0082"


@given(st.lists(KEYS, min_size=2, max_size=2, unique_by=lambda key: (type(key), key)))
def test_two_keys_never_share_a_folder_even_where_case_is_ignored(keys: list[str | int]) -> None:
    first, second = keys
    assert folder_name(first).lower() != folder_name(second).lower()


@given(KEYS)
def test_the_name_of_a_key_is_not_the_name_of_another_keys_folder(key: str | int) -> None:
    name = folder_name(key)
    if name != key:
        assert folder_name(name).lower() != name.lower()
