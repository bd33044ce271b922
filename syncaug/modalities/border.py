"""The border of a sample: what no modality can carry is refused before and while it is read.

Each carrier validates its own form. What is wrong in every form alike is told here, once: arrays
whose mask or imaginary part would be lost, numbers that floating-point cannot hold or that the
arithmetic of a step would let overflow, and whatever else a strange value makes Python raise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any, NamedTuple

import numpy as np

from syncaug.errors import SampleError
from syncaug.modalities.carrier import Carrier, Lane, describe
from syncaug.modalities.floats import refuse_huge
from syncaug.suspicions import Suspicion

__all__ = ["STRANGE", "Admission", "admitted", "unreadable"]

_NONE: Mapping[str, Carrier] = {}

_IN_RANGE = frozenset(
    {"image", "video", "mask", "audio", "points", "text", "timed_text", "phrases", "messages"}
)
"""Modalities whose carriers bound their numbers themselves, or that hold none."""
_OF_NUMBERS = frozenset(
    {"boxes", "oriented_boxes", "keypoints", "polygons", "boxes3d", "joints", "embedding"}
)
"""Modalities whose rows numpy reads from texts and dates, and writes back cut to their width."""
_NO_NUMBERS = frozenset("USMm")
"""Kinds of arrays of texts, bytes, dates and spans of time."""
STRANGE = (*(ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError),)
"""What Python raises at values of an unknown form."""


class Admission(NamedTuple):
    """How streams of one lane are let in, resolved once for all samples of a plan.

    A `nullable` stream may be None, which is as good as missing. `of_numbers` says that texts are
    refused, and `measured` that its numbers are looked at for their size.
    """

    name: str
    lane: Lane
    kind: type[Carrier]
    parallel_keys: tuple[str, ...]
    nullable: bool
    of_numbers: bool
    measured: bool

    @staticmethod
    def of(lane: Lane) -> Admission:
        """The admission of a lane."""
        stream, modality = lane.stream, lane.stream.modality
        return Admission(
            stream.name,
            lane,
            lane.kind,
            lane.parallel_keys,
            stream.optional,
            modality in _OF_NUMBERS,
            modality not in _IN_RANGE,
        )


def admitted(
    admissions: Iterable[Admission],
    sample: Mapping[str, Any],
    suspicions: list[Suspicion],
    again: Mapping[str, Carrier] = _NONE,
) -> dict[str, Carrier]:
    """The carriers of a sample's streams, which add what they suspect to `suspicions`.

    `again` are carriers of the same sample that have met nothing yet. Raises SampleError for
    anything that a stream cannot carry.
    """
    carriers: dict[str, Carrier] = {}
    for name, lane, kind, parallel_keys, nullable, of_numbers, measured in admissions:
        if again and name in again:
            carriers[name] = again[name]
            again[name].suspicions = suspicions
            continue
        if name not in sample:
            continue
        value = sample[name]
        if value is None and nullable:
            continue
        plain = type(value) is np.ndarray
        if value.dtype.kind == "c" if plain else type(value) is not str:
            _refuse_lossy(name, value)
        if of_numbers:
            _refuse_texts(name, value)
        for key in parallel_keys:
            if key in sample:
                _refuse_lossy(key, sample[key])
        try:
            carriers[name] = kind(lane, sample, suspicions)
            if measured:
                for part in (value,) if plain else _parts(value):
                    refuse_huge(name, part)
        except STRANGE as error:
            raise unreadable(name, value, error) from error
    return carriers


def unreadable(name: str, value: Any, error: Exception) -> SampleError:
    """What Python raised at a value of an unknown form, as an error of its stream."""
    if isinstance(error, OverflowError):
        return SampleError(
            name,
            expected="numbers that 64-bit floating-point holds",
            came=f"{describe(value)} with a greater one",
        )
    return SampleError(
        name,
        expected="a value in the form that its modality's page shows",
        came=f"{describe(value)}, which could not be read: {error}"[:200],
    )


def _parts(value: Any) -> Iterable[Any]:
    """The value, and what a mapping or a list of arrays holds."""
    if type(value) in (np.ndarray, str):
        return (value,)
    if isinstance(value, list | tuple):
        return (value, *takewhile(lambda part: isinstance(part, np.ndarray), value))
    if isinstance(value, Mapping):
        return (value, *value.values())
    return (value,)


def _refuse_lossy(name: str, value: Any) -> None:
    """Refuse what would lose a part of its numbers; other lists are read by their carrier."""
    form = type(value)
    if value.dtype.kind != "c" if form is np.ndarray else form is list and not _has_arrays(value):
        return  # as nearly all are
    for part in _parts(value):
        if isinstance(part, np.matrix):
            raise SampleError(
                name,
                expected="a plain array",
                came=f"a matrix of {part.dtype} with shape {part.shape}, whose products differ",
                hint="Use numpy.asarray(matrix).",
            )
        if isinstance(part, np.ma.MaskedArray):
            raise SampleError(
                name,
                expected="a plain array",
                came="a masked array, whose mask would be lost",
                hint="Use .filled(VALUE), or give the mask as a stream of its own.",
            )
        kind = part.dtype.kind if isinstance(part, np.ndarray | np.generic) else ""
        if kind == "c" or isinstance(part, complex):
            raise SampleError(
                name,
                expected="real numbers",
                came=f"{describe(part)}, whose imaginary part would be lost",
                hint="Take its .real or its absolute value first.",
            )


def _has_arrays(values: list[Any]) -> bool:
    """Whether a list is one of arrays, by its first entry."""
    return bool(values) and isinstance(values[0], np.ndarray)


def _refuse_texts(name: str, value: Any) -> None:
    """Refuse texts and dates where a stream holds numbers: a text that grows would be cut."""
    strange: Any = None
    if type(value) is np.ndarray:
        strange = value if value.dtype.kind in _NO_NUMBERS else None
    elif type(value) in (list, tuple):
        rows = (row for row in value if type(row) in (list, tuple))
        parts = (part for row in rows for part in row)
        strange = next((part for part in parts if isinstance(part, str | bytes)), None)
    if strange is not None:
        raise SampleError(
            name,
            expected="numbers",
            came=describe(strange),
            hint="Convert them: numpy.asarray(value, float).",
        )
