"""A sentence as a plain row of the things that remain: "A red hat, a woman and a car." """

from __future__ import annotations

from collections.abc import Sequence

from syncaug.words.fewer import can_be_fewer, say_fewer
from syncaug.words.grammar import grammar
from syncaug.words.marks import Mention
from syncaug.words.prune import Pruner
from syncaug.words.sentence import Noun, Sentence
from syncaug.words.spoken import own_end

__all__ = ["say_plainly"]

_BEFORE_ARTICLES = frozenset({"all", "both", "half"})
_STAND_FOR = frozenset({"one", "another", "others"})
_OPENING = frozenset({'"', "“", "«"})
_QUOTES = frozenset({'"', "”", "»"})
_WEARING = frozenset({"in", "wearing"})


def say_plainly(sentence: Sentence, stop: int, pruner: Pruner) -> None:
    """Make a sentence a row of the things that remain; nothing, if none does."""
    inside = [m for m in pruner.mentions if sentence.start <= m.first < sentence.end]
    kept = [mention for mention in inside if _is_row(mention, pruner.keys)]
    if kept:
        _enumerate(sentence, stop, kept, pruner)
    else:
        pruner.dead.update(range(sentence.start, stop))


def _enumerate(sentence: Sentence, stop: int, kept: Sequence[Mention], pruner: Pruner) -> None:
    """Nothing but the things that remain: "a dog, a ball and a rug"."""
    rows: list[tuple[int, int]] = []
    fewer: list[tuple[Noun, Mention]] = []
    for mention in sorted(kept, key=lambda m: (m.first, -m.last)):
        first = mention.first
        if rows and rows[-1][1] == first - 1 and _is_colour(mention, pruner.keys):
            rows[-1] = rows[-1][0], mention.last  # "a man in white"
            continue
        while first > sentence.start and _leads(pruner.keys, first - 1):
            if _leads_itself(pruner.keys[first]) and pruner.keys[first - 1] not in _BEFORE_ARTICLES:
                break
            first -= 1
        if pruner.keys[first - 1 : first] == ["how"]:  # "how many dogs"
            first = mention.first
        if rows and first < rows[-1][1]:
            continue
        torn = any(m.gone and mention.first <= m.first < mention.last for m in pruner.mentions)
        own = own_end(pruner.keys, mention.first, mention.last) if torn else mention.last
        rows.append((first, own))
        if mention.kept < mention.boxes:
            fewer.append((Noun(first, own, []), mention))
    pruner.dead.update(range(sentence.start, sentence.end))
    for first, last in rows:
        pruner.dead.difference_update(range(first, last))
    opened = sum(
        at in pruner.dead and pruner.keys[at] in _OPENING
        for at in range(sentence.start, sentence.end)
    )
    closing = [at for at in range(sentence.end, stop) if opened and pruner.keys[at] in _QUOTES]
    pruner.dead.update(closing)
    for at in range(sentence.end, max(closing, default=0)):  # a question that somebody asks
        pruner.said[at] = "."
    for noun, mention in fewer:
        say_fewer(pruner, noun, mention)
    for first, last in rows:
        if first > sentence.start and _is_owned(pruner.keys, first):  # "a woman's hat": "a hat"
            word = pruner.said.get(first, pruner.keys[first])
            if grammar().takes_article(pruner.said.get(last - 1, pruner.keys[last - 1])):
                pruner.said[first] = f"{grammar().article(word)} {word}"
        if grammar().has("possessives", pruner.keys[first]) and first + 1 < last:
            owns = "'s" in pruner.keys[first:last]  # "her mother's shoes"
            head = last - 1
            while head > first + 1 and grammar().has("predicatives", pruner.keys[head]):
                head -= 1  # "her eyes closed"
            if not (owns or grammar().takes_article(pruner.keys[head])):
                pruner.dead.add(first)
            else:
                pruner.said[first] = grammar().article(pruner.keys[first + 1])
        joined = grammar().has("conjunctions", pruner.keys[first - 1] if first else "")
        if joined and len(rows) > 1 and _needs_article(first, last, pruner):
            word = pruner.keys[first]
            pruner.said[first] = f"{grammar().article(word)} {word}"
    for first, last in rows:
        _unquote(first, last, first == rows[0][0], pruner)
    for index, (first, _) in enumerate(rows[1:], 1):
        pruner.glue[first] = " and " if index == len(rows) - 1 else ", "


def _unquote(first: int, last: int, leads: bool, pruner: Pruner) -> None:
    """Let a thing that stood behind a quotation mark stand in a row: "The dog", a "Go" shirt."""
    known, keys = grammar(), pruner.keys
    if first == 0 or keys[first - 1] not in _OPENING | _QUOTES or first in pruner.said:
        return
    if known.has("determiners", keys[first]):
        if not leads and first + 1 < last and first + 1 not in pruner.said:
            pruner.dead.add(first)
            pruner.said[first + 1] = f"{keys[first]} {keys[first + 1]}"
    elif known.takes_article(keys[last - 1]) and not _leads(keys, first):
        pruner.said[first] = f"{known.article(keys[first])} {keys[first]}"


def _is_row(mention: Mention, keys: Sequence[str]) -> bool:
    """Whether a mention can stand in a row: what is left, but for "it"."""
    if mention.gone or mention.echo or not can_be_fewer(keys, mention):
        return False
    if keys[mention.last - 1] == "'s":  # "the man's" of "the man's and the woman's hats"
        return False
    if mention.last > mention.first + 1:
        return True
    word = keys[mention.first]
    return not (grammar().has("anaphors", word) or word in _STAND_FOR)


def _is_colour(mention: Mention, keys: Sequence[str]) -> bool:
    """Whether a mention is a word for clothes that tells no thing: "in white"."""
    single = mention.last == mention.first + 1 and mention.first > 0
    worn = single and keys[mention.first - 1] in _WEARING
    return worn and grammar().has("adjectives", keys[mention.first])


def _leads(keys: Sequence[str], at: int) -> bool:
    """Whether a word before a mention belongs to it: an article, a number, an adjective."""
    known = grammar()
    word = keys[at]
    if word in ("neither", "either", "both"):
        return False
    return word in known.numbers or any(
        known.has(name, word) for name in ("determiners", "possessives", "adjectives")
    )


def _leads_itself(word: str) -> bool:
    """Whether nothing but "all" can stand before a word: an article, "his"."""
    return grammar().has("determiners", word) or grammar().has("possessives", word)


def _is_owned(keys: Sequence[str], at: int) -> bool:
    """Whether the owner of a noun stands before it; "there's a man" has none."""
    before = keys[at - 2 : at - 1]
    if keys[at - 1] != "'s":
        return keys[at - 1] == "whose"
    return not any(grammar().has(kind, *before) for kind in ("pronouns", "expletive", "relatives"))


def _needs_article(first: int, last: int, pruner: Pruner) -> bool:
    """Whether a noun behind an "and" shared its article with one that is gone."""
    known, word = grammar(), pruner.keys[first]
    own = any(known.has(kind, word) for kind in ("determiners", "possessives", "pronouns"))
    if own or word in known.numbers or known.is_plural(pruner.keys[last - 1]):
        return False
    return first not in pruner.said and any(
        m.gone and m.last == first - 1 and pruner.keys[m.first] in ("a", "an")
        for m in pruner.mentions
    )
