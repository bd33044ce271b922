"""Wording: one string on its way; a text has one, timed text has one for each cue."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import Any

from syncaug.errors import RefusalError, SampleError
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.tone import ToneMap
from syncaug.modalities.language.text_places import Move, place_edits, unread
from syncaug.modalities.language.word_rules import WordRules
from syncaug.words import (
    AmbiguousColour,
    Edit,
    Symmetry,
    UnmovableDirection,
    apply_edits,
    colour_words,
    sparing,
)
from syncaug.words.coordinates import Coordinates, find_coordinates
from syncaug.words.json_texts import structure
from syncaug.words.places import find_places
from syncaug.words.quoted import direction_edits_all, direction_words_all, recolour_edits_all

__all__ = ["Wording", "mirror_and_turn"]

_FADED = 0.15
"""The factor on saturation below which no colour can be told from its greys."""


class Wording:
    """A string whose direction words follow mirrors and whose colour words follow the hue.

    What mirrors and turns it has met waits as one symmetry and the rest of a turn (`angle`), hues
    add up, and `settle` rewrites. `history` holds the edits of each rewriting, in order, so that
    spans of the original move along. `notes` gets the list `changed` of [old, new]. `rules` say
    what the words may do. What answers a `question` is read with it. Places that it writes wait for
    all of their `moves` and are written once, by `place`, so that nothing is rounded twice.
    """

    __slots__ = (
        *("angle", "history", "hue", "mirrored", "moves", "notes", "pending"),
        *("question", "rules", "saturation", "text", "value"),
    )

    def __init__(self, text: str, rules: WordRules, notes: dict[str, Any]) -> None:
        self.text, self.rules, self.notes = text, rules, notes
        self.question = ""
        self.history: tuple[Sequence[Edit], ...] = ()
        self.pending: tuple[PlaneMap, ...] = ()
        self.moves: tuple[Move, ...] = ()
        self.mirrored, self.angle, self.hue = False, 0.0, 0.0
        self.saturation, self.value = 1.0, 1.0

    def again(self) -> Wording:
        """The same text on its way once more: what is shown twice is rewritten twice."""
        other = Wording.__new__(Wording)
        for name in Wording.__slots__:
            setattr(other, name, getattr(self, name))
        return other

    def plane(self, plane: PlaneMap) -> None:
        """Meet a plane map: it waits."""
        self.pending = (*self.pending, plane)
        if self.rules.places is not None:
            self.moves = (*self.moves, plane)

    def cut(self) -> None:
        """What lies outside of the picture now is gone for good."""
        if self.moves and isinstance(self.moves[-1], PlaneMap):
            self.moves = (*self.moves[:-1], self.moves[-1].cut)

    def tone(self, tone: ToneMap) -> None:
        """Meet a tone map: its hue waits, and what is left of colours."""
        if not tone.recolours:
            return
        self.hue += tone.hue
        self.saturation *= tone.saturation
        self.value *= tone.value

    def settle(self) -> None:
        """Rewrite what the waiting maps make untrue. Raises RefusalError where that cannot be."""
        self.settle_directions()
        self.settle_colours()

    def settle_directions(self) -> None:
        """Rewrite words of direction as the waiting plane maps ask for it, in one rewriting."""
        if self.pending:
            if self.rules.coordinates != "keep":
                self._require_still()
            for plane in self.pending:
                self._meet(plane)
            self.pending = ()
            if self.mirrored or abs(self.angle) > 1e-9:
                self._turn()

    def settle_colours(self) -> None:
        """Rewrite words of colour as the waiting tone maps ask for it, in one rewriting."""
        if self.saturation < _FADED:
            self._fade()
        if self.hue:
            hue, self.hue = self.hue, 0.0
            self.recolour(hue)

    def reading(self) -> str:
        """The text as its words are read: what is no word is hidden, and nothing moves."""
        return self.text

    def located(self) -> str:
        """The text as its places are read."""
        return self.text

    def bend(self, field: FieldMap) -> None:
        """Meet a warp without a formula: left stays left, and coordinates follow where declared.

        Raises RefusalError where the warp trades parts of the picture and the text speaks of
        directions.
        """
        if self.rules.places is not None:
            self.moves = (*self.moves, field)
            self._refuse(unread(self.located(), find_places(self.located())))
        elif self.rules.coordinates != "keep":
            self._refuse(find_coordinates(self.located()))
        asked, lexicon = self.question, self.rules.lexicon
        if field.tears and direction_words_all(self.reading(), lexicon, question=asked):
            raise RefusalError(
                self.rules.stream,
                "parts of the picture trade places, and the text speaks of directions",
            )

    def _require_still(self) -> None:
        """Raise SampleError where the waiting maps make coordinates untrue that cannot follow."""
        follows = self.rules.places is not None
        text = self.located()
        found = unread(text, find_places(text)) if follows else find_coordinates(text)
        if not found:
            return
        whole = reduce(PlaneMap.then, self.pending)
        if whole.is_resizing:
            found = [each for each in found if not each.fractions]
        if not whole.is_identity:
            self._refuse(found)

    def _refuse(self, found: Sequence[Coordinates]) -> None:
        if not found:
            return
        name, came = self.rules.stream, f"{found[0].text[:60].strip()!r} at character"
        if self.rules.places is not None:
            raise SampleError(
                name,
                expected="coordinates in a form that is known, because the picture moves",
                came=f"{came} {found[0].start}",
                hint="docs/messages.md lists the forms. Write it in one of them, or "
                f"declare coordinates: keep of {name!r} if it is none.",
            )
        raise SampleError(
            name,
            expected="a text without coordinates, because its picture moves",
            came=f"{came} {found[0].start}",
            hint=f"Declare of {name!r} what they count, coordinates: pixels, per_mille, percent or "
            "fraction, and they follow; or coordinates: keep if they are none.",
        )

    def carried_out(self) -> None:
        """What it has met so far is carried out by itself, whatever comes."""
        if self.moves and self.moves[-1] is not None:
            self.moves = (*self.moves, None)

    def place(self) -> None:
        """Write the places of the text as its picture shows them now, after all else is settled.

        Raises RefusalError where the picture does not show one of them any more.
        """
        if not self.moves:
            return
        moves, self.moves = self.moves, ()
        rules = self.rules.places
        assert rules is not None
        text = self.located()
        self.edit(place_edits(text, find_places(text), moves, rules, self.rules.stream))

    def recolour(self, degrees: float) -> None:
        """Move the colour words by `degrees` on the colour wheel."""
        try:
            edits = recolour_edits_all(
                self.reading(),
                degrees,
                self.rules.lexicon,
                saturation=self.saturation,
                value=self.value,
                question=self.question,
                traffic_lights=self.rules.traffic_lights,
            )
        except AmbiguousColour as error:
            raise RefusalError(self.rules.stream, str(error)) from error
        self.edit(edits)

    def _fade(self) -> None:
        """Refuse where a text names colours that have faded: bright ones are white, others grey."""
        kept = self.rules.traffic_lights == "keep"
        named = [
            word.word
            for word in colour_words(self.reading(), self.rules.lexicon)
            if not (word.achromatic or (kept and word.signal))
        ]
        if named:
            raise RefusalError(
                self.rules.stream,
                f"{self.saturation:.0%} of the saturation is left, and the text names {named[0]!r}",
            )

    def edit(self, edits: Sequence[Edit]) -> None:
        """Rewrite, and remember how."""
        if edits:
            text = self.text
            changes = self.notes.setdefault("changed", [])
            changes += [[text[edit.start : edit.end], edit.text] for edit in edits]
            self.history = (*self.history, tuple(edits))
            self.text = apply_edits(text, edits)

    def noise(self, noise: Noise) -> None:
        """Typing errors at the level of the noise, after all that waits."""
        from syncaug.backends.nlpaug import typing_errors

        self.settle()
        if noise.severity > 0.0:
            self.misspell(typing_errors(self.text, noise.kind, noise.severity, noise.entropy))

    def misspell(self, edits: Sequence[Edit]) -> None:
        """Rewrite by noise; where it `spares` words, those of colours and directions stay.

        Places that follow are no words, and stay, as does what makes JSON of a text.
        """
        held = structure(self.text)
        if self.rules.places is not None:
            held += [(place.start, place.end) for place in find_places(self.located())]
        if held:
            edits = [
                e for e in edits if not any(e.start < end and start < e.end for start, end in held)
            ]
        self.edit(sparing(self.text, edits, self.rules.lexicon) if self.rules.spares else edits)

    def _meet(self, plane: PlaneMap) -> None:
        """Add a map's mirror and turn to those that wait."""
        mirrors, angle = mirror_and_turn(*plane.jacobian)
        self.angle = angle - self.angle if mirrors else angle + self.angle
        self.mirrored ^= mirrors

    def _turn(self) -> None:
        quarters = round(self.angle / 90.0)
        rest = self.angle - 90.0 * quarters
        tilted = abs(rest) > self.rules.tilt.leave_below + 1e-9
        lexicon, compass, asked = self.rules.lexicon, self.rules.compass, self.question
        if tilted and direction_words_all(self.reading(), lexicon, compass=compass, question=asked):
            self._tilted()
        mirrored = self.mirrored
        self.mirrored, self.angle = False, rest if abs(rest) > 1e-9 else 0.0
        if mirrored or quarters % 4:
            symmetry = Symmetry.of(mirrored, quarters)
            try:
                edits = direction_edits_all(
                    self.reading(), symmetry, lexicon, compass=compass, question=asked
                )
            except UnmovableDirection as error:
                raise RefusalError(self.rules.stream, str(error)) from error
            self.edit(edits)

    def _tilted(self) -> None:
        """Refuse a turn after which left is not left, as the rule for such turns says."""
        turned = f"turned by {self.angle:.0f} degrees"
        limit = self.rules.tilt.leave_below
        beyond = f"more than {limit:g} from a quarter turn" if limit else "no quarter turn"
        if self.rules.tilt.error:
            raise SampleError(
                self.rules.stream,
                expected="a text without direction words where turns are no quarter turns",
                came=f"one that speaks of directions, {turned}",
                hint="Choose words: redraw or leave_below, or draw quarter turns only.",
            )
        raise RefusalError(
            self.rules.stream, f"{turned}, {beyond}, and the text speaks of directions"
        )


def mirror_and_turn(a: float, b: float, c: float, d: float) -> tuple[bool, float]:
    """Whether a linear part (2x2, by rows) mirrors, and by how many degrees it turns after that.

    Turns are counterclockwise as seen: the part is turn @ diag(-1, 1), and y points down.
    """
    mirrors = a * d - b * c < 0
    if mirrors:
        a, c = -a, -c
    return mirrors, math.degrees(math.atan2(b - c, a + d))
