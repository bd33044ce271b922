"""The schedule of a plan: which map reaches which lane, known before the first sample.

Lanes that the same steps reach by the same kinds of map, in the same spaces, share a track. A lane
has a track of its own where something reaches it alone: a map that is sent to streams by name, a
value of its own around the shared one, or a library's call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syncaug.catalogue.map_kinds import ON_STREAMS
from syncaug.engine.tracks import COMPOSED
from syncaug.plan.plan import Plan, Step, Stream

__all__ = ["Schedule", "Target"]

_PLANAR = frozenset({"plane", "field"})
_CARRIED_OUT = frozenset({"field", "occlude", "noise", "tone"})
"""Kinds of map before which a picture carries out what is pending."""
_AT_ONCE: Mapping[str, frozenset[str]] = {
    "camera": frozenset({"plane", "world", "lens"}),
    "phrases": frozenset({"words"}),
    "boxes3d": frozenset({"frustum"}),
    "messages": frozenset({"plane", "field", "tone", "words", "noise", "drop"}),
}
"""Modalities -> the kinds of map that they meet when they are sent: transforms ask a camera where
it looks; phrases and solid boxes ask their boxes and their cloud what is left of them. What speaks
of several planes must be told of which one a map is."""

_REMEMBERED = frozenset({"time", "occlude", "field"})
"""Kinds of map that change what a state knows of its spaces."""
_REWRITTEN = frozenset({"noise", "drop"})
"""Kinds of map before which a text loses the phrases that are gone by now."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a map of one kind and space reaches, of some streams.

    `tracks` take it for the lanes that meet it later, each with whether it composes there with a
    neighbour of its kind; `at_once` are those that meet it now. Those in `needs` are brought up to
    date before. `cuts` are planes that are cut at their pictures before, each with the streams of
    which one must be there. `remembered` says that the map, one of no plane, changes what is known
    of spaces or may not reach all of them after all.
    """

    names: tuple[str, ...]
    tracks: tuple[tuple[int, bool], ...]
    at_once: tuple[str, ...]
    needs: tuple[str, ...]
    cuts: tuple[tuple[str, tuple[str, ...]], ...]
    remembered: bool


class Schedule:
    """The tracks of a plan's lanes, and the target of each map that a step may send.

    With `alone`, each lane has a track of its own, as where all streams draw for themselves.
    `count` says how many tracks there are; `of_step` has for each step what `reached` says of all
    of its streams.
    """

    __slots__ = (
        *("_composes", "_plan", "_reached", "_targets"),
        *("count", "of_step", "on_plane", "track_of"),
    )

    def __init__(self, plan: Plan, *, alone: bool = False) -> None:
        self._plan = plan
        groups: dict[Any, int] = {}
        self.track_of: dict[str, int] = {}
        composes: list[frozenset[str]] = []
        met = {stream.name: list(_met(plan, stream)) for stream in plan.streams}
        for stream in plan.streams:
            joined = _composed(stream)
            own = alone or any(apart for _, _, apart in met[stream.name])
            key = (
                stream.name if own else "",
                stream.places,
                _AT_ONCE.get(stream.modality),
                stream.spec.spoken,
                joined,
                tuple(met[stream.name]),
            )
            if key not in groups:
                groups[key] = len(composes)
                composes.append(joined)
            self.track_of[stream.name] = groups[key]
        self._composes, self.count = tuple(composes), len(composes)
        self.on_plane = {
            plane: tuple(dict.fromkeys(self.track_of[s.name] for s in plan.living("plane", plane)))
            for plane in plan.spaces("plane")
        }
        self._targets: dict[tuple[str, str, tuple[str, ...]], Target] = {}
        self._reached: dict[tuple[str, tuple[str, ...]], Mapping[tuple[str, str], Target]] = {}
        self.of_step = {step.name: self.reached(step, tuple(step.streams)) for step in plan.walk()}

    def reached(self, step: Step, streams: tuple[str, ...]) -> Mapping[tuple[str, str], Target]:
        """(kind, space) -> whom such a map of a step reaches among some of its streams."""
        key = (step.name, streams)
        found = self._reached.get(key)
        if found is None:  # streams that draw for themselves
            found = self._reached[key] = {
                (kind, space): self.target(kind, space, names)
                for (kind, space), names in self._plan.targets(step, streams).items()
            }
        return found

    def target(self, kind: str, space: str, names: tuple[str, ...]) -> Target:
        """Whom a map reaches that is sent to some streams, all of which it carries."""
        key = (kind, space, names)
        found = self._targets.get(key)
        if found is None:
            found = self._targets[key] = self._target(kind, space, names)
        return found

    def _target(self, kind: str, space: str, names: tuple[str, ...]) -> Target:
        streams = [self._plan.stream(name) for name in names]
        at_once = [s for s in streams if kind in _AT_ONCE.get(s.modality, ())]
        later = [s for s in streams if s not in at_once]
        needs = [name for stream in at_once for name in self._asked(stream, kind)]
        needs += [name for stream in later for name in self._spoken(stream, kind)]
        return Target(
            names,
            tuple(
                (index, kind in self._composes[index])
                for index in dict.fromkeys(self.track_of[s.name] for s in later)
            ),
            tuple(s.name for s in at_once),
            tuple(dict.fromkeys(needs)),
            tuple(_cuts(kind, space, streams)),
            kind in _REMEMBERED
            or (kind == "world" and "label" in self._plan.index.modalities)
            or (kind == "tone" and any(_names_colours(s) for s in streams)),
        )

    def _asked(self, stream: Stream, kind: str) -> Iterator[str]:
        """Streams that one asks when it meets a map at once, itself the last."""
        if stream.modality == "phrases":
            yield from (s.name for s in self._plan.living("plane", stream.spaces["plane"], "boxes"))
        elif stream.modality == "boxes3d":
            world = stream.spaces["world"]
            yield from (s.name for s in self._plan.living("world", world, "points"))
        if stream.modality != "camera":
            yield stream.name

    def _spoken(self, stream: Stream, kind: str) -> Iterator[str]:
        """A text that a map rewrites, and before it what says which of its phrases are gone."""
        if stream.modality != "text" or kind not in _REWRITTEN:
            return
        for phrases in self._plan.index.modalities.get("phrases", ()):
            if phrases.options.get("text") == stream.name:
                yield from (phrases.options.get("boxes", ""), phrases.name, stream.name)


def _names_colours(stream: Stream) -> bool:
    """Whether a stream speaks of the colours of a picture, which may be grey."""
    return stream.spec.spoken and "plane" in stream.spaces


def _met(plan: Plan, stream: Stream) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Each step that reaches a stream, the kinds of map, and whether it may reach it alone."""
    for step in plan.walk():
        kinds = step.streams.get(stream.name)
        if kinds is not None and step.kind in ("transform", "operations"):
            shaken = any(name == stream.name for name, *_ in step.sync.jitter)
            alone = shaken or step.kind == "operations" or bool(ON_STREAMS.intersection(kinds))
            yield step.name, tuple(kinds), alone


def _composed(stream: Stream) -> frozenset[str]:
    """The kinds of map of which neighbours are as good as one for a stream."""
    apart = set()
    # Its seconds are not the clock's, or what is shown twice counts once after each step.
    if stream.options.get("offset") or stream.modality == "phrases":
        apart.add("time")
    if stream.modality == "points":  # each step's light is stored in the cloud's own type
        apart.add("tone")
    if stream.modality == "normals":  # what each step turns is not seen in what all of them do
        apart.add("plane")
    return COMPOSED - apart


def _cuts(
    kind: str, space: str, streams: Sequence[Stream]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The planes whose pictures carry out what is pending before such a map."""
    if kind not in _CARRIED_OUT:
        return
    if kind in _PLANAR or kind == "occlude":
        yield space, ()
        return
    pictures: dict[str, list[str]] = {}
    for stream in streams:
        if stream.spec.picture:
            pictures.setdefault(stream.spaces["plane"], []).append(stream.name)
    yield from ((plane, tuple(names)) for plane, names in pictures.items())
