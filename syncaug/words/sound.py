"""Whether what is left of a sentence stands: nothing dangles, nothing is torn, nothing is bare."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from syncaug.words.grammar import grammar
from syncaug.words.marks import Marks
from syncaug.words.sentence import Sentence
from syncaug.words.torn import is_torn_apart, tells_each
from syncaug.words.truth import is_elliptic, is_true, still_holds

__all__ = ["is_sound"]

_BARE = frozenset(
    {"of", "with", "to", "from", "at", "than", "into", "onto", "for", "next", "between"}
)
_ARTICLES = frozenset({"a", "an", "the", "its", "their", "his"})
_KINDS = (
    *("auxiliaries", "adverbs", "adjectives", "conjunctions", "subordinators", "relatives"),
    *("determiners", "possessives", "pronouns", "predicatives", "expletive"),
)
_MARKS = frozenset({"", ",", ";", ":", "-", "–", "—"})
_DASHES = frozenset({"-", "–", "—"})


def is_sound(sentence: Sentence, marks: Marks) -> bool:
    """Whether the living tokens of a sentence stand by themselves, and are true."""
    words = range(sentence.start, sentence.end)
    living = [at for at in words if at not in marks.dead]
    if not is_true(sentence, living, marks):
        return False
    if is_elliptic(living, marks) or tells_each(words, living, marks):
        return False
    if len(living) == len(words) and not any(at in marks.said for at in words):
        return True
    return still_holds(words, living, marks) and not (
        any(at in marks.ends and not _is_known(marks.keys[at]) for at in words)
        or _dangles(words, living, marks)
        or _is_bare(sentence, living, marks)
        or _abuts(living, marks)
        or _is_unpaired(words, living, marks)
        or _is_cut_off(sentence, marks)
        or _is_torn(living, marks)
        or _opens_quote(words, living, marks)
        or is_torn_apart(sentence, living, marks)
    )


def _abuts(living: Sequence[int], marks: Marks) -> bool:
    """Whether two things stand side by side that did not: "a man a wall"."""
    first = {m.first for m in marks.mentions if not m.gone}
    last = {m.last for m in marks.mentions if not m.gone}
    return any(
        other > one + 1 and one + 1 in last and other in first and other not in marks.glue
        for one, other in pairwise(living)
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


def _opens_quote(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether one of two quotation marks is left."""
    before = sum(marks.keys[at] == '"' for at in words)
    left = sum(marks.keys[at] == '"' for at in living)
    return left != before and left % 2 == 1


def _dangles(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether a small word has lost what it stood before, or a clause what it hung on."""
    known, keys = grammar(), marks.keys
    if not living:
        return False
    first = keys[living[0]]
    if known.has("conditions", keys[words[0]]):  # "If the light is red, stop"
        return True
    asks = keys[words.stop : words.stop + 1] == ["?"] and known.has("asking", keys[words[0]])
    if asks or known.has("auxiliaries", keys[words[0]]):  # "Is the cat on the mat?" without the mat
        return True
    opens = known.has("conjunctions", first) or known.has("auxiliaries", first) or _hangs(first)
    opens = opens or (
        _acts(first, keys[living[1]] if living[1:] else "")
        and not any(m.first == living[0] for m in marks.mentions)
    )
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


def _acts(word: str, after: str) -> bool:
    """Whether a word is the verb of one, and nothing else: "rides"; no plural: "parents sit"."""
    known = grammar()
    if known.form(word, "third"):
        return not known.has("also_nouns", word)
    verb = known.form(after, "base") or known.has("auxiliaries", after)
    return word.endswith("s") and not (verb or word in known.plurals or _is_known(word))


def _hangs(word: str) -> bool:
    return word in ("who", "whom", "whose", "which", "that", "than")


def _joins(word: str) -> bool:
    """Whether nothing may end in the word: "and", "is", "while"."""
    known = grammar()
    kinds = ("conjunctions", "subordinators", "copulas", "relatives")
    return word in ("he", "she", "they", "we", "i") or any(known.has(kind, word) for kind in kinds)
