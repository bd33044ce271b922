"""Two scenes side by side: what each stream should be, told from the two renderings alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.scene.mixing import Exposure, mixed
from tests.scene.scene import Scene

__all__ = ["stitched_differs"]

Sample = Mapping[str, Any]
_ARRAYS = frozenset({"image", "mask", "depth", "video", "heatmap", "flow", "normals", "disparity"})
_EVENLY = Exposure(0.5, None, None)
_WAYS = re.compile(r"\b(left|right|above|below)\b")


def stitched_differs(
    name: str, kind: str, own: Sample, partner: Sample, got: Sample, given: Mapping[str, Any],
    scene: Scene,
) -> str:  # fmt: skip
    """What of a stream is not that of two pictures beside each other; empty where nothing is."""
    across = given["direction"] == "horizontal"
    first = given["first"] == "own"
    width, height = scene.eyes[0].first_size
    step = np.array([width, 0.0]) if across else np.array([0.0, height])
    mine, theirs = (step * 0, step) if first else (step, step * 0)
    if kind in _ARRAYS:
        return _side_by_side(kind, own[name], partner[name], got[name], across, first)
    if kind in ("boxes", "keypoints"):
        wanted = _shifted(own[name], mine)
        if kind == "boxes":  # one named body stays alone
            wanted = [*wanted, *_shifted(partner[name], theirs)]
        return _numbers(wanted, got[name])
    if kind == "classes":
        return "" if got[name] == own[name] + partner[name] else f"{got[name]}"
    if kind == "phrases":
        said = [*own[name], *partner[name]]
        found = got[name]
        inside = all(phrase and phrase in got["front_text"] for phrase in found)
        return "" if found == said and inside else f"{found} instead of {said}"
    if kind == "text":
        sides = ("left", "right") if across else ("top", "bottom")
        texts = [own[name], partner[name]] if first else [partner[name], own[name]]
        directed = any(_WAYS.search(text) for text in texts)
        heads = [f"In the {side} half: " for side in sides] if directed else _heads(sides)
        wanted_text = " ".join(head + text for head, text in zip(heads, texts, strict=True))
        return "" if got[name] == wanted_text else f"{got[name]!r} instead of {wanted_text!r}"
    if kind == "camera":
        return _camera(
            own[name], got[name], mine, (2 * width, height) if across else (width, 2 * height)
        )
    wanted_rows = mixed("mixup", kind, own[name], partner[name], _EVENLY)
    return _numbers(wanted_rows, got[name])


def _heads(sides: tuple[str, str]) -> list[str]:
    return [f"{'On' if side in ('left', 'right') else 'At'} the {side}: " for side in sides]


def _side_by_side(kind: str, own: Any, partner: Any, got: Any, across: bool, first: bool) -> str:
    axis = 1 if across else 0
    if kind == "video":
        partner = partner[np.minimum(np.arange(len(own)), len(partner) - 1)]
        axis += 1
    wanted = np.concatenate([own, partner] if first else [partner, own], axis=axis)
    if got.shape != wanted.shape or got.dtype != wanted.dtype:
        return f"{got.dtype}{got.shape} instead of {wanted.dtype}{wanted.shape}"
    exact = got.dtype.kind in "iu"
    same = (
        np.array_equal(got, wanted) if exact else np.allclose(got, wanted, 0, 1e-6, kind == "flow")
    )
    return "" if same else "other pixels"


def _shifted(rows: Any, by: Any) -> list[Any]:
    out = np.array(rows, dtype=np.float64)
    if out.size:
        out[..., :2] += by
        if out.shape[-1] == 4:
            out[..., 2:] += by
    return list(out.tolist())


def _numbers(wanted: Any, got: Any) -> str:
    if np.shape(got) != np.shape(wanted):
        return f"shape {np.shape(got)} instead of {np.shape(wanted)}"
    error = np.abs(np.asarray(got, dtype=np.float64) - np.asarray(wanted, dtype=np.float64))
    return "" if not error.size or error.max() <= 1e-6 else f"off by {error.max():.3g}"


def _camera(own: Any, got: Any, by: Any, size: tuple[int, int]) -> str:
    matrix = np.array(own["K"], dtype=np.float64)
    matrix[:2, 2] += by
    if tuple(got["size"]) != size:
        return f"size {got['size']} instead of {size}"
    return _numbers(matrix, got["K"]) or _numbers(own["world_to_camera"], got["world_to_camera"])
