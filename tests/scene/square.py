"""The commuting square: T(render(scene)) beside render(T*(scene)), stream by stream."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from syncaug import load_policy
from tests.scene import changes_plane, changes_time, changes_tone, changes_world
from tests.scene.compare import differences
from tests.scene.render import EVERY, MODALITY_OF, declared, render, stream_names
from tests.scene.render_world import seen_by, solids_of
from tests.scene.scene import Scene

__all__ = ["CHANGES", "Step", "augmented", "changed", "expected", "square", "streams_of"]

Step = tuple[str, Mapping[str, Any]]
CHANGES = {
    **changes_plane.CHANGES,
    **changes_world.CHANGES,
    **changes_tone.CHANGES,
    **changes_time.CHANGES,
}
"""For each transform T the exact change of scene T*."""


def square(
    scene: Scene, steps: Sequence[Step], kinds: Collection[str] = EVERY, *, fuse: str = "on"
) -> dict[str, list[str]]:
    """For each stream, what differs between the two ways round; empty lists where they agree."""
    got = augmented(scene, steps, kinds, fuse=fuse)
    end = changed(scene, steps)
    wanted = expected(end, kinds)
    wrong = {
        name: differences(kind, got[name], wanted[name], end, _eye_of(end, eye.name))
        for name, (kind, eye) in stream_names(scene, kinds).items()
    }
    for name in wanted.keys() - wrong.keys():  # labels that run beside a stream
        wrong[name] = [] if list(got[name]) == wanted[name] else [f"{got[name]} != {wanted[name]}"]
    return wrong


def augmented(
    scene: Scene, steps: Sequence[Step], kinds: Collection[str] = EVERY, *, fuse: str = "on"
) -> dict[str, Any]:
    """T(render(scene)): the library carries the sample."""
    chain = ", ".join(
        f"{{name: step{index}, uses: {name}, with: {json.dumps(parameters)}}}"
        for index, (name, parameters) in enumerate(steps)
    )
    sample = declared(scene, kinds)
    policy = load_policy(f"syncaug: 1\nfuse: {fuse}\nsample:\n{sample}steps: [{chain}]\n")
    return dict(policy(render(scene, kinds), key="scene"))


def changed(scene: Scene, steps: Sequence[Step]) -> Scene:
    """T*(scene): the scene itself is changed."""
    for name, parameters in steps:
        scene = CHANGES[name](scene, parameters)
    return scene


def expected(scene: Scene, kinds: Collection[str] = EVERY) -> dict[str, Any]:
    """render(T*(scene)); what lies outside the pictures that cut the world is gone."""
    sample = render(scene, kinds)
    eyes = [eye for eye in scene.eyes if eye.name in scene.cut]
    if eyes and "points" in kinds:
        points = sample["points"]
        kept = [seen_by(scene, eye, points[:, :3].astype(np.float64)) for eye in eyes]
        sample["points"] = points[np.any(kept, axis=0)]
    if eyes and "boxes3d" in kinds:
        seen = [_any_corner(scene, eye) for eye in eyes]
        rows = np.flatnonzero(np.any(seen, axis=0))
        sample["boxes3d"] = sample["boxes3d"][rows]
        sample["things"] = [sample["things"][row] for row in rows]
    return sample


def _any_corner(scene: Scene, eye: Any) -> Any:
    """For each solid, whether the eye's picture shows its centre or a corner."""
    solids = solids_of(scene)
    seen = seen_by(scene, eye, solids[:, :3])
    for signs in np.ndindex(2, 2, 2):
        dx, dy, dz = (solids[:, 3:6] * (np.array(signs) - 0.5)).T
        turn = np.exp(1j * solids[:, 6]) * (dx + 1j * dy)
        corners = solids[:, :3] + np.stack([turn.real, turn.imag, dz], axis=1)
        seen = seen | seen_by(scene, eye, corners)
    return seen


def _eye_of(scene: Scene, name: str) -> Any:
    return next(eye for eye in scene.eyes if eye.name == name)


def streams_of(scene: Scene, modality: str) -> list[str]:
    """The names of a scene's streams of a modality, and of the labels beside them."""
    names = [
        name for name, (kind, _) in stream_names(scene).items() if MODALITY_OF[kind] == modality
    ]
    if modality == "boxes":
        names += [f"{eye.name}_classes" for eye in scene.eyes]
    return names + (["things"] if modality == "boxes3d" else [])
