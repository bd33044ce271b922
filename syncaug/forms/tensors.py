"""Tensors of torch: their numbers without a copy where numpy can see them.

A raster with channels has them first, as torch does (C, H, W), unless its stream says `layout:`.
Where pixels lie whole in memory, as in torch's channels-last format and in pictures of PIL turned
to tensors, nothing is copied on either way; else planes are woven to pixels and back.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.forms.arrays import fitted
from syncaug.forms.came import Back, Came
from syncaug.forms.places import Place
from syncaug.maps.plane import Size
from syncaug.modalities.carrier import describe

__all__ = ["numbers_of", "take", "tensor_of", "woven"]

_FEW = 4
"""Channels that a raster has as a rule; more at the front, and so few at the end, are height."""


def take(value: Any, place: Place) -> Came:
    """A tensor on the CPU. Raises SampleError for one of which numpy cannot see the numbers."""
    array = numbers_of(value, place)
    back = partial(_back, like=value, dtype=array.dtype)
    if array.ndim == 0:
        return Came(value, array[()], back)
    raster = place.axes and array.ndim == place.axes and place.first is None
    if raster:
        _require_first(value, place)
    return woven(Came(value, array, back), place, first=bool(raster))


def numbers_of(tensor: Any, place: Place) -> NDArray[Any]:
    """The numbers of a tensor as an array on the same memory; those of bfloat16 as float32."""
    torch = sys.modules["torch"]
    if tensor.device.type != "cpu":
        raise place.fail(
            "a tensor on the CPU, where pictures are augmented",
            f"{describe(tensor)} on {tensor.device}",
            "Augment in the workers of the loader, before the batch goes to the GPU, or give "
            "tensor.cpu()."
            if tensor.device.type != "meta"
            else "A tensor on meta has no numbers.",
        )
    if tensor.requires_grad:
        raise place.fail(
            "a tensor without gradients, which no augmentation hands on",
            f"{describe(tensor)} that requires grad",
            "Give tensor.detach().",
        )
    for is_odd, name, remedy in (
        (tensor.layout is not torch.strided, "sparse", "to_dense()"),
        (tensor.is_quantized, "quantised", "dequantize()"),
    ):
        if is_odd:
            raise place.fail(
                "a dense tensor", f"{describe(tensor)}, {name}", f"Give tensor.{remedy}."
            )
    plain = tensor if type(tensor) is torch.Tensor else tensor.as_subclass(torch.Tensor)
    try:
        if plain.dtype is torch.bfloat16:
            plain = plain.float()
        array: NDArray[Any] = plain.resolve_conj().resolve_neg().numpy()
    except (TypeError, RuntimeError):
        raise place.fail(
            "a tensor of a type that numpy has", describe(tensor), "Give tensor.float()."
        ) from None
    return array


def _require_first(tensor: Any, place: Place) -> None:
    """Refuse a raster whose channels plainly come last, where no layout is declared."""
    channels, last = tensor.shape[-3], tensor.shape[-1]
    if channels > _FEW >= last and not place.banded:
        raise place.fail(
            "a tensor with channels first, of shape " + ("CxHxW" if place.axes == 3 else "TxCxHxW"),
            describe(tensor),
            "Declare layout: hwc if its channels come last, or layout: chw if it is right.",
        )


def woven(came: Came, place: Place, *, first: bool) -> Came:
    """What carriers see of an array, with channels last where they come `first`."""
    array: NDArray[Any] = came.seen
    back = came.back
    if first:
        moved = np.moveaxis(array, -3, -1)
        if moved.flags.c_contiguous:
            back = partial(_moved, inner=came.back)
        else:
            from syncaug.backends.opencv import interleaved

            moved = _each(interleaved, array)
            back = partial(_planes, inner=came.back)
        array = moved
    seen, fitting = fitted(array, place)
    return Came(came.value, seen, partial(_after, inner=back, fitting=fitting), came.canvas)


def _after(out: Any, size: Size | None, *, inner: Back, fitting: Back) -> Any:
    return inner(fitting(out, size), size)


def _moved(out: Any, size: Size | None, *, inner: Back) -> Any:
    """Channels first, as a view."""
    return inner(np.moveaxis(out, -1, -3) if np.ndim(out) >= 3 else out, size)


def _planes(out: Any, size: Size | None, *, inner: Back) -> Any:
    """Channels first, as planes of their own."""
    from syncaug.backends.opencv import planar

    return inner(_each(planar, out) if np.ndim(out) >= 3 else out, size)


def _each(work: Any, array: NDArray[Any]) -> NDArray[Any]:
    """A picture, or each frame of a film, through `work`."""
    if array.ndim == 3:
        made: NDArray[Any] = work(array)
        return made
    return np.stack([work(frame) for frame in array]) if len(array) else array


def _back(out: Any, size: Size | None, *, like: Any, dtype: np.dtype[Any]) -> Any:
    return tensor_of(out, like, dtype)


def tensor_of(out: Any, like: Any, dtype: np.dtype[Any]) -> Any:
    """A result as a tensor; of the dtype that came where carriers kept theirs, `dtype`.

    Numbers of a list take that dtype as well.
    """
    torch = sys.modules["torch"]
    if not isinstance(out, np.ndarray | np.generic):
        kept = True
        numbers = np.asarray(out)
        if dtype.kind in "iu":
            numbers = np.rint(numbers)
        out = numbers.astype(dtype)
    array = np.asarray(out)
    kept = array.dtype == dtype
    if not array.flags.writeable or any(stride < 0 for stride in array.strides):
        array = array.copy()
    tensor = torch.from_numpy(array)
    return tensor.to(like.dtype) if kept else tensor
