"""Colours that a text names are those that the picture shows, as they were before.

A word for a hue moves on the wheel as its pixels did, and its pixels keep their saturation; what a
word without a hue names (black, white, grey) stays without a hue, and black does not become white.
A word inside of a phrase speaks of the phrase's box, any other of the whole picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.checks.colour_regions import (
    Pixels,
    chroma,
    pictures,
    pixels_of,
    saturation,
    smoothed,
    wrapped,
)
from syncaug.checks.direction_words import spoken
from syncaug.checks.measure import Measure, Outcome
from syncaug.modalities.clock.video import VideoCarrier
from syncaug.modalities.language.caption import Caption
from syncaug.modalities.language.phrases import PhrasesCarrier
from syncaug.modalities.language.text import TextCarrier
from syncaug.modalities.plane.image import ImageCarrier
from syncaug.words import (
    AmbiguousColour,
    ColourWord,
    Lexicon,
    colour_words,
    move_span,
    recolour_edits,
)

__all__ = ["measure"]

_LOST = 180.0
"""The measure where a colour is gone, or one has come where none was: as far as hues can be."""
_SAME = 8.0
"""Degrees by which the measured turn of pixels may be off."""
_VIVID = 0.3
"""Chroma from which nobody calls a thing grey."""
_RICH = 0.5
"""Saturation from which that is so even of what had that colour before."""
_GAINED = 0.15
_GREY = 0.2
"""Chroma up to which a pixel may be called grey."""
_LEAST_GREY = 0.05
"""The share of a picture that has to be grey where a word for it names no region."""
_DARK, _BRIGHT = 0.35, 0.65
_MIDDLE = 0.6
"""The part of a box, by length, in which the thing fills nearly all."""
_DARK_WORDS = frozenset({"black", "charcoal", "ebony", "blackish"})
_BRIGHT_WORDS = frozenset({"white", "ivory", "whitish"})

Box = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A colour word of the original, what stands for it now, and the box that it speaks of."""

    old: ColourWord
    new: ColourWord
    box: Box | None
    text: str
    """The original."""
    lexicon: Lexicon


