"""The words of a sentence by class: verbs and participles, prepositions, adverbs, conjunctions."""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.words.grammar import grammar

__all__ = ["WordClasses"]


_FINITE = frozenset({"was", "were", "had", "did", "is", "are", "am", "has", "have", "do", "does"})
_PIECE = "\0"
"""Stands for a word that is a piece of a hyphenated one."""


def _is_participle(word: str) -> bool:
    return bool(grammar().form(word, "past")) or word.endswith(("ing", "ed"))


class WordClasses:
    """Answers about the tokens `start`..`end` of a text with the lower-case words `keys`.

    `spans` are token ranges of known noun phrases; `tight` the tokens that follow without a gap.
    """

    def __init__(
        self,
        keys: Sequence[str],
        start: int,
        end: int,
        spans: Sequence[tuple[int, int]],
        tight: frozenset[int],
    ) -> None:
        self.start, self.end, self._tight = start, end, tight
        self.grammar = grammar()
        self._keys = self._hyphened(keys) if "-" in keys else keys
        self._inside = {at for first, last in spans for at in range(first + 1, last)}
        self._opening = {first for first, _ in spans}
        self._closing = {last for _, last in spans}
        self.headed = False
        """Whether a plural is waiting for its verb."""

    def _hyphened(self, keys: Sequence[str]) -> Sequence[str]:
        """The keys without those that only look like words of their own: "up" of "pick-up"."""
        known, masked = self.grammar, list(keys)
        for at in range(1, len(keys) - 1):
            if keys[at] != "-" or not {at, at + 1} <= self._tight:
                continue
            masked[at - 1] = _PIECE
            last = keys[at + 1]
            small = any(known.has(n, last) for n in ("adverbs", "conjunctions", "subordinators"))
            verb = bool(known.form(last, "third") or known.form(last, "base"))
            verb = verb and not known.has("also_nouns", last)
            after = keys[at + 2] if at + 2 < len(keys) else ""
            leads = after[:1].isalpha() and after not in known.prepositions  # "a well-kept lawn"
            told = small or verb or (leads and _is_participle(last))
            if told or last in known.prepositions:
                masked[at + 1] = _PIECE
        return masked

    def key(self, at: int) -> str:
        """The word at a token; empty outside of the sentence."""
        return self._keys[at] if self.start <= at < self.end else ""

    def has(self, name: str, at: int) -> bool:
        """Whether the word stands in a set of the grammar."""
        return self.key(at) in self.grammar.sets[name]

    def is_conjunction(self, at: int) -> bool:
        """Whether the word joins: and, or, but."""
        return self.has("conjunctions", at)

    def is_subordinator(self, at: int) -> bool:
        """Whether a clause that depends on another begins: while, as."""
        return self.has("subordinators", at)

    def relative(self, at: int) -> int:
        """The end of a relative pronoun that is followed by its verb; 0 elsewhere."""
        return at + 1 if self.has("relatives", at) and self.is_finite(at + 1, many=True) else 0

    def together(self, at: int) -> int:
        """The end of words that only several can do; 0 elsewhere."""
        for phrase in self.grammar.phrases.get(self.key(at), ()):
            if phrase[-1] in ("other", "another"):
                continue
            if all(self.key(at + i) == word for i, word in enumerate(phrase)):
                if phrase == ("together",) and self.key(at + 1) == "with":
                    continue
                return at + len(phrase)
        return 0

    def reciprocal(self, at: int) -> int:
        """The end of "each other" or "one another"; 0 elsewhere."""
        pair = (self.key(at), self.key(at + 1))
        return at + 2 if pair in (("each", "other"), ("one", "another")) else 0

    def preposition(self, at: int) -> tuple[int, str, str] | None:
        """The end of a preposition, its words and its class."""
        for words, family in self.grammar.prepositions.get(self.key(at), ()):
            if all(self.key(at + i) == word for i, word in enumerate(words)):
                return at + len(words), " ".join(words), family
        return None

    def is_adverb(self, at: int) -> bool:
        """Whether the word is an adverb, or a preposition that may stand alone."""
        word = self.key(at)
        if word in self.grammar.sets["adverbs"]:
            return True
        return len(word) > 4 and word.endswith("ly") and not self.has("not_adverbs", at)

    def participle(self, at: int) -> str:
        """The base of a participle; "?" for one of an unknown verb, empty for none."""
        word, known = self.key(at), self.grammar
        if word in known.sets["ing_nouns"] and at in self._closing:  # "a ladder painting a wall"
            return known.form(word, "ing")
        if word in known.sets["ing_nouns"] or word in known.sets["ed_nouns"] or word == "left":
            return ""
        for kind in ("ing", "past"):
            if base := known.form(word, kind):
                return base
        if len(word) > 4 and word.endswith("ing"):
            return "?"
        return "?" if len(word) > 4 and word.endswith("ed") else ""

    def action(self, at: int) -> tuple[int, str] | None:
        """The end and the base of a participle or infinitive, with adverbs before it."""
        while self.is_adverb(at) and not self.grammar.prepositions.get(self.key(at)):
            at += 1
        if self.key(at) == "to" and self.grammar.form(self.key(at + 1), "base"):
            base = self.grammar.form(self.key(at + 1), "base")
            return self._with_particle(at + 2, base), base
        base = self.participle(at)
        if self.key(at) in _FINITE or self.has("pronouns", at - 1):  # "was chasing", "it hit"
            return None
        if not base or at in self._opening or self._is_past_of_many(at, base):
            return None
        if base == "be" and self.participle(at + 1):
            at, base = at + 1, self.participle(at + 1)
        if self.key(at + 1) == "to" and (inner := self.grammar.form(self.key(at + 2), "base")):
            return self._with_particle(at + 3, inner), inner
        return self._with_particle(at + 1, base), base

    def _is_past_of_many(self, at: int, base: str) -> bool:
        """Whether it is the verb for which a plural waits: "two dogs run"."""
        return self.headed and self.key(at) == base and self.stands_alone(base)

    def stands_alone(self, base: str) -> bool:
        """Whether a verb needs nothing beside it."""
        return "alone" in self.grammar.classes.get(base, ())

    def is_finite(self, at: int, *, many: bool = False) -> bool:
        """Whether a finite verb begins here; `many` where the subject may be a plural."""
        return self.verb(at, many=many) is not None

    def is_plural(self, start: int, end: int) -> bool:
        """Whether the noun phrase of these tokens is a plural."""
        several = self.grammar.numbers.get(self.key(start), 1) > 1
        return several or self.grammar.is_plural(self.key(end - 1))

    def is_singular(self, at: int) -> bool:
        """Whether the verb that begins here says that its subject is one thing."""
        found = self.verb(at, many=True)
        word = self.key(found[2]) if found else ""
        return word in ("is", "was", "has", "does") or bool(self.grammar.form(word, "third"))

    def verb(self, at: int, *, many: bool = False) -> tuple[int, str, int] | None:
        """The end of a verb group, its base, and the token that agrees with the subject."""
        known = self.grammar
        while self.floats(at) or (self.is_adverb(at) and not known.prepositions.get(self.key(at))):
            at += 1
        word = self.key(at)
        if word in known.sets["auxiliaries"] and word not in ("not", "being", "having"):
            return self._auxiliary(at)
        base = known.form(word, "third") or known.form(word, "past")
        if not base and many:
            base = known.form(word, "base")
        if not base or word == "left" or at in self._inside or at in self._opening:
            return None
        if self.key(at + 1) == "to" and (inner := known.form(self.key(at + 2), "base")):
            return self._with_particle(at + 3, inner), inner, at
        return self._with_particle(at + 1, base), base, at

    def _with_particle(self, at: int, base: str) -> int:
        """The end of a verb that ends before `at`, with the particle of "pick up the cup"."""
        if self.key(at) not in self.grammar.phrasal.get(base, ()):
            return at
        after = at + 1
        other = self.preposition(after) or self.is_adverb(after) or self.is_conjunction(after)
        sub = self.is_subordinator(after) or self.has("auxiliaries", after)
        return after if self.key(after).isalpha() and not (other or sub) else at

    def determines(self, at: int) -> bool:
        """Whether a word opens a noun phrase: an article, a number, a possessive."""
        word = self.key(at)
        if word == "that" and self.is_finite(at + 1):
            return False
        return word in self.grammar.openers

    def commands(self, at: int) -> bool:
        """Whether a command begins here: "pick up the cup"."""
        known = self.grammar
        while self.is_adverb(at):
            at += 1
        base = known.form(self.key(at), "base")
        if not base or at in self._opening or at in self._inside:
            return False
        after = at + 1
        if self.determines(after) or after in self._opening or self.key(after) in ("left", "right"):
            return True
        doubtful = any(self.has(kind, at) for kind in ("also_nouns", "people", "animals"))
        return not doubtful and (bool(self.preposition(after)) or self.is_adverb(after))

    def floats(self, at: int) -> bool:
        """Whether "both" or "each" stands between a subject and its verb."""
        if not (self.has("each_of", at) or self.key(at) == "all") or at == self.start:
            return False
        before = self.key(at - 1)
        if not before.isalpha() or self.is_conjunction(at - 1) or self.preposition(at - 1):
            return False
        return self.is_finite(at + 1, many=True)

    def _auxiliary(self, at: int) -> tuple[int, str, int]:
        known, finite, word = self.grammar, at, self.key(at)
        while self.has("auxiliaries", at) or (
            self.is_adverb(at) and not known.prepositions.get(self.key(at))
        ):
            word = self.key(at) if self.has("auxiliaries", at) else word
            at += 1
        base = self.participle(at) if at not in self._opening else ""
        if not base and word not in known.sets["copulas"]:
            base = known.form(self.key(at), "base") if at not in self._opening else ""
        if not base:
            return at, "be" if word in known.sets["copulas"] else "have", finite
        if self.key(at + 1) == "to" and (inner := known.form(self.key(at + 2), "base")):
            return self._with_particle(at + 3, inner), inner, finite
        return self._with_particle(at + 1, base), base, finite
