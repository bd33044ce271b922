"""Whether two streams of one kind agree: a list of what differs, empty where nothing does."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from tests.scene import compare_fields, render_bodies
from tests.scene.compare_outlines import compare_instances, compare_oriented, compare_outlines
from tests.scene.compare_robot import robot_errors
from tests.scene.lenses import LensEye
from tests.scene.render_chat import told
from tests.scene.render_film import exposures_of, moments_of
from tests.scene.render_picture import BACKDROP, mask_of
from tests.scene.render_robot import ROBOT_RATE
from tests.scene.render_sound import RATE
from tests.scene.render_time import IMU_RATE, LATENT_RATE, places
from tests.scene.scene import Eye, Scene, same
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
    return _levels(got / 255.0, wanted / 255.0, mask, scene, eye)


def _levels(
    got: NDArray[np.float64],
    wanted: NDArray[np.float64],
    mask: NDArray[np.int64],
    scene: Scene,
    eye: Eye,
) -> list[str]:
    """Pictures by what they show: colours inside, and where each shape lies, below a pixel."""
    reach = _blurred(eye)
    inside = _flat(mask, reach) & _even(wanted, reach + 1) & _off_the_rim(mask, reach)
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


def _blurred(eye: Eye) -> int:
    """Pixels from an edge that a warp may blur: half a source pixel of cover and one of linear
    interpolation, as large as the picture shows them now."""
    width, height = eye.first_size
    across, down = np.meshgrid(np.linspace(0, width - 1, 5), np.linspace(0, height - 1, 5))
    pixels = across + 1j * down
    ways = [eye.pixels.there(pixels + step) - eye.pixels.there(pixels) for step in (1.0, 1j)]
    return max(2, math.ceil(1.5 * max(float(np.abs(way).max()) for way in ways) - 1e-9))


def _off_the_rim(mask: NDArray[np.int64], reach: int) -> NDArray[np.bool_]:
    """Pixels that no edge just outside of the picture can reach."""
    clear = np.zeros(mask.shape, dtype=bool)
    clear[reach:-reach, reach:-reach] = True
    return clear


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
    return _numbers(got, wanted, np.ones(wanted.shape, dtype=bool))


def _frame_mask(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    """As a mask; in some frame of a film, an edge just outside of the picture reaches its rim."""
    return _numbers(got, wanted, _off_the_rim(wanted, int(TOLERANCES["mask: number"].amount)))


def _numbers(got: Any, wanted: Any, clear: NDArray[np.bool_]) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    inside = clear & _flat(wanted, int(TOLERANCES["mask: number"].amount))
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
    for number, moment in enumerate(exposures_of(scene)):
        if np.isfinite(moment):
            mask = mask_of(scene, eye, moment)
            frames = got[number] / 255.0, wanted[number] / 255.0
            wrong += [f"frame {number}: {text}" for text in _levels(*frames, mask, scene, eye)]
        elif not np.array_equal(got[number], wanted[number]):
            wrong.append(f"frame {number} shows something")
    return wrong


# Marks and words


def _boxes(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    if len(got) != len(wanted):
        return [f"{len(got)} boxes instead of {len(wanted)}"]
    key = "boxes: bent" if isinstance(eye, LensEye) else "boxes"
    return _over(key, np.array(got) - np.array(wanted), "box") if len(got) else []


def _keypoints(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    if not np.array_equal(got[:, 2], wanted[:, 2]):
        return [f"visibility {got[:, 2].tolist()} instead of {wanted[:, 2].tolist()}"]
    return _over("keypoints", (got - wanted)[wanted[:, 2] > 0, :2], "keypoint")


def _equal(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    return [] if got == wanted else [f"{got!r} instead of {wanted!r}"]


# Frame by frame


def _by_frame(compare: Callable[[Any, Any, Scene, Eye], list[str]]) -> Any:
    """The comparison of one picture's annotations, for each picture of the film."""

    def differ(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
        if len(got) != len(wanted):
            return [f"{len(got)} frames instead of {len(wanted)}"]
        pairs = enumerate(zip(got, wanted, strict=True))
        return [
            f"frame {number}: {text}"
            for number, (one, other) in pairs
            for text in compare(one, other, scene, eye)
        ]

    return differ


# The world


def _camera(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    if tuple(got["size"]) != tuple(wanted["size"]):
        return [f"size {got['size']} instead of {wanted['size']}"]
    lens = np.asarray(got["K"]) / np.asarray(got["K"])[2, 2]
    off = (lens - wanted["K"]) / np.abs(wanted["K"]).max()
    wrong = _over("camera", off, "K")
    for key in ("distortion", "model"):
        if got.get(key) != wanted.get(key):
            wrong.append(f"{key} {got.get(key)} instead of {wanted.get(key)}")
    extent = 1.0 + np.abs(wanted["world_to_camera"]).max()
    return wrong + _over(
        "camera", (got["world_to_camera"] - wanted["world_to_camera"]) / extent, "extrinsics"
    )


def _points(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong or not len(wanted):
        return wrong
    if scene.moment is not same:  # a moment that is shown twice is in no order of its own
        got, wanted = (rows[np.argsort(rows[:, -1], kind="stable")] for rows in (got, wanted))
    wrong = _over("points: time", got[:, -1] - wanted[:, -1], "moment")
    extent = 1.0 + np.abs(wanted[:, :3]).max()
    wrong += _over("points", (got[:, :3] - wanted[:, :3]) / extent, "place")
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
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    if scene.sound.kept:
        return _stretched(got, wanted, scene)
    if scene.moment is same and not scene.blank:
        return _over("audio: level", got - wanted, "sound")
    return _clicks(got, wanted, scene) + _over(
        "audio: resampled", (got - wanted)[:, ~_near_cuts(scene, RATE, 0.004)], "sound"
    )


def _near_cuts(scene: Scene, rate: float, seconds: float) -> NDArray[np.bool_]:
    """For each cell of a rate, whether time jumps within so many seconds of it."""
    moments = moments_of(scene, rate)
    nothing = np.isnan(moments)
    steps = np.append(np.diff(moments), 0.0) * rate
    jump = np.abs(np.nan_to_num(steps)) > 8.0
    jump |= nothing != np.append(nothing[1:], True)
    jump[0] = jump[-1] = True
    return np.asarray(ndimage.binary_dilation(jump, iterations=max(1, round(seconds * rate))))


def _clicks(got: Any, wanted: Any, scene: Scene) -> list[str]:
    """Each click's place, by the peak of the cross-correlation between the samples."""
    wrong = []
    reach, slack = round(0.003 * RATE), 8
    for shape in scene.shapes:
        for second in shape.clicks:
            for now, _ in places(scene, second - 1e-7, second + 1e-7):
                at = round(now * RATE)
                if at < reach + slack or at + reach + slack >= got.shape[1]:
                    continue
                model = wanted[:, at - reach : at + reach].sum(axis=0)
                heard = got[:, at - reach - slack : at + reach + slack].sum(axis=0)
                if np.abs(model).max() < 0.1:
                    continue  # it lies in a blank
                match = np.correlate(heard - heard.mean(), model - model.mean(), "valid")
                peak = int(np.argmax(match))
                lag = float(peak - slack)
                if 0 < peak < len(match) - 1:
                    before, here, after = match[peak - 1 : peak + 2]
                    lag += (before - after) / (2 * (before - 2 * here + after))
                wrong += _over("audio: click", lag / RATE, f"click of the {shape.outline}")
    return wrong


def _stretched(got: Any, wanted: Any, scene: Scene) -> list[str]:
    """Sound whose pitch is its own: each tone's loudness in each channel, and where clicks are."""
    wrong = []
    window = np.hanning(got.shape[1])
    heard, meant = (np.abs(np.fft.rfft(sound * window)) for sound in (got, wanted))
    higher = 2.0 ** (scene.sound.semitones / 12.0)
    for shape in scene.shapes:
        at = round(shape.tone * higher * got.shape[1] / RATE)
        levels = [spectrum[:, at - 40 : at + 41] for spectrum in (heard, meant)]
        power = [np.sqrt((level**2).sum(axis=1)) for level in levels]
        loud = power[1] > 0.2 * power[1].max()
        off = 20.0 * np.log10(power[0][loud] / power[1][loud])
        wrong += _over("audio: tone", off, f"tone of the {shape.outline}")
    sharp = signal.butter(4, 1800.0 * min(1.0, higher), "highpass", fs=RATE, output="sos")
    energy = (signal.sosfiltfilt(sharp, got.astype(np.float64)) ** 2).sum(axis=0)
    for shape in scene.shapes:
        for second in shape.clicks:
            for now, _ in places(scene, second - 1e-7, second + 1e-7):
                low, high = round((now - 0.03) * RATE), round((now + 0.03) * RATE)
                if low < 0 or high > len(energy):
                    continue
                part = energy[low:high]
                middle = float((np.arange(low, high) + 0.5) @ part / part.sum()) / RATE
                wrong += _over("audio: click, stretched", middle - now, f"{shape.outline}'s click")
    return wrong


# Words and readings in time


def _cues(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    # A cue that holds the colour alone says "lime green", since a lime is a fruit too.
    texts = [[cue["text"].replace("lime green", "lime") for cue in cues] for cues in (got, wanted)]
    if texts[0] != texts[1]:
        return [f"{texts[0]} instead of {texts[1]}"]
    if [cue.get("speaker") for cue in got] != [cue.get("speaker") for cue in wanted]:
        return ["other speakers"]
    times = [np.array([[c["start"], c["end"]] for c in cues]) for cues in (got, wanted)]
    return _over("timed_text", times[0] - times[1], "cue")


def _imu(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    timed = scene.moment is not same or bool(scene.blank)
    key = "imu: in time" if timed else "imu"
    rows = ~_near_cuts(scene, IMU_RATE, 2.5 / IMU_RATE) if timed else slice(None)
    for name, at in (("turn rate", slice(0, 3)), ("acceleration", slice(3, 6))):
        largest = 1e-3 + np.abs(wanted[:, at]).max()
        wrong += _over(key, (got - wanted)[rows, at] / largest, name)
    still = ~np.isfinite(moments_of(scene, IMU_RATE))
    return wrong + (["readings where nothing is"] if got[still].any() else [])


def _latent(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    if scene.moment is same:
        return _over("embedding", got - wanted, "vector")
    inside = ~_near_cuts(scene, LATENT_RATE, 1.0 / LATENT_RATE)
    return _over("embedding", (got - wanted)[inside], "vector")


def _robot(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    wrong = _form(got, wanted)
    if wrong:
        return wrong
    timed = scene.moment is not same or bool(scene.blank)
    inside = ~_near_cuts(scene, ROBOT_RATE, 3.0 / ROBOT_RATE) if timed else slice(None)
    still = ~np.isfinite(moments_of(scene, ROBOT_RATE))
    return _over("robot", robot_errors(got, wanted)[inside], "row") + (
        ["it moves where nothing is"] if (got[still] != wanted[still]).any() else []
    )


def _chat(got: Any, wanted: Any, scene: Scene, eye: Eye) -> list[str]:
    """Conversations: the same to the last letter, but for the numbers of their places."""
    texts, numbers = zip(*(told(chat) for chat in (got, wanted)), strict=True)
    if texts[0] != texts[1]:
        return [f"{texts[0]} instead of {texts[1]}"]
    return _over("messages", np.subtract(*numbers), "place")


COMPARE: dict[str, Callable[[Any, Any, Scene, Eye], list[str]]] = {
    "image": _image,
    "video": _film,
    "mask": _mask,
    "depth": _depth,
    "heatmap": compare_fields.heatmap,
    "flow": compare_fields.flow,
    "normals": compare_fields.normals,
    "disparity": compare_fields.disparity,
    "boxes": _boxes,
    "keypoints": _keypoints,
    "polygons": compare_outlines,
    "film_boxes": _by_frame(_boxes),
    "film_keypoints": _by_frame(_keypoints),
    "film_mask": _by_frame(_frame_mask),
    "instances": compare_instances,
    "oriented_boxes": compare_oriented,
    "phrases": _equal,
    "text": _equal,
    "messages": _chat,
    "camera": _camera,
    "points": _points,
    "boxes3d": _boxes3d,
    "audio": _audio,
    "timed_text": _cues,
    "words": _cues,
    "imu": _imu,
    "state": _robot,
    "action": _robot,
    "tabular": _equal,
    "embedding": _latent,
    "label": _equal,
    **render_bodies.COMPARED,
}
