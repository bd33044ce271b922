"""The parts of a caption's sentence: clauses, verbs, lists of nouns, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Clause", "Noun", "Nouns", "Part", "Sentence", "Verb"]


@dataclass(slots=True)
class Part:
    """What hangs on a noun or a verb: tokens `start`..`end`, with its leading comma or "and".

    `kind` is `object`, `place` (a preposition and nouns), `action` (a participle or an infinitive),
    `relative` (whose `nouns` are its own subject, if it has one), `apposition` (what a subject is
    said to be, between commas) or `word` (an adverb or an adjective). `head` ends the preposition
    or the verb, which begins at `body`. `base` is the verb's base form, `words` the preposition,
    `family` its class.
    """

    kind: str
    start: int
    body: int
    head: int
    end: int
    words: str = ""
    family: str = ""
    base: str = ""
    nouns: Nouns | None = None
    parts: list[Part] = field(default_factory=list)
    comma: bool = False
    joined: bool = False
    finite: int = -1


@dataclass(slots=True)
class Noun:
    """A noun phrase: its own words `start`..`end`, and what hangs on them."""

    start: int
    end: int
    parts: list[Part]

    @property
    def stop(self) -> int:
        """Where all of it ends."""
        return max(self.end, *(part.end for part in self.parts)) if self.parts else self.end


@dataclass(slots=True)
class Nouns:
    """A list of noun phrases, the marks between them, and what hangs on all of them."""

    items: list[Noun]
    marks: list[tuple[int, int]]
    shared: list[Part] = field(default_factory=list)

    @property
    def stop(self) -> int:
        """Where all of it ends."""
        return max([self.items[-1].stop, *(part.end for part in self.shared)])


@dataclass(slots=True)
class Verb:
    """A finite verb with its auxiliaries, `start`..`head`; `finite` is the word that agrees."""

    start: int
    head: int
    end: int
    base: str
    finite: int
    parts: list[Part]


@dataclass(slots=True)
class Clause:
    """`link` are the tokens that join it; `kind` is "", "mark", "and" or "while"."""

    start: int
    end: int
    link: tuple[int, int]
    kind: str
    leads: list[Part]
    subject: Nouns | None
    verbs: list[Verb]
    marks: list[tuple[int, int]]
    inverted: bool = False
    expletive: bool = False


@dataclass(slots=True)
class Sentence:
    """The clauses of tokens `start`..`end`; `doubt` where some token fits no clause."""

    start: int
    end: int
    clauses: list[Clause]
    doubt: bool
