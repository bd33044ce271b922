"""What people call a colour: the name whose values of a survey are nearest to the eye."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["Names", "hsv_of", "moved"]

Triple = tuple[float, float, float]
_VIVID = 0.97
"""Saturation and value of a plain word's colour: it says a hue and no shade."""
_LIGHTNESS = 0.6
"""The weight of lightness beside hue and chroma: a name spans more lightnesses than hues."""
_LEAST_TURN = 15.0
"""Degrees from which a broad name that a text said already makes way for a finer one."""
_MOST_KNOWN = 20_000


def hsv_of(colour: str) -> Triple:
    """Hue in degrees, saturation and value in [0, 1] of "rrggbb"."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    return hue * 360.0, saturation, value


def moved(colour: Triple, degrees: float, saturation: float, value: float) -> Triple:
    """A colour (HSV) as a tone map moves pixels: hue turned, saturation and value multiplied."""
    return (
        (colour[0] + degrees) % 360.0,
        min(max(colour[1] * saturation, 0.0), 1.0),
        min(max(colour[2] * value, 0.0), 1.0),
    )


@dataclass(frozen=True, eq=False)
class Names:
    """Names with the values that people gave them; `plain` are those of hues without a shade.

    `broad` gives the basic term around a finer name, `forms_of` that which lends its forms.
    """

    plain: Mapping[str, tuple[str, ...]]
    shades: Mapping[str, tuple[str, ...]]
    broad: Mapping[str, str]
    forms_of: Mapping[str, str]
    _points: list[tuple[str, Triple]] = field(init=False, default_factory=list)
    _known: dict[tuple[int, int, int], str] = field(init=False, default_factory=dict)
    _wheel: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        plain = list(_points(self.plain))
        self._points.extend([*plain, *_points(self.shades)])
        self._wheel.extend(
            _nearest((float(degrees), _VIVID, _VIVID), plain) for degrees in range(360)
        )

    def of(self, colour: Triple) -> str:
        """The name of a colour (HSV); of a finer name the basic term around it."""
        key = (round(colour[0]), round(colour[1] * 100), round(colour[2] * 100))
        name = self._known.get(key)
        if name is None:
            name = _nearest((float(key[0]), key[1] / 100, key[2] / 100), self._points)
            name = self.broad.get(name, name)
            if len(self._known) < _MOST_KNOWN:
                self._known[key] = name
        return name

    def of_hue(self, degrees: float, said: str = "", turn: float = 0.0) -> str:
        """The plain name of a hue; the finer one where its basic term is `said` before a `turn`."""
        name = self._wheel[round(degrees) % 360]
        basic = self.broad.get(name, name)
        if basic == said and abs((turn + 180.0) % 360.0 - 180.0) >= _LEAST_TURN:
            return name
        return basic


def _points(names: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[str, Triple]]:
    for name, values in names.items():
        for value in values:
            yield name, _oklab(hsv_of(value))


def _nearest(colour: Triple, points: Iterable[tuple[str, Triple]]) -> str:
    place = _oklab(colour)
    return min(points, key=lambda point: math.dist(point[1], place), default=("", place))[0]


def _oklab(colour: Triple) -> Triple:
    """OKLab of an sRGB colour (HSV): B. Ottosson, "A perceptual color space", 2020."""
    encoded = colorsys.hsv_to_rgb(colour[0] % 360.0 / 360.0, colour[1], colour[2])
    red, green, blue = (
        level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in encoded
    )
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        _LIGHTNESS * (0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short),
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
