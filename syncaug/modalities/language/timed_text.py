"""Timed text: subtitles and transcripts, whose cues follow time and whose words follow the rest."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from syncaug.backends.operation import Operated, Operation
from syncaug.kernels.inner_times import UnmovableTimes
from syncaug.maps.mask import Blank, Drop
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.words import Rebuild, Tilt
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.language.cues import Cue, blanked, moved
from syncaug.modalities.language.joined_cues import joined_cues, spoken_within
from syncaug.modalities.language.said_times import suspect_times
from syncaug.modalities.language.word_rules import WordRules
from syncaug.modalities.language.wording import Wording
from syncaug.modalities.pairs import note_mix
from syncaug.plan.stream import Stream
from syncaug.randomness import Entropy

__all__ = ["MIN_VISIBLE", "TimedTextCarrier"]

_TIMES = (
    "Give its times as numbers, 00:01:02,500 as 62.5, or let syncaug apply read the file of "
    "subtitles that a manifest names."
)
_FORM = 'a list of {"start", "end", "text"}, in seconds'
MIN_VISIBLE = 0.1
"""The share of a cue's duration below which a cut drops it."""


@dataclass(frozen=True, slots=True)
class CueRules:
    """What the words of cues may do, from which second of their clock they count, and when a cut
    drops one: below the share `min_visible` of its duration.
    """

    words: WordRules
    offset: float = 0.0
    min_visible: float = MIN_VISIBLE


