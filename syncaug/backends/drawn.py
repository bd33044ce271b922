"""What a transform of albumentations has found for a picture: its params, and the map in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.backends.fitting import LINEAR, coordinates, implied_map
from syncaug.backends.reading import read_field, read_map
from syncaug.maps.plane import FieldMap, PlaneMap

__all__ = ["Drawn", "copied", "drawn_for", "traced_map"]

Picture = NDArray[Any]
_RESAMPLING = frozenset(
    (
        "Affine",
        "ElasticTransform",
        "GridDistortion",
        "OpticalDistortion",
        "Perspective",
        "Rotate",
        "SafeRotate",
        "ShiftScaleRotate",
        "ThinPlateSpline",
    )
)
"""Transforms that treat all channels alike, by one call of OpenCV's warps or remaps."""
_AFFINE = frozenset(("Affine", "SafeRotate", "ShiftScaleRotate"))
"""Those of them that are `warpAffine` with their params, unless the matrix is nearly nothing."""
_NEARLY = 1.001e-5
"""What the library takes for nothing in a matrix, and a little more."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A transform and its params for pictures of one size; all that is random lies in them.

    `moved` is where they move the pixels, where that was asked for.
    """

    transform: Any
    params: Mapping[str, Any]
    moved: PlaneMap | FieldMap | None

    def apply(self, data: Picture) -> Picture:
        """The picture after the transform, as a new array with the axes of the one that came."""
        transform = self.transform
        picture = np.ascontiguousarray(data if data.ndim == 3 else data[:, :, None])
        name = type(transform).__name__
        if name in _RESAMPLING and opencv.faster_with_four(picture, transform.interpolation):
            return self._affine(picture) if name in _AFFINE else self._through_four(picture)
        result = np.ascontiguousarray(self._apply(picture))
        if result is data or (result.base is not None and np.may_share_memory(result, data)):
            result = result.copy()
        if data.ndim == 2:
            return result.reshape(result.shape[:2])
        return result if result.ndim == 3 else result[:, :, None]

    def _affine(self, picture: Picture) -> Picture:
        """As the library does it, without what it asks before and after."""
        matrix = self.params["matrix"]
        (a, b, c), (d, e, f), _ = matrix.tolist()
        if max(abs(a - 1.0), abs(b), abs(c), abs(d), abs(e - 1.0), abs(f)) < _NEARLY:
            return self._through_four(picture)
        rows, columns = (round(float(length)) for length in self.params["output_shape"])
        transform = self.transform
        return opencv.affine_through_four(
            picture, matrix[:2], (columns, rows), transform.border_mode, transform.fill
        )

    def _through_four(self, picture: Picture) -> Picture:
        return opencv.through_four(picture, self._apply)

    def _apply(self, picture: Picture) -> Picture:
        moved: Picture = self.transform.apply(picture, **self.params)
        return moved


def drawn_for(transform: Any, picture: Picture, moves: bool) -> Drawn:
    """What the transform draws for a picture (HxWxC), and the map of it where it `moves` pixels."""
    params = _params(transform, picture)
    height, width = picture.shape[:2]
    return Drawn(transform, params, _map_of(transform, params, width, height) if moves else None)


def _params(transform: Any, picture: Picture) -> dict[str, Any]:
    """The params as albumentations itself finds them in `__call__`."""
    data = {"image": picture}
    params: dict[str, Any] = transform.update_transform_params(
        params=transform.get_params(), data=data
    )
    params.update(transform.get_params_dependent_on_data(params=params, data=data))
    if "holes" in params:
        params.setdefault("seed", 0)  # Erasing forgets it where no hole fits
    return params


def _map_of(
    transform: Any, params: Mapping[str, Any], width: int, height: int
) -> PlaneMap | FieldMap:
    """Where the params move the pixels of a picture of this size."""
    moved: PlaneMap | FieldMap | None = read_map(transform, params, width, height)
    if moved is None and getattr(transform, "border_mode", None):
        moved = read_field(params, width, height)
    return traced_map(transform, params, width, height) if moved is None else moved


def traced_map(
    transform: Any, params: Mapping[str, Any], width: int, height: int
) -> PlaneMap | FieldMap:
    """Run the params over a picture of coordinates, and read off where each pixel came from."""
    plain = {"interpolation": LINEAR, "border_mode": 0, "fill": 0, "area_for_downscale": None}
    tracer = copied(transform)
    held = {name: value for name, value in plain.items() if hasattr(transform, name)}
    tracer.__dict__.update(held)
    traced = {**params, **{name: value for name, value in plain.items() if name in params}}
    moved = tracer.apply(coordinates(width, height), **traced)
    return implied_map(np.asarray(moved, np.float32), width, height)


def copied(transform: Any) -> Any:
    """A shallow copy, in a microsecond."""
    copy: Any = object.__new__(type(transform))
    copy.__dict__.update(transform.__dict__)
    return copy
