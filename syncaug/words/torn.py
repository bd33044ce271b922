"""Whether what is left of a sentence hangs on words that went: verbs, shared objects, "one in"."""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.words.grammar import grammar
from syncaug.words.marks import Marks, Mention
from syncaug.words.sentence import Sentence

__all__ = ["is_torn_apart", "tells_each"]

_ARTICLES = frozenset({"a", "an", "the"})
_ALONE = frozenset({("one",), ("another",), ("the", "other"), ("the", "others")})
_HELD = frozenset({"in", "on", "against", "around", "over", "under", "behind", "above", "between"})
"""Where a hand may be that somebody is said to be with: "with her hands in a bowl"."""
_STAND_FOR = frozenset({"another", "other", "one", "second", "third"})
_CHOOSING = frozenset({"one", "both", "each", "either", "neither", "all", "some", "most", "none"})
_TIMES = frozenset({"while", "whilst", "when", "as"})


def is_torn_apart(sentence: Sentence, living: Sequence[int], marks: Marks) -> bool:
    """Whether the living tokens of a sentence that changed have lost what they hung on."""
    words = range(sentence.start, sentence.end)
    return (
        _joins_subject(living, marks)
        or _leaves_verb(words, living, marks)
        or _has_no_verb(words, living, marks)
        or _skips_verb(living, marks)
        or _leaves_bare_one(living, marks)
        or _leaves_bare_other(words, living, marks)
        or _leaves_bare_body(living, marks)
        or _parts_one(words, living, marks)
        or _takes_place(living, marks)
        or _takes_item(living, marks)
        or _chooses_of_one(words, living, marks)
        or _compares_fewer(words, living, marks)
    )


def _joins_subject(living: Sequence[int], marks: Marks) -> bool:
    """Whether "helmets" are a subject now: "men wearing coats and helmets ski" without coats."""
    known, keys = grammar(), marks.keys
    ends = {m.last: m for m in marks.mentions if m.gone}
    firsts = {m.first: m for m in marks.mentions if not m.gone}
    for at in living:
        gone, kept = ends.get(at), firsts.get(at + 1)
        if gone is None or kept is None or not known.has("conjunctions", keys[at]):
            continue
        before = gone.first - 1
        held = keys[before] in known.prepositions or bool(known.form(keys[before], "ing"))
        acts = keys[kept.last] if kept.last in living else ""
        acts = "" if acts in known.prepositions else acts
        if before in marks.dead and held and _is_verb(acts) and not _is_alive(kept, marks):
            return True
    return False


def _is_alive(mention: Mention, marks: Marks) -> bool:
    known = grammar()
    words = [known.singular(word) for word in marks.keys[mention.first : mention.last]]
    return any(known.has(n, w) for n in ("male", "female", "people", "animals") for w in words)


