"""The scene: coloured shapes in a world, eyes that look at them, and one time line.

Every change of a scene is a rule on points, pixels, moments or colours, one after the other. The
shapes and eyes themselves keep what they were; `place`, `pixels`, `moment` and `paint` tell where,
when and in which colour they are now. Nothing here knows of matrices or of the library.

The world is right-handed with z up, in metres; pixels are complex numbers x + iy with y downwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.scene.palette import name_of, on_wheel
from tests.scene.vectors import Vectors, cross, turned, unit, vector

__all__ = ["Complex", "Eye", "Pixels", "Scene", "Shape", "Sound", "same"]

Complex = NDArray[np.complex128]
Triple = tuple[float, float, float]
Rule = Callable[[Any], Any]


def same(value: Any) -> Any:
    """The rule that changes nothing."""
    return value


@dataclass(frozen=True)
class Shape:
    """A flat coloured sheet that faces its eye, moves steadily, sounds and clicks.

    `half` is half its width and height in metres, `speed` in metres a second; `outline` is what of
    the sheet is painted. `size` and `yaw` are those of the solid thing that it stands for.
    """

    outline: str
    hue: float
    saturation: float
    value: float
    centre: Triple
    half: tuple[float, float]
    speed: Triple
    tone: float
    clicks: tuple[float, ...]
    size: Triple
    yaw: float
    reflectivity: float
    faces: int = 0

    @property
    def rgb(self) -> Triple:
        """Its colour at first, in 0..1."""
        return on_wheel(self.hue, self.saturation, self.value)

    def at(self, moment: float) -> Vectors:
        """Its centre at a moment of the first time line, in the first world."""
        return vector(*self.centre) + moment * vector(*self.speed)


@dataclass(frozen=True)
class Pixels:
    """Where the pixels of the first picture lie now, and back again; and the picture's size now."""

    size: tuple[int, int]
    there: Rule = same
    back: Rule = same

    def then(self, there: Rule, back: Rule, size: tuple[int, int]) -> Pixels:
        """These pixels moved once more."""
        before, behind = self.there, self.back
        return Pixels(size, lambda z: there(before(z)), lambda z: behind(back(z)))


@dataclass(frozen=True)
class Eye:
    """A camera: where it stands, its axes, its first lens and picture, and how it sways.

    `focal` and `middle` are in pixels of the first picture. `sway` is the amplitude in metres,
    `nod` that of its turn in degrees about its own axes, both as sines of `pace` radians a second.
    `turn` tells what its axes (right, down, forward) are now, and `tilt` what directions (..., 3)
    in these axes are in a picture that was turned or mirrored while the eye was not.
    """

    name: str
    centre: Triple
    heading: float
    pitch: float
    focal: tuple[float, float]
    middle: tuple[float, float]
    first_size: tuple[int, int]
    backdrop: float
    pixels: Pixels
    sway: Triple = (0.0, 0.0, 0.0)
    nod: Triple = (0.0, 0.0, 0.0)
    pace: float = 3.0
    turn: Rule = same
    tilt: Rule = same

    def first_axes(self, moment: float) -> tuple[Vectors, Vectors]:
        """Its centre (3,) and axes (3, 3: right, down, forward) in the first world."""
        swing = float(np.sin(self.pace * moment))
        centre = vector(*self.centre) + swing * vector(*self.sway)
        return centre, _axes(self.heading, self.pitch, tuple(swing * nod for nod in self.nod))

    def first_pixels(self, rays: Vectors) -> Complex:
        """Pixels of the first picture that rays (..., 2: right and down for one forward) meet."""
        (fx, fy), (cx, cy) = self.focal, self.middle
        return np.asarray(cx + fx * rays[..., 0] + 1j * (cy + fy * rays[..., 1]))

    def first_rays(self, pixels: Complex) -> Vectors:
        """The rays of pixels of the first picture."""
        (fx, fy), (cx, cy) = self.focal, self.middle
        return np.stack([(pixels.real - cx) / fx, (pixels.imag - cy) / fy], axis=-1)


