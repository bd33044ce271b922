"""A modality of one's own: `pulse`, the moments of heartbeats, which follow a clock.

The entry point `pulse = "pulse"` in the group `syncaug.modalities` names this module. `SPEC` says
where such streams live and what each kind of map does to them, `STREAM` what a policy may say of
one, and `CARRIER` carries one stream of one sample: seconds, as a list or an array of floats.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from syncaug.catalogue.modalities import ModalitySpec
from syncaug.maps.mask import Blank, Drop
from syncaug.maps.time import TimeMap
from syncaug.modalities import Carrier
from syncaug.policy.streams.base import OnClock

SPEC = ModalitySpec(
    name="pulse",
    spaces=("clock",),
    carries={
        "time": "beats go where their moments go; those that are cut are dropped",
        "blank": "beats in the spans are dropped",
        "drop": "no beat is left",
    },
    unaffected={"tone": "it has no colour", "noise": "it is exact"},
    cheap=True,
)


class STREAM(OnClock):
    """The moments of heartbeats."""

    what: ClassVar[str] = "a pulse stream"
    modality: Literal["pulse"] = Field(description="The moments of heartbeats.")


class PulseCarrier(Carrier):
    """Moments in seconds, carried as float64 and handed back in the form in which they came."""

    __slots__ = ("beats",)

    def read(self, value: Any) -> Any:
        array = np.asarray(value)
        if array.ndim != 1 or (array.size and array.dtype.kind != "f"):
            raise self.fail("a list or an array of seconds", f"{value!r:.60}")
        if not isinstance(value, list | np.ndarray) or not np.isfinite(array).all():
            raise self.fail("finite seconds in a list or an array", f"{value!r:.60}")
        self.beats = array.astype(np.float64)
        return value

    def time(self, time: TimeMap) -> None:
        """Each segment shows a span of the source, forwards or backwards."""
        offset = float(self.stream.options.get("offset", 0.0))
        beats = self.beats + offset
        found = []
        for segment in time.segments:
            if not segment.is_gap:
                low, high = sorted((segment.first, segment.last))
                inside = beats[(beats >= low) & (beats < high)]
                share = (inside - segment.first) / (segment.last - segment.first)
                found.append(segment.start + share * (segment.stop - segment.start))
        self.beats = np.sort(np.concatenate([*found, np.zeros(0)])) - offset

    def blank(self, blank: Blank) -> None:
        offset = float(self.stream.options.get("offset", 0.0))
        self.beats = self.beats[~blank.covers(self.beats + offset)]

    def drop(self, drop: Drop) -> None:
        self.beats = np.zeros(0)

    def clock_duration(self) -> float | None:
        """Beats tell how long a clock lasts where no sound or film does."""
        return math.nextafter(float(self.beats[-1]), math.inf) if len(self.beats) else None

    def finish(self) -> dict[str, Any]:
        if isinstance(self.data, list):
            return {self.stream.name: self.beats.tolist()}
        return {self.stream.name: self.beats.astype(self.data.dtype)}


CARRIER = PulseCarrier
