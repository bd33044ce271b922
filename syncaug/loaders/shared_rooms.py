"""Memory in which a worker of a DataLoader makes large results, and which its parent hands back.

PyTorch puts each tensor that a worker sends into shared memory of its own. The system gives that
page by page and fills it with zeros first, which takes as long as to turn the picture that it is
for. Here memory is used again: once nobody in the worker has a result any more, and whoever got it
has dropped it too, the next one is made in its place. What is kept by either side stays as it is.

Only where the system has files without a name (Linux), and tensors are sent as descriptors, which
is PyTorch's way there unless it is told otherwise. Such memory goes with the last process that has
it, however that ends, and none of it is limited by the size of /dev/shm.
"""

from __future__ import annotations

import mmap
import os
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from math import prod
from multiprocessing import reduction
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.multiprocessing import get_sharing_strategy, reductions
from torch.utils.data import get_worker_info

__all__ = ["shared_room"]

_HEAD = mmap.PAGESIZE
"""Bytes before a result: one for each time that it was sent, which is 1 once it was dropped."""
_LEAST = 1 << 20
"""Bytes of a result below which it is not worth it."""
_SPARE = 2
"""How many times larger than a result the memory may be that it gets."""
_MOST = 64
"""Results at a time that lie in such memory; each needs two descriptors."""


class _Segment:
    """Memory for one result at a time."""

    def __init__(self, size: int) -> None:
        """Raises OSError."""
        self.size, self.sent, self.start = size, 0, 0
        self.file = os.memfd_create("syncaug-result")
        try:
            os.ftruncate(self.file, _HEAD + size)
            flags = mmap.MAP_SHARED | mmap.MAP_POPULATE
            self._map = mmap.mmap(self.file, _HEAD + size, flags=flags)
        except (OSError, ValueError) as error:
            os.close(self.file)
            raise OSError(f"no memory for a result of {size} bytes") from error
        self._held: Callable[[], Any] = _nothing

    @property
    def is_free(self) -> bool:
        """Whether nobody here or elsewhere has the result."""
        return self._held() is None and self._map[: self.sent] == b"\1" * self.sent

    def take(self) -> NDArray[np.uint8]:
        """The memory of a new result; it is held as long as this array or a view of it lives."""
        self._map[: self.sent] = bytes(self.sent)
        self.sent = 0
        array = np.frombuffer(self._map, np.uint8, self.size, _HEAD)
        self._held, self.start = weakref.ref(array), array.ctypes.data
        return array

    def close(self) -> None:
        with suppress(BufferError):
            self._map.close()
        os.close(self.file)


class _Rooms:
    """The segments of this process."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._lock = threading.Lock()  # results are made in one thread and sent in another
        self._segments: list[_Segment] = []
        reduction.ForkingPickler.register(torch.Tensor, _reduced)

    def take(self, size: int) -> NDArray[np.uint8] | None:
        """Memory of `size` bytes or more; None where there is none."""
        with self._lock:
            free = [one for one in self._segments if one.is_free]
            fits = [one for one in free if size <= one.size <= _SPARE * size]
            if fits:
                return min(fits, key=lambda one: one.size).take()
            if free:  # so that there are never more than are needed at a time
                self._segments.remove(free[0])
                free[0].close()
            if len(self._segments) >= _MOST:
                return None
            try:
                self._segments.append(_Segment(-(-size // _LEAST) * _LEAST))
            except OSError:
                return None
            return self._segments[-1].take()

    def sent(self, place: int) -> tuple[_Segment, int] | None:
        """The segment in which an address lies, and which time it is sent; None in no segment."""
        with self._lock:
            for one in self._segments:
                if one.start <= place < one.start + one.size and one.sent < _HEAD:
                    one.sent += 1
                    return one, one.sent - 1
        return None


_rooms: _Rooms | None = None
_strategy: Callable[[], str] = get_sharing_strategy
_by_torch: Callable[[Any], Any] = reductions.reduce_tensor


def shared_room(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any] | None:
    """Memory for a large result of a DataLoader's worker, of any content; None for all others."""
    global _rooms
    size = prod(shape) * dtype.itemsize
    if size < _LEAST or sys.platform != "linux" or get_worker_info() is None:
        return None
    if _strategy() != "file_descriptor":
        return None
    if _rooms is None or _rooms.process != os.getpid():
        _rooms = _Rooms()
    room = _rooms.take(size)
    return None if room is None else room[:size].view(dtype).reshape(shape)


def _reduced(tensor: Any) -> Any:
    """How a tensor is sent: as the memory that it lies in, or as PyTorch does it."""
    plain = type(tensor) is torch.Tensor and tensor.layout is torch.strided
    plain = plain and tensor.device.type == "cpu" and not tensor.requires_grad
    if not plain or tensor.is_conj() or tensor.is_neg() or tensor.is_quantized or _rooms is None:
        return _by_torch(tensor)
    storage = tensor.untyped_storage()
    found = _rooms.sent(storage.data_ptr())
    if found is None:
        return _by_torch(tensor)
    segment, number = found
    form = tensor.dtype, tensor.storage_offset(), tuple(tensor.shape), tensor.stride()
    span = storage.data_ptr() - segment.start, storage.nbytes()
    return _received, (reduction.DupFd(segment.file), _HEAD + segment.size, number, span, form)


def _received(file: Any, size: int, number: int, span: tuple[int, int], form: Any) -> Any:
    """The tensor, in the process that got it."""
    handle = file.detach()
    try:
        held = mmap.mmap(handle, size)
    finally:
        os.close(handle)
    array = np.frombuffer(held, np.uint8, span[1], _HEAD + span[0])
    gone = weakref.finalize(array, _handed_back, held, number, os.getpid())
    gone.atexit = False
    dtype, offset, shape, stride = form
    storage = torch.from_numpy(array).untyped_storage()
    return torch.empty(0, dtype=dtype).set_(storage, offset, shape, stride)


def _handed_back(held: mmap.mmap, number: int, process: int) -> None:
    """Say that a result was dropped, in the process that got it and in none that it has forked."""
    if os.getpid() == process:
        held[number] = 1


def _nothing() -> None:
    return None
