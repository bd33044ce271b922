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
from dataclasses import dataclass, replace

from syncaug.words.clauses import Noun, Sentence, parse_sentence
from syncaug.words.echoes import find_echoes, head_of
from syncaug.words.edits import Edit
from syncaug.words.grammar import grammar
from syncaug.words.marks import Mention
from syncaug.words.ordinals import CountsGone, recount
from syncaug.words.prune import Pruner
from syncaug.words.sound import is_sound
from syncaug.words.tokens import Tokens, in_case_of, locate

__all__ = ["CountsGone", "NothingLeft", "Spoken", "rebuild"]

_CLOSING = frozenset(",.;:!?)]'’”…") | {"'s"}
_ENDS = frozenset(".!?…")


class NothingLeft(ValueError):
    """Nothing that the text says is left in its picture."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """`text[start:end]` speaks of `boxes` things, of which `kept` are left."""

    start: int
    end: int
    boxes: int = 1
    kept: int = 1


def rebuild(text: str, spoken: Sequence[Spoken]) -> list[Edit]:
    """The edits that take out of `text` what it says about things that are gone.

    Raises `NothingLeft` when no word would remain, and `CountsGone` where a word that remains
    counts things that do not: "the second" of two.
    """
    if all(each.kept == each.boxes for each in spoken):
        return []
    tokens = locate(text, 0)
    keys = tokens.keys
    tight = frozenset(at for at in range(1, len(keys)) if tokens.starts[at] == tokens.ends[at - 1])
    found = [mention for each in spoken if (mention := _mention(each, tokens)) is not None]
    mentions = [_whole(mention, found, keys, tight) for mention in found]
    ends = [_own_end(keys, mention.first, mention.last) for mention in mentions]
    heads = [head_of(keys, *pair) for pair in zip(mentions, ends, strict=True)]
    echoes = find_echoes(keys, mentions, heads)
    pruner = Pruner(
        keys,
        [*mentions, *(echo for echo in echoes.nouns if echo.kept < echo.boxes)],
        _gone_heads(mentions, keys, heads),
        frozenset(echoes.gone),
        frozenset(echoes.kept),
        frozenset(echoes.unsure),
        frozenset(each.last for each in (*mentions, *echoes.nouns)),
    )
    spans = [(mention.first, mention.last) for mention in (*mentions, *echoes.nouns)]
    for start, end, stop in _sentences(tokens):
        sentence = parse_sentence(tokens.keys, start, end, spans, tight)
        _shorten(sentence, stop, pruner)
    if all(
        at in pruner.dead or not tokens.keys[at][:1].isalnum() for at in range(len(tokens.keys))
    ):
        raise NothingLeft("nothing that the text speaks of is left")
    _end_alike(keys, pruner)
    recount(pruner, mentions, heads)
    return _edits(tokens, pruner, [(each.start, each.end) for each in spoken if each.kept])


def _end_alike(keys: Sequence[str], pruner: Pruner) -> None:
    """Let a text that ends without a mark end so, whichever sentence is its last now."""
    living = [at for at in range(len(keys)) if at not in pruner.dead]
    while keys[-1] not in _ENDS | _CLOSING and keys[living[-1]] in _ENDS:
        pruner.dead.add(living.pop())


def _mention(spoken: Spoken, tokens: Tokens) -> Mention | None:
    inside = [
        at
        for at in range(len(tokens.keys))
        if tokens.starts[at] < spoken.end and tokens.ends[at] > spoken.start
    ]
    return Mention(inside[0], inside[-1] + 1, spoken.boxes, spoken.kept) if inside else None


def _whole(
    mention: Mention, others: Sequence[Mention], keys: Sequence[str], tight: frozenset[int]
) -> Mention:
    """The mention with the rest of a hyphenated word that its phrase cuts: "snow" of "snow-clad".

    Where that belongs to another mention, it stays as it is.
    """
    first, last = mention.first, mention.last
    taken = {at for m in others if m is not mention for at in range(m.first, m.last)}
    while last + 1 < len(keys) and keys[last] == "-" and {last, last + 1} <= tight:
        last += 2
    while first > 1 and keys[first - 1] == "-" and {first - 1, first} <= tight:
        first -= 2
    if taken & {*range(first, mention.first), *range(mention.last, last)}:
        return mention
    return replace(mention, first=first, last=last)


def _gone_heads(
    mentions: Sequence[Mention], keys: Sequence[str], heads: Sequence[str]
) -> frozenset[str]:
    """The nouns that only things which are gone bear; `heads` are those of the mentions."""
    known = grammar()

    def nouns(mention: Mention) -> set[str]:
        end = _own_end(keys, mention.first, mention.last)
        own = [*keys[mention.first : end], *keys[mention.last - 1 : mention.last]]
        if keys[end : end + 1] != ["of"] or end >= mention.last:  # "a slice of bread" is bread too
            own = own[:-1]
        kinds = ("determiners", "possessives", "adjectives", "plural_determiners", "conjunctions")
        return {
            known.singular(word)
            for word in own
            if word[0].isalpha()
            and word not in known.numbers
            and not any(known.has(kind, word) for kind in kinds)
        }

    kept = {word for mention in mentions if not mention.gone for word in nouns(mention)}
    kept |= {head for m, head in zip(mentions, heads, strict=True) if not m.gone}
    gone = {word for mention in mentions if mention.gone for word in nouns(mention)}
    gone |= {head for m, head in zip(mentions, heads, strict=True) if m.gone and head}
    return frozenset(gone - kept)


def _own_end(keys: Sequence[str], first: int, last: int) -> int:
    """Where the noun of a mention ends: before "in a red hat", "wearing a hat", "who ..."."""
    known = grammar()
    for at in range(first + 1, last):
        word = keys[at]
        rows = known.prepositions.get(word, ())
        placed = any(tuple(keys[at : at + len(words)]) == words for words, _ in rows)
        if placed or known.has("relatives", word):
            return at
        if at > first + 1 and known.form(word, "ing") and not known.has("adjectives", keys[at - 1]):
            return at
    return last


def _sentences(tokens: Tokens) -> list[tuple[int, int, int]]:
    """For each sentence its first token, its end, and the end of its closing marks."""
    found, start, count = [], 0, len(tokens.keys)
    at = 0
    while at < count:
        ends = tokens.keys[at] in _ENDS
        breaks = at > start and "\n" in tokens.text[tokens.ends[at - 1] : tokens.starts[at]]
        if breaks and not ends:
            found.append((start, at, at))
            start = at
        if ends:
            end = at
            while at < count and tokens.keys[at] in _ENDS | {'"', "”", ")"}:
                at += 1
            found.append((start, end, at))
            start = at
            continue
        at += 1
    if start < count:
        found.append((start, count, count))
    return found


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
        kept = [mention for mention in inside if not mention.gone and not mention.echo]
        if not kept:
            pruner.dead.update(words)
        else:
            _enumerate(sentence, kept, pruner)
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
    first = keys[words[0]] if words else ""
    hangs = known.has("pronouns", first) or known.has("possessives", first)
    return pruner.lost_subject and hangs and words[0] not in pruner.owned


def _enumerate(sentence: Sentence, kept: Sequence[Mention], pruner: Pruner) -> None:
    """Nothing but the things that remain: "a dog, a ball and a rug"."""
    rows: list[tuple[int, int]] = []
    fewer: list[tuple[Noun, Mention]] = []
    for mention in sorted(kept, key=lambda m: (m.first, -m.last)):
        first = mention.first
        while first > sentence.start and _leads(pruner.keys, first - 1):
            first -= 1
        if rows and first < rows[-1][1]:
            continue
        torn = any(m.gone and mention.first <= m.first < mention.last for m in pruner.mentions)
        own = _own_end(pruner.keys, mention.first, mention.last) if torn else mention.last
        rows.append((first, own))
        if mention.kept < mention.boxes:
            fewer.append((Noun(first, own, []), mention))
    pruner.dead.update(range(sentence.start, sentence.end))
    for first, last in rows:
        pruner.dead.difference_update(range(first, last))
    for noun, mention in fewer:
        pruner.fewer(noun, mention)
    for first, last in rows:
        if first > sentence.start and pruner.keys[first - 1] in (
            "'s",
            "whose",
        ):  # "a woman's hat": "a hat"
            word = pruner.said.get(first, pruner.keys[first])
            if not grammar().is_plural(pruner.said.get(last - 1, pruner.keys[last - 1])):
                pruner.said[first] = f"{grammar().article(word)} {word}"
        if grammar().has("possessives", pruner.keys[first]) and first + 1 < last:
            if grammar().is_plural(pruner.keys[last - 1]):
                pruner.dead.add(first)
            else:
                pruner.said[first] = grammar().article(pruner.keys[first + 1])
        joined = grammar().has("conjunctions", pruner.keys[first - 1] if first else "")
        if joined and len(rows) > 1 and _needs_article(first, last, pruner):
            word = pruner.keys[first]
            pruner.said[first] = f"{grammar().article(word)} {word}"
    for index, (first, _) in enumerate(rows[1:], 1):
        pruner.glue[first] = " and " if index == len(rows) - 1 else ", "


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


def _leads(keys: Sequence[str], at: int) -> bool:
    """Whether a word before a mention belongs to it: an article, a number, an adjective."""
    known = grammar()
    word = keys[at]
    if word in ("neither", "either", "both"):
        return False
    return word in known.numbers or any(
        known.has(name, word) for name in ("determiners", "possessives", "adjectives")
    )


def _edits(tokens: Tokens, pruner: Pruner, spans: Sequence[tuple[int, int]]) -> list[Edit]:
    """The edits that leave the living tokens, with single blanks where something went."""
    edits: list[Edit] = []
    count = len(tokens.keys)
    before = -1
    for at in [*(at for at in range(count) if at not in pruner.dead), count]:
        start = tokens.ends[before] if before >= 0 else tokens.starts[0]
        stop = tokens.starts[at] if at < count else tokens.ends[-1]
        glue = next((pruner.glue[a] for a in range(before + 1, at + 1) if a in pruner.glue), "")
        if glue or at != before + 1:
            gap = glue or _gap(before, at, tokens)
            if gap != tokens.text[start:stop]:
                edits += _cut_at(start, stop, gap, spans)
        if at < count:
            raw = tokens.raw(at)
            word = (
                in_case_of(raw, pruner.said.get(at, raw))
                if len(raw) > 1
                else pruner.said.get(at, raw)
            )
            if _opens(at, before, tokens, pruner):
                word = word[:1].upper() + word[1:]
            if word != tokens.raw(at):
                edits.append(Edit(tokens.starts[at], tokens.ends[at], word))
        before = at
    return edits


def _gap(before: int, at: int, tokens: Tokens) -> str:
    """What stands between two living tokens between which something went."""
    if before < 0 or at == len(tokens.keys):
        return ""
    if tokens.keys[at] in _CLOSING or tokens.keys[before] in ("(", "[", "“", "‘"):
        return ""
    return "\n" if "\n" in tokens.text[tokens.ends[before] : tokens.starts[at]] else " "


def _opens(at: int, before: int, tokens: Tokens, pruner: Pruner) -> bool:
    """Whether a word has come to open a sentence that opened with a capital."""
    if before >= 0 and tokens.keys[before] not in _ENDS:
        return False
    first = at
    while first > 0 and tokens.keys[first - 1] not in _ENDS:
        first -= 1
    return tokens.raw(first)[:1].isupper() and (first != at or at in pruner.said)


def _cut_at(start: int, stop: int, new: str, spans: Sequence[tuple[int, int]]) -> list[Edit]:
    """The edit of a gap, cut at the edges of phrases so that none of them takes in what is new."""
    low = max([end for first, end in spans if first < start < end <= stop], default=start)
    high = min([first for first, end in spans if start <= first < stop < end], default=stop)
    if low > high:
        low = high = stop
    pieces = [Edit(start, low, ""), Edit(low, high, new), Edit(high, stop, "")]
    return [e for e in pieces if e.end > e.start or e.text]
