"""Whether what is left of a sentence is true: nothing speaks of, counts or holds what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from syncaug.words.grammar import grammar
from syncaug.words.marks import Marks, Mention
from syncaug.words.sentence import Sentence

__all__ = ["is_elliptic", "is_true", "may_be_untrue", "still_holds"]

_LISTS = frozenset({":", ",", "(", "-", "–", "—"})
_MORE = frozenset({"more", "less", "further", "farther", "rather", "better", "worse"})
_NO_MORE = frozenset({"water", "paper", "leather", "silver", "other", "another", "her", "over"})
_DENYING = frozenset(
    {"no", "not", "none", "nobody", "nothing", "never", "neither", "nor", "without"}
)


def is_true(sentence: Sentence, living: Sequence[int], marks: Marks) -> bool:
    """Whether no living token of a sentence speaks of what is gone."""
    return not (
        _speaks_of_gone(living, marks)
        or _is_kin_of_gone(living, marks)
        or _counts_gone(sentence, marks)
        or _speaks_of_fewer(living, marks)
    )


def still_holds(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether a sentence from which something went says nothing that hung on it."""
    return not (
        _is_measured(words, living, marks)
        or _compares_with_gone(words, marks)
        or _speaks_of_each(words, living, marks)
        or _holds_gone(living, marks)
        or _sums_up(words, living, marks)
        or _leaves_one(living, marks)
        or _parts_fewer(words, living, marks)
        or _is_mutual_alone(words, living, marks)
    )


def may_be_untrue(words: range, marks: Marks, *, lost_subject: bool) -> bool:
    """Whether a sentence that names nothing that is gone may speak of it: "Both smile."

    With `lost_subject` that of the sentence before it has gone.
    """
    if _is_kin_of_gone(words, marks) or _speaks_of_fewer(words, marks):
        return True
    return lost_subject and is_elliptic(words, marks)


def is_elliptic(words: Sequence[int], marks: Marks) -> bool:
    """Whether a sentence ends before its verb: "The woman on the right does not." """
    keys = [marks.keys[at] for at in words]
    if not keys:
        return False
    if keys[-1] in ("too", "either", "so"):  # "does too"
        keys.pop()
    known, last = grammar(), keys[-1] if keys else ""
    if any(mention.last == words[-1] + 1 for mention in marks.mentions):  # "the can"
        return False
    return known.has("auxiliaries", last) and last not in ("is", "are", "was", "were")


def _speaks_of_gone(living: Sequence[int], marks: Marks) -> bool:
    """Whether a noun or a pronoun is left that only what is gone bears."""
    shown = {
        at
        for mention in marks.mentions
        if not mention.gone
        for at in range(mention.first, mention.last)
    }
    return any(
        at in marks.orphans
        or at in marks.unsure
        or (at not in shown and grammar().singular(marks.keys[at]) in marks.heads)
        for at in living
        if not (at in marks.said and grammar().has("possessives", marks.keys[at]))
    )


def _is_kin_of_gone(living: Iterable[int], marks: Marks) -> bool:
    """Whether "its mother" is left, who may be the one that is gone."""
    known, keys = grammar(), marks.keys
    return any(
        known.has("possessives", keys[at])
        and known.has("kin", keys[at + 1] if at + 1 < len(keys) else "")
        and not any(m.first <= at + 1 < m.last for m in marks.mentions)
        and any(m.gone and m.last <= at and _is_alive(m, keys) for m in marks.mentions)
        for at in living
    )


def _is_alive(mention: Mention, keys: Sequence[str]) -> bool:
    known = grammar()
    words = [known.singular(word) for word in keys[mention.first : mention.last]]
    return any(known.has(n, w) for n in ("male", "female", "people", "animals") for w in words)


def _counts_gone(sentence: Sentence, marks: Marks) -> bool:
    """Whether "two dogs" is still said where one is left."""
    known = grammar()
    for mention in marks.mentions:
        inside = range(mention.first, mention.last)
        if mention.first not in range(sentence.start, sentence.end):
            continue
        if not 0 < mention.kept < mention.boxes or any(at in marks.said for at in inside):
            continue
        words = [marks.keys[at] for at in inside if at not in marks.dead]
        counted = any(known.numbers.get(word, 0) == mention.boxes for word in words)
        if counted or (mention.kept == 1 and any(known.is_plural(word) for word in words)):
            return True
    return False


