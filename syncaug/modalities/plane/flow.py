"""Optical flow: HxWx2, how far to the right and down each pixel lies in another picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.kernels.field_lookup import follow_field
from syncaug.kernels.vector_pictures import any_channel, resampled, sources
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.modalities.floats import surely_small
from syncaug.modalities.plane.vectors import MeasuredCarrier
from syncaug.modalities.units import suspect_pixels

__all__ = ["FlowCarrier"]

_APART = 1.0
"""Pixels by which vectors of neighbours on one moving surface differ at most."""
_UNKNOWN = 1e9
"""Middlebury's threshold, beyond which a number says that the flow is not known."""


class FlowCarrier(MeasuredCarrier):
    """Vectors whose both ends move with the plane, which both pictures share.

    A pixel p shows what the other picture shows at p + f. After a map A of the plane it is at A(p),
    and what it points to at A(p + f): the vector is A(p + f) - A(p), also under a perspective. NaN
    is a vector that is not known. Forward or backward makes no difference.
    """

    __slots__ = ()

    def form(self) -> str:
        return "a flow of shape HxWx2, float32 or float64, in pixels to the right and down"

    def validate(self, picture: NDArray[Any]) -> None:
        self.require_floats(picture, 2, _hint_for(picture))
        if not surely_small(picture, _UNKNOWN):
            with np.errstate(invalid="ignore"):
                most = float(np.fmax.reduce(np.abs(picture), axis=None))
            if most >= _UNKNOWN:
                raise self.fail(
                    "vectors in pixels, and NaN where none is known",
                    f"a number of {most:g}",
                    "Middlebury's mark becomes NaN: flow[abs(flow) >= 1e9] = numpy.nan.",
                )
        if self.stream.options.get("unit") == "fraction":
            suspect_pixels(self, picture)

    def warp(self, plane: PlaneMap) -> NDArray[Any]:
        vectors = self._pixels(self.data, plane.source)
        moved = resampled(vectors, plane, _APART)
        if plane.is_affine:
            a, b, _, d, e, _, _, _, i = plane.numbers
            linear = np.array([[a, b], [d, e]]) / i
            return self._stored(moved.astype(np.float64) @ linear.T, plane.size)
        here = sources(plane)
        x, y = np.moveaxis(here + moved, -1, 0)
        a, b, c, d, e, f, g, h, i = plane.numbers
        with np.errstate(invalid="ignore", divide="ignore"):
            weight = g * x + h * y + i
            weight[weight <= 0.0] = np.nan  # it lies behind the turned camera
            ends = np.stack([(a * x + b * y + c) / weight, (d * x + e * y + f) / weight], axis=-1)
        return self._stored(ends - _grid(plane.size), plane.size)

    def field(self, field: FieldMap) -> None:
        """Both ends are found again where the field shows them; else the vector is not known."""
        self.settle()
        moved = resampled(self._pixels(self.data, field.source), field, _APART)
        ends = (sources(field) + moved).reshape(-1, 2)
        there = follow_field(field, ends).reshape(*moved.shape)
        self.data = self._stored(there - _grid(field.size), field.size)

    def _pixels(self, vectors: NDArray[Any], size: Size) -> NDArray[Any]:
        """Vectors in pixels, NaN where one of the two numbers is."""
        if self.stream.options.get("unit") == "fraction":
            vectors = vectors * np.array(size, vectors.dtype)
        unknown = any_channel(np.isnan(vectors))
        return np.where(unknown[..., None], np.nan, vectors) if unknown.any() else vectors

    def _stored(self, vectors: NDArray[np.float64], size: Size) -> NDArray[Any]:
        if self.stream.options.get("unit") == "fraction":
            vectors = vectors / np.array(size, np.float64)
        return vectors.astype(self.data.dtype)


def _grid(size: Size) -> NDArray[np.float64]:
    """The pixels (H, W, 2) of a picture, x and y."""
    width, height = size
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    return np.stack([x, y], axis=-1)


def _hint_for(picture: NDArray[Any]) -> str:
    """How coded flow becomes vectors."""
    channels = picture.shape[2] if picture.ndim == 3 else 1
    if picture.dtype == np.uint16 and channels == 3:
        return (
            "KITTI's levels become pixels by (levels[..., :2].astype(numpy.float32) - 32768) / 64, "
            "and NaN where the third channel is 0."
        )
    if picture.dtype == np.uint8 and channels in (2, 3):
        return (
            "Levels around 128 become pixels by (levels[..., :2].astype(numpy.float32) - 128) * "
            "SCALE; a picture of a colour wheel is no flow."
        )
    if picture.dtype.kind == "f" and channels == 3:
        return "A third channel of validity becomes NaN: flow[valid == 0] = numpy.nan."
    if channels == 2:
        return "Convert it: flow.astype(numpy.float32)."
    if picture.ndim == 4:
        return "One stream holds the flow between two pictures, not that of a film."
    return ""