class TimedTextCarrier(Carrier):
    """Cues: a list of {"start", "end", "text"} in seconds; their other keys are kept.

    Cues may overlap and stay in their order. Their text never changes with time; under a reversed
    clock the cues trade places and each still reads forwards.
    """

    __slots__ = ("cues", "pending", "size")
    rules: CueRules

    @classmethod
    def rules_of(cls, stream: Stream) -> CueRules:
        """What the stream's options say of its words and of its clock."""
        options = stream.options
        return CueRules(
            WordRules.of(stream),
            float(options.get("offset", 0.0)),
            options.get("min_visible", MIN_VISIBLE),
        )

    def read(self, value: Any) -> Any:
        self.pending: TimeMap | None = None
        self.size: Size | None = None
        if not isinstance(value, list | tuple):
            raise self.fail(_FORM, describe(value), _list_hint(value))
        self.cues: list[Cue] = []
        for number, entry in enumerate(value):
            start, end, text = self._entry(number, entry)
            wording = Wording(text, self.rules.words, self.notes)
            self.cues.append(Cue(start, end, wording, entry))
        return value

    def _entry(self, number: int, entry: Any) -> tuple[float, float, str]:
        """Start, end and text of a cue. Raises SampleError where it is none."""
        where = f"cue {number}"
        if not isinstance(entry, Mapping) or not {"start", "end", "text"} <= set(entry):
            raise self.fail(_FORM, f"{where}: {describe(entry)}", _entry_hint(entry))
        times: list[float] = []
        for key in ("start", "end"):
            second = entry[key]
            try:
                plain = math.nan if isinstance(second, bool | str) else float(second)
            except (TypeError, ValueError):
                plain = math.nan
            if not math.isfinite(plain):
                hint = _TIMES if isinstance(second, str) else ""
                raise self.fail(_FORM, f"{where} with {key} {second!r}"[:80], hint)
            times.append(plain)
        if times[1] < times[0]:
            raise self.fail(
                "cues that end after they start",
                f"{where} from {times[0]:g} s to {times[1]:g} s",
            )
        if not isinstance(entry["text"], str):
            raise self.fail(_FORM, f"{where} with the text {describe(entry['text'])}")
        return times[0], times[1], entry["text"]

    def clock_duration(self) -> float | None:
        """When the last cue ends; nothing where there are no cues."""
        if self.pending is not None:
            return self.pending.duration
        return max((cue.end for cue in self.cues), default=None)

    # Maps

    def time(self, time: TimeMap) -> None:
        seen = time.seen_from(self.rules.offset)
        self.pending = seen if self.pending is None else self.pending.then(seen)

    def doubt_times(self, time: TimeMap) -> None:
        suspect_times(self, (cue.wording.text for cue in self.cues), time)

    def blank(self, blank: Blank) -> None:
        """Words that are spoken in the spans go where the blank says so."""
        if blank.text == "blank":
            self.settle()
            offset = self.rules.offset
            spans = [(start - offset, stop - offset) for start, stop in blank.spans]
            self.cues = blanked(self.cues, spans)

    def drop(self, drop: Drop) -> None:
        """No cue is left; the clock goes on."""
        self.settle()
        self.cues = []

    def size_on(self, plane: str) -> Size | None:
        """How large its picture is for the cues; None where no map has met them."""
        return self.size

    def plane(self, plane: PlaneMap) -> None:
        self.size = plane.size
        for cue in self.cues:
            cue.wording.plane(plane)

    def words(self, rule: Rebuild | Tilt) -> None:
        """Tilts have a rule from now on."""
        if isinstance(rule, Tilt):
            for cue in self.cues:
                cue.wording.rules = cue.wording.rules.tilted(rule)

    def field(self, field: FieldMap) -> None:
        """A warp without a formula bends the picture; left stays left."""
        self.size = field.size
        for cue in self.cues:
            cue.wording.bend(field)

    def tone(self, tone: ToneMap) -> None:
        for cue in self.cues:
            cue.wording.tone(tone)

    def noise(self, noise: Noise) -> None:
        """Typing errors, of their own in each cue."""
        self.settle()
        for number, cue in enumerate(self.cues):
            if cue.wording.text.strip():
                cue.wording.noise(replace(noise, entropy=noise.entropy.child(str(number))))

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Let the partner's words of a span stand in place of the own ones, or beside them."""
        assert isinstance(partner, TimedTextCarrier)
        note_mix(self.notes, mix)
        self._place()
        partner._place()
        with self._moving():
            self._mix(mix, partner)

    def _mix(self, mix: Mix, partner: TimedTextCarrier) -> None:
        start, stop = (moment - self.rules.offset for moment in mix.span)
        begin = mix.begin - self.rules.offset
        theirs = spoken_within(partner.cues, begin, begin + stop - start)
        if mix.kind == "span":
            before = spoken_within(self.cues, -math.inf, start)
            after = spoken_within(self.cues, stop, math.inf)
            self.cues = joined_cues([*before, *after], theirs, start - begin, self.notes)
            return
        own = self.cues if 1.0 - mix.weight >= mix.least else []
        theirs = theirs if mix.weight >= mix.least else []
        self.cues = joined_cues(own, theirs, start - begin, self.notes)

    def operate(
        self, operation: Operation, values: Mapping[str, Any], entropy: Entropy
    ) -> Operated | None:
        """Change the words of each cue, each by an address of its own."""
        for number, cue in enumerate(self.cues):
            operated = operation.run(cue.wording.text, values, entropy.child(str(number)))
            cue.wording.edit(operated.edits)
        return None

    def settle(self) -> None:
        for cue in self.cues:
            cue.wording.settle()
            cue.wording.carried_out()
        if self.pending is not None:
            time, self.pending = self.pending, None
            if not time.is_identity:
                with self._moving():
                    self.cues = moved(self.cues, time, self.rules.min_visible)

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """Say which times of a cue cannot be moved."""
        try:
            yield
        except UnmovableTimes as error:
            number = next((n for n, cue in enumerate(self.cues) if error.key in cue.source), 0)
            raise self.fail(
                "cues whose times are start and end, or words with start and end of their own",
                f"cue {number} with times of its own under {error.key!r}",
                "Make them a timed_text stream of their own, or take them out, so that none stays "
                "behind where the clock moves.",
            ) from None

    def cut(self) -> None:
        for cue in self.cues:
            cue.wording.cut()

    def _place(self) -> None:
        """Write the places of all cues as the picture shows them now."""
        self.settle()
        for cue in self.cues:
            cue.wording.place()

    def finish(self) -> dict[str, Any]:
        self._place()
        cues = [
            {**cue.source, "start": cue.start, "end": cue.end, "text": cue.wording.text}
            for cue in self.cues
        ]
        return {self.stream.name: tuple(cues) if isinstance(self.data, tuple) else cues}


def _list_hint(value: Any) -> str:
    """What to do with cues in another form."""
    if isinstance(value, Mapping):
        lists = [key for key, entry in value.items() if isinstance(entry, list)]
        return f"Give the list alone: value[{lists[0]!r}]." if len(lists) == 1 else ""
    if isinstance(value, str | bytes):
        return (
            "In Python a sample holds the cues: parse the subtitles first, or let syncaug apply "
            "read the file that a manifest names."
        )
    return ""


def _entry_hint(entry: Any) -> str:
    """What to do with a cue whose times or text have other names."""
    if isinstance(entry, list | tuple) and len(entry) == 3:
        return 'Name what it holds: {"start": 0.5, "end": 2.0, "text": "a word"}.'
    if not isinstance(entry, Mapping):
        return ""
    if any(isinstance(key, str) and key.endswith("_ms") for key in entry):
        return "Rename its keys, and divide milliseconds by 1000."
    return "Rename its keys." if len(entry) > 1 else ""
