"""The border of a sample: what no modality can carry is refused before and while it is read.

Each carrier validates its own form. What is wrong in every form alike is told here, once: arrays
whose mask or imaginary part would be lost, numbers that floating-point cannot hold or that the
arithmetic of a step would let overflow, and whatever else a strange value makes Python raise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from types import TracebackType
from typing import Any

import numpy as np

from syncaug.errors import SampleError, SyncaugError
from syncaug.modalities.carrier import Carrier, Lane, describe
from syncaug.modalities.floats import refuse_huge

__all__ = ["admitted", "reading"]

_IN_RANGE = frozenset(
    {"image", "video", "mask", "audio", "points", "text", "timed_text", "phrases"}
)
"""Modalities whose carriers bound their numbers themselves, or that hold none."""
_STRANGE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What Python raises at values of an unknown form."""


def admitted(lane: Lane, sample: Mapping[str, Any]) -> Carrier:
    """The carrier of one stream. Raises SampleError for anything that it cannot carry."""
    stream = lane.stream
    name, value = stream.name, sample[stream.name]
    _refuse_lossy(name, value)
    for key in stream.parallel_keys:
        if key in sample:
            _refuse_lossy(key, sample[key])
    with reading(name, value):
        carrier = lane.carrier(sample)
        if stream.modality not in _IN_RANGE:
            for part in _parts(value):
                refuse_huge(name, part)
    return carrier


class reading:
    """A context that tells of whatever a strange value makes Python raise, as a SampleError."""

    __slots__ = ("_stream", "_value")

    def __init__(self, stream: str, value: Any) -> None:
        self._stream, self._value = stream, value

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None or isinstance(error, SyncaugError):
            return
        if isinstance(error, OverflowError):
            raise SampleError(
                self._stream,
                expected="numbers that 64-bit floating-point holds",
                came=f"{describe(self._value)} with a greater one",
            ) from error
        if isinstance(error, _STRANGE):
            raise SampleError(
                self._stream,
                expected="a value in the form that its modality's page shows",
                came=f"{describe(self._value)}, which could not be read: {error}"[:200],
            ) from error


def _parts(value: Any) -> Iterable[Any]:
    """The value, and what a mapping or a list of arrays holds."""
    if type(value) in (np.ndarray, str):
        return (value,)
    if isinstance(value, Mapping):
        return (value, *value.values())
    if isinstance(value, list | tuple):
        return (value, *takewhile(lambda part: isinstance(part, np.ndarray), value))
    return (value,)


def _refuse_lossy(name: str, value: Any) -> None:
    """Refuse what would lose a part of its numbers; other lists are read by their carrier."""
    if type(value) is np.ndarray and value.dtype.kind != "c":
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
