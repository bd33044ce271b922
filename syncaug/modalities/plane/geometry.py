"""Geometry in a picture: what boxes and keypoints share. Plane maps wait and compose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from syncaug.maps.plane import PlaneMap, Size
from syncaug.modalities.carrier import Carrier

__all__ = ["GeometryCarrier"]


class GeometryCarrier(Carrier):
    """Pixels of a picture whose `size` is told by `start`; (0, 0) until then."""

    __slots__ = ("pending", "size")
    needs_size: ClassVar[bool] = True
    pending: PlaneMap | None
    size: Size

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        if size is not None:
            self.start(size)

    def start(self, size: Size) -> None:
        """Learn the picture's size, before any map arrives."""
        self.size = size

    def picture_size(self) -> Size | None:
        if self.pending is not None:
            return self.pending.size
        return self.size if self.size != (0, 0) else None

    def plane(self, plane: PlaneMap) -> None:
        self.pending = plane if self.pending is None else self.pending.then(plane)

    def cut(self) -> None:
        if self.pending is not None:
            self.pending = self.pending.cut
