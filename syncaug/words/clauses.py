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
from dataclasses import dataclass, field

from syncaug.words.chunks import Chunker

__all__ = ["Clause", "Noun", "Nouns", "Part", "Sentence", "Verb", "parse_sentence"]


@dataclass(slots=True)
class Part:
    """What hangs on a noun or a verb: tokens `start`..`end`, with its leading comma or "and".

    `kind` is `object`, `place` (a preposition and nouns), `action` (a participle or an infinitive),
    `relative` or `word` (an adverb or an adjective). `head` ends the preposition or the verb, which
    begins at `body`. `base` is the verb's base form, `words` the preposition, `family` its class.
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


class _Parser:
    def __init__(self, chunks: Chunker) -> None:
        self.chunks = chunks
        self.end = chunks.end
        self.plural_verb = False
        """Whether the clause's verb has the form of the plural."""
        self.before_verb = False
        """Whether a clause's subject is being read, whose verb is still to come."""

    def sentence(self) -> Sentence:
        at, clauses, doubt = self.chunks.start, [], False
        while at < self.end:
            link, kind = self._link(at)
            clause = self._clause(at, link, kind)
            if clause.end <= link[1]:
                doubt = True
                at = max(link[1], at + 1)
                continue
            clauses.append(clause)
            at = clause.end
        return Sentence(self.chunks.start, self.end, clauses, doubt)

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
        if not clause.inverted:
            self.before_verb = True
            clause.subject = self._nouns(at, outer=True)
            self.before_verb = self.chunks.headed = False
            if clause.subject is not None:
                at = clause.subject.stop
        while True:
            mark = self._mark(at) if clause.verbs else at
            verb = self._verb(mark, many=True)
            if verb is None:
                break
            if clause.inverted and not clause.verbs:
                clause.subject = self._nouns(verb.head, outer=True)
                verb.parts = []
                verb.end = verb.head if clause.subject is None else clause.subject.stop
                if clause.subject is not None:
                    verb.parts = self._parts(verb.end, subject=False)
                    verb.end = max([verb.end, *(part.end for part in verb.parts)])
            if clause.verbs:
                clause.marks.append((at, mark))
            clause.verbs.append(verb)
            at = verb.end
        if clause.subject is None and not clause.verbs:  # "sitting on a sofa"
            clause.leads += self._parts(at, subject=False)
            at = max([at, *(part.end for part in clause.leads)])
        clause.end = at
        return clause

    def _leads(self, clause: Clause, at: int) -> int:
        """What stands before the subject: "On the left, ...", "In front stands ..."."""
        while True:
            part = self._part(at, subject=False)
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

    def _verb(self, at: int, *, many: bool) -> Verb | None:
        found = self.chunks.verb(at, many=many)
        if found is None:
            return None
        head, base, finite = found
        word = self.chunks.key(finite)
        self.plural_verb = bool(self.chunks.grammar.form(word, "base")) or word in ("are", "have")
        parts = self._parts(head, subject=False)
        return Verb(at, head, max([head, *(p.end for p in parts)]), base, finite, parts)

    def _mark(self, at: int) -> int:
        """The end of a comma, an "and", or both."""
        if self.chunks.key(at) == ",":
            at += 1
        return at + 1 if self.chunks.is_conjunction(at) else at

    def _nouns(
        self, at: int, *, outer: bool, subject: bool = False, within: str = ""
    ) -> Nouns | None:
        """A list of nouns. An `outer` one may be a clause's subject, and takes all it can get."""
        first = self._noun(at, outer=outer, within=within)
        if first is None:
            return None
        found = Nouns([first], [])
        while True:
            stop = found.items[-1].stop
            after = self._mark(stop)
            if after == stop or not self._goes_on(found, after, outer=outer, subject=subject):
                break
            noun = self._noun(after, outer=outer, many=True, within=within)
            if noun is None:
                break
            if not self.chunks.is_conjunction(after - 1):  # a comma: only if the list goes on
                more = self._mark(noun.stop)
                if more == noun.stop or self.chunks.chunk(more) == more:
                    break
            found.marks.append((stop, after))
            found.items.append(noun)
        if outer:
            _share(found, self.chunks)
        return found

    def _goes_on(self, found: Nouns, after: int, *, outer: bool, subject: bool) -> bool:
        """Whether the list takes the noun at `after`, or leaves it to what is around it."""
        end = self.chunks.chunk(after, many=True)
        if end == after:
            return False
        if self.chunks.has("pronouns", after) and self.chunks.is_finite(after + 1):
            return False
        if outer:
            return True
        if self.chunks.goes_on_as_verb(after, many=self.plural_verb):
            return False
        if self.chunks.is_finite(end, many=True):  # one verb, so one subject: not this list
            return self.before_verb and self.chunks.is_singular(end)
        alone = len(found.items) == 1 and self.chunks.is_conjunction(after - 1)
        follows = self.chunks.preposition(end)
        goes = (follows and follows[1] != "of") or self.chunks.participle(end)
        return not (subject and alone and goes)

    def _noun(self, at: int, *, outer: bool, many: bool = False, within: str = "") -> Noun | None:
        end = self.chunks.chunk(at, many=many)
        if end == at:
            return None
        if outer and self.before_verb:
            self.chunks.headed = many or self.chunks.is_plural(at, end)
        parts = self._parts(end, subject=True) if outer else self._clinging(end, within)
        return Noun(at, end, parts)

    def _clinging(self, at: int, within: str) -> list[Part]:
        """What belongs to a noun inside of a place or an object: of, with, wearing, who."""
        parts: list[Part] = []
        while True:
            found = self.chunks.preposition(at)
            if found and (found[1] not in ("of", "with") or (within, found[1]) == ("of", "with")):
                break
            if not (found or self.chunks.participle(at) or self.chunks.relative(at)):
                break
            part = self._part(at, subject=False)
            if part is None:
                break
            parts.append(part)
            at = part.end
        return parts

    def _parts(self, at: int, *, subject: bool) -> list[Part]:
        """All that hangs on a verb (or, with `subject`, on the noun before it)."""
        parts: list[Part] = []
        while at < self.end:
            part = self._part(at, subject=subject)
            if part is None:
                part = self._after_mark(at, parts, subject=subject)
            if part is None:
                break
            parts.append(part)
            at = part.end
        return parts

    def _after_mark(self, at: int, parts: list[Part], *, subject: bool) -> Part | None:
        """A part behind a comma, or an action behind an "and"."""
        comma = self.chunks.key(at) == ","
        after = at + 1 if comma else at
        joined = self.chunks.is_conjunction(after)
        after = after + 1 if joined else after
        if after == at or self.chunks.is_finite(after) or self.chunks.key(after) == "so":
            return None
        if joined and not (parts and parts[-1].kind in ("action", "place")):
            return None
        if joined and not self.chunks.participle(after):
            same = self.chunks.preposition(after)
            if not (same and parts[-1].kind == "place" and parts[-1].nouns):
                return None
        part = self._part(after, subject=subject)
        if part is None or part.kind == "object" or (subject and part.kind == "word"):
            return None
        if joined and part.kind == "place" and self._inverts(part.end, subject=subject):
            return None
        part.start, part.comma, part.joined = at, comma, joined
        if comma and subject and self.chunks.key(part.end) == ",":
            if self.chunks.is_finite(part.end + 1, many=True):
                part.end += 1
        return part

    def _inverts(self, at: int, *, subject: bool) -> bool:
        """Whether a clause goes on here that began with its place: "... there is", "... is"."""
        return self.chunks.key(at) == "there" or (not subject and self.chunks.is_finite(at))

    def _part(self, at: int, *, subject: bool) -> Part | None:
        chunks = self.chunks
        relative = chunks.relative(at)
        if relative:
            verb = self._verb(relative, many=True)
            if verb is None:
                return None
            return Part(
                *("relative", at, at, verb.head, verb.end),
                base=verb.base,
                parts=verb.parts,
                finite=verb.finite,
            )
        together = chunks.together(at)
        if together:
            return Part("word", at, at, together, together, words="together")
        found = chunks.preposition(at)
        if found:
            return self._place(at, found, subject=subject)
        action = chunks.action(at)
        if action and (subject or chunks.chunk(at) == at or chunks.participle(at)):
            head, base = action
            parts = self._parts(head, subject=False)
            end = max([head, *(part.end for part in parts)])
            return Part("action", at, at, head, end, base=base, parts=parts)
        if chunks.is_loose(at):
            return Part("word", at, at, at + 1, at + 1, words=chunks.key(at))
        if subject or chunks.is_finite(at):
            return None
        if chunks.is_conjunction(at) or chunks.is_subordinator(at):
            return None
        nouns = self._nouns(at, outer=False)
        return None if nouns is None else Part("object", at, at, at, nouns.stop, nouns=nouns)

    def _place(self, at: int, found: tuple[int, str, str], *, subject: bool) -> Part | None:
        head, words, family = found
        nouns = self._nouns(head, outer=False, subject=subject, within=words)
        if nouns is not None:
            end = nouns.stop
            if words in ("as", "after", "before", "until") and self.chunks.is_finite(end):
                return None
            return Part("place", at, at, head, end, words, family, nouns=nouns)
        action = self.chunks.action(head)
        if action:  # "by jumping over a fence"
            parts = self._parts(action[0], subject=False)
            end = max([action[0], *(part.end for part in parts)])
            return Part("action", at, at, action[0], end, base=action[1], parts=parts)
        if self.chunks.is_adverb(at) and head == at + 1:
            return Part("word", at, at, head, head, words=words)
        return None


def _share(found: Nouns, chunks: Chunker) -> None:
    """What follows the last of several nouns hangs on all of them: "a dog and a cat sitting"."""
    last = found.items[-1]
    if len(found.items) == 1 or any(noun.parts for noun in found.items[:-1]):
        return
    if not chunks.is_conjunction(found.marks[-1][1] - 1):  # "two men, one in a red shirt"
        return
    for index, part in enumerate(last.parts):
        place = part.kind == "place" and part.words not in ("of", "with")
        if place or (part.kind == "action" and chunks.stands_alone(part.base)):
            found.shared, last.parts = last.parts[index:], last.parts[:index]
            return
