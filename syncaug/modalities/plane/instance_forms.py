"""Forms of instances: stacks of masks, lists of them, and run lengths; packed to bits and back.

A mask has two values, so that eight of them go into one byte, and one resampling by nearest
neighbour, which only copies, carries all eight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.maps.plane import Size
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.plane.outline_forms import mask_of, runs_like

__all__ = ["MaskForm", "empty_picture", "marked", "packed", "read_masks", "unpacked"]

Bits = NDArray[np.uint8]
_FORM = "N masks: an array of shape NxHxW (HxWxN with layout: hwn), or a list of HxW masks"


@dataclass(frozen=True, slots=True)
class MaskForm:
    """How masks came: `like` is the value, `rows` are its entries where it is a list.

    `last` says that the N of an array is its last axis, and `dtype` and `mark` what marks a pixel.
    """

    like: Any
    rows: tuple[Any, ...] | None
    last: bool
    dtype: np.dtype[Any]
    mark: int

    def written(self, masks: NDArray[np.bool_], sources: NDArray[np.intp]) -> Any:
        """Masks (N, H, W) as they came; `sources` are their rows in the sample, -1 of others."""
        if self.rows is None:
            stack = np.moveaxis(masks, 0, -1) if self.last else masks
            return np.ascontiguousarray(stack if self.dtype == np.bool_ else self._marked(stack))
        default = next((row for row in self.rows if row is not None), None)
        likes = [self.rows[s] if s >= 0 and self.rows[s] is not None else default
                 for s in sources.tolist()]  # fmt: skip
        out = [self._row(mask, like) for mask, like in zip(masks, likes, strict=True)]
        return tuple(out) if type(self.like) is tuple else out

    def _row(self, mask: NDArray[np.bool_], like: Any) -> Any:
        if isinstance(like, Mapping):
            return runs_like(like, mask)
        if isinstance(like, np.ndarray) and like.dtype == np.bool_:
            return mask.copy()
        marked = self._marked(mask)
        return marked if isinstance(like, np.ndarray) or like is None else marked.tolist()

    def _marked(self, masks: NDArray[np.bool_]) -> NDArray[Any]:
        if self.dtype == np.bool_:
            return masks.copy()
        marked = masks.astype(self.dtype)
        return marked if self.mark == 1 else marked * self.dtype.type(self.mark)


def read_masks(value: Any, carrier: Carrier) -> tuple[MaskForm, NDArray[np.bool_] | None]:
    """The form of masks and the masks (N, H, W); None of an empty list, which tells no size.

    Raises SampleError where they are none.
    """
    last = carrier.rules.last
    if isinstance(value, np.ndarray) and value.dtype != object:
        if value.ndim != 3:
            hint = "A class of every pixel is modality: mask." if value.ndim == 2 else ""
            if value.ndim == 4 and 1 in value.shape:
                hint = "Remove the axis of one channel: numpy.squeeze(masks, 1)."
            raise carrier.fail(_FORM, describe(value), hint)
        masks, mark = _marks(value, "", carrier)
        return (
            MaskForm(value, None, last, value.dtype, mark),
            np.moveaxis(masks, -1, 0) if last else masks,
        )
    if not isinstance(value, list | tuple | np.ndarray):
        raise carrier.fail(_FORM, describe(value))
    rows = tuple(value)
    return _read_rows(value, rows, carrier)


def _read_rows(
    value: Any, rows: tuple[Any, ...], carrier: Carrier
) -> tuple[MaskForm, NDArray[np.bool_] | None]:
    found: dict[int, NDArray[np.bool_]] = {}
    dtype, mark = np.dtype(np.uint8), 1
    for index, row in enumerate(rows):
        if row is None:
            continue
        if isinstance(row, Mapping):
            found[index] = mask_of(row, index, carrier) != 0
            continue
        try:
            array = np.asarray(row)
        except ValueError:
            array = np.empty(0)
        if array.ndim != 2:
            raise carrier.fail(_FORM, f"row {index}: {describe(row)}")
        found[index], mark = _marks(array, f"row {index}: ", carrier)
        dtype = array.dtype
    shapes = {mask.shape for mask in found.values()}
    if len(shapes) > 1:
        one, other = sorted(shapes)[:2]
        raise carrier.fail("masks of one size", f"{one[0]}x{one[1]} and {other[0]}x{other[1]}")
    form = MaskForm(value, rows, False, dtype, mark)
    if not found:
        return form, None
    masks = np.zeros((len(rows), *shapes.pop()), dtype=bool)
    for index, mask in found.items():
        masks[index] = mask
    return form, masks


def _marks(value: NDArray[Any], where: str, carrier: Carrier) -> tuple[NDArray[np.bool_], int]:
    """Masks of two values as booleans, and what marks a pixel of theirs: 1, or 255."""
    if value.dtype == np.bool_:
        return value, 1
    if value.dtype.kind not in "iu":
        raise carrier.fail(
            "masks of booleans or of the integers 0 and 1",
            where + describe(value),
            "Soft masks become some by comparing: masks > 0.5. modality: heatmap keeps them soft."
            if value.dtype.kind == "f"
            else "",
        )
    marks: NDArray[np.bool_] = value != 0
    mark = int(value.max(initial=0)) or 1
    if mark not in (1, 255) or bool((value[marks] != mark).any()):
        raise carrier.fail(
            "masks of booleans or of the integers 0 and 1",
            where + f"numbers such as {mark}",
            "The number of a class or an instance at each pixel is modality: mask.",
        )
    return marks, mark


def packed(masks: NDArray[np.bool_]) -> Bits:
    """Masks (N, H, W) as bits of the channels of a picture (H, W, B), B of at least 1."""
    count, height, width = masks.shape
    planes = np.zeros((_channels(count), height, width), np.uint8)
    for index, mask in enumerate(masks.view(np.uint8)):  # numpy's packbits takes many times as long
        planes[index // 8] |= mask << (7 - index % 8)
    return opencv.interleaved(planes)


def unpacked(bits: Bits, count: int) -> NDArray[np.bool_]:
    """The masks (N, H, W) in the bits of a picture."""
    planes = opencv.planar(bits)
    masks = np.empty((count, *bits.shape[:2]), np.uint8)
    for index, mask in enumerate(masks):
        np.right_shift(planes[index // 8], 7 - index % 8, out=mask)
        mask &= 1
    return masks.view(np.bool_)


def empty_picture(size: Size, count: int) -> Bits:
    """The bits of masks that mark nothing."""
    return np.zeros((size[1], size[0], _channels(count)), dtype=np.uint8)


def marked(bits: Bits, count: int) -> NDArray[np.bool_]:
    """Which of the masks in the bits of a picture mark a pixel."""
    height, width, channels = bits.shape
    columns = np.bitwise_or.reduce(bits.reshape(height, width * channels), axis=0)
    seen = np.bitwise_or.reduce(columns.reshape(width, channels), axis=0)
    return np.unpackbits(seen, count=count).view(np.bool_)


def _channels(count: int) -> int:
    """How many channels hold the bits of so many masks, at least one."""
    channels = max(1, -(-count // 8))
    return channels + (channels % 4 == 2)  # OpenCV rounds elsewhere where pictures have two
