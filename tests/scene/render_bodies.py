"""What stands in the world besides: bodies with hands, and maps of the ground seen from above."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tests.scene.scene import Eye, Scene, Shape
from tests.scene.tolerances import TOLERANCES
from tests.scene.vectors import cross, vector

__all__ = [
    "COMPARED",
    "EMPTIED",
    "PER_EYE",
    "RENDERED",
    "SHARED",
    "STAYING",
    "bodies_of",
    "ground_of",
]

_NAMES = "[left_hand, head, right_hand, chest]"
PER_EYE = {
    "seen_bodies": "{modality: joints, plane: EYE, world: ground, axes: opencv, "
    f"names: {_NAMES}}}",
    "opengl_bodies": "{modality: joints, plane: EYE, world: ground, axes: opengl, origin: root, "
    f"unit: 0.001, names: {_NAMES}}}",
}
SHARED = {
    "bodies": f"{{modality: joints, world: ground, names: {_NAMES}, labels: whose}}",
    "rooted_bodies": f"{{modality: joints, world: ground, origin: root, names: {_NAMES}}}",
    "classes_below": "{modality: bev, world: ground, axes: [-x, -y], range: [-16, -12, 16, 12]}",
    "soft_below": "{modality: bev, world: ground, axes: [y, -x], resolution: 0.1, origin: centre}",
}
STAYING = ("bodies", "rooted_bodies", "classes_below", "soft_below")
"""Streams that no transform mixes, beside those of each eye."""
_HAND, _HEAD, _CHEST = 0.4, 0.6, 0.3
_X, _Y = 16.0, 12.0
_CELL = 0.1


def bodies_of(scene: Scene) -> NDArray[np.float64]:
    """For each shape a body: left hand, head, right hand and chest, and how surely they are seen.

    Which hand is the left one is read off the body as it stands: head up and chest ahead.
    """
    return np.array([_body(scene, shape) for shape in scene.shapes])


def _body(scene: Scene, shape: Shape) -> NDArray[np.float64]:
    centre = shape.at(0.0)
    front = vector(np.cos(shape.yaw), np.sin(shape.yaw), 0.0)
    top = vector(0.0, 0.0, 1.0)
    left = vector(-front[1], front[0], 0.0)
    here = scene.place(centre)
    one, other = (scene.place(centre + side * _HAND * left) for side in (1.0, -1.0))
    head, chest = scene.place(centre + _HEAD * top), scene.place(centre + _CHEST * front)
    hands = [(one, 0.9), (other, 0.3)]
    if cross(head - here, chest - here) @ (one - other) < 0.0:
        hands.reverse()
    rows = [hands[0], (head, 1.0), hands[1], (chest, 0.5)]
    return np.array([[*place, sure] for place, sure in rows])


def _rooted(scene: Scene) -> NDArray[np.float64]:
    """Bodies without their confidences, from where each stands."""
    bodies = bodies_of(scene)[..., :3]
    roots = np.array([scene.place(shape.at(0.0)) for shape in scene.shapes])
    return bodies - roots[:, None]


def _seen(scene: Scene, eye: Eye) -> NDArray[np.float64]:
    """Bodies in the axes of an eye: right, down, ahead."""
    bodies = bodies_of(scene)
    centre, axes = scene.stand(eye, 0.0)
    bodies[..., :3] = (bodies[..., :3] - centre) @ axes.T
    return bodies


def _seen_opengl(scene: Scene, eye: Eye) -> NDArray[np.float64]:
    """Bodies in millimetres from where each stands: right, up, back."""
    _, axes = scene.stand(eye, 0.0)
    return _rooted(scene) @ axes.T * [1000.0, -1000.0, -1000.0]


def _cells(rows: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The places x, y of the centres of a map's cells."""
    x = np.arange(_X - _CELL / 2, -_X, -_CELL)
    y = np.arange(_Y - _CELL / 2, -_Y, -_CELL)
    if rows == "x":
        return np.meshgrid(x, y, indexing="ij")
    return tuple(np.meshgrid(x, y[::-1]))  # type: ignore[return-value]


