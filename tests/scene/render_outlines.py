"""Outlines that an annotator draws: a concave figure with a hole on each sheet, part by part.

What is inside is told by rays, place by place: no outline is ever cut here. A row of the sample is
a whole outline; `inside` says which places of the picture it shows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as run_lengths

from tests.scene.lenses import LensEye
from tests.scene.render_marks import cut
from tests.scene.scene import Complex, Eye, Scene

__all__ = [
    "inside",
    "instance_classes",
    "instances_of",
    "now",
    "oriented_classes",
    "oriented_of",
    "outline_classes",
    "outlines_of",
    "per_edge",
    "pixels_of",
    "places",
    "rings_of",
    "shown_instances",
    "shown_oriented",
    "shown_outlines",
]

_BODY = (-1 - 1j, 1 - 1j, 1 + 1j, 0.2 + 1j, 0.2j, -0.3 + 1j, -1 + 1j)
_HOLE = (-0.6 - 0.6j, 0.5 - 0.7j, 0.4 - 0.2j, -0.5 - 0.1j)
_PARTS = (
    (-1 - 1j, 0.4 - 1j, 0.1 + 0.1j, 0.3 + 1j, -0.9 + 0.8j, -0.2),
    (0.7 - 0.9j, 1 + 1j, 0.6 + 0.3j),
)
"""Rings on a sheet from -1 to 1: right and down. The parts of the second do not touch."""
_FORMS = ("points", "runs", "flat", "points")
"""How the outline of each shape is written."""
_BENT = 24
"""Places along an edge that was straight in a distorted picture."""
_FINE = 4
"""Places along a pixel."""


def rings_of(scene: Scene, eye: Eye, index: int) -> list[Complex]:
    """The rings of a shape, as pixels of the first picture."""
    shape = scene.shapes[index]
    _, axes = scene.eyes[shape.faces].first_axes(0.0)
    stand, turn = eye.first_axes(0.0)
    out = []
    for ring in _PARTS if _FORMS[index] == "flat" else (_BODY, _HOLE):
        local = np.array(ring) * np.exp(0.15j * index)
        local *= 0.7
        across, down = shape.half[0] * local.real, shape.half[1] * local.imag
        way = shape.at(0.0) + across[:, None] * axes[0] + down[:, None] * axes[1] - stand
        seen = way @ turn.T
        out.append(eye.first_pixels(seen[:, :2] / seen[:, 2:]))
    return out


def edges_of(ring: Complex, eye: Eye) -> Complex:
    """The corners of a ring; of one whose edges bend, places along them after each corner."""
    steps = per_edge(eye)
    shares = np.arange(steps) / steps
    return np.asarray(ring[:, None] + shares * (np.roll(ring, -1) - ring)[:, None]).ravel()


def per_edge(eye: Eye) -> int:
    """How many places stand for an edge: more than its corner where a lens bent the picture."""
    return _BENT if isinstance(eye, LensEye) and eye.straight else 1


def now(first: Complex, scene: Scene, eye: Eye) -> tuple[Complex, NDArray[np.float64]]:
    """Where pixels of the first picture lie as the eye sees them now, and how far away."""
    centre, axes = eye.first_axes(0.0)
    rays = eye.first_rays(first)
    points = centre + 10.0 * (rays[:, :1] * axes[0] + rays[:, 1:] * axes[1] + axes[2])
    return scene.look(eye, scene.place(points))


def places(eye: Eye) -> Complex:
    """Places all over the picture, several in each pixel."""
    width, height = eye.pixels.size
    across = (np.arange(width * _FINE) + 0.5) / _FINE - 0.5
    down = (np.arange(height * _FINE) + 0.5) / _FINE - 0.5
    return np.asarray(across + 1j * down[:, None])


def inside(rings: list[Complex], at: Complex) -> NDArray[np.bool_]:
    """Which places an odd number of rings surround, by the turns of the way to their points."""
    x, y = at.real.ravel(), at.imag.ravel()
    odd = np.zeros(len(y), dtype=bool)
    for ring in rings:
        for here, there in zip(ring, np.roll(ring, -1), strict=True):
            between = np.flatnonzero((here.imag > y) != (there.imag > y))
            way = there - here
            turn = way.imag * (x[between] - here.real) - way.real * (y[between] - here.imag)
            odd[between] ^= turn * way.imag > 0
    return odd.reshape(at.shape)


def covered(scene: Scene, eye: Eye, at: Complex) -> NDArray[np.bool_]:
    """Which places a card hides."""
    hidden = np.zeros(at.shape, dtype=bool)
    if eye.name == scene.eyes[0].name:
        for left, top, right, bottom in scene.covers:
            x, y = at.real + 0.5, at.imag + 0.5
            hidden |= (x > left) & (x < right) & (y > top) & (y < bottom)
    return hidden


def shown_outlines(scene: Scene, eye: Eye) -> list[tuple[int, list[Complex]]]:
    """The shapes of whose outline the picture shows anything, and their rings now."""
    at = places(eye)
    hidden = covered(scene, eye, at)
    out = []
    for index in range(len(scene.shapes)):
        first = rings_of(scene, eye, index)
        moved = [now(edges_of(ring, eye), scene, eye) for ring in first]
        if any((distance <= 0.0).any() for _, distance in moved):
            continue
        rings = [ring for ring, _ in moved]
        if (inside(rings, at) & ~hidden).any():
            out.append((index, rings))
    return out


def outline_classes(scene: Scene, eye: Eye) -> list[str]:
    """What those outlines are of."""
    return [scene.shapes[index].outline for index, _ in shown_outlines(scene, eye)]


def outlines_of(scene: Scene, eye: Eye) -> list[Any]:
    """The rows: rings of points, flat rings, or run lengths; whole, wherever they lie."""
    return [_row(rings, _FORMS[index], eye) for index, rings in shown_outlines(scene, eye)]


def _row(rings: list[Complex], form: str, eye: Eye) -> Any:
    pairs = [np.stack([ring.real, ring.imag], axis=1) + 0.5 for ring in rings]
    if form == "points":
        return [ring.tolist() for ring in pairs]
    if form == "flat":
        return [ring.ravel().tolist() for ring in pairs]
    width, height = eye.pixels.size
    pixels = np.arange(width) + 1j * np.arange(height)[:, None]
    runs = run_lengths.encode(np.asfortranarray(inside(rings, pixels).astype(np.uint8)))
    return {"size": [height, width], "counts": runs["counts"].decode()}


# Masks of instances


def pixels_of(eye: Eye) -> Complex:
    """The centres of the picture's pixels."""
    width, height = eye.pixels.size
    return np.asarray(np.arange(width) + 1j * np.arange(height)[:, None])