@dataclass(slots=True)
class _Findings:
    """What was compared so far, and the worst of it."""

    measured: int = 0
    worst: float = 0.0
    kept: float = float("inf")
    said: str = ""

    def degrees(self, difference: float, said: str) -> None:
        """One more difference of a word and its pixels."""
        self.measured += 1
        if difference > self.worst or not self.said:
            self.worst, self.said = max(difference, self.worst), said


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The greatest difference in degrees between a colour word's turn and its pixels' turn.

    180 where a colour is gone or has come. `parts` tells how many words were `measured`, and of the
    words for hues the least `saturation` that was kept.
    """
    found = _Findings()
    for text in outcome.carriers(TextCarrier, options.get("stream", "")):
        shown = [
            image
            for image in pictures(outcome)
            if image.stream.spaces["plane"] == text.stream.spaces.get("plane")
        ]
        if not shown:
            continue
        kept = text.stream.options.get("traffic_lights") == "keep"
        for index, caption in enumerate(text.captions):
            boxes = _boxes(outcome, text, index)
            pairs, unread = _words(caption, boxes, kept=kept)
            if unread and not pairs:
                now = _now(caption, unread[0])
                found.degrees(_LOST, f"{unread[0].word!r} became {now}, no colour")
            for image in shown if pairs else ():
                _compare(found, pairs, outcome, image, caption, options)
    parts = {"measured": float(found.measured)}
    if found.kept < float("inf"):
        parts["saturation"] = found.kept
    if not found.measured:
        return Measure(float("nan"), True, "no colour words, or no coloured pixels", parts)
    passed = found.worst <= options["tolerance"]
    return Measure(found.worst, passed, "" if passed else found.said, parts)


def _compare(
    found: _Findings,
    pairs: list[_Pair],
    outcome: Outcome,
    image: ImageCarrier | VideoCarrier,
    text: Caption,
    options: Mapping[str, Any],
) -> None:
    whole = pixels_of(outcome, image)
    if whole is None:
        return
    mixed = bool(image.notes.get("mixed"))  # a partner's pixels were never those of the picture
    hued = any(not pair.old.achromatic for pair in pairs)
    one_tint = hued and not mixed and whole.one_tint
    for pair in pairs:
        region = whole if pair.box is None else pixels_of(outcome, image, pair.box)
        if region is None:
            continue
        if not pair.old.achromatic:
            region = region.near(pair.old.hue)
            turn = region.turn()
            if turn is None:
                turn = whole.turn()
            if turn is not None:
                found.degrees(
                    _off(pair, turn),
                    f"{pair.old.word!r} became {pair.new.word!r}, the picture turned by {turn:.0f}",
                )
            if one_tint:
                found.degrees(
                    _LOST, f"all colours came to one, and the text names {pair.new.word!r}"
                )
            if not mixed:
                _faded(found, pair, region, whole, text.saturation, options)
        elif not mixed and whole.paired:
            _tinted(found, pair, region, whole, options)


def _off(pair: _Pair, turn: float) -> float:
    """By how many degrees the turn of a word and that of its pixels differ.

    Names are regions of the wheel: the word that any turn within `_SAME` of that of the pixels
    gives is off by no more than this, wherever in its region the colour lies.
    """
    off = abs(wrapped(wrapped(pair.new.hue - pair.old.hue) - turn))
    if off <= _SAME:
        return off
    for near in (0.0, -_SAME / 2, _SAME / 2, -_SAME, _SAME):
        if _turned(pair, turn + near).find(pair.new.word) >= 0:
            return min(off, abs(near))
    return off


def _turned(pair: _Pair, degrees: float) -> str:
    """What the words make of a colour word of a text; empty where they would refuse."""
    try:
        edits = recolour_edits(pair.text, degrees, pair.lexicon, ambiguous_within=0.0)
    except AmbiguousColour:
        return ""
    word = pair.old
    start, end = word.start, word.end
    return next((e.text for e in edits if e.start <= start and end <= e.end), word.word).lower()


def _faded(
    found: _Findings,
    pair: _Pair,
    region: Pixels,
    whole: Pixels,
    meant: float,
    options: Mapping[str, Any],
) -> None:
    """Whether what a word for a hue names has lost more saturation than its text met."""
    kept = region.kept()
    if kept is None:
        kept = whole.kept()
    if kept is None:
        return
    kept /= max(min(meant, 1.0), 1e-6)
    found.kept = min(found.kept, kept)
    if kept < options["min_saturation"]:
        found.degrees(_LOST, f"{pair.new.word!r} keeps {kept:.0%} of its saturation")


def _tinted(
    found: _Findings, pair: _Pair, region: Pixels, whole: Pixels, options: Mapping[str, Any]
) -> None:
    """Whether what is called black, white or grey has got a colour, or black and white traded."""
    if pair.box is not None:
        thing = region.within(pair.box, _MIDDLE)
    else:
        thing = _called(pair.old.name, whole)
        if len(thing.old) < _LEAST_GREY * len(whole.old):
            return
    if not thing.many:
        return
    found.measured += 1
    was, now = (float(np.median(chroma(smoothed(rgb)))) for rgb in (thing.old, thing.new))
    turn = thing.turn() or 0.0
    vivid = float(np.median(saturation(smoothed(thing.new))))
    if now > _VIVID and (
        now > was + _GAINED or (vivid > _RICH and abs(turn) > options["tolerance"])
    ):
        level = round(255 * vivid)
        found.degrees(_LOST, f"what has a saturation of {level}/255 is called {pair.new.word!r}")
    before, after = (float(np.median(rgb.max(axis=1))) for rgb in (thing.old, thing.new))
    name = pair.new.name
    if (name in _DARK_WORDS and before < _DARK and after > _BRIGHT) or (
        name in _BRIGHT_WORDS and before > _BRIGHT and after < _DARK
    ):
        found.degrees(
            _LOST, f"what was {pair.new.word!r} went from value {before:.2f} to {after:.2f}"
        )


def _called(name: str, whole: Pixels) -> Pixels:
    """The pixels of a picture that may be called by an English word for black, white or grey."""
    value = whole.old.max(axis=1)
    named = chroma(whole.old) < _GREY
    if name in _DARK_WORDS:
        named &= value < _DARK
    elif name in _BRIGHT_WORDS:
        named &= value > _BRIGHT
    return whole.where(named)


def _words(
    text: Caption, boxes: list[tuple[tuple[int, int], Box]], *, kept: bool
) -> tuple[list[_Pair], list[ColourWord]]:
    """Colour words of the original with what stands for them now; and those misspelt since.

    Words that went with what they named are neither, nor lamps of traffic lights that are `kept`.
    """
    original = text.original
    lexicon = text.rules.lexicon
    now = {(word.start, word.end): word for word in colour_words(text.text, lexicon)}
    pairs: list[_Pair] = []
    unread: list[ColourWord] = []
    for word in colour_words(original, lexicon):
        if kept and word.signal:
            continue
        start, end = word.start, word.end
        whole = True
        for edits in text.history[text.since :]:
            whole &= not any(e.start < start and e.end > start for e in edits)
            whole &= not any(e.start < end and e.end > end for e in edits)
            start, end = move_span((start, end), edits)
        box = next((box for (first, last), box in boxes if first <= word.start < last), None)
        new = now.get((start, end)) or next(
            (other for (s, e), other in now.items() if s < end and start < e), None
        )
        if new is not None and new.achromatic == word.achromatic:
            pairs.append(_Pair(word, new, box, original, lexicon))
        elif whole and text.text[start:end].strip() and new is None:
            unread.append(word)
    return pairs, unread


def _now(text: Caption, word: ColourWord) -> str:
    start, end = word.start, word.end
    for edits in text.history[text.since :]:
        start, end = move_span((start, end), edits)
    return repr(text.text[start:end])


def _boxes(outcome: Outcome, text: TextCarrier, index: int) -> list[tuple[tuple[int, int], Box]]:
    """The spans of phrases of an original text, and the box of each; the shortest span first."""
    if text.captions[index].since:
        return []  # what a partner said was never grounded here
    found: list[tuple[tuple[int, int], Box]] = []
    for phrases in outcome.carriers(PhrasesCarrier):
        boxes = phrases.boxes
        if phrases.text is not text or boxes is None:
            continue
        size = outcome.plane(boxes.stream.spaces["plane"]).source
        corners = boxes.corners_in(outcome.before[boxes.stream.name], size)
        told = outcome.before[phrases.stream.name]
        told = told[index] if text.is_several else told
        for start, end, box in spoken(text.captions[index].original, told):
            if np.isfinite(corners[box]).all():
                found.append(((start, end), corners[box]))
    return sorted(found, key=lambda item: item[0][1] - item[0][0])
