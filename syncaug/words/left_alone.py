"""Words that no paraphrase touches: names, parts of terms, colours, directions and amounts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from syncaug.words.grammar import grammar
from syncaug.words.lexicon import DEFAULT
from syncaug.words.thesaurus import Part, Thesaurus
from syncaug.words.tokens import Tokens

__all__ = ["kept_words", "may_change"]

_FILE = Path(__file__).parent / "lexicons" / "paraphrase.yaml"
_JOINTS = frozenset("-–—'’/_@#&.")
_PARTS: tuple[Part, ...] = ("n", "v", "a", "r")
_SHORTEST = 3


def may_change(tokens: Tokens, at: int, thesaurus: Thesaurus) -> bool:
    """Whether the word at a token is one that may be said otherwise."""
    word = tokens.keys[tokens.pad + at]
    if len(word) < _SHORTEST or not word.isascii() or word in kept_words():
        return False
    if word in DEFAULT.directions.vocabulary or word in DEFAULT.colours.vocabulary:
        return False
    return not (
        word in grammar().sets["sides"]
        or _is_name(tokens, at, thesaurus)
        or _is_tied(tokens, at)
        or _is_part_of_term(tokens, at, thesaurus)
    )


@cache
def kept_words() -> frozenset[str]:
    """Words that are never replaced, and never stand for others."""
    import yaml  # late: importing this package must stay cheap

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)
    return frozenset(word for words in data.values() for word in words)


def _is_name(tokens: Tokens, at: int, thesaurus: Thesaurus) -> bool:
    """Whether a word is written as a name: with a capital that no sentence begins, or as known."""
    raw = tokens.raw(at)
    if raw.islower():
        return False
    if not raw[1:].islower() or not tokens.opens_sentence(at):
        return True
    if at + 1 < len(tokens.starts) and tokens.raw(at + 1)[:1].isupper():
        return True
    return any(
        base not in sense.words  # it is there with a capital
        for part in _PARTS
        for base in thesaurus.bases(raw.lower(), part)
        for sense in thesaurus.senses(base, part)[:1]
    )


def _is_tied(tokens: Tokens, at: int) -> bool:
    """Whether a hyphen, an apostrophe or another joint stands right before or behind a word."""
    text, start, end = tokens.text, tokens.starts[at], tokens.ends[at]
    if start and text[start - 1] in _JOINTS:
        return True
    after = text[end : end + 2]
    return bool(after) and after[0] in _JOINTS and (after[0] != "." or after[1:].isalnum())


def _is_part_of_term(tokens: Tokens, at: int, thesaurus: Thesaurus) -> bool:
    """Whether a word and its neighbour are a term that the thesaurus knows: "hot dog"."""
    before, word, after = tokens.keys[tokens.pad + at - 1 : tokens.pad + at + 2]
    return any(
        one.isalpha() and other.isalpha() and thesaurus.bases(f"{one}_{other}", part)
        for one, other in ((before, word), (word, after))
        for part in _PARTS
    )
