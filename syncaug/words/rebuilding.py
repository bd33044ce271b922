"""A caption without what is gone from its picture, as edits that keep every other byte.

    rebuild("A dog, a cat and a bird sit on a rug.", [Spoken(0, 5), Spoken(7, 12, kept=0), ...])
    # "A dog and a bird sit on a rug."

Clauses and nouns of what is gone go with their verbs, with what hangs on them and with what speaks
of them later; lists, conjunctions, verbs, articles, capitals and commas are mended; sentences about
what is gone disappear. Where that tears away something that remains, or leaves a sentence that does
not stand (`sound.py`), it becomes a plain row of what remains.
"""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.words.assembling import CLOSING, ENDS, assembled
from syncaug.words.clauses import parse_sentence
from syncaug.words.echoes import find_echoes, head_of
from syncaug.words.edits import Edit
from syncaug.words.grammar import grammar
from syncaug.words.marks import Mention
from syncaug.words.ordinals import CountsGone, recount
from syncaug.words.prune import Pruner
from syncaug.words.rows import say_plainly
from syncaug.words.sentence import Sentence
from syncaug.words.sound import is_sound
from syncaug.words.spoken import Spoken, gone_heads, mention_of, own_end, whole
from syncaug.words.tokens import Tokens, locate
from syncaug.words.truth import may_be_untrue

__all__ = ["CountsGone", "NothingLeft", "Spoken", "rebuild"]


class NothingLeft(ValueError):
    """Nothing that the text says is left in its picture.

    >>> from syncaug.words import NothingLeft, Spoken, rebuild
    >>> try:
    ...     rebuild("A cat.", [Spoken(0, 5, kept=0)])
    ... except NothingLeft:
    ...     print("nothing is left")
    nothing is left
    """


def rebuild(text: str, spoken: Sequence[Spoken]) -> list[Edit]:
    """The edits that take out of `text` what it says about things that are gone.

    Raises `NothingLeft` when no word would remain, and `CountsGone` where a word that remains
    counts things that do not: "the second" of two.

    >>> from syncaug.words import Spoken, apply_edits, rebuild
    >>> text = "A cat and a dog sit."
    >>> apply_edits(text, rebuild(text, [Spoken(0, 5), Spoken(10, 15, kept=0)]))
    'A cat sits.'
    """
    if all(each.kept == each.boxes for each in spoken):
        return []
    tokens = locate(text, 0)
    keys = tokens.keys
    tight = frozenset(at for at in range(1, len(keys)) if tokens.starts[at] == tokens.ends[at - 1])
    found = [mention for each in spoken if (mention := mention_of(each, tokens)) is not None]
    mentions = [whole(mention, found, keys, tight) for mention in found]
    ends = [own_end(keys, mention.first, mention.last) for mention in mentions]
    heads = [head_of(keys, *pair) for pair in zip(mentions, ends, strict=True)]
    echoes = find_echoes(keys, mentions, heads)
    pruner = Pruner(
        keys,
        [*mentions, *(echo for echo in echoes.nouns if echo.kept < echo.boxes)],
        gone_heads(mentions, keys, heads),
        frozenset(echoes.gone),
        frozenset(echoes.kept),
        frozenset(echoes.unsure),
        frozenset(each.last for each in (*mentions, *echoes.nouns)),
        tight,
    )
    spans = [(mention.first, mention.last) for mention in (*mentions, *echoes.nouns)]
    sentences = []
    for start, end, stop in _sentences(tokens, tight):
        sentences.append((parse_sentence(tokens.keys, start, end, spans, tight), stop))
        _shorten(*sentences[-1], pruner)
    _recount(pruner, mentions, heads, sentences)
    if all(
        at in pruner.dead or not tokens.keys[at][:1].isalnum() for at in range(len(tokens.keys))
    ):
        raise NothingLeft("nothing that the text speaks of is left")
    _end_alike(keys, pruner)
    return assembled(tokens, pruner, [(each.start, each.end) for each in spoken if each.kept])


