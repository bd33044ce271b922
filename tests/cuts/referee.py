"""What pictures must show after a chain of plane steps, by the rules on pixels of `tests/scene`.

A pixel of the first picture is shown where the last picture has it, unless a cut took it before:
unless it lay outside of the picture right after a step that cuts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.scene.scene import Complex, Scene
from tests.scene.square import CHANGES, Step

__all__ = ["Journey", "cuts_fused", "cuts_literally"]

_FAR = 10.0

Cuts = Callable[[Step], bool]


def cuts_fused(step: Step) -> bool:
    """What cuts when steps are fused: a crop, and what makes a picture be carried out."""
    return step[0] in ("crop", "light")


def cuts_literally(step: Step) -> bool:
    """Each step by itself has no more than the picture that the one before left."""
    return True


@dataclass(frozen=True)
class Journey:
    """A scene after each of some steps, and the stages at which what lay outside was lost."""

    stages: tuple[Scene, ...]
    lost_at: tuple[int, ...]

    @staticmethod
    def of(scene: Scene, steps: Sequence[Step], cuts: Cuts) -> Journey:
        """The journey of a scene through steps."""
        stages = [scene]
        for name, parameters in steps:
            changed = CHANGES.get(name)
            stages.append(changed(stages[-1], parameters) if changed else stages[-1])
        return Journey(
            tuple(stages), tuple(number + 1 for number, step in enumerate(steps) if cuts(step))
        )

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the last picture."""
        return self.stages[-1].eyes[0].pixels.size

    @property
    def rounding(self) -> float:
        """By how many pixels of the first picture nearest sampling at each stage may miss at most.

        Each takes the nearest pixel of the stage before: half of its diagonal, as the first picture
        shows it.
        """
        pixels = [1.0]
        for stage in range(2, len(self.stages)):
            first, there = Journey(self.stages[:stage], ()).back(0)
            first = np.where(there, first, np.nan)
            steps = [np.abs(np.diff(first, axis=axis)) for axis in (0, 1)]
            pixels.append(max(float(np.nanmax(each, initial=0.0)) for each in steps))
        return math.sqrt(0.5) * sum(pixels)

    def forward(self, first: Complex, stage: int = -1) -> tuple[Complex, NDArray[np.float64]]:
        """Where pixels of the first picture are at a stage, and how far off what they show is."""
        eye = self.stages[0].eyes[0]
        rays = eye.first_rays(first)
        centre, axes = eye.first_axes(0.0)
        return self.seen(
            centre + _FAR * (rays[..., :1] * axes[0] + rays[..., 1:] * axes[1] + axes[2]), stage
        )

    def seen(self, first: NDArray[np.float64], stage: int) -> tuple[Complex, NDArray[np.float64]]:
        """Where points (..., 3) of the first world are seen at a stage, and how far off."""
        scene = self.stages[stage]
        with np.errstate(divide="ignore", invalid="ignore"):
            return scene.look(scene.eyes[0], scene.place(first))

    def back(self, margin: int) -> tuple[Complex, NDArray[np.bool_]]:
        """For each pixel of the last picture and around it, that of the first, and if it exists."""
        scene, eye = self.stages[-1], self.stages[-1].eyes[0]
        width, height = self.size
        across, down = np.arange(-margin, width + margin), np.arange(-margin, height + margin)
        pixels = across + 1j * down[:, None]
        rays = eye.first_rays(np.asarray(eye.pixels.back(pixels)))
        _, axes = scene.stand(eye, 0.0)
        _, hood = scene.stand(eye, 0.0, turn=False)
        ways = (rays[..., :1] * axes[0] + rays[..., 1:] * axes[1] + axes[2]) @ hood.T
        forward = np.where(ways[..., 2] > 1e-9, ways[..., 2], np.nan)
        first = eye.first_pixels(ways[..., :2] / forward[..., None])
        return first, inside(first, forward, eye.first_size) > 0.0

    def room(
        self, first: NDArray[np.float64], among: Sequence[int] | None = None
    ) -> NDArray[np.float64]:
        """How far inside of the first picture and of all cuts points (N, 3) of the first world are.

        The least distance from an edge in pixels of that stage; below 0 is lost.
        """
        stages = [0, *(self.lost_at if among is None else among)]
        return np.min([self._room(first, stage) for stage in stages], axis=0)

    def _room(self, first: NDArray[np.float64], stage: int) -> NDArray[np.float64]:
        pixels, far = self.seen(first, stage)
        return inside(pixels, far, self.stages[stage].eyes[0].pixels.size)

    def shows(self, margin: int) -> tuple[Complex, NDArray[np.bool_]]:
        """For each pixel of the last picture and around it, that of the first, and if it shows."""
        first, there = self.back(margin)
        pixels = np.where(there, first, 0.0)
        for stage in self.lost_at:
            at, far = self.forward(pixels, stage)
            there &= inside(at, far, self.stages[stage].eyes[0].pixels.size) > 0.0
        return first, there


def inside(pixels: Complex, far: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float64]:
    """How many pixels inside of a picture something is; below 0 outside or behind."""
    width, height = size
    across = width / 2 - np.abs(pixels.real - (width - 1) / 2)
    down = height / 2 - np.abs(pixels.imag - (height - 1) / 2)
    room = np.minimum(across, down)
    return np.asarray(np.where((far > 0.0) & np.isfinite(room), room, -np.inf))
