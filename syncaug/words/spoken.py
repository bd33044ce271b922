"""What a text speaks of: spans that are grounded to things, as tokens with their nouns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from syncaug.words.grammar import grammar
from syncaug.words.marks import Mention
from syncaug.words.tokens import Tokens

__all__ = ["Spoken", "gone_heads", "mention_of", "own_end", "whole"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """`text[start:end]` speaks of `boxes` things, of which `kept` are left.

    >>> from syncaug.words import Spoken, apply_edits, rebuild
    >>> text = "Two dogs and a cat sit."
    >>> apply_edits(text, rebuild(text, [Spoken(0, 8, boxes=2, kept=1), Spoken(13, 18)]))
    'A dog and a cat sit.'
    """

    start: int
    end: int
    boxes: int = 1
    kept: int = 1


def mention_of(spoken: Spoken, tokens: Tokens) -> Mention | None:
    """The tokens of a span; None where it holds none."""
    inside = [
        at
        for at in range(len(tokens.keys))
        if tokens.starts[at] < spoken.end and tokens.ends[at] > spoken.start
    ]
    return Mention(inside[0], inside[-1] + 1, spoken.boxes, spoken.kept) if inside else None


def whole(
    mention: Mention, others: Sequence[Mention], keys: Sequence[str], tight: frozenset[int]
) -> Mention:
    """The mention with the rest of a hyphenated word that its phrase cuts: "snow" of "snow-clad".

    Where that belongs to another mention, it stays as it is.
    """
    first, last = mention.first, mention.last
    taken = {at for m in others if m is not mention for at in range(m.first, m.last)}
    while last + 1 < len(keys) and keys[last] == "-" and {last, last + 1} <= tight:
        last += 2
    while first > 1 and keys[first - 1] == "-" and {first - 1, first} <= tight:
        first -= 2
    if taken & {*range(first, mention.first), *range(mention.last, last)}:
        return mention
    return replace(mention, first=first, last=last)


def gone_heads(
    mentions: Sequence[Mention], keys: Sequence[str], heads: Sequence[str]
) -> frozenset[str]:
    """The nouns that only things which are gone bear; `heads` are those of the mentions."""
    known = grammar()

    def nouns(mention: Mention) -> set[str]:
        end = own_end(keys, mention.first, mention.last)
        own = [*keys[mention.first : end], *keys[mention.last - 1 : mention.last]]
        if keys[end : end + 1] != ["of"] or end >= mention.last:  # "a slice of bread" is bread too
            own = own[:-1]
        kinds = ("determiners", "possessives", "adjectives", "plural_determiners", "conjunctions")
        return {
            known.singular(word)
            for word in own
            if word[0].isalpha()
            and word not in known.numbers
            and not any(known.has(kind, word) for kind in kinds)
        }

    kept = {word for mention in mentions if not mention.gone for word in nouns(mention)}
    kept |= {head for m, head in zip(mentions, heads, strict=True) if not m.gone}
    gone = {word for mention in mentions if mention.gone for word in nouns(mention)}
    gone |= {head for m, head in zip(mentions, heads, strict=True) if m.gone and head}
    return frozenset(gone - kept)


def own_end(keys: Sequence[str], first: int, last: int) -> int:
    """Where the noun of a mention ends: before "in a red hat", "wearing a hat", "who ..."."""
    known = grammar()
    for at in range(first + 1, last):
        word = keys[at]
        rows = known.prepositions.get(word, ())
        placed = any(tuple(keys[at : at + len(words)]) == words for words, _ in rows)
        if placed or known.has("relatives", word):
            return at
        if at > first + 1 and known.form(word, "ing") and not known.has("adjectives", keys[at - 1]):
            return at
    return last
