"""NumPy's own files: .npy and .npz, never with pickled objects."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.atomic import replacing
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["read_npy", "read_npz", "write_npy"]

_DAMAGED = (ValueError, EOFError, OSError, KeyError, MemoryError, SyntaxError, zlib.error)


def read_npy(path: Path, expected: str) -> NDArray[Any]:
    """The array of an .npy file. Raises FileProblem."""
    data = read_bytes(path, expected)
    if not data.startswith(b"\x93NUMPY"):
        raise FileProblem(expected, f"{path}, which is no .npy file")
    try:
        array: NDArray[Any] = np.load(BytesIO(data), allow_pickle=False)
    except _DAMAGED as error:
        raise FileProblem(expected, f"{path}, which is damaged: {error}") from None
    return array


def read_npz(path: Path, expected: str) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz file by name. Raises FileProblem."""
    data = read_bytes(path, expected)
    if not data.startswith(b"PK"):
        raise FileProblem(expected, f"{path}, which is no .npz file")
    try:
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            return dict(arrays)
    except (*_DAMAGED, zipfile.BadZipFile) as error:
        raise FileProblem(expected, f"{path}, which is damaged: {error}") from None


def write_npy(path: Path, array: NDArray[Any]) -> None:
    """Write an array, whole or not at all."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)
