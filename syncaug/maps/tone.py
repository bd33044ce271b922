"""Tone maps: what happens to colours and brightness, the same for pictures, words and points."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Colour", "Light", "ToneMap"]

_MIDDLE = 0.5
_new: Any = tuple.__new__
"""Makes maps without looking at their fields, in half the time of the constructor."""
# Numbers that are arrays already cost an operation a third less than Python's own.
_NONE, _HALF, _FULL, _TOP = map(np.array, (0.0, 0.5, 1.0, 255.0))

_BYTES = np.dtype(np.uint8)
Levels = NDArray[np.floating[Any]]


class Colour(NamedTuple):
    """A turn of the colour wheel in degrees, and relative changes of saturation and value (HSV)."""

    hue: float = 0.0
    saturation: float = 0.0
    value: float = 0.0


class Light(NamedTuple):
    """Brightness and contrast as relative changes, and a gamma exponent, channel by channel.

    A level x in [0, 1] becomes clip(0.5 + (1 + contrast) * ((1 + value) * x - 0.5)) ** gamma.
    """

    value: float = 0.0
    contrast: float = 0.0
    gamma: float = 1.0

    def apply(self, levels: Levels, out: Levels | None = None) -> Levels:
        """Change levels in [0, 1], float32 or float64, in their own precision.

        `out` takes the result, and may be `levels`; without it a new array does.
        """
        factor, shift = self.line
        lit = np.multiply(levels, factor, out=out)
        if shift:
            lit -= shift
        lit.clip(0.0, 1.0, out=lit)
        if self.gamma != 1.0:
            _raise_to(float(self.gamma), lit)
        return lit

    @property
    def line(self) -> tuple[float, float]:
        """Factor and shift of levels before they are clipped: x becomes factor * x - shift.

        Python's own floats leave levels their precision; numpy's would widen them.
        """
        value, contrast, _ = self
        return float((1.0 + contrast) * (1.0 + value)), _MIDDLE * contrast


class ToneMap(NamedTuple):
    """Stages of colour and light, in order; neighbouring stages of one kind act as one.

    `reflectivity` is the factor on the reflectivity of points, 1 where it does not follow. `pitch`
    is the shift of sound in semitones.
    """

    stages: tuple[Colour | Light, ...]
    reflectivity: float = 1.0
    pitch: float = 0.0

    @staticmethod
    def lit(value: float, contrast: float, gamma: float, reflectivity: float = 1.0) -> ToneMap:
        """The map of one stage of light."""
        stage = _new(Light, (value, contrast, gamma))
        return _new(ToneMap, ((stage,), reflectivity, 0.0))  # type: ignore[no-any-return]

    def then(self, later: ToneMap) -> ToneMap:
        """This map followed by `later`; hues of neighbouring colour stages add up."""
        reflectivity = self.reflectivity * later.reflectivity
        pitch = self.pitch + later.pitch
        if self.stages and later.stages:
            last, first = self.stages[-1], later.stages[0]
            if (
                isinstance(last, Colour)
                and isinstance(first, Colour)
                and not (last.saturation or last.value)
            ):
                merged = Colour(last.hue + first.hue, first.saturation, first.value)
                return ToneMap((*self.stages[:-1], merged, *later.stages[1:]), reflectivity, pitch)
        return ToneMap(self.stages + later.stages, reflectivity, pitch)

    @property
    def hue(self) -> float:
        """The whole turn of the colour wheel, in degrees."""
        turn = 0.0
        for stage in self.stages:
            if isinstance(stage, Colour):
                turn += stage.hue
        return turn

    @property
    def recolours(self) -> bool:
        """Whether a stage of colour is among its stages; light leaves the names of colours true."""
        for stage in self.stages:  # noqa: SIM110 (twice as fast as any)
            if isinstance(stage, Colour):
                return True
        return False

    @property
    def saturation(self) -> float:
        """The factor that is left of the colours: 0 where all is grey."""
        factor = 1.0
        for stage in self.stages:
            if isinstance(stage, Colour):
                factor *= max(0.0, 1.0 + stage.saturation)
        return factor

    @property
    def value(self) -> float:
        """The factor that is left of the brightness of colours, by stages of colour alone."""
        factor = 1.0
        for stage in self.stages:
            if isinstance(stage, Colour):
                factor *= max(0.0, 1.0 + stage.value)
        return factor


def light_table(stages: tuple[Light, ...]) -> NDArray[np.uint8]:
    """The 256-entry table that applies neighbouring light stages to 8-bit levels at once."""
    levels, lit = _LEVELS, None
    for stage in stages:
        factor, shift = stage.line
        levels = lit = np.multiply(levels, factor, out=lit)
        if shift:
            lit -= shift
        if shift > 0.0:  # else nothing is below 0: only what the change takes out is clipped
            np.maximum(lit, _NONE, out=lit)
        if factor - shift > 1.0:
            np.minimum(lit, _FULL, out=lit)
        if stage.gamma != 1.0:
            _raise_to(float(stage.gamma), lit)
    levels *= _TOP
    levels += _HALF
    return levels.astype(_BYTES)


def _raise_to(gamma: float, levels: Levels) -> None:
    """Raise levels to a power, in place."""
    with np.errstate(divide="ignore"):  # black has no logarithm, and stays black
        np.log(levels, out=levels)
    levels *= gamma
    np.exp(levels, out=levels)  # a power takes three times as long where levels were clipped


_LEVELS = np.arange(256, dtype=np.float64) / 255.0
