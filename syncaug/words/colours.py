"""Colour words: where they stand, what they say, and what a turn of the wheel makes of them."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, replace

from syncaug.words.directions import article_edits
from syncaug.words.edits import Edit
from syncaug.words.lexicon import DEFAULT, Colours, Hue, Lexicon
from syncaug.words.patterns import Variant
from syncaug.words.tokens import Tokens, cut, in_case_of, locate

__all__ = ["AmbiguousColour", "ColourWord", "UnmovableColour", "colour_words", "recolour_edits"]

_COLOUR, _STAY = Variant("colour", (), ()), Variant("stay", (), ())


class AmbiguousColour(ValueError):
    """A moved colour lies between two names.

    `word` is the word of the text, `degrees` where its hue comes to lie on the wheel,
    `candidates` the two names.
    """

    def __init__(self, word: str, degrees: float, candidates: tuple[str, str]) -> None:
        self.word, self.degrees, self.candidates = word, degrees, candidates
        super().__init__(
            f"{word!r} moves to {degrees:g} degrees, between {candidates[0]} and {candidates[1]}; "
            "draw another hue, or lower `ambiguous_within`"
        )

    def __reduce__(self) -> tuple[type[AmbiguousColour], tuple[str, float, tuple[str, str]]]:
        return type(self), (self.word, self.degrees, self.candidates)


class UnmovableColour(AmbiguousColour):
    """A `word` that names somebody by a colour, as "a blonde", and has no other colour's form."""

    def __init__(self, word: str) -> None:
        ValueError.__init__(
            self, f"{word!r} names somebody by a colour that has changed, and cannot be said of it"
        )
        self.word, self.degrees, self.candidates = word, 0.0, ("", "")

    def __reduce__(self) -> tuple[type[UnmovableColour], tuple[str]]:  # type: ignore[override]
        return type(self), (self.word,)


@dataclass(frozen=True, slots=True)
class ColourWord:
    """A colour word `text[start:end]`: its hue in degrees (0 when achromatic) and its shade.

    `word` is in lower case; `shade` is "plain", "dark" or "pale".
    """

    start: int
    end: int
    word: str
    hue: float
    achromatic: bool
    shade: str


def colour_words(text: str, lexicon: Lexicon = DEFAULT) -> list[ColourWord]:
    """The words of a text that speak of a colour, in order; black, white and grey included."""
    return [
        ColourWord(
            tokens.starts[first],
            tokens.ends[last],
            text[tokens.starts[first] : tokens.ends[last]].lower(),
            hue.degrees,
            hue.achromatic,
            hue.shade,
        )
        for tokens, first, last, hue in _uses(text, lexicon.colours)
    ]


def recolour_edits(
    text: str, degrees: float, lexicon: Lexicon = DEFAULT, ambiguous_within: float = 5.0
) -> list[Edit]:
    """The edits that make a text true again after every hue has moved by `degrees`.

    Positive degrees lead from red over yellow to green. Raises `AmbiguousColour` when a moved hue
    lies within `ambiguous_within` degrees of the middle between two colour names.
    """
    if degrees % 360 == 0:
        return []
    colours = lexicon.colours
    edits: list[Edit] = []
    for tokens, first, last, hue in _uses(text, colours):
        if hue.achromatic:
            continue
        if hue.form == "name":
            raise UnmovableColour(tokens.text[tokens.starts[first] : tokens.ends[last]])
        moved = (hue.degrees + degrees) % 360
        name, second, margin = _nearest(moved, colours)
        start, end = tokens.starts[first], tokens.ends[last]
        if margin <= ambiguous_within:
            raise AmbiguousColour(text[start:end], moved, (name, second))
        if name == _nearest(hue.degrees, colours)[0]:
            continue
        new = _said(name, hue, first, tokens, colours)
        edits += article_edits(first, new, tokens)
        edits.append(Edit(start, end, in_case_of(text[start:end], new)))
    return edits


def _nearest(degrees: float, colours: Colours) -> tuple[str, str, float]:
    """The nearest hue name, the runner-up, and how far the middle between them is away."""
    hues = colours.hues
    after = bisect(colours.hue_degrees, degrees) % len(hues)
    name, low = hues[after - 1]
    second, high = hues[after]
    below, above = (degrees - low) % 360, (high - degrees) % 360
    if above < below:
        name, second = second, name
    return name, second, abs(above - below) / 2


def _said(name: str, hue: Hue, first: int, tokens: Tokens, colours: Colours) -> str:
    """The word for the hue `name` in the shade and form of `hue`."""
    if hue.form != "plain":
        return colours.forms[hue.form][name]
    if hue.shade == "plain":
        return name
    keys, at = tokens.keys, tokens.pad + first
    if keys[at - 1] in colours.modifiers or (
        keys[at - 1] == "-" and keys[at - 2] in colours.modifiers
    ):
        return name
    return (
        colours.names.get(hue.shade, {}).get(name, "") or f"{colours.shade_words[hue.shade]} {name}"
    )


def _uses(text: str, colours: Colours) -> Iterator[tuple[Tokens, int, int, Hue]]:
    """Every colour word with its tokens (first, last) and what it says."""
    parts = cut(text)
    if colours.vocabulary.isdisjoint(parts):
        return
    tokens = locate(text, parts, pad=colours.pad)
    keys, pad = tokens.keys, tokens.pad
    done = 0
    titles: list[bool] = []  # found out at the first capital
    for index, key in enumerate(keys):
        first = index - pad
        if key not in colours.vocabulary or first < done:
            continue
        last = first + 2 if keys[pad + first + 1] == "-" else first + 1
        hue = colours.compounds.get((key, keys[pad + last]))
        if hue is None:
            last, hue = first, colours.words.get(key)
            if hue is None:
                continue
            default = _STAY if key in colours.things else _COLOUR
            outcome = colours.rules[key].decide(keys, pad + first, default).outcome
            if outcome == "stay":
                continue
            if outcome == "refuse":
                hue = replace(hue, form="name")
        start = tokens.starts[first]
        if text[start].isupper() and not titles:
            titles.append(_is_title(tokens))
        if not (text[start].isupper() and not titles[0] and _is_name(first, last, tokens)):
            done = last + 1
            yield tokens, first, last, hue


def _is_name(first: int, last: int, tokens: Tokens) -> bool:
    """Whether capitals mark a proper name: inside a sentence, or at its start before another one.

    Words in capitals throughout tell nothing and are no names.
    """
    raw = tokens.raw(first)
    if raw.isupper() and len(raw) > 1:
        return False
    if not tokens.opens_sentence(first):
        return True
    if last + 1 == len(tokens.starts):
        return False
    following = tokens.raw(last + 1)
    return following[0].isupper() and len(following) > 1 and not following.isupper()


def _is_title(tokens: Tokens) -> bool:
    """Whether the text is in title case, where capitals mark no names."""
    words = [word for word in map(tokens.raw, range(len(tokens.starts))) if word[0].isalpha()]
    return len(words) > 2 and all(word[0].isupper() or len(word) < 4 for word in words)
