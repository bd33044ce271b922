"""Scenes with several cameras: a pair beside each other, and six that look around a lidar."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from tests.scene.scene import Eye, Pixels, Scene, Shape
from tests.scene.scenes import small_scene

__all__ = ["around", "pair"]

_SIZE = (72, 54)


@cache
def pair() -> Scene:
    """The small scene with a second eye to the right of the first, which looks the same way."""
    scene = small_scene()
    left = scene.eyes[0]
    centre, axes = left.first_axes(0.0)
    place = centre + 0.12 * axes[0]
    right = replace(left, name="right", centre=_triple(place))
    return replace(scene, eyes=(replace(left, name="left"), right))


@cache
def around() -> Scene:
    """Six eyes, 60 degrees from one to the next, each with two shapes before it."""
    template = small_scene()
    eyes, shapes = [], []
    names = ("front", "front_left", "back_left", "back", "back_right", "front_right")
    for number, name in enumerate(names):
        angle = math.radians(60.0 * number)
        eye = Eye(
            name=name,
            centre=(-0.3 * math.sin(angle), 0.3 * math.cos(angle), 1.5),
            heading=60.0 * number,
            pitch=0.0,
            focal=(70.0, 71.0),
            middle=(35.5 + 0.3 * number, 26.0),
            first_size=_SIZE,
            backdrop=20.0,
            pixels=Pixels(_SIZE),
        )
        eyes.append(eye)
        for second in (0, 1):
            model = template.shapes[(number + second) % 4]
            shapes.append(_before(eye, number, second, model))
    return replace(template, eyes=tuple(eyes), shapes=tuple(shapes))


def _before(eye: Eye, number: int, second: int, model: Shape) -> Shape:
    """A shape on the left or right side of an eye's picture."""
    centre, axes = eye.first_axes(0.0)
    far = 4.0 + 2.5 * second
    x, y = eye.first_rays(np.array(complex(18 + 36 * second, 22 + 2 * number)))
    metre = far / eye.focal[0]
    return replace(
        model,
        centre=_triple(centre + far * (x * axes[0] + y * axes[1] + axes[2])),
        half=(8.0 * metre, 7.0 * metre),
        faces=number,
    )


def _triple(place: Any) -> tuple[float, float, float]:
    x, y, z = (float(n) for n in place)
    return x, y, z
