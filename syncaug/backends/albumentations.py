"""albumentations: one transform built per plan, given concrete values and addressed generators.

All of albumentations' randomness lies in finding its params; applying them draws nothing. So a call
is: a shallow copy with this sample's values and generators, its params, and `apply`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.backends.complaints import complaints
from syncaug.backends.fitting import LINEAR, coordinates, implied_map
from syncaug.backends.lazy_generators import LazyNumpy, LazyPython
from syncaug.backends.operation import Operated, Operation, PerFrame
from syncaug.backends.parameters import given, library_form
from syncaug.backends.reading import read_field, read_map
from syncaug.catalogue import OperationSpec
from syncaug.maps.border import with_border
from syncaug.maps.levels import as_floats, as_stored
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.randomness import Entropy

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # it asks the network when imported

import albumentations as library

__all__ = ["AlbumentationsOperation", "OneFrame", "prepare", "traced_map"]

Picture = NDArray[Any]


def prepare(
    spec: OperationSpec, modality: str, constants: Mapping[str, Any], options: Mapping[str, Any]
) -> AlbumentationsOperation:
    """Build "albumentations.Name" for a stream of images, masks or videos."""
    return AlbumentationsOperation(spec, modality, constants)


class AlbumentationsOperation(Operation):
    """One transform. A mask is moved by the map, so that labels of any dtype survive exactly."""

    def __init__(self, spec: OperationSpec, modality: str, constants: Mapping[str, Any]) -> None:
        self.spec = spec
        self._is_mask = modality == "mask"
        self._moves = spec.moves in ("plane", "field")
        self._constants = given(spec, constants)
        self._class = getattr(library, spec.name.partition(".")[2])
        border = spec.parameters.get("border_mode")
        self._border = (
            int(self._constants.get("border_mode", border.default)) if border is not None else 0
        )
        self._base = self._first()
        kinds = (kind.split("x") for kind in spec.accepts)
        self._accepted = frozenset((np.dtype(kind[0]).char, int(kind[1])) for kind in kinds)
        self._rebuilt = frozenset(n for n, p in spec.parameters.items() if p.stored == "construct")

    def run(
        self, data: Picture, values: Mapping[str, Any], entropy: Entropy, rate: float = 0.0
    ) -> Operated:
        """The transformed picture, HxW or HxWxC of the dtype that came, and the map, if any."""
        if self._is_mask:
            return self._mask(data, values, entropy)
        if data.dtype == np.uint16:  # the library takes no 16 bits: their levels pass as floats
            operated = self.run(as_floats(data), values, entropy)
            return operated._replace(data=as_stored(operated.data))
        picture = self._entered(data)
        transform = self._instance(values, entropy)
        with complaints(self.spec.name):
            params = _params(transform, picture)
            moved = _map_of(transform, params, picture) if self._moves else None
            return Operated(_left(data, transform, params), moved, self._border)

    def _mask(self, data: Picture, values: Mapping[str, Any], entropy: Entropy) -> Operated:
        """The mask that goes with a picture of the same parameters."""
        picture = np.zeros((*data.shape[:2], 3), np.uint8)
        transform = self._instance(values, entropy)
        with complaints(self.spec.name):
            moved = _map_of(transform, _params(transform, picture), picture)
        edged = with_border(moved, self._border)
        if edged is not None:
            mask = opencv.remap(data, edged, "nearest")
        elif isinstance(moved, FieldMap):
            mask = opencv.remap(data, moved, "nearest")
        else:
            mask = opencv.warp(data, moved.matrix, moved.size, "nearest")
        return Operated(mask, moved if self._moves else None, self._border)

    def on_frames(self, first: Picture, values: Mapping[str, Any], entropy: Entropy) -> PerFrame:
        """The params are found once, on the `first` frame, so that nothing flickers."""
        deep = first.dtype == np.uint16
        picture = self._entered(as_floats(first) if deep else first)
        transform = self._instance(values, entropy)
        with complaints(self.spec.name):
            params = _params(transform, picture)
            moved = _map_of(transform, params, picture) if self._moves else None
        transform.py_random = transform.random_generator = None  # all is drawn
        return PerFrame(OneFrame(self.spec.name, transform, params, deep), moved, self._border)

    def _first(self) -> Any:
        """The transform with the constants alone; None where samples have to complete it."""
        absent = [p for name, p in self.spec.parameters.items() if name not in self._constants]
        try:
            return self._build({})
        except (TypeError, ValueError):
            if not any(spec.required or spec.default is None for spec in absent):
                raise
            return None

    def _build(self, values: Mapping[str, Any]) -> Any:
        wanted = {**self._constants, **values}
        late = {
            n: wanted.pop(n)
            for n, p in self.spec.parameters.items()
            if p.stored == "late" and n in wanted
        }
        transform = self._class(**wanted, p=1.0)
        transform.__dict__.update(late)
        if transform.invalid_args:
            raise ValueError(f"{self.spec.name} has no {', '.join(transform.invalid_args)}")
        return transform

    def _instance(self, values: Mapping[str, Any], entropy: Entropy) -> Any:
        """A copy of the transform with this sample's values and its own generators."""
        base = self._base
        parameters = self.spec.parameters
        varying = {
            n: library_form(parameters[n], v) for n, v in values.items() if n not in self._constants
        }
        if base is None or not self._rebuilt.isdisjoint(varying):
            transform = self._build(varying)
            if self._rebuilt.isdisjoint(varying):
                self._base = transform  # every sample brings the same names, so all are set again
        else:
            transform = _copied(base)
            transform.__dict__.update(varying)
        transform.py_random = LazyPython(entropy)
        transform.random_generator = LazyNumpy(entropy)
        return transform

    def _entered(self, data: Picture) -> Picture:
        """The picture with a channel axis. Raises ValueError for what the library cannot take."""
        picture = data if data.ndim == 3 else data[:, :, None]
        if (picture.dtype.char, picture.shape[2]) not in self._accepted:
            seen_through = picture.shape[2] == 4 and (picture.dtype.char, 3) in self._accepted
            raise ValueError(
                f"{picture.dtype} with {picture.shape[2]} channels; "
                f"{self.spec.name} takes {', '.join(map(_described, self.spec.accepts))}"
                + (". Declare `channels: rgb` to read files without alpha" if seen_through else "")
            )
        return picture


