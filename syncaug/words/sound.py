"""Whether what is left of a sentence stands: nothing dangles, nothing speaks of what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from syncaug.words.grammar import grammar
from syncaug.words.marks import Marks, Mention
from syncaug.words.sentence import Sentence

__all__ = ["is_elliptic", "is_kin_of_gone", "is_sound", "speaks_of_fewer"]

_BARE = frozenset(
    {"of", "with", "to", "from", "at", "than", "into", "onto", "for", "next", "between"}
)
_ARTICLES = frozenset({"a", "an", "the", "its", "their", "his"})
_KINDS = (
    *("auxiliaries", "adverbs", "adjectives", "conjunctions", "subordinators", "relatives"),
    *("determiners", "possessives", "pronouns", "predicatives", "expletive"),
)
_MARKS = frozenset({"", ",", ";", ":", "-", "–", "—"})
_LISTS = frozenset({":", ",", "(", "-", "–", "—"})
_DASHES = frozenset({"-", "–", "—"})
_DENYING = frozenset(
    {"no", "not", "none", "nobody", "nothing", "never", "neither", "nor", "without"}
)
_MORE = frozenset({"more", "less", "further", "farther", "rather", "better", "worse"})
_NO_MORE = frozenset({"water", "paper", "leather", "silver", "other", "another", "her", "over"})


def is_sound(sentence: Sentence, marks: Marks) -> bool:
    """Whether the living tokens of a sentence stand by themselves."""
    words = range(sentence.start, sentence.end)
    living = [at for at in words if at not in marks.dead]
    if len(living) == len(words) and not any(at in marks.said for at in words):
        return not (
            _speaks_of_gone(living, marks)
            or is_kin_of_gone(living, marks)
            or _counts_gone(sentence, marks)
            or speaks_of_fewer(living, marks)
            or is_elliptic(words, marks)
        )
    return not (
        _speaks_of_gone(living, marks)
        or is_kin_of_gone(living, marks)
        or _is_measured(words, living, marks)
        or any(at in marks.ends and not _is_known(marks.keys[at]) for at in words)
        or _dangles(words, living, marks)
        or _compares_with_gone(words, marks)
        or _is_bare(sentence, living, marks)
        or _counts_gone(sentence, marks)
        or _speaks_of_each(words, living, marks)
        or speaks_of_fewer(living, marks)
        or _abuts(living, marks)
        or _holds_gone(living, marks)
        or _sums_up(words, living, marks)
        or _leaves_one(living, marks)
        or _is_unpaired(words, living, marks)
        or _is_cut_off(sentence, marks)
        or _is_torn(living, marks)
    )


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


def is_kin_of_gone(living: Iterable[int], marks: Marks) -> bool:
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
    return any(
        grammar().has("each_of", marks.keys[at])
        and marks.keys[at + 1 : at + 2] not in (["other"], ["side"])
        and not grammar().is_plural(marks.keys[at + 1] if at + 1 < len(marks.keys) else "")
        and any(last <= at for last in fewer)
        and not any(m.first <= at < m.last for m in kept)
        for at in living
    )


def speaks_of_fewer(living: Iterable[int], marks: Marks) -> bool:
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


def is_elliptic(words: range, marks: Marks) -> bool:
    """Whether a sentence ends before its verb: "The woman on the right does not." """
    known, last = grammar(), marks.keys[words[-1]] if words else ""
    return known.has("auxiliaries", last) and last not in ("is", "are", "was", "were")


def _abuts(living: Sequence[int], marks: Marks) -> bool:
    """Whether two things stand side by side that did not: "a man a wall"."""
    first = {m.first for m in marks.mentions if not m.gone}
    last = {m.last for m in marks.mentions if not m.gone}
    return any(
        other > one + 1 and one + 1 in last and other in first and other not in marks.glue
        for one, other in pairwise(living)
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


def _is_torn(living: Sequence[int], marks: Marks) -> bool:
    """Whether half a word is left, "half-", or an owner of nothing: "the man's and"."""
    known, keys = grammar(), marks.keys
    for at in living:
        if keys[at] == "-" and (at + 1 in marks.dead or at - 1 in marks.dead):
            return True
        if keys[at] == "'s" and known.has("conjunctions", keys[at + 1] if keys[at + 1 :] else ""):
            after = next((a for a in range(at + 2, len(keys)) if a not in marks.dead), -1)
            if at + 2 in marks.dead and after > 0:
                return True
    return False


def _leaves_one(living: Sequence[int], marks: Marks) -> bool:
    """Whether "one" is left of "one in a red jersey", or something is said of "all but one"."""
    known, keys = grammar(), marks.keys
    for at in living:
        if known.has("totals", keys[at]) and _excepts(at, marks):
            return True
        listed = keys[at - 1] == "," or known.has("conjunctions", keys[at - 1])
        if keys[at] not in known.numbers and not (listed and known.has("shares", keys[at])):
            continue
        end = at + 3 if keys[at + 1 : at + 2] == ["of"] else at + 1  # "one of them"
        bare = end == at + 1 or known.has("pronouns", keys[end - 1] if end <= len(keys) else "")
        if bare and end in marks.dead and at not in marks.said:
            if not any(m.first <= at < m.last for m in marks.mentions):
                return True
    return False


def _excepts(at: int, marks: Marks) -> bool:
    """Whether "all but one of the lamps" has lost what it leaves out."""
    rest = marks.keys[at : at + 5]
    return "but" in rest and at + rest.index("but") in marks.dead


def _is_unpaired(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether one of two dashes is left, or two around nothing or behind nothing."""
    dashes = [at for at in words if marks.keys[at] in _DASHES and not marks.is_tight(at)]
    left = [at for at in dashes if at not in marks.dead]
    if len(dashes) != 2 or not living:
        return False
    one, other = dashes
    inside = any(one < at < other for at in living)
    around = living[0] < one and living[-1] > other
    return len(left) == 1 or (around != inside if left else inside)


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


