"""The cells of the table: every transform on every modality, and what holds each of them.

A cell is a square where the compiled step carries the modality, and otherwise unaffected, for the
reasons that the library gives.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from syncaug import load_policy
from syncaug.catalogue.transforms import transform, transform_names
from syncaug.plan.spaces import LIVES_IN, REASONS
from tests.scene.refusals import LEFT_OUT, carried_by
from tests.scene.render import EVERY, MODALITY_OF, declared, stream_names
from tests.scene.scenes import DRAWS, first_draw, small_scene

__all__ = ["MIXED", "NOISY", "REFUSED", "SQUARES", "UNAFFECTED", "Cell", "reason_of"]

Cell = tuple[str, str]

_UNCODED = (
    *("image", "video", "audio", "mask", "depth", "heatmap", "flow", "normals", "disparity"),
    *("boxes", "keypoints", "polygons", "instances", "oriented_boxes", "phrases"),
    *("points", "boxes3d", "imu", "state", "action", "messages", "joints", "bev"),
)
"""Modalities that no step changes whose vectors are as they come: they need an encoder."""
_KEPT: Mapping[str, tuple[str, ...]] = {
    "mixup": ("points", "boxes3d", "imu", "state", "action", "messages", "joints", "bev"),
    "cutmix": ("points", "boxes3d", "imu", "state", "action", "messages", "joints", "bev"),
    "mix": (
        *("mask", "depth", "heatmap", "flow", "normals", "disparity"),
        *("boxes", "keypoints", "polygons", "instances", "oriented_boxes"),
        *("phrases", "points", "messages"),
    ),
    "insert": ("image", "video", "depth", "joints", "bev"),
    "stitch": ("points", "boxes3d", "imu", "state", "action", "messages", "joints", "bev"),
    "latent_mix": _UNCODED,
    "latent_interpolate": _UNCODED,
    "feature_mix": _UNCODED,
    "latent_noise": (),
}
REFUSED: Mapping[Cell, tuple[str, str]] = {
    (name, modality): ("keep", "SA502") for name, kept in _KEPT.items() for modality in kept
} | {cell: ("", code) for cell, code in LEFT_OUT.items()}
"""Cells that do not compile unless the policy says that the stream is meant to be kept as it is:
what it must say, and the code of the problem where it does not. Those of which it must say nothing
compile only without the stream.
"""


_WORDS_ALONE = frozenset({"latent_mix", "latent_interpolate", "feature_mix"})
"""Transforms that mix words where phrases have to stay."""


@cache
def _carried(name: str) -> frozenset[str]:
    """The modalities that a compiled step of the transform carries."""
    scene = small_scene()
    policy = load_policy(
        f"syncaug: 1\nsample:\n{declared(scene, carried_by(EVERY, [name]))}"
        f"steps: [{{name: step, uses: {name}, with: {json.dumps(first_draw(name))}}}]\n"
    )
    kinds = {stream: kind for stream, (kind, _) in stream_names(scene).items()}
    found = {MODALITY_OF[kinds[stream]] for stream in dict(policy.plan.steps[0].streams)}
    if "text" in found and name not in _WORDS_ALONE:  # phrases go with the text in which they stand
        found.add("phrases")
    return frozenset(found)


_COVERED = [name for name in transform_names() if name in DRAWS]
_ALL = [(name, modality) for name in _COVERED for modality in LIVES_IN]
NOISY: tuple[Cell, ...] = tuple(
    (name, modality) for name, modality in _ALL if name == "noise" and modality in _carried(name)
)
"""Cells whose square is one of levels: noise leaves a scene as it is."""
MIXED: tuple[Cell, ...] = tuple(
    (name, modality)
    for name, modality in _ALL
    if name in _KEPT and modality in _carried(name) and modality not in _KEPT[name]
)
"""Cells whose square has a partner."""
SQUARES: tuple[Cell, ...] = tuple(
    cell for cell in _ALL if cell[1] in _carried(cell[0]) and cell not in (*REFUSED, *NOISY, *MIXED)
)
"""Cells that a commuting square proves."""
UNAFFECTED: tuple[Cell, ...] = tuple(
    cell for cell in _ALL if cell[1] not in _carried(cell[0]) and cell not in REFUSED
)
"""Cells in which the stream comes out as it came, byte for byte."""


def reason_of(name: str, modality: str) -> str:
    """Why a transform leaves a modality as it is; empty where nobody says."""
    spec = transform(name)
    own = dict(getattr(spec, "unaffected", {})).get(modality, "")
    reasons = [own, *(REASONS.get((modality, kind), "") for kind in spec.makes)]
    return next((reason for reason in reasons if reason), "")
