"""Other objects that give an array: those of libraries that can be given one back."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from syncaug.forms.came import Came
from syncaug.forms.places import Place
from syncaug.forms.recognition import taken
from syncaug.maps.plane import Size

__all__ = ["take"]


def take(value: Any, place: Place) -> Came:
    """An array of a library that follows the array API standard (JAX among them).

    Raises SampleError for objects that give an array and take none: what comes out could not have
    their form.
    """
    kind = type(value)
    named = f"an object of type {kind.__module__}.{kind.__qualname__}"
    space = getattr(value, "__array_namespace__", None)
    hint = "Give a numpy array: numpy.asarray(value)."
    if space is None:
        raise place.fail("a value in a form that can be handed back", named, hint)
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError):
        raise place.fail("an array on the CPU", named, hint) from None
    first = Came(value, array, partial(_back, like=value))
    inner = taken(array, place)
    return first if inner is None else inner.after(first)


def _back(out: Any, size: Size | None, *, like: Any) -> Any:
    return like.__array_namespace__().asarray(np.asarray(out))
