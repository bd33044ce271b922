"""Samples in any form: copies that a scorer may write to, and whether two hold the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from syncaug.digest import digest_of

__all__ = ["copied", "differs"]

Sample = Mapping[str, Any]
_PLAIN = (str, bytes, bool, int, float, complex, np.generic, type(None))


def copied(value: Any) -> Any:
    """A value whose arrays, tensors and pictures are its own; what reads files stays shared."""
    if isinstance(value, Mapping):
        return {name: copied(item) for name, item in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return type(value)(map(copied, value))
    for method in ("clone", "copy"):  # tensors, then arrays and pictures
        copy = getattr(value, method, None)
        if callable(copy) and _is_array(value):
            return copy()
    return value


def differs(sample: Sample, made: Callable[[], Sample], names: Sequence[str]) -> bool:
    """Whether some entries of a sample are not those of another, as far as can be told."""
    try:
        ours, theirs = (
            digest_of({name: _plain(one[name]) for name in names if name in one}, names)
            for one in (sample, made())
        )
    except Exception:  # a sample that cannot be made or read is told of where it is scored
        return True
    return ours != theirs


def _plain(value: Any) -> Any:
    """Arrays of any library as numpy's. Raises TypeError for what nothing can be told of."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, (np.ndarray, *_PLAIN)) or _is_told(value):
        return value
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    if not _is_array(value):
        raise TypeError(f"nothing can be told of a {type(value).__name__}")
    return np.asarray(value)


def _is_array(value: Any) -> bool:
    return any(hasattr(value, name) for name in ("__array__", "__array_interface__"))


def _is_told(value: Any) -> bool:
    """Whether a digest knows an object by its file, or by the bytes that it holds."""
    return any(getattr(value, name, None) is not None for name in ("path", "content"))
