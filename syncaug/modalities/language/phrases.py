"""Phrases: spans of a text, each grounded to a box; they go where both go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from syncaug.errors import RefusalError
from syncaug.maps.mask import Drop, Occlusion
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.words import Rebuild, Speech, Tilt
from syncaug.modalities.annotations.rows import Bools, Numbers
from syncaug.modalities.annotations.sides import texts_of
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.language.grounding import Grounding
from syncaug.modalities.language.phrase_rules import PhraseRules, Span, require_lists, spans_under
from syncaug.modalities.language.text import TextCarrier
from syncaug.modalities.plane.boxes import BoxesCarrier
from syncaug.plan.stream import Stream
from syncaug.words import Symmetry, UnmovableDirection, apply_edits, direction_edits

__all__ = ["PhrasesCarrier"]


class PhrasesCarrier(Carrier):
    """A list of strings or null, one for each box; each string occurs in the text.

    Of a text that is a list, a list of such lists, one for each of its strings: `groundings`.
    `times` has [start, end] in seconds, or null, for each phrase where the stream declares them.
    """

    __slots__ = (
        *("boxes", "groundings", "mirrored", "rebuilding", "several"),
        *("silent", "text", "times"),
    )
    rules: PhraseRules

    @classmethod
    def rules_of(cls, stream: Stream) -> PhraseRules:
        """To what the stream's phrases belong."""
        return PhraseRules.of(stream)

    def read(self, value: Any) -> Any:
        self.boxes: BoxesCarrier | None = None
        self.text: TextCarrier | None = None
        self.rebuilding = self.silent = self.mirrored = False
        if not isinstance(value, list | tuple):
            hint = "" if value is not None else "Declare optional: true if they may be missing."
            raise self.fail("a list of strings or null", describe(value), hint)
        text = self.rules.text
        self.several = bool(text) and any(isinstance(entry, list | tuple) for entry in value)
        if self.several:
            require_lists(self.stream.name, text, value, len(value))
        for number, phrases in enumerate(value if self.several else [value]):
            for index, phrase in enumerate(phrases):
                if phrase is not None and (not isinstance(phrase, str) or not phrase):
                    place = f" in list {number}" if self.several else ""
                    raise self.fail(
                        "a list of strings or null", f"entry {index}{place} is {describe(phrase)}"
                    )
        self.groundings = [Grounding(each) for each in (value if self.several else [value])]
        self.times = self._times(value) if self.rules.times else []
        return value

    def _times(self, value: Any) -> list[tuple[float, float] | None]:
        if self.several:
            raise self.fail(
                "phrases of one text, because they have times",
                f"lists of phrases for {len(value)} texts",
                f"Declare choose: one of {self.rules.text!r}, or leave out times:.",
            )
        key = self.rules.times
        return spans_under(key, self.parallel(key, len(value)))

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        """Find the boxes and the text to which the phrases belong, and the spans."""
        boxes = carriers.get(self.rules.boxes)
        text = carriers.get(self.rules.text)
        if isinstance(text, TextCarrier):
            self.text = text
            self._require_lists(text)
        if isinstance(boxes, BoxesCarrier):
            self.boxes = boxes
            for place, grounding in self.named():
                if len(grounding.phrases) != len(boxes.share):
                    raise self.fail(
                        f"{len(boxes.share)} phrases, one for each box",
                        f"{len(grounding.phrases)}{place}",
                    )
                grounding.spoken -= boxes.unadmitted  # the text may go on speaking of them
        if self.text is not None:
            self._ground(self.text)

    def _require_lists(self, text: TextCarrier) -> None:
        """Raise SampleError unless there is a list of phrases for each text of a list."""
        count = len(text.captions)
        if not text.is_several:
            if self.several:
                raise self.fail(
                    f"one list of strings or null, because {self.rules.text!r} is one string",
                    f"{len(self.data)} lists",
                )
        elif not (count or self.data):
            self.groundings = []
        else:
            require_lists(self.stream.name, self.rules.text, self.data, count)

    def _ground(self, text: TextCarrier) -> None:
        for (place, grounding), caption in zip(self.named(), text.captions, strict=True):
            try:
                grounding.ground(caption)
            except KeyError as error:
                (phrase,) = error.args
                raise self.fail(
                    f"phrases that occur in {self.rules.text!r}", f"{phrase!r}{place}"
                ) from None
            caption.grounded.append(partial(self._rebuild, grounding))
            caption.holding.append(grounding.held)

    def named(self) -> Iterator[tuple[str, Grounding]]:
        """The phrases of each text, with its place for messages; empty for a text alone."""
        for index, grounding in enumerate(self.groundings):
            yield f" in list {index}" if self.several else "", grounding

    def plane(self, plane: PlaneMap) -> None:
        """Carried by their boxes and their text; without a text a mirror swaps sides by rule."""
        self.mirrored ^= plane.mirrors

    def side_names(self) -> Iterable[str]:
        return texts_of(self.data)

    def _mirror(self) -> None:
        """Let phrases without a text follow the mirrors so far."""
        if self.mirrored and self.text is None:
            for grounding in self.groundings:
                grounding.phrases = grounding.formed(list(map(self._other_side, grounding.phrases)))
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

    def _rebuild(self, grounding: Grounding) -> None:
        """Take the phrases of boxes that are gone out of a text, where a step asked for it."""
        if not self.rebuilding or self.boxes is None:
            return
        self.boxes.settle()
        if self.boxes.blind:
            return  # they show nothing, which says nothing about what is in the picture
        dropped = grounding.rebuild(set(self.boxes.kept.tolist()))
        if dropped:
            self.notes.setdefault("dropped", []).extend(dropped)

    def become(
        self,
        kept: list[int],
        said: Sequence[Sequence[str | None]],
        spans: Sequence[Sequence[Span | None]],
    ) -> None:
        """Go on with the phrases at `kept` and others, which lie at `spans` of the present texts.

        `said` and `spans` have a list for each text.
        """
        self._mirror()
        for grounding, phrases, places in zip(self.groundings, said, spans, strict=True):
            grounding.become(kept, phrases, places)
        if self.times:
            self.times = [*(self.times[index] for index in kept), *[None] * len(said[0])]

    # Rows of a group

    def row_count(self) -> int:
        if self.groundings:
            return len(self.groundings[0].phrases)
        return 0 if self.boxes is None else self.boxes.row_count()

    def alive_rows(self) -> Bools:
        """Those of its boxes; without boxes all, because a phrase that is gone is null."""
        if self.boxes is not None:
            return self.boxes.alive_rows()
        return np.ones(self.row_count(), dtype=bool)

    def add_rows(self, partner: Carrier) -> None:
        assert isinstance(partner, PhrasesCarrier)
        nothing: list[None] = [None] * partner.row_count()
        lists = [nothing] * len(self.groundings)
        self.become(list(range(self.row_count())), lists, lists)

    def mute(self, rows: Collection[int]) -> None:
        """Let the phrases of some rows be null."""
        for grounding in self.groundings:
            grounding.mute(rows)

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        alive = self.alive_rows()
        return self._given(kept.tolist(), gone={r for r in kept.tolist() if not alive[r]})

    # The way out

    def finish(self) -> dict[str, Any]:
        if self.boxes is not None:
            self.boxes.settle()
            return self._given(self.boxes.kept.tolist())
        return self._given(range(self.row_count()))

    def _given(self, kept: Sequence[int], gone: Collection[int] = ()) -> dict[str, Any]:
        """The phrases of the rows at `kept`, null where their thing is `gone`, and their times."""
        self._mirror()
        if self.text is not None:
            self.text.settle()
        if self.boxes is not None:
            self.boxes.settle()
        lists = [self._left(grounding, kept, gone) for grounding in self.groundings]
        alone = bool(lists) and not self.several
        out: dict[str, Any] = {self.stream.name: lists[0] if alone else type(self.data)(lists)}
        if self.times:
            key = self.rules.times
            spans = [None if index in gone else self.times[index] for index in kept]
            out[key] = [None if span is None else list(span) for span in spans]
            if type(self.sample[key]) is tuple:
                out[key] = tuple(out[key])
        return out

    def _left(
        self, grounding: Grounding, kept: Sequence[int], gone: Collection[int]
    ) -> Sequence[str | None]:
        """The phrases of one text in some rows, in the form in which they came."""
        phrases = grounding.now()
        if self.silent:
            phrases = [None] * len(phrases)
        return grounding.formed([None if row in gone else phrases[row] for row in kept])
