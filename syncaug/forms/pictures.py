"""Pictures of PIL, by their mode: what carriers see of each, and how a result gets the mode again.

A picture with a palette is its colours where light is meant, and comes back as RGB or RGBA, which
hold whatever the steps make of them; where classes are meant it is its indices, and keeps its
palette. Modes in other colour spaces are refused: their numbers are no light.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from syncaug.forms.arrays import fitted
from syncaug.forms.came import Back, Came
from syncaug.forms.places import Place
from syncaug.maps.plane import Size
from syncaug.modalities.carrier import describe

__all__ = ["LIGHT", "REFUSED", "Mode", "take"]


@dataclass(frozen=True, slots=True)
class Mode:
    """How pictures of a mode are read and handed back.

    `read` is the mode to which they are converted first, if any, and in which they come back.
    `deep` says that their numbers are levels of 16 bits however low they are.
    """

    read: str = ""
    deep: bool = False


LIGHT: Mapping[str, Mode] = {
    "1": Mode(),
    "L": Mode(),
    "LA": Mode(),
    "P": Mode("RGB"),
    "PA": Mode("RGBA"),
    "RGB": Mode(),
    "RGBA": Mode(),
    "I;16": Mode(),
    "I;16L": Mode(),
    "I;16N": Mode(),
    "I;16B": Mode(),
    "I": Mode(deep=True),
    "F": Mode(),
}
"""Mode of a picture whose numbers are light -> how it is read and handed back."""

_SIXTEEN: Mapping[str, str] = {"I;16": "<u2", "I;16L": "<u2", "I;16N": "=u2", "I;16B": ">u2"}
"""Mode of 16 bits -> how its numbers lie in memory."""

_NUMBERS = Mode()
"""How a picture of classes or metres is read: as it is, a palette as its indices."""

REFUSED: Mapping[str, str] = {
    "CMYK": 'picture.convert("RGB")',
    "YCbCr": 'picture.convert("RGB")',
    "HSV": 'picture.convert("RGB")',
    "LAB": "PIL.ImageCms, which converts it to RGB",
    "RGBX": 'picture.convert("RGB")',
    "RGBa": 'picture.convert("RGBA")',
    "La": 'picture.convert("LA")',
}
"""Mode that is refused -> what turns it to one that is taken."""


def take(value: Any, place: Place) -> Came | None:
    """A picture on both sides of the border; None in streams that are no pictures.

    Raises SampleError for modes whose numbers are no light, and where PIL cannot read it.
    """
    if place.kind not in ("picture", "parts"):
        return None
    mode = LIGHT.get(value.mode) if place.levels else _NUMBERS
    if mode is None:
        raise place.fail(
            "a picture in grey, RGB or a palette",
            describe(value),
            f"Use {REFUSED[value.mode]}." if value.mode in REFUSED else "Convert it first.",
        )
    try:
        source = value.convert(_colours(value, mode)) if mode.read else value
        array = np.asarray(source)
        if array.dtype == np.bool_:  # PIL stores white as 255, which is no byte of a boolean
            array = array.view(np.uint8) != 0
    except (OSError, SyntaxError, ValueError, TypeError) as error:
        raise place.fail("a picture that PIL can read", f"{describe(value)}: {error}") from None
    seen, fitting = fitted(array, place, deep=mode.deep)
    if place.first and seen.ndim == 3:
        from syncaug.backends.opencv import planar

        seen = planar(seen)
    back = partial(_back, source=source, mode=mode, fitting=fitting, first=bool(place.first))
    return Came(value, seen, back, other=bool(mode.read))


def _colours(picture: Any, mode: Mode) -> str:
    """The mode that holds the colours of a picture with a palette, which may have clear ones."""
    return "RGBA" if "transparency" in picture.info else mode.read


def _back(
    out: Any, size: Size | None, *, source: Any, mode: Mode, fitting: Back, first: bool
) -> Any:
    """A result as a picture of the mode in which `source` is, with its palette and its notes."""
    array = fitting(out, size)
    if not isinstance(array, np.ndarray):
        return array
    if first and array.ndim == 3:
        array = array.transpose(1, 2, 0)
    module = sys.modules["PIL.Image"]
    if source.mode in _SIXTEEN:
        array = array.astype(_SIXTEEN[source.mode])
        shape = (array.shape[1], array.shape[0])
        picture = module.frombytes(source.mode, shape, array.tobytes(), "raw", source.mode)
    else:
        picture = module.fromarray(np.ascontiguousarray(array))
    if source.mode == "P":
        palette = source.palette.mode
        picture.putpalette(source.getpalette(palette), palette)
    picture.info = source.info.copy()
    return picture
