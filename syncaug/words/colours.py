"""Colour words: where they stand, what they say, and what a turn of the wheel makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from syncaug.words.articles import article_edits
from syncaug.words.capitals import (
    is_name,
    is_name_of_capitals,
    is_of_person,
    is_title,
    may_be_a_title,
)
from syncaug.words.colour_codes import code_edits, names_codes
from syncaug.words.colour_symbols import colour_symbols, symbol_for
from syncaug.words.compiled import Colours, Hue
from syncaug.words.edits import Edit
from syncaug.words.languages import is_foreign
from syncaug.words.lexicon import DEFAULT, Lexicon
from syncaug.words.names import is_known_name
from syncaug.words.naming import moved
from syncaug.words.patterns import Variant
from syncaug.words.said_once import said_of_several, said_once
from syncaug.words.tokens import Tokens, in_case_of, places_of

__all__ = [
    "AmbiguousColour",
    "ColourWord",
    "Signals",
    "UnmovableColour",
    "colour_words",
    "may_name_colours",
    "recolour_edits",
]

_SOMEBODY = "names somebody or something by a colour that has changed, and cannot be said of it"
_SIGNAL = (
    "is the lamp of a traffic light, and its colour has changed; traffic_lights: pixels or keep of "
    "the text stream lets it pass"
)
_FORMLESS = (
    "moves to {name}, and the lexicon has no form of its word here, or what stands around it does "
    "not tell which (gender, number, case); add the word or its noun to the lexicon"
)
_OF_SEVERAL = "says the colours of two things that are one colour now; write a noun for each"
_SYMBOL = "moves to {name}, and no symbol of its kind shows that; draw another hue"
_FORMS = {"refuse": "name", "person": "person"}
_COLOUR, _STAY = Variant("colour", (), ()), Variant("stay", (), ())


class AmbiguousColour(ValueError):
    """A moved colour lies between two names.

    `word` is the word of the text, `degrees` where its hue comes to lie on the wheel,
    `candidates` the two names.

    >>> from syncaug.words import AmbiguousColour, recolour_edits
    >>> try:
    ...     recolour_edits("a red car", 15, ambiguous_within=20)
    ... except AmbiguousColour as error:
    ...     error.word
    'red'
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
    """A `word` that names somebody by a colour, as "a blonde", or a lamp; `why` it cannot move."""

    def __init__(self, word: str, why: str = _SOMEBODY) -> None:
        ValueError.__init__(self, f"{word!r} {why}")
        self.word, self.degrees, self.candidates, self.why = word, 0.0, ("", ""), why

    def __reduce__(self) -> tuple[type[UnmovableColour], tuple[str, str]]:  # type: ignore[override]
        return type(self), (self.word, self.why)


@dataclass(frozen=True, slots=True)
class ColourWord:
    """A colour word `text[start:end]`: its hue in degrees (0 when achromatic) and its shade.

    `word` is in lower case, and `name` the English word for it; `shade` is "plain", "dark" or
    "pale"; a `signal` is the lamp of a traffic light.

    >>> from syncaug.words import colour_words
    >>> (word,) = colour_words("a navy coat")
    >>> word.start, word.end, word.shade
    (2, 6, 'dark')
    """

    start: int
    end: int
    word: str
    hue: float
    achromatic: bool
    shade: str
    signal: bool = False
    name: str = ""


Signals = Literal["pixels", "keep", "refuse"]
"""What becomes of the lamps of traffic lights: they follow the pixels, stay, or are refused."""


def may_name_colours(text: str, lexicon: Lexicon = DEFAULT) -> bool:
    """Whether a word or a code of a text can be a colour; a word may turn out to be none."""
    colours = lexicon.colours
    words = colours.writing.cut(text)
    return (
        not colours.vocabulary.isdisjoint(words)
        or names_codes(text)
        or any(True for _ in colour_symbols(text))
    )


def colour_words(text: str, lexicon: Lexicon = DEFAULT) -> list[ColourWord]:
    """The words of a text that speak of a colour, in order; black, white and grey included.

    >>> from syncaug.words import colour_words
    >>> [(word.word, word.hue) for word in colour_words("an orange cat drinks orange juice")]
    [('orange', 30.0)]
    """
    return [
        ColourWord(
            tokens.starts[first],
            tokens.ends[last],
            text[tokens.starts[first] : tokens.ends[last]].lower(),
            hue.degrees,
            hue.achromatic,
            hue.shade,
            signal,
            hue.name or text[tokens.starts[first] : tokens.ends[last]].lower(),
        )
        for tokens, first, last, hue, signal in _uses(text, lexicon.colours)
    ]