def _is_cut_off(sentence: Sentence, marks: Marks) -> bool:
    """Whether one comma is left between a subject and its verb: "A chef, slices a melon"."""
    for clause in sentence.clauses:
        if clause.subject is None or not clause.verbs:
            continue
        start, verb = clause.subject.items[0].start, clause.verbs[0].start
        commas = [at for at in range(start, verb) if marks.keys[at] == ","]
        left = [at for at in commas if at not in marks.dead]
        if verb not in marks.dead and len(left) == 1 and len(commas) > 1:
            before = verb - 1
            while before > start and before in marks.dead:
                before -= 1
            if before == left[0]:
                return True
    return any(_closes_nothing(at, sentence, marks) for at in range(sentence.start, sentence.end))


def _closes_nothing(comma: int, sentence: Sentence, marks: Marks) -> bool:
    """Whether a comma closed what is gone, and what follows may be a verb: "A pair, converse"."""
    known, keys = grammar(), marks.keys
    if keys[comma] != "," or comma in marks.dead or comma - 1 not in marks.dead:
        return False
    start = comma
    while start > sentence.start and start - 1 in marks.dead:
        start -= 1
    after = keys[comma + 1] if comma + 1 < sentence.end else ""
    if keys[start] != "," or comma + 1 in marks.dead or not after[:1].isalpha():
        return False
    kinds = ("determiners", "possessives", "pronouns", "conjunctions", "subordinators", "relatives")
    if any(known.has(kind, after) for kind in (*kinds, "adjectives", "expletive", "adverbs")):
        return False
    opens = after in known.numbers or after in known.prepositions or known.form(after, "ing")
    return not opens and not any(m.first == comma + 1 for m in marks.mentions)


def _is_bare(sentence: Sentence, living: Sequence[int], marks: Marks) -> bool:
    """Whether only "the cart" is left of what was said once more of a cart."""
    verbs = [verb for clause in sentence.clauses for verb in clause.verbs]
    known, first = grammar(), marks.keys[sentence.start]
    if any(verb.finite in living for verb in verbs):
        return False
    if all(known.has("anaphors", marks.keys[at]) for at in living):  # "It is tied to" what is gone
        return True
    if not verbs and living[:1] == [sentence.start]:
        if not (known.has("pronouns", first) or first in _ARTICLES - {"a", "an"}):
            return False
    return not any(
        mention.first in living for mention in marks.mentions if not (mention.gone or mention.echo)
    )


def _is_known(word: str) -> bool:
    """Whether a word is known that follows a thing; else it may be a verb that needs an object."""
    known = grammar()
    if not word.isalpha() or word.endswith(("ing", "ed", "ly")):
        return True
    return (
        word in known.forms
        or word in known.prepositions
        or word in known.numbers
        or any(word in known.sets[kind] for kind in _KINDS)
    )


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


def _dangles(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether a small word has lost what it stood before, or a clause what it hung on."""
    known, keys = grammar(), marks.keys
    if not living:
        return False
    first = keys[living[0]]
    asks = keys[words.stop : words.stop + 1] == ["?"] and known.has("asking", keys[words[0]])
    if asks or known.has("auxiliaries", keys[words[0]]):  # "Is the cat on the mat?" without the mat
        return True
    opens = known.has("conjunctions", first) or known.has("auxiliaries", first) or _hangs(first)
    opens = opens or (_acts(first) and not any(m.first == living[0] for m in marks.mentions))
    if living[0] != words[0] and opens:
        return True
    for one, other in [*pairwise(living), (living[-1], -1)]:
        if other > 0 and keys[other] == "," and known.has("conjunctions", keys[one]):
            return True
        if other == one + 1 and one - 1 in marks.dead and keys[one] in known.prepositions:
            if known.has("auxiliaries", keys[other]):  # "with no shirt on is" without the shirt
                return True
        if other == one + 1 or one in marks.said or marks.glue.get(other):
            continue
        ends = other < 0 or keys[other] in _MARKS or known.has("conjunctions", keys[other])
        word = keys[one]
        whole = other < 0 and one == words[-1]
        if ends and not whole and (word in _BARE | _ARTICLES or _joins(word)):
            return True
    return False


def _acts(word: str) -> bool:
    """Whether a word is the verb of one, and nothing else: "rides"."""
    return bool(grammar().form(word, "third")) and not grammar().has("also_nouns", word)


def _hangs(word: str) -> bool:
    return word in ("who", "whom", "whose", "which", "that", "than")


def _joins(word: str) -> bool:
    """Whether nothing may end in the word: "and", "is", "while"."""
    known = grammar()
    kinds = ("conjunctions", "subordinators", "copulas", "relatives")
    return word in ("he", "she", "they", "we", "i") or any(known.has(kind, word) for kind in kinds)


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
