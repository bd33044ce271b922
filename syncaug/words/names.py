"""Names that hold a colour or a side, told by their capitals: "Red Square", "Left Bank"."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from syncaug.words.tokens import Tokens, cut

__all__ = ["is_known_name"]

_FILE = Path(__file__).parent / "lexicons" / "names.yaml"
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
def _names() -> dict[str, tuple[tuple[int, tuple[str, ...], bool], ...]]:
    """Word -> names that hold it: at which place, their words, and whether they may be things."""
    import yaml  # late: importing this package must stay cheap

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)
    found: dict[str, tuple[tuple[int, tuple[str, ...], bool], ...]] = {}
    for kind, names in data.items():
        for name in names:
            words = tuple("0" if word.isdigit() else word for word in cut(name))
            for place, word in enumerate(words):
                found[word] = (*found.get(word, ()), (place, words, kind == "the"))
    return found