@lru_cache(maxsize=4096)
def _axes(heading: float, pitch: float, nods: tuple[float, ...]) -> Vectors:
    """Right, down and forward of a camera; pictures of a film ask for the same ones many times."""
    up = vector(0.0, 0.0, 1.0)
    forward = turned(vector(0.0, 1.0, 0.0), up, heading)
    right = cross(forward, up)
    axes = turned(np.stack([right, -up, forward]), right, pitch)
    for axis, degrees in zip(axes.copy(), nods, strict=True):
        axes = turned(axes, axis, degrees)
    axes.flags.writeable = False
    return axes


@dataclass(frozen=True)
class Sound:
    """What has become of the sound, apart from its time line: pitch in semitones, phase.

    `kept` says that its pitch is a matter of its own, and does not follow the speed.
    """

    semitones: float = 0.0
    phase: float = 0.0
    kept: bool = False


@dataclass(frozen=True)
class Scene:
    """Shapes and eyes, what their world, time and colours are now, and how long it all lasts."""

    shapes: tuple[Shape, ...]
    eyes: tuple[Eye, ...]
    first_duration: float
    label: int
    place: Rule = same
    paint: Rule = same
    hue: float = 0.0
    reflectivity: float = 1.0
    duration: float = 0.0
    moment: Rule = same
    sound: Sound = field(default_factory=Sound)
    cut: tuple[str, ...] = ()
    blank: tuple[tuple[float, float], ...] = ()
    hushed: bool = False
    covers: tuple[tuple[int, int, int, int], ...] = ()
    out: bool = False

    def change(self, **changes: Any) -> Scene:
        """The scene with some of its fields changed."""
        return replace(self, **changes)

    def moved(self, rule: Rule) -> Scene:
        """The scene in a world whose points went through one more rule."""
        before = self.place
        return replace(self, place=lambda points: rule(before(points)))

    def eye(self, index: int, **changes: Any) -> Scene:
        """The scene with one of its eyes changed."""
        eyes = list(self.eyes)
        eyes[index] = replace(eyes[index], **changes)
        return replace(self, eyes=tuple(eyes))

    # What is where now

    def stand(self, eye: Eye, moment: float, *, turn: bool = True) -> tuple[Vectors, Vectors]:
        """The centre of an eye and its axes of length 1, in the world as it is now."""
        centre, axes = eye.first_axes(moment)
        here = self.place(centre)
        now = unit(self.place(centre + axes) - here)
        return here, eye.turn(now) if turn else now

    def sheet(self, shape: Shape, moment: float) -> tuple[Vectors, Vectors, Vectors]:
        """A sheet's centre, and the ways from there to its right and lower edges, as it is now."""
        centre = shape.at(moment)
        _, axes = self.eyes[shape.faces].first_axes(0.0)
        half_width, half_height = shape.half
        here = self.place(centre)
        across = self.place(centre + half_width * axes[0]) - here
        down = self.place(centre + half_height * axes[1]) - here
        return here, across, down

    def look(self, eye: Eye, points: Vectors, moment: float = 0.0) -> tuple[Complex, Vectors]:
        """The pixels (complex) at which an eye sees points (..., 3) now, and their distances."""
        centre, axes = self.stand(eye, moment)
        inside = (points - centre) @ axes.T
        rays = inside[..., :2] / inside[..., 2:]
        return eye.pixels.there(eye.first_pixels(rays)), inside[..., 2]

    def colour(self, shape: Shape) -> Vectors:
        """A shape's colour now, in 0..1."""
        return np.asarray(self.paint(np.array(shape.rgb)))

    def colour_word(self, shape: Shape) -> str:
        """What one calls its colour now."""
        return name_of(shape.hue, self.hue)
