"""What may belong to a thing that is gone: places that cling to it, lists that are clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from syncaug.words.grammar import grammar
from syncaug.words.marks import Marks
from syncaug.words.sentence import Noun, Nouns, Part

__all__ = ["Belonging"]

_FAMILIES = ("place", "relation")
_BEYOND = ("above", "below", "behind", "beyond")
_TOGETHER = ("in", "with", "of", "between", "among", "amongst")
"""Prepositions whose nouns go together: "in a hat and a coat on a street"."""


@dataclass(slots=True)
class Belonging(Marks):
    """Answers about the parts of a sentence from which something goes."""

    def _clings(self, part: Part, gone: Part) -> bool:
        """Whether a part may belong to the gone one before it, so that it goes too."""
        if part.kind == "relative":
            return True
        if part.comma:
            return False
        if self._is_own_body(gone) and part.kind == "place":
            return True  # "with her hands in a bowl"
        if part.kind == "word":  # "with a helmet on", "a woman below"
            return gone.words == "with" or grammar().has("hanging", part.words)
        if gone.words == "with" and (self._is_idiom(part) or self._is_mutual(part)):
            return True
        if gone.words == "by" and gone.nouns is not None and not self._leads_on(part):
            if self._is_alive(gone.nouns.items[-1]):
                return True  # "polished by a man on a stool"
        if part.kind != "place" or part.family not in _FAMILIES or part.nouns is None:
            return True
        known, first = grammar(), self.keys[part.head]
        words = (known.singular(self.keys[a]) for a in range(part.head, part.nouns.stop))
        if any(known.has("sides", word) for word in words):
            return True
        if gone.words in ("on", "in", "on top of") and part.words in ("over", "across"):
            return True  # "on a bridge over a river"
        if known.has("pronouns", first) and not first.endswith("selves"):
            return True
        if self._carries(gone) and (first == "the" or known.has("possessives", first)):
            return True  # "with a bag in his hand"
        if part.words == "in" and self._worn(part):
            return True  # "next to a woman in a red dress"
        if gone.kind == "place":
            return gone.family not in _FAMILIES
        return gone.kind != "object"

    def _is_own_body(self, part: Part) -> bool:
        """Whether a part is "with her hands", of which the next tells where they are."""
        if part.words != "with" or part.nouns is None:
            return False
        last, known = part.nouns.items[-1], grammar()
        head = known.singular(self.keys[last.end - 1])
        own = known.has("possessives", self.keys[last.start]) or last.end == last.start + 1
        return own and known.has("body", head)

    def _worn(self, part: Part) -> bool:
        """Whether a place is what somebody wears."""
        nouns = part.nouns.items if part.nouns is not None else []
        return any(grammar().has("worn", self.keys[noun.end - 1]) for noun in nouns)

    def _carries(self, gone: Part) -> bool:
        """Whether a gone part ends in what something has with it."""
        inner = gone.parts or ([] if gone.nouns is None else gone.nouns.items[-1].parts)
        return gone.words == "with" or bool(inner and self._carries(inner[-1]))

    def _is_mutual(self, part: Part) -> bool:
        """Whether a place is "around each other"."""
        return part.nouns is not None and self._reciprocal(part.nouns)

    def _is_idiom(self, part: Part) -> bool:
        """Whether a place names nothing of its own: "in view", "in hand"."""
        nouns = part.nouns.items if part.nouns is not None else []
        return len(nouns) == 1 and nouns[0].end == nouns[0].start + 1 and not self._of(nouns[0])

    def _reciprocal(self, nouns: Nouns) -> bool:
        first = nouns.items[0].start
        return tuple(self.keys[first : first + 2]) in (("each", "other"), ("one", "another"))

    def _gaps(self, nouns: Nouns) -> bool:
        """Whether a list may end in a clause without a verb: "and a woman on the last"."""
        *first, last = nouns.items
        after = self.keys[nouns.stop] if nouns.stop < len(self.keys) else ""
        animate = self._is_alive(last) and not any(self._is_alive(noun) for noun in first)
        return bool(first) and animate and (after == "," or after in grammar().prepositions)

    def _is_described(self, nouns: Nouns) -> bool:
        """Whether a list tells how each of it is, or goes on: "with a slice missing and a beer"."""
        first = nouns.items[0]
        return self.keys[first.end] in ("missing", "crossed", "open", "closed", "raised", "out")

    def _forks(self, part: Part) -> bool:
        """Whether a list may be two places: "a cast on her leg and a crutch under her arm"."""
        nouns = part.nouns
        after = self.keys[nouns.stop : nouns.stop + 1] if nouns is not None else []
        rows = grammar().prepositions.get(after[0], ()) if after else ()
        places = any(family in _FAMILIES for _, family in rows)
        return part.kind == "place" and part.words not in _TOGETHER and places

    def _are_two(self, left: Sequence[Noun]) -> bool:
        """Whether something can be between a noun: "between two trees", not "between a tree"."""
        shrunk = [m for noun in left for m in self._of(noun) if m.kept < m.boxes]
        return all(mention.kept > 1 for mention in shrunk)

    def _stands_for_noun(self, noun: Noun) -> bool:
        """Whether an item is "the other", of what the text has named before."""
        last = self.keys[noun.end - 1]
        share = last in grammar().numbers or grammar().has("shares", last)
        return share and not self._of(noun)

    def _is_alive(self, noun: Noun) -> bool:
        """Whether it is a person or an animal: of "riding a bike and a man" a subject, perhaps."""
        known, head = grammar(), grammar().singular(self.keys[noun.end - 1])
        return any(known.has(kind, head) for kind in ("male", "female", "people", "animals"))

    def _acts(self, noun: Noun) -> bool:
        """Whether a verb follows a noun of a list: "in paint and people play"."""
        after = self.keys[noun.end] if noun.end < len(self.keys) else ""
        known = grammar()
        return bool(known.form(after, "base") or known.form(after, "third"))

    def _leads_on(self, part: Part) -> bool:
        """Whether a part says which way its verb goes: "past the lift"."""
        return part.kind == "place" and grammar().has("paths", part.words)

    def _may_be_elsewhere(self, base: str, parts: Sequence[Part]) -> bool:
        """Whether a place that is left may be that of what is gone: "feeds a bird on a branch"."""
        return any(
            self._died(gone) and not self._died(part) and self._parts_from(base, gone, part)
            for gone, part in pairwise(parts)
        )

    def _parts_from(self, base: str, gone: Part, part: Part) -> bool:
        if part.kind != "place" or part.comma or part.nouns is None or self._is_scene(part):
            return False
        known = grammar()
        if known.has("body", self.keys[part.nouns.stop - 1]) or part.words == "over":
            return False
        apart = part.family == "place" or part.words in _BEYOND
        if gone.kind == "object" and known.has("bearing", base):
            return part.family == "place" and not known.has("paths", part.words)
        return apart and self._lies_apart(base, gone)

    def _lies_apart(self, base: str, gone: Part) -> bool:
        """Whether what is gone may be somewhere else than who did something to it."""
        known = grammar()
        if gone.kind == "object":
            return known.has("reaching", base)
        if gone.kind != "place" or gone.nouns is None:
            return False
        if known.has("aiming", base):
            return True
        leads = known.has("paths", gone.words) or gone.words == "with"
        return leads and self._is_alive(gone.nouns.items[-1])

    def _is_scene(self, part: Part) -> bool:
        """Whether a place is so large that all of a sentence is in it: "in a park"."""
        known = grammar()
        nouns = part.nouns.items if part.nouns is not None else []
        return all(
            known.has("scenes", known.singular(self.keys[noun.end - 1]))
            or known.has("sides", self.keys[noun.end - 1])
            for noun in nouns
        )

    def _needs_several(self, base: str, parts: Sequence[Part]) -> bool:
        """Whether one alone cannot do it: "two women hug", "two men hold hands"."""
        known = grammar()
        last = [
            self.keys[part.nouns.items[-1].end - 1]
            for part in parts
            if part.kind == "object" and part.nouns is not None
        ]
        if known.has("joining", base) and any(known.has("joined", word) for word in last):
            return True
        if known.has("mutual", base) and not any(part.words == "with" for part in parts):
            return not last or base in ("exchange", "swap", "trade")
        return False

    def _holds(self, part: Part) -> bool:
        """Whether a part needs its verb: another object, or "in its claws"."""
        nouns = part.nouns.items if part.nouns is not None else []
        holding = any(grammar().has("body", self.keys[noun.end - 1]) for noun in nouns)
        return part.kind == "object" or holding
