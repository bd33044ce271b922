"""The lanes of a plan, and what of them is known before the first sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from syncaug.catalogue.modalities import MODALITIES
from syncaug.engine.brought import is_brought
from syncaug.engine.groups import Group, fits_of, groups_of
from syncaug.modalities import Carrier, Lane, lane_of
from syncaug.modalities.border import Admission
from syncaug.modalities.language.greys import shown_by
from syncaug.plan.pairs import Pair, pairs_of
from syncaug.plan.plan import Plan, Stream

__all__ = ["Lanes"]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of all streams, in the order of the policy, and which of them are asked for what.

    `sized` are pictures, each with its plane. `timed` are the clocks with those that may tell how
    long they last: stream, whether it is a medium, and how far its offset moves its end.
    `momentary` stand at moments of a clock.
    `connected` learn of their plane's size or of other streams. `labels` are named with their
    plane, or "" for the only one. `spoken` are phrases with the boxes and texts that they belong
    to. `cameras` and `bodies` (inertial sensors and joints) are named by plane, `solids` (solid
    boxes and the clouds around them) by world. `shown` names for each text the pictures that show
    what it speaks of, and `told` for each plane the conversations that speak of it. `dated` are for
    each clock the texts that speak of what lives on it. `admissions`
    are how the streams of a sample are let in. `groups` are streams of the same rows, `fits` those
    to whose rows boxes are fitted, and `pairs` stereo pairs of planes. `cheap` lanes are carried
    before `costly` ones, whose carrying touches much data. `brought` are carried by installed
    packages.
    """

    by_name: Mapping[str, Lane]
    sized: tuple[tuple[str, str], ...]
    timed: tuple[tuple[str, tuple[tuple[str, bool, float], ...]], ...]
    momentary: tuple[str, ...]
    connected: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    spoken: tuple[str, ...]
    cameras: Mapping[str, tuple[str, ...]]
    bodies: Mapping[str, tuple[str, ...]]
    solids: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, tuple[str, ...]]
    told: Mapping[str, tuple[str, ...]]
    dated: Mapping[str, tuple[str, ...]]
    admissions: tuple[Admission, ...]
    groups: tuple[Group, ...]
    pairs: tuple[Pair, ...]
    fits: tuple[tuple[str, str], ...]
    cheap: tuple[str, ...]
    costly: tuple[str, ...]
    brought: tuple[str, ...]

    @staticmethod
    def of(plan: Plan) -> Lanes:
        """The lanes of a plan."""
        streams, of = plan.streams, plan.index.modalities
        phrases = of.get("phrases", ())
        spoken = {s.options.get(key, "") for s in phrases for key in ("boxes", "text")}
        spoken |= {s.name for s in phrases}
        by_name = {stream.name: lane_of(stream) for stream in streams}
        connected = [s for kind in _CONNECTED for s in of.get(kind, ())]
        connected += [s for s in of.get("text", ()) if s.options.get("answers")]
        connected += [s for s in streams if s.framed and s not in connected]
        connected += [s for s in streams if _asks_others(s, by_name[s.name])]
        return Lanes(
            by_name=by_name,
            sized=tuple((s.name, s.spaces["plane"]) for s in streams if s.spec.picture),
            timed=tuple(
                (clock, tuple(map(_timed, plan.living("clock", clock))))
                for clock in plan.spaces("clock")
            ),
            momentary=tuple(
                s.name for s in streams if s.modality in _MOMENTARY and "clock" in s.spaces
            ),
            connected=tuple(s.name for s in connected),
            labels=tuple((s.name, s.options.get("plane", "")) for s in of.get("label", ())),
            spoken=tuple(s.name for s in streams if s.name in spoken),
            cameras=_by_space(plan, "plane", "camera"),
            bodies=_by_space(plan, "plane", "imu", "joints"),
            solids=_by_space(plan, "world", "boxes3d", "points"),
            shown=shown_by(streams),
            told=_by_space(plan, "plane", "messages"),
            dated={clock: _dated(plan, clock) for clock in plan.spaces("clock")},
            admissions=tuple(map(Admission.of, by_name.values())),
            groups=groups_of(streams),
            pairs=pairs_of(streams),
            fits=fits_of(streams),
            cheap=tuple(s.name for s in streams if s.spec.cheap and not s.framed),
            costly=tuple(s.name for s in streams if not s.spec.cheap or s.framed),
            brought=tuple(s.name for s in streams if is_brought(s)),
        )

    def space(self, name: str, kind: str) -> str:
        """The space of one kind in which a stream lives; empty where it lives in none."""
        return self.by_name[name].stream.spaces.get(kind, "")

    def modality(self, name: str) -> str:
        """The modality of a stream."""
        return self.by_name[name].stream.modality


_CONNECTED = (
    *("boxes", "keypoints", "polygons", "instances", "oriented_boxes"),
    *("phrases", "boxes3d", "messages"),
)
"""Modalities that learn of others, each after those that it asks."""
_MOMENTARY = frozenset({"timed_text", "phrases", "points"})


def _asks_others(stream: Stream, lane: Lane) -> bool:
    """Whether a stream, of a modality that a package brings, learns of others too."""
    return stream.modality not in MODALITIES and lane.kind.connect is not Carrier.connect


def _dated(plan: Plan, clock: str) -> tuple[str, ...]:
    """The texts that speak of films on a clock, and those that are told on it."""
    living = plan.living("clock", clock)
    planes = {s.spaces["plane"] for s in living if "plane" in s.spaces and s.spec.picture}
    return tuple(
        s.name
        for s in plan.streams
        if s.spec.writes and (s in living or s.spaces.get("plane") in planes)
    )


def _timed(stream: Stream) -> tuple[str, bool, float]:
    return stream.name, stream.spec.media, max(0.0, float(stream.options.get("offset", 0.0)))


def _by_space(plan: Plan, kind: str, *modalities: str) -> dict[str, tuple[str, ...]]:
    """The streams of some modalities in each space of one kind, in the order of the policy."""
    living = {space: plan.living(kind, space, *modalities) for space in plan.spaces(kind)}
    return {space: tuple(s.name for s in streams) for space, streams in living.items() if streams}
