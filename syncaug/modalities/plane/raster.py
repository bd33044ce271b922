"""Rasters: what pictures, masks and depth images share. They live on a plane and are warped."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.kernels.channels import Channels
from syncaug.limits import OverLimitError
from syncaug.maps.mask import Drop, Occlusion
from syncaug.maps.mix import Mix
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.modalities.annotations.sides import Sides
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.conversion import array_hint, batch_hint
from syncaug.modalities.pairs import note_mix, require_same
from syncaug.plan.plan import Stream

__all__ = ["RasterCarrier", "RasterRules"]

_HALF = 0.5
_LEVELS = {("u", size): (0.0, float(2 ** (8 * size) - 1)) for size in (1, 2, 4, 8)} | {
    ("i", size): (-float(2 ** (8 * size - 1)), float(2 ** (8 * size - 1) - 1))
    for size in (1, 2, 4, 8)
}
"""Kind and bytes of each type of integers -> its least and its greatest value."""


@dataclass(frozen=True, slots=True)
class RasterRules:
    """What a raster's options decide.

    `channels` and `sides` are as they were declared; `fitting` are the dtypes and numbers of
    channels of which it is known that they hold the fill. `plain` has what is known of arrays of
    a kind (dtype, dimensions and channels) that are right whatever their numbers are.
    """

    channels_first: bool
    fill: Any
    channels: str
    sides: Sides
    fitting: set[tuple[np.dtype[Any], int]]
    plain: dict[tuple[Any, ...], Channels]


class RasterCarrier(Carrier, ABC):
    """An HxW or HxWxC array; one warp for all plane maps that meet without an operation between."""

    __slots__ = ("channels_first", "pending")
    rules: RasterRules
    interpolation: ClassVar[str] = "linear"
    blends: ClassVar[bool] = False
    """Whether values between two pixels' mean something; else the larger share shows."""

    @classmethod
    def rules_of(cls, stream: Stream) -> RasterRules:
        options = stream.options
        return RasterRules(
            options.get("layout", "hwc") == "chw",
            options.get("fill", 0),
            options.get("channels", ""),
            Sides.of(options),
            set(),
            {},
        )

    def read(self, value: Any) -> NDArray[Any]:
        self.pending: PlaneMap | None = None
        if not isinstance(value, np.ndarray):
            raise self.fail(self.form(), describe(value), array_hint(value))
        if value.ndim not in (2, 3) or value.size == 0:
            hint = batch_hint(value, 3)
            if hint and self.stream.modality == "image":
                hint += " Of a film declare modality: video."
            raise self.fail(self.form(), describe(value), hint)
        self.channels_first = self.rules.channels_first and value.ndim == 3
        picture = opencv.interleaved(value) if self.channels_first else value
        self.validate(picture)
        channels = picture.shape[2] if picture.ndim == 3 else 1
        kind = (picture.dtype, channels)
        if kind not in self.rules.fitting:
            self.check_fill(self.rules.fill, channels, *self.levels(picture))
            self.rules.fitting.add(kind)
        return picture

    def levels(self, picture: NDArray[Any]) -> tuple[float, float]:
        """The least and the greatest value that a pixel may have."""
        return _LEVELS.get((picture.dtype.kind, picture.dtype.itemsize), (0.0, 1.0))

    @abstractmethod
    def form(self) -> str:
        """What the stream should be, for error messages."""

    @abstractmethod
    def validate(self, picture: NDArray[Any]) -> None:
        """Raise SampleError unless dtype and values are right."""

    def picture_size(self) -> Size:
        if self.pending is not None:
            return self.pending.size
        height, width = self.data.shape[:2]
        return width, height

    def plane(self, plane: PlaneMap) -> None:
        if plane.size != plane.source:
            width, height = plane.size
            channels = self.data.shape[2] if self.data.ndim == 3 else 1
            self.require_room(width * height * channels, f"a picture of {width}x{height} pixels")
        self.pending = plane if self.pending is None else self.pending.then(plane)

    def cut(self) -> None:
        if self.pending is not None:
            self.pending = self.pending.cut

    def field(self, field: FieldMap) -> None:
        self.settle()
        self.data = opencv.remap(self.data, field, self.interpolation, self.fill())

    def fill(self) -> Any:
        """What shows where the source ends."""
        return self.rules.fill

    def warp(self, plane: PlaneMap) -> NDArray[Any]:
        """The raster moved by a plane map, and filled where it shows nothing."""
        return opencv.warp_map(self.data, plane, self.interpolation, self.fill())

    def settle(self) -> None:
        if self.pending is not None:
            plane, self.pending = self.pending, None
            try:
                self.data = self.warp(plane)
            except OverLimitError as error:
                raise self.refusal(error) from error

    def hidden(self) -> Any:
        """What shows where something covers the picture, or where nothing is shown at all."""
        return self.fill()

    def occlude(self, occlusion: Occlusion) -> None:
        """Cover rectangles of the picture as it stands now."""
        self.settle()
        data = self.data.copy()
        for left, top, right, bottom in occlusion.rectangles:
            data[top:bottom, left:right] = self.hidden()
        self.data = data

    def drop(self, drop: Drop) -> None:
        """Show nothing; the size stays, which others need."""
        self.settle()
        self.data = np.empty_like(self.data)
        self.data[:] = self.hidden()

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Blend with the partner's raster, or show it inside the window."""
        other = partner.data
        require_same(self.stream.name, "picture", "dtype and shape", self.data, other)
        if mix.kind == "region":
            left, top, right, bottom = mix.window
            if right > left and bottom > top:
                data = self.data.copy()
                data[top:bottom, left:right] = other[top:bottom, left:right]
                self.data = data
        elif self.blends:
            self.data = opencv.blend(self.data, other, mix.weight)
        elif mix.weight > _HALF:
            self.data = other
        note_mix(self.notes, mix)

    def handed_out(self) -> NDArray[Any]:
        """The raster with its channels in the order in which the sample holds them."""
        return self.data  # type: ignore[no-any-return]

    def finish(self) -> dict[str, Any]:
        self.settle()
        picture = self.handed_out()
        if self.channels_first and picture.ndim == 3:
            picture = opencv.planar(picture)
        return {self.stream.name: picture}
