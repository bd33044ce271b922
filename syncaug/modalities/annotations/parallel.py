"""Parallel lists: classes, ids, areas and others that run beside a stream's rows, entry for entry.

A row that goes takes its entries along, and a partner's rows bring theirs. Lists, tuples and arrays
keep their form and dtype. A list named `area` tells the pixels of each row's thing, as COCO's
segmentations have them: it is multiplied by the share of the thing that is left and by how much the
picture grew there. Velocities beside 3-D boxes turn and grow with their world. Other lists whose
names and entries tell of places or directions do not move, and are warned of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError
from syncaug.modalities.annotations.sides import Sides, texts_of
from syncaug.modalities.annotations.whole_numbers import in_whole_numbers
from syncaug.modalities.carrier import Carrier, describe, plural_key
from syncaug.modalities.pairs import joined

__all__ = ["ParallelLists"]

_AREAS = frozenset(
    {"area", "areas", "bbox_area", "box_area", "mask_area", "segmentation_area", "pixel_area"}
)
"""Names of lists that hold pixels, which a change of size changes."""
_VELOCITIES = re.compile(r"(?:^|_)(?:velocity|velocities|vels?|velo|accelerations?)(?:_|$)")
_PLACES = re.compile(
    r"(?:^|_)(?:segmentations?|segm|polygons?|polys|contours?|outlines?|masks?|rles?|keypoints?|kpts?"
    r"|landmarks?|joints?|bbox(?:es)?|boxes|box|obbs?|corners?|cent(?:er|re)s?|points?|locations?"
    r"|positions?|translations?|trajector(?:y|ies)|paths?|waypoints?)(?:_cam)?(?:_?[23]d)?$"
)
_DIRECTIONS = re.compile(
    r"(?:^|_)(?:velocity|velocities|angles?|yaws?|headings?|orientations?|directions?|rotations?"
    r"|rotation_y|quaternions?|quats?|gazes?|normals?)(?:_cam)?(?:_?[23]d)?$"
)
"""Names of lists whose numbers tell where or whither, which no map of their stream moves."""


class ParallelLists:
    """The lists beside one stream by their keys in the sample; none that came is written to."""

    __slots__ = ("lists",)

    def __init__(self, lists: Mapping[str, Any]) -> None:
        self.lists = dict(lists)

    @classmethod
    def beside(cls, carrier: Carrier, count: int) -> ParallelLists:
        """Those that the stream's `labels:` names, each of `count` entries. Raises SampleError."""
        lists = {key: carrier.parallel(key, count) for key in carrier.stream.label_keys}
        for key in lists:
            if _plain(key) in _AREAS:
                _require_numbers(key, lists[key])
        return cls(lists)

    def __bool__(self) -> bool:
        return bool(self.lists)

    @property
    def scales(self) -> bool:
        """Whether a change of size changes entries."""
        return not _AREAS.isdisjoint(map(_plain, self.lists))

    @property
    def names(self) -> Any:
        """The list that says what the rows are: the first of texts, else the first of all."""
        texts = (values for values in self.lists.values() if _is_of_texts(values))
        return next(texts, next(iter(self.lists.values()), ()))

    def taken(self, kept: Any) -> ParallelLists:
        """The entries at the indices `kept`."""
        return ParallelLists({key: plural_key(values, kept) for key, values in self.lists.items()})

    def joined(self, partner: ParallelLists) -> ParallelLists:
        """The entries of both, the own ones first; forms and keys are those of the own lists."""
        return ParallelLists(
            {key: joined(values, partner.lists[key]) for key, values in self.lists.items()}
        )

    def mirrored(self, sides: Sides) -> ParallelLists:
        """The entries of the other side: of all texts by name, or by pairs where `names` are."""
        named = self.names
        return ParallelLists(
            {
                key: sides.swapped(values) if sides.by_name or values is named else values
                for key, values in self.lists.items()
            }
        )

    def texts(self) -> Iterator[str]:
        """All entries that are texts."""
        return (text for values in self.lists.values() for text in texts_of(values))

    def turned(self, matrix: NDArray[np.float64]) -> ParallelLists:
        """Velocities of two or three components moved by a 3x3 matrix of the world."""
        found = {key for key, rows in self.lists.items() if _is_velocity(key, rows)}
        if not found:
            return self
        return ParallelLists(
            {
                key: _turned(values, matrix) if key in found else values
                for key, values in self.lists.items()
            }
        )

    @property
    def may_tell_places(self) -> bool:
        """Whether a list's name is one of places or directions, so that a look at it pays."""
        return any(map(_names_places, self.lists))

    def suspect_places(self, carrier: Carrier, *, turned: bool) -> None:
        """Let the stream say which lists tell of places or directions that stay as they are."""
        for key, values in self.lists.items():
            name = _plain(key)
            if not (_PLACES.search(name) or (turned and _DIRECTIONS.search(name))):
                continue
            if not _holds_places(values):
                continue
            if carrier.stream.modality == "boxes3d" and _is_velocity(key, values):
                continue
            carrier.suspect(
                f"stays {key}",
                f"the list {key!r} tells of places or directions, which do not move with the rows; "
                "give them as a stream of their own (keypoints, mask, boxes), or under another "
                "name if they are none",
            )

    def scaled(self, factors: NDArray[np.float64], carrier: Carrier) -> ParallelLists:
        """Areas multiplied by one factor for each entry."""
        if not self.scales or bool((factors == 1.0).all()):
            return self
        return ParallelLists(
            {
                key: _scaled(key, values, factors, carrier) if _plain(key) in _AREAS else values
                for key, values in self.lists.items()
            }
        )


