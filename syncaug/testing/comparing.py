"""Values of streams compared: their bytes, their forms, and how far their numbers lie apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from syncaug.digest import digest_of

__all__ = ["bytes_of", "distance", "form_of"]


def bytes_of(sample: Mapping[str, Any]) -> dict[str, str]:
    """A digest of the type, shape and every byte of each entry."""
    return {name: digest_of(sample, (name,)) for name in sample}


def form_of(value: Any) -> str:
    """The form of a value in words: types, dtypes and numbers of axes, without sizes."""
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} with {value.ndim} axes"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key!r}: {form_of(item)}" for key, item in value.items())
        return f"a {type(value).__name__} of {{{inner}}}"
    return f"a {type(value).__name__}"


def distance(one: Any, other: Any) -> float:
    """The greatest difference between two values' numbers; infinite where they do not compare."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if one.keys() != other.keys():
            return np.inf
        return max((distance(item, other[key]) for key, item in one.items()), default=0.0)
    try:
        first, second = np.asarray(one, np.float64), np.asarray(other, np.float64)
    except (TypeError, ValueError):
        return 0.0 if bytes_of({"": one}) == bytes_of({"": other}) else np.inf
    if first.shape != second.shape:
        return np.inf
    return float(np.max(np.abs(first - second), initial=0.0))
