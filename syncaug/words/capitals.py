"""Capitals of colour words: those that make a name, and those of titles, sentences and clothes."""

from __future__ import annotations

from syncaug.words.compiled import Colours
from syncaug.words.grammar import grammar
from syncaug.words.tokens import Tokens

__all__ = ["is_name", "is_name_of_capitals", "is_of_person", "is_title", "may_be_a_title"]


def is_name(first: int, last: int, tokens: Tokens, colours: Colours) -> bool:
    """Whether a capital marks a proper name, as in "the Red Cross", and not just "a Red shirt".

    At the start of a sentence it does so before another capital; inside of one beside another
    capital, and where no noun follows that could bear the colour. Words in capitals throughout
    tell nothing and are no names.
    """
    raw, keys, pad = tokens.raw(first), tokens.keys, tokens.pad
    if raw.isupper() and len(raw) > 1:
        return False
    following = tokens.raw(last + 1) if last + 1 < len(tokens.starts) else ""
    next_key, before = keys[pad + last + 1], keys[pad + first - 1]
    if next_key == "'s" or next_key in colours.sets.get("followers", frozenset()):
        return True
    if next_key in colours.sets.get("makes", frozenset()):
        return False
    if following[:1].isupper() and len(following) > 1 and not following.isupper():
        beyond = tokens.raw(last + 2) if last + 2 < len(tokens.starts) else ""
        worn = next_key in colours.sets.get("clothing", frozenset())
        worn = worn and not beyond[:1].isupper() and not _follows_a_name(first, tokens, colours)
        return next_key not in colours.words and not worn
    if tokens.opens_sentence(first):
        named = keys[pad + first] in colours.sets.get("given", frozenset())
        return named and bool(grammar().form(next_key, "third"))
    if _follows_a_name(first, tokens, colours):
        return True
    if before in ("and", "&") and first > 1 and _follows_a_name(first - 1, tokens, colours):
        return bool(grammar().form(next_key, "base"))  # "Bruno Mars and Pink perform"
    if keys[pad + first] in colours.sets.get("proper", frozenset()):
        return True
    if keys[pad + first] in colours.sets.get("plural", frozenset()):
        return True  # a team, as in "a Reds cap"
    if next_key == "-" or before in colours.sets.get("worn", frozenset()):
        return False
    if next_key in ("and", "or", ",") and keys[pad + last + 2] in colours.words:
        return False
    if next_key and next_key not in colours.sets.get("after", frozenset()):
        things = colours.sets.get("objects", frozenset())
        return next_key not in things and bool(grammar().form(next_key, "third"))
    if before in ("and", "or", ","):
        return keys[pad + first - 2] not in colours.words
    return before not in ("is", "are", "was", "were", "color", "colour")


def _follows_a_name(first: int, tokens: Tokens, colours: Colours) -> bool:
    """Whether a capital stands before that is no word with which sentences begin."""
    if tokens.opens_sentence(first):
        return False
    openers = colours.sets.get("openers", frozenset())
    return (
        tokens.raw(first - 1)[:1].isupper() and tokens.keys[tokens.pad + first - 1] not in openers
    )


def is_name_of_capitals(first: int, last: int, tokens: Tokens, colours: Colours) -> bool:
    """Whether a capital inside of a sentence marks a name, in a language other than English.

    Where nouns have capitals, the base form of a colour is one ("in Rot") and no name.
    """
    raw = tokens.raw(first)
    if (raw.isupper() and len(raw) > 1) or tokens.opens_sentence(first):
        return False
    hue = colours.words.get(tokens.keys[tokens.pad + last])
    base = colours.inflection.slots[0]
    return colours.capitals == "all" or (hue is not None and base not in hue.slots)


def is_of_person(first: int, tokens: Tokens, colours: Colours) -> bool:
    """Whether a title stands before a capital and the names around it: "Dr Ann Brown"."""
    honorific = colours.sets.get("honorific", frozenset())
    for at in range(first - 1, max(-1, first - 5), -1):
        if tokens.keys[tokens.pad + at] in honorific:
            return True
        if not (tokens.raw(at)[0].isupper() or tokens.raw(at) == "."):
            return False
    return False


def is_title(tokens: Tokens, colours: Colours) -> bool:
    """Whether the text is in title case, where capitals mark no names."""
    words = [word for word in map(tokens.raw, range(len(tokens.starts))) if word[0].isalpha()]
    small = colours.sets.get("small", frozenset())
    return len(words) > 2 and all(word[0].isupper() or word in small for word in words)


def may_be_a_title(first: int, last: int, tokens: Tokens, colours: Colours) -> bool:
    """Whether a text in title case may be a name alone: "The Red Lion", not "The Red Car"."""
    if first != 1 or tokens.keys[tokens.pad] != "the":
        return False
    following = tokens.keys[tokens.pad + last + 1 : -tokens.pad]
    return (
        len(following) in (1, 2)
        and all(word.isalpha() for word in following)
        and colours.sets["objects"].isdisjoint(following)
    )