def recolour_edits(
    text: str,
    degrees: float,
    lexicon: Lexicon = DEFAULT,
    ambiguous_within: float = 2.0,
    *,
    saturation: float = 1.0,
    value: float = 1.0,
    traffic_lights: Signals = "pixels",
) -> list[Edit]:
    """The edits that make a text true again after every hue has moved by `degrees`.

    Positive degrees lead from red over yellow to green; `saturation` and `value` are the factors
    that colours met beside. A word for a hue alone moves on the wheel, any other moves as its
    typical colour does; both take the nearest name of the lexicon's survey. Codes ("#ff0000") move
    as pixels do. Raises `AmbiguousColour` when a hue lands within `ambiguous_within` degrees of the
    edge between two names, and `UnmovableColour` where a word has no other colour's form, or where
    it is the lamp of a traffic light that is to be refused.

    >>> from syncaug.words import apply_edits, recolour_edits
    >>> text = "a red car and a red panda"
    >>> apply_edits(text, recolour_edits(text, 120))
    'a green car and a red panda'
    """
    if degrees % 360 == 0:
        return []
    colours = lexicon.colours
    edits: list[Edit] = []
    for tokens, first, last, hue, signal in _uses(text, colours):
        if hue.achromatic or (signal and traffic_lights == "keep"):
            continue
        start, end = tokens.starts[first], tokens.ends[last]
        if hue.form == "name":
            raise UnmovableColour(text[start:end])
        if signal and traffic_lights == "refuse":
            raise UnmovableColour(text[start:end], _SIGNAL)
        modifier = _modifier(first, tokens, colours)
        if hue.typical is None or modifier or hue.form in colours.forms:
            word = hue.name or tokens.keys[tokens.pad + first]
            said = text[start:end]
            new = _hue_name(said, word, modifier, hue, degrees, colours, ambiguous_within)
            if hue.form in colours.forms:
                new = colours.forms[hue.form].get(colours.names.forms_of.get(new, new), "")
        else:
            new = colours.names.of(moved(hue.typical, degrees, saturation, value))
        if colours.says is not None:
            if hue.form == "person":
                hue = replace(hue, slots=frozenset((colours.hair["slot"],)))
            new = _in_language(new, hue, tokens, (first, last), colours)
        if new == text[start:end].lower():
            continue
        if f"{modifier} {new}" in colours.combined:
            new = colours.combined[f"{modifier} {new}"]
            first -= 2 if tokens.keys[tokens.pad + first - 1] == "-" else 1
            start = tokens.starts[first]
        if hue.form == "person":
            edits += _hair_edits(first, last, new, tokens, colours)
            continue
        new = _sure(new, first, last, tokens, colours)
        edits += article_edits(first, new, tokens)
        edits.append(Edit(start, end, _written(new, text[start:end], last, tokens)))
    if colours.says is None and len(edits) > 1:
        start, end = said_of_several(edits, text)
        if end:
            raise UnmovableColour(text[start:end], _OF_SEVERAL)
        edits = said_once(edits, text, colours)
    codes = code_edits(text, degrees, saturation, value)
    if not text.isascii():
        codes += _symbol_edits(text, degrees, colours)
    return sorted([*edits, *codes]) if codes else edits


def _symbol_edits(text: str, degrees: float, colours: Colours) -> list[Edit]:
    """The edits of emoji that show a colour; UnmovableColour where none shows the new one."""
    edits: list[Edit] = []
    for symbol in colour_symbols(text):
        here = colours.words if colours.says is None else DEFAULT.colours.words
        hue, names = here[symbol.colour], colours.names
        name = names.of_hue(hue.degrees + degrees)
        if hue.typical is not None:
            name = names.of(moved(hue.typical, degrees, 1.0, 1.0))
        new = symbol_for(symbol.kind, names.forms_of.get(name, name))
        if not new:
            raise UnmovableColour(text[symbol.start : symbol.end], _SYMBOL.format(name=name))
        edits.append(Edit(symbol.start, symbol.end, new))
    return edits


def _in_language(
    name: str, hue: Hue, tokens: Tokens, span: tuple[int, int], colours: Colours
) -> str:
    """The word of a language for an English name of a colour, in the form that `hue` had."""
    assert colours.says is not None
    said = tokens.text[tokens.starts[span[0]] : tokens.ends[span[1]]]
    before, behind = hue.around or ("", "")
    both = colours.combined.get(f"{hue.shaded} {name}", "")
    if both and both.startswith(hue.shaded):
        name = both.removeprefix(f"{hue.shaded} ") or name
    elif both:
        name, before, behind = both, "", ""
    word = name
    if hue.form not in colours.forms:
        word = colours.says.get(name) or colours.says.get(colours.names.broad.get(name, name), "")
    slots = hue.slots or frozenset(colours.inflection.slots)
    form = colours.inflection.said(word, slots, tokens.keys, tokens.pad + span[0])
    if not form:
        raise UnmovableColour(said, _FORMLESS.format(name=name or "a colour"))
    return before + form + behind


