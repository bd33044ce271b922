"""Whether two streams of one kind agree: a list of what differs, empty where nothing does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tests.scene.render_film import FPS, moments_of
from tests.scene.render_picture import BACKDROP, mask_of
from tests.scene.scene import Eye, Scene
from tests.scene.tolerances import TOLERANCES

__all__ = ["COMPARE", "differences"]

_LEAST_PIXELS = 25
"""Shapes of fewer pixels have no centroid that would tell anything."""
_BLUR = 4
"""Pixels around a shape in which its soft edge may lie."""


def differences(kind: str, got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    """What differs between a stream of a modality and the scene as it should be seen."""
    return COMPARE[kind](got, wanted, scene, eye)


def _over(key: str, error: Any, what: str) -> list[str]:
    """The complaint that the largest of some errors is above the bound, if it is (or is NaN)."""
    worst = float(np.max(np.abs(error), initial=0.0)) if np.size(error) else 0.0
    bound = TOLERANCES[key]
    return [] if worst <= bound.amount else [f"{what}: {worst:.4g} {bound.unit}"]


def _form(got: Any, wanted: Any) -> list[str]:
    if got.shape != wanted.shape or got.dtype != wanted.dtype:
        return [f"{got.dtype}{got.shape} instead of {wanted.dtype}{wanted.shape}"]
    return []


# Rasters


def _image(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    mask = mask_of(scene, eye)
    return _levels(got / 255.0, wanted / 255.0, mask, scene)


def _levels(
    got: NDArray[np.float64], wanted: NDArray[np.float64], mask: NDArray[np.int64], scene: Scene
) -> list[str]:
    """Pictures by what they show: colours inside, and where each shape lies, below a pixel."""
    inside = _flat(mask, 2) & _even(wanted, 3)
    key = "image: hue" if scene.hue % 360.0 else "image: level"
    wrong = _over(key, (got - wanted)[inside], "colour inside")
    behind = scene.paint(np.full(3, BACKDROP))
    for index, shape in enumerate(scene.shapes):
        own = mask == index + 2
        near = ndimage.binary_dilation(own, iterations=_BLUR)
        others = ndimage.binary_dilation((mask > 1) & ~own, iterations=_BLUR)
        way = scene.colour(shape) - behind
        edge = np.concatenate([near[[0, -1]].ravel(), near[:, [0, -1]].ravel()])
        if own.sum() < _LEAST_PIXELS or way @ way < 0.02 or (near & others).any() or edge.any():
            continue  # too small or too faint to be placed, or cut off by the picture
        cover = [np.where(near, (p - behind) @ way / (way @ way), 0.0) for p in (got, wanted)]
        areas = [float(part.sum()) for part in cover]
        wrong += _over("image: area", areas[0] / areas[1] - 1.0, f"area of the {shape.outline}")
        places = [np.array(ndimage.center_of_mass(part)) for part in cover]
        wrong += _over("image: place", places[0] - places[1], f"place of the {shape.outline}")
    return wrong


def _flat(mask: NDArray[np.int64], reach: int) -> NDArray[np.bool_]:
    """Pixels around which the mask shows one number only."""
    size = 2 * reach + 1
    low = ndimage.minimum_filter(mask, size, mode="nearest")
    high = ndimage.maximum_filter(mask, size, mode="nearest")
    return np.asarray(low == high)


def _even(levels: NDArray[np.float64], reach: int) -> NDArray[np.bool_]:
    """Pixels around which a picture shows one colour only."""
    size = (2 * reach + 1, 2 * reach + 1, 1)
    low = ndimage.minimum_filter(levels, size, mode="nearest")
    high = ndimage.maximum_filter(levels, size, mode="nearest")
    return np.asarray((high - low < 0.02).all(axis=-1))


def _mask(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    inside = _flat(wanted, int(TOLERANCES["mask: number"].amount))
    count = int((got != wanted)[inside].sum())
    wrong = [f"{count} pixels far from any edge have another number"] if count else []
    ways, areas = [], []
    for number in np.unique(wanted[wanted > 1]):
        area = int((wanted == number).sum())
        if not (got == number).any():
            wrong += [f"number {number} is gone"] if area > _LEAST_PIXELS else []
            continue
        places = [np.array(ndimage.center_of_mass(part == number)) for part in (got, wanted)]
        ways.append(places[0] - places[1])
        areas.append(area)
    if sum(areas) < 4 * _LEAST_PIXELS:
        return wrong
    return wrong + _over("mask: place", np.average(ways, axis=0, weights=areas), "place of all")


def _depth(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    inside = _flat(mask_of(scene, eye), int(TOLERANCES["mask: number"].amount))
    down, across = np.gradient(wanted.astype(np.float64))
    slope = TOLERANCES["depth: slope"].amount * np.hypot(down, across)
    off = np.maximum(np.abs(got.astype(np.float64) - wanted) - slope, 0.0)
    return _over("depth: metres", (off / np.maximum(wanted, 0.1))[inside], "depth inside")


def _film(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    for number, moment in enumerate(moments_of(scene, FPS).tolist()):
        if np.isfinite(moment):
            mask = mask_of(scene, eye, moment)
            frames = got[number] / 255.0, wanted[number] / 255.0
            wrong += [f"frame {number}: {text}" for text in _levels(*frames, mask, scene)]
        elif not np.array_equal(got[number], wanted[number]):
            wrong.append(f"frame {number} shows something")
    return wrong


# Marks and words


def _boxes(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    if len(got) != len(wanted):
        return [f"{len(got)} boxes instead of {len(wanted)}"]
    return _over("boxes", np.array(got) - np.array(wanted), "box") if len(got) else []


def _keypoints(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    if not np.array_equal(got[:, 2], wanted[:, 2]):
        return [f"visibility {got[:, 2].tolist()} instead of {wanted[:, 2].tolist()}"]
    return _over("keypoints", (got - wanted)[wanted[:, 2] > 0, :2], "keypoint")


def _equal(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    return [] if got == wanted else [f"{got!r} instead of {wanted!r}"]


# The world


def _camera(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    if tuple(got["size"]) != tuple(wanted["size"]):
        return [f"size {got['size']} instead of {wanted['size']}"]
    lens = np.asarray(got["K"]) / np.asarray(got["K"])[2, 2]
    off = (lens - wanted["K"]) / np.abs(wanted["K"]).max()
    wrong = _over("camera", off, "K")
    extent = 1.0 + np.abs(wanted["world_to_camera"]).max()
    return wrong + _over(
        "camera", (got["world_to_camera"] - wanted["world_to_camera"]) / extent, "extrinsics"
    )


def _points(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    extent = 1.0 + np.abs(wanted[:, :3]).max()
    wrong = _over("points", (got[:, :3] - wanted[:, :3]) / extent, "place")
    wrong += _over("points: colour", got[:, 3:6] - wanted[:, 3:6], "colour")
    wrong += _over("points", got[:, 6] - wanted[:, 6], "intensity")
    wrong += _over("points", got[:, 7:10] - wanted[:, 7:10], "normal")
    fast = 1.0 + np.abs(wanted[:, 10:13]).max()
    return wrong + _over("points", (got[:, 10:13] - wanted[:, 10:13]) / fast, "velocity")


def _boxes3d(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong or not len(wanted):
        return wrong
    extent = 1.0 + np.abs(wanted[:, :6]).max()
    off = np.angle(np.exp(1j * (got[:, 6] - wanted[:, 6])))
    return _over("boxes3d", (got[:, :6] - wanted[:, :6]) / extent, "solid") + _over(
        "boxes3d", off, "yaw"
    )


def _audio(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    return _form(got, wanted) or _over("audio: level", got - wanted, "sound")


COMPARE: dict[str, Callable[[Any, Any, Scene, Eye], list[str]]] = {
    "image": _image,
    "video": _film,
    "mask": _mask,
    "depth": _depth,
    "boxes": _boxes,
    "keypoints": _keypoints,
    "phrases": _equal,
    "text": _equal,
    "camera": _camera,
    "points": _points,
    "boxes3d": _boxes3d,
    "audio": _audio,
    "label": _equal,
}
