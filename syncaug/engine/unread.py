"""What of a sample in files is read before it is carried: what its draw needs, and no more.

A film or a sound goes to its carrier as it is, in its file, which is read when time has chosen what
is shown. A stream that a step drops, before anything but time and the plane has touched it, is not
read at all: nothing of it is left. All others are read whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from syncaug.catalogue.checks import check_spec
from syncaug.draw import SHARED, Draw, StepDraw
from syncaug.engine.lanes import Lanes
from syncaug.modalities.carrier import Carrier
from syncaug.plan.plan import Plan, Step
from syncaug.transforms import maps_of
from syncaug.unread import IN_MEMORY, Unread, UnreadFilm, UnreadSound

__all__ = ["UnreadStreams", "unread"]

_IN_PARTS = (UnreadFilm, UnreadSound)
_PLACES_ONLY = frozenset({"plane", "field", "lens", "time", "blank", "occlude"})
"""Kinds of map that ask nothing of what a stream holds and leave no note of it."""


def unread(sample: Mapping[str, Any]) -> tuple[str, ...]:
    """The streams of a sample of which not all was read."""
    return tuple(
        name
        for name, value in sample.items()
        if type(value) not in IN_MEMORY and isinstance(value, Unread) and not value.is_read
    )


class _Present:
    """What a step that drops asks: which of its streams the sample has."""

    def __init__(self, step: Step, sample: Mapping[str, Any]) -> None:
        self._names = [name for name in step.streams if sample.get(name) is not None]

    def mixing(self) -> Mapping[str, tuple[str, Mapping[str, str]]]:
        return {name: ("", {}) for name in self._names}


class UnreadStreams:
    """Which streams of a plan's samples may stay in their files."""

    __slots__ = ("_dropping", "_handled", "_in_parts", "_kinds", "_steps")

    def __init__(self, plan: Plan, lanes: Lanes, drops: bool) -> None:
        """`drops` is whether steps may drop what nobody has read: no condition asks for content."""
        self._kinds = {name: lane.stream.modality for name, lane in lanes.by_name.items()}
        self._in_parts = {
            name for name, lane in lanes.by_name.items() if lane.kind.__dict__.get("reads_parts")
        }
        measured = {kind for check in plan.checks for kind in check_spec(check.name).reads}
        self._handled = {name for name, kind in self._kinds.items() if kind not in measured}
        self._steps = {step.name: step for step in plan.walk()}
        dropping = any(step.transform == "drop_modality" for step in self._steps.values())
        self._dropping = drops and dropping

    def opened(
        self, sample: Mapping[str, Any], draw: Draw, again: Mapping[str, Carrier]
    ) -> tuple[Mapping[str, Any], Mapping[str, Carrier]]:
        """A sample as carriers take it, and the carriers of an earlier attempt that still serve."""
        if not any(isinstance(value, Unread) for value in sample.values()):
            return sample, again
        # What an earlier draw dropped was never read: its carriers hold nothing of it.
        again = {
            name: carrier
            for name, carrier in again.items()
            if not _is_whole(sample[name]) or sample[name].is_read
        }
        return self.carried(sample, set(self._dropped(sample, draw))), again

    def carried(
        self, sample: Mapping[str, Any], dropped: Set[str] = frozenset()
    ) -> Mapping[str, Any]:
        """A sample with its streams read, but for those that can be in parts, and the dropped."""
        out = dict(sample)
        for name, value in sample.items():
            if not isinstance(value, Unread):
                continue
            if isinstance(value, _IN_PARTS) and name in self._in_parts:
                continue
            blank = value.blank() if name in dropped and not value.is_read else None
            out[name] = value.value() if blank is None else blank
        return out

    def _dropped(self, sample: Mapping[str, Any], draw: Draw) -> Iterator[str]:
        """The streams that a step drops before a map has asked what they hold."""
        if not self._dropping:
            return
        touched: set[str] = set()
        for drawn, step in self._walk(draw.steps):
            if step.kind == "operations":
                return  # others may follow what the library makes of any stream
            if step.transform == "drop_modality":
                shared = set(drawn.parameters) == {SHARED} and not drawn.only
                if not shared or step.conditions:
                    return
                view: Any = _Present(step, sample)
                parameters: Any = drawn.parameters[SHARED]
                for _, name, _ in maps_of(step.transform)(parameters, view):
                    if name in self._handled and name not in touched:
                        yield name
                continue
            touched |= {
                n for n, kinds in step.streams.items() if not _PLACES_ONLY.issuperset(kinds)
            }

    def _walk(self, steps: tuple[StepDraw, ...]) -> Iterator[tuple[StepDraw, Step]]:
        """The steps that happen, as far as their draw says, in their order."""
        for drawn in steps:
            if drawn.happens:
                yield drawn, self._steps[drawn.name]
                yield from self._walk(drawn.steps)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Unread) and not isinstance(value, _IN_PARTS)
