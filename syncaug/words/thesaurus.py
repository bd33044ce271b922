"""What is asked of a thesaurus: base forms, senses in the order of their use, irregular forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

__all__ = ["Part", "Sense", "Thesaurus"]

Part = Literal["n", "v", "a", "r"]
"""A part of speech: noun, verb, adjective, adverb."""


@dataclass(frozen=True, slots=True)
class Sense:
    """One sense of a word, shared by the words that have it.

    `number` tells senses of one part of speech apart. `words` are those that have it, as they are
    written (`sofa`, `hot_dog`, `London`), with how often each was counted in this sense in tagged
    texts. `antonyms` has for each of them the words that mean the opposite. Of verbs, `alone` are
    those that stand without an object, and `acting` those that take one.
    """

    number: int
    words: Mapping[str, int]
    antonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    acting: frozenset[str] = frozenset()


class Thesaurus(Protocol):
    """WordNet, as far as paraphrase asks it. All words are in lower case, blanks as `_`."""

    def bases(self, form: str, part: Part) -> tuple[str, ...]:
        """The base forms of which a word may be a form: `dog` of `dogs`; none where unknown."""
        ...

    def senses(self, base: str, part: Part) -> tuple[Sense, ...]:
        """The senses of a base form, the most used first."""
        ...

    def irregular(self, base: str, part: Part) -> tuple[str, ...]:
        """The forms of a word that no rule makes: `children` of `child`."""
        ...
