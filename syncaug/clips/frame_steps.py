"""Steps on frames: pure functions of one frame and its place, as values that can be pickled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from syncaug.backends import opencv
from syncaug.kernels.channels import Channels, on_levels
from syncaug.kernels.picture_noise import noisy_frame
from syncaug.kernels.recolour import recolour
from syncaug.maps.mask import Occlusion
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.tone import ToneMap

__all__ = ["Applied", "Covered", "Noisy", "Recoloured", "Remapped", "Warped"]

Frame = NDArray[Any]
Fill = float | Sequence[float]


@dataclass(frozen=True, slots=True, eq=False)
class Warped:
    """One plane map, the same for all frames."""

    plane: PlaneMap
    fill: Fill

    def __call__(self, frame: Frame, index: int) -> Frame:
        return opencv.warp_map(frame, self.plane, "linear", self.fill)


@dataclass(frozen=True, slots=True, eq=False)
class Remapped:
    """One warp without a formula, the same for all frames."""

    field: FieldMap
    fill: Fill

    def __call__(self, frame: Frame, index: int) -> Frame:
        return opencv.remap(frame, self.field, "linear", self.fill)


@dataclass(frozen=True, slots=True, eq=False)
class Recoloured:
    """One tone map, the same for all frames."""

    tone: ToneMap
    channels: Channels

    def __call__(self, frame: Frame, index: int) -> Frame:
        return recolour(frame, self.tone, self.channels)


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """One call of a library with the same parameters on all frames."""

    function: Callable[[Frame], Frame]

    def __call__(self, frame: Frame, index: int) -> Frame:
        return self.function(frame)


@dataclass(frozen=True, slots=True, eq=False)
class Covered:
    """The same rectangles of every frame covered."""

    occlusion: Occlusion
    fill: Fill

    def __call__(self, frame: Frame, index: int) -> Frame:
        covered = frame.copy()
        for left, top, right, bottom in self.occlusion.rectangles:
            covered[top:bottom, left:right] = self.fill
        return covered


@dataclass(frozen=True, slots=True, eq=False)
class Noisy:
    """Noise that is another field on each frame, at an address of its own; one level for all."""

    noise: Noise
    power: float
    colours: int

    def __call__(self, frame: Frame, index: int) -> Frame:
        noise = self.noise
        generator = noise.entropy.child(str(index)).philox()
        return on_levels(
            frame,
            self.colours,
            lambda levels: noisy_frame(levels, noise.kind, noise.snr_db, self.power, generator),
        )
