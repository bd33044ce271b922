"""Cameras: K, pose and size, kept true to their picture and their world."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug.errors import SampleError
from syncaug.maps.numbers import IDENTITY, Matrix, as_matrix, product
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.world import WorldMap, reflection
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.world.camera_forms import CameraForm, read_camera
from syncaug.modalities.world.lens import LensError, keep_lens

__all__ = ["CameraCarrier"]

_UNDISTORT = (
    "Undistort the pictures and their annotations first (cv2.undistort) and leave the lens terms "
    "out, or use steps that keep the camera's axis."
)


class CameraCarrier(Carrier):
    """A camera is small, so it is moved at once: transforms may ask where it looks now."""

    __slots__ = ("camera", "form", "original", "turned")

    def read(self, value: Any) -> Any:
        axes = self.stream.options.get("axes", "opencv")
        camera, form = read_camera(value, axes, self.fail)
        self.camera = self.original = camera
        self.form: CameraForm = form
        self.turned = IDENTITY
        """What the directions that the camera sees have turned by, in its own axes."""
        return value

    def picture_size(self) -> Size:
        return self.camera.size

    def plane(self, plane: PlaneMap) -> None:
        self.camera = self.camera.moved(plane)
        if plane.turns:
            self.turned = product(plane.turn, self.turned)

    def world(self, world: WorldMap) -> None:
        before = self.camera
        self.camera = before.in_world(world)
        if self.camera.calibration is not before.calibration:  # a mirror went into the focal length
            self.turned = product(reflection("x"), self.turned)

    def finish(self) -> dict[str, Any]:
        if self.camera is self.original:
            return {self.stream.name: self.data}
        self._refuse_stale()
        try:
            lens = keep_lens(self.data, as_matrix(self.turned))
        except LensError as error:
            raise self.fail(
                "lens terms that this step keeps true", str(error), _UNDISTORT
            ) from None
        written = self.form.written(self.camera)
        if not self.form.posed and self._pose_changed():
            written["world_to_camera"] = _like(self.camera.extrinsics, self.data["K"])
        return {self.stream.name: {**self.data, **written, **lens}}

    def _pose_changed(self) -> bool:
        return self.camera.pose != self.original.pose

    def _refuse_stale(self) -> None:
        """Raise SampleError where a key would go on telling of the camera as it was."""
        changed = {"anything"}
        if self._pose_changed():
            changed.add("pose")
        if self.camera.calibration != self.original.calibration:
            changed.add("intrinsics")
        for what, key, remedy in self.form.stale:
            if what in changed:
                raise self._stale(what, key, remedy)

    def _stale(self, what: str, key: str, remedy: str) -> SampleError:
        told = {"pose": "the pose", "intrinsics": "the camera's matrix"}.get(what, "the projection")
        return self.fail(
            f"no other statement of {told}, which changes", f"{key!r}, which would be stale", remedy
        )


def _like(matrix: Matrix, like: Any) -> Any:
    if not isinstance(like, np.ndarray):
        return matrix.tolist()
    return matrix.astype(like.dtype) if like.dtype.kind == "f" else matrix
