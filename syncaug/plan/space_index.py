"""Which streams live in which spaces, worked out once for each plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from syncaug.catalogue.map_kinds import ANYWHERE, ON_STREAMS, SPACE_OF, SPACES
from syncaug.plan.stream import Stream

__all__ = ["SpaceIndex", "Targets", "targets"]

Targets = Mapping[tuple[str, str], tuple[str, ...]]
"""(kind of map, space) -> the names of the streams that meet such a map, in order."""


class SpaceIndex(NamedTuple):
    """The streams of a sample by space and by modality, in the order of the policy.

    `inhabitants` maps the kind and the name of a space to the streams that live in it; `names` maps
    a kind to its spaces; `modalities` maps a modality to its streams.
    """

    inhabitants: Mapping[tuple[str, str], tuple[Stream, ...]]
    names: Mapping[str, tuple[str, ...]]
    modalities: Mapping[str, tuple[Stream, ...]]

    @classmethod
    def of(cls, streams: Iterable[Stream]) -> SpaceIndex:
        """The index of some streams."""
        inhabitants: dict[tuple[str, str], list[Stream]] = {}
        modalities: dict[str, list[Stream]] = {}
        for stream in streams:
            modalities.setdefault(stream.modality, []).append(stream)
            for place in stream.places:
                inhabitants.setdefault(place, []).append(stream)
        names: dict[str, tuple[str, ...]] = {
            kind: tuple(space for known, space in inhabitants if known == kind) for kind in SPACES
        }
        return cls(
            {place: tuple(living) for place, living in inhabitants.items()},
            names,
            {modality: tuple(alike) for modality, alike in modalities.items()},
        )

    def living(self, kind: str, space: str, *modalities: str) -> tuple[Stream, ...]:
        """The streams that live in a space, of some modalities only where any are named."""
        living = self.inhabitants.get((kind, space), ())
        return tuple(s for s in living if s.modality in modalities) if modalities else living

    def of_modality(self, *modalities: str) -> tuple[Stream, ...]:
        """The streams of one modality, or those of one modality after those of another."""
        return tuple(s for modality in modalities for s in self.modalities.get(modality, ()))


def targets(streams: Iterable[tuple[Stream, Sequence[str]]]) -> Targets:
    """Where each map goes that a step may send; `streams` come with the kinds that carry them.

    Maps of `ON_STREAMS` are sent to a stream's name instead of a space; those of `ANYWHERE` may
    name no space, "", and then reach all streams that they carry.
    """
    out: dict[tuple[str, str], list[str]] = {}
    for stream, kinds in streams:
        for kind in kinds:
            if kind in ON_STREAMS:
                out.setdefault((kind, stream.name), []).append(stream.name)
                continue
            if kind in ANYWHERE:
                out.setdefault((kind, ""), []).append(stream.name)
            wanted = SPACE_OF.get(kind, "")
            for space_kind, space in stream.places:
                if space_kind == wanted:
                    out.setdefault((kind, space), []).append(stream.name)
    return {target: tuple(names) for target, names in out.items()}
