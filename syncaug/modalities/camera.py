"""Cameras: K, extrinsics and size, kept true to their picture and their world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.maps.camera import Camera
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.world import WorldMap
from syncaug.modalities.carrier import Carrier, describe, in_dtype

__all__ = ["CameraCarrier"]

_FORM = 'a mapping with "K" (3x3), "world_to_camera" (4x4) and "size" (width, height)'


class CameraCarrier(Carrier):
    """A camera is small, so it is moved at once: transforms may ask where it looks now."""

    __slots__ = ("camera", "original")

    def read(self, value: Any) -> Any:
        if not isinstance(value, Mapping) or not {"K", "size"} <= set(value):
            raise self.fail(_FORM, describe(value))
        intrinsics = self._matrix(value["K"], (3, 3), "K")
        extrinsics = self._matrix(
            value.get("world_to_camera", np.eye(4)), (4, 4), "world_to_camera"
        )
        if abs(np.linalg.det(intrinsics)) < 1e-12:
            raise self.fail(
                "a camera with a focal length",
                f"K = {intrinsics.tolist()}",
                "K has fx and fy, in pixels, on its diagonal.",
            )
        rotation = extrinsics[:3, :3]
        if not np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-4):
            raise self.fail("a rigid world_to_camera", "one whose rotation is not orthonormal")
        if np.linalg.det(rotation) < 0:
            raise self.fail(
                "a rigid world_to_camera",
                "one that mirrors",
                "A mirrored picture has a negative focal length in K instead.",
            )
        if not np.allclose(extrinsics[3], [0.0, 0.0, 0.0, 1.0], atol=1e-6):
            raise self.fail("a rigid world_to_camera", f"the last row {extrinsics[3].tolist()}")
        try:
            width, height = (int(number) for number in value["size"])
        except (TypeError, ValueError):
            raise self.fail(_FORM, f"size {value['size']!r}") from None
        if width <= 0 or height <= 0:
            raise self.fail("a size above 0", f"{width}x{height}")
        self.camera = self.original = Camera(intrinsics, extrinsics, (width, height))
        return value

    def _matrix(self, value: Any, shape: tuple[int, int], name: str) -> NDArray[np.float64]:
        try:
            matrix = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise self.fail(_FORM, f"{name} {describe(value)}") from None
        if matrix.shape != shape or not np.isfinite(matrix).all():
            raise self.fail(
                f"{name} as a finite {shape[0]}x{shape[1]} matrix", f"shape {matrix.shape}"
            )
        return matrix

    def picture_size(self) -> Size:
        return self.camera.size

    def plane(self, plane: PlaneMap) -> None:
        self.camera = self.camera.moved(plane)

    def world(self, world: WorldMap) -> None:
        self.camera = self.camera.in_world(world)

    def finish(self) -> dict[str, Any]:
        if self.camera is self.original:
            return {self.stream.name: self.data}
        moved = {
            "K": _in_form(self.camera.intrinsics, self.data["K"]),
            "size": type(self.data["size"])(self.camera.size)
            if isinstance(self.data["size"], list | tuple)
            else np.array(self.camera.size, dtype=getattr(self.data["size"], "dtype", int)),
        }
        if "world_to_camera" in self.data or not np.array_equal(
            self.camera.extrinsics, self.original.extrinsics
        ):
            like = self.data.get("world_to_camera", self.data["K"])
            moved["world_to_camera"] = _in_form(self.camera.extrinsics, like)
        return {self.stream.name: {**self.data, **moved}}


def _in_form(matrix: NDArray[np.float64], like: Any) -> Any:
    if not isinstance(like, np.ndarray):
        return matrix.tolist()
    return in_dtype(matrix, like.dtype)
