"""The border of a sample: what no modality can carry is refused before and while it is read.

Each carrier validates its own form. What is wrong in every form alike is told here, once: arrays
whose mask or imaginary part would be lost, numbers that floating-point cannot hold or that the
arithmetic of a step would let overflow, and whatever else a strange value makes Python raise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError, SyncaugError
from syncaug.modalities.carrier import Carrier, describe
from syncaug.plan.plan import Stream

__all__ = ["admitted", "reading", "unfit"]

_IN_RANGE = frozenset({"image", "video", "mask", "audio", "text", "timed_text", "phrases"})
"""Modalities whose numbers are bounded by their own form, or that hold none."""
_GREATEST = {4: 1e25, 8: 1e100}
"""Bytes of a float -> the greatest number whose squares, sums and products steps can still hold."""


def admitted(kind: type[Carrier], stream: Stream, sample: Mapping[str, Any]) -> Carrier:
    """The carrier of one stream. Raises SampleError for anything that it cannot carry."""
    value = sample[stream.name]
    for name, part in _parts(stream, value, sample):
        _refuse_lossy(name, part)
    with reading(stream.name, value):
        carrier = kind(stream, sample)
        if stream.modality not in _IN_RANGE:
            for _, part in _parts(stream, value, {}):
                _refuse_huge(stream.name, part)
    return carrier


@contextmanager
def reading(stream: str, value: Any) -> Iterator[None]:
    """Tell of whatever a strange value makes Python raise as a SampleError of its stream."""
    try:
        yield
    except SyncaugError:
        raise
    except OverflowError as error:
        raise SampleError(
            stream,
            expected="numbers that 64-bit floating-point holds",
            came=f"{describe(value)} with a greater one",
        ) from error
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise SampleError(
            stream,
            expected="a value in the form that its modality's page shows",
            came=f"{describe(value)}, which could not be read: {error}"[:200],
        ) from error


def unfit(numbers: NDArray[Any]) -> str:
    """What is wrong with float numbers, in words; empty where all are finite and of a usable size.

    NaN and infinity are not asked for: some modalities let them mean something.
    """
    limit = _GREATEST.get(numbers.dtype.itemsize)
    if numbers.dtype.kind != "f" or limit is None or not numbers.size:
        return ""
    flat = numbers.reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(np.dot(flat, flat))
        if total <= limit * limit and math.isfinite(total):
            return ""
        known = flat[np.isfinite(flat)]
        greatest = float(np.abs(known).max(initial=0.0))
    return f"{greatest:.3g}" if greatest > limit else ""


def _parts(stream: Stream, value: Any, sample: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The value, what a mapping or a list of arrays holds, and the lists that run beside it."""
    name = stream.name
    yield name, value
    if isinstance(value, Mapping):
        for part in value.values():
            yield name, part
    elif isinstance(value, list | tuple):
        for part in value:
            if not isinstance(part, np.ndarray):
                break
            yield name, part
    for option in ("labels", "times"):
        beside = stream.options.get(option) or ()
        for key in (beside,) if isinstance(beside, str) else beside:
            if key in sample:
                yield key, sample[key]


def _refuse_lossy(name: str, value: Any) -> None:
    if isinstance(value, complex | np.complexfloating) or (
        isinstance(value, np.ndarray) and value.dtype.kind == "c"
    ):
        raise SampleError(
            name,
            expected="real numbers",
            came=f"{describe(value)}, whose imaginary part would be lost",
            hint="Take its .real or its absolute value first.",
        )
    if isinstance(value, np.ma.MaskedArray):
        raise SampleError(
            name,
            expected="a plain array",
            came="a masked array, whose mask would be lost",
            hint="Use .filled(VALUE), or give the mask as a stream of its own.",
        )


def _refuse_huge(name: str, value: Any) -> None:
    if isinstance(value, list | tuple):
        try:
            value = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            return
    if isinstance(value, np.ndarray):
        greatest = unfit(value)
        if greatest:
            limit = _GREATEST[value.dtype.itemsize]
            raise SampleError(
                name,
                expected=f"numbers up to {limit:g}, which arithmetic in {value.dtype} can hold",
                came=f"numbers up to {greatest}",
            )
