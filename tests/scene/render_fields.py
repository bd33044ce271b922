"""Pictures of numbers, ray by ray: heat, flow, normals and disparity of the scene."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tests.scene.render_picture import backdrop_of, grid_of, mask_of
from tests.scene.scene import Complex, Eye, Scene
from tests.scene.vectors import Vectors, cross, unit

__all__ = [
    "HEAT_NAMES",
    "HIDDEN",
    "LATER",
    "disparity_of",
    "first_seen",
    "flow_of",
    "heatmap_of",
    "normals_of",
]

HEAT_NAMES = "[left_glow, right_glow, glow]"
HIDDEN = {"heatmap": 0.0, "flow": math.nan, "normals": 0.0, "disparity": 0.0}
"""What each shows where nothing is seen."""
LATER = 2.5
"""Seconds after which the second picture is taken."""
_GLOW = 6.0
"""Pixels of the first picture within which a shape's heat falls to the root of 1/e."""
_BASE = 0.12
"""Metres from the eye to the other one of the pair, to its right."""


def first_seen(scene: Scene, eye: Eye, moment: float = 0.0) -> tuple[Complex, NDArray[np.bool_]]:
    """The pixel of the first picture that each pixel shows now, and whether that picture had it."""
    rays = eye.first_rays(eye.pixels.back(grid_of(eye)))
    _, axes = scene.stand(eye, moment)
    _, hood = scene.stand(eye, moment, turn=False)
    ways = (rays[..., :1] * axes[0] + rays[..., 1:] * axes[1] + axes[2]) @ hood.T
    forward = np.where(ways[..., 2] > 1e-9, ways[..., 2], np.nan)
    first = eye.first_pixels(ways[..., :2] / forward[..., None])
    wide, high = eye.first_size
    with np.errstate(invalid="ignore"):
        there = (np.abs(first.real - (wide - 1) / 2) <= wide / 2) & (
            np.abs(first.imag - (high - 1) / 2) <= high / 2
        )
    return first, np.asarray(there)


def _now(scene: Scene, eye: Eye, first: Complex) -> Complex:
    """Where pixels of the first picture are seen now."""
    rays = eye.first_rays(first)
    _, axes = scene.stand(eye, 0.0)
    _, hood = scene.stand(eye, 0.0, turn=False)
    ways = (rays[..., :1] * hood[0] + rays[..., 1:] * hood[1] + hood[2]) @ axes.T
    return np.asarray(eye.pixels.there(eye.first_pixels(ways[..., :2] / ways[..., 2:])))


def heatmap_of(scene: Scene, eye: Eye) -> NDArray[np.float32]:
    """A bell about each of three shapes; in a mirror image left is what was right."""
    first, there = first_seen(scene, eye)
    centres = [scene.shapes[index % len(scene.shapes)].at(0.0) for index in range(3)]
    centre, axes = eye.first_axes(0.0)
    inside = (np.array(centres) - centre) @ axes.T
    places = eye.first_pixels(inside[:, :2] / inside[:, 2:])
    with np.errstate(invalid="ignore"):
        bells = [np.exp(-(np.abs(first - place) ** 2) / (2 * _GLOW**2)) for place in places]
    if _mirrored(first):
        bells = [bells[1], bells[0], bells[2]]
    return np.where(there[..., None], np.stack(bells, axis=-1), 0.0).astype(np.float32)


def _mirrored(first: Complex) -> bool:
    """Whether the picture shows the first one mirrored."""
    row, column = first.shape[0] // 2, first.shape[1] // 2
    across = first[row, column + 1] - first[row, column]
    down = first[row + 1, column] - first[row, column]
    return bool((np.conj(across) * down).imag < 0)


def flow_of(scene: Scene, eye: Eye) -> NDArray[np.float32]:
    """How far each pixel's thing is away in the picture that the eye takes later.

    The backdrop goes along with the eye. NaN where nothing is.
    """
    what, pixels = mask_of(scene, eye), grid_of(eye)
    out = np.where(what == 1, 0.0 + 0.0j, complex(math.nan, math.nan))
    for index, shape in enumerate(scene.shapes):
        own = what == index + 2
        if own.any():
            u, v = _on_sheet(scene, eye, index, pixels[own])
            here, right, below = scene.sheet(shape, LATER)
            later = here + u[:, None] * right + v[:, None] * below
            out[own] = scene.look(eye, later, LATER)[0] - pixels[own]
    return np.stack([out.real, out.imag], axis=-1).astype(np.float32)


def _on_sheet(scene: Scene, eye: Eye, index: int, pixels: Complex) -> tuple[Vectors, Vectors]:
    """The places on a shape's sheet, -1 to 1, that the rays of pixels (N,) meet."""
    rays = eye.first_rays(eye.pixels.back(pixels))
    centre, axes = scene.stand(eye, 0.0)
    ways = rays[..., :1] * axes[0] + rays[..., 1:] * axes[1] + axes[2]
    here, right, below = scene.sheet(scene.shapes[index], 0.0)
    normal = cross(right, below)
    reach = ((here - centre) @ normal) / (ways @ normal)
    place = centre + reach[:, None] * ways - here
    return place @ right / (right @ right), place @ below / (below @ below)


def normals_of(scene: Scene, eye: Eye) -> NDArray[np.float32]:
    """Domes on the shapes and a backdrop that leans, in the axes of the picture; 0 for nothing."""
    what, pixels = mask_of(scene, eye), grid_of(eye)
    _, axes = scene.stand(eye, 0.0)
    _, hood = scene.stand(eye, 0.0, turn=False)
    out = np.zeros((*what.shape, 3))
    out[what == 1] = unit(-hood[2] + 0.3 * hood[0] + 0.15 * hood[1]) @ axes.T
    for index, shape in enumerate(scene.shapes):
        own = what == index + 2
        if own.any():
            u, v = _on_sheet(scene, eye, index, pixels[own])
            _, right, below = scene.sheet(shape, 0.0)
            across, down = unit(right), unit(below)
            upright = cross(across, down)
            upright = upright if upright @ hood[2] < 0.0 else -upright
            lean = (0.3 * u + 0.2)[:, None] * across + (0.25 * v - 0.1 * index)[:, None] * down
            out[own] = unit(upright + lean) @ axes.T
    return np.asarray(eye.tilt(out)).astype(np.float32)


def disparity_of(scene: Scene, eye: Eye) -> NDArray[np.float32]:
    """How much farther right than in the other eye's picture each pixel's thing is; 0 for none."""
    what = mask_of(scene, eye)
    first, _ = first_seen(scene, eye)
    centre, hood = scene.stand(eye, 0.0, turn=False)
    size = float(np.linalg.norm(scene.place(eye.first_axes(0.0)[0] + hood[0]) - centre))
    far = np.full(what.shape, backdrop_of(scene, eye, 0.0))
    pixels = grid_of(eye)
    for index, shape in enumerate(scene.shapes):
        own = what == index + 2
        if own.any():
            u, v = _on_sheet(scene, eye, index, pixels[own])
            here, right, below = scene.sheet(shape, 0.0)
            places = here + u[:, None] * right + v[:, None] * below
            far[own] = (places - centre) @ hood[2]
    with np.errstate(invalid="ignore"):
        other = _now(scene, eye, first - eye.focal[0] * _BASE * size / far)
        return np.where(what > 0, (pixels - other).real, 0.0).astype(np.float32)
