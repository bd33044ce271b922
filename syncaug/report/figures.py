"""Figures: what the page can show, as values. The templates hold how they look."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "Bar",
    "Chip",
    "Figure",
    "Film",
    "Lane",
    "Picture",
    "Piece",
    "Row",
    "Shape",
    "Sound",
    "Tag",
    "Value",
    "Words",
]


@dataclass(frozen=True, slots=True)
class Shape:
    """Lines over a picture: an SVG path in picture pixels, in the colour of number `colour`."""

    path: str
    colour: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A name on a picture: its corner in percent of width and height.

    `corner` says which corner of the tag lies there: `tl`, `tr`, `bl` or `br`. A `small` one is a
    dot that shows its name when it is pointed at, where the name has no room.
    """

    text: str
    x: float
    y: float
    colour: int
    corner: str = "tl"
    small: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture (a data URI) of width x height pixels, with shapes and tags over it."""

    uri: str
    width: int
    height: int
    alt: str
    shapes: tuple[Shape, ...] = ()
    tags: tuple[Tag, ...] = ()
    note: str = ""
    kind: str = field(default="picture", init=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, and whether it is among what changed."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A phrase and the number of the box that it grounds."""

    text: str
    colour: int
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its changed words marked, and the phrases that ground boxes."""

    pieces: tuple[Piece, ...]
    chips: tuple[Chip, ...] = ()
    kind: str = field(default="words", init=False)


@dataclass(frozen=True, slots=True)
class Sound:
    """A WAV and a picture of its spectrum as data URIs, and its outline as an SVG path."""

    uri: str
    spectrum: str
    outline: str
    seconds: float
    about: str
    kind: str = field(default="sound", init=False)


@dataclass(frozen=True, slots=True)
class Value:
    """Anything else, as text."""

    text: str
    kind: str = field(default="value", init=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """A cue on a timeline: where it begins and how wide it is, in percent, and what it says."""

    left: float
    width: float
    text: str
    when: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One stream on a timeline: its cues, or its curves as SVG paths in a box of 300 x 40."""

    title: str
    bars: tuple[Bar, ...] = ()
    curves: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class Film:
    """What happens on one clock: a film or a sound to play (a data URI), and lanes below it.

    `length` is the seconds that the lanes' full width stands for: the same before and after, so
    that the two can be compared. `width` is 0 where there is nothing to see.
    """

    uri: str
    width: int
    height: int
    seconds: float
    length: float
    about: str
    lanes: tuple[Lane, ...] = ()
    kind: str = field(default="film", init=False)


Figure = Picture | Words | Sound | Value | Film


@dataclass(frozen=True, slots=True)
class Row:
    """One stream, or several that are shown together, before and after, beside the partner's."""

    title: str
    about: str
    before: Figure
    after: Figure | None
    small: bool = False
    partner: Figure | None = None
