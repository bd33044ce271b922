"""Words that count things in a row, checked against what is left of them.

    The second boat from the right has a flag.      # the first one is gone: "The boat has a flag."

"The second" of a noun goes where things of that noun are gone; where it stands for its noun ("the
second is blue", "the other") or counts on ("the first two", "second to last"), nothing can be said.
"A second boat" and "the other boat" only say that there are more, somewhere, and stay.
"""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.words.grammar import grammar
from syncaug.words.marks import Marks, Mention

__all__ = ["CountsGone", "recount"]

_FAR = 4
"""The words that may stand between an ordinal and its noun."""


class CountsGone(ValueError):
    """A word counts things of which some are gone: the token `at`, where that is known.

    >>> from syncaug.words import CountsGone
    >>> CountsGone("second").word
    'second'
    """

    def __init__(self, word: str, at: int = -1) -> None:
        self.word, self.at = word, at
        super().__init__(f"{word!r} counts things of which some are gone")

    def __reduce__(self) -> tuple[type[CountsGone], tuple[str, int]]:
        return type(self), (self.word, self.at)


def recount(marks: Marks, mentions: Sequence[Mention], heads: Sequence[str]) -> None:
    """Take out ordinals that count things that are gone; `heads` are the nouns of the mentions.

    Raises `CountsGone` where that leaves nothing that stands.
    """
    known, keys = grammar(), marks.keys
    fewer = [pair for pair in zip(mentions, heads, strict=True) if pair[0].kept < pair[0].boxes]
    gone = {head for _, head in fewer if head}
    fewer_than_before = [mention for mention, _ in fewer]
    if not gone:
        return
    uncounted = any(known.has("ordinals", head) or known.has("others", head) for head in gone)
    for at, word in enumerate(keys):
        if at > 1 and known.numbers.get(word, 0) > 1 and at not in marks.dead:
            noun = _noun_after(keys, at) if keys[at - 2] == "of" else -1
            if noun > 0 and known.singular(keys[noun]) in gone:  # "two of the three boats"
                raise CountsGone(word, at)
        if at in marks.dead or not (known.has("ordinals", word) or known.has("others", word)):
            continue
        if at > 0 and keys[at - 1] in ("each", "one", "every") and known.has("others", word):
            continue
        if keys[at + 1 : at + 2] == ["of"] and any(
            at + 2 <= mention.first <= at + 3 for mention in fewer_than_before
        ):
            raise CountsGone(word, at)  # "the first of two cars"
        ends = any(mention.last == at + 1 for mention in mentions)
        ends = ends or keys[at + 1 : at + 2] in (["one"], ["ones"])
        noun = -1 if ends else _noun_after(keys, at)
        if word == "middle" and _is_place(keys, at) and gone & _heads_before(keys, at):
            marks.dead.update((at - 2, at - 1, at))  # "the child in the middle" of fewer
        elif noun < 0:
            before = _counted_before(keys, at, mentions)
            if _stands_alone(marks, at, mentions) and (before or uncounted):
                raise CountsGone(word, at)
        elif known.has("others", word) or keys[at - 1 : at] == ["a"]:
            continue
        elif known.singular(keys[noun]) in gone or (uncounted and _grounded(at, mentions)):
            _drop(marks, at, noun)


def _counted_before(keys: Sequence[str], at: int, mentions: Sequence[Mention]) -> bool:
    """Whether something is gone that a word counts on from: "two sailors ... a third".

    Where nothing is counted before it, whatever is gone may be.
    """
    known = grammar()
    before = [mention for mention in mentions if mention.first < at and mention.last <= at]
    counted = [
        mention
        for mention in before
        if any(
            word in known.numbers or known.has("ordinals", word) or known.has("others", word)
            for word in keys[mention.first : mention.last]
        )
    ]
    return any(mention.kept < mention.boxes for mention in counted or before)


def _is_place(keys: Sequence[str], at: int) -> bool:
    return list(keys[at - 2 : at]) == ["in", "the"] and keys[at + 1 : at + 2] != ["of"]


def _heads_before(keys: Sequence[str], at: int) -> set[str]:
    """The noun that "in the middle" hangs on."""
    return {grammar().singular(keys[at - 3])} if at > 2 else set()


def _noun_after(keys: Sequence[str], at: int) -> int:
    """The token of the noun that an ordinal stands before, or -1."""
    known = grammar()
    last = -1
    for here in range(at + 1, min(at + 1 + _FAR, len(keys))):
        word = keys[here]
        if word in known.numbers or known.has("adjectives", word):
            continue
        breaks = not word[:1].isalpha() or word in known.prepositions or word in ("of", "to")
        kinds = ("auxiliaries", "conjunctions", "relatives", "determiners", "adverbs", "pronouns")
        if breaks or any(known.has(kind, word) for kind in kinds):
            break
        if last < 0 and (known.form(word, "third") or known.form(word, "ing")):
            if not known.has("also_nouns", word) and here == at + 1:
                return -1
        if last >= 0 and (known.form(word, "third") or known.form(word, "ing")):
            break
        last = here
        if here + 1 < len(keys) and keys[here + 1] not in known.forms:
            continue
        break
    return last


def _stands_alone(marks: Marks, at: int, mentions: Sequence[Mention]) -> bool:
    """Whether an ordinal stands for its noun: "the second is blue", "another"."""
    known, keys = grammar(), marks.keys
    word, before = keys[at], keys[at - 1] if at else ""
    if word in ("next", "middle", "first", "last") and not _grounded(at, mentions):
        return False  # "next to", "in the middle", "at first"
    after = keys[at + 1] if at + 1 < len(keys) else ""
    if word == "other" and known.has("others", before):
        return False
    return (word == "another" or before in ("the", "a", "an")) and after not in ("-", "'s")


def _grounded(at: int, mentions: Sequence[Mention]) -> bool:
    return any(mention.first <= at < mention.last for mention in mentions)


def _drop(marks: Marks, at: int, noun: int) -> None:
    """Take out the ordinal before a noun, and what says from where it counts."""
    known, keys = grammar(), marks.keys
    if any(word in known.numbers for word in keys[at + 1 : noun]):
        raise CountsGone(keys[at], at)
    marks.dead.add(at)
    if keys[noun + 1 : noun + 2] == ["from"]:
        end = noun + 2
        while end < len(keys) and end < noun + 6 and keys[end] in _FROM:
            end += 1
        if known.has("sides", keys[end - 1]) or keys[end - 1] in ("end", "rear"):
            marks.dead.update(range(noun + 1, end))


_FROM = frozenset(
    {"the", "far", "very", "left", "right", "top", "bottom", "front", "back", "end", "rear"}
)
