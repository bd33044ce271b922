"""Random chains of plane steps over one sample whose streams tell of every pixel where it was."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug import load_policy
from syncaug.clips.clip import ArrayClip
from tests.scene.render_world import camera_of
from tests.scene.scene import Eye, Pixels, Scene
from tests.scene.square import Step

__all__ = ["HEIGHT", "WIDTH", "carried", "chain", "empty_scene", "places", "sample", "spots"]

WIDTH, HEIGHT = 64, 48
_DECLARED = """
syncaug: 1
fuse: {fuse}
sample:
  image: {{modality: image, plane: front}}
  mask: {{modality: mask, plane: front}}
  depth: {{modality: depth, plane: front}}
  film: {{modality: video, plane: front, fps: 4}}
  boxes: {{modality: boxes, plane: front, labels: numbers}}
  halves: {{modality: boxes, plane: front, labels: half_numbers, min_visible: 0.5}}
  phrases: {{modality: phrases, plane: front, boxes: boxes}}
  keypoints: {{modality: keypoints, plane: front, labels: spots}}
  camera: {{modality: camera, plane: front, world: ground}}
  points: {{modality: points, world: ground, columns: [x, y, z, number]}}
  solids: {{modality: boxes3d, world: ground, labels: solid_numbers}}
steps: {steps}
"""


@cache
def empty_scene() -> Scene:
    """One eye that looks at nothing."""
    eye = Eye(
        name="front",
        centre=(0.5, -1.0, 1.5),
        heading=25.0,
        pitch=4.0,
        focal=(60.0, 57.0),
        middle=(WIDTH / 2 - 2.0, HEIGHT / 2 + 1.0),
        first_size=(WIDTH, HEIGHT),
        backdrop=20.0,
        pixels=Pixels((WIDTH, HEIGHT)),
    )
    return Scene(shapes=(), eyes=(eye,), first_duration=1.0, duration=1.0, label=0)


def spots() -> NDArray[np.complex128]:
    """Pixels of the first picture, off any grid, that keypoints mark."""
    generator = np.random.default_rng(7)
    across, down = generator.uniform(0.02, 0.98, (2, 120))
    return np.asarray(across * WIDTH - 0.5 + 1j * (down * HEIGHT - 0.5))


@cache
def places() -> NDArray[np.float64]:
    """Points (N, 3) of the world, most of them before the eye and some beyond its picture."""
    generator = np.random.default_rng(8)
    across, down = generator.uniform(-0.4, 1.4, (2, 500))
    pixels = across * WIDTH - 0.5 + 1j * (down * HEIGHT - 0.5)
    eye = empty_scene().eyes[0]
    centre, axes = eye.first_axes(0.0)
    rays = eye.first_rays(np.asarray(pixels))
    far = generator.uniform(3.0, 12.0, 500)[:, None]
    return np.asarray(centre + far * (rays[:, :1] * axes[0] + rays[:, 1:] * axes[1] + axes[2]))


@cache
def sample() -> Mapping[str, Any]:
    """Pictures, marks and a world.

    The image's channels are the place of each pixel and 1, the mask's numbers count its pixels.
    """
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    image = np.stack([x / WIDTH, y / HEIGHT, np.ones_like(x)], axis=2).astype(np.float32)
    boxes = [
        [left, top, left + 5.5, top + 4.5]
        for top in np.arange(1.25, HEIGHT - 5, 7.0).tolist()
        for left in np.arange(0.75, WIDTH - 6, 8.0).tolist()
    ]
    numbers = list(range(len(boxes)))
    solids = [[*place, 1.2, 0.8, 1.0, 0.3 * number] for number, place in enumerate(places()[::25])]
    return {
        "image": image,
        "mask": (y * WIDTH + x + 1).astype(np.int32),
        "depth": (4.0 + x / WIDTH + 2.0 * y / HEIGHT).astype(np.float32),
        "film": ArrayClip(np.stack([image, image]), np.array([0.0, 0.25]), 0.5),
        "boxes": boxes,
        "numbers": numbers,
        "halves": boxes,
        "half_numbers": numbers,
        "phrases": [f"thing {number}" for number in numbers],
        "keypoints": np.stack([spots().real, spots().imag], axis=1),
        "spots": [f"spot {number}" for number in range(len(spots()))],
        "camera": camera_of(empty_scene(), empty_scene().eyes[0]),
        "points": np.column_stack([places(), np.arange(len(places()))]),
        "solids": np.array(solids),
        "solid_numbers": list(range(len(solids))),
    }


def carried(steps: Sequence[Step], *, fuse: str = "on", key: int = 0) -> dict[str, Any]:
    """The sample after the steps."""
    listed = [
        {"name": f"step{number}", "uses": name, "with": dict(parameters)}
        for number, (name, parameters) in enumerate(steps)
    ]
    policy = load_policy(_DECLARED.format(fuse=fuse, steps=json.dumps(listed)))
    return dict(policy(dict(sample()), key=key))


def chain(number: int) -> list[Step]:
    """Two to six random steps; a crop is among them, and not the last."""
    generator = np.random.default_rng([7, number])
    names = [
        str(name)
        for name in generator.choice(_NAMES, size=int(generator.integers(1, 6)), p=_CHANCES)
    ]
    names.insert(int(generator.integers(0, len(names))), "crop")
    # The scene's rule for a mirror of the world does not know of an eye that rolled before.
    tilted = not {"camera_rotate", "perspective"}.isdisjoint(names)
    return [(name, _drawn(name, generator, tilted=tilted)) for name in names]


_NAMES = (
    *("crop", "flip", "rotate", "scale", "translate", "resize", "perspective", "camera_rotate"),
    "light",
)
_CHANCES = np.array([3, 2, 4, 4, 4, 2, 2, 3, 1]) / 25


def _drawn(name: str, generator: np.random.Generator, *, tilted: bool) -> dict[str, Any]:
    def number(low: float, high: float) -> float:
        return round(float(generator.uniform(low, high)), 4)

    def one(*values: Any) -> Any:
        return values[int(generator.integers(len(values)))]

    if name == "crop":
        drawn = {
            "area": one(0.3, 0.5, 0.8, 1.0),
            "x": number(0, 1),
            "y": number(0, 1),
            "points": one("visible", "keep"),
        }
        if one(True, False, False):
            drawn["resize"] = [one(30, 48), one(40, 64, 70)]
        return drawn
    if name == "flip":
        axis = one("horizontal", "vertical", "both")
        return {"axis": axis, "world": "keep" if tilted else one("mirror", "keep")}
    if name == "rotate":
        degrees = one(90.0, 180.0, -90.0, *(number(-60, 60) for _ in range(4)))
        return {"degrees": degrees, "expand": one(True, False)}
    if name == "scale":
        return {"factor": one(0.5, number(0.5, 1.0), number(1.0, 2.0))}
    if name == "translate":
        return {"x": one(0.25, number(-0.5, 0.5)), "y": one(-0.25, number(-0.5, 0.5))}
    if name == "resize":
        return {
            "width": int(generator.integers(40, 100)),
            "height": int(generator.integers(30, 80)),
        }
    if name == "perspective":
        return {"corners": [number(-0.12, 0.12) for _ in range(8)]}
    if name == "camera_rotate":
        axis = one("optical", "vertical", "horizontal")
        return {"axis": axis, "degrees": number(-60, 60) if one(True, False) else number(-20, 20)}
    return {}