def _is_of_texts(values: Sequence[Any] | NDArray[Any]) -> bool:
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        return values.dtype.kind in "US"
    return any(isinstance(value, str | bytes) for value in values)


@lru_cache(maxsize=1024)
def _plain(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()


@lru_cache(maxsize=1024)
def _names_places(key: str) -> bool:
    name = _plain(key)
    return bool(_PLACES.search(name) or _DIRECTIONS.search(name))


def _is_velocity(key: str, values: Any) -> bool:
    """Whether a list tells by its name and form of two or three components of a velocity."""
    rows = [row for row in values if row is not None]
    return bool(_VELOCITIES.search(_plain(key)) and rows) and all(
        isinstance(row, list | tuple | np.ndarray)
        and len(row) in (2, 3)
        and all(isinstance(n, int | float | np.number) for n in row)
        for row in rows
    )


def _turned(values: Any, matrix: NDArray[np.float64]) -> Any:
    """Rows of two or three components times a matrix; with two, z is 0. What is None stays."""
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        size = values.shape[1]
        moved = values.astype(np.float64) @ matrix[:size, :size].T
        return moved.astype(np.result_type(values, np.float16))
    out = [None if row is None else _turned_row(row, matrix) for row in values]
    if isinstance(values, np.ndarray):
        whole = np.empty(len(out), dtype=object)
        whole[:] = out
        return whole
    return type(values)(out)


def _turned_row(row: Any, matrix: NDArray[np.float64]) -> Any:
    moved = matrix[: len(row), : len(row)] @ np.asarray(row, dtype=np.float64)
    if isinstance(row, np.ndarray):
        return moved.astype(row.dtype if row.dtype.kind == "f" else moved.dtype)
    return type(row)(moved.tolist())


def _holds_places(values: Any) -> bool:
    """Whether entries are fractions, lists of numbers, arrays or mappings of counts."""
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        kind = values.dtype.kind
        return values.size > 0 and (kind == "f" or (values.ndim > 1 and kind in "iub"))
    return any(
        isinstance(value, float | np.floating)
        or (isinstance(value, Mapping) and "counts" in value)
        or (isinstance(value, list | tuple | np.ndarray) and _has_number(value))
        for value in values
    )


def _has_number(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiub" and value.size > 0
    return any(
        isinstance(each, int | float | np.number)
        or (isinstance(each, list | tuple | np.ndarray) and _has_number(each))
        for each in value
    )


def _require_numbers(key: str, values: Any) -> None:
    for index, value in enumerate(values):
        if isinstance(value, str | bool) or not isinstance(value, int | float | np.number):
            raise SampleError(
                key,
                expected="the pixels of each row, as numbers",
                came=f"entry {index}: {describe(value)}",
                hint="Give the list another name if it holds something else.",
            )


def _scaled(key: str, values: Any, factors: NDArray[np.float64], carrier: Carrier) -> Any:
    numbers = np.asarray(values, dtype=np.float64) * factors
    if isinstance(values, np.ndarray):
        if values.dtype.kind in "iu":
            return in_whole_numbers(np.rint(numbers), values.dtype, carrier, key)
        return numbers.astype(values.dtype)
    entries = [
        round(number) if isinstance(value, int | np.integer) else number
        for value, number in zip(values, numbers.tolist(), strict=True)
    ]
    return type(values)(entries)
