"""The grammar of captions as data: kinds of words, forms of verbs, singulars and articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["Form", "Grammar", "grammar"]

_FILE = Path(__file__).parent / "lexicons" / "grammar.yaml"
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a verb: its base, and `base`, `third`, `ing` or `past`."""

    base: str
    kind: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """Word sets by name, prepositions longest first, and every known form of every verb."""

    sets: Mapping[str, frozenset[str]]
    numbers: Mapping[str, int]
    prepositions: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    """First word -> rows of words and their class (relation, place, other), longest first."""
    openers: frozenset[str]
    """Words that open a noun phrase: articles, possessives, numbers."""
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    """First word -> rows of words that only plurals can do: "each other", "side by side"."""
    forms: Mapping[str, tuple[Form, ...]]
    phrasal: Mapping[str, frozenset[str]]
    """Base of a verb -> the particles that make another verb of it: "pick up the cup"."""
    settled: Mapping[str, frozenset[str]]
    """Base of a verb -> the adverbs that belong to it without a place: "hang out"."""
    classes: Mapping[str, frozenset[str]]
    """Base of a verb -> the classes of `verbs` that it stands in."""
    third: Mapping[str, str]
    """Base of a verb -> its third person."""
    plurals: Mapping[str, str]

    def has(self, name: str, word: str) -> bool:
        """Whether a word stands in the named set."""
        return word in self.sets[name]

    def form(self, word: str, kind: str) -> str:
        """The base of a verb of which `word` is the form `kind`; empty when there is none."""
        return next((form.base for form in self.forms.get(word, ()) if form.kind == kind), "")

    def is_plural(self, noun: str) -> bool:
        """Whether a noun is in the plural, by its ending where it is not known."""
        if noun in self.plurals or noun in self.sets["pairs"]:
            return True
        return noun.endswith("s") and not (
            noun in self.sets["singular_s"] or noun.endswith(("ss", "us", "is"))
        )

    def takes_article(self, noun: str) -> bool:
        """Whether one of it is "a ...": no plural, and no stuff like water."""
        return not (self.is_plural(noun) or noun in self.sets["masses"])

    def singular(self, noun: str) -> str:
        """The singular of a noun in the plural."""
        if noun in self.plurals:
            return self.plurals[noun]
        if not self.is_plural(noun) or noun in self.sets["pairs"]:
            return noun
        if noun.endswith("ies") and len(noun) > 4:
            return noun[:-3] + "y"
        if noun.endswith(("ches", "shes", "sses", "xes", "zes")):
            return noun[:-2]
        return noun[:-1]

    def third_person(self, verb: str) -> str:
        """The third person of a verb in its base form."""
        return self.third.get(verb) or _third(verb)

    def article(self, word: str) -> str:
        """The indefinite article before a word, by how it sounds."""
        word = word.lower()
        if word in self.sets["an"]:
            return "an"
        if word in self.sets["a"]:
            return "a"
        return "an" if word[:1] in _VOWELS else "a"


@cache
def grammar() -> Grammar:
    """The grammar that comes with syncaug, read on first use."""
    import yaml  # late: importing this package must stay cheap

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)
    forms: dict[str, list[Form]] = {}
    classes: dict[str, set[str]] = {}
    third: dict[str, str] = {}
    for name, verbs in data["verbs"].items():
        for verb in verbs:
            classes.setdefault(verb, set()).add(name)
    for verb in classes:
        third[verb], ing, *past = data["irregular"].get(verb) or _regular(verb)
        for word, kind in ((verb, "base"), (third[verb], "third"), (ing, "ing")):
            forms.setdefault(word, []).append(Form(verb, kind))
        for word in dict.fromkeys(past):
            forms.setdefault(word, []).append(Form(verb, "past"))
    return Grammar(
        sets={name: frozenset(words) for name, words in _word_sets(data)},
        numbers=data["numbers"],
        prepositions=_prepositions(data),
        openers=frozenset({"0", *data["numbers"], *data["determiners"], *data["possessives"]}),
        phrases=_phrases(data),
        phrasal={verb: frozenset(words) for verb, words in data["phrasal"].items()},
        settled={verb: frozenset(words) for verb, words in data["settled"].items()},
        forms={word: tuple(known) for word, known in forms.items()},
        classes={verb: frozenset(names) for verb, names in classes.items()},
        third=third,
        plurals=data["plurals"],
    )


def _word_sets(data: Mapping[str, Any]) -> Iterable[tuple[str, list[str]]]:
    return ((name, words) for name, words in data.items() if isinstance(words, list))


def _phrases(data: Mapping[str, Any]) -> dict[str, tuple[tuple[str, ...], ...]]:
    rows: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in (*data["reciprocals"], *data["jointly"]):
        words = tuple(phrase.split())
        rows[words[0]] = (*rows.get(words[0], ()), words)
    return rows


def _prepositions(
    data: Mapping[str, Any],
) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    rows: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for kind in ("relation", "place", "other"):
        for phrase in data[kind]:
            words = tuple(phrase.split())
            rows.setdefault(words[0], []).append((words, kind))
    return {
        first: tuple(sorted(known, key=lambda row: -len(row[0]))) for first, known in rows.items()
    }


def _third(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def _regular(verb: str) -> tuple[str, str, str]:
    """Third person, participle and past of a regular verb."""
    third = _third(verb)
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return third, verb[:-1] + "ing", verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return third, verb + "ing", verb[:-1] + "ied"
    short = len(verb) > 2 and verb[-1] not in "wxy" + _VOWELS and verb[-2] in _VOWELS
    if short and verb[-3] not in _VOWELS and _doubles(verb):
        return third, verb + verb[-1] + "ing", verb + verb[-1] + "ed"
    return third, verb + "ing", verb + "ed"


def _doubles(verb: str) -> bool:
    """Whether the last letter doubles: in words of one syllable, as in "chat"."""
    return sum(letter in _VOWELS for letter in verb) == 1
