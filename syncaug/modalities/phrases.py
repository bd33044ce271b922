"""Phrases: spans of a text, each grounded to a box; they go where both go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.modalities.boxes import BoxesCarrier
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.text import TextCarrier
from syncaug.words import move_span

__all__ = ["PhrasesCarrier"]


class PhrasesCarrier(Carrier):
    """A list of strings or null, one for each box; each string occurs in the text."""

    __slots__ = ("boxes", "spans", "text")

    def read(self, value: Any) -> Any:
        self.boxes: BoxesCarrier | None = None
        self.text: TextCarrier | None = None
        self.spans: list[tuple[int, int] | None] = []
        if not isinstance(value, list | tuple):
            raise self.fail("a list of strings or null", describe(value))
        for index, phrase in enumerate(value):
            if phrase is not None and (not isinstance(phrase, str) or not phrase):
                raise self.fail("a list of strings or null", f"entry {index} is {describe(phrase)}")
        return value

    def connect(self, carriers: Mapping[str, Carrier]) -> None:
        """Find the boxes and the text to which the phrases belong, and the spans."""
        boxes = carriers.get(self.stream.options.get("boxes", ""))
        text = carriers.get(self.stream.options.get("text", ""))
        if isinstance(boxes, BoxesCarrier):
            self.boxes = boxes
            if len(self.data) != len(boxes.corners):
                raise self.fail(
                    f"{len(boxes.corners)} phrases, one for each box", f"{len(self.data)}"
                )
        if isinstance(text, TextCarrier):
            self.text = text
            self._find(text.data)

    def _find(self, text: str) -> None:
        """Locate each phrase; the same phrase twice means its next occurrence."""
        taken: dict[str, int] = {}
        for phrase in self.data:
            if phrase is None:
                self.spans.append(None)
                continue
            start = text.find(phrase, taken.get(phrase, 0))
            if start < 0 and phrase not in taken:
                start = text.lower().find(phrase.lower()) if text.lower().isascii() else -1
            if start < 0:
                start = text.find(phrase)  # one mention may ground several boxes
            if start < 0:
                raise self.fail(
                    f"phrases that occur in {self.stream.options.get('text')!r}", f"{phrase!r}"
                )
            taken[phrase] = start + len(phrase)
            self.spans.append((start, start + len(phrase)))

    def plane(self, plane: PlaneMap) -> None:
        """Carried by their boxes and their text."""

    def field(self, field: FieldMap) -> None:
        """Carried by their boxes and their text."""

    def finish(self) -> dict[str, Any]:
        phrases = list(self.data)
        if self.text is not None:
            self.text.settle()
            for index, span in enumerate(self.spans):
                if span is not None:
                    moved = span
                    for edits in self.text.history:
                        moved = move_span(moved, edits)
                    phrases[index] = self.text.data[moved[0] : moved[1]]
        if self.boxes is not None:
            self.boxes.settle()
            phrases = [phrases[index] for index in self.boxes.kept]
        return {self.stream.name: type(self.data)(phrases)}
