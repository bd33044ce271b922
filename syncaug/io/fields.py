"""Pictures of numbers in files: heat maps, flow, normals and disparity.

All of them as .npy, or as .npz with one array or one of the modality's name; flow as .flo and
disparity as .pfm, too, and what data sets put into PNG: KITTI's 16-bit flow and disparity, and
normals coded as colours. They come out in the kind they came, where that holds them exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.arrays import read_npy, read_npz, write_npy
from syncaug.io.float_maps import read_flo, read_pfm, write_flo, write_pfm
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.pictures import read_levels, write_levels
from syncaug.io.problem import FileProblem

__all__ = [
    "read_disparity",
    "read_flow",
    "read_heatmap",
    "read_normals",
    "write_disparity",
    "write_flow",
]

Options = Mapping[str, Any]
Numbers = NDArray[Any]

KITTI_STEP = 1.0 / 256.0
"""Pixels of disparity for one level of a 16-bit PNG where its stream declares no `step`."""
_ZERO, _STEPS = 32768.0, 64.0
"""KITTI's levels of flow: the one that means 0, and how many there are in a pixel."""


def read_heatmap(path: Path, options: Options, limits: Limits = LIMITS) -> Numbers:
    """A heat map as the array file holds it. Raises FileProblem."""
    return _array(path, "heatmap", "a heat map (.npy or .npz)", limits)


def read_flow(path: Path, options: Options, limits: Limits = LIMITS) -> Numbers:
    """Flow, HxWx2: an array, a .flo or .pfm file, or KITTI's PNG of 16 bits. Raises FileProblem.

    What a file marks as not known becomes NaN. KITTI's levels are (u - 32768) / 64 pixels, and the
    third channel is 0 where none is known.
    """
    expected = "a flow (.npy, .npz, .flo, .pfm, or KITTI's PNG of 16 bits)"
    kind = path.suffix.lower()
    if kind == ".flo":
        return read_flo(path, expected, limits)
    if kind == ".pfm":
        return read_pfm(path, expected, limits)[..., :2]
    if kind != ".png":
        return _array(path, "flow", expected, limits)
    levels = read_levels(path, expected, limits)
    if levels.dtype != np.uint16 or levels.ndim != 3 or levels.shape[2] != 3:
        raise FileProblem(expected, f"{path}, a picture of {levels.dtype} {levels.shape}")
    flow = ((levels[..., :2].astype(np.float64) - _ZERO) / _STEPS).astype(np.float32)
    flow[levels[..., 2] == 0] = np.nan
    return flow


def write_flow(folder: Path, stem: str, flow: Numbers, options: Options, suffix: str) -> str:
    """Write flow in the kind it came where that holds it exactly, else as .npy."""
    if suffix == ".flo" and flow.dtype == np.float32 and options.get("layout") != "chw":
        return write_flo(folder, stem, flow)
    if suffix == ".png" and options.get("layout") != "chw":
        known: NDArray[np.bool_] = np.asarray(np.isfinite(flow).all(axis=-1))
        whole = np.rint(np.nan_to_num(flow.astype(np.float64)) * _STEPS + _ZERO)
        if whole.min() >= 0.0 and whole.max() <= 65535.0:
            again = ((whole - _ZERO) / _STEPS).astype(np.float32)
            if np.array_equal(again[known], flow[known]):
                levels = np.dstack([np.where(known[..., None], whole, 0.0), known])
                return write_levels(folder, stem, levels.astype(np.uint16))
    return _write_array(folder, stem, flow)


def read_normals(path: Path, options: Options, limits: Limits = LIMITS) -> Numbers:
    """Normals, HxWx3: an array, or a PNG whose levels code components from -1 to 1.

    Coded vectors are made of length 1 again; levels of which all are 0 are not known. Raises
    FileProblem.
    """
    expected = "normals (.npy, .npz, or a PNG of 8 or 16 bits)"
    if path.suffix.lower() != ".png":
        return _array(path, "normals", expected, limits)
    levels = read_levels(path, expected, limits)
    if levels.ndim != 3 or levels.shape[2] != 3:
        raise FileProblem(expected, f"{path}, a picture of {levels.dtype} {levels.shape}")
    vectors = levels.astype(np.float64) * (2.0 / np.iinfo(levels.dtype).max) - 1.0
    vectors /= np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    vectors[~levels.any(axis=-1)] = 0.0
    vectors = vectors.astype(np.float32)
    return np.ascontiguousarray(vectors.transpose(2, 0, 1)) if _first(options) else vectors


def read_disparity(path: Path, options: Options, limits: Limits = LIMITS) -> Numbers:
    """Disparity, HxW: an array, a .pfm file, or a PNG of 16 bits times the stream's `step`.

    Raises FileProblem.
    """
    expected = "a disparity (.npy, .npz, .pfm, or a PNG of 16 bits)"
    if path.suffix.lower() == ".pfm":
        found = read_pfm(path, expected, limits)
        return found[..., 0] if found.ndim == 3 else found
    if path.suffix.lower() != ".png":
        return _array(path, "disparity", expected, limits)
    levels = read_levels(path, expected, limits)
    if levels.dtype != np.uint16 or levels.ndim != 2:
        raise FileProblem(expected, f"{path}, a picture of {levels.dtype} {levels.shape}")
    return _stepped(levels, options)


def write_disparity(
    folder: Path, stem: str, disparity: Numbers, options: Options, suffix: str
) -> str:
    """Write disparity in the kind it came where that holds it exactly, else as .npy."""
    if suffix == ".pfm" and disparity.dtype == np.float32 and disparity.ndim == 2:
        return write_pfm(folder, stem, disparity)
    if suffix == ".png" and disparity.ndim == 2 and np.isfinite(disparity).all():
        step = float(options.get("step", KITTI_STEP))
        whole = np.rint(disparity.astype(np.float64) / step)
        if whole.min() >= 0.0 and whole.max() <= 65535.0:
            levels = whole.astype(np.uint16)
            if np.array_equal(_stepped(levels, options), disparity):
                return write_levels(folder, stem, levels)
    return _write_array(folder, stem, disparity)


def _write_array(folder: Path, stem: str, numbers: Numbers) -> str:
    """Write an array as .npy."""
    write_npy(folder / f"{stem}.npy", numbers)
    return f"{stem}.npy"


def _stepped(levels: Numbers, options: Options) -> NDArray[np.float32]:
    return (levels * np.float64(options.get("step", KITTI_STEP))).astype(np.float32)


def _first(options: Options) -> bool:
    return bool(options.get("layout") == "chw")


def _array(path: Path, modality: str, expected: str, limits: Limits) -> Numbers:
    """The array of an .npy file, or that of an .npz file which is meant."""
    if path.suffix.lower() != ".npz":
        return read_npy(path, expected, limits)
    arrays = read_npz(path, expected, limits)
    if modality in arrays:
        return arrays[modality]
    if len(arrays) != 1:
        names = ", ".join(sorted(arrays)) or "nothing"
        raise FileProblem(f"{expected} with one array, or with {modality!r}", f"{path}: {names}")
    return next(iter(arrays.values()))
