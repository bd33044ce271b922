"""Later words for things that a text has spoken of: "the dog", "it", "their".

    A dog chases a ball. The ball is red. It bounces.
                         ^^^^^^^^         ^^

An echo goes when all that it may speak of is gone, and stays when all of it is left. Where that
cannot be told it is unsure, and its sentence becomes a plain row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from syncaug.words.grammar import grammar
from syncaug.words.marks import Mention

__all__ = ["Echoes", "find_echoes", "head_of"]

_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both"})
_MALE = frozenset({"he", "him", "his"})
_FEMALE = frozenset({"she", "her"})
_SINGLE = frozenset({"it", "its"}) | _MALE | _FEMALE
_SEVERAL = frozenset({"they", "them", "their"})
_YOUNG = frozenset({"baby", "infant", "child", "toddler", "team", "crowd", "group"})
_ENDS = frozenset({".", "!", "?", "…"})
_FAR = 4
"""The words that may stand between an article and its noun."""


@dataclass(slots=True)
class Echoes:
    """`nouns` are the definite noun phrases; the token sets say what became of which words."""

    nouns: list[Mention] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)
    unsure: set[int] = field(default_factory=set)


def head_of(keys: Sequence[str], mention: Mention, own_end: int) -> str:
    """The noun of a mention, whose own words end at `own_end`, in the singular."""
    words = [word for word in keys[mention.first : own_end] if word[:1].isalpha()]
    return grammar().singular(words[-1]) if words else ""


def find_echoes(keys: Sequence[str], mentions: Sequence[Mention], heads: Sequence[str]) -> Echoes:
    """The echoes of the mentions, whose nouns are `heads`."""
    found = Echoes()
    taken = {at for mention in mentions for at in range(mention.first, mention.last)}
    for at in range(len(keys)):
        again = keys[at] in _DEFINITE or grammar().has("possessives", keys[at])
        if again and at not in taken:
            _noun(keys, at, mentions, heads, taken, found)
    for at in range(len(keys)):
        if keys[at] in _SINGLE | _SEVERAL and at not in taken:
            _pronoun(keys, at, mentions, heads, found)
        elif keys[at] in ("former", "latter") and any(
            mention.last <= at and mention.kept < mention.boxes for mention in mentions
        ):
            found.unsure.add(at)
    return found


def _noun(
    keys: Sequence[str],
    at: int,
    mentions: Sequence[Mention],
    heads: Sequence[str],
    taken: set[int],
    found: Echoes,
) -> None:
    """Whether "the ..." speaks of mentions once more."""
    known = grammar()
    for end in range(at + 1, min(at + 1 + _FAR, len(keys))):
        word = keys[end]
        if end in taken or not word[:1].isalpha():
            return
        if known.has("possessives", word) or (known.has("determiners", word) and word != "other"):
            if keys[at] != "both" or end > at + 1:
                return
        same = [i for i, head in enumerate(heads) if head and known.singular(word) == head]
        if same and _closes(keys, end):
            break
        if end > at + 1 and known.prepositions.get(word):
            return
    else:
        return
    described = {
        w for w in keys[at + 1 : end] if w not in known.numbers and not known.has("determiners", w)
    }
    exact = [i for i in same if described <= set(keys[mentions[i].first : mentions[i].last])]
    meant = [mentions[i] for i in (exact or same)]
    before = [mention for mention in meant if mention.last <= at]
    if before and not known.is_plural(keys[end]):  # the one that was named last
        last = _opening(keys, max(mention.first for mention in before))
        meant = [mention for mention in before if mention.first >= last]
    boxes, kept = sum(m.boxes for m in meant), sum(m.kept for m in meant)
    if 0 < kept < boxes and (len(meant) > 1 or keys[at - 1 : at] == ["of"] or keys[at] == "both"):
        found.unsure.add(end)
        kept = boxes
    found.nouns.append(Mention(at, end + 1, boxes, kept, echo=True))


def _closes(keys: Sequence[str], at: int) -> bool:
    """Whether a noun ends its phrase: no other noun follows, as in "the ball player"."""
    known, after = grammar(), keys[at + 1] if at + 1 < len(keys) else ""
    if not after or not after[0].isalnum() or after in known.prepositions:
        return True
    kinds = (
        *("auxiliaries", "adverbs", "conjunctions", "subordinators", "relatives"),
        *("determiners", "possessives", "pronouns", "predicatives"),
    )
    if any(known.has(kind, after) for kind in kinds) or after in known.numbers:
        return True
    forms = ["third", "ing", "past"] + ["base"] * known.is_plural(keys[at])
    return any(known.form(after, kind) for kind in forms) or after.endswith("ly")


def _pronoun(
    keys: Sequence[str],
    at: int,
    mentions: Sequence[Mention],
    heads: Sequence[str],
    found: Echoes,
) -> None:
    known = grammar()
    pairs = [
        *zip(mentions, heads, strict=True),
        *((echo, known.singular(keys[echo.last - 1])) for echo in found.nouns),
    ]
    before = sorted((p for p in pairs if p[0].last <= at), key=lambda pair: pair[0].first)
    if not (_leads(keys, at) or known.has("possessives", keys[at])):
        before = _others(keys, at, before)
    meant = _meant(keys, at, before)
    if not meant:
        return
    if all(mention.gone for mention in meant):
        found.gone.add(at)
    elif all(mention.kept == mention.boxes for mention in meant):
        found.kept.add(at)
    elif keys[at] in _MALE | _FEMALE and not any(_is_person(h) for m, h in before if m in meant):
        found.unsure.add(at)  # "he" of a ladder and a painter, as far as is known
    else:
        _mixed(keys, at, meant, found)


def _leads(keys: Sequence[str], at: int) -> bool:
    """Whether a pronoun opens its clause, as subjects do."""
    known, before = grammar(), keys[at - 1] if at else ""
    joined = known.has("conjunctions", before) or known.has("subordinators", before)
    return joined or not before[:1].isalnum()


def _others(
    keys: Sequence[str], at: int, before: list[tuple[Mention, str]]
) -> list[tuple[Mention, str]]:
    """What the pronoun may be that is acted on or stood beside: not the one which does so."""
    known, start = grammar(), _opening(keys, at)
    here = [pair for pair in before if pair[0].first >= start]
    clause = at
    while clause > start and not _joins(keys[clause - 1]):
        clause -= 1
    inner = [pair for pair in here if pair[0].last > clause]
    if not inner and known.prepositions.get(keys[clause]):
        return before  # "A tram passes; behind it, ..."
    if not here or (not inner and _commands(keys, start)):
        return before
    doer = inner[-1] if inner else here[0]
    return [pair for pair in before if pair is not doer]


def _commands(keys: Sequence[str], start: int) -> bool:
    """Whether a sentence begins with a command: "Pick up the cup and put it down"."""
    while start + 1 < len(keys) and keys[start] in ("please", "then", "now", ","):
        start += 1
    return bool(grammar().form(keys[start], "base"))


def _joins(word: str) -> bool:
    known = grammar()
    if not word[:1].isalnum():
        return True
    return known.has("conjunctions", word) or known.has("subordinators", word)


def _meant(keys: Sequence[str], at: int, before: Sequence[tuple[Mention, str]]) -> list[Mention]:
    """What of the things before it a pronoun may speak of, by number and gender."""
    word, known = keys[at], grammar()
    if word in _SEVERAL:
        plural = [mention for mention, head in before if _is_plural(keys, mention, head)]
        return plural or [mention for mention, _ in before]
    single = [pair for pair in before if not _is_plural(keys, *pair)]
    if word not in _MALE | _FEMALE:
        return [mention for mention, head in single if not _is_person(head)]
    own, other = ("male", "female") if word in _MALE else ("female", "male")
    named = [mention for mention, head in single if known.has(own, head)]
    people = [mention for mention, head in single if known.has("people", head)]
    rest = [mention for mention, head in single if not known.has(other, head)]
    return named or people or rest


def _mixed(keys: Sequence[str], at: int, meant: Sequence[Mention], found: Echoes) -> None:
    """A pronoun that may speak of what is gone and of what is left."""
    start = _opening(keys, at)
    if keys[at] in _SEVERAL:
        if keys[at] != "their" or not any(mention.first >= start for mention in meant):
            found.unsure.add(at)
        return  # "their" of a sentence follows its subject
    after = keys[at + 1] if at + 1 < len(keys) else ""
    if keys[at] == "its" and grammar().has("sides", after):  # "a cat lies on its right"
        found.unsure.add(at)
        return
    here = [mention for mention in meant if mention.first >= start]
    first = _leads(keys, at) or grammar().has("possessives", keys[at])
    if here:
        chosen = here[0] if first else here[-1]
    elif first:
        last = _opening(keys, meant[-1].first)
        chosen = next(mention for mention in meant if mention.first >= last)
    else:
        found.unsure.add(at)
        return
    (found.gone if chosen.gone else found.kept).add(at)


def _opening(keys: Sequence[str], at: int) -> int:
    """The first token of the sentence of a token."""
    while at > 0 and keys[at - 1] not in _ENDS:
        at -= 1
    return at


def _is_plural(keys: Sequence[str], mention: Mention, head: str) -> bool:
    known, words = grammar(), keys[mention.first : mention.last]
    if words[0] in ("a", "an", "one", "each", "every", "this", "that"):
        return "and" in words
    many = known.numbers.get(words[0], 1) > 1 or known.has("plural_determiners", words[0])
    return many or any(known.is_plural(w) and known.singular(w) == head for w in words)


def _is_person(head: str) -> bool:
    known = grammar()
    person = any(known.has(kind, head) for kind in ("male", "female", "people"))
    return person and head not in _YOUNG