@dataclass(frozen=True, slots=True, eq=False)
class OneFrame:
    """A transform whose params are found: a pure function of a frame (HxWxC)."""

    name: str
    transform: Any
    params: Mapping[str, Any]
    deep: bool = False

    def __call__(self, frame: Picture) -> Picture:
        with complaints(self.name):
            if self.deep:
                return as_stored(_left(as_floats(frame), self.transform, self.params))
            return _left(frame, self.transform, self.params)


def _left(data: Picture, transform: Any, params: Mapping[str, Any]) -> Picture:
    """The picture that leaves the transform, with the axes of the one that went in."""
    picture = np.ascontiguousarray(data if data.ndim == 3 else data[:, :, None])
    result = np.ascontiguousarray(transform.apply(picture, **params))
    if result is data or (result.base is not None and np.may_share_memory(result, data)):
        result = result.copy()
    if data.ndim == 2:
        return result.reshape(result.shape[:2])
    return result if result.ndim == 3 else result[:, :, None]


def _map_of(transform: Any, params: Mapping[str, Any], picture: Picture) -> PlaneMap | FieldMap:
    """Where the params move the pixels of a picture of this size."""
    height, width = picture.shape[:2]
    moved: PlaneMap | FieldMap | None = read_map(transform, params, width, height)
    if moved is None and getattr(transform, "border_mode", None):
        moved = read_field(params, width, height)
    return traced_map(transform, params, width, height) if moved is None else moved


def _described(kind: str) -> str:
    dtype, _, channels = kind.partition("x")
    return f"{dtype} with {channels} channel" + ("" if channels == "1" else "s")


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


def traced_map(
    transform: Any, params: Mapping[str, Any], width: int, height: int
) -> PlaneMap | FieldMap:
    """Run the params over a picture of coordinates, and read off where each pixel came from."""
    plain = {"interpolation": LINEAR, "border_mode": 0, "fill": 0, "area_for_downscale": None}
    tracer = _copied(transform)
    held = {name: value for name, value in plain.items() if hasattr(transform, name)}
    tracer.__dict__.update(held)
    traced = {**params, **{name: value for name, value in plain.items() if name in params}}
    moved = tracer.apply(coordinates(width, height), **traced)
    return implied_map(np.asarray(moved, np.float32), width, height)


def _copied(transform: Any) -> Any:
    """A shallow copy, in a microsecond."""
    copied: Any = object.__new__(type(transform))
    copied.__dict__.update(transform.__dict__)
    return copied
