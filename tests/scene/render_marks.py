"""What an annotator draws into a picture: boxes with classes, phrases, and named keypoints."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tests.scene.lenses import LensEye
from tests.scene.scene import Complex, Eye, Scene, Shape

__all__ = ["boxes_of", "keypoints_of", "shown_at_first", "visible_shapes"]

_EYES = ((-0.4, -0.3), (0.4, -0.3))
_NOSE, _CHIN = (0.0, 0.1), (0.0, 0.9)
"""The face on the first shape, on the sheet from -1 to 1: right and down."""


def boxes_of(scene: Scene, eye: Eye, moment: float = 0.0) -> list[tuple[int, list[float]]]:
    """For each shape of which the picture shows anything: its index and left, top, right, bottom.

    Edges count from the picture's edge, so that a box around the first pixel is 0, 0, 1, 1.
    """
    return [(index, list(box)) for index, box in _boxes(scene, eye, moment)]


@lru_cache(maxsize=128)
def _boxes(scene: Scene, eye: Eye, moment: float) -> list[tuple[int, tuple[float, ...]]]:
    """The same, which boxes, lists beside them and phrases ask for."""
    found = []
    for index, shape in enumerate(scene.shapes):
        outline = _framed(_sheet_outline(scene, eye, shape, moment), scene, eye, moment)
        if len(outline):
            x, y = outline.real + 0.5, outline.imag + 0.5
            sides = x.min(), y.min(), x.max(), y.max()
            found.append((index, tuple(float(side) for side in sides)))
    return found


def visible_shapes(scene: Scene, eye: Eye) -> list[int]:
    """The shapes of which the picture shows anything."""
    return [index for index, _ in boxes_of(scene, eye)]


def shown_at_first(scene: Scene, eye: Eye) -> list[int]:
    """The shapes of which the first picture showed anything."""
    return [i for i, shape in enumerate(scene.shapes) if len(_sheet_outline(scene, eye, shape))]


def _sheet_outline(scene: Scene, eye: Eye, shape: Shape, moment: float = 0.0) -> Complex:
    """The corners of a sheet, as pixels of the first picture, cut to its frame."""
    centre = shape.at(moment)
    _, axes = scene.eyes[shape.faces].first_axes(0.0)
    (w, h), stand = shape.half, eye.first_axes(moment)
    corners = np.array(
        [
            centre + a * w * axes[0] + b * h * axes[1]
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
    )
    inside = (corners - stand[0]) @ stand[1].T
    if (inside[:, 2] <= 0.05).any():
        return np.zeros(0, dtype=np.complex128)
    if isinstance(eye, LensEye):
        return _bent_box(inside[:, :2] / inside[:, 2:], eye)
    outline = cut(eye.first_pixels(inside[:, :2] / inside[:, 2:]), eye.first_size)
    return _around(outline) if len(outline) else outline


def _bent_box(rays: NDArray[np.float64], eye: LensEye) -> Complex:
    """The box that an annotator draws around a sheet in a distorted picture, side by side."""
    shares = np.linspace(0.0, 1.0, 200, endpoint=False)[:, None]
    sides = [a + shares * (b - a) for a, b in zip(rays, np.roll(rays, -1, axis=0), strict=True)]
    seen = cut(eye.first_pixels(np.concatenate(sides)), eye.first_size)
    if not len(seen):
        return seen
    x0, x1, y0, y1 = seen.real.min(), seen.real.max(), seen.imag.min(), seen.imag.max()
    corners = np.array([complex(x0, y0), complex(x1, y0), complex(x1, y1), complex(x0, y1)])
    ends = np.roll(corners, -1)
    return np.concatenate([a + shares[:, 0] * (b - a) for a, b in zip(corners, ends, strict=True)])


def _around(outline: Complex) -> Complex:
    """The corners of the upright box around an outline, as an annotator draws it."""
    x, y = outline.real, outline.imag
    left, top, right, bottom = x.min(), y.min(), x.max(), y.max()
    return np.array([left + 1j * top, right + 1j * top, right + 1j * bottom, left + 1j * bottom])


def _framed(first: Complex, scene: Scene, eye: Eye, moment: float) -> Complex:
    """Pixels of the first picture's rays as the eye sees them now, cut to its picture."""
    if not len(first):
        return first
    rays = eye.first_rays(first)
    far = 10.0
    centre, axes = eye.first_axes(moment)
    points = centre + far * (rays[:, :1] * axes[0] + rays[:, 1:] * axes[1] + axes[2])
    pixels, distance = scene.look(eye, scene.place(points), moment)
    if (distance <= 0.0).any():
        return np.zeros(0, dtype=np.complex128)
    return cut(pixels, eye.pixels.size)


def cut(polygon: Complex, size: tuple[int, int]) -> Complex:
    """A convex polygon cut to a picture, by the signed distances from its four edges."""
    width, height = size
    for side, turn in ((-0.5, 1), (width - 0.5, -1), (-0.5j, -1j), ((height - 0.5) * 1j, 1j)):
        inner = ((polygon - side) * turn).real
        before, last = (np.concatenate([each[-1:], each[:-1]]) for each in (inner, polygon))
        crossed = (before > 0) != (inner > 0)
        share = before / np.where(crossed, before - inner, 1.0)
        points = np.stack([last + share * (polygon - last), polygon], axis=1)
        polygon = points[np.stack([crossed, inner > 0], axis=1)]
    return polygon


def keypoints_of(scene: Scene, eye: Eye, moment: float = 0.0) -> NDArray[np.float64]:
    """Left eye, right eye and nose of the first shape, which faces us: x, y and visibility.

    Which eye is the left one is read off the picture: somebody who faces us has it on the right
    hand side of the way from chin to brow, as we see it.
    """
    here, across, down = scene.sheet(scene.shapes[0], moment)
    local = np.array([*_EYES, _NOSE, _CHIN])
    pixels, distance = scene.look(eye, here + local[:, :1] * across + local[:, 1:] * down, moment)
    up = (pixels[0] + pixels[1]) / 2 - pixels[3]
    hand = [((pixel - pixels[3]) / up).imag for pixel in pixels[:2]]
    left, right = (0, 1) if hand[0] > hand[1] else (1, 0)
    rows = pixels[[left, right, 2]]
    width, height = eye.pixels.size
    seen = (
        (np.abs(rows.real - (width - 1) / 2) < width / 2)
        & (np.abs(rows.imag - (height - 1) / 2) < height / 2)
        & (distance[:3] > 0)
    )
    return np.stack([rows.real, rows.imag, np.where(seen, 2.0, 0.0)], axis=1)
