"""Direction words: which of them speak of the picture, and what a symmetry makes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from syncaug.words.articles import article_edits
from syncaug.words.bearings import is_named, is_place_name, turned_hour, turned_points
from syncaug.words.compiled import Directions, Group
from syncaug.words.edits import Edit
from syncaug.words.languages import is_foreign
from syncaug.words.lexicon import DEFAULT, Lexicon
from syncaug.words.names import is_known_name, is_named_place
from syncaug.words.patterns import Variant
from syncaug.words.speaking import asked_before, asks_for_writing
from syncaug.words.symmetry import SIDES, Symmetry
from syncaug.words.tokens import (
    Tokens,
    in_case_of,
    is_identifier,
    places_of,
)
from syncaug.words.unmovable import UnmovableDirection

__all__ = ["Compass", "DirectionWord", "UnmovableDirection", "direction_edits", "direction_words"]

_OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}
_OTHER_HAND = _OPPOSITE | {"clockwise": "counterclockwise", "counterclockwise": "clockwise"}
_OTHER_AXIS = {"horizontal": "vertical", "vertical": "horizontal"}
_COUNTS_FROM = {"horizontal": "top", "vertical": "left"}
"""The side from which rows and columns count."""
Compass = Literal["moves", "keep", "refuse"]
"""What points of the compass do: move as on a map, stay, or be refused where they may move."""

_OWN = frozenset({"chiral", "clock_own"})
"""Outcomes of sides that a body, a vehicle or a turn has of its own."""

_STAY = Variant("stay", (), ())
_BESIDE = 24
"""Words before and behind a name among which the other side of a pair is looked for."""


@dataclass(frozen=True, slots=True)
class DirectionWord:
    """A direction word in its spatial sense, `text[start:end]`, in lower case, with its side.

    The side is `left`, `bottom`, `right` or `top`, or what its group of words calls it; a
    `relational` word ("above") places a thing relative to another that the text names. An `own`
    side is that of a body, a vehicle or a turn: it says nothing of where in the picture.

    >>> from syncaug.words import direction_words
    >>> (word,) = direction_words("a cat above a dog")
    >>> word.start, word.end, word.relational
    (6, 11, True)
    """

    start: int
    end: int
    word: str
    side: str = ""
    relational: bool = False
    own: bool = False


class _Use(NamedTuple):
    """A spatial use: tokens `first`..`last` are the phrase, `at` is the direction word in it."""

    at: int
    first: int
    last: int
    word: str
    side: str
    group: Group
    outcome: str


_new: Any = tuple.__new__
"""Makes a use without looking at its fields, in half the time of the constructor."""


def direction_words(
    text: str, lexicon: Lexicon = DEFAULT, *, compass: Compass = "keep", question: str = ""
) -> list[DirectionWord]:
    """The direction words of a text that speak of the picture, in order.

    Points of the compass are among them unless `compass` is `keep`. A text that answers a
    `question` is read with it.

    >>> from syncaug.words import direction_words
    >>> [(word.word, word.side) for word in direction_words("the cat on the left left the room")]
    [('left', 'left')]
    """
    if question:
        if asks_for_writing(question, text):
            return []
        start = len(asked := asked_before(question))
        found = direction_words(asked + text, lexicon, compass=compass)
        return [
            replace(word, start=word.start - start, end=word.end - start)
            for word in found
            if word.start >= start
        ]
    words = []
    for tokens, use in _uses(text, lexicon.directions):
        if use.outcome == "compass" and compass == "keep":
            continue
        start, end, own = tokens.starts[use.at], tokens.ends[use.at], use.outcome in _OWN
        words.append(DirectionWord(start, end, use.word, use.side, use.group.relational, own))
        if use.outcome == "corner":
            other = _other_word(use)
            word = tokens.keys[tokens.pad + other]
            side = lexicon.directions.groups[word][1]
            start, end = tokens.starts[other], tokens.ends[other]
            words.append(DirectionWord(start, end, word, side))
    return words


def direction_edits(
    text: str,
    symmetry: Symmetry,
    lexicon: Lexicon = DEFAULT,
    *,
    compass: Compass = "refuse",
    question: str = "",
) -> list[Edit]:
    """The edits that make a text true again after its picture has undergone `symmetry`.

    `compass` says what becomes of points of the compass that are places of the picture. A text
    that answers a `question` is read with it: "right" is no side after "Is that correct?". Raises
    `UnmovableDirection` when a spatial word cannot be said afterwards.

    >>> from syncaug.words import Symmetry, direction_edits
    >>> direction_edits("a cat on the left", Symmetry(mirrored=True))
    [Edit(start=13, end=17, text='right')]
    """
    if symmetry.is_identity:
        return []
    if question:
        if asks_for_writing(question, text):
            return []
        return _edits_of_answer(text, asked_before(question), symmetry, lexicon, compass)
    return _edits_from(0, text, symmetry, lexicon.directions, compass)


def _edits_from(
    first: int, text: str, symmetry: Symmetry, directions: Directions, compass: Compass
) -> list[Edit]:
    """The edits of the uses of a text from character `first` on."""
    edits: list[Edit] = []
    for tokens, use in _uses(text, directions):
        if tokens.starts[use.at] < first:
            continue
        if use.outcome == "compass":
            edits += _compass_edits(use, tokens, symmetry, compass)
        else:
            edits += _edits_of(use, tokens, symmetry, directions)
    return edits


def _edits_of_answer(
    text: str, asked: str, symmetry: Symmetry, lexicon: Lexicon, compass: Compass
) -> list[Edit]:
    """The edits of a text that is read behind what was `asked`."""
    start = len(asked)
    try:
        edits = _edits_from(start, asked + text, symmetry, lexicon.directions, compass)
    except UnmovableDirection as error:
        raise error.earlier(start) from None
    return [Edit(edit.start - start, edit.end - start, edit.text) for edit in edits]


def _uses(text: str, directions: Directions) -> list[tuple[Tokens, _Use]]:
    writing = directions.writing
    words = writing.cut(text)
    named = directions.vocabulary.intersection(words)
    if not named:
        return []
    if directions.language != "en" and is_foreign(words, directions.language):
        return []
    tokens = writing.locate(text, directions.pad)
    keys, pad, groups = tokens.keys, tokens.pad, directions.groups
    uses: list[tuple[Tokens, _Use]] = []
    done = 0
    for at in places_of(named, tokens):
        if at < done:
            continue
        key = keys[pad + at]
        group, side, rules = groups[key]
        variant = rules.decide(keys, pad + at, _STAY)
        if variant is _STAY and group.paired and group.is_paired(side, keys):
            variant = group.paired
        if variant.outcome == "stay":
            continue
        outcome, _, said_side = variant.outcome.partition(":")
        first, last = max(done, at - variant.reach_before), at + variant.reach_after
        if outcome == "compass" and not group.nouns and is_place_name(tokens, first, last):
            continue
        start = tokens.starts[at]
        if text[start] != key[0] and _is_known_name(at, tokens, group, side):
            continue
        if text[start : tokens.ends[at]] != key and "-" not in side:
            if is_identifier(tokens.raw(at)):
                continue
        capital = directions.capitals and not group.nouns and outcome != "chiral"
        if capital and is_named(tokens, at):
            continue
        found = (at, first, last, key, said_side or side, group, outcome)
        uses.append((tokens, _new(_Use, found)))
        done = last + 1
    return uses


def _is_known_name(at: int, tokens: Tokens, group: Group, side: str) -> bool:
    """Whether a word is part of a known name: not one of a pair, "Left Twix and right Twix"."""
    if is_named_place(tokens, at):
        return True
    if not is_known_name(tokens, at):
        return False
    keys, pad = tokens.keys, tokens.pad
    others = group.words.get(_OPPOSITE.get(side, ""), ())
    return not tokens.opens_sentence(at) or not any(
        keys[pad + other] in others
        and keys[pad + other + 1] == keys[pad + at + 1]
        and tokens.raw(other).islower()
        for other in range(max(0, at - _BESIDE), min(len(tokens.starts), at + _BESIDE))
    )


def _edits_of(use: _Use, tokens: Tokens, symmetry: Symmetry, directions: Directions) -> list[Edit]:
    if use.outcome == "corner":
        return _corner_edits(use, tokens, symmetry, directions)
    if use.outcome in ("clock", "clock_own"):
        own = Symmetry(symmetry.mirrored) if use.outcome == "clock_own" else symmetry
        old = tokens.raw(use.first).lower()
        hour = turned_hour(old, own)
        return [] if hour == old else _replace(use.first, use.first, hour, tokens)
    if use.outcome == "counted":
        side = _COUNTS_FROM[use.side]
        if symmetry.side(side) != side:
            raise UnmovableDirection(tokens.raw(use.at), tokens.starts[use.at], counted=side)
        return []
    new_side = _new_side(use, symmetry)
    if new_side == use.side and (use.outcome != "either" or _agree(use, symmetry)):
        return []
    if use.outcome == "unclear" or (use.outcome == "either" and not _agree(use, symmetry)):
        raise UnmovableDirection(tokens.raw(use.at), tokens.starts[use.at], unclear=True)
    own_word = _counterpart(use, new_side, tokens, directions)
    frame = directions.frames.get(use.outcome)
    if frame is None and not own_word:
        handed = use.outcome == "chiral"
        raise UnmovableDirection(tokens.raw(use.at), tokens.starts[use.at], handed=handed)
    if frame is None:
        phrase = (
            use.side not in SIDES
            and use.last >= use.first
            and use.word not in use.group.words[use.side]
        )
        return _replace(
            use.first if phrase else use.at, use.last if phrase else use.at, own_word, tokens
        )
    article = use.outcome not in directions.relations
    if own_word and new_side == _OTHER_HAND[use.side] and use.outcome not in directions.whole:
        return _replace(use.at, use.at, own_word, tokens, article=article)
    new_text = frame.get(new_side, "")
    if not new_text:
        raise UnmovableDirection(tokens.raw(use.at), tokens.starts[use.at])
    return _replace(use.first, use.last, new_text, tokens, article=article)


def _compass_edits(use: _Use, tokens: Tokens, symmetry: Symmetry, compass: Compass) -> list[Edit]:
    start, end = tokens.starts[use.first], tokens.ends[use.last]
    said = tokens.text[start:end]
    if tokens.english:
        new = turned_points(said.lower(), symmetry)
    else:
        new = use.group.counterpart(use.word, side=use.side, new_side=_new_side(use, symmetry))
    if compass == "keep" or new == said.lower():
        return []
    if compass == "refuse":
        raise UnmovableDirection(said, start, compass=True)
    if not new:
        raise UnmovableDirection(said, start)
    return [*article_edits(use.first, new, tokens), Edit(start, end, in_case_of(said, new))]


def _counterpart(use: _Use, new_side: str, tokens: Tokens, directions: Directions) -> str:
    """The word of the new side; of several forms the one that what stands around it asks for.

    Raises UnmovableDirection where it does not tell.
    """
    own, other = use.group.words.get(use.side, ()), use.group.words.get(new_side, ())
    inflection = directions.inflection
    if own.count(use.word) < 2 or not len(own) == len(other) == len(inflection.slots):
        return use.group.counterpart(use.word, side=use.side, new_side=new_side)
    slots = frozenset(s for s, w in zip(inflection.slots, own, strict=True) if w == use.word)
    word = inflection.chosen(other, slots, tokens.keys, tokens.pad + use.at)
    if not word:
        raise UnmovableDirection(tokens.raw(use.at), tokens.starts[use.at], formless=True)
    return word


def _agree(use: _Use, symmetry: Symmetry) -> bool:
    """Whether a symmetry makes the same of a side of the picture as of one of a body."""
    own = _OTHER_HAND[use.side] if symmetry.mirrored else use.side
    return own == symmetry.side(use.side)


def _new_side(use: _Use, symmetry: Symmetry) -> str:
    if use.outcome == "chiral" or use.side in ("clockwise", "counterclockwise"):
        return _OTHER_HAND[use.side] if symmetry.mirrored else use.side
    if use.outcome == "axis":
        return _OTHER_AXIS[use.side] if symmetry.swaps_axes else use.side
    if "-" in use.side:
        return symmetry.corner(use.side)
    return symmetry.side(use.side)


def _other_word(use: _Use) -> int:
    return use.first if use.last == use.at else use.last


def _corner_edits(
    use: _Use, tokens: Tokens, symmetry: Symmetry, directions: Directions
) -> list[Edit]:
    """Each slot of "upper left" takes the side that comes to lie on its own axis."""
    other = _other_word(use)
    other_word = tokens.keys[tokens.pad + other]
    other_group, other_side, _ = directions.groups.get(other_word, (use.group, use.side, None))
    landed = {symmetry.side(use.side), symmetry.side(other_side)}
    if len(landed) < 2 or other_side == _OPPOSITE[use.side]:  # an own lexicon's rule is no corner
        raise UnmovableDirection(tokens.raw(use.at), tokens.starts[use.at])
    edits: list[Edit] = []
    for at, word, side, group in (
        (use.at, use.word, use.side, use.group),
        (other, other_word, other_side, other_group),
    ):
        (new_side,) = landed & {side, _OPPOSITE[side]}
        if new_side != side:
            each = _Use(at, at, at, word, side, group, use.outcome)
            edits += _replace(at, at, _counterpart(each, new_side, tokens, directions), tokens)
    return edits


def _replace(
    first: int, last: int, new: str, tokens: Tokens, *, article: bool = True
) -> list[Edit]:
    """Tokens `first`..`last` become `new`, word by word where the counts agree; the article too."""
    starts, ends = tokens.starts, tokens.ends
    if first == last and new.isalpha():  # one word for another, as nearly always
        edits = article_edits(first, new, tokens) if article else []
        if tokens.keys[tokens.pad + first] != new:
            start, end = starts[first], ends[first]
            edits.append(Edit(start, end, in_case_of(tokens.text[start:end], new)))
        return edits
    new_words = new.split()
    edits = article_edits(first, new_words[0], tokens) if article else []
    old_words = tokens.text[starts[first] : ends[last]].split()
    if len(new_words) == last - first + 1 == len(old_words):
        for at, word in enumerate(new_words, first):
            if tokens.keys[tokens.pad + at] != word:
                edits.append(Edit(starts[at], ends[at], in_case_of(tokens.raw(at), word)))
    else:
        model = tokens.text[starts[first] : ends[last]] if last > first else tokens.raw(first)
        edits.append(Edit(starts[first], ends[last], in_case_of(model, new)))
    return edits
