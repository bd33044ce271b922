"""Cameras: K, pose, size and lens, kept true to their picture and their world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from syncaug.errors import SampleError
from syncaug.maps.camera import Camera
from syncaug.maps.lens import LensError
from syncaug.maps.lens_map import LensMap
from syncaug.maps.numbers import Matrix
from syncaug.maps.plane import PlaneMap, Size
from syncaug.maps.world import WorldMap
from syncaug.modalities.carrier import Carrier
from syncaug.modalities.world.camera_forms import CameraForm, read_camera
from syncaug.modalities.world.camera_lens import UNDISTORT

__all__ = ["CameraCarrier"]


class CameraCarrier(Carrier):
    """A camera is small, so it is moved at once: transforms may ask where it looks now."""

    __slots__ = ("camera", "form", "original")

    def read(self, value: Any) -> Any:
        axes = self.stream.options.get("axes", "opencv")
        camera, form = read_camera(value, axes, self.fail, self.suspect)
        self.camera = self.original = camera
        self.form: CameraForm = form
        return value

    def picture_size(self) -> Size:
        return self.camera.size

    def plane(self, plane: PlaneMap) -> None:
        self.camera = self._kept(lambda camera: camera.moved(plane))

    def lens(self, lens: LensMap) -> None:
        after = lens.after
        self.camera = self.camera._replace(
            calibration=after.calibration, lens=after.lens, size=after.size
        )

    def world(self, world: WorldMap) -> None:
        self.camera = self._kept(lambda camera: camera.in_world(world))

    def finish(self) -> dict[str, Any]:
        if self.camera is self.original:
            return {self.stream.name: self.data}
        self._stand_upright()
        self._refuse_stale()
        written = self.form.written(self.camera)
        if not self.form.posed and self._pose_changed():
            written["world_to_camera"] = _like(self.camera.extrinsics, self.data.get("K"))
        return {self.stream.name: {**self.data, **written}}

    def _kept(self, moved: Callable[[Camera], Camera]) -> Camera:
        """The camera after a map. Raises SampleError where its lens would be true no more."""
        try:
            return moved(self.camera)
        except LensError as error:
            raise self.fail(
                "a lens that the steps keep true", f"a {self.camera.lens.model} lens, and {error}"
                + (f" in step {self.step!r}" if self.step else ""), UNDISTORT,
            ) from None  # fmt: skip

    def _stand_upright(self) -> None:
        """Let K have no skew where the lens, or the form in which it came, could not state one."""
        if self.camera.lens.bends:
            self.camera = self._kept(lambda camera: camera.upright(self.original))
        elif self.form.plain:
            try:
                self.camera = self.camera.upright(self.original)
            except LensError:
                raise self.fail(
                    "a matrix that fx, fy, cx and cy can state",
                    "one with a skew: the picture turned, and fx and fy differ",
                    'Give the camera its matrix as "K" (3x3).',
                ) from None

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
