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
from syncaug.backends.drawn import Drawn, copied, drawn_for
from syncaug.backends.lazy_generators import LazyNumpy, LazyPython
from syncaug.backends.operation import Operated, Operation, PerFrame
from syncaug.backends.optional_imports import deferring
from syncaug.backends.parameters import built_first, given, library_form
from syncaug.catalogue import OperationSpec
from syncaug.maps.border import with_border
from syncaug.maps.levels import as_floats, as_stored
from syncaug.maps.plane import FieldMap
from syncaug.randomness import Entropy

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # it asks the network when imported

# What its submodule needs would be imported wherever it is installed, and is not used here.
with deferring("albumentations", "pytorch", ("ToTensor3D", "ToTensorV2"), ("torch",)):
    import albumentations as library

__all__ = ["AlbumentationsOperation", "OneFrame", "prepare"]

Picture = NDArray[Any]
_STILL = tuple(
    (name, getattr(library.BasicTransform, name))
    for name in ("get_params", "get_params_dependent_on_data", "update_transform_params")
)
"""Methods by which a transform finds its params; one that has only these draws nothing."""
_SIZES = 64
"""For how many sizes of pictures an operation that draws nothing keeps what it found."""


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
        self._base = built_first(self.spec, self._constants, self._build)
        kinds = (kind.split("x") for kind in spec.accepts)
        self._accepted = frozenset((np.dtype(kind[0]).char, int(kind[1])) for kind in kinds)
        self._rebuilt = frozenset(n for n, p in spec.parameters.items() if p.stored == "construct")
        self._is_still = all(getattr(self._class, name) is usual for name, usual in _STILL)
        self._kept: dict[tuple[int, ...], Drawn] = {}

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
        with complaints(self.spec.name):
            drawn = self._drawn(picture, values, entropy, self._moves)
            return Operated(drawn.apply(data), drawn.moved, self._border)

    def _mask(self, data: Picture, values: Mapping[str, Any], entropy: Entropy) -> Operated:
        """The mask that goes with a picture of the same parameters."""
        picture = np.zeros((*data.shape[:2], 3), np.uint8)
        with complaints(self.spec.name):
            moved = self._drawn(picture, values, entropy, True).moved
        assert moved is not None
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
        with complaints(self.spec.name):
            drawn = self._drawn(picture, values, entropy, self._moves)
        drawn.transform.py_random = drawn.transform.random_generator = None  # all is drawn
        return PerFrame(OneFrame(self.spec.name, drawn, deep), drawn.moved, self._border)

    def _drawn(
        self, picture: Picture, values: Mapping[str, Any], entropy: Entropy, moves: bool
    ) -> Drawn:
        """What this sample's values and entropy make of the transform, for this picture.

        Where they make no difference it is kept for each size.
        """
        if not self._is_still or not values.keys() <= self._constants.keys():
            return drawn_for(self._instance(values, entropy), picture, moves)
        kept = self._kept.get(picture.shape)
        if kept is None:
            if len(self._kept) >= _SIZES:
                self._kept.clear()
            transform = self._instance(values, entropy)
            transform.py_random = transform.random_generator = None
            kept = self._kept[picture.shape] = drawn_for(transform, picture, moves)
        return kept

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
            transform = copied(base)
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
    """What is drawn once for a film: a pure function of a frame (HxWxC)."""

    name: str
    drawn: Drawn
    deep: bool = False

    def __call__(self, frame: Picture) -> Picture:
        with complaints(self.name):
            if self.deep:
                return as_stored(self.drawn.apply(as_floats(frame)))
            return self.drawn.apply(frame)


def _described(kind: str) -> str:
    dtype, _, channels = kind.partition("x")
    return f"{dtype} with {channels} channel" + ("" if channels == "1" else "s")
