"""Text: captions whose direction words follow mirrors and whose colour words follow the hue."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from syncaug.errors import RefusalError
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.tone import ToneMap
from syncaug.modalities.carrier import Carrier, describe
from syncaug.words import (
    AmbiguousColour,
    Edit,
    Symmetry,
    UnmovableDirection,
    apply_edits,
    direction_edits,
    direction_words,
    recolour_edits,
)

__all__ = ["TextCarrier"]

_LEAVE_BELOW = 20.0
"""Degrees of tilt up to which "left" is still left."""


class TextCarrier(Carrier):
    """A string; what mirrors and turns it has met wait as one symmetry and the rest of a turn.

    `history` holds the edits of each rewriting, in order, so that spans of the original move along.
    """

    __slots__ = ("angle", "history", "hue", "mirrored", "pending")

    def read(self, value: Any) -> str:
        self.history: list[Sequence[Edit]] = []
        self.pending: list[PlaneMap] = []
        self.mirrored, self.angle, self.hue = False, 0.0, 0.0
        if not isinstance(value, str):
            raise self.fail("a string", describe(value))
        if not value.strip():
            raise self.fail("a text with words", f"the empty text {value!r}")
        return value

    def plane(self, plane: PlaneMap) -> None:
        self.pending.append(plane)

    def _meet(self, plane: PlaneMap) -> None:
        """Add a map's mirror and turn to those that wait."""
        (a, b), (c, d) = plane.linear.tolist()
        mirrors = a * d - b * c < 0
        if mirrors:  # linear = turn @ diag(-1, 1)
            a, c = -a, -c
        angle = math.degrees(math.atan2(b - c, a + d))  # y points down: counterclockwise as seen
        self.angle = angle - self.angle if mirrors else angle + self.angle
        self.mirrored ^= mirrors

    def field(self, field: FieldMap) -> None:
        """A warp without a formula bends the picture; left stays left."""

    def tone(self, tone: ToneMap) -> None:
        self.hue += tone.hue

    def settle(self) -> None:
        if self.pending:
            for plane in self.pending:
                self._meet(plane)
            self.pending.clear()
        if self.mirrored or abs(self.angle) > 1e-9:
            self._turn()
        if self.hue:
            hue, self.hue = self.hue, 0.0
            self.recolour(hue)

    def _turn(self) -> None:
        quarters = round(self.angle / 90.0)
        rest = self.angle - 90.0 * quarters
        limit = self.stream.options.get("leave_below", _LEAVE_BELOW)
        if abs(rest) > limit and direction_words(self.data):
            raise RefusalError(
                self.stream.name,
                f"turned by {self.angle:.0f} degrees, more than {limit:g} from a quarter turn, "
                "and the text speaks of directions",
            )
        symmetry = Symmetry(self.mirrored, quarters % 4)
        self.mirrored, self.angle = False, rest if abs(rest) > 1e-9 else 0.0
        if not symmetry.is_identity:
            try:
                self.edit(direction_edits(self.data, symmetry))
            except UnmovableDirection as error:
                raise RefusalError(self.stream.name, str(error)) from error

    def recolour(self, degrees: float) -> None:
        """Move the colour words by `degrees` on the colour wheel."""
        try:
            self.edit(recolour_edits(self.data, degrees))
        except AmbiguousColour as error:
            raise RefusalError(self.stream.name, str(error)) from error

    def edit(self, edits: Sequence[Edit]) -> None:
        """Rewrite, and remember how."""
        if edits:
            changes = self.notes.setdefault("changed", [])
            changes.extend([self.data[edit.start : edit.end], edit.text] for edit in edits)
            self.history.append(tuple(edits))
            self.data = apply_edits(self.data, edits)

    def noise(self, noise: Noise) -> None:
        from syncaug.backends.nlpaug import typing_errors

        self.settle()
        if noise.severity > 0.0:
            self.edit(typing_errors(self.data, noise.kind, noise.severity, noise.entropy))

    def finish(self) -> dict[str, Any]:
        self.settle()
        return {self.stream.name: self.data}
