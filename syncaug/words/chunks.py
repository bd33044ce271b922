"""Where the noun phrases of a caption end, and what goes on behind them."""

from __future__ import annotations

from syncaug.words.word_classes import WordClasses

__all__ = ["Chunker"]

_MARKS = frozenset(',;:.!?()[]"“”…–—/')
_ONE = frozenset({"a", "an", "one", "each", "every", "another", "this", "that"})


class Chunker(WordClasses):
    """Answers about noun phrases among the tokens of a sentence."""

    def is_loose(self, at: int) -> bool:
        """Whether the word is an adverb or an adjective that belongs to no noun phrase."""
        if self.is_adverb(at):
            return True
        return self.has("adjectives", at) and self.chunk(at) == at

    def goes_on_as_verb(self, at: int, *, many: bool) -> bool:
        """Whether a verb begins here that shares its subject with the one before."""
        if self.is_finite(at):
            return True
        doubtful = self.has("also_nouns", at) and not self._opens(at + 1) and bool(self.key(at + 1))
        return many and self.is_finite(at, many=True) and not doubtful

    def chunk(self, at: int, *, many: bool = False) -> int:
        """The end of the noun phrase that begins here, without what hangs on it; `at` if none."""
        if reciprocal := self.reciprocal(at):  # with what is "each other's"
            owned = reciprocal + 1
            return max(owned, self.chunk(owned)) if self.key(reciprocal) == "'s" else reciprocal
        if self.floats(at) or (self.bare_infinitive(at) and self.determines(at + 1)):
            return at  # "playing outside hold a rope"
        if (self.has("pronouns", at) or self.key(at) == "her") and not self._owns(at):
            return at + 1
        here, noun, determined = at, False, False
        while here < self.end:
            word = self.key(here)
            if self.determines(here):
                if noun or (here > at and self.commands(here - 1)):
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

    def counts_one(self, at: int, end: int) -> bool:
        """Whether "one" stands for its noun, with what it is like behind it: "one black"."""
        plain = at not in self._opening and self.key(at) == "one"
        return plain and all(self.has("adjectives", a) for a in range(at + 1, end))

    def is_subject(self, at: int) -> bool:
        """Whether a pronoun begins a clause: "they", or "it" before a verb."""
        sure = self.has("nominatives", at)
        return sure or (self.key(at) in ("it", "you") and self.is_finite(at + 1, many=True))

    def bare_infinitive(self, at: int) -> str:
        """The base of a verb that can be no noun; empty elsewhere."""
        if self.is_known(at) or self.has("also_nouns", at) or self.has("adjectives", at):
            return ""
        if self.preposition(at) or self.is_adverb(at):
            return ""
        return self.grammar.form(self.key(at), "base")

    def is_known(self, at: int) -> bool:
        """Whether a thing of the picture is grounded to the noun at a token."""
        return at in self._opening or at in self._inside

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
        behind = at > start and self.determines(at - 1)
        return behind and self.is_adverb(at) and not self._describing(at + 1)

    def _describes(self, at: int, start: int) -> bool:
        """Whether a participle stands before its noun: "a sleeping cat"."""
        return bool(self.participle(at)) and not self._closes(at)

    def _describes_next(self, at: int) -> bool:
        """Whether a participle inside a known phrase leads its noun: "polka dotted dresses"."""
        after = at + 1
        if not {at, after} <= self._inside or self.determines(after) or self.preposition(after):
            return False
        return self.participle(at) == "?" or not self.key(at).endswith("ing")

    def _belongs(self, at: int, start: int, *, noun: bool, many: bool) -> bool:
        """Whether a word other than a determiner goes on with the phrase that began at `start`."""
        word = self.key(at)
        if not word or word in _MARKS:
            if word == "." and at > start:  # "a St. Bernard": those that end sentences are outside
                return True
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
                return self._describes_next(at)
            if at == start:
                return at in self._opening
            return True
        if not noun:  # "the right holds a cup": an adjective stands for a noun
            verb = self.grammar.form(word, "third") and not self.has("also_nouns", at)
            return at in self._opening or at in self._inside or not verb
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
            or self.determines(at)
            or self.is_adverb(at)
            or self.participle(at)
            or self.is_conjunction(at)
            or self.has("pronouns", at)
            or at in self._opening
        )
