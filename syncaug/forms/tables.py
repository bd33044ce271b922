"""Columns and tables of pandas."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from syncaug.forms.came import Came
from syncaug.forms.objects import as_objects
from syncaug.forms.places import Place
from syncaug.forms.recognition import taken
from syncaug.maps.plane import Size

__all__ = ["take"]


def take(value: Any, place: Place) -> Came:
    """A column as its array, a table as the array of its numbers."""
    array = value.to_numpy()
    first = Came(value, array, partial(_back, like=value))
    inner = taken(array, place)
    return first if inner is None else inner.after(first)


def _back(out: Any, size: Size | None, *, like: Any) -> Any:
    """A result as a column or a table of the same names.

    Rows keep their index where none has gone; they are counted anew else.
    """
    index = like.index if len(out) == len(like) else None
    if like.ndim == 1:
        column = out if isinstance(out, np.ndarray) else as_objects(out, 1)
        return type(like)(column, index=index, name=like.name)
    return type(like)(np.asarray(out), index=index, columns=like.columns)
