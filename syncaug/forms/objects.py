"""Arrays of objects, as columns of pandas hold lists."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.forms.came import Came
from syncaug.forms.places import Place
from syncaug.forms.recognition import taken
from syncaug.maps.plane import Size

__all__ = ["as_objects", "take"]


def take(value: NDArray[Any], place: Place) -> Came:
    """An array of objects as the list of what it holds."""
    items = value.tolist()
    inner = taken(items, place)
    first = Came(value, items, partial(_back, axes=value.ndim))
    return first if inner is None else inner.after(first)


def _back(out: Any, size: Size | None, *, axes: int) -> NDArray[Any]:
    return as_objects(out, axes)


def as_objects(rows: Any, axes: int) -> NDArray[Any]:
    """Rows as an array of objects with so many axes; what lies deeper stays an entry.

    A row that is None, beside others, becomes NaN: one axis of them has no room for None.
    """
    rows = list(rows)
    given = [as_objects(row, axes - 1) for row in rows if row is not None] if axes > 1 else []
    if given:
        left = iter(given)
        nothing = np.full(given[0].shape, np.nan, dtype=object)
        return np.stack([nothing if row is None else next(left) for row in rows])
    out = np.empty(len(rows), dtype=object)
    for index, row in enumerate(rows):
        out[index] = row
    return out
