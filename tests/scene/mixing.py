"""Two scenes as one sample: exposed one over the other, pasted, heard in turns, or built together.

What each stream of `own` and `other` should be after a mix, told stream by stream from the two
renderings alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.scene.render_film import FPS
from tests.scene.render_robot import ROBOT_RATE
from tests.scene.render_sound import RATE
from tests.scene.render_time import IMU_RATE, LATENT_RATE

__all__ = ["LEAST", "Exposure", "exposure", "inside_solid", "mixed", "shown_boxes", "ties"]

LEAST = 0.25
"""The share of a thing, or of a sample, from which on it counts as seen."""
Sample = Mapping[str, Any]


@dataclass(frozen=True)
class Exposure:
    """The partner's weight, the window in which it is seen, and the span in which it is heard."""

    weight: float
    window: tuple[int, int, int, int] | None
    span: tuple[float, float, float] | None


def exposure(
    transform: str,
    parameters: Mapping[str, Any],
    size: tuple[int, int],
    lengths: tuple[float, float],
) -> Exposure:
    """How a transform exposes the partner: `lengths` are the seconds of both."""
    share = parameters["share"]
    if transform in ("mixup", "latent_mix", "latent_interpolate"):
        return Exposure(share, None, None)
    if transform == "feature_mix":  # whole dimensions
        return Exposure(round(share * parameters["width"]) / parameters["width"], None, None)
    window = None
    if transform == "cutmix":
        (width, height), side = size, math.sqrt(share)
        across, down = round(side * width), round(side * height)
        left = round(width * parameters["x"] - across / 2)
        top = round(height * parameters["y"] - down / 2)
        right, bottom = min(width, left + across), min(height, top + down)
        window = (max(0, left), max(0, top), right, bottom)
        share = (window[2] - window[0]) * (window[3] - window[1]) / (width * height)
    long = min(share * lengths[0], lengths[1])
    start = (lengths[0] - long) * parameters["at"]
    begin = (lengths[1] - long) * parameters["partner_at"]
    weight = share if window else long / lengths[0]
    return Exposure(weight, window, (start, start + long, begin))


def mixed(transform: str, kind: str, own: Any, other: Any, how: Exposure) -> Any:
    """A stream of one kind as it should be after a mix."""
    if kind in ("label", "tabular"):
        return _weighed(kind, own, other, how)
    if how.span and kind in _RATES and not (transform == "cutmix" and kind in _BLENDS):
        return _in_turns(own, other, _RATES[kind], how)
    if how.window and kind in ("image", "video", *_NUMBERS, "heatmap"):
        return _pasted(kind, own, other, how)
    if kind in (*_NUMBERS, "keypoints") and not how.window:
        return other if how.weight > 0.5 else own
    if kind == "keypoints":
        return _covered_points(own, how)
    return _over(kind, own, other, how)


_RATES = {
    "audio": RATE,
    "imu": IMU_RATE,
    "embedding": LATENT_RATE,
    "state": ROBOT_RATE,
    "action": ROBOT_RATE,
    "video": FPS,
}
_NUMBERS = ("mask", "depth", "flow", "normals", "disparity")
_BLENDS = frozenset({"embedding", "video"})


def _weighed(kind: str, own: Any, other: Any, how: Exposure) -> Any:
    if kind == "tabular":
        return [a + how.weight * (b - a) for a, b in zip(own, other, strict=True)]
    weights = np.zeros(10, dtype=np.float32)
    weights[own] += np.float32(1.0 - how.weight)
    weights[other] += np.float32(how.weight)
    return weights


def _over(kind: str, own: Any, other: Any, how: Exposure) -> Any:
    """A double exposure: sound that ends before is silent, films and vectors stay still."""
    rows = np.moveaxis(own, -1, 0) if own.ndim == 2 and len(own) == 2 else own
    more = np.moveaxis(other, -1, 0) if rows is not own else other
    if kind in _BLENDS:
        index = np.minimum(np.arange(len(rows)), len(more) - 1)
        more = more[index]
    if own.ndim == 3:
        return rows * (1.0 - how.weight) + more * how.weight
    count = min(len(rows), len(more))
    out = rows * (1.0 - how.weight)
    out[:count] += how.weight * more[:count]
    return np.moveaxis(out, 0, -1) if rows is not own else out


