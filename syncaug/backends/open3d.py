"""open3d: rows of a point cloud picked by its geometry, normals estimated, points moved.

Points are (N, 3 + attributes), laid out as their stream says. Operations that drop points return
the rows they keep, in order, so that every attribute stays exactly. Points pass to open3d
as float64 copies: its conversion of float32 is 88 times slower, and its tensors share memory with
ours.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.backends.moving import moved_rows
from syncaug.backends.operation import Operated, Operation
from syncaug.backends.parameters import Parameters, world_of
from syncaug.catalogue import OperationSpec
from syncaug.errors import MissingExtraError
from syncaug.maps.world import WorldMap
from syncaug.plan.columns import WORLD, Layout, layout_of
from syncaug.randomness import Entropy

__all__ = ["load", "prepare"]

Points = NDArray[Any]
Rows = NDArray[np.int64]


def prepare(
    spec: OperationSpec, modality: str, constants: Mapping[str, Any], options: Mapping[str, Any]
) -> Operation:
    """Build "open3d.name" for a stream of points with `options["columns"]`."""
    layout = layout_of(options)
    short = spec.name.partition(".")[2]
    if short not in _PLAIN:
        load()
    if short == "transform":
        return Transform(spec, world_of(constants), layout)
    if short == "estimate_normals":
        return Normals(spec, constants, layout)
    return Picking(spec, _ROWS[short], constants, layout)


class Transform(Operation):
    """A constant matrix that moves all points."""

    def __init__(self, spec: OperationSpec, world: WorldMap, layout: Layout) -> None:
        self.spec = spec
        self._world, self._layout = world, layout

    def run(
        self, data: Points, values: Mapping[str, Any], entropy: Entropy, rate: float = 0.0
    ) -> Operated:
        """The moved points, and the map."""
        return Operated(moved_rows(data, self._layout, self._world), self._world)


class Picking(Operation):
    """A call that keeps some of the points: `rows` are int64, rising."""

    def __init__(
        self,
        spec: OperationSpec,
        call: Callable[..., Rows],
        constants: Mapping[str, Any],
        layout: Layout,
    ) -> None:
        self.spec = spec
        self._call, self._layout = call, layout
        self._parameters = Parameters(spec, constants)

    def run(
        self, data: Points, values: Mapping[str, Any], entropy: Entropy, rate: float = 0.0
    ) -> Operated:
        """The points that are left, and their rows."""
        places = data[:, self._layout.place_at]
        rows = np.asarray(self._call(places, entropy, **self._parameters.of(values)), np.int64)
        return Operated(data[rows], rows=rows)


class Normals(Operation):
    """A call that fills the columns of normals."""

    def __init__(self, spec: OperationSpec, constants: Mapping[str, Any], layout: Layout) -> None:
        self.spec = spec
        self._place_at, self._columns = layout.place_at, _normal_columns(layout)
        self._parameters = Parameters(spec, constants)

    def run(
        self, data: Points, values: Mapping[str, Any], entropy: Entropy, rate: float = 0.0
    ) -> Operated:
        """The points with unit normals that look at the origin."""
        library = load()
        cloud = _cloud(data[:, self._place_at])
        knn = self._parameters.of(values)["knn"]
        cloud.estimate_normals(library.geometry.KDTreeSearchParamKNN(knn))
        cloud.orient_normals_towards_camera_location(np.zeros(3))
        filled = data.copy()
        filled[:, self._columns] = np.asarray(cloud.normals)
        return Operated(filled)


@cache
def load() -> Any:
    """The open3d module, which needs libusb-1.0; the one of `libusb-package` will do.

    Raises MissingExtraError where open3d is not installed.
    """
    try:
        import libusb_package

        path = libusb_package.get_library_path()
        if path:
            ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
    except (ImportError, OSError):
        pass  # the system may have one
    try:
        import open3d
    except ImportError as error:
        raise MissingExtraError("open3d", "points") from error
    open3d.utility.set_verbosity_level(open3d.utility.VerbosityLevel.Error)
    return open3d


def _cloud(points: Points) -> Any:
    library = load()
    places = np.array(points, np.float64, order="C")
    return library.geometry.PointCloud(library.utility.Vector3dVector(places))


def _crop(points: Points, entropy: Entropy, *, min_bound: Any, max_bound: Any) -> Rows:
    inside = np.ones(len(points), np.bool_)
    for axis in range(3):
        along = points[:, axis]
        inside &= (along >= min_bound[axis]) & (along <= max_bound[axis])
    return np.flatnonzero(inside)


def _random(points: Points, entropy: Entropy, *, sampling_ratio: float) -> Rows:
    # Seeding open3d's own generator could not be undone. Raw bits survive releases of numpy.
    keep = int(sampling_ratio * len(points))
    if keep in (0, len(points)):
        return np.arange(keep)
    keys = entropy.philox().bit_generator.random_raw(len(points))
    return np.sort(np.argpartition(keys, keep)[:keep])


def _uniform(points: Points, entropy: Entropy, *, every_k_points: int) -> Rows:
    return np.arange(0, len(points), every_k_points)


def _voxel(points: Points, entropy: Entropy, *, voxel_size: float) -> Rows:
    """The row nearest to the average of each voxel; ties go to the first."""
    places = np.asarray(points, np.float64)
    origin = places.min(axis=0) - voxel_size / 2  # where open3d lays its grid
    cells = np.floor((places - origin) / voxel_size).astype(np.int64)
    extent = cells.max(axis=0) + 1
    keys = (cells[:, 0] * extent[1] + cells[:, 1]) * extent[2] + cells[:, 2]
    order = np.argsort(keys, kind="stable")
    ordered, places = keys[order], places[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    count = np.diff(np.append(first, len(ordered)))
    means = np.add.reduceat(places, first, axis=0) / count[:, None]
    distance = ((places - np.repeat(means, count, axis=0)) ** 2).sum(axis=1)
    nearest = distance == np.repeat(np.minimum.reduceat(distance, first), count)
    candidates = np.flatnonzero(nearest)
    voxel = np.repeat(np.arange(len(first)), count)[candidates]
    chosen = candidates[np.concatenate([[True], voxel[1:] != voxel[:-1]])]
    return np.sort(order[chosen])


def _farthest(points: Points, entropy: Entropy, *, num_samples: int) -> Rows:
    cloud = _cloud(points)
    rows = np.zeros((len(points), 3))
    rows[:, 0] = np.arange(len(points))
    cloud.colors = load().utility.Vector3dVector(rows)  # they tell us which points were picked
    picked = cloud.farthest_point_down_sample(min(num_samples, len(points)))
    return np.unique(np.asarray(picked.colors)[:, 0].astype(np.int64))


def _statistical(points: Points, entropy: Entropy, *, nb_neighbors: int, std_ratio: float) -> Rows:
    return np.sort(
        np.asarray(_cloud(points).remove_statistical_outlier(nb_neighbors, std_ratio)[1], np.int64)
    )


def _radius(points: Points, entropy: Entropy, *, nb_points: int, radius: float) -> Rows:
    return np.sort(np.asarray(_cloud(points).remove_radius_outlier(nb_points, radius)[1], np.int64))


def _normal_columns(layout: Layout) -> list[int]:
    """The columns of the normals. Raises ValueError where there are none."""
    for vector in layout.vectors:
        if vector.kind is WORLD["normal"] and len(vector.columns) == 3:
            return list(vector.columns)
    raise ValueError("open3d.estimate_normals fills the columns nx, ny, nz: declare them")


_ROWS: Mapping[str, Callable[..., Rows]] = {
    "crop": _crop,
    "farthest_point_down_sample": _farthest,
    "random_down_sample": _random,
    "remove_radius_outlier": _radius,
    "remove_statistical_outlier": _statistical,
    "uniform_down_sample": _uniform,
    "voxel_down_sample": _voxel,
}
_PLAIN = frozenset(
    ("crop", "random_down_sample", "transform", "uniform_down_sample", "voxel_down_sample")
)
"""Simple enough to give open3d's results without it, and several times faster."""
