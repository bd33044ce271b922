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

from syncaug.errors import SampleError
from syncaug.forms.arrays import fitted
from syncaug.forms.came import Back, Came
from syncaug.forms.places import Place
from syncaug.maps.plane import Size
from syncaug.modalities.carrier import describe

__all__ = ["fitting", "numbers_of", "take", "tensor_of", "woven"]

_FEW = 4
"""Channels that a raster has as a rule; more at the front, and so few at the end, are height."""


def take(value: Any, place: Place) -> Came:
    """A tensor on the CPU. Raises SampleError for one of which numpy cannot see the numbers."""
    array = numbers_of(value, place)
    came = Came(value, array, partial(_back, like=value, dtype=array.dtype))
    if array.ndim and place.first is None and place.axes == array.ndim:
        _require_first(value, place)
        return woven(came, place)
    if array.ndim == 0:
        return came._replace(seen=array[()])
    return fitting(came, place)


def fitting(came: Came, place: Place) -> Came:
    """What came, with its numbers in a dtype that the carrier knows."""
    seen, back = fitted(came.seen, place)
    return came if seen is came.seen else Came(came.value, seen, back, came.canvas).after(came)


def numbers_of(tensor: Any, place: Place) -> NDArray[Any]:
    """The numbers of a tensor as an array on the same memory; those of bfloat16 as float32."""
    torch = sys.modules["torch"]
    if tensor.requires_grad or not tensor.is_cpu or tensor.layout is not torch.strided:
        raise _refused(tensor, place)
    plain = tensor if type(tensor) is torch.Tensor else tensor.as_subclass(torch.Tensor)
    try:
        if plain.dtype is torch.bfloat16:
            plain = plain.float()
        if plain.is_neg() or plain.is_conj():
            plain = plain.resolve_neg().resolve_conj()
        array: NDArray[Any] = plain.numpy()
    except (TypeError, RuntimeError):
        raise _refused(tensor, place) from None
    return array


def _refused(tensor: Any, place: Place) -> SampleError:
    """Why numpy cannot see the numbers of a tensor, and what to do."""
    came, kind = describe(tensor), tensor.device.type
    if kind == "meta":
        return place.fail("a tensor with numbers", f"{came} on meta", "It has no numbers.")
    if kind != "cpu":
        return place.fail(
            "a tensor on the CPU, where samples are augmented",
            f"{came} on {tensor.device}",
            "Augment in the workers of the loader, before the batch goes to the GPU, or give "
            "tensor.cpu().",
        )
    if tensor.requires_grad:
        return place.fail(
            "a tensor without gradients, which no augmentation hands on",
            f"{came} that requires grad",
            "Give tensor.detach().",
        )
    if tensor.is_quantized:
        return place.fail("a dense tensor", f"{came}, quantised", "Give tensor.dequantize().")
    if "strided" not in str(tensor.layout):
        return place.fail("a dense tensor", f"{came}, sparse", "Give tensor.to_dense().")
    return place.fail("a tensor of a type that numpy has", came, "Give tensor.float().")


def _require_first(tensor: Any, place: Place) -> None:
    """Refuse a raster whose channels plainly come last, where no layout is declared."""
    channels, last = tensor.shape[-3], tensor.shape[-1]
    if channels > _FEW >= last and not place.banded:
        raise place.fail(
            "a tensor with channels first, of shape " + ("CxHxW" if place.axes == 3 else "TxCxHxW"),
            describe(tensor),
            "Declare layout: hwc if its channels come last, or layout: chw if it is right.",
        )


def woven(came: Came, place: Place) -> Came:
    """A raster with channels first as carriers see it: with channels last."""
    array: NDArray[Any] = came.seen
    moved = np.moveaxis(array, -3, -1)
    if moved.flags.c_contiguous:
        return fitting(came._replace(seen=moved, back=partial(_moved, inner=came.back)), place)
    from syncaug.backends.opencv import interleaved

    seen = _each(interleaved, array)
    return fitting(came._replace(seen=seen, back=partial(_planes, inner=came.back)), place)


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
    if not isinstance(out, np.ndarray):
        numbers = np.asarray(out)
        if not isinstance(out, np.generic):
            numbers = (np.rint(numbers) if dtype.kind in "iu" else numbers).astype(dtype)
        out = numbers
    if not out.flags.writeable or min(out.strides, default=0) < 0:
        out = out.copy()
    tensor = sys.modules["torch"].from_numpy(out)
    return tensor.to(like.dtype) if out.dtype == dtype and tensor.dtype != like.dtype else tensor
