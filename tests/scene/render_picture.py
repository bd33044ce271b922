"""Pictures of the scene, ray by ray: image, mask and depth, with smooth edges where they count."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tests.scene.scene import Complex, Eye, Scene
from tests.scene.vectors import Vectors, cross

__all__ = [
    "BACKDROP",
    "FILL",
    "backdrop_of",
    "depth_of",
    "grid_of",
    "image_of",
    "levels_of",
    "mask_of",
]

BACKDROP = 0.25
"""The grey level of what stands behind the shapes."""
FILL = 64
"""What a picture shows beyond its first frame: the same grey, in 8 bits."""
_STEPS = (np.arange(4) + 0.5) / 4 - 0.5
_RAYS = (_STEPS + 1j * _STEPS[:, None]).reshape(-1)
"""The rays of one pixel, from its middle."""


def levels_of(scene: Scene, eye: Eye, moment: float = 0.0) -> Vectors:
    """The picture (H, W, 3) in 0..1, each pixel at an edge the mean of its rays."""
    colours = [scene.paint(np.full(3, FILL / 255.0)), scene.paint(np.full(3, BACKDROP))]
    table = np.array([*colours, *(scene.colour(shape) for shape in scene.shapes)])
    grid = grid_of(eye)
    wide, _ = _around(scene, eye, moment)  # edges just outside count as well
    levels = table[wide[2:-2, 2:-2]]
    edge = (ndimage.minimum_filter(wide, 5) != ndimage.maximum_filter(wide, 5))[2:-2, 2:-2]
    rays, _ = _seen(scene, eye, moment, grid[edge][:, None] + _RAYS)
    levels[edge] = table[rays].mean(axis=1)
    return np.asarray(levels)


def image_of(scene: Scene, eye: Eye, moment: float = 0.0) -> NDArray[np.uint8]:
    """The picture in 8 bits."""
    return np.rint(levels_of(scene, eye, moment) * 255.0).astype(np.uint8)


def mask_of(scene: Scene, eye: Eye, moment: float = 0.0) -> NDArray[np.int64]:
    """0 where nothing is, 1 for the backdrop, then the shapes in their order."""
    return _around(scene, eye, moment)[0][2:-2, 2:-2].astype(np.int64)


def depth_of(scene: Scene, eye: Eye) -> NDArray[np.float32]:
    """Metres along the eye's forward axis; 0 where nothing is."""
    return _around(scene, eye, 0.0)[1][2:-2, 2:-2].astype(np.float32)


def grid_of(eye: Eye, margin: int = 0) -> Complex:
    """The pixels (H, W) of an eye's picture, and so many around it."""
    width, height = eye.pixels.size
    across, down = np.arange(-margin, width + margin), np.arange(-margin, height + margin)
    return np.asarray(across + 1j * down[:, None])


@lru_cache(maxsize=128)
def _around(scene: Scene, eye: Eye, moment: float) -> tuple[NDArray[np.intp], Vectors]:
    """What a picture and two pixels around it show; several streams ask for the same one."""
    return _seen(scene, eye, moment, grid_of(eye, margin=2))


def _seen(
    scene: Scene, eye: Eye, moment: float, pixels: Complex
) -> tuple[NDArray[np.intp], Vectors]:
    """What the rays of some pixels (...,) meet first, and how far away."""
    rays = eye.first_rays(eye.pixels.back(pixels))
    centre, axes = scene.stand(eye, moment)
    ways = rays[..., :1] * axes[0] + rays[..., 1:] * axes[1] + axes[2]
    # The hood: beyond what the first picture showed there is nothing.
    _, hood = scene.stand(eye, moment, turn=False)
    inside = ways @ hood.T
    forward = np.where(inside[..., 2] > 1e-9, inside[..., 2], np.nan)
    first = eye.first_pixels(inside[..., :2] / forward[..., None])
    wide, high = eye.first_size
    with np.errstate(invalid="ignore"):
        open_ = (np.abs(first.real - (wide - 1) / 2) <= wide / 2) & (
            np.abs(first.imag - (high - 1) / 2) <= high / 2
        )
    what = np.where(open_, 1, 0)
    far = np.where(open_, backdrop_of(scene, eye, moment) / forward, np.inf)
    for index, shape in enumerate(scene.shapes):
        here, right, below = scene.sheet(shape, moment)
        normal = cross(right, below)
        start = centre - here
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = -(start @ normal) / (ways @ normal)
            u = (start @ right + reach * (ways @ right)) / (right @ right)
            v = (start @ below + reach * (ways @ below)) / (below @ below)
            hit = open_ & (reach > 0.0) & (reach < far) & _OUTLINES[shape.outline](u, v)
        what[hit], far[hit] = index + 2, reach[hit]
    return what, np.where(what > 0, far, 0.0)


def backdrop_of(scene: Scene, eye: Eye, moment: float) -> float:
    """How far away the backdrop stands now, along the first forward axis."""
    centre, axes = eye.first_axes(moment)
    return float(np.linalg.norm(scene.place(centre + eye.backdrop * axes[2]) - scene.place(centre)))


def _tilted(u: Vectors, v: Vectors, radians: float) -> tuple[Vectors, Vectors]:
    """The same place on a paper that lies tilted on the sheet, so that no edge is level."""
    turned = (u + 1j * v) * np.exp(-1j * radians)
    return turned.real, turned.imag


def _square(u: Vectors, v: Vectors) -> NDArray[np.bool_]:
    a, b = _tilted(u, v, 0.35)
    return np.asarray(np.maximum(np.abs(a), np.abs(b)) <= 0.75)


def _diamond(u: Vectors, v: Vectors) -> NDArray[np.bool_]:
    a, b = _tilted(u, v, 0.2)
    return np.asarray(np.abs(a) + 0.7 * np.abs(b) <= 0.8)


def _triangle(u: Vectors, v: Vectors) -> NDArray[np.bool_]:
    a, b = _tilted(u, v, -0.25)
    return np.asarray((b <= 0.7) & (np.abs(a) <= 0.55 * (b + 0.9)))


_OUTLINES: dict[str, Callable[[Vectors, Vectors], NDArray[np.bool_]]] = {
    "disc": lambda u, v: np.asarray(u**2 + v**2 <= 1.0),
    "square": _square,
    "diamond": _diamond,
    "triangle": _triangle,
}
"""What of a sheet is painted, in coordinates from -1 to 1: right and down."""