def shown_instances(scene: Scene, eye: Eye) -> list[tuple[int, list[Complex]]]:
    """The shapes of whose outline some pixel shows anything, and their rings now."""
    at = pixels_of(eye)
    hidden = covered(scene, eye, at)
    return [
        (index, rings)
        for index, rings in shown_outlines(scene, eye)
        if (inside(rings, at) & ~hidden).any()
    ]


def instances_of(scene: Scene, eye: Eye) -> NDArray[np.uint8]:
    """One mask for each of them: N x H x W."""
    width, height = eye.pixels.size
    at = pixels_of(eye)
    masks = [inside(rings, at) for _, rings in shown_instances(scene, eye)]
    return np.array(masks, dtype=np.uint8).reshape(-1, height, width)


def instance_classes(scene: Scene, eye: Eye) -> list[str]:
    """What those masks are of."""
    return [scene.shapes[index].outline for index, _ in shown_instances(scene, eye)]


# Boxes that lie any way


def shown_oriented(scene: Scene, eye: Eye) -> list[tuple[int, Complex]]:
    """The shapes whose oriented box the picture shows in part, and its corners now."""
    out = []
    for index, shape in enumerate(scene.shapes):
        stand, turn = eye.first_axes(0.0)
        seen = turn @ (shape.at(0.0) - stand)
        middle = eye.first_pixels(seen[:2] / seen[2])
        local = np.array([-7 - 4j, 7 - 4j, 7 + 4j, -7 + 4j]) * np.exp(1j * (0.7 * index - 0.9))
        corners, distance = now(middle + local, scene, eye)
        if (distance <= 0.0).any():
            continue
        left = cut(corners, eye.pixels.size)
        if len(left) and not covered(scene, eye, left * (1 - 1e-9)).all():
            out.append((index, corners))
    return out


def oriented_of(scene: Scene, eye: Eye) -> NDArray[np.float64]:
    """Centre, width, height and degrees clockwise of the least boxes around those corners."""
    rows = []
    for _, corners in shown_oriented(scene, eye):
        along = corners[1] - corners[0]
        sides = [way / abs(way) for way in np.roll(corners, -1) - corners]
        areas = [_spans(corners, way)[2] for way in sides]
        equal = [way for way, a in zip(sides, areas, strict=True) if a <= min(areas) * (1 + 1e-9)]
        ways = [way * 1j**quarter for way in equal for quarter in range(4)]
        way = max(ways, key=lambda each: (each * np.conj(along)).real)
        low, high, _ = _spans(corners, way)
        middle, size = way * (low + high) / 2, high - low
        angle = np.degrees(np.angle(way))
        angle = (angle + 90.0) % 180.0 - 90.0
        rows.append([middle.real + 0.5, middle.imag + 0.5, size.real, size.imag, angle])
    return np.array(rows, dtype=np.float64).reshape(-1, 5)


def _spans(corners: Complex, way: complex) -> tuple[complex, complex, float]:
    """The least and the greatest places along a way and across it, and the area between them."""
    turned = corners * np.conj(way)
    low = complex(turned.real.min(), turned.imag.min())
    high = complex(turned.real.max(), turned.imag.max())
    return low, high, (high - low).real * (high - low).imag


def oriented_classes(scene: Scene, eye: Eye) -> list[str]:
    """What those boxes are of."""
    return [scene.shapes[index].outline for index, _ in shown_oriented(scene, eye)]