def _leaves_verb(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether a verb has lost its subject behind a noun: "a bike rides" of "a bike she rides"."""
    known, keys = grammar(), marks.keys
    ends = {m.last: m for m in marks.mentions if m.gone and m.first in words}
    for at in living:
        gone = ends.get(at)
        if gone is None or gone.first - 1 not in words or not known.form(keys[at], "third"):
            continue
        before = keys[gone.first - 1]
        stands = before in ("one", "ones") or any(m.last == gone.first for m in marks.mentions)
        if stands and not known.has("conjunctions", before) and before not in known.prepositions:
            return True
    return False


def _has_no_verb(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether a noun alone is left before "while": "a man while a boy sits"."""
    keys = marks.keys
    inside = {at for m in marks.mentions for at in range(m.first, m.last)}
    for at in living:
        if keys[at] not in _TIMES or at == living[0]:
            continue
        before = [a for a in range(words[0], at) if a not in inside and _is_verb(keys[a])]
        if before and all(a in marks.dead for a in before):
            return True
    return False


def _is_verb(word: str) -> bool:
    known = grammar()
    kinds = ("base", "third", "ing", "past")
    return known.has("auxiliaries", word) or any(known.form(word, kind) for kind in kinds)


def _skips_verb(living: Sequence[int], marks: Marks) -> bool:
    """Whether "another the guitar" is left, whose verb another thing shared."""
    keys = marks.keys
    return any(
        keys[at] in _STAND_FOR and at + 1 in living and keys[at + 1] in _ARTICLES for at in living
    )


def _leaves_bare_one(living: Sequence[int], marks: Marks) -> bool:
    """Whether "one," is left of "one in a red coat", or "the other" of "the other on a rail"."""
    known, keys = grammar(), marks.keys
    return any(
        (tuple(keys[m.first : m.last]) in _ALONE)
        and m.first in living
        and m.last in marks.dead
        and (keys[m.last] in known.prepositions or known.form(keys[m.last], "ing"))
        for m in marks.mentions
        if not m.gone
    )


def _leaves_bare_other(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether "the other with a cane" is left of "one with a hat, the other with a cane"."""
    known, keys = grammar(), marks.keys
    ones = [at for at in words if keys[at] == "one" and keys[at + 1 : at + 2] != ["other"]]
    return any(
        keys[at] == "other"
        and keys[at - 1] == "the"
        and (keys[at + 1] in known.prepositions or known.form(keys[at + 1], "ing"))
        and any(one < at and one in marks.dead for one in ones)
        for at in living
        if at + 1 < words.stop
    )


def _leaves_bare_body(living: Sequence[int], marks: Marks) -> bool:
    """Whether "with her hands" is left of "with her hands in a bowl"."""
    known, keys = grammar(), marks.keys
    for at in living:
        own = keys[at + 1] if at + 1 < len(keys) else ""
        if keys[at] != "with" or not known.has("possessives", own):
            continue
        end = at + 2
        while end < min(at + 5, len(keys)) and not known.has("body", known.singular(keys[end])):
            end += 1
        after = keys[end + 1] if end + 1 < len(keys) else ""
        if end < at + 5 and end in living and end + 1 in marks.dead:
            if after in _HELD or after.endswith("ed"):
                return True
    return False


def _parts_one(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether "a man, one in a red coat" is left of "two men, one in a red coat"."""
    keys = marks.keys
    single = [m.last for m in marks.mentions if m.kept == 1 < m.boxes and m.first in words]
    return any(
        keys[at] in ("one", "another") and keys[at - 1] == "," and any(last < at for last in single)
        for at in living
    )


def tells_each(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether "each holding an umbrella" is left where one of the umbrellas is gone."""
    known, keys = grammar(), marks.keys
    fewer = [m.first for m in marks.mentions if 0 < m.kept < m.boxes and m.first in words]
    return any(
        keys[at] == "each"
        and known.form(keys[at + 1] if at + 1 < len(keys) else "", "ing")
        and any(at < first for first in fewer)
        for at in living
    )


def _compares_fewer(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether "more sheep than cows" is left where there are fewer of one of them."""
    fewer = any(0 < m.kept < m.boxes for m in marks.mentions if m.first in words)
    return fewer and any(marks.keys[at] == "than" for at in living)


def _takes_place(living: Sequence[int], marks: Marks) -> bool:
    """Whether a place is left that was of what is gone: "a room with a bed under a lamp"."""
    known, keys = grammar(), marks.keys
    for m in marks.mentions:
        place = m.last
        if not m.gone or place not in living or m.first - 1 not in marks.dead:
            continue
        head = known.singular(keys[m.last - 1])
        own = known.has("possessives", keys[m.first]) and known.has(
            "conjunctions", keys[m.first - 1]
        )
        if not (own or keys[m.first - 1] == "with"):
            continue
        if known.has("worn", head) or known.has("body", head) or keys[place] == "of":
            continue
        families = {family for _, family in known.prepositions.get(keys[place], ())}
        if keys[place] == "at" or known.has("paths", keys[place]) or _in_scene(place, marks):
            continue
        if not families.isdisjoint({"relation", "place"}) and not _acts_before(m, living, marks):
            return True
    return False


def _acts_before(mention: Mention, living: Sequence[int], marks: Marks) -> bool:
    """Whether a verb stands before a mention, whose place it may be."""
    inside = {at for m in marks.mentions for at in range(m.first, m.last)}
    return any(at < mention.first and _is_verb(marks.keys[at]) for at in living if at not in inside)


def _in_scene(place: int, marks: Marks) -> bool:
    """Whether a place is so large that all of a picture is in it."""
    known = grammar()
    return any(
        known.has("scenes", known.singular(word)) or known.has("sides", word)
        for word in marks.keys[place + 1 : place + 4]
    )


def _takes_item(living: Sequence[int], marks: Marks) -> bool:
    """Whether "with" has another's thing: "a board with a nut, and a pan" without the nut."""
    known, keys = grammar(), marks.keys
    firsts = {m.first for m in marks.mentions if not m.gone}
    return any(
        m.gone
        and keys[m.last : m.last + 1] == [","]
        and known.has("conjunctions", keys[m.last + 1] if m.last + 1 < len(keys) else "")
        and m.last + 2 in firsts
        and m.first - 1 in living
        and keys[m.first - 1] in known.prepositions
        for m in marks.mentions
    )


def _chooses_of_one(words: range, living: Sequence[int], marks: Marks) -> bool:
    """Whether "the taller of the man" is left of "the taller of the two men"."""
    keys = marks.keys
    return any(
        m.kept == 1 < m.boxes
        and m.first - 2 in words
        and m.first - 1 in living
        and keys[m.first - 1] == "of"
        and (keys[m.first - 2].endswith(("er", "est")) or keys[m.first - 2] in _CHOOSING)
        for m in marks.mentions
    )
