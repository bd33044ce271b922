"""Stereo pairs: two planes whose streams trade places in a mirror, and which trades with which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syncaug.catalogue.modalities import MODALITIES, modality_spec
from syncaug.plan.stream import Stream

__all__ = ["Pair", "differing", "pairs_of", "said"]

_STAY = frozenset({"audio", "imu", "label", "tabular", "embedding"})
"""Modalities that belong to the rig or to the whole sample, and do not trade places."""
_MEANINGS = (
    *("format", "unit", "origin", "angle", "direction", "range", "layout", "channels", "axes"),
    *("names", "classes", "coordinates", "order"),
)
"""Options that say what the numbers of a stream mean, or in which order they stand."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The planes of a left and a right picture.

    `partners` has for each stream of one the stream of the other with which it trades places;
    `alone` are those of either that have none and would need one. `one_sided` is a disparity of one
    picture only, from which that of the other is made; empty where there are both or none.
    """

    left: str
    right: str
    partners: Mapping[str, str]
    alone: tuple[str, ...]
    one_sided: str = ""


def pairs_of(streams: Iterable[Stream]) -> tuple[Pair, ...]:
    """The stereo pairs that some stream of a sample declares with `swap:`, each once."""
    streams = tuple(streams)
    named = dict.fromkeys(tuple(s.options["swap"]) for s in streams if s.options.get("swap"))
    return tuple(_pair(left, right, streams) for left, right in named)


def _pair(left: str, right: str, streams: Sequence[Stream]) -> Pair:
    partners: dict[str, str] = {}
    alone: list[str] = []
    one_sided = ""
    sides = [[s for s in streams if s.spaces.get("plane") == plane] for plane in (left, right)]
    for modality in dict.fromkeys(s.modality for side in sides for s in side):
        if modality in _STAY:
            continue
        both = [[s for s in side if s.modality == modality] for side in sides]
        for one, other in _matched(both[0], both[1], left, right):
            partners[one] = other
            partners[other] = one
        rest = [s.name for side in both for s in side if s.name not in partners]
        if modality == "disparity" and len(rest) == 1 and not one_sided:
            one_sided = rest[0]
        elif not modality_spec(modality).writes:  # words of one speak of what both show
            alone += rest
    return Pair(left, right, partners, tuple(alone), one_sided)


def _matched(
    ours: Sequence[Stream], theirs: Sequence[Stream], left: str, right: str
) -> Iterator[tuple[str, str]]:
    """Streams of one modality on both planes: the only two, or those that are called alike."""
    if len(ours) == len(theirs) == 1:
        if len(ours[0].parallel_keys) == len(theirs[0].parallel_keys):
            yield ours[0].name, theirs[0].name
        return
    known = {s.name: s for s in theirs}
    for stream in ours:
        for name in _other_names(stream.name, left, right):
            other = known.get(name)
            if other and len(other.parallel_keys) == len(stream.parallel_keys):
                yield stream.name, other.name
                break


def _other_names(name: str, left: str, right: str) -> Iterator[str]:
    """What the stream of the right picture may be called."""
    from syncaug.body_sides import swapped_name  # where there are no pairs, not loaded

    yield name.replace(left, right)
    yield swapped_name(name)


def differing(one: Stream, other: Stream) -> str:
    """The first option by which the numbers of two streams mean different things; empty if none."""
    for key in _MEANINGS:
        told = (one.options.get(key), other.options.get(key))
        if told[0] != told[1] and said(one, key) != said(other, key):
            return key
    return ""


def said(stream: Stream, key: str) -> Any:
    """What a stream says of itself, or what its modality says without it."""
    if key in stream.options or stream.modality not in MODALITIES:
        return stream.options.get(key)
    from syncaug.policy.streams import STREAMS  # where nothing differs, not loaded

    field = STREAMS[stream.modality].model_fields.get(key)
    return None if field is None else field.default
