"""Noun phrases, lists of them, verbs, and what hangs on each: the parts of clauses."""

from __future__ import annotations

from syncaug.words.chunks import Chunker
from syncaug.words.sentence import Noun, Nouns, Part, Verb

__all__ = ["PhraseParser"]


class PhraseParser:
    """Reads parts of a sentence, each from the token at which it begins."""

    def __init__(self, chunks: Chunker) -> None:
        self.chunks = chunks
        self.end = chunks.end
        self.plural_verb = False
        """Whether the clause's verb has the form of the plural."""
        self.before_verb = False
        """Whether a clause's subject is being read, whose verb is still to come."""
        self.command = False
        """Whether the clause before is a command."""
        self.doubt = False
        """Whether something was read that may be something else."""

    def verb(self, at: int, *, many: bool) -> Verb | None:
        """A finite verb and what hangs on it; `many` where its subject may be a plural."""
        found = self.chunks.verb(at, many=many)
        if found is None:
            return None
        head, base, finite = found
        word = self.chunks.key(finite)
        self.plural_verb = bool(self.chunks.grammar.form(word, "base")) or word in ("are", "have")
        parts = self._complements(head)
        return Verb(at, head, max([head, *(p.end for p in parts)]), base, finite, parts)

    def mark(self, at: int) -> int:
        """The end of a comma, an "and", or both."""
        if self.chunks.key(at) == ",":
            at += 1
        return at + 1 if self.chunks.is_conjunction(at) else at

    def nouns(
        self, at: int, *, outer: bool, subject: bool = False, within: str = ""
    ) -> Nouns | None:
        """A list of nouns. An `outer` one may be a clause's subject, and takes all it can get."""
        if not outer and self.chunks.is_subject(at):  # "the bridge they are on"
            return None
        first = self._noun(at, outer=outer, within=within)
        if first is None:
            return None
        found = Nouns([first], [])
        while True:
            stop = found.items[-1].stop
            after = self.mark(stop)
            if after == stop or not self._goes_on(
                found, after, outer=outer, subject=subject, within=within
            ):
                break
            noun = self._noun(after, outer=outer, many=True, within=within)
            if noun is None:
                break
            if not self.chunks.is_conjunction(after - 1):  # a comma: only if the list goes on
                more = self.mark(noun.stop)
                if more == noun.stop or self.chunks.chunk(more) == more:
                    break
            found.marks.append((stop, after))
            found.items.append(noun)
        if outer:
            _share(found, self.chunks)
        return found

    def _goes_on(
        self, found: Nouns, after: int, *, outer: bool, subject: bool, within: str
    ) -> bool:
        """Whether the list takes the noun at `after`, or leaves it to what is around it."""
        end = self.chunks.chunk(after, many=True)
        if end == after:
            return False
        if self.chunks.has("pronouns", after) and self.chunks.is_finite(after + 1):
            return False
        if outer:
            return True
        joins = self.chunks.is_conjunction(after - 1)
        if within == "between" and joins and len(found.items) == 1:
            return True
        if not joins and self.chunks.counts_one(after, end):  # "two sheep in a field, one black"
            return False
        if self.chunks.key(end) == "of":  # "and one of them wears a cap"
            end = max(end, self.chunks.chunk(end + 1))
        if self.chunks.goes_on_as_verb(after, many=self.plural_verb):
            return False
        if self.chunks.is_finite(end, many=True):  # one verb, so one subject: not this list
            return self.before_verb and self.chunks.is_singular(end)
        alone = len(found.items) == 1 and joins
        follows = self.chunks.preposition(end)
        goes = (follows and follows[1] != "of") or self.chunks.participle(end)
        if within in ("with", "in") and self.chunks.has("worn", end - 1):
            return True  # "with a shirt and shorts with ..."
        return not (subject and alone and goes)

    def _noun(self, at: int, *, outer: bool, many: bool = False, within: str = "") -> Noun | None:
        end = self.chunks.chunk(at, many=many)
        if end == at:
            return None
        if outer and self.before_verb:
            self.chunks.headed = many or self.chunks.is_plural(at, end)
        parts = self.parts(end, subject=True) if outer else self._clinging(end, within)
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
            part = self.part(at, subject=False)
            if part is None:
                break
            parts.append(part)
            at = part.end
        return parts

    def parts(self, at: int, *, subject: bool) -> list[Part]:
        """All that hangs on a verb (or, with `subject`, on the noun before it)."""
        parts: list[Part] = []
        while at < self.end:
            part = self._infinitive(at, parts) or self.part(at, subject=subject)
            if part is None:
                part = self._after_mark(at, parts, subject=subject)
            if part is None:
                break
            self.doubt |= bool(parts) and self._is_second_verb(parts[-1], part)
            parts.append(part)
            at = part.end
        return parts

    def _infinitive(self, at: int, parts: list[Part]) -> Part | None:
        """What the object before does: "watch a dog leap over a fence"."""
        base = self.chunks.bare_infinitive(at)
        if not base or not parts or parts[-1].kind != "object":
            return None
        return self._action(at, at + 1, base)

    def _complements(self, at: int) -> list[Part]:
        """What hangs on a verb that ends before `at`."""
        parts = self.parts(at, subject=False)
        if parts or not self.chunks.has("also_nouns", at):
            return parts
        nouns = self.nouns(at, outer=False)  # "shake hands"
        if nouns is None:
            return []
        return [
            Part("object", at, at, at, nouns.stop, nouns=nouns),
            *self.parts(nouns.stop, subject=False),
        ]

    def _action(self, at: int, head: int, base: str) -> Part:
        parts = self._complements(head)
        end = max([head, *(part.end for part in parts)])
        return Part("action", at, at, head, end, base=base, parts=parts)

    def _is_second_verb(self, before: Part, part: Part) -> bool:
        """Whether two objects may be one, and a verb: "his face and combs his hair"."""
        if part.kind != "object" or before.kind != "object" or before.nouns is None:
            return False
        last = before.nouns.items[-1]
        bare = last.end == last.start + 1 and not self.chunks.is_known(last.start)
        return bare and len(before.nouns.items) > 1

    def _after_mark(self, at: int, parts: list[Part], *, subject: bool) -> Part | None:
        """A part behind a comma, or an action behind an "and"."""
        comma = self.chunks.key(at) == ","
        after = at + 1 if comma else at
        joined = self.chunks.is_conjunction(after)
        after = after + 1 if joined else after
        if after == at or self.chunks.key(after) == "so":
            return None
        finite = self.chunks.is_finite(after)
        inserted = comma and not joined and subject and self.before_verb
        if finite and not (inserted and self.chunks.participle(after)):
            return None
        if self.command and self.chunks.commands(after):
            return None
        if joined and not (parts and parts[-1].kind in ("action", "place")):
            return None
        if joined and not self.chunks.participle(after):
            same = self.chunks.preposition(after)
            if not (same and parts[-1].kind == "place" and parts[-1].nouns):
                return None
        part = self.part(after, subject=subject)
        if part is None and inserted:
            return self._apposition(at)
        if part is None or part.kind == "object" or (subject and part.kind == "word"):
            return None
        closes = self.chunks.key(part.end) == ","
        if finite and not (closes and self.chunks.is_finite(part.end + 1, many=True)):
            return None
        if joined and part.kind == "place" and self._inverts(part.end, subject=subject):
            return None
        part.start, part.comma, part.joined = at, comma, joined
        if comma and subject and self.chunks.key(part.end) == ",":
            if self.chunks.is_finite(part.end + 1, many=True):
                part.end += 1
        return part

    def _apposition(self, at: int) -> Part | None:
        """What a subject is said to be, between commas: ", a tall man in overalls,"."""
        if not self.chunks.determines(at + 1):  # "a chef, knife in hand, slices"
            return None
        self.before_verb = False
        nouns = self.nouns(at + 1, outer=False)
        self.before_verb = True
        if nouns is None:
            return None
        last = nouns.items[-1]
        last.parts += self.parts(last.stop, subject=False)
        end = nouns.stop
        if self.chunks.key(end) != "," or not self.chunks.is_finite(end + 1, many=True):
            return None
        return Part("apposition", at, at + 1, at + 1, end + 1, nouns=nouns, comma=True)

    def _inverts(self, at: int, *, subject: bool) -> bool:
        """Whether a clause goes on here that began with its place: "... there is", "... is"."""
        return self.chunks.key(at) == "there" or (not subject and self.chunks.is_finite(at))

    def part(self, at: int, *, subject: bool) -> Part | None:
        """What hangs on a verb (or, with `subject`, on a noun) from here on; None for nothing."""
        chunks = self.chunks
        relative = chunks.relative(at)
        if relative:
            verb = self.verb(relative, many=True)
            if verb is None:
                return None
            return Part(
                *("relative", at, at, verb.head, verb.end),
                base=verb.base,
                parts=verb.parts,
                finite=verb.finite,
            )
        found = chunks.preposition(at)
        owned = self._owned_relative(at, found[0] if found else at)
        if owned is not None:
            return owned
        together = chunks.together(at)
        if together:
            return Part("word", at, at, together, together, words="together")
        if found:
            return self._place(at, found, subject=subject)
        action = chunks.action(at)
        if action and (subject or chunks.chunk(at) == at or chunks.participle(at)):
            return self._action(at, *action)
        if chunks.is_loose(at):
            return Part("word", at, at, at + 1, at + 1, words=chunks.key(at))
        if subject or chunks.is_finite(at):
            return None
        if chunks.is_conjunction(at) or chunks.is_subordinator(at):
            return None
        nouns = self.nouns(at, outer=False)
        return None if nouns is None else Part("object", at, at, at, nouns.stop, nouns=nouns)

    def _owned_relative(self, at: int, word: int) -> Part | None:
        """A relative clause with a subject of its own: "that the horse pulls", "on which it sits".

        It begins at `at`, its pronoun is `word`.
        """
        first = word + 1
        if not self.chunks.has("relatives", word) or self.chunks.key(word) == "whose":
            return None
        end = self.chunks.chunk(first)
        verb = self.verb(end, many=True) if end > first else None
        if verb is None:
            return None
        nouns = Nouns([Noun(first, end, [])], [])
        return Part(
            *("relative", at, first, verb.head, verb.end),
            base=verb.base,
            nouns=nouns,
            parts=verb.parts,
            finite=verb.finite,
        )

    def _place(self, at: int, found: tuple[int, str, str], *, subject: bool) -> Part | None:
        head, words, family = found
        if words == "to" and not self.chunks.is_known(head):
            action = self.chunks.action(at)
            if action:  # "to catch a ball"
                return self._action(at, *action)
        nouns = self.nouns(head, outer=False, subject=subject, within=words)
        if nouns is not None:
            end = nouns.stop
            if words in ("as", "after", "before", "until") and self.chunks.is_finite(end):
                return None
            return Part("place", at, at, head, end, words, family, nouns=nouns)
        action = self.chunks.action(head)
        if action:  # "by jumping over a fence"
            return self._action(at, *action)
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
        if part.joined and index:  # "examining and laying out": of the last alone
            return
        if place or (part.kind == "action" and chunks.stands_alone(part.base)):
            found.shared, last.parts = last.parts[index:], last.parts[:index]
            return
