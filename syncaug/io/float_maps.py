"""Files of floats for each pixel: .flo of Middlebury and .pfm of the portable float map."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.atomic import write_bytes
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["read_flo", "read_pfm", "write_flo", "write_pfm"]

Numbers = NDArray[np.float32]

_TAG = np.array(202021.25, "<f4").tobytes()
_UNKNOWN, _MARK = 1e9, 1e10
"""Middlebury's threshold, beyond which a number is not known, and what is written for that."""
_HEAD = re.compile(rb"(P[fF])\s+(\d+)\s+(\d+)\s+(-?[0-9.eE+-]+)\s")


def read_flo(path: Path, expected: str, limits: Limits = LIMITS) -> Numbers:
    """The flow (H, W, 2) of a .flo file; NaN where it marks it as not known. Raises FileProblem.

    The tag 202021.25, width and height, then u and v row by row, all little-endian (Baker and
    others, A Database and Evaluation Methodology for Optical Flow, IJCV 2011).
    """
    data = read_bytes(path, expected, limit=limits.memory)
    if data[:4] != _TAG or len(data) < 12:
        raise FileProblem(expected, f"{path}, which is no .flo file")
    width, height = np.frombuffer(data[4:12], "<i4").tolist()
    if width < 1 or height < 1 or len(data) - 12 != 8 * width * height:
        held = len(data) - 12
        raise FileProblem(expected, f"{path}, of {width}x{height} pixels in {held:,} bytes")
    flow = np.frombuffer(data[12:], "<f4").astype(np.float32).reshape(height, width, 2)
    with np.errstate(invalid="ignore"):
        flow[(np.abs(flow) >= _UNKNOWN).any(axis=-1)] = np.nan
    return flow


def write_flo(folder: Path, stem: str, flow: NDArray[Any]) -> str:
    """Write flow (H, W, 2) of float32; what is not known gets Middlebury's mark."""
    height, width = flow.shape[:2]
    known = np.where(np.isnan(flow), np.float32(_MARK), flow).astype("<f4")
    head = _TAG + np.array([width, height], "<i4").tobytes()
    write_bytes(folder / f"{stem}.flo", head + known.tobytes())
    return f"{stem}.flo"


def read_pfm(path: Path, expected: str, limits: Limits = LIMITS) -> Numbers:
    """The floats (H, W) or (H, W, 3) of a .pfm file, whose rows go upwards. Raises FileProblem.

    The third number of its head is below 0 for little-endian floats.
    """
    data = read_bytes(path, expected, limit=limits.memory)
    found = _HEAD.match(data)
    if found is None:
        raise FileProblem(expected, f"{path}, which is no .pfm file")
    channels = 3 if found[1] == b"PF" else 1
    width, height = int(found[2]), int(found[3])
    body = data[found.end() :]
    if width < 1 or height < 1 or len(body) != 4 * width * height * channels:
        raise FileProblem(expected, f"{path}, of {width}x{height} pixels in {len(body):,} bytes")
    order = "<f4" if found[4].startswith(b"-") else ">f4"
    numbers = np.frombuffer(body, order).astype(np.float32)
    shape = (height, width, 3) if channels == 3 else (height, width)
    return np.ascontiguousarray(numbers.reshape(shape)[::-1])


def write_pfm(folder: Path, stem: str, numbers: NDArray[Any]) -> str:
    """Write floats (H, W) as little-endian float32."""
    height, width = numbers.shape
    head = f"Pf\n{width} {height}\n-1.0\n".encode()
    write_bytes(folder / f"{stem}.pfm", head + numbers[::-1].astype("<f4").tobytes())
    return f"{stem}.pfm"