def _recount(
    pruner: Pruner,
    mentions: Sequence[Mention],
    heads: Sequence[str],
    sentences: Sequence[tuple[Sentence, int]],
) -> None:
    """Check the words that count; where one of no mention does not hold, its sentence is a row."""
    while True:
        try:
            return recount(pruner, mentions, heads)
        except CountsGone as error:
            at = error.at
            if any(mention.first <= at < mention.last for mention in mentions):
                raise
            sentence, stop = next(s for s in sentences if s[0].start <= at < s[0].end)
            for known in (pruner.said, pruner.glue):
                for inside in range(sentence.start, sentence.end):
                    known.pop(inside, None)
            say_plainly(sentence, stop, pruner)
            if at not in pruner.dead:  # it leads a thing of the row: "another dog"
                raise


def _end_alike(keys: Sequence[str], pruner: Pruner) -> None:
    """Let a text that ends without a mark end so, whichever sentence is its last now."""
    living = [at for at in range(len(keys)) if at not in pruner.dead]
    while keys[-1] not in ENDS | CLOSING | {'"'} and keys[living[-1]] in ENDS:
        pruner.dead.add(living.pop())


def _sentences(tokens: Tokens, tight: frozenset[int]) -> list[tuple[int, int, int]]:
    """For each sentence its first token, its end, and the end of its closing marks."""
    found, start, count = [], 0, len(tokens.keys)
    at = 0
    while at < count:
        ends = tokens.keys[at] in ENDS and not _abbreviates(tokens, tight, at)
        breaks = at > start and "\n" in tokens.text[tokens.ends[at - 1] : tokens.starts[at]]
        if breaks and not ends:
            found.append((start, at, at))
            start = at
        if ends:
            end = at
            while at < count and tokens.keys[at] in ENDS | {'"', "”", ")"}:
                at += 1
            quoted = tokens.keys[at - 1] not in ENDS
            if quoted and at < count and tokens.raw(at)[:1].islower():
                continue  # '"Stop!" says a man'
            found.append((start, end, at))
            start = at
            continue
        at += 1
    if start < count:
        found.append((start, count, count))
    return found


def _abbreviates(tokens: Tokens, tight: frozenset[int], at: int) -> bool:
    """Whether a full stop ends no sentence: "St. Bernard", "U.S. flag", "3.5 m"."""
    keys, after = tokens.keys, at + 1
    if keys[at] != "." or at not in tight or after == len(keys):
        return False
    if after in tight:
        return keys[after][:1].isalnum()
    letter = len(keys[at - 1]) == 1 and keys[at - 2 : at - 1] == ["."] and at - 1 in tight
    return letter or grammar().has("abbreviations", keys[at - 1])


def _shorten(sentence: Sentence, stop: int, pruner: Pruner) -> None:
    """Prune one sentence, or say plainly what of it remains."""
    inside = [m for m in pruner.mentions if sentence.start <= m.first < sentence.end]
    words = range(sentence.start, sentence.end)
    if not any(m.kept < m.boxes for m in inside) and not _touched(words, pruner):
        pruner.lost_subject = False
        return
    before = set(pruner.dead), dict(pruner.said), dict(pruner.glue)
    stands = not sentence.doubt and pruner.sentence(sentence)
    if not stands or not is_sound(sentence, pruner):
        pruner.dead, pruner.said, pruner.glue = before
        say_plainly(sentence, stop, pruner)
        pruner.lost_subject = True
    if all(at in pruner.dead for at in words):
        pruner.dead.update(range(sentence.start, stop))
        pruner.lost_subject = pruner.lost_subject or bool(inside)


def _touched(words: range, pruner: Pruner) -> bool:
    """Whether a sentence without a mention that is gone speaks of one nevertheless."""
    known, keys = grammar(), pruner.keys
    if any(at in pruner.orphans or at in pruner.unsure for at in words):
        return True
    if any(known.singular(keys[at]) in pruner.heads for at in words):
        return True
    if may_be_untrue(words, pruner, lost_subject=pruner.lost_subject):
        return True
    first = keys[words[0]] if words else ""
    hangs = known.has("pronouns", first) or known.has("possessives", first)
    return pruner.lost_subject and hangs and words[0] not in pruner.owned
