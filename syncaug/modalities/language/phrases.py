"""Phrases: spans of a text, each grounded to a box; they go where both go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syncaug.errors import RefusalError
from syncaug.maps.mask import Drop, Occlusion
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.words import Rebuild, Speech, Tilt
from syncaug.modalities.annotations.sides import texts_of
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.language.phrase_rules import (
    PhraseRules,
    Span,
    found_in,
    spans_under,
)
from syncaug.modalities.language.text import TextCarrier
from syncaug.modalities.plane.boxes import BoxesCarrier
from syncaug.plan.stream import Stream
from syncaug.words import (
    CountsGone,
    NothingLeft,
    Spoken,
    Symmetry,
    UnmovableDirection,
    apply_edits,
    direction_edits,
    move_span,
    rebuild,
)

__all__ = ["PhrasesCarrier"]


class PhrasesCarrier(Carrier):
    """A list of strings or null, one for each box; each string occurs in the text.

    `times` has [start, end] in seconds, or null, for each where the stream declares them. `spoken`
    are the phrases that the text still says.
    """

    __slots__ = (
        *("born", "boxes", "mirrored", "rebuilding", "silent"),
        *("spans", "spoken", "text", "times"),
    )
    rules: PhraseRules

    @classmethod
    def rules_of(cls, stream: Stream) -> PhraseRules:
        """To what the stream's phrases belong."""
        return PhraseRules.of(stream)

    def read(self, value: Any) -> Any:
        self.boxes: BoxesCarrier | None = None
        self.text: TextCarrier | None = None
        self.spans: list[Span | None] = []
        self.rebuilding = self.silent = self.mirrored = False
        if not isinstance(value, list | tuple):
            raise self.fail("a list of strings or null", describe(value))
        for index, phrase in enumerate(value):
            if phrase is not None and (not isinstance(phrase, str) or not phrase):
                raise self.fail("a list of strings or null", f"entry {index} is {describe(phrase)}")
        self.spoken = set(range(len(value)))
        self.born = [0] * len(value)
        key = self.rules.times
        self.times = spans_under(key, self.parallel(key, len(value))) if key else []
        return value

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        """Find the boxes and the text to which the phrases belong, and the spans."""
        boxes = carriers.get(self.rules.boxes)
        text = carriers.get(self.rules.text)
        if isinstance(boxes, BoxesCarrier):
            self.boxes = boxes
            if len(self.data) != len(boxes.share):
                raise self.fail(
                    f"{len(boxes.share)} phrases, one for each box", f"{len(self.data)}"
                )
            self.spoken -= boxes.unadmitted  # the text may go on speaking of them
        if isinstance(text, TextCarrier):
            self.text = text
            try:
                self.spans = found_in(text.data, self.data)
            except KeyError as error:
                (phrase,) = error.args
                raise self.fail(
                    f"phrases that occur in {self.rules.text!r}", f"{phrase!r}"
                ) from None
            text.grounded.append(self._rebuild)

    def plane(self, plane: PlaneMap) -> None:
        """Carried by their boxes and their text; without a text a mirror swaps sides by rule."""
        self.mirrored ^= plane.mirrors

    def side_names(self) -> Iterable[str]:
        return texts_of(self.data)

    def _mirror(self) -> None:
        """Let phrases without a text follow the mirrors so far."""
        if self.mirrored and self.text is None:
            self.data = type(self.data)(map(self._other_side, self.data))
        self.mirrored = False

    def _other_side(self, phrase: str | None) -> str | None:
        sides = self.rules.sides
        if phrase is None or not sides.by_name or " " not in phrase:
            return None if phrase is None else str(sides.other(phrase))
        try:
            edits = direction_edits(phrase, Symmetry(mirrored=True), compass="keep")
            return apply_edits(phrase, edits)
        except UnmovableDirection as error:
            raise RefusalError(self.stream.name, str(error)) from error

    def field(self, field: FieldMap) -> None:
        """Carried by their boxes and their text."""

    def occlude(self, occlusion: Occlusion) -> None:
        """Carried by their boxes and their text."""

    def time(self, time: TimeMap) -> None:
        """Times move; one of a phrase that is cut away is null, of one that is looped its first."""
        time = time.seen_from(self.rules.offset)
        for index, span in enumerate(self.times):
            if span is not None:
                places = time.places(*span)
                self.times[index] = places[0] if places else None

    def speech(self, cut: PlaneMap) -> Speech:
        """When the phrases are spoken that would remain after one more map."""
        kept = set(range(len(self.times)))
        if self.boxes is not None:
            kept &= {*self.boxes.visible(cut).tolist(), *self.boxes.unadmitted}
        offset = self.rules.offset
        spans = [
            (span[0] + offset, span[1] + offset)
            for index, span in enumerate(self.times)
            if span is not None and index in kept
        ]
        gone = any(span is not None for i, span in enumerate(self.times) if i not in kept)
        return Speech(self.stream.spaces["clock"], tuple(sorted(spans)), not gone)

    def drop(self, drop: Drop) -> None:
        """No phrase is left; there is still one entry for each box."""
        self.silent = True

    def words(self, rule: Rebuild | Tilt) -> None:
        """From now on what is gone from the picture goes from the text."""
        if isinstance(rule, Rebuild) and self.boxes is not None:
            self.boxes.leave()
            self.rebuilding = True

    def _rebuild(self) -> None:
        """Take the phrases of boxes that are gone out of the text, where a step asked for it."""
        if not self.rebuilding or self.boxes is None or self.text is None:
            return
        self.boxes.settle()
        if self.boxes.blind or not self.text.wording.text:
            return  # they show nothing, which says nothing about what is in the picture
        kept = set(self.boxes.kept.tolist())
        gone = self.spoken - kept
        if not gone:
            return
        spoken = self.counted(kept)
        self.spoken &= kept
        try:
            edits = rebuild(self.text.wording.text, spoken)
        except (CountsGone, NothingLeft) as error:
            raise RefusalError(self.text.stream.name, str(error)) from error
        self.text.edit(edits)
        dropped = [self.data[index] for index in sorted(gone) if self.data[index] is not None]
        self.notes.setdefault("dropped", []).extend(dropped)

    def become(
        self,
        kept: list[int],
        said: Sequence[str | None],
        spans: Sequence[tuple[int, int] | None],
    ) -> None:
        """Go on with the phrases at `kept` and others, which lie at `spans` of the present text."""
        self._mirror()
        history = len(self.text.history) if self.text is not None else 0
        if self.spans:
            self.spans = [*(self.spans[index] for index in kept), *spans]
        self.born = [*(self.born[index] for index in kept), *[history] * len(said)]
        self.data = type(self.data)([*(self.data[index] for index in kept), *said])
        if self.times:
            self.times = [*(self.times[index] for index in kept), *[None] * len(said)]
        self.spoken = set(range(len(self.data)))

    def counted(self, kept: set[int]) -> list[Spoken]:
        """Each place of the text that still speaks of boxes, and how many of those are kept."""
        counts: dict[tuple[int, int], list[int]] = {}
        for index in sorted(self.spoken):
            if (span := self.moved(index)) is not None:
                count = counts.setdefault(span, [0, 0])
                count[0] += 1
                count[1] += index in kept
        return [Spoken(*span, boxes, left) for span, (boxes, left) in counts.items()]

    def moved(self, index: int) -> tuple[int, int] | None:
        """Where a phrase lies in the text as it is now."""
        span = self.spans[index] if self.spans else None
        if span is None or self.text is None:
            return None
        for edits in self.text.history[self.born[index] :]:
            span = move_span(span, edits)
        return span

    def finish(self) -> dict[str, Any]:
        self._mirror()
        phrases = list(self.data)
        if self.text is not None:
            self.text.settle()
            for index in range(len(phrases)):
                if (span := self.moved(index)) is not None:
                    phrases[index] = self.text.data[span[0] : span[1]] or None
        if self.silent:
            phrases = [None] * len(phrases)
        if self.boxes is not None:
            self.boxes.settle()
            phrases = [phrases[index] for index in self.boxes.kept]
        out: dict[str, Any] = {self.stream.name: type(self.data)(phrases)}
        if self.times:
            key = self.rules.times
            kept = range(len(self.times)) if self.boxes is None else self.boxes.kept
            like = type(self.sample[key])
            spans = [self.times[index] for index in kept]
            out[key] = [None if span is None else list(span) for span in spans]
            if like is tuple:
                out[key] = tuple(out[key])
        return out
