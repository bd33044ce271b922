"""Normals: HxWx3 unit vectors that stand on surfaces, in the axes of the picture's camera."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import RefusalError
from syncaug.kernels.vector_pictures import any_channel, lengths, resampled
from syncaug.maps.bearing import Bearing
from syncaug.maps.lens_map import LensMap
from syncaug.maps.numbers import IDENTITY, Nine, as_matrix, inverse, product
from syncaug.maps.plane import PlaneMap
from syncaug.modalities.carrier import describe
from syncaug.modalities.floats import all_finite
from syncaug.modalities.plane.vectors import MeasuredCarrier
from syncaug.modalities.units import suspect_normals

__all__ = ["NormalsCarrier"]

_APART = 0.2
"""By how much a component differs between neighbours on one smooth surface at most."""
_LENGTH = 0.02
"""How far from 1 the length of a unit vector may be: as float16 and 8-bit levels leave it."""
_OPENGL = (1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, -1.0)
"""From the axes x right, y up, z backward to x right, y down, z forward, and back."""


class NormalsCarrier(MeasuredCarrier):
    """Unit vectors that turn and mirror with the camera that would take the picture as it is.

    A map that a camera takes as a turn of its own turns them by that; of any other map it is the
    turn or mirror in it. Cuts, shifts and sizes leave them. NaN, or 0, 0, 0, is not known.
    """

    __slots__ = ("bearing", "carried", "mark")

    def read(self, value: Any) -> NDArray[Any]:
        self.bearing = Bearing()
        self.carried: Nine = IDENTITY
        """The part of the bearing that the vectors hold already."""
        normals = super().read(value)
        unknown = not all_finite(normals) and np.isnan(normals).any()
        self.mark = float("nan") if unknown else 0.0
        """What stands where nothing is known: as the stream came."""
        return normals

    def form(self) -> str:
        return "normals of shape HxWx3, float32 or float64 unit vectors"

    def validate(self, picture: NDArray[Any]) -> None:
        self.require_floats(picture, 3, _hint_for(picture))
        with np.errstate(invalid="ignore"):
            length = lengths(picture.astype(np.float64))
            off = np.abs(length - 1.0) * (length != 0.0)
            worst = float(np.fmax.reduce(off, axis=None))
        if worst > _LENGTH:
            low, high = float(np.nanmin(picture)), float(np.nanmax(picture))
            hint = "Divide each by its length; 0, 0, 0 or NaN is one that is not known."
            if low >= 0.0 and high <= 1.0:
                hint = "Levels of a picture in 0..1 become components by 2 * levels - 1."
            raise self.fail(self.form(), f"a vector of length {1.0 + worst:g} or less", hint)
        if "axes" not in self.stream.options:
            suspect_normals(self, picture[..., 2])

    def plane(self, plane: PlaneMap) -> None:
        try:
            self.bearing = self.bearing.then(plane)
        except ValueError as error:
            raise RefusalError(
                self.stream.name,
                f"step {self.step!r} looks from aside, and without the turn of the picture's "
                "camera nobody knows how its normals turn; declare the camera, and use perspective",
            ) from error
        super().plane(plane)

    def lens(self, lens: LensMap) -> None:
        """The distortion is taken out: the camera keeps its axes, and so do the vectors."""
        self.settle()
        self.data = self._warped(lens, IDENTITY)

    def warp(self, plane: PlaneMap) -> NDArray[Any]:
        held, self.carried = self.carried, self.bearing.numbers
        return self._warped(plane, product(self.carried, inverse(held)))

    def _warped(self, plane: PlaneMap | LensMap, turn: Nine) -> NDArray[Any]:
        vectors = self.data.astype(np.float64)
        vectors[~any_channel(vectors != 0.0)] = np.nan
        if self.stream.options.get("axes") == "opengl":
            turn = product(_OPENGL, product(turn, _OPENGL))
        moved = resampled(vectors, plane, _APART) @ as_matrix(turn).T
        moved /= lengths(moved)[..., None]
        moved[any_channel(np.isnan(moved))] = self.mark
        return moved.astype(self.data.dtype)

    def hidden(self) -> float:
        return self.mark


def _hint_for(picture: NDArray[Any]) -> str:
    """How coded normals become vectors."""
    if picture.dtype == np.uint8:
        return (
            "Levels of 8 bits become vectors by levels.astype(numpy.float32) / 127.5 - 1, each "
            "divided by its length."
        )
    if picture.dtype == np.uint16:
        return (
            "Levels of 16 bits become vectors by levels.astype(numpy.float32) / 32767.5 - 1, each "
            "divided by its length."
        )
    three = picture.ndim == 3 and picture.shape[2] == 3
    return f"Convert {describe(picture)} with .astype(numpy.float32)." if three else ""
