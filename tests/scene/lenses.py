"""Eyes whose lenses distort, by OpenCV's own functions, and scenes that they look at."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import cv2
import numpy as np
from hypothesis import strategies as st

from tests.scene.scene import Complex, Eye, Scene
from tests.scene.scenes import scenes, small_scene
from tests.scene.vectors import Vectors

__all__ = ["LensEye", "lensed", "scene_for", "scenes_for"]

_ENOUGH = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 500, 1e-15)
LENSES = (
    (-0.32, 0.11, 0.004, -0.003, -0.02),
    (0.2, -0.08, -0.006, 0.005, 0.03),
    (-0.25, 0.06, 0.002, 0.003),
    (0.3, 0.05, 0.003, -0.004, 0.01, 0.35, 0.08, 0.01),
    (-0.2, 0.05, 0.002, -0.001, 0.0, 0.01, 0.0, 0.0, 0.004, -0.002, -0.003, 0.001),
)
FISHEYE = (0.08, -0.02, 0.006, -0.001)
_STRAIGHTENED = frozenset({"undistort"})
"""Transforms whose squares are about lenses."""


@dataclass(frozen=True)
class LensEye(Eye):
    """An eye with OpenCV's lens terms; `straight` once its pictures are without their distortion.

    Its first picture shows a ray where OpenCV projects it.
    """

    terms: tuple[float, ...] = ()
    fish: bool = False
    straight: bool = False

    def first_pixels(self, rays: Vectors) -> Complex:
        shape = np.shape(rays)[:-1]
        flat = np.reshape(rays, (-1, 2)).astype(np.float64)
        points = np.concatenate([flat, np.ones((len(flat), 1))], axis=1)
        none, terms = np.zeros(3), np.array(self.terms)
        if self.fish:
            seen = cv2.fisheye.projectPoints(points[:, None], none, none, np.eye(3), terms)[0]
        else:
            seen = cv2.projectPoints(points, none, none, np.eye(3), terms)[0]
        return self.pin(seen.reshape(*shape, 2))

    def first_rays(self, pixels: Complex) -> Vectors:
        places = self.unpinned(np.asarray(pixels))
        flat, terms = places.reshape(-1, 1, 2), np.array(self.terms)
        if self.fish:
            rays = cv2.fisheye.undistortPoints(flat, np.eye(3), terms, criteria=_ENOUGH)
        else:
            rays = cv2.undistortPoints(flat, np.eye(3), terms, criteria=_ENOUGH)
        return np.asarray(rays.reshape(places.shape))

    def pin(self, places: Vectors) -> Complex:
        """The pixels of the first picture at places in the plane of focal length 1."""
        return super().first_pixels(places)

    def unpinned(self, pixels: Complex) -> Vectors:
        """The places in the plane of focal length 1 of pixels of the first picture."""
        return super().first_rays(pixels)

    def stated(self) -> dict[str, Any]:
        """What its camera says of its lens."""
        model = {"model": "pinhole" if self.straight or not self.fish else "fisheye"}
        terms = [0.0] * len(self.terms) if self.straight else list(self.terms)
        return {"distortion": terms, **model}


def lensed(scene: Scene, terms: tuple[float, ...] = LENSES[0], *, fish: bool = False) -> Scene:
    """A scene of the same shapes whose eyes have lenses."""
    eyes = [
        LensEye(**{f.name: getattr(eye, f.name) for f in fields(Eye)}, terms=terms, fish=fish)
        for eye in scene.eyes
    ]
    return scene.change(eyes=tuple(eyes))


def scene_for(*transforms: str) -> Scene:
    """The scene that is always the same; with lenses where a transform is about those."""
    scene = small_scene()
    return lensed(scene) if _STRAIGHTENED.intersection(transforms) else scene


@st.composite
def scenes_for(draw: Any, transform: str) -> Scene:
    """Random scenes; with lenses where a transform is about those."""
    scene: Scene = draw(scenes())
    if transform not in _STRAIGHTENED:
        return scene
    terms = draw(st.sampled_from([*LENSES, FISHEYE]))
    return lensed(scene, terms, fish=terms is FISHEYE)
