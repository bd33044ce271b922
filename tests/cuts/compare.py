"""The streams of a carried sample against the referee, and against each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tests.cuts.chains import HEIGHT, WIDTH, places, sample, spots
from tests.cuts.referee import Journey, inside
from tests.scene.scene import Complex
from tests.scene.square import Step

__all__ = ["differences", "disagreements", "visible_stages"]

_BAND = 2
"""Pixels from a border within which a picture may show either side, for each warp."""
_MARGIN = 16
"""Pixels around a picture in which a border may lie whose band reaches into it."""
_CLEAR = 1e-3
"""Pixels from an edge within which a point may fall on either side of it."""
_GRID = np.linspace(0.0, 1.0, 9)


def differences(
    out: Mapping[str, Any], journey: Journey, steps: Sequence[Step], *, fused: bool
) -> list[str]:
    """What of a sample is not as the referee says; empty where all is.

    Literal steps blur borders once each, and fit boxes around boxes.
    """
    return [
        *_rasters(out, journey, 1 if fused else len(steps)),
        *_keypoints(out, journey),
        *_boxes(out, journey, tight=fused),
        *_world(out, journey, visible_stages(steps)),
    ]


def visible_stages(steps: Sequence[Step]) -> list[int]:
    """The stages at which the world was cut to what the picture shows."""
    return [
        number + 1
        for number, (name, parameters) in enumerate(steps)
        if name == "crop" and parameters.get("points") == "visible"
    ]


def bands(
    first: Complex, there: NDArray[np.bool_], warps: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The pixels that must show the first picture, and those that must be fill.

    Between them lies a band of two pixels; of two pixels of the first picture where that is more.
    """
    with np.errstate(invalid="ignore"):
        down, across = np.gradient(first)
        area = np.abs(across.real * down.imag - across.imag * down.real)
        shortest = area / np.hypot(
            np.abs(across), np.abs(down)
        )  # at most its smaller singular value
    shortest = shortest[np.isfinite(shortest) & (shortest > 0.0) & there]
    zoom = 1.0 / float(shortest.min()) if shortest.size else 1.0
    band = min(math.ceil(_BAND * max(1.0, zoom) * warps), 2 * _MARGIN)
    square = np.ones((2 * band + 1, 2 * band + 1), dtype=bool)
    sure = ndimage.binary_erosion(there, square, border_value=1)
    fill = ~ndimage.binary_dilation(there, square)
    return sure & there, fill


