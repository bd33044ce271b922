"""Laser scans in .las and .laz files, through laspy.

Coordinates in these files are whole numbers times a scale plus an offset (ASPRS, LAS 1.4-R15, 2.4),
so that they are exact to half of the scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import MissingExtraError
from syncaug.io.atomic import replacing
from syncaug.io.limits import Limits
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["EIGHT_BITS", "SUFFIXES", "read_las", "write_las"]

SUFFIXES = (".las", ".laz")

_EXPECTED = "a laser scan (.las or .laz)"
_COLOURS = {"r": "red", "g": "green", "b": "blue"}
"""Columns of colours in 0..1, and the dimensions that hold them in 16 bits."""
_WHITE = 65535.0
EIGHT_BITS = 255 / _WHITE
"""The brightest colour of a scan whose writer has put 8 bits into the place of 16."""
_STEPS = (1 << 31) - 1
"""The largest whole number of a coordinate."""
_FINEST = 1e-7
_TIMED, _COLOURED = 6, 7
"""Formats of points with times; the second has colours too (LAS 1.4-R15, tables 13 and 14)."""


def read_las(path: Path, limits: Limits) -> dict[str, NDArray[np.float64]]:
    """Each dimension of a scan by its name: x, y, z in the file's units, intensity, gps_time ...

    Colours are `r`, `g` and `b` in 0..1 beside red, green and blue as they are stored. Raises
    FileProblem, also for a scan without points; MissingExtraError.
    """
    laspy = _laspy()
    data = read_bytes(path, _EXPECTED, limit=limits.memory)
    try:
        with laspy.open(BytesIO(data)) as file:
            header = file.header
            count = header.point_count
            limits.check_memory(path, _EXPECTED, count * header.point_format.size)
            if not count:
                raise FileProblem(_EXPECTED, f"{path}, which holds no point")
            if path.suffix.lower() == ".las" and count * header.point_format.size > len(data):
                raise FileProblem(
                    _EXPECTED, f"{path}, whose header says {count:,} points, more than it holds"
                )
            scan = file.read()
    except FileProblem:
        raise
    except Exception as error:  # laspy's own, struct's, lazrs', as damage has it
        raise FileProblem(_EXPECTED, f"{path}, which is damaged: {error}"[:200]) from None
    if len(scan) != count:
        raise FileProblem(_EXPECTED, f"{path}, which is cut off: {len(scan):,} of {count:,} points")
    names = [name for name in scan.point_format.dimension_names if name not in ("X", "Y", "Z")]
    found = {name: np.asarray(scan[name], np.float64) for name in ("x", "y", "z", *names)}
    for short, name in _COLOURS.items():
        if name in found:
            found[short] = found[name] / _WHITE
    return found


def write_las(path: Path, points: NDArray[Any], columns: Sequence[str]) -> None:
    """Write a scan in the format of its suffix, whole or not at all.

    Coordinates get the finest scale that 32 bits allow, not below a ten-millionth of a unit.
    Columns that the format does not know become extra dimensions of their own. Raises FileProblem.
    """
    laspy = _laspy()
    values = {name: np.asarray(points[:, index]) for index, name in enumerate(columns)}
    colours = {_COLOURS.get(name, name) for name in values} & set(_COLOURS.values())
    header = laspy.LasHeader(point_format=_COLOURED if colours else _TIMED, version="1.4")
    known = set(header.point_format.dimension_names)
    extra = [
        laspy.ExtraBytesParams(name=name, type=points.dtype)
        for name in values
        if name not in ("x", "y", "z") and _COLOURS.get(name, name) not in known
    ]
    header.add_extra_dims(extra)
    places = np.asarray(points[:, [columns.index(name) for name in ("x", "y", "z")]], np.float64)
    if len(places):
        low, high = places.min(0), places.max(0)
        header.offsets = np.round((low + high) / 2)
        header.scales = [
            _scale(float(reach)) for reach in np.abs(places - header.offsets).max(axis=0)
        ]
    scan = laspy.LasData(header)
    scan.points = laspy.ScaleAwarePointRecord.zeros(len(points), header=header)
    for name, column in values.items():
        if name in ("x", "y", "z"):
            setattr(scan, name, column.astype(np.float64))
            continue
        stored = _COLOURS.get(name, name)
        numbers = np.clip(column, 0, 1) * _WHITE if name in _COLOURS else column
        form = np.asarray(scan[stored]).dtype
        if form.kind in "iu":
            numbers = np.rint(numbers)
            if len(numbers) and not _fits(numbers, header.point_format, stored, form):
                raise FileProblem(
                    f"numbers that a .las file holds as {stored!r}",
                    f"{numbers.min():g} to {numbers.max():g}",
                    "Save the cloud as .npz.",
                )
        scan[stored] = numbers.astype(form)
    with replacing(path) as temporary:
        scan.write(str(temporary))


def _scale(reach: float) -> float:
    """A power of ten that lets 32 bits reach so far."""
    least = reach / _STEPS
    return max(_FINEST, 10.0 ** math.ceil(math.log10(least)) if least > 0 else _FINEST)


def _fits(numbers: NDArray[Any], point_format: Any, name: str, form: np.dtype[Any]) -> bool:
    """Whether a dimension, perhaps of a few bits, holds all of these numbers."""
    bits = point_format.dimension_by_name(name).num_bits
    bounds = np.iinfo(form)
    high = min(bounds.max, (1 << bits) - 1) if bounds.min == 0 else bounds.max
    return bool(bounds.min <= numbers.min() and numbers.max() <= high)


def _laspy() -> Any:
    try:
        import laspy
    except ImportError as error:
        if error.name != "laspy":
            raise
        raise MissingExtraError("laspy", "lidar") from None
    return laspy
