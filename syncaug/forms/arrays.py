"""Arrays of numbers in dtypes that carriers do not know."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.forms.came import Back, Came, same
from syncaug.forms.places import Place
from syncaug.maps.plane import Size
from syncaug.modalities.carrier import describe

__all__ = ["fitted", "take"]

_WHITE = 255
_DEEP_WHITE = 65535
"""White in levels of 8 and of 16 bits."""


def take(value: NDArray[Any], place: Place) -> Came | None:
    """An array in a dtype that the carrier knows; one of objects as lists."""
    if value.dtype.hasobject:
        from syncaug.forms.objects import take as take_objects

        return None if place.objects else take_objects(value, place)
    seen, back = fitted(value, place)
    return None if seen is value else Came(value, seen, back)


def fitted(value: NDArray[Any], place: Place, *, deep: bool = False) -> tuple[NDArray[Any], Back]:
    """The array in a dtype that the carrier knows, and what turns a result to the one that came.

    `deep` says that whole numbers are levels of 16 bits, however low they are. Raises SampleError
    for whole numbers that are no levels of 8 or 16 bits.
    """
    dtype, natives = value.dtype, place.natives
    if not natives or dtype in natives:
        return value, same
    plain = dtype.newbyteorder("=")
    if plain not in natives and dtype.kind == "f":
        floats = [native for native in natives if native.kind == "f"]
        if floats:
            widest = max(floats, key=lambda native: native.itemsize)
            plain = next((one for one in floats if one.itemsize >= dtype.itemsize), widest)
    if plain in natives:
        with np.errstate(over="ignore"):  # what float32 cannot hold is refused by its stream
            return value.astype(plain), partial(_cast, dtype=dtype, plain=plain)
    if not place.levels or dtype.kind not in "iub":
        return value, same
    if dtype.kind == "b":
        return np.where(value, np.uint8(_WHITE), np.uint8(0)), _on_or_off
    plain = _levels(value, place, deep=deep)
    return value.astype(plain), partial(_cast, dtype=dtype, plain=plain)


def _levels(value: NDArray[Any], place: Place, *, deep: bool) -> np.dtype[Any]:
    """The dtype of levels: 8 bits, or 16 where one of them is greater than 255."""
    low, high = (int(value.min()), int(value.max())) if value.size else (0, 0)
    if low < 0 or high > _DEEP_WHITE:
        raise place.fail(
            "levels from 0 to 255, or to 65535",
            f"{describe(value)} with numbers from {low} to {high}",
            "Bring them into that range, or give float32 from 0 to 1.",
        )
    return np.dtype(np.uint16 if deep or high > _WHITE else np.uint8)


def _cast(out: Any, size: Size | None, *, dtype: np.dtype[Any], plain: np.dtype[Any]) -> Any:
    """A result of the dtype that carriers saw in the one that came; others as they are.

    Raises OverflowError where the one that came does not hold the result.
    """
    if not isinstance(out, np.ndarray) or out.dtype != plain:
        return out
    if dtype.kind != "f" or dtype.itemsize >= plain.itemsize:
        return out.astype(dtype)
    with np.errstate(over="ignore"):
        narrow = out.astype(dtype)
    if not np.array_equal(np.isinf(narrow), np.isinf(out)):
        raise OverflowError(f"numbers that {dtype} holds")
    return narrow


def _on_or_off(out: Any, size: Size | None) -> Any:
    """Levels as booleans: the brighter half of them is true."""
    if isinstance(out, np.ndarray) and out.dtype == np.uint8:
        return out > _WHITE // 2
    return out
