"""Other words for the words of a text: synonyms and antonyms in the form that the text needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncaug.words.edits import Edit
from syncaug.words.grammar import grammar
from syncaug.words.left_alone import kept_words
from syncaug.words.lexicon import DEFAULT
from syncaug.words.spared import sparing
from syncaug.words.speech import Word, shares, sure_words
from syncaug.words.thesaurus import Part, Sense, Thesaurus
from syncaug.words.tokens import cut, in_case_of
from syncaug.words.word_forms import inflected

__all__ = ["Choice", "antonyms", "choices", "said_alike", "synonyms"]

Finder = Callable[[str, Part, Thesaurus], Iterator[str]]

_SURE: Mapping[Part, float] = {"n": 0.65, "a": 0.65, "v": 0.8, "r": 0.8}
"""The share of a word's uses from which its first sense is taken for the one that is meant."""
_OFTEN: Mapping[Part, float] = {"n": 0.4, "a": 0.4, "v": 0.75, "r": 0.75}
"""The share of its uses in which another word must be of a part of speech to be read as such."""
_USED = 0.1
"""The share of a word's uses in a sense below which another is too rare to stand for it."""
_SEEN, _COUNTED = 2, 5
"""How often a word must have been counted in a sense to stand for another, and to be replaced."""
_MOST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """A word of a text, and the base forms of what may stand for it, by their form here.

    The order is that of the thesaurus, the same in every process.
    """

    word: Word
    others: Mapping[str, str]


def choices(
    text: str, thesaurus: Thesaurus, find: Finder, kept: Sequence[tuple[int, int]] = ()
) -> list[Choice]:
    """The words of a text that have others, in order; nothing within the spans `kept`.

    A word that stands several times has others only where each of its places may change: what is
    a sofa once is one in the whole text.
    """
    sure = [
        word
        for word in sure_words(text, thesaurus)
        if not any(start < word.end and word.start < end for start, end in kept)
    ]
    said = [key for key in cut(text) if key.isalpha()]
    found: list[Choice] = []
    for word in sure:
        places = sum(word.base in thesaurus.bases(key, word.part) for key in said)
        if places == sum(_is_same(word, other) for other in sure):
            others = _others(word, frozenset(said), thesaurus, find)
            if others:
                found.append(Choice(word, others))
    return found


def said_alike(
    text: str, choices: Sequence[Choice], chosen: Mapping[int, str], thesaurus: Thesaurus
) -> tuple[Edit, ...]:
    """The edits that put the `chosen` forms, by index of their choice, into a text.

    Each is put in all places of its word, in the form of each. Articles before them follow by
    sound. An edit that would change how colours or directions are read is left out.
    """
    bases: dict[tuple[Part, str], str] = {}
    for index, form in sorted(chosen.items()):
        word = choices[index].word
        bases.setdefault((word.part, word.base), choices[index].others[form])
    edits: list[Edit] = []
    for choice in choices:
        word = choice.word
        base = bases.get((word.part, word.base))
        if base is not None:
            raw = text[word.start : word.end]
            form = inflected(base, word.tag, thesaurus).replace("_", " ")
            edits.append(Edit(word.start, word.end, in_case_of(raw, form)))
    spared = sparing(text, edits)
    return _with_articles(text, spared) if len(spared) == len(edits) else ()


def synonyms(base: str, part: Part, thesaurus: Thesaurus) -> Iterator[str]:
    """Base forms that say the same, where the word is sure to be meant in its first sense."""
    sense = _meant(base, part, thesaurus, least=_COUNTED)
    if sense is None or sense.words.get(base, 0) < _SEEN:
        return
    least = max(_SEEN, _USED * sense.words[base])
    for other, count in sense.words.items():
        used = count >= least
        if other != base and used and _is_plain(other) and _is_like(other, base, part):
            if _reads_as(other, part, sense, thesaurus):
                yield other


def antonyms(base: str, part: Part, thesaurus: Thesaurus) -> Iterator[str]:
    """Base forms that say the opposite of what the word is sure to mean."""
    sense = _meant(base, part, thesaurus)
    if sense is None:
        return
    for other in sense.antonyms.get(base, ()):
        meant = _meant(other, part, thesaurus) if _is_plain(other) else None
        if meant is not None and base in meant.antonyms.get(other, ()):
            yield other


def _is_same(word: Word, other: Word) -> bool:
    return (word.part, word.base) == (other.part, other.base)


def _others(word: Word, said: frozenset[str], thesaurus: Thesaurus, find: Finder) -> dict[str, str]:
    """Form -> base form of what may stand for a word; nothing that the text says anyway."""
    others: dict[str, str] = {}
    for base in find(word.base, word.part, thesaurus):
        if any(base in thesaurus.bases(key, word.part) for key in said):
            continue
        if word.part == "v" and not _stands(word, base, thesaurus):
            continue
        form = inflected(base, word.tag, thesaurus)
        if form:
            others.setdefault(form.replace("_", " "), base)
    return others


def _with_articles(text: str, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits, and those of "a" and "an" before them where the next word sounds otherwise."""
    known = grammar()
    mended: list[Edit] = []
    for edit in edits:
        before = text[: edit.start].rstrip()
        article = before.split()[-1] if before else ""
        if article.lower() in ("a", "an") and len(before) < edit.start:
            right = known.article(edit.text.split()[0])
            was = known.article(text[edit.start : edit.end])
            if right != was == article.lower():
                start = len(before) - len(article)
                mended.append(Edit(start, len(before), in_case_of(article, right)))
        mended.append(edit)
    return tuple(mended)


def _meant(base: str, part: Part, thesaurus: Thesaurus, *, least: int = _SEEN) -> Sense | None:
    """The sense in which a word is used, if it is nearly always the first.

    Of several senses the first must have been counted `least` times for that to be known.
    """
    senses = thesaurus.senses(base, part)
    if len(senses) == 1:
        return senses[0]
    counts = [sense.words.get(base, 0) for sense in senses]
    return senses[0] if counts and counts[0] >= max(least, _SURE[part] * sum(counts)) else None


def _reads_as(other: str, part: Part, sense: Sense, thesaurus: Thesaurus) -> bool:
    """Whether another word is read as the same part of speech and in the same sense."""
    meant = _meant(other, part, thesaurus)
    if meant is None or meant.number != sense.number:
        return False
    return shares(other, thesaurus).get(part, 0.0) >= _OFTEN[part]


def _stands(verb: Word, other: str, thesaurus: Thesaurus) -> bool:
    """Whether another verb stands as this one does, with an object or without: not "conceals
    behind" for "hides behind".
    """
    sense = thesaurus.senses(other, "v")[0]
    return other in (sense.acting if verb.acts_on else sense.alone)


def _is_like(other: str, base: str, part: Part) -> bool:
    """Whether a noun can be counted like another: not "fencing" for "fence"."""
    if part != "n":
        return True
    known = grammar()
    alike = known.is_plural(other) == known.is_plural(base)
    return alike and other.endswith("ing") == base.endswith("ing")


def _is_plain(other: str) -> bool:
    """Whether a word is of small letters alone, is no long term, and names no colour or side."""
    words = other.split("_")
    return len(words) <= _MOST_WORDS and not any(
        not (word.isascii() and word.isalpha() and word.islower() and len(word) > 2)
        or word in DEFAULT.colours.vocabulary
        or word in DEFAULT.directions.vocabulary
        or word in grammar().prepositions
        or word in grammar().sets["pronouns"]
        or word in kept_words()
        for word in words
    )
