"""A caption's sentence as clauses, lists of nouns, verbs and what hangs on them.

A small recursive descent over word classes, anchored by the spans that are known to be noun
phrases because something in the picture is grounded to them. It knows captions, not English: where
it meets what it does not understand, it says so (`Sentence.doubt`), and nobody builds on it.

    "A dog and a cat lie on a rug while a bird sings."
        Clause(subject=Nouns(A dog | a cat), verbs=[Verb(lie, parts=[Part(on, Nouns(a rug))])])
        Clause(link=while, subject=Nouns(a bird), verbs=[Verb(sings)])
"""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.words.chunks import Chunker
from syncaug.words.phrase_parser import PhraseParser
from syncaug.words.sentence import Clause, Sentence

__all__ = ["parse_sentence"]


def parse_sentence(
    keys: Sequence[str],
    start: int,
    end: int,
    spans: Sequence[tuple[int, int]],
    tight: frozenset[int] = frozenset(),
) -> Sentence:
    """The parts of a sentence, tokens `start`..`end` without its closing mark.

    `spans` are token ranges of known noun phrases; `tight` the tokens that follow without a gap.
    """
    return _Parser(Chunker(keys, start, end, spans, tight)).sentence()


def _is_torn(clause: Clause, before: Clause) -> bool:
    """Whether nothing joins a clause to the one before, or it has the verb that one misses."""
    if not clause.kind:
        return True
    headless = clause.subject is None and bool(clause.verbs) and not clause.inverted
    return headless and before.subject is not None and not before.verbs


class _Parser(PhraseParser):
    def sentence(self) -> Sentence:
        at, doubt = self.chunks.start, False
        clauses: list[Clause] = []
        while at < self.end:
            link, kind = self._link(at)
            clause = self._clause(at, link, kind)
            if clause.end <= link[1]:
                doubt = True
                at = max(link[1], at + 1)
                continue
            doubt = doubt or bool(clauses and _is_torn(clause, clauses[-1]))
            clauses.append(clause)
            at = clause.end
        return Sentence(self.chunks.start, self.end, clauses, doubt or self.doubt)

    def _link(self, at: int) -> tuple[tuple[int, int], str]:
        """The marks and words that join a clause to the one before."""
        kind, start, key = "", at, self.chunks.key
        while key(at) in (",", ";", ":", "-", "–", "—"):
            kind, at = "mark", at + 1
        if self.chunks.is_conjunction(at) or (kind and key(at) == "so"):
            kind, at = "and", at + 1
        if self.chunks.is_subordinator(at):
            kind, at = "while", at + 1
        return (start, at), kind

    def _clause(self, start: int, link: tuple[int, int], kind: str) -> Clause:
        at, chunks = link[1], self.chunks
        clause = Clause(start, at, link, kind, [], None, [], [])
        at = self._leads(clause, at)
        if chunks.key(at) == "there" and chunks.is_finite(at + 1):
            clause.inverted = clause.expletive = True
            at += 1
        self.command = not clause.leads and (
            (start == chunks.start or self.command) and chunks.commands(link[1])
        )
        if not clause.inverted and not self.command:
            self.before_verb = True
            clause.subject = self.nouns(at, outer=True)
            self.before_verb = self.chunks.headed = False
            if clause.subject is not None:
                at = clause.subject.stop
        while True:
            mark = self.mark(at) if clause.verbs else at
            verb = self.verb(mark, many=True)
            if verb is None:
                break
            if clause.inverted and not clause.verbs:
                clause.subject = self.nouns(verb.head, outer=True)
                verb.parts = []
                verb.end = verb.head if clause.subject is None else clause.subject.stop
                if clause.subject is not None:
                    verb.parts = self.parts(verb.end, subject=False)
                    verb.end = max([verb.end, *(part.end for part in verb.parts)])
            if clause.verbs:
                self.doubt |= clause.inverted and mark == at  # "there is a dog and a cat sits"
                clause.marks.append((at, mark))
            clause.verbs.append(verb)
            at = verb.end
        if clause.subject is None and not clause.verbs:  # "sitting on a sofa"
            clause.leads += self.parts(at, subject=False)
            at = max([at, *(part.end for part in clause.leads)])
        clause.end = at
        return clause

    def _leads(self, clause: Clause, at: int) -> int:
        """What stands before the subject: "On the left, ...", "In front stands ..."."""
        while True:
            part = self.part(at, subject=False)
            if part is None or part.kind == "object":
                return at
            after = part.end
            if self.chunks.key(after) == ",":
                part.end = after + 1
            elif self.chunks.is_finite(after, many=True) and part.kind == "place":
                clause.leads.append(part)
                clause.inverted = True
                return after
            elif self.chunks.chunk(after) == after and self.chunks.key(after) != "there":
                return at
            clause.leads.append(part)
            at = part.end
