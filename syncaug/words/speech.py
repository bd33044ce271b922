"""Parts of speech of a caption's words, where they are sure: small words around them decide.

No tagger is asked. A word whose part of speech the words beside it leave open gets none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from syncaug.words.grammar import grammar
from syncaug.words.left_alone import may_change
from syncaug.words.lexicon import DEFAULT
from syncaug.words.thesaurus import Part, Thesaurus
from syncaug.words.tokens import PAD, Tokens, locate

__all__ = ["Tag", "Word", "shares", "sure_words"]

Tag = str
"""Of the Penn Treebank: NN, NNS, JJ, RB, VBG, VBZ."""

_CLOSED = (
    *("determiners", "plural_determiners", "possessives", "pronouns", "expletive", "ordinals"),
    *("others", "each_of", "conjunctions", "subordinators", "relatives", "auxiliaries", "copulas"),
)
_MOSTLY = 0.8
"""The share of a word's uses from which it is taken for one part of speech."""
_SOMETIMES = 0.1
"""The share from which a word behind "a car" may be its verb."""
_PARTICLES = 4
"""How many words behind a verb its particle may stand."""
_ONE = frozenset({"a", "an", "one", "each", "every", "another", "this"})
_MARKS = frozenset({"", ".", ",", ";", ":", "!", "?", "(", ")", "[", "]", '"', "“", "”", "…"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, `text[start:end]`, its tag, and the base form of which it is a form.

    `acts_on` says of a verb whether an object follows.
    """

    start: int
    end: int
    tag: Tag
    part: Part
    base: str
    acts_on: bool = False


def sure_words(text: str, thesaurus: Thesaurus) -> list[Word]:
    """The words of a text that may be said otherwise, with their parts of speech, in order.

    Left out are small words, numbers, names, what is quoted, words for colours and directions,
    parts of longer terms ("fire hydrant"), and words whose part of speech is not sure.
    """
    return _Tagger(locate(text, PAD), thesaurus).words()


class _Tagger:
    """Answers about the tokens of one text."""

    def __init__(self, tokens: Tokens, thesaurus: Thesaurus) -> None:
        self.tokens, self.thesaurus = tokens, thesaurus
        self.grammar = grammar()
        self._known: dict[str, Mapping[Part, float]] = {}
        self._nouns: dict[int, Tag] = {}

    def words(self) -> list[Word]:
        """All sure words."""
        found: list[Word] = []
        for at in range(len(self.tokens.starts)):
            tag = self._noun(at)
            if tag:
                self._nouns[at] = tag
        for at in range(len(self.tokens.starts)):
            tag = self._nouns.get(at, "") or self._other(at)
            if tag and may_change(self.tokens, at, self.thesaurus):
                part: Part = {"N": "n", "J": "a", "R": "r", "V": "v"}[tag[0]]  # type: ignore[assignment]
                (base,) = self.thesaurus.bases(self.key(at), part)
                if part != "v" or not self._has_particle(at, base):
                    start, end = self.tokens.starts[at], self.tokens.ends[at]
                    acts_on = part == "v" and self._is_object(at + 1)
                    found.append(Word(start, end, tag, part, base, acts_on))
        return found

    def key(self, at: int) -> str:
        """The word at a token in lower case; empty outside of the text."""
        return self.tokens.keys[self.tokens.pad + at] if at >= -self.tokens.pad else ""

    # What a word may be

    def _share(self, at: int, part: Part) -> float:
        """The share of a word's uses in which it is of a part of speech; 0 where it never is."""
        word = self.key(at)
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = shares(word, self.thesaurus)
        return known.get(part, 0.0)

    def _base(self, at: int, part: Part) -> str:
        """The one base form of a word; empty where there is none, or several."""
        bases = self.thesaurus.bases(self.key(at), part)
        return bases[0] if len(bases) == 1 else ""

    def _is_closed(self, at: int) -> bool:
        """Whether a mark or a small word stands here, or the text ends."""
        word, known = self.key(at), self.grammar
        return (
            not word.isalpha()
            or word in known.prepositions
            or word in known.sets["adverbs"]
            or word in known.numbers
            or any(word in known.sets[name] for name in _CLOSED)
        )

    def _determines(self, at: int) -> bool:
        word, known = self.key(at), self.grammar
        return (
            word == "0"
            or word in known.numbers
            or any(known.has(n, word) for n in ("determiners", "plural_determiners", "possessives"))
        ) and word not in ("that", "all", "both")

    def _describes(self, at: int) -> bool:
        """Whether a word is an adjective, also one for a colour."""
        word = self.key(at)
        if self._is_closed(at):
            return False
        known = word in self.grammar.sets["adjectives"] or word in DEFAULT.colours.vocabulary
        return known or self._share(at, "a") >= _MOSTLY

    def _determiner(self, at: int) -> str:
        """The article, number or owner of which only adjectives part the word; empty for none."""
        at -= 1
        while self._describes(at):
            at -= 1
        return self.key(at) if self._determines(at) else ""

    def _ends(self, at: int) -> bool:
        """Whether what stands here cannot go on with a noun before it."""
        word, known = self.key(at), self.grammar
        if word in _MARKS or self._is_closed(at):
            return word not in ("'s", "'", "-")
        if word.endswith(("ing", "ed")) and self.thesaurus.bases(word, "v"):
            if word in known.sets["ing_nouns"] or word in known.sets["ed_nouns"]:
                return False
            return not self.thesaurus.senses(word, "n") or self._is_closed(at + 1)
        third = known.form(word, "third")
        return bool(third) and word not in known.sets["also_nouns"] and self._is_closed(at + 1)

    def _acts(self, at: int, *, many: bool) -> bool:
        """Whether a verb follows here on a noun of a known number: "a car stops", "cars stop"."""
        word = self.key(at)
        if self._is_closed(at):
            return False
        if many:
            verb = self.grammar.form(word, "base") or self._share(at, "v") >= 0.5
            return bool(verb) and not word.endswith("s") and self._is_closed(at + 1)
        third = self.grammar.form(word, "third") or self._share(at, "v") >= _SOMETIMES
        ends = word.endswith("s") and not word.endswith("ss")
        return ends and bool(third) and self._base(at, "v") not in ("", word)

    # Tags

    def _noun(self, at: int) -> Tag:
        base = self._base(at, "n") if not self._is_closed(at) else ""
        plural = self.grammar.is_plural(self.key(at))
        if not base or plural != (base != self.key(at)):
            return ""  # "sheep", "glasses": of which number it is cannot be told
        determiner = self._determiner(at)
        if determiner and self._share(at, "n") < 0.5:
            return ""
        known = plural or determiner in _ONE
        if not (self._ends(at + 1) or (known and self._acts(at + 1, many=plural))):
            return ""
        if determiner:
            return "NNS" if plural else "NN"
        before = self.key(at - 1)
        behind = before in self.grammar.prepositions and before not in ("to", "like")
        joined = before in ("and", "or") and at - 2 in self._nouns
        noun = self._share(at, "n")
        if plural and (behind or joined) and noun >= 0.5:
            return "NNS"
        if plural and self._describes(at - 1) and noun > _MOSTLY:
            return "NNS"
        if plural and self._share(at, "n") >= _MOSTLY and self._is_closed(at - 1):
            return "NNS"
        return "NN" if joined and self._nouns[at - 2] == "NN" else ""

    def _other(self, at: int) -> Tag:
        if self._is_closed(at):
            return ""
        word = self.key(at)
        if word.endswith("ly") and self._share(at, "r") == 1.0 and self._base(at, "r") == word:
            return "RB"
        if word.endswith("ed"):
            return ""  # "a green haired girl": a part of a term
        if self._share(at, "a") >= _MOSTLY and self._base(at, "a") == word:
            return self._adjective(at)
        base = self._base(at, "v")
        if not base or base == word or at - 1 < 0:
            return ""
        if word.endswith("ing"):
            return "VBG" if self._is_progressive(at) else ""
        third = word.endswith("s") and self._share(at, "v") >= 0.5
        return "VBZ" if third and self._nouns.get(at - 1) == "NN" and self._ends(at + 1) else ""

    def _adjective(self, at: int) -> Tag:
        """An adjective before its noun, or behind a verb that says what something is."""
        before = at - 1
        while self._describes(before):
            before -= 1
        after = at + 1
        while self._describes(after):
            after += 1
        if self._determines(before) and not self._is_closed(after) and self._share(after, "n"):
            return "JJ"
        says = self.key(at - 1) in self.grammar.sets["copulas"] or self.key(at - 1) == "very"
        return "JJ" if says and self.key(at + 1) in _MARKS | {"and", "on", "in", "at"} else ""

    def _is_progressive(self, at: int) -> bool:
        word, known = self.key(at), self.grammar
        if not self._ends_verb(at + 1):
            return False
        acting = self.key(at - 1) in known.sets["copulas"]
        if word in known.sets["ing_nouns"]:
            return acting and self._determines(at + 1)
        return acting or at - 1 in self._nouns

    def _ends_verb(self, at: int) -> bool:
        return self._is_closed(at) and self.key(at) not in ("-", "'s")

    def _is_object(self, at: int) -> bool:
        """Whether a noun or what stands before one begins behind a verb."""
        word = self.key(at)
        if word in _MARKS or word in self.grammar.prepositions:
            return False
        pronoun = self.grammar.has("pronouns", word)
        return pronoun or self._determines(at) or not self._is_closed(at)

    def _has_particle(self, at: int, base: str) -> bool:
        """Whether the verb and a word behind it make another verb: "takes his hat off"."""
        for place in range(at + 1, at + 1 + _PARTICLES):
            word = self.key(place)
            if not word.isalpha():
                return False
            if self.thesaurus.bases(f"{base}_{word}", "v"):
                return True
        return False


def shares(word: str, thesaurus: Thesaurus) -> Mapping[Part, float]:
    """The share of a word's uses in each part of speech that it may be."""
    parts: Sequence[Part] = ("n", "v", "a", "r")
    uses: dict[Part, float] = {}
    for part in parts:
        for base in thesaurus.bases(word, part):
            senses = thesaurus.senses(base, part)
            counted = sum(sense.words.get(base, 0) for sense in senses)
            uses[part] = max(uses.get(part, 0.0), counted + 0.1 * len(senses))
    total = sum(uses.values())
    return {part: count / total for part, count in uses.items()}
