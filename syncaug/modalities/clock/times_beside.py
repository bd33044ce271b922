"""Times that a mapping holds beside frames, sound or rows: they follow, or are warned of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from syncaug.kernels.cue_keys import LENGTHS, MILLISECONDS
from syncaug.kernels.inner_forms import is_number, is_rate, like, names_times, snake, spans_of
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.clock.lasting import Lasting

__all__ = ["times_after"]

_KNOWN = frozenset(
    (
        *("array", "frames", "timestamps", "fps", "rate", "sampling_rate", "sample_rate"),
        *("path", "bytes", "time_base", "start", "stop"),
    )
) | frozenset(LENGTHS)
_NEAR = 0.01
"""By what share times may differ from those that they repeat."""
_EPOCH = 1e7
"""Numbers from which a time is one of the calendar, which stays; 0 is a beginning, and stays."""
_STALE = (
    "its {key!r} may hold times of it or what is counted in its time, and stays as it came. Make "
    "times a stream of its clock (timed_text, points), or leave them out"
)


def times_after(
    came: Mapping[str, Any], before: Lasting, after: Lasting, carrier: Carrier
) -> dict[str, Any]:
    """The entries of a mapping that repeat its times, as they are now; others are warned of.

    A span that is all of it (`start_ms: 0, end_ms: 4000`) and an entry for each of its frames or
    samples that counts evenly from 0 follow.
    """
    told: dict[str, Any] = {}
    done: set[str] = set()
    for first, last, unit in spans_of(came):
        if not (is_number(came[first]) and is_number(came[last])):
            continue
        done |= {first, last}
        if came[first] == 0 and _is_near(came[last] / unit, before.seconds):
            told[last] = like(came[last], after.seconds * unit)
        else:
            carrier.suspect("times", _STALE.format(key=first))
    for key, value in came.items():
        if key in done or key in _KNOWN or not isinstance(key, str):
            continue
        row = _followed(key, value, before, after)
        if row is not None:
            told[key] = row
        elif _holds_times(key, value):
            carrier.suspect("times", _STALE.format(key=key))
    return told


def _is_near(value: float, seconds: float) -> bool:
    return abs(value - seconds) <= 1e-3 + _NEAR * seconds


def _holds_times(key: str, value: Any) -> bool:
    """Whether a value is a number or a row under a name of times, or spans of what is spoken."""
    if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
        return bool(spans_of(value[0]))
    if is_rate(key, value):
        return True
    timely = names_times(snake(key)) or key == "pts"
    if is_number(value):
        return timely and 0.0 < abs(float(value)) < _EPOCH
    return timely and _numbers(value) is not None


def _numbers(value: Any) -> Any:
    """A row of numbers as an array; None where it is none."""
    if not isinstance(value, list | tuple | np.ndarray) or not len(value):
        return None
    if not isinstance(value, np.ndarray) and not all(map(is_number, value)):
        return None
    row = np.asarray(value)
    return row if row.ndim == 1 and row.dtype.kind in "fiu" else None


def _followed(key: str, value: Any, before: Lasting, after: Lasting) -> Any:
    """Even times of all frames, as they are now; None where they are none."""
    if not names_times(snake(key)):
        return None
    row = _numbers(value)
    if row is None or len(row) != before.count or not before.count or not after.count:
        return None
    unit = 1000.0 if MILLISECONDS.search(key) else 1.0
    step, whole = unit * before.seconds / before.count, row.dtype.kind in "iu"
    even = step * np.arange(len(row))
    if np.abs(row - even).max() > (0.501 if whole else _NEAR * step):
        return None
    now = unit * after.seconds / after.count * np.arange(after.count)
    if whole:
        now = np.rint(now)
    if isinstance(value, np.ndarray):
        return now.astype(row.dtype)
    return type(value)(like(value[0], moment) for moment in now.tolist())
