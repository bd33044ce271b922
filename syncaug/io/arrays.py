"""NumPy's own files: .npy and .npz, never with pickled objects."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.atomic import replacing
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["as_floats", "narrowed", "read_npy", "read_npz", "write_npy", "write_npz"]

_DAMAGED = (
    *(ValueError, TypeError, EOFError, OSError, KeyError, MemoryError, SyntaxError),
    *(RecursionError, TokenError, zlib.error),
)


def read_npy(path: Path, expected: str, limits: Limits = LIMITS) -> NDArray[Any]:
    """The array of an .npy file. Raises FileProblem, also where it is not as long as it says."""
    data = read_bytes(path, expected, limit=limits.memory)
    if not data.startswith(b"\x93NUMPY"):
        raise FileProblem(expected, f"{path}, which is no .npy file")
    try:
        said, head = _said(BytesIO(data))
        if said != len(data) - head:
            raise ValueError(f"it says {said:,} bytes of numbers, and holds {len(data) - head:,}")
        array: NDArray[Any] = np.load(BytesIO(data), allow_pickle=False)
    except _DAMAGED as error:
        raise FileProblem(expected, f"{path}, which is damaged: {str(error)[:200]}") from None
    return array


def read_npz(path: Path, expected: str, limits: Limits = LIMITS) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz file by name. Raises FileProblem."""
    data = read_bytes(path, expected, limit=limits.memory)
    if not data.startswith(b"PK"):
        raise FileProblem(expected, f"{path}, which is no .npz file")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            limits.check_memory(path, expected, sum(member.file_size for member in members))
            for member in members:
                with archive.open(member) as file:
                    said, head = _said(file)
                if said != member.file_size - head:
                    raise ValueError(f"{member.filename} is not as long as it says")
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            return dict(arrays)
    except (*_DAMAGED, NotImplementedError, RuntimeError, zipfile.BadZipFile) as error:
        raise FileProblem(expected, f"{path}, which is damaged: {str(error)[:200]}") from None


def _said(file: IO[bytes]) -> tuple[int, int]:
    """How many bytes of numbers a header of NumPy's announces, and how long it is itself.

    Raises ValueError for objects, which only unpickling could read.
    """
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else _read_header_2_0
    shape, _, dtype = read(file)
    if dtype.hasobject:
        raise ValueError("Object arrays cannot be loaded: only unpickling reads them")
    return math.prod(shape) * dtype.itemsize, file.tell()


def _read_header_2_0(file: IO[bytes]) -> tuple[tuple[int, ...], bool, Any]:
    return np.lib.format.read_array_header_2_0(file)


def as_floats(array: NDArray[Any]) -> NDArray[Any]:
    """Numbers of a file as float32, or as float64 where they are, or where float32 moves one."""
    return array if array.dtype in (np.float32, np.float64) else narrowed(array)


def narrowed(array: NDArray[Any]) -> NDArray[Any]:
    """Numbers as float32, or as float64 where that would move one.

    So coordinates of a map and times in nanoseconds keep their places.
    """
    with np.errstate(over="ignore"):
        numbers = array.astype(np.float32)
    exact = array.astype(np.float64)
    return exact if bool((np.abs(numbers - exact) > _MOVED).any()) else numbers


_MOVED = 1e-3
"""A millimetre, or as much of what else a number counts: more is no rounding."""


def write_npy(path: Path, array: NDArray[Any]) -> None:
    """Write an array, whole or not at all."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)


def write_npz(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays by name, whole or not at all."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
