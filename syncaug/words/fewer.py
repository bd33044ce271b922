"""What a phrase becomes of whose things some are left: "two cats" are "a cat"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncaug.words.grammar import grammar
from syncaug.words.marks import Marks, Mention
from syncaug.words.sentence import Noun

__all__ = ["can_be_fewer", "say_fewer"]

_DOZEN, _IN_A_DOZEN = "dozen", 12
_MEASURES = frozenset(
    (_DOZEN, "dozens", "pair", "pairs", "couple", "couples", "trio", "trios", "hundred", "hundreds")
)
"""Words that count several at once."""


def can_be_fewer(keys: Sequence[str], mention: Mention) -> bool:
    """Whether something can be said of those that are left: not of "a couple", of whom one is.

    Nor of "two dozen", or of "three pairs", where some are gone.
    """
    if mention.kept in (0, mention.boxes):
        return True
    words = keys[mention.first : mention.last]
    if mention.kept == 1 and "of" in words and words[-1] in ("them", "us", "you"):
        return False  # "the two of them"
    if _DOZEN in words or (mention.kept > 1 and any(word in _MEASURES for word in words[1:])):
        some = mention.kept > 1 and mention.boxes == _IN_A_DOZEN
        return some and list(words[:2]) == ["a", _DOZEN]
    listed = any(
        word == "and" and words[at + 1] in ("a", "an", "the", "his", "her", "another")
        for at, word in enumerate(words[:-1])
    )
    return not (listed or (mention.kept == 1 and grammar().has("groups", words[-1])))


def say_fewer(marks: Marks, noun: Noun, mention: Mention) -> None:
    """Let the words of a noun say how many things of its mention are left."""
    known, keys = grammar(), marks.keys
    words = list(keys[noun.start : noun.end])
    if mention.kept == 1 and "of" in words[1:]:
        of = noun.start + words.index("of", 1)
        if known.has("groups", known.singular(keys[of - 1])):  # "a group of men": "a man"
            marks.dead.update(range(noun.start, of + 1))
            return say_fewer(marks, replace(noun, start=of + 1), mention)
    number = _number(keys, noun, mention)
    several = known.is_plural(keys[noun.end - 1])
    if number >= 0:
        _say_number(marks, noun, mention, number)
    if mention.kept > 1 or (number >= 0 and keys[number + 1 : number + 2] == ["of"]):
        return None
    if not several:
        floats = known.form(keys[noun.start + 1], "ing")  # "each holding an umbrella"
        if keys[noun.start] in ("each", "every") and not floats:
            marks.said[noun.start] = known.article(keys[noun.start + 1])
        return None
    one = known.singular(keys[noun.end - 1])
    if one == "glasses" and keys[noun.end : noun.end + 1] == ["of"]:  # "glasses of wine"
        one = "glass"
    if one != keys[noun.end - 1]:
        marks.said[noun.end - 1] = one
    _say_article(marks, noun, number, one)
    return None


def _number(keys: Sequence[str], noun: Noun, mention: Mention) -> int:
    """The token of a noun that says how many there are, or -1."""
    known = grammar()
    for at in range(noun.start, noun.end):
        if _counted(keys, at) == mention.boxes:
            return at
        if list(keys[at : at + 1]) == [_DOZEN] and mention.boxes == _IN_A_DOZEN:
            return at
        if keys[at] == "both" and mention.boxes == 2:
            return at
        figure = keys[at] == "0" and (at == noun.start or known.has("determiners", keys[at - 1]))
        if figure:
            return at
    return -1


def _counted(keys: Sequence[str], at: int) -> int:
    """What the number at a token counts, of "twenty-one" too; 0 where there is none."""
    numbers = grammar().numbers
    tens = numbers.get(keys[at], 0)
    ones = numbers.get(keys[at + 2], 0) if list(keys[at + 1 : at + 2]) == ["-"] else 0
    return tens + ones if tens >= 20 and 0 < ones < 10 else tens


def _spelled(count: int) -> str:
    """A number in words, up to ninety-nine; in figures above."""
    words = {number: word for word, number in grammar().numbers.items()}
    if count in words or count >= 100:
        return words.get(count, str(count))
    return f"{words[count - count % 10]}-{words[count % 10]}"


def _say_number(marks: Marks, noun: Noun, mention: Mention, number: int) -> None:
    keys = marks.keys
    if number > noun.start and keys[number - 1] in ("all", "both"):  # "all three": "two"
        marks.dead.add(number - 1)
    if keys[number] == _DOZEN and number > noun.start:  # "a dozen": "five"
        marks.dead.add(number - 1)
    if list(keys[number + 1 : number + 2]) == ["-"]:  # "twenty-one": "twenty"
        marks.dead.update((number + 1, number + 2))
    marks.said[number] = str(mention.kept) if keys[number] == "0" else _spelled(mention.kept)


def _say_article(marks: Marks, noun: Noun, number: int, one: str) -> None:
    """The article of one thing: "two big cats" become "a big cat", "her two cats" "her cat"."""
    known, keys = grammar(), marks.keys
    first = number
    kinds = ("plural_determiners", "determiners", "possessives")
    if number < 0 and any(known.has(kind, keys[noun.start]) for kind in kinds):
        first = noun.start
    following = keys[first + 1] if 0 <= first < noun.end - 2 else one
    if first < 0:
        article = known.article(keys[noun.start] if noun.start < noun.end - 1 else one)
        word = marks.said.get(noun.start, keys[noun.start])
        marks.said[noun.start] = "another" if word == "other" else f"{article} {word}"
        return
    owner = keys[first - 1] if first > noun.start and first - 1 not in marks.dead else ""
    if known.has("determiners", owner) or known.has("possessives", owner):  # "the two cats"
        marks.dead.add(first)
        marks.said.pop(first, None)
    elif keys[first] != "the" and not known.has("possessives", keys[first]):
        if following == "other":  # "two other cats": "another cat"
            marks.dead.add(first + 1)
        marks.said[first] = "another" if following == "other" else known.article(following)
