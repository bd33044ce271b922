"""The map of a plane back from the result to the original, for predictions of any resolution."""

from __future__ import annotations

from syncaug.errors import RecordError
from syncaug.maps.numbers import Nine, determinant, product
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.window import Window
from syncaug.transforms.resize import resizing

__all__ = ["back", "seen_at"]

_SLACK = 1.0
"""Pixels of the result by which a smaller prediction may miss its shape."""


def back(plane: PlaneMap, stream: str) -> PlaneMap:
    """The map from the result to the original. What a cut took is not in its result.

    Raises RecordError where the way there left the picture no area.
    """
    if determinant(plane.numbers) == 0.0:
        raise RecordError(f"stream {stream!r}: its picture has no area left, and no way back")
    numbers, source, size, turn, windows = plane
    there = plane.inverse
    cuts = tuple(Window(product(cut, there), cut_size) for cut, cut_size in windows)
    a, b, c, d, e, f, g, h, i = turn
    unturned: Nine = (a, d, g, b, e, h, c, f, i)
    return PlaneMap(_scaled(there, numbers), size, source, unturned, cuts)


def _scaled(there: Nine, numbers: Nine) -> Nine:
    """The inverse at the scale at which its product with `numbers` is the identity."""
    whole = product(there, numbers)[8]
    a, b, c, d, e, f, g, h, i = (number / whole for number in there)
    return a, b, c, d, e, f, g, h, i


def seen_at(size: Size, plane: PlaneMap, stream: str) -> PlaneMap:
    """A map back for a prediction of another size, which shows the whole result larger or smaller.

    Raises RecordError where the prediction has another shape than the result.
    """
    wide, high = plane.source
    if size == plane.source:
        return plane
    across, down = wide / size[0], high / size[1]
    if abs(across * size[1] - high) > _SLACK * across or abs(down * size[0] - wide) > _SLACK * down:
        raise RecordError(
            f"stream {stream!r}: expected a prediction of {wide}x{high} pixels, as the augmented "
            f"picture has, or that picture in another resolution; got {size[0]}x{size[1]}"
        )
    return resizing(size, plane.source).then(plane)
