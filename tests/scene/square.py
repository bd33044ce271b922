"""The commuting square: T(render(scene)) beside render(T*(scene)), stream by stream."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

import numpy as np

from syncaug import load_policy
from tests.scene import changes_lens, changes_plane, changes_time, changes_tone, changes_world
from tests.scene.compare import differences
from tests.scene.refusals import carried_by
from tests.scene.render import EVERY, MODALITY_OF, declared, render, stream_names
from tests.scene.render_bodies import EMPTIED
from tests.scene.render_chat import silent
from tests.scene.render_fields import HIDDEN
from tests.scene.render_frames import cover_frames, no_frames, renumbered
from tests.scene.render_picture import FILL
from tests.scene.render_robot import at_rest
from tests.scene.render_world import seen_by, solids_of
from tests.scene.scene import Scene
from tests.scene.scenes import partner_scene

__all__ = ["CHANGES", "Step", "augmented", "changed", "expected", "square", "streams_of"]

Step = tuple[str, Mapping[str, Any]]
CHANGES = {
    **changes_plane.CHANGES,
    **changes_lens.CHANGES,
    **changes_world.CHANGES,
    **changes_tone.CHANGES,
    **changes_time.CHANGES,
}
"""For each transform T the exact change of scene T*."""


def square(
    scene: Scene, steps: Sequence[Step], kinds: Collection[str] = EVERY, *, fuse: str = "on"
) -> dict[str, list[str]]:
    """For each stream, what differs between the two ways round; empty lists where they agree."""
    kinds = carried_by(kinds, [name for name, _ in steps])
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
    kinds = carried_by(kinds, [name for name, _ in steps])
    sample = declared(scene, kinds)
    policy = load_policy(f"syncaug: 1\nfuse: {fuse}\nsample:\n{sample}steps: [{chain}]\n")
    mixes = bool(_MIXES & {name for name, _ in steps})
    partner = renumbered(_as_it_was(partner_scene(), kinds)) if mixes else None
    return dict(policy(_as_it_was(scene, kinds), key="scene", partner=partner))


def _as_it_was(scene: Scene, kinds: frozenset[str]) -> dict[str, Any]:
    """A sample of its own of a scene; the squares of many transforms begin with the same scenes."""
    return deepcopy(_rendered(scene, kinds))


@lru_cache(maxsize=32)
def _rendered(scene: Scene, kinds: frozenset[str]) -> dict[str, Any]:
    return render(scene, kinds)


_CLASSES = {
    "boxes": "classes",
    "polygons": "outline_classes",
    "instances": "instance_classes",
    "oriented_boxes": "oriented_classes",
}
"""Modality -> the list of what its rows are, beside each eye's stream."""
_MIXES = {"mixup", "cutmix", "mix", "insert", "stitch"}
_MIXES |= {"latent_mix", "latent_interpolate", "feature_mix"}


def changed(scene: Scene, steps: Sequence[Step]) -> Scene:
    """T*(scene): the scene itself is changed."""
    for name, parameters in steps:
        scene = CHANGES[name](scene, parameters)
    return scene


def expected(scene: Scene, kinds: Collection[str] = EVERY) -> dict[str, Any]:
    """render(T*(scene)); what lies outside the pictures that cut the world is gone."""
    sample = render(scene, kinds)
    if scene.covers:
        _cover(sample, scene)
    if scene.out:
        for name, (kind, _) in stream_names(scene, kinds).items():
            sample[name] = _nothing(kind, sample[name])
        lists = [f"{eye.name}_{each}" for eye in scene.eyes for each in _CLASSES.values()]
        sample.update({key: [] for key in ("things", "whose", *lists) if key in sample})
        for eye in scene.eyes:
            no_frames(sample, eye.name)
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


def _cover(sample: dict[str, Any], scene: Scene) -> None:
    """Hold grey cards before the first eye: what lies behind them is not seen."""
    name = scene.eyes[0].name
    for card in scene.covers:
        cover_frames(sample, name, card)
        left, top, right, bottom = card
        for kind, shown in (("image", FILL), ("mask", 0), ("depth", 0), *HIDDEN.items()):
            if f"{name}_{kind}" in sample:
                sample[f"{name}_{kind}"][top:bottom, left:right] = shown
        if f"{name}_video" in sample:
            sample[f"{name}_video"][:, top:bottom, left:right] = FILL
        if f"{name}_keypoints" in sample:
            points = sample[f"{name}_keypoints"]
            x, y = points[:, 0] + 0.5, points[:, 1] + 0.5
            behind = (x >= left) & (x < right) & (y >= top) & (y < bottom)
            points[behind & (points[:, 2] > 0.0), 2] = 1.0  # there, and not seen
        if f"{name}_boxes" in sample:
            hidden = [
                left <= x0 and top <= y0 and x1 <= right and y1 <= bottom
                for x0, y0, x1, y1 in sample[f"{name}_boxes"]
            ]
            for key in (f"{name}_boxes", f"{name}_classes", f"{name}_phrases"):
                if key in sample:
                    sample[key] = [
                        entry for entry, gone in zip(sample[key], hidden, strict=True) if not gone
                    ]


def _nothing(kind: str, stream: Any) -> Any:
    """What a stream shows whose sensor is out."""
    if kind in EMPTIED:
        return EMPTIED[kind](stream)
    if kind in ("image", "video"):
        return np.full_like(stream, FILL)
    if kind in HIDDEN:
        return np.full_like(stream, HIDDEN[kind])
    if kind in ("mask", "depth", "audio", "imu", "embedding"):
        return np.zeros_like(stream)
    if kind in ("state", "action"):
        return np.tile(at_rest(kind), (len(stream), 1))
    if kind in ("points", "boxes3d", "instances", "oriented_boxes"):
        return stream[:0]
    if kind == "keypoints":
        return stream * np.array([1.0, 1.0, 0.0])
    if kind == "text":
        return ""
    if kind == "messages":
        return silent(stream)
    return [] if kind in ("boxes", "polygons", "phrases", "timed_text", "words") else stream


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
    if modality in _CLASSES:
        names += [f"{eye.name}_{_CLASSES[modality]}" for eye in scene.eyes]
    if modality == "boxes":
        names += [f"{eye.name}_film_{each}" for eye in scene.eyes for each in ("classes", "tracks")]
    return names + (["things"] if modality == "boxes3d" else [])