def _hair_edits(first: int, last: int, new: str, tokens: Tokens, colours: Colours) -> list[Edit]:
    """ "a blond boy with a dog" becomes "a boy with pale cyan hair and a dog".

    Where a language joins it by no preposition, it stands in place of the colour: "une fille
    blonde" becomes "une fille aux cheveux verts".
    """
    keys, pad = tokens.keys, tokens.pad
    frame = colours.hair.get("said", "with {} hair").format(new)
    joined, also = colours.hair.get("joined", "with"), colours.hair.get("also", "and")
    if not joined:
        return [Edit(tokens.starts[first], tokens.ends[last], frame)]
    person = last + 1
    young, somebody = colours.sets["young"], colours.sets["person"]
    while keys[pad + person] in young and keys[pad + person + 1] in young | somebody:
        person += 1
    start, end = tokens.starts[first], tokens.ends[person]
    said = tokens.text[tokens.starts[last + 1] : end]
    if tokens.raw(first)[0].isupper():
        said = said[0].upper() + said[1:]
    said += f" {frame}"
    if keys[pad + person + 1] == joined:
        end, said = tokens.ends[person + 1], f"{said} {also}"
    if colours.says is not None:
        return [Edit(start, end, said)]
    return [*article_edits(first, keys[pad + last + 1], tokens), Edit(start, end, said)]


def _hue_name(
    said: str,
    word: str,
    modifier: str,
    hue: Hue,
    turn: float,
    colours: Colours,
    ambiguous_within: float,
) -> str:
    """The plain name of a hue that has turned; of a word with a shade the edges are not sure."""
    start = colours.modified.get((modifier, word), hue.degrees)
    landed = (start + turn) % 360
    name_at = colours.names.of_hue
    here = name_at(landed)
    plain = hue.typical is None and start == hue.degrees
    for other in (name_at(landed - ambiguous_within), name_at(landed + ambiguous_within)):
        if plain and other != here:
            raise AmbiguousColour(said, landed, (here, other))
    return name_at(landed, "" if modifier or hue.around else word, turn)


def _sure(name: str, first: int, last: int, tokens: Tokens, colours: Colours) -> str:
    """A name for tokens first to last that is no thing there: "in lime green" and not "in lime"."""
    if name not in colours.sure:
        return name
    keys, at = tokens.keys, tokens.pad + first
    around = [*keys[:at], name, *keys[tokens.pad + last + 1 :]]
    stays = colours.rules[name].decide(around, at, _STAY).outcome == "stay"
    return colours.sure[name] if stays else name


def _written(name: str, said: str, last: int, tokens: Tokens) -> str:
    """A name with the capitals of what was said, all of it where a title goes on behind it."""
    word = in_case_of(said, name)
    following = tokens.raw(last + 1) if last + 1 < len(tokens.starts) else ""
    titled = said[:1].isupper() and following[:1].isupper() and not word.isupper()
    return " ".join(part[:1].upper() + part[1:] for part in word.split(" ")) if titled else word


def _is_noun(last: int, tokens: Tokens, colours: Colours) -> bool:
    """Whether a capital makes a noun, in a language of such: "die Blonde lacht"."""
    after = tokens.raw(last + 1) if last + 1 < len(tokens.starts) else ""
    return colours.capitals == "inflected" and not after[:1].isupper()


def _modifier(first: int, tokens: Tokens, colours: Colours) -> str:
    """The word before a colour that tells its shade, as in "light blue" and "light-blue"."""
    keys, at = tokens.keys, tokens.pad + first
    before = keys[at - 2] if keys[at - 1] == "-" else keys[at - 1]
    return before if before in colours.modifiers else ""


def _uses(text: str, colours: Colours) -> Iterator[tuple[Tokens, int, int, Hue, bool]]:
    """Every colour word with its tokens (first, last), what it says, and if it is a signal."""
    words = colours.writing.cut(text)
    said = colours.vocabulary.intersection(words)
    if not said or is_foreign(words, colours.language):
        return
    tokens = colours.writing.locate(text, colours.pad)
    keys, pad = tokens.keys, tokens.pad
    done = 0
    titles: list[bool] = []  # found out at the first capital
    for first in places_of(said, tokens):
        if first < done:
            continue
        key = keys[pad + first]
        last = first + 2 if keys[pad + first + 1] == "-" else first + 1
        hue = colours.compounds.get((key, keys[pad + last]))
        rules = colours.rules.get(keys[pad + last]) if hue else None
        if hue is not None:
            outcome = rules.decide(keys, pad + last, _COLOUR).outcome if rules else "colour"
            if outcome not in ("refuse", "person"):
                outcome = "colour"
        else:
            last, hue = first, colours.words.get(key)
            if hue is None:
                continue
            default = _STAY if key in colours.things else _COLOUR
            outcome = colours.rules[key].decide(keys, pad + first, default).outcome
            if outcome == "stay":
                continue
        if outcome in _FORMS:
            hue = replace(hue, form=_FORMS[outcome])
        start = tokens.starts[first]
        titled = text[start].isupper() and not (
            outcome == "refuse" and _is_noun(last, tokens, colours)
        )
        if titled and not titles:
            titles.append(colours.says is None and is_title(tokens, colours))
        if titled:
            named = is_name if colours.says is None else is_name_of_capitals
            if is_known_name(tokens, first, titled=titles[0]) or is_of_person(
                first, tokens, colours
            ):
                continue
            if not titles[0] and named(first, last, tokens, colours):
                continue
            if titles[0] and may_be_a_title(first, last, tokens, colours):
                hue = replace(hue, form="name")
        done = last + 1
        yield tokens, first, last, hue, outcome == "signal"
