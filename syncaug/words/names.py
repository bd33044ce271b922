"""Names that hold a colour or a side, told by their capitals: "Red Square", "Left Bank"."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from syncaug.words.tokens import Tokens, cut

__all__ = ["is_known_name", "is_named_place"]

_FILE = Path(__file__).parent / "lexicons" / "names.yaml"
_ARTICLES = frozenset({"the", "a", "an", "this", "that"})
_SMALL = _ARTICLES | {
    *("on", "in", "at", "of", "and", "or", "to", "with", "for", "near", "by", "from")
}
_FURTHER = 4
"""Words behind a side or a height among which the noun of its name is looked for."""
_COUNTING = frozenset({"a", "an", "one", "two", "three", "four", "five", "six", "some", "many"})


def is_known_name(tokens: Tokens, at: int, *, titled: bool = False) -> bool:
    """Whether token `at` is part of a known name whose words have capitals.

    A text in capitals throughout tells no names; in one that is `titled` all words have a capital.
    """
    names = _names().get(tokens.keys[tokens.pad + at], ())
    return any(
        _is_written(tokens, at - place, words)
        and not (thing and _is_thing(tokens.keys[tokens.pad + at - place - 1], titled))
        for place, words, thing in names
    )


def is_named_place(tokens: Tokens, at: int) -> bool:
    """Whether token `at` begins the name of a street or a place: "Left Street", "Upper Road"."""
    if tokens.text.isupper():
        return False
    keys = tokens.keys[tokens.pad :]
    for index in range(at + 1, min(at + _FURTHER, len(tokens.starts))):
        if keys[index] in _SMALL or not tokens.raw(index)[0].isupper():
            return False
        if keys[index] in _heads()["streets"]:
            return not (keys[at - 1] in _ARTICLES and _is_titled(tokens))
        if keys[index] in _heads()["places"]:
            return not _is_titled(tokens)
    return False


def _is_titled(tokens: Tokens) -> bool:
    """Whether all words but small ones have a capital."""
    words = map(tokens.raw, range(len(tokens.starts)))
    return not any(word.islower() and word not in _SMALL for word in words)


def _is_thing(before: str, titled: bool) -> bool:
    """Whether what may be a thing, too, is one behind the word before."""
    return before in _COUNTING or (titled and before != "the")


def _is_written(tokens: Tokens, first: int, words: tuple[str, ...]) -> bool:
    start = tokens.pad + first
    if first < 0 or tuple(tokens.keys[start : start + len(words)]) != words:
        return False
    if tokens.text.isupper():
        return False
    raw = [tokens.raw(first + index) for index in (0, len(words) - 1)]
    return all(word[0].isupper() or word[0].isdigit() for word in raw)


@cache
def _heads() -> dict[str, frozenset[str]]:
    """What streets and places are called."""
    return {kind: frozenset(_table()[kind]) for kind in ("streets", "places")}


@cache
def _table() -> dict[str, list[str]]:
    import yaml  # late: importing this package must stay cheap

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    table: dict[str, list[str]] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)
    return table


@cache
def _names() -> dict[str, tuple[tuple[int, tuple[str, ...], bool], ...]]:
    """Word -> names that hold it: at which place, their words, and whether they may be things."""
    found: dict[str, tuple[tuple[int, tuple[str, ...], bool], ...]] = {}
    for kind in ("always", "the"):
        for name in _table()[kind]:
            words = tuple("0" if word.isdigit() else word for word in cut(name))
            for place, word in enumerate(words):
                found[word] = (*found.get(word, ()), (place, words, kind == "the"))
    return found
