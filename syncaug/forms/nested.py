"""Lists, tuples and mappings: numbers in them as arrays, and forms inside of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from syncaug.forms.arrays import fitted
from syncaug.forms.came import Back, Came
from syncaug.forms.places import Place
from syncaug.forms.recognition import is_plain, taken
from syncaug.maps.plane import Size
from syncaug.modalities.carrier import describe

__all__ = ["take"]

_FILE = {"bytes", "path"}
"""Keys of a mapping that may be a file."""
_DIMENSIONS = 32
"""So many an array of numpy may have in all its versions."""


def take(value: Any, place: Place) -> Came | None:
    """A list, a tuple, a mapping or a text of numpy."""
    if isinstance(value, str):
        return Came(value, str(value), lambda out, size: np.str_(out))
    if isinstance(value, Mapping):
        return _mapping(value, place)
    if value and isinstance(value[0], Mapping):
        return _list(value, place)
    if place.kind in ("film", "rows", "array") and value and _holds_arrays(value, place):
        return _stacked(value, place)
    if place.kind in ("picture", "film", "array") and value:
        return _numbers(value, place)
    return _list(value, place)


def _mapping(value: Mapping[Any, Any], place: Place) -> Came | None:
    """A mapping with all forms inside of it taken in."""
    if _FILE & value.keys():
        from syncaug.forms.encoded import encoded

        whole = encoded(value, place)
        if whole is not None:
            return whole
    came: dict[Any, Came] = {}
    for key, part in value.items():
        kind = place.kind if place.held and key == place.held else "parts"
        if kind == "parts" and is_plain(part):
            continue
        inner = taken(part, place.within(kind))
        if inner is not None:
            came[key] = inner
    if not came:
        return None
    seen = {**value, **{key: inner.seen for key, inner in came.items()}}
    return Came(value, seen, partial(_mapped, came=came))


def _mapped(out: Any, size: Size | None, *, came: Mapping[Any, Came]) -> Any:
    """A mapping with its parts in the forms that came."""
    if not isinstance(out, Mapping):
        return out
    changed = {key: came[key].handed_back(out[key], size) for key in came if key in out}
    return {**out, **changed}


def _list(value: Sequence[Any], place: Place) -> Came | None:
    """A list with all forms inside of it taken in."""
    parts = [None if is_plain(item) else taken(item, place) for item in value]
    if not any(parts):
        return None
    seen = [item if part is None else part.seen for item, part in zip(value, parts, strict=True)]
    came = tuple(parts)
    return Came(value, _as(value, seen), partial(_listed, came=came))


def _listed(out: Any, size: Size | None, *, came: Sequence[Came | None]) -> Any:
    """A list whose entries have the forms that came: each its own, or that of the first."""
    if not isinstance(out, list | tuple):
        return out
    if len(out) == len(came):  # rows that stay are at their places
        first: Sequence[Came | None] = came
    else:
        first = [next(part for part in came if part is not None)] * len(out)
    known = {id(part.seen): part for part in came if part is not None}
    entries = [
        item
        if item is None or (part := known.get(id(item), own)) is None
        else part.handed_back(item, size)
        for item, own in zip(out, first, strict=True)
    ]
    return _as(out, entries)


def _holds_arrays(value: Sequence[Any], place: Place) -> bool:
    """Whether the first entry is an array, a tensor or a picture."""
    if any(item is None for item in value):
        return False
    part = taken(value[0], place.within("parts"))
    seen = value[0] if part is None else part.seen
    return isinstance(seen, np.ndarray) and seen.ndim > 0


def _stacked(value: Sequence[Any], place: Place) -> Came | None:
    """Arrays of one shape as one array: frames of a film, rows of a table, channels of sound."""
    each = place.within("picture" if place.kind == "film" else place.kind)
    parts = [taken(item, each) for item in value]
    seen = [item if part is None else part.seen for item, part in zip(value, parts, strict=True)]
    shapes = {np.shape(item) for item in seen}
    if len(shapes) > 1 or len({getattr(item, "dtype", None) for item in seen}) > 1:
        if place.kind == "rows":
            return _list(value, place)
        if place.kind == "array":
            return _numbers(value, place)
        raise place.fail(
            "frames of one shape and type",
            f"a {type(value).__name__} with {describe(value[0])} and others",
        )
    stack = np.stack(seen)
    if place.kind == "film" and stack.ndim == 3:
        stack = stack[..., None]
        return Came(value, stack, partial(_split, like=value, came=parts[0], grey=True))
    return Came(value, stack, partial(_split, like=value, came=parts[0], grey=False))


def _split(
    out: Any, size: Size | None, *, like: Sequence[Any], came: Came | None, grey: bool
) -> Any:
    """One array as a list of what came in it."""
    rows = [row[..., 0] if grey else row for row in np.asarray(out)]
    return _as(like, rows if came is None else [came.back(row, size) for row in rows])


def _numbers(value: Sequence[Any], place: Place) -> Came:
    """Nested numbers as an array. Raises SampleError where they are none."""
    try:
        array = np.asarray(None if _is_too_deep(value) else value)
    except (ValueError, TypeError):
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        raise place.fail(
            "an array, or lists of numbers whose rows are of one length",
            describe(value),
            "Give a numpy array: numpy.asarray(value).",
        )
    seen, back = fitted(array, place)
    return Came(value, seen, partial(_as_numbers, like=value, inner=back))


def _is_too_deep(value: Any) -> bool:
    """Whether lists lie in each other deeper than arrays have dimensions, by their first entries.

    numpy would look into each entry of one that holds itself twice, and never end.
    """
    for _ in range(_DIMENSIONS):
        if not isinstance(value, list | tuple) or not value:
            return False
        value = value[0]
    return True


def _as_numbers(out: Any, size: Size | None, *, like: Any, inner: Back) -> Any:
    rows = inner(out, size)
    return _as(like, rows.tolist()) if isinstance(rows, np.ndarray) else rows


def _as(like: Sequence[Any], entries: Sequence[Any]) -> Any:
    """Entries in a tuple where one came, in a list else."""
    return tuple(entries) if isinstance(like, tuple) else list(entries)
