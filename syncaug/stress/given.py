"""What a stress test is given, checked once: samples, keys, levels and a scorer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from syncaug.arguments import column_of, key_of, whole_of
from syncaug.errors import ArgumentError, SampleError
from syncaug.loaders.requirements import brief, require_policy

__all__ = ["keys_of", "levels_of", "samples_of"]

_LEAST = 2


def samples_of(policy: Any, samples: Any, score: Any) -> list[Mapping[str, Any]]:
    """The samples as a list. Raises ArgumentError, also for a policy and a scorer that are none."""
    require_policy(policy)
    if not callable(score):
        raise ArgumentError("score", expected="a function of a list of samples", came=brief(score))
    listed = not isinstance(samples, str | bytes | Mapping) and isinstance(samples, Iterable)
    found = list(samples) if listed else []
    if not listed or not all(isinstance(sample, Mapping) for sample in found):
        bad = next((place for place, one in enumerate(found) if not isinstance(one, Mapping)), 0)
        raise ArgumentError(
            "samples",
            expected="a list of samples, each a mapping of streams",
            came=f"{brief(found[bad])} at place {bad}" if listed else brief(samples),
        )
    if len(found) < _LEAST:
        raise ArgumentError("samples", expected="at least two to be compared", came=f"{len(found)}")
    return found


def keys_of(keys: Any, count: int) -> list[str | int]:
    """The key of each sample; their places without keys. Raises ArgumentError."""
    if keys is None:
        return list(range(count))
    try:
        given = column_of("keys", keys, count)
        return [key_of(f"keys[{place}]", key) for place, key in enumerate(given)]
    except SampleError as error:
        raise _argument(error) from None


def levels_of(levels: Any) -> int:
    """How many levels there are. Raises ArgumentError."""
    try:
        return whole_of("levels", levels, "at least 2, an integer", least=_LEAST)
    except SampleError as error:
        raise _argument(error) from None


def _argument(error: SampleError) -> ArgumentError:
    return ArgumentError(error.stream, expected=error.expected, came=error.came)
