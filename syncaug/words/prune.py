"""What of a sentence goes with the things that are gone: its clauses, their subjects and verbs.

Works on the parts of `sentence.py` and marks tokens as dead or as said otherwise; whoever calls
puts the rest together. Where a thing that remains would go with one that is gone, `torn` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from syncaug.words.grammar import grammar
from syncaug.words.prune_nouns import NounPruner
from syncaug.words.sentence import Clause, Noun, Sentence, Verb

__all__ = ["Pruner"]


@dataclass(slots=True)
class Pruner(NounPruner):
    """Takes sentences apart, one after the other."""

    lost_subject: bool = False
    """Whether the subject of the clause before has gone or shrunk, so that pronouns hang in air."""
    fell: bool = False
    """Whether the clause before is dead."""

    def sentence(self, sentence: Sentence) -> bool:
        """Prune; whether what is left of the sentence stands as one, or nothing is left of it.

        False where it does not: a thing that remains was torn away with one that is gone.
        """
        self.broken = self.fell = False
        clauses = sentence.clauses
        alive = [self._clause(clause) for clause in clauses]
        bare = [
            clause
            for clause, lives in zip(clauses, alive, strict=True)
            if lives and clause.verbs and all(v.start in self.dead for v in clause.verbs)
        ]
        if bare and sum(alive) > 1:
            return False
        pairs = zip(pairwise(clauses), pairwise(alive), strict=True)
        if any(
            lives and not next_lives and self._waits(clause)
            for (clause, _), (lives, next_lives) in pairs
        ):
            return False
        self.broken |= any(
            after_lives and self._goes_on(*pair)
            for pair, after_lives in zip(pairwise(clauses), alive[1:], strict=True)
        )
        if not any(alive):
            self._kill(sentence.start, sentence.end)
        else:
            self._relink(sentence, alive)
        self._tidy(sentence)
        return not (self.broken or self.torn(sentence))

    def _waits(self, clause: Clause) -> bool:
        """Whether the object of a clause stands in the next: "holding down and tying up a cow"."""
        if not clause.verbs or not clause.verbs[-1].parts:
            return False
        verb = clause.verbs[-1]
        alone = {"alone", "optional"} & grammar().classes.get(verb.base, frozenset())
        particles = grammar().phrasal.get(verb.base, ())
        return not alone and all(p.kind == "word" and p.words in particles for p in verb.parts)

    def _clause(self, clause: Clause) -> bool:
        """Whether the clause lives; if not, all of it is dead."""
        lives = self._live(clause)
        if not lives:
            self._kill(clause.start, clause.end)
        self.fell = not lives
        return lives

    def _live(self, clause: Clause) -> bool:
        lost, self.lost_subject = self.lost_subject, False
        self.there = clause.expletive
        self._parts(clause.leads)
        subject = clause.subject
        if subject is None:
            if self.fell and clause.kind in ("while", "and") and not clause.inverted:
                self.lost_subject = True
                return False  # "while holding a rope" of somebody who is gone
            return self._headless(clause)
        lost = lost and subject.items[0].start not in self.owned
        if lost and grammar().has("possessives", self.keys[subject.items[0].start]):
            self._disown(subject.items[0], subject.items[0].start + 1)
        elif lost and grammar().has("pronouns", self.keys[subject.items[0].start]):
            self.lost_subject = True
            return False
        before = len(subject.items) > 1 or self._plural(subject.items[0])
        left = self._nouns(subject)
        if not left:
            self.lost_subject = True
            return False
        shrunk = before and len(left) == 1 and not self._plural(left[0])
        if shrunk or len(left) < len(subject.items):
            self.lost_subject = True
        if shrunk:
            self.broken |= not clause.verbs and self._has_verb(clause)
            self._apart(subject.shared)
            for verb in clause.verbs:
                self.broken |= self._needs_several(verb.base, verb.parts)
                self._apart(verb.parts)
        self._parts(subject.shared)
        if (
            clause.inverted
            and not clause.expletive
            and all(self._died(part) for part in clause.leads)
        ):
            return False
        if not self._verbs(clause) and (clause.kind == "while" or not self._known(left)):
            return False
        if shrunk:
            for verb in clause.verbs:
                self._agree(verb.finite, verb.base)
            self._theirs(clause, left[0])
        self.broken |= self._stood_by(clause, left)
        return True

    def _stood_by(self, clause: Clause, left: Sequence[Noun]) -> bool:
        """Whether a thing has lost what made it a clause: ", a mountain in the background"."""
        if clause.verbs or self.keys[clause.link[0] : clause.link[1]] != [","]:
            return False
        parts = left[-1].parts
        return bool(parts and self._of(left[-1])) and all(
            part.kind == "place" and self._died(part) for part in parts
        )

    def _has_verb(self, clause: Clause) -> bool:
        """Whether a verb of several may hide among nouns: "in ceremonial dress dance"."""
        shown = {at for m in self.mentions for at in range(m.first, m.last)}
        return any(
            grammar().form(self.keys[at], "base")
            for at in range(clause.start + 1, clause.end)
            if at not in shown and not grammar().has("also_nouns", self.keys[at])
        )

    def _headless(self, clause: Clause) -> bool:
        """A clause without a subject lives on its verbs, or on what leads it."""
        if clause.verbs:
            return self._verbs(clause)
        living = [part for part in clause.leads if not self._died(part)]
        return bool(living)

    def _known(self, nouns: Sequence[Noun]) -> bool:
        return any(
            not mention.gone and not mention.echo for noun in nouns for mention in self._of(noun)
        )

    def _verbs(self, clause: Clause) -> bool:
        """Prune the verbs and mend their list; whether one is left (or there was none)."""
        alive = [self._verb(verb) for verb in clause.verbs]
        if any(alive):
            spans = [(verb.start, verb.end) for verb in clause.verbs]
            self._relist(spans, clause.marks, alive)
        return not clause.verbs or any(alive)

    def _goes_on(self, clause: Clause, after: Clause) -> bool:
        """Whether a participle lost the one before: "is a man holding a bag and waving a flag"."""
        if after.kind != "and" or after.subject is not None or not after.leads:
            return False
        lead = after.leads[0]
        if lead.kind != "action" or not (clause.verbs and clause.verbs[-1].parts):
            return False
        tail = self._tail(clause.verbs[-1].parts[-1])
        return lead.head - 1 in self.dead or (tail is not None and tail.kind == "action")

    def _verb(self, verb: Verb) -> bool:
        stands, moved = self._core(verb.base, verb.parts)
        if stands:
            return True
        if moved:
            self._kill(verb.start, verb.head)
            return False
        self._kill(verb.start, verb.end)
        return False

    def _relink(self, sentence: Sentence, alive: Sequence[bool]) -> None:
        """Mend what joins the clauses that are left."""
        clauses = sentence.clauses
        main = any(
            lives and clause.kind != "while" for clause, lives in zip(clauses, alive, strict=True)
        )
        first = True
        died = False
        last = max(index for index, lives in enumerate(alive) if lives)
        joined = any("and" in self.keys[c.link[0] : c.link[1]] for c in clauses[1:])
        living, colon = 0, False
        for index, (clause, lives) in enumerate(zip(clauses, alive, strict=True)):
            start, end = clause.link
            if not lives:
                died = True
                colon = colon or self.keys[start:end] == [":"]
                continue
            living += 1
            if colon and not first and self.keys[start] in (",", ";"):  # "On the desk: a lamp; ..."
                self.said[start] = ":"
            colon = False
            if first:
                first = False
                if clause.kind != "while" or index > 0 or not main:
                    self._kill(start, end)
                continue
            if clause.kind == "while":
                continue
            words = list(self.keys[start:end])
            if died and joined and index == last and words == [","] and living > 1:
                previous = [c for c, ok in zip(clauses[:index], alive, strict=False) if ok]
                if previous and previous[-1].kind != "while":
                    self.dead.add(start)
                    self.glue[end] = " and "
            elif died and living == 2 and index == last and words[:2] == [",", "and"]:
                self.dead.add(start)
