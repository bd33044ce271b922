"""Point clouds in files: .npy, .npz and .bin by numpy, .ply and .pcd by open3d, .las by laspy.

A cloud in memory is an array N x (3 + attributes) whose columns its stream names. Files that know
the names of their columns (all but .npy and .bin) give the declared ones, in the declared order.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io import las
from syncaug.io.arrays import as_floats, read_npy, read_npz, write_npy
from syncaug.io.atomic import replacing
from syncaug.io.cloud_header import damage_of_cloud, points_of
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.ply import ply_columns
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["CLOUDS", "PLACE", "doubt_of_colours", "doubt_of_rows", "read_points", "write_points"]

Cloud = NDArray[Any]

PLACE = ("x", "y", "z")
_EXPECTED = "a point cloud (.npy, .npz, .bin, .ply, .pcd, .las or .laz)"
CLOUDS = (".npz", ".bin", ".ply", ".pcd", *las.SUFFIXES)
"""Kinds of files of clouds, beside .npy."""
_GROUPS = {
    "positions": (PLACE,),
    "colors": (("r", "g", "b"), ("red", "green", "blue")),
    "normals": (("nx", "ny", "nz"),),
}
"""The attributes of open3d that hold three columns, and what the columns may be called."""


def read_points(path: Path, columns: Sequence[str] = PLACE, limits: Limits = LIMITS) -> Cloud:
    """The points with the given columns, float32 (float64 where the file has it).

    .npz holds `points` and the names of its `columns`; .bin holds float32 rows, as KITTI's do.
    Colours of 8 bits become 0..1. Raises FileProblem.
    """
    suffix = path.suffix.lower()
    if suffix == ".npz":
        arrays = read_npz(path, _EXPECTED, limits)
        if "points" not in arrays:
            raise FileProblem(
                "an .npz file with an array 'points'", f"{path} with {sorted(arrays)}"
            )
        told = np.atleast_1d(arrays["columns"]).tolist() if "columns" in arrays else columns
        names = tuple(n.decode("latin-1") if isinstance(n, bytes) else str(n) for n in told)
        cloud = _checked(path, arrays["points"], names)
        return _chosen(path, {name: cloud[:, i] for i, name in enumerate(names)}, columns)
    if suffix == ".npy":
        return _checked(path, read_npy(path, _EXPECTED, limits), columns)
    if suffix == ".bin":
        if path.is_file() and not path.stat().st_size:  # raw rows have no other way to be none
            return np.zeros((0, len(columns)), np.float32)
        return _rows(path, read_bytes(path, _EXPECTED, limit=limits.memory), columns)
    if suffix in las.SUFFIXES:
        return _chosen(path, las.read_las(path, limits), columns)
    if suffix in (".ply", ".pcd"):
        _open3d()
        data = read_bytes(path, _EXPECTED, limit=limits.memory)
        damage = damage_of_cloud(data)
        if damage:
            raise FileProblem(_EXPECTED, f"{path}, which is damaged or holds no point: {damage}")
        count, numbers = points_of(data)
        limits.check_memory(path, _EXPECTED, 4 * count * numbers)
        found = _by_open3d(path)
        if suffix == ".ply" and not set(columns) <= set(found):
            found = _with_whole_numbers(path, data, found)
        return _chosen(path, found, columns)
    raise FileProblem(_EXPECTED, f"{path}")


def write_points(path: Path, points: Cloud, columns: Sequence[str] = PLACE) -> None:
    """Write the points in the format of the path's suffix, whole or not at all.

    .pcd keeps colours in 8 bits only, .las and .laz places to a scale and colours in 16 bits; every
    other format is exact for float32.
    """
    suffix = path.suffix.lower()
    if suffix == ".npy":
        write_npy(path, points)
    elif suffix == ".npz":
        with replacing(path) as temporary:
            np.savez_compressed(temporary, points=points, columns=np.array(list(columns)))
    elif suffix == ".bin":
        with replacing(path) as temporary:
            temporary.write_bytes(np.ascontiguousarray(points, np.dtype("<f4")).tobytes())
    elif suffix in las.SUFFIXES:
        las.write_las(path, np.asarray(points), columns)
    elif suffix in (".ply", ".pcd"):
        o3d = _open3d()
        cloud = o3d.t.geometry.PointCloud()
        for name, array in _grouped(points, columns).items():
            cloud.point[name] = o3d.core.Tensor.from_numpy(np.array(array, order="C"))
        with replacing(path) as temporary:
            if not o3d.t.io.write_point_cloud(str(temporary), cloud):
                raise FileProblem("a place to write to", f"{path}, which open3d cannot write")
    else:
        raise FileProblem(_EXPECTED, f"{path}")


def _rows(path: Path, data: bytes, columns: Sequence[str]) -> NDArray[np.float32]:
    """Raw float32 numbers, a row of them for each point."""
    row = 4 * len(columns)
    if len(data) % row:
        counts = [count for count in range(3, 13) if len(data) % (4 * count) == 0]
        other = " or ".join(map(str, counts))
        raise FileProblem(
            f"rows of {len(columns)} float32 numbers ({', '.join(columns)}), {row} bytes each",
            f"{path} of {len(data)} bytes, which is {len(data) / row:.2f} rows",
            f"Declare as many columns as it has: its size fits {other}." if counts else "",
        )
    return np.frombuffer(data, np.dtype("<f4")).astype(np.float32).reshape(-1, len(columns))


def doubt_of_rows(cloud: NDArray[np.float32], columns: Sequence[str]) -> str:
    """Why raw numbers are probably not rows of these columns; empty where they may well be.

    Numbers of another type are astronomical as float32. Rows of another length mix their columns:
    then columns are much alike, where those of the true length differ (x from an intensity).
    """
    largest = float(np.max(np.abs(cloud[:, :3]), initial=0.0))
    if not largest < _FAR:
        reach = f"reach {largest:.3g} m" if np.isfinite(largest) else "are not all finite"
        return (
            f"x, y or z of the raw cloud {reach}. It is probably of another type than "
            f"float32, or of other columns than {', '.join(columns)}: convert it to .npy"
        )
    if len(cloud) < _ENOUGH:
        return ""
    numbers = cloud.reshape(-1)
    lengths = [length for length in range(3, 13) if numbers.size % length == 0] or [len(columns)]
    mixing = {length: _mixing(numbers, length) for length in lengths}
    clear = 1.2 * min(mixing.values())  # the length itself before its multiples
    length = next(length for length in lengths if mixing[length] <= clear)
    own = mixing.get(len(columns)) or _mixing(numbers, len(columns))
    if mixing[length] >= _CLEARER * own:
        return ""
    return (
        f"the raw cloud looks like rows of {length} numbers, not of the {len(columns)} declared "
        f"columns {', '.join(columns)}: declare all of its columns, or convert it to .npy"
    )


def doubt_of_colours(cloud: NDArray[np.floating[Any]], columns: Sequence[str]) -> str:
    """Why colours of a .las file are probably of 8 bits; empty where they may well be of 16."""
    places = [place for place, name in enumerate(columns) if name in ("r", "g", "b")]
    most = float(np.max(cloud[:, places], initial=0.0)) if places else 0.0
    if not 0.0 < most <= las.EIGHT_BITS or len(cloud) < _ENOUGH:
        return ""
    return (
        "colours of the scan reach 255 of 65,535: they are probably of 8 bits, which a .las file "
        "holds times 256. Multiply them by 257 in the file, or declare red, green and blue"
    )


_FAR = 1e5
"""Metres beyond which no point of a raw cloud is believed; sensors see a thousandth of it."""
_ENOUGH = 32
_CLEARER = 0.6
"""How much smaller the mixing of another length must be, to be believed."""


def _mixing(numbers: NDArray[np.float32], length: int) -> float:
    """The share of the variance that remains inside of the columns: 1 where they are all alike."""
    size = np.minimum(np.abs(numbers[: length * _LOOKED_AT], dtype=np.float64), _FAR)
    rows = np.log1p(size).reshape(-1, length)
    total = float(rows.var())
    return float(rows.var(axis=0).mean()) / total if total > 1e-9 else 1.0


_LOOKED_AT = 20_000
"""Rows of a cloud that tell enough."""


def _checked(path: Path, cloud: Cloud, columns: Sequence[str]) -> Cloud:
    form = f"points of shape Nx{len(columns)} with columns {', '.join(columns)}"
    numeric = np.issubdtype(cloud.dtype, np.floating) or np.issubdtype(cloud.dtype, np.integer)
    if cloud.ndim != 2 or cloud.shape[1] != len(columns) or not numeric:
        raise FileProblem(form, f"{path}, an array of {cloud.dtype} with shape {cloud.shape}")
    return as_floats(cloud)


def _chosen(path: Path, found: dict[str, Cloud], columns: Sequence[str]) -> Cloud:
    missing = [name for name in columns if name not in found]
    if missing:
        raise FileProblem(
            f"points with columns {', '.join(columns)}", f"{path} with {', '.join(found) or 'none'}"
        )
    return np.stack([found[name] for name in columns], axis=1)


def _by_open3d(path: Path) -> dict[str, Cloud]:
    """Each column of a .ply or .pcd file by its name, and by the other name it goes by."""
    try:
        cloud = _open3d().t.io.read_point_cloud(str(path))
    except RuntimeError:  # in many lines, with colours for a terminal
        raise FileProblem(_EXPECTED, f"{path}, which is damaged or of another format") from None
    if "positions" not in cloud.point or len(cloud.point["positions"]) == 0:
        raise FileProblem(_EXPECTED, f"{path}, which is damaged or holds no point")
    found: dict[str, Cloud] = {}
    for attribute in ["positions", *(name for name in cloud.point if name != "positions")]:
        array = cloud.point[attribute].numpy()
        if attribute == "colors" and np.issubdtype(array.dtype, np.integer):
            array = array.astype(np.float32) / np.float32(np.iinfo(array.dtype).max)
        array = as_floats(array)
        for names in _GROUPS.get(attribute, ((attribute,),)):
            found.update({name: array[:, i].copy() for i, name in enumerate(names)})
    return found


def _with_whole_numbers(path: Path, data: bytes, found: dict[str, Cloud]) -> dict[str, Cloud]:
    """The columns with those of a .ply file that open3d leaves out; colours in 0..1."""
    try:
        columns = ply_columns(data)
    except (ValueError, OverflowError):
        raise FileProblem(_EXPECTED, f"{path}, which is damaged or of another format") from None
    both = dict(found)
    for name, column in columns.items():
        if name not in found and len(column) == len(found["x"]):
            whole = name in ("red", "green", "blue") and column.dtype.kind in "iu"
            both[name] = as_floats(
                column / np.float32(np.iinfo(column.dtype).max) if whole else column
            )
    return both


def _grouped(points: Cloud, columns: Sequence[str]) -> dict[str, Cloud]:
    """The attributes of open3d that hold the columns; each single column keeps its name."""
    groups: dict[str, Cloud] = {}
    left = list(columns)
    for attribute, choices in _GROUPS.items():
        for names in choices:
            if set(names) <= set(left):
                groups[attribute] = points[:, [columns.index(name) for name in names]]
                left = [name for name in left if name not in names]
    for name in left:
        groups[name] = points[:, [columns.index(name)]]
    return groups


def _open3d() -> Any:
    """open3d, as its backend loads it."""
    from syncaug.backends import open3d

    return open3d.load()
