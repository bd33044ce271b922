"""What goes with nouns that are gone: items of lists, what hangs on them, what verbs need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from syncaug.words.belonging import Belonging
from syncaug.words.fewer import can_be_fewer, say_fewer
from syncaug.words.grammar import grammar
from syncaug.words.sentence import Noun, Nouns, Part

__all__ = ["NounPruner"]


@dataclass(slots=True)
class NounPruner(Belonging):
    """Takes noun phrases and what hangs on them apart."""

    broken: bool = False
    """Whether the sentence cannot be said of fewer: "neither a dog nor a cat"."""
    there: bool = False
    """Whether the clause begins with "there is"."""

    def _noun(self, noun: Noun) -> bool:
        """Whether the noun lives; what hangs on it is pruned."""
        mentions = self._of(noun)
        if mentions and all(mention.gone for mention in mentions):
            return False
        if self._unowned(noun):
            if not mentions:
                return False
            self._disown(noun, noun.start + 1)
        if not mentions and self._again(noun):
            return False
        owner = self._owner(noun)
        owners = [m for m in self.mentions if noun.start <= m.first and m.last <= owner]
        if (owners and all(m.gone for m in owners)) or self._owned_by_gone(noun, owner):
            if not mentions:
                return False
            self._disown(noun, owner + 1)
        for mention in mentions:
            if 0 < mention.kept < mention.boxes:
                say_fewer(self, noun, mention)
                self.broken |= not can_be_fewer(self.keys, mention)
                if mention.kept == 1 and not self._plural(noun):
                    self._let_agree(noun.parts)
        before = {part.start for part in noun.parts}
        self._parts(noun.parts)
        if not mentions and noun.end == noun.start + 1 and noun.parts:
            counted = grammar().numbers.get(self.keys[noun.start], 0)
            if counted and any(self._died(part) for part in noun.parts):
                return False  # "one in a red shirt" without the shirt
        if not mentions:
            lost = [p for p in noun.parts if p.words == "of" and self._died(p)]
            if lost and before:
                return False
        return True

    def _let_agree(self, parts: Sequence[Part]) -> None:
        """Let relative clauses speak of one: "a duck that swims"."""
        for part in parts:
            if part.kind == "relative" and part.nouns is None:
                self._agree(part.finite, part.base)

    def _nouns(self, nouns: Nouns) -> list[Noun]:
        """Prune a list and mend it; the items that are left."""
        alive: list[bool] = []
        for noun in nouns.items:  # "two men, one in ..., one in ..." hang on the men
            bare = noun.end == noun.start + 1 and self.keys[noun.start] in grammar().numbers
            alive.append(self._noun(noun) and not (bare and not all(alive)))
        spans = [(noun.start, noun.stop) for noun in nouns.items]
        for span, lives in zip(spans, alive, strict=True):
            if not lives:
                self._kill(*span)
        if any(alive):
            self._relist(spans, nouns.marks, alive)
        left = [noun for noun, lives in zip(nouns.items, alive, strict=True) if lives]
        if any(alive) and not all(alive):  # "a boy and a man behind him" without the man
            self.broken |= any(self._is_behind_him(part) for part in nouns.shared)
        for index, noun in enumerate(nouns.items):
            orphan = alive[index] and not all(alive[:index]) and noun.start not in self.said
            if orphan and grammar().has("possessives", self.keys[noun.start]):
                self._disown(noun, noun.start + 1)
            elif orphan and (article := self._shared_article(noun, nouns)):
                word = self.keys[noun.start]  # "a suit and tie" without the suit: "a tie"
                article = grammar().article(word) if article != "the" else article
                self.said[noun.start] = f"{article} {word}"
        if len(nouns.items) > 1 and len(left) == 1:
            first = nouns.items[0].start
            self.broken |= "neither" in self.keys[max(0, first - 1) : first + 1]
            self.dead.update(
                at for at in (first - 1, first) if at >= 0 and self.keys[at] in ("both", "either")
            )
        return left

    def _is_behind_him(self, part: Part) -> bool:
        """Whether a place tells where the last of a list is, beside another of it."""
        if part.kind != "place" or part.nouns is None or len(part.nouns.items) > 1:
            return False
        noun = part.nouns.items[0]
        known, word = grammar(), self.keys[noun.start]
        somebody = known.has("pronouns", word) or known.has("possessives", word)
        return noun.end == noun.start + 1 and somebody

    def _shared_article(self, noun: Noun, nouns: Nouns) -> str:
        """The article of the first of a list that was that of all: "the man and woman"."""
        known, keys = grammar(), self.keys
        own = [
            any(known.has(n, keys[each.start]) for n in ("determiners", "possessives", "pronouns"))
            or keys[each.start] in known.numbers
            for each in nouns.items
        ]
        first = keys[nouns.items[0].start]
        shared = own[0] and not any(own[1:]) and first in ("a", "an", "the")
        return first if shared and known.takes_article(keys[noun.end - 1]) else ""

    def _parts(self, parts: Sequence[Part]) -> None:
        """Prune what hangs on something; what clings to a gone part goes with it."""
        gone: Part | None = None
        before_gone = False
        for part in parts:
            lives = not self._died(part) and self._part(part)
            if lives and gone is not None and self._clings(part, gone):
                lives = False
            if not lives:
                self._kill(part.start, part.end)
                gone = part
            else:
                gone = self._tail(part) or (gone if part.kind == "word" else None)
            if lives and part.joined and before_gone:
                start = part.start + (1 if part.comma else 0)
                self._kill(part.start, start + 1)
            before_gone = not lives

    def _leave(self, parts: Sequence[Part]) -> None:
        """Kill the places of an object that is gone: "watches a juggler on a unicycle"."""
        lost = False
        for part in parts:
            if part.kind == "object" and part.nouns is not None and self._died(part):
                lost = self._is_alive(part.nouns.items[-1])
            elif lost and part.kind == "place":
                self._kill(part.start, part.end)

    def _lean(self, base: str, parts: Sequence[Part]) -> None:
        """Kill the adverb that led on to a place which is gone: "out in the field"."""
        known = grammar()
        for part, after in pairwise(parts):
            if part.kind != "word" or not known.has("leaning", part.words) or after.comma:
                continue
            if after.kind == "place" and self._died(after):
                if part.words not in known.settled.get(base, ()):
                    self._kill(part.start, part.end)

    def _tail(self, part: Part) -> Part | None:
        """The dead part with which a living one ends, if it does."""
        inner = part.parts or ([] if part.nouns is None else part.nouns.items[-1].parts)
        if not inner or inner[-1].end != part.end:
            return None
        return inner[-1] if self._died(inner[-1]) else self._tail(inner[-1])

    def _part(self, part: Part) -> bool:
        if part.kind == "word":
            return True
        if part.kind == "relative" and part.nouns is not None:  # "that the horse pulls"
            self.broken |= not self._nouns(part.nouns)
            return self._core(part.base, part.parts)[0]
        if part.nouns is not None:
            if self._reciprocal(part.nouns):
                return True
            many = len(part.nouns.items) > 1
            left = self._nouns(part.nouns)
            if 0 < len(left) < len(part.nouns.items):
                ends = part.nouns.items[-1] not in left and self._gaps(part.nouns)
                self.broken |= part.kind == "apposition" or ends or self._forks(part)
                self.broken |= any(self._stands_for_noun(noun) for noun in left)
            if left and left[0] is not part.nouns.items[0]:
                alive = any(self._is_alive(noun) for noun in left)
                acts = part.kind == "object" or self._acts(left[-1])
                self.broken |= alive and (acts or not self._is_alive(part.nouns.items[0]))
                self.broken |= self.there and part.kind == "place"  # "in a crate and one bottle"
                self.broken |= part.words == "with" and self._is_described(part.nouns)
            if part.words in ("between", "among", "amongst") and many and len(left) == 1:
                return False
            self.broken |= part.words == "between" and not many and not self._are_two(left)
            return bool(left)
        stands, moved = self._core(part.base, part.parts)
        if part.kind == "action" and part.parts and all(self._died(p) for p in part.parts):
            ing = self.keys[part.head - 1].endswith("ing")
            alone = "alone" in grammar().classes.get(part.base, ())
            stands = stands and (ing or alone)  # not "a truck painted"
        if not stands and moved:
            self._kill(part.start, part.head)
            return not all(self._died(inner) for inner in part.parts)
        return stands

    def _core(self, base: str, parts: Sequence[Part]) -> tuple[bool, bool]:
        """Whether a verb stands without what is gone; else whether its places stand without it."""
        known = grammar().classes.get(base, frozenset())
        was = [part for part in parts if not self._died(part)]
        self._parts(parts)
        self._lean(base, parts)
        for part, after in pairwise(parts):
            if part.nouns is not None and not self._died(part) and self._died(after):
                self.broken |= self._gaps(part.nouns)
        if base in ("have", "get") and any(self._is_undone(part) for part in was):
            self.broken = True  # "gets her face painted by a man"
        living = [part for part in was if not self._died(part)]
        dead = [part for part in parts if self._died(part)]
        if not dead:
            return True, False
        if base in ("have", "get") and any(part.kind == "action" for part in dead):
            self.broken = True  # "having her shoes polished by a man"
        if any(part.words == "than" for part in dead):  # "nearer than the square"
            return False, False
        placed = base in ("lay", "lie") and any(part.kind == "object" for part in parts)
        if (placed or grammar().has("placers", base)) and any(
            part.kind == "place" for part in dead
        ):
            return False, False
        if any(part.kind == "object" for part in dead):
            if "optional" in known:
                self._leave(parts)
                return True, False
            held = any(self._holds(part) or self._leads_on(part) for part in living)
            moved = "joint" in known and not held
            self.broken |= moved and self._may_be_elsewhere(base, parts)
            return False, moved
        self.broken |= self._may_be_elsewhere(base, parts)
        if living and not all(part.kind == "word" and part.words == "together" for part in living):
            return True, False
        return bool({"alone", "optional"} & known), False

    def _is_undone(self, part: Part) -> bool:
        """Whether what is done to somebody's own has gone: "her face painted" by a man."""
        if part.kind != "object" or part.nouns is None:
            return False
        own = part.nouns.items[-1]
        if not grammar().has("possessives", self.keys[own.start]):
            return False
        return any(
            done.kind == "action"
            and self._died(done)
            and not self.keys[done.head - 1].endswith("ing")
            for done in own.parts
        )

    def _apart(self, parts: Sequence[Part]) -> None:
        """Kill what only several can do: together, next to each other."""
        for part in parts:
            if part.words == "together" or (
                part.nouns is not None and self._reciprocal(part.nouns)
            ):
                self._kill(part.start, part.end)
            self._apart(part.parts)
