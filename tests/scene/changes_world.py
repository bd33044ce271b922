"""What the world transforms mean for a scene: where its points go, eyes and shapes alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.scene.scene import Scene
from tests.scene.vectors import turned, vector

__all__ = ["CHANGES"]

Parameters = Mapping[str, Any]
_AXES = {"x": vector(1.0, 0.0, 0.0), "y": vector(0.0, 1.0, 0.0), "z": vector(0.0, 0.0, 1.0)}


def world_rotate(scene: Scene, parameters: Parameters) -> Scene:
    """Turn all about an axis through the origin."""
    axis = _AXES[parameters.get("axis", "z")]
    return scene.moved(lambda points: turned(points, axis, parameters["degrees"]))


def world_scale(scene: Scene, parameters: Parameters) -> Scene:
    """Let all grow away from the origin."""
    return scene.moved(lambda points: points * parameters["factor"])


def world_translate(scene: Scene, parameters: Parameters) -> Scene:
    """Carry all away."""
    way = vector(*(parameters.get(axis, 0.0) for axis in "xyz"))
    return scene.moved(lambda points: points + way)


CHANGES = {
    "world_rotate": world_rotate,
    "world_scale": world_scale,
    "world_translate": world_translate,
}