def _speaks_of_each(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether "both" or "each" is left of several of which some are gone."""
    fewer = [m.last for m in marks.mentions if m.kept < m.boxes and m.first in words]
    kept = [m for m in marks.mentions if m.kept == m.boxes]
    if fewer and any(
        marks.keys[at] == "opposite" and grammar().is_plural("".join(marks.keys[at + 1 : at + 2]))
        for at in living
    ):
        return True  # "on opposite ends" of one
    return any(
        grammar().has("each_of", marks.keys[at])
        and marks.keys[at + 1 : at + 2] not in (["other"], ["side"])
        and not grammar().is_plural(marks.keys[at + 1] if at + 1 < len(marks.keys) else "")
        and any(last <= at for last in fewer)
        and not any(m.first <= at < m.last for m in kept)
        for at in living
    )


def _speaks_of_fewer(living: Iterable[int], marks: Marks) -> bool:
    """Whether "both smile" is left where one of those who smile is gone."""
    known, keys = grammar(), marks.keys
    return any(
        known.has("each_of", keys[at])
        and at + 1 < len(keys)
        and bool(known.form(keys[at + 1], "base") or known.has("auxiliaries", keys[at + 1]))
        and any(m.kept < m.boxes and m.last <= at for m in marks.mentions)
        and not any(m.first <= at < m.last or m.last == at for m in marks.mentions)
        for at in living
    )


def _holds_gone(living: Sequence[int], marks: Marks) -> bool:
    """Whether "in one hand" is left of "a cup in one hand"."""
    known, keys = grammar(), marks.keys
    return any(
        at - 1 in marks.dead
        and keys[at] in ("in", "on", "under", "around", "over")
        and keys[at - 1] != ","
        and any(known.has("body", known.singular(word)) for word in keys[at + 1 : at + 4])
        for at in living
    ) or any(
        at - 1 in marks.dead
        and keys[at] == "in"
        and keys[at + 2 : at + 3] in (["other"], ["left"], ["right"])
        and (keys[at + 1] != "the" or keys[at + 2] == "other")
        for at in living
    )


def _sums_up(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether "three pets" is left before a list of which something is gone."""
    known, keys = grammar(), marks.keys
    mentioned = {at for m in marks.mentions for at in range(m.first, m.last)}
    gone = [m.first for m in marks.mentions if m.kept < m.boxes and m.first in words]
    for at in living:
        if at in mentioned or known.numbers.get(keys[at], 0) < 2:
            continue
        end = next((a for a in range(at + 1, min(at + 5, words.stop)) if keys[a] in _LISTS), -1)
        if end > 0 and any(first > end for first in gone) and known.is_plural(keys[end - 1]):
            return True
    return False


def _leaves_one(living: Sequence[int], marks: Marks) -> bool:
    """Whether "one" is left of "one in a red jersey", or something is said of "all but one"."""
    known, keys = grammar(), marks.keys
    for at in living:
        if known.has("totals", keys[at]) and _excepts(at, marks):
            return True
        before = keys[at - 2 if keys[at - 1] == "the" else at - 1]
        listed = before == "," or known.has("conjunctions", before)
        if keys[at] not in known.numbers and not (listed and known.has("shares", keys[at])):
            continue
        end = at + 3 if keys[at + 1 : at + 2] == ["of"] else at + 1  # "one of them"
        if end == at + 1 and _stands_for_gone(at, marks):
            return True
        if end == at + 3 and keys[at + 2 : at + 3] in (["them"], ["whom"], ["which"]):
            if any(m.kept < m.boxes for m in marks.mentions if m.last <= at):
                return True  # "two of them" of fewer
        bare = end == at + 1 or known.has("pronouns", keys[end - 1] if end <= len(keys) else "")
        if bare and end in marks.dead and at not in marks.said:
            if not any(m.first <= at < m.last for m in marks.mentions):
                return True
    return False


def _parts_fewer(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether "one red and one blue" is left of "two cars, one red and one blue"."""
    fewer = [m.last for m in marks.mentions if 0 < m.kept < m.boxes and m.first in words]
    shown = {at for m in marks.mentions for at in range(m.first, m.last)}
    ones = [
        at
        for at in living
        if marks.keys[at] in ("one", "another") and at not in shown and at not in marks.said
    ]
    return len(ones) > 1 and any(last <= ones[0] for last in fewer)


def _is_mutual_alone(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether "side by side" or "each other" is left of what only one of them does."""
    known, keys = grammar(), marks.keys
    for at in living:
        phrases = known.phrases.get(keys[at], ())
        if not any(tuple(keys[at : at + len(phrase)]) == phrase for phrase in phrases):
            continue
        before = [m for m in marks.mentions if m.first in words and m.last <= at and m.kept]
        if len(before) == 1 and before[0].kept == 1 and before[0].boxes > 1:
            return True
    return False


def _stands_for_gone(at: int, marks: Marks) -> bool:
    """Whether "one" of "two boats; one sails" is one of those that are gone."""
    known, keys = grammar(), marks.keys
    after = keys[at + 1] if at + 1 < len(keys) else ""
    says = after in known.prepositions or known.form(after, "ing") or known.form(after, "third")
    if not says or any(m.first <= at < m.last for m in marks.mentions):
        return False
    before = [m for m in marks.mentions if m.last <= at and _is_several(m, keys)]
    return bool(before) and all(m.kept < m.boxes for m in before)


def _is_several(mention: Mention, keys: Sequence[str]) -> bool:
    return any(grammar().is_plural(word) for word in keys[mention.first : mention.last])


def _excepts(at: int, marks: Marks) -> bool:
    """Whether "all but one of the lamps" has lost what it leaves out."""
    rest = marks.keys[at : at + 5]
    return "but" in rest and at + rest.index("but") in marks.dead


def _is_measured(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether what has changed denies something, or is "as tall as" or "as is" something."""
    keys = marks.keys
    if any(keys[at] in _DENYING or keys[at].endswith("n't") for at in living):
        return True
    return any(
        keys[at] == "as"
        and (keys[at + 2 : at + 3] == ["as"] or grammar().has("copulas", keys[at + 1]))
        for at in words[:-1]
    )


def _compares_with_gone(words: range, marks: Marks) -> bool:
    """Whether "nearer" is left of "nearer than the square"."""
    for than in words:
        if marks.keys[than] != "than" or than not in marks.dead:
            continue
        more = [at for at in range(words[0], than) if _is_more(marks.keys[at])]
        if more and more[-1] not in marks.dead:
            return True
    return False


def _is_more(word: str) -> bool:
    return word in _MORE or (len(word) > 4 and word.endswith("er") and word not in _NO_MORE)