def _rasters(out: Mapping[str, Any], journey: Journey, warps: int) -> list[str]:
    first, there = journey.shows(_MARGIN)
    rim = (slice(_MARGIN, -_MARGIN),) * 2
    sure, fill = (part[rim] for part in bands(first, there, warps))
    first = first[rim]
    size = (journey.size[1], journey.size[0])
    film = out["film"].read([0, 1])
    wrong = []
    if tuple(out["camera"]["size"]) != journey.size:
        wrong.append("camera: another size")
    for name, picture in (("image", out["image"]), ("film", film[0]), ("film", film[1])):
        if picture.shape[:2] != size:
            return [f"{name}: {picture.shape} instead of {size}"]
        # A literal warp leaves a shade of a border that the next step may enlarge.
        if (picture[fill] > (0.0 if warps == 1 else 0.5)).any():
            wrong.append(
                f"{name}: {np.count_nonzero(picture[fill, 2])} pixels of fill show something"
            )
        shown = picture[..., 0] * WIDTH + 1j * picture[..., 1] * HEIGHT
        off = np.abs(shown - first)[sure]
        if off.size and not off.max() < 0.6 * warps:
            wrong.append(
                f"{name}: {off.max():.2f} pixels off in {np.count_nonzero(off > 0.6 * warps)}"
            )
    for name in ("mask", "depth"):
        if out[name][fill].any():
            wrong.append(
                f"{name}: {np.count_nonzero(out[name][fill])} pixels of fill show something"
            )
    numbers = out["mask"].astype(np.int64) - 1
    if (numbers[sure] < 0).any():
        return [*wrong, f"mask: {np.count_nonzero(numbers[sure] < 0)} pixels show nothing"]
    found = numbers % WIDTH + 1j * (numbers // WIDTH)
    off = np.abs(found - first)[sure]
    if off.size and off.max() > 1.0 + warps:
        wrong.append(f"mask: {off.max():.2f} pixels off")
    return [*wrong, *_depth(out["depth"], found, sure, journey, warps)]


def _depth(
    depth: NDArray[np.float32],
    found: Complex,
    sure: NDArray[np.bool_],
    journey: Journey,
    warps: int,
) -> list[str]:
    """The distance of what a pixel shows along the axis of the camera as it looks now."""
    pixels = found[sure]
    if not pixels.size:
        return []
    eye = journey.stages[0].eyes[0]
    centre, axes = eye.first_axes(0.0)
    rays = eye.first_rays(pixels)
    before = 4.0 + pixels.real / WIDTH + 2.0 * pixels.imag / HEIGHT
    way = rays[:, :1] * axes[0] + rays[:, 1:] * axes[1] + axes[2]
    _, far = journey.seen(centre + before[:, None] * way, -1)
    off = np.abs(depth[sure] / far - 1.0)
    return [f"depth: {off.max():.3f} off"] if off.max() > 0.02 * warps else []


def _keypoints(out: Mapping[str, Any], journey: Journey) -> list[str]:
    eye = journey.stages[0].eyes[0]
    world = _world_of(spots(), eye)
    at, far = journey.seen(world, -1)
    room = np.minimum(journey.room(world), inside(at, far, journey.size))
    got = dict(zip(out["spots"], out["keypoints"], strict=True))
    wrong = []
    names = sample()["spots"]
    for number, pixel, clear in zip(names, at, room, strict=True):
        if abs(clear) < _CLEAR:
            continue
        if (number in got) != (clear > 0):
            wrong.append(f"keypoints: {number} is {'there' if number in got else 'gone'}")
        elif number in got and abs(complex(*got[number]) - pixel) > 1e-6 * (1 + abs(pixel)):
            wrong.append(f"keypoints: {number} lies elsewhere")
    return wrong


def _boxes(out: Mapping[str, Any], journey: Journey, *, tight: bool) -> list[str]:
    eye = journey.stages[0].eyes[0]
    boxes = np.array(sample()["boxes"])
    across = boxes[:, :1] + (boxes[:, 2:3] - boxes[:, :1]) * np.tile(_GRID, 9) - 0.5
    down = boxes[:, 1:2] + (boxes[:, 3:] - boxes[:, 1:2]) * np.repeat(_GRID, 9) - 0.5
    grid = across + 1j * down
    world = _world_of(grid.ravel(), eye)
    at, far = journey.seen(world, -1)
    room = np.minimum(journey.room(world), inside(at, far, journey.size)).reshape(grid.shape)
    pixels = at.reshape(grid.shape)
    got = dict(zip(out["numbers"], np.array(out["boxes"]).reshape(-1, 4), strict=True))
    if out["phrases"] != [f"thing {number}" for number in out["numbers"]]:
        return ["phrases: not those of the boxes"]
    wrong = []
    for number, clear in enumerate(room):
        seen = clear > _CLEAR
        if seen.any() and number not in got:
            wrong.append(f"boxes: {number} is gone")
        if number not in got:
            continue
        spread = _spread(pixels[number])
        if not seen.any() and (clear < -max(2.0, 2.0 * spread)).all():
            wrong.append(f"boxes: {number} is there")
        left, top, right, bottom = got[number] - 0.5
        here = pixels[number][seen]
        if not here.size:
            continue
        edges = np.array([left, top, right, bottom])
        spans = np.array([here.real.min(), here.imag.min(), here.real.max(), here.imag.max()])
        if (np.sign([1, 1, -1, -1]) * (spans - edges) < -1e-6).any():
            wrong.append(f"boxes: {number} leaves out what is seen")
        if tight and (np.abs(spans - edges) > 1.0 + 1.6 * spread).any():
            wrong.append(f"boxes: {number} is {np.abs(spans - edges).max():.1f} pixels too large")
    return wrong + (_halves(out, room) if tight else [])


def _halves(out: Mapping[str, Any], room: NDArray[np.float64]) -> list[str]:
    """Boxes of which half must be seen."""
    share = (room > 0.0).mean(axis=1)
    got = set(out["half_numbers"])
    wrong = [
        f"halves: {number} is gone" for number in np.flatnonzero(share > 0.75) if number not in got
    ]
    return wrong + [
        f"halves: {number} is there" for number in np.flatnonzero(share < 0.25) if number in got
    ]


def _spread(pixels: Complex) -> float:
    """The largest step between neighbours of a grid in a box."""
    grid = pixels.reshape(9, 9)
    ways = [np.abs(np.diff(grid, axis=axis)).max() for axis in (0, 1)]
    return float(max(ways)) if np.isfinite(ways).all() else np.inf


def _world(out: Mapping[str, Any], journey: Journey, stages: Sequence[int]) -> list[str]:
    """Points that the cut pictures show are there, all others gone; and solids likewise."""
    wrong = []
    numbers = out["points"][:, 3].astype(int)
    if stages:
        cut = [stage for stage in journey.lost_at if stage <= max(stages)]
        room = journey.room(places(), cut + list(stages))
        got = np.isin(np.arange(len(places())), numbers)
        sure = np.abs(room) > _CLEAR
        off = np.flatnonzero(sure & (got != (room > 0)))
        if off.size:
            wrong.append(f"points: {off.size} are not what the picture shows, {off[:4].tolist()}")
        wrong += _solids(out, journey, cut + list(stages))
    elif len(numbers) != len(places()):
        wrong.append("points: some are gone")
    at, far = journey.seen(places()[numbers], -1)
    camera = out["camera"]
    inside_ = (
        out["points"][:, :3] @ camera["world_to_camera"][:3, :3].T
        + camera["world_to_camera"][:3, 3]
    )
    pixels = inside_ @ camera["K"].T
    front = far > 0.1
    off = np.abs((pixels[:, 0] + 1j * pixels[:, 1]) / pixels[:, 2] - at)[front]
    if off.size and (off > 1e-5 * (1 + np.abs(at[front]))).any():
        wrong.append(f"points: {off.max():.2g} pixels from where they are seen")
    return wrong


def _solids(out: Mapping[str, Any], journey: Journey, stages: Sequence[int]) -> list[str]:
    """A solid stays while its centre, a corner or a point in it is seen."""
    probes, owners = _probes()
    room = journey.room(probes, stages)
    wrong = []
    for number in range(len(sample()["solids"])):
        own = room[owners == number]
        if np.abs(own).min() > _CLEAR and (own > 0).any() != (number in out["solid_numbers"]):
            wrong.append(f"solids: {number} is {'gone' if (own > 0).any() else 'there'}")
    return wrong


@cache
def _probes() -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """The centre, the corners and the measured points of each solid, and whose they are."""
    probes, owners = [], []
    for number, solid in enumerate(sample()["solids"]):
        signs = np.array([(0.5, 0.5, 0.5), *np.ndindex(2, 2, 2)], dtype=float) - 0.5
        turn = np.exp(1j * solid[6])
        dx, dy, dz = (signs * solid[3:6]).T
        moved = turn * (dx + 1j * dy)
        probes.append(solid[:3] + np.stack([moved.real, moved.imag, dz], axis=1))
        rest = places() - solid[:3]
        flat = (rest[:, 0] + 1j * rest[:, 1]) * np.conj(turn)
        local = np.stack([flat.real, flat.imag, rest[:, 2]], axis=1)
        probes.append(places()[(np.abs(local) <= solid[3:6] / 2).all(axis=1)])
        owners += [number] * (len(probes[-2]) + len(probes[-1]))
    return np.concatenate(probes), np.array(owners)


def _world_of(pixels: Complex, eye: Any) -> NDArray[np.float64]:
    """A point of the first world that a pixel of the first picture shows."""
    centre, axes = eye.first_axes(0.0)
    rays = eye.first_rays(pixels)
    return np.asarray(centre + 10.0 * (rays[:, :1] * axes[0] + rays[:, 1:] * axes[1] + axes[2]))


_MASKS = 5.5
"""Pixels of the first picture by which masks are apart at most, whatever their stages make."""
_ONCE = math.sqrt(0.5)
"""By how many pixels nearest sampling may miss that is done once."""


def disagreements(
    fused: Mapping[str, Any], literal: Mapping[str, Any], journey: Journey
) -> list[str]:
    """Where a fused and a literal sample both show something, and something else.

    Of a mask, which is sampled once in one and at each stage in the other, by more than that makes.
    """
    wrong = []
    film = [out["film"].read([0])[0] for out in (fused, literal)]
    for name, (one, other) in {"image": (fused["image"], literal["image"]), "film": film}.items():
        both = (one[..., 2] > 0.999) & (other[..., 2] > 0.999)
        both = ndimage.binary_erosion(both, np.ones((5, 5)), border_value=1)
        off = np.abs(one - other)[both][..., :2] * [WIDTH, HEIGHT]
        if off.size and off.max() > 1.0:
            wrong.append(f"{name}: {off.max():.2f} pixels of the first picture apart")
    both = ndimage.binary_erosion(
        (fused["mask"] > 0) & (literal["mask"] > 0), np.ones((5, 5)), border_value=1
    )
    numbers = [out["mask"][both].astype(np.int64) - 1 for out in (fused, literal)]
    off = np.hypot(
        *(np.subtract(*(rule(n, WIDTH) for n in numbers)) for rule in (np.mod, np.floor_divide))
    )
    most = min(journey.rounding + _ONCE, _MASKS)
    if off.size and (off.max() > most or np.quantile(off, 0.99) > 5.0):
        wrong.append(f"mask: {off.max():.1f} pixels of the first picture apart")
    shared = set(fused["spots"]) & set(literal["spots"])
    marks = [dict(zip(out["spots"], out["keypoints"], strict=True)) for out in (fused, literal)]
    far = [np.abs(marks[0][spot] - marks[1][spot]).max() for spot in shared]
    if far and max(far) > 1e-6:
        wrong.append("keypoints: apart")
    if not set(literal["spots"]) <= set(fused["spots"]):
        wrong.append("keypoints: fused lost more than literal steps")
    if not set(literal["points"][:, 3]) <= set(fused["points"][:, 3]):
        wrong.append("points: fused lost more than literal steps")
    return wrong
