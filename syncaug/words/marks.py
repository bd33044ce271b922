"""What of a text is dead, what is said otherwise, and how nouns, verbs and lists are mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from syncaug.words.grammar import grammar
from syncaug.words.sentence import Clause, Noun, Part, Sentence

__all__ = ["Marks", "Mention"]

_SINGULAR = {
    "are": "is",
    "were": "was",
    "have": "has",
    "do": "does",
    "aren't": "isn't",
    "weren't": "wasn't",
    "don't": "doesn't",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `first`..`last` (excluded) speak of `boxes` things, of which `kept` are left.

    An `echo` is grounded only through what it repeats: "the dog" after "a dog".
    """

    first: int
    last: int
    boxes: int = 1
    kept: int = 1
    echo: bool = False

    @property
    def gone(self) -> bool:
        """Whether nothing of it is left."""
        return self.kept == 0


@dataclass(slots=True)
class Marks:
    """The state of one text: which tokens are dead, and what others become.

    `said` has what a living token becomes, `glue` what stands between it and the one before.
    `heads` are nouns that only things bear which are gone: "the dog" of a later sentence goes with
    them. `orphans` are the pronouns that speak of what is gone, `owned` those of what is left,
    `unsure` words that may speak of either, `ends` the tokens behind mentions and echoes, and
    `tight` those that follow the one before without a gap.
    """

    keys: Sequence[str]
    mentions: Sequence[Mention]
    heads: frozenset[str]
    orphans: frozenset[int] = frozenset()
    owned: frozenset[int] = frozenset()
    unsure: frozenset[int] = frozenset()
    ends: frozenset[int] = frozenset()
    tight: frozenset[int] = frozenset()
    dead: set[int] = field(default_factory=set)
    said: dict[int, str] = field(default_factory=dict)
    glue: dict[int, str] = field(default_factory=dict)

    def torn(self, sentence: Sentence) -> bool:
        """Whether a thing that remains is not spoken of any more."""
        return any(
            not mention.gone and sentence.start <= mention.first < sentence.end
            for mention in self.mentions
            if not mention.echo
            and all(at in self.dead for at in range(mention.first, mention.last))
        )

    def is_tight(self, at: int) -> bool:
        """Whether no blank stands on either side of a token."""
        return at in self.tight and at + 1 in self.tight

    def _kill(self, start: int, end: int) -> None:
        self.dead.update(range(start, end))

    def _died(self, part: Part) -> bool:
        return all(at in self.dead for at in range(part.start, part.end))

    def _of(self, noun: Noun) -> list[Mention]:
        """The mentions whose thing is this noun: they begin in its own words."""
        owner = self._owner(noun)
        return [
            mention
            for mention in self.mentions
            if noun.start <= mention.first < noun.end and not mention.last <= owner
        ] or [
            m
            for m in self.mentions
            if m.first < noun.start and noun.end <= m.last and self._lists(m)
        ]

    def _lists(self, mention: Mention) -> bool:
        """Whether a mention is itself a list: "a man and a woman"."""
        words = self.keys[mention.first : mention.last]
        return any(
            word == "and" and words[at + 1] in ("a", "an", "the", "his", "her", "two")
            for at, word in enumerate(words[:-1])
        )

    def _owner(self, noun: Noun) -> int:
        """The token of a possessive 's in a noun, or its start."""
        for at in range(noun.end - 1, noun.start, -1):
            if self.keys[at] == "'s":
                return at
        return noun.start

    def _plural(self, noun: Noun) -> bool:
        known, keys = grammar(), self.keys
        last = next((a for a in range(noun.end - 1, noun.start - 1, -1) if a not in self.dead), -1)
        if last < 0:
            return False
        word = self.said.get(last, keys[last]).lower()
        if (
            keys[noun.start] in ("a", "an", "one", "each", "every", "this")
            and noun.start not in self.said
        ):
            return known.has("pairs", word)
        first = self.said.get(noun.start, keys[noun.start]).lower()
        if first.split()[0] in ("a", "an"):
            return known.has("pairs", word)
        return (
            known.is_plural(word)
            or known.numbers.get(first, 1) > 1
            or word in ("they", "we", "people")
        )

    def _owned_by_gone(self, noun: Noun, owner: int) -> bool:
        return owner > noun.start and self.keys[owner - 1] in self.heads

    def _again(self, noun: Noun) -> bool:
        """Whether the noun speaks once more of a thing that is gone: "the dog"."""
        first, last = self.keys[noun.start], self.keys[noun.end - 1]
        definite = first in ("the", "this", "that", "these", "those", "his", "her", "its", "their")
        return definite and grammar().singular(last) in self.heads

    def _unowned(self, noun: Noun) -> bool:
        """Whether "his", "her" or "she" speaks of somebody who is gone, and of nobody else."""
        if noun.start in self.orphans or noun.start in self.owned:
            return noun.start in self.orphans
        for name, words in (("male", ("his", "he", "him")), ("female", ("her", "she"))):
            if self.keys[noun.start] in words:
                known = grammar()
                return any(
                    known.has(n, head) for head in self.heads for n in (name, "people")
                ) and not any(
                    known.has(n, word)
                    for mention in self.mentions
                    if not mention.gone
                    for word in self.keys[mention.first : mention.last]
                    for n in (name, "people")
                )
        return False

    def _disown(self, noun: Noun, end: int) -> None:
        """ "the dog's bowl" without the dog: "a bowl"."""
        self._kill(noun.start + 1, end)
        if end >= noun.end:
            return
        word = self.keys[end]
        if not grammar().takes_article(self.keys[noun.end - 1]):
            self.dead.add(noun.start)
        else:
            self.said[noun.start] = grammar().article(word)

    def _relist(
        self,
        spans: Sequence[tuple[int, int]],
        marks: Sequence[tuple[int, int]],
        alive: Sequence[bool],
    ) -> None:
        """Keep one mark between each two that are left, and an "and" before the last."""
        if all(alive):
            return
        living = [index for index, lives in enumerate(alive) if lives]
        for span, lives in zip(spans, alive, strict=True):
            if not lives:
                self._kill(*span)
        joins = [a for start, end in marks for a in range(start, end) if self.keys[a] != ","]
        for start, end in marks:
            self._kill(start, end)
        for one, other in pairwise(living):
            between = marks[one:other]
            tokens = [a for start, end in between for a in range(start, end)]
            final = other == living[-1]
            word = [a for a in tokens if self.keys[a] != ","]
            comma = [a for a in tokens if self.keys[a] == ","]
            if final and joins:
                if word:
                    self.dead.discard(word[-1])
                    if comma and word[-1] - 1 in comma and len(living) > 2:
                        self.dead.discard(word[-1] - 1)
                else:
                    self.glue[spans[other][0]] = f" {self.keys[joins[-1]]} "
            elif comma:
                self.dead.discard(comma[0])
            elif word:
                self.dead.discard(word[0])

    def _agree(self, at: int, base: str) -> None:
        """The verb of one instead of several."""
        word = self.keys[at] if at >= 0 else ""
        if word in _SINGULAR:
            self.said[at] = _SINGULAR[word]
        elif at >= 0 and (own := grammar().form(word, "base")):
            self.said[at] = grammar().third_person(own)

    def _theirs(self, clause: Clause, noun: Noun) -> None:
        """ "their" of one thing: its, his or her."""
        known = grammar()
        head = self.said.get(noun.end - 1, self.keys[noun.end - 1])
        if known.has("people", head):
            return
        own = "his" if known.has("male", head) else "her" if known.has("female", head) else "its"
        for at in range(clause.start, clause.end):
            if self.keys[at] == "their" and at not in self.dead:
                self.said[at] = own

    def _tidy(self, sentence: Sentence) -> None:
        """No comma where nothing is before or behind it."""
        living = [a for a in range(sentence.start, sentence.end) if a not in self.dead]
        while living and self.keys[living[0]] in (",", ";", ":"):
            self.dead.add(living.pop(0))
        while living and self.keys[living[-1]] in (",", ";", ":", "-", "–", "—"):
            self.dead.add(living.pop())
        for one, other in pairwise(living):
            if self.keys[one] == "," and self.keys[other] in (",", ";", ":"):
                self.dead.add(one)
