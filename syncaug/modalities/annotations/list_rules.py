"""Names of parallel lists: what they say of the entries, resolved once for each stream."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from re import Pattern
from typing import Any

from syncaug.plan.plan import Stream

__all__ = ["ListRules", "told_in"]

_AREAS = frozenset(
    {"area", "areas", "bbox_area", "box_area", "mask_area", "segmentation_area", "pixel_area"}
)
"""Names of lists that hold pixels, which a change of size changes."""
_VELOCITIES = re.compile(r"(?:^|_)(?:velocity|velocities|vels?|velo|accelerations?)(?:_|$)")
_PLACES = re.compile(
    r"(?:^|_)(?:segmentations?|segm|polygons?|polys|contours?|outlines?|masks?|rles?|keypoints?|kpts?"
    r"|landmarks?|joints?|bbox(?:es)?|boxes|box|obbs?|corners?|cent(?:er|re)s?|points?|locations?"
    r"|positions?|translations?|trajector(?:y|ies)|paths?|waypoints?)(?:_cam)?(?:_?[23]d|_\d+)?$"
)
_DIRECTIONS = re.compile(
    r"(?:^|_)(?:velocity|velocities|angles?|yaws?|headings?|orientations?|directions?|rotations?"
    r"|rotation_y|quaternions?|quats?|gazes?|normals?)(?:_cam)?(?:_?[23]d)?$"
)
"""Names of lists whose numbers tell where or whither, which no map of their stream moves."""


@dataclass(frozen=True, slots=True)
class ListRules:
    """The keys of the lists beside one stream, and which of their names tell of what.

    `areas` hold pixels, which grow with the picture. `places` and `directions` may hold what stays
    although its row moves. `velocities` turn and grow with their world: only beside 3-D boxes, and
    only where the entries are those of a velocity. `ids` is the key of the rows'
    identities, if there is one.
    """

    keys: tuple[str, ...]
    areas: tuple[str, ...]
    places: tuple[str, ...]
    directions: tuple[str, ...]
    velocities: tuple[str, ...]
    ids: str = ""

    @staticmethod
    def of(stream: Stream) -> ListRules:
        """What the `labels:` of a stream decide."""
        keys = stream.label_keys
        told = tuple(key for key in keys if key != stream.ids)
        return ListRules(
            keys,
            tuple(key for key in told if _plain(key) in _AREAS),
            _named(told, _PLACES),
            _named(told, _DIRECTIONS),
            _named(told, _VELOCITIES) if stream.modality == "boxes3d" else (),
            stream.ids,
        )


def told_in(entry: Mapping[str, Any], *, turned: bool) -> Iterator[tuple[str, Any]]:
    """What a mapping in a list says under names of places, and under those of directions."""
    for key, value in entry.items():
        if isinstance(value, dict) and "counts" not in value:
            yield from told_in(value, turned=turned)
        elif value is not None and _tells(str(key), turned):
            yield str(key), value


@lru_cache(maxsize=1024)
def _tells(key: str, turned: bool) -> bool:
    """Whether a key is a name of places, or of directions where something is turned."""
    plain = _plain(key)
    return bool(_PLACES.search(plain) or (turned and _DIRECTIONS.search(plain)))


def _named(keys: Iterable[str], pattern: Pattern[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if pattern.search(_plain(key)))


def _plain(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()