def _pasted(kind: str, own: Any, other: Any, how: Exposure) -> Any:
    assert how.window is not None
    left, top, right, bottom = how.window
    out = own.copy()
    if kind == "video":
        index = np.minimum(np.arange(len(own)), len(other) - 1)
        out[:, top:bottom, left:right] = other[index][:, top:bottom, left:right]
    else:
        out[top:bottom, left:right] = other[top:bottom, left:right]
    return out


def ties(span: tuple[float, float, float], count: int) -> list[int]:
    """Samples of sound whose middle is an edge of the span: either side may have them."""
    cells = (edge * RATE - 0.5 for edge in span[:2])
    return [round(cell) for cell in cells if abs(cell - round(cell)) < 1e-6 and 0 <= cell < count]


def _in_turns(own: Any, other: Any, rate: float, how: Exposure) -> Any:
    """The partner in the cells whose middle lies in the span, from the cell that is due."""
    assert how.span is not None
    start, stop, begin = how.span
    stereo = own.ndim == 2 and len(own) == 2
    rows, more = (own.T, other.T) if stereo else (own, other)
    out = rows.copy()
    for index in range(len(rows)):
        middle = (index + 0.5) / rate
        if start - 1e-12 <= middle < stop - 1e-12:
            film = own.ndim == 4
            due = (
                math.floor((middle - start + begin) * rate + 1e-6)
                if film
                else index + round((begin - start) * rate)
            )
            out[index] = (
                more[min(due, len(more) - 1)] if due >= 0 and (film or due < len(more)) else 0
            )
    return out.T if stereo else out


def _covered_points(own: Any, how: Exposure) -> Any:
    assert how.window is not None
    left, top, right, bottom = how.window
    x, y = own[:, 0] + 0.5, own[:, 1] + 0.5
    hidden = (x >= left) & (x < right) & (y >= top) & (y < bottom)
    out = own.copy()
    out[hidden, 2] = 0.0
    return out


Box = list[float]


def shown_boxes(
    own: list[Box], other: list[Box], how: Exposure
) -> tuple[list[tuple[int, Box]], list[tuple[int, Box]]]:
    """What is still seen of the own boxes, and what of the partner's: indices and rectangles."""
    if how.window is None:
        mine = list(enumerate(own)) if 1.0 - how.weight >= LEAST else []
        return mine, list(enumerate(other)) if how.weight >= LEAST else []
    left, top, right, bottom = how.window
    mine, theirs = [], []
    for index, (x0, y0, x1, y1) in enumerate(own):
        pieces = [
            (x0, y0, min(x1, left), y1),
            (max(x0, right), y0, x1, y1),
            (x0, y0, x1, min(y1, top)),
            (x0, max(y0, bottom), x1, y1),
        ]
        seen = [p for p in pieces if p[2] > p[0] and p[3] > p[1]]
        across, down = min(x1, right) - max(x0, left), min(y1, bottom) - max(y0, top)
        share = 1.0 - max(0.0, across) * max(0.0, down) / ((x1 - x0) * (y1 - y0))
        if seen and share >= LEAST:
            low = [min(p[side] for p in seen) for side in (0, 1)]
            mine.append((index, [*low, *(max(p[side] for p in seen) for side in (2, 3))]))
    for index, (x0, y0, x1, y1) in enumerate(other):
        part = [max(x0, left), max(y0, top), min(x1, right), min(y1, bottom)]
        across, down = part[2] - part[0], part[3] - part[1]
        if across > 0 and down > 0 and across * down >= LEAST * (x1 - x0) * (y1 - y0):
            theirs.append((index, part))
    return mine, theirs


def inside_solid(points: Any, solid: Any, floor: float = 0.05) -> Any:
    """For each point whether it lies in an upright solid, above the floor of it."""
    x, y, z, dx, dy, dz, yaw = solid
    local = ((points[:, 0] - x) + 1j * (points[:, 1] - y)) * np.exp(-1j * yaw)
    height = points[:, 2] - (z - dz / 2)
    return (
        (np.abs(local.real) <= dx / 2)
        & (np.abs(local.imag) <= dy / 2)
        & (height >= floor)
        & (height <= dz)
    )
