"""Words of a caption by class: where noun phrases end, and what is a verb."""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.words.grammar import grammar

__all__ = ["Chunker"]

_MARKS = frozenset(',;:.!?()[]"“”…–—/')
_ONE = frozenset({"a", "an", "one", "each", "every", "another", "this", "that"})


class Chunker:
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
        self.start, self.end, self._keys, self._tight = start, end, keys, tight
        self.grammar = grammar()
        self._inside = {at for first, last in spans for at in range(first + 1, last)}
        self._opening = {first for first, _ in spans}
        self._closing = {last for _, last in spans}
        self.headed = False
        """Whether a plural is waiting for its verb."""

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
        for phrase in self.grammar.phrases:
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

    def is_loose(self, at: int) -> bool:
        """Whether the word is an adverb or an adjective that belongs to no noun phrase."""
        if self.is_adverb(at):
            return True
        return self.has("adjectives", at) and self.chunk(at) == at

    def participle(self, at: int) -> str:
        """The base of a participle; "?" for one of an unknown verb, empty for none."""
        word, known = self.key(at), self.grammar
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
            return at + 2, self.grammar.form(self.key(at + 1), "base")
        base = self.participle(at)
        if not base or at in self._opening or self._is_past_of_many(at, base):
            return None
        if base == "be" and self.participle(at + 1):
            at, base = at + 1, self.participle(at + 1)
        if self.key(at + 1) == "to" and (inner := self.grammar.form(self.key(at + 2), "base")):
            return at + 3, inner
        return at + 1, base

    def _is_past_of_many(self, at: int, base: str) -> bool:
        """Whether it is the verb for which a plural waits: "two dogs run"."""
        return self.headed and self.key(at) == base and self.stands_alone(base)

    def stands_alone(self, base: str) -> bool:
        """Whether a verb needs nothing beside it."""
        return "alone" in self.grammar.classes.get(base, ())

    def is_finite(self, at: int, *, many: bool = False) -> bool:
        """Whether a finite verb begins here; `many` where the subject may be a plural."""
        return self.verb(at, many=many) is not None

    def goes_on_as_verb(self, at: int, *, many: bool) -> bool:
        """Whether a verb begins here that shares its subject with the one before."""
        if self.is_finite(at):
            return True
        doubtful = self.has("also_nouns", at) and not self._opens(at + 1) and bool(self.key(at + 1))
        return many and self.is_finite(at, many=True) and not doubtful

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
        while self.is_adverb(at) and not known.prepositions.get(self.key(at)):
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
            return at + 3, inner, at
        return at + 1, base, at

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
            return at + 3, inner, finite
        return at + 1, base, finite

    def chunk(self, at: int, *, many: bool = False) -> int:
        """The end of the noun phrase that begins here, without what hangs on it; `at` if none."""
        if reciprocal := self.reciprocal(at):
            return reciprocal
        if (self.has("pronouns", at) or self.key(at) == "her") and not self._owns(at):
            return at + 1
        here, noun, determined = at, False, False
        while here < self.end:
            word = self.key(here)
            if self._determines(here):
                if noun:
                    break
                determined = True
            elif word in ("'s", "'"):
                if not noun:
                    break
                noun = False
            elif word == "-":
                if here not in self._tight or here + 1 not in self._tight:
                    break
            elif not self._belongs(here, at, noun=noun, many=many):
                break
            elif self._closes(here) or self._stands_for_noun(here, at) or self._is_stuff(here):
                noun = True
            elif not (self.has("adjectives", here) or self.is_adverb(here)):
                noun = noun or not self._describes(here, at)
            here += 1
        return here if noun or (determined and here > at + 1) or self._counts(at, here) else at

    def _owns(self, at: int) -> bool:
        return self.has("possessives", at) and self.chunk(at + 1) > at + 1

    def _determines(self, at: int) -> bool:
        word = self.key(at)
        if word == "that" and self.is_finite(at + 1):
            return False
        return (
            word == "0"
            or word in self.grammar.numbers
            or any(self.has(name, at) for name in ("determiners", "possessives"))
        )

    def _counts(self, at: int, end: int) -> bool:
        """Whether a number or a determiner stands for its noun: "one of", "both"."""
        return end == at + 1 and (
            self.key(at) in self.grammar.numbers or self.has("determiners", at)
        )

    def _closes(self, at: int) -> bool:
        """Whether an adjective is the noun itself: the last word of a known phrase, "a blonde"."""
        return at + 1 in self._closing

    def _is_stuff(self, at: int) -> bool:
        """Whether a material is the noun itself: "made of glass"."""
        after = self.key(at + 1)
        return self.has("stuffs", at) and (not after or after in _MARKS or self._opens(at + 1))

    def _stands_for_noun(self, at: int, start: int) -> bool:
        """Whether an adverb behind an article is a noun: "in the back of"."""
        behind = at > start and self._determines(at - 1)
        return behind and self.is_adverb(at) and not self._describing(at + 1)

    def _describes(self, at: int, start: int) -> bool:
        """Whether a participle stands before its noun: "a sleeping cat"."""
        return bool(self.participle(at)) and not self._closes(at)

    def _belongs(self, at: int, start: int, *, noun: bool, many: bool) -> bool:
        """Whether a word other than a determiner goes on with the phrase that began at `start`."""
        word = self.key(at)
        if not word or word in _MARKS:
            return word == "," and not noun and self._both_describe(at)
        if self.is_conjunction(at):
            return self._both_describe(at) and not (noun and at - 1 not in self._inside)
        if self.has("auxiliaries", at) or self.has("pronouns", at) or self.is_subordinator(at):
            return False
        if self.has("relatives", at) or self.has("expletive", at):
            return False
        if self.preposition(at):
            return False
        if self.is_adverb(at) and not self.has("adjectives", at):
            return not noun and (self._describing(at + 1) or self._stands_for_noun(at, start))
        if self.participle(at):
            if noun:
                return False
            if at == start:
                return at in self._opening
            return True
        if not noun:  # "the right holds a cup": an adjective stands for a noun
            verb = self.grammar.form(word, "third") and not self.has("also_nouns", at)
            return at == start or at in self._inside or not verb
        if self.has("predicatives", at) and not self._closes(at):
            return False
        return at in self._inside or not self._acts(at, start, many=many)

    def _describing(self, at: int) -> bool:
        return self.has("adjectives", at) or bool(self.participle(at))

    def _both_describe(self, at: int) -> bool:
        """Whether adjectives stand on both sides: "black and white", "big, black"."""
        after = at + 1
        if self.key(at) == "," and self.is_conjunction(after):
            after += 1
        return self._describing(at - 1) and self.has("adjectives", after)

    def _acts(self, at: int, start: int, *, many: bool) -> bool:
        """Whether a word behind a noun is its verb."""
        known, word, noun = self.grammar, self.key(at), self.key(at - 1)
        third, base = known.form(word, "third"), known.form(word, "base")
        doubtful = known.has("also_nouns", word)
        opens = not self.key(at + 1) or self.key(at + 1) in _MARKS or self._opens(at + 1)
        several = known.numbers.get(self.key(start), 1) > 1 or self.has("plural_determiners", start)
        if third:
            if several and not known.is_plural(noun):  # "two remote controls"
                return False
            if not doubtful or at in self._closing:
                return True
            if known.is_plural(noun):
                return opens
            being = any(known.has(n, noun) for n in ("male", "female", "people", "animals"))
            return opens and (being or self.key(start) in _ONE)
        if base:
            plural = many or known.is_plural(noun) or several or at in self._closing
            plural = plural or (self.headed and not doubtful)
            return plural and (opens or not doubtful or at in self._closing)
        return False

    def _opens(self, at: int) -> bool:
        """Whether something new begins here: a preposition, an article, an adverb, a participle."""
        return bool(
            self.preposition(at)
            or self._determines(at)
            or self.is_adverb(at)
            or self.participle(at)
            or self.is_conjunction(at)
            or self.has("pronouns", at)
            or at in self._opening
        )