def ground_of(scene: Scene) -> NDArray[np.uint8]:
    """Which thing stands on each cell: rectangles twice as large as the things."""
    x, y = _cells("x")
    out = np.zeros(x.shape, np.uint8)
    for index, shape in enumerate(scene.shapes, start=1):
        centre = shape.at(0.0)
        front = vector(np.cos(shape.yaw), np.sin(shape.yaw), 0.0)
        left = vector(-front[1], front[0], 0.0)
        here = scene.place(centre)
        ways = [scene.place(centre + way) - here for way in (front, left)]
        inside = np.ones(x.shape, bool)
        for way, size in zip(ways, shape.size, strict=False):
            along = ((x - here[0]) * way[0] + (y - here[1]) * way[1]) / (way @ way)
            inside &= np.abs(along) <= size
        out[inside] = index
    return out


def _soft(scene: Scene) -> NDArray[np.float32]:
    """Hills around the things, of another height each; and, beside, how far they stand up."""
    x, y = _cells("y")
    out = np.zeros((*x.shape, 2), np.float32)
    for index, shape in enumerate(scene.shapes, start=1):
        centre = shape.at(0.0)
        here = scene.place(centre)
        reach = 1.6 * float(np.linalg.norm(scene.place(centre + vector(1, 0, 0)) - here))
        far = np.hypot(x - here[0], y - here[1]) / reach
        hill = np.where(far < 1.0, (1.0 - far**2) ** 2, 0.0)
        out += np.stack([index * hill, hill], axis=-1).astype(np.float32)
    return out


RENDERED = {
    "bodies": lambda scene, eye: bodies_of(scene),
    "rooted_bodies": lambda scene, eye: _rooted(scene),
    "seen_bodies": _seen,
    "opengl_bodies": _seen_opengl,
    "classes_below": lambda scene, eye: ground_of(scene),
    "soft_below": lambda scene, eye: _soft(scene),
}
EMPTIED = {
    **dict.fromkeys(("bodies", "rooted_bodies", "seen_bodies", "opengl_bodies"), lambda s: s[:0]),
    **dict.fromkeys(("classes_below", "soft_below"), np.zeros_like),
}
"""What a stream of each kind shows when its sensor is out."""


def _over(key: str, error: Any, what: str) -> list[str]:
    worst = float(np.abs(error).max(initial=0.0)) if np.size(error) else 0.0
    bound = TOLERANCES[key]
    return [] if worst <= bound.amount else [f"{what}: {worst:.4g} {bound.unit}"]


def _bodies(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    if got.shape != wanted.shape:
        return [f"{got.shape} instead of {wanted.shape}"]
    size = 1.0 + np.abs(wanted[..., :3]).max(initial=0.0)
    wrong = _over("joints", (got - wanted)[..., :3] / size, "joint")
    return wrong + _over("joints", (got - wanted)[..., 3:], "confidence")


def _classes(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    if got.shape != wanted.shape or got.dtype != wanted.dtype:
        return [f"{got.dtype}{got.shape} instead of {wanted.dtype}{wanted.shape}"]
    low, high = (
        f(wanted, 5, mode="nearest") for f in (ndimage.minimum_filter, ndimage.maximum_filter)
    )
    count = int((got != wanted)[low == high].sum())
    wrong = [f"{count} cells far from any edge hold another class"] if count else []
    both = [(got == number, wanted == number) for number in np.unique(wanted[wanted > 0])]
    places = [
        np.subtract(*(np.array(ndimage.center_of_mass(part)) for part in pair))
        for pair in both
        if pair[0].any() and pair[1].sum() > 200
    ]
    return wrong + (_over("bev: place", np.mean(places, axis=0), "place") if places else [])


def _hills(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    if got.shape != wanted.shape or got.dtype != wanted.dtype:
        return [f"{got.dtype}{got.shape} instead of {wanted.dtype}{wanted.shape}"]
    return _over("bev: value", (got - wanted) / max(1, len(scene.shapes)), "value")


COMPARED = {
    **dict.fromkeys(("bodies", "rooted_bodies", "seen_bodies", "opengl_bodies"), _bodies),
    "classes_below": _classes,
    "soft_below": _hills,
}
