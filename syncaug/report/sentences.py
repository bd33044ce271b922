"""Sentences: what each transform's parameters mean, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["SENTENCES", "list_parameters", "tell_number"]

Parameters = Mapping[str, Any]


def tell_number(value: Any) -> str:
    """A drawn value, short."""
    if isinstance(value, bool) or not isinstance(value, float):
        return str(list(value)) if isinstance(value, tuple) else str(value)
    return f"{value:.4g}"


def list_parameters(parameters: Parameters) -> str:
    """Parameters by their own names."""
    return ", ".join(f"{name} {tell_number(value)}" for name, value in parameters.items())


def _flip(p: Parameters) -> str:
    return {
        "horizontal": "mirrored left to right",
        "vertical": "mirrored top to bottom",
        "both": "turned by half a turn",
    }[p["axis"]]


def _crop(p: Parameters) -> str:
    text = f"a window of {p['area']:.0%} of the picture"
    if "ratio" in p:
        text += f", {p['ratio']:.2f} times as wide as high"
    text += f", {p['x']:.0%} across and {p['y']:.0%} down"
    if "resize" in p:
        height, width = p["resize"]
        text += f", resized to {width} × {height}"
    return text


def _angle(degrees: float) -> str:
    return f"{abs(degrees):.1f}° {'counterclockwise' if degrees >= 0 else 'clockwise'}"


def _camera(p: Parameters) -> str:
    if p["axis"] == "optical":
        return f"the camera rolled: the picture turns {_angle(p['degrees'])}"
    return f"the camera turned by {p['degrees']:.1f}° about its {p['axis']} axis"


def _share(value: float, up: str, down: str) -> str:
    size = abs(value)
    told = f"{size:.0%}" if size >= 0.095 else f"{size * 100:.2g}%"  # a small change is not none
    return f"{told} {up if value >= 0 else down}"


def _colour(p: Parameters) -> str:
    parts = [f"hues turned by {tell_number(p['hue'])}° on the colour wheel"] if p["hue"] else []
    if p["saturation"]:
        parts.append(_share(p["saturation"], "more saturated", "less saturated"))
    if p["value"]:
        parts.append(_share(p["value"], "brighter", "darker"))
    return ", ".join(parts) or "no change"


def _light(p: Parameters) -> str:
    parts = [_share(p["value"], "brighter", "darker")] if p["value"] else []
    if p["contrast"]:
        parts.append(_share(p["contrast"], "more contrast", "less contrast"))
    if p["gamma"] != 1.0:
        parts.append(f"gamma {p['gamma']:.2f}")
    return ", ".join(parts) or "no change"


def _noise(p: Parameters) -> str:
    level = f"{p['snr_db']:.1f} dB signal to noise" if "snr_db" in p else ""
    level = level or f"severity {p.get('severity', 0.0):.2f}"
    kinds = [f"{name}: {kind}" for name, kind in p.items() if name not in ("snr_db", "severity")]
    return ", ".join([level, *kinds])


def _length(p: Parameters, name: str) -> str:
    """A length of time in the unit that the step chose."""
    share = p.get("unit") == "share"
    return f"{p[name]:.0%} of the time" if share else f"{p[name]:.2f} s"


def _trim(p: Parameters) -> str:
    where = f"from {_length(p, 'start')}" if "start" in p else f"{p['at']:.0%} of the way through"
    return f"an excerpt of {_length(p, 'duration')}, {where}"


def _shift(p: Parameters) -> str:
    later = "later" if p["seconds"] >= 0 else "earlier"
    how = ", round the end" if p["wrap"] else ""
    return f"everything {_length({**p, 'seconds': abs(p['seconds'])}, 'seconds')} {later}{how}"


def _pitch_of(p: Parameters) -> str:
    return "the pitch kept" if p["preserve_pitch"] else "the pitch follows"


def _speed(p: Parameters) -> str:
    return f"played {p['factor']:.3f} times as fast, {_pitch_of(p)}"


def _loop(p: Parameters) -> str:
    if "times" in p:
        return f"played {tell_number(float(p['times']))} times"
    return f"repeated until it lasts {p['duration']:.2f} s"


def _mask_time(p: Parameters) -> str:
    words = ", with the words spoken there" if p["text"] == "blank" else ""
    return f"{p['spans']} spans of {_length(p, 'duration')} blanked{words}"


def _occlude(p: Parameters) -> str:
    many = "a rectangle" if p["count"] == 1 else f"{p['count']} rectangles"
    return f"{many} of {p['area']:.0%} of the picture covered"


def _drop(p: Parameters) -> str:
    count = p.get("count", p["at_most"])
    most = "" if "count" in p else "at most "
    return f"{most}{count} stream{'' if count == 1 else 's'} dropped"


def _cutmix(p: Parameters) -> str:
    """The share that is seen: a window that lies over an edge is cut there."""
    half = math.sqrt(p["share"]) / 2
    seen = math.prod(
        max(0.0, min(1.0, p[side] + half) - max(0.0, p[side] - half)) for side in ("x", "y")
    )
    drawn = f"; {p['share']:.0%} before the edges cut it" if seen < p["share"] - 0.005 else ""
    return f"a window of the partner, {seen:.0%} of the picture{drawn}"


def _stitch(p: Parameters) -> str:
    """Which of the two lies where."""
    sides = ("left", "right") if p["direction"] == "horizontal" else ("top", "bottom")
    return f"beside the partner, which is on the {sides[p['first'] == 'own']}"


SENTENCES: Mapping[str, Callable[[Parameters], str]] = {
    "flip": _flip,
    "crop": _crop,
    "rotate": lambda p: f"turned {_angle(p['degrees'])}",
    "scale": lambda p: f"zoomed by {p['factor']:.2f}",
    "translate": lambda p: f"shifted by {p['x']:.0%} across and {p['y']:.0%} down",
    "resize": lambda p: f"resized to {p['width']} × {p['height']}",
    "colour": _colour,
    "light": _light,
    "noise": _noise,
    "world_rotate": lambda p: f"the world turned {_angle(p['degrees'])} about {p['axis']}",
    "world_scale": lambda p: f"the world scaled by {p['factor']:.3f}",
    "world_translate": lambda p: f"the world shifted by {p['x']:.2f}, {p['y']:.2f}, {p['z']:.2f} m",
    "camera_rotate": _camera,
    "undistort": lambda p: "the distortion of the lens taken out",
    "trim": _trim,
    "time_shift": _shift,
    "speed": _speed,
    "time_warp": lambda p: f"the speed wavers by up to {p['strength']:.0%}, {_pitch_of(p)}",
    "reverse": lambda p: "played backwards",
    "loop": _loop,
    "mask_time": _mask_time,
    "pitch": lambda p: f"{p['semitones']:+.2f} semitones",
    "perspective": lambda p: f"seen from aside: corners move by up to {p['strength']:.0%}",
    "occlude": _occlude,
    "drop_modality": _drop,
    "mix": lambda p: f"a span of the partner, {p['share']:.0%} of the time",
    "mixup": lambda p: f"blended with {p['share']:.0%} of the partner",
    "cutmix": _cutmix,
    "stitch": _stitch,
    "insert": lambda p: f"up to {p['count']} of the partner's objects",
    "latent_mix": lambda p: f"vectors mixed with {p['share']:.0%} of the partner",
    "latent_interpolate": lambda p: f"vectors {p['share']:.0%} of the way to the partner's",
    "feature_mix": lambda p: f"{p['share']:.0%} of the dimensions from the partner",
    "latent_noise": lambda p: f"noise of {p['strength']:.2f} deviations on vectors",
}
"""Transform -> its parameters in words; any other is told by the names of its parameters."""
