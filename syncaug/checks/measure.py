"""What a check is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from syncaug.engine.state import State
from syncaug.maps.plane import PlaneMap
from syncaug.modalities import Carrier

__all__ = ["Encoder", "Measure", "Outcome"]

C = TypeVar("C", bound=Carrier)

Encoder = Callable[[str, Any], Any]
"""What turns a stream into a vector: `encoder(modality, value)`; see `similarity`."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number, whether it is good enough, and what it says where it is not.

    `value` is NaN where there was nothing to measure, which passes. `parts` holds the numbers of
    which `value` is the worst, by the stream or the pair of streams that each belongs to.
    """

    value: float
    passed: bool
    text: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)

    @staticmethod
    def nothing(text: str) -> Measure:
        """There was nothing to measure, and why; `parts` says so in the record."""
        return Measure(float("nan"), True, text, {"measured": 0.0})


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sample before and after, with the carriers that took it there."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    state: State
    encoders: Mapping[str, Encoder] = field(default_factory=dict)

    def carriers(self, kind: type[C], stream: str = "") -> Iterator[C]:
        """The carriers of one class; only that of `stream` where it is not empty."""
        for name, carrier in self.state.carriers.items():
            if isinstance(carrier, kind) and stream in ("", name):
                yield carrier

    def clock_end(self, clock: str) -> float:
        """The second at which the last sampled stream of a clock ends; without any, the clock."""
        ends = []
        for carrier in self.state.carriers.values():
            if carrier.stream.spec.media and carrier.stream.spaces.get("clock") == clock:
                seconds = carrier.clock_duration()
                if seconds is not None:
                    ends.append(seconds + float(carrier.stream.options.get("offset", 0.0)))
        return max(ends, default=self.state.clocks[clock].duration)

    def plane(self, name: str) -> PlaneMap:
        """The map from the first to the last picture of a plane."""
        return self.state.totals[name]
