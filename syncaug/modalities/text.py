"""Text: captions whose direction words follow mirrors and whose colour words follow the hue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.words import Rebuild, Tilt
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.wording import LEAVE_BELOW, Wording
from syncaug.words import Edit

__all__ = ["TextCarrier"]


class TextCarrier(Carrier):
    """A string. How it follows its maps is `Wording`'s matter; `data` is the present text.

    `grounded` are called before it settles: they take out what is not in the picture any more.
    """

    __slots__ = ("grounded", "wording")

    def read(self, value: Any) -> str:
        self.grounded: list[Callable[[], None]] = []
        if not isinstance(value, str):
            raise self.fail("a string", describe(value))
        if not value.strip():
            raise self.fail("a text with words", f"the empty text {value!r}")
        limit = self.stream.options.get("leave_below", LEAVE_BELOW)
        self.wording = Wording(value, stream=self.stream.name, notes=self.notes, leave_below=limit)
        return value

    @property
    def history(self) -> Sequence[Sequence[Edit]]:
        """The edits of each rewriting so far, in order."""
        return self.wording.history

    def plane(self, plane: PlaneMap) -> None:
        self.wording.plane(plane)

    def field(self, field: FieldMap) -> None:
        """A warp without a formula bends the picture; left stays left."""

    def tone(self, tone: ToneMap) -> None:
        self.wording.tone(tone)

    def words(self, rule: Rebuild | Tilt) -> None:
        """Its phrases know what has left the picture."""

    def noise(self, noise: Noise) -> None:
        self.settle()
        self.wording.noise(noise)
        self.data = self.wording.text

    def settle(self) -> None:
        for shorten in self.grounded:
            shorten()
        self.wording.settle()
        self.data = self.wording.text

    def edit(self, edits: Sequence[Edit]) -> None:
        """Rewrite, and remember how."""
        self.wording.edit(edits)
        self.data = self.wording.text

    def finish(self) -> dict[str, Any]:
        self.settle()
        return {self.stream.name: self.data}
