"""Telling: a record in words. What each step drew, and what the checks measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syncaug.draw import SHARED, StepDraw
from syncaug.plan.plan import Plan, Step
from syncaug.record import Record
from syncaug.report.result import Result

__all__ = ["CheckLine", "StepLine", "check_lines", "outcome_of", "step_lines"]

Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: whether it happened, what it did in words, and the streams that it reached."""

    name: str
    what: str
    applied: bool
    parts: tuple[str, ...]
    streams: tuple[str, ...]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of the last attempt: its measure, its threshold, and whether it passed."""

    name: str
    measured: str
    wanted: str
    passed: bool


def step_lines(result: Result) -> tuple[StepLine, ...]:
    """Every step of the plan in order; what was chosen of a choice stands below it, indented."""
    steps = {step.name: step for step in result.plan.walk()}
    lines: list[StepLine] = []
    variables = result.record.draw.variables
    if variables:
        parts = tuple(f"{name} = {_number(value)}" for name, value in variables.items())
        lines.append(StepLine("drawn once", "shared by all steps", True, parts, ()))
    for drawn in result.record.draw.steps:
        lines += _lines(drawn, steps, result.before, 0)
    return tuple(lines)


def _lines(
    drawn: StepDraw, steps: Mapping[str, Step], sample: Mapping[str, Any], depth: int
) -> Iterator[StepLine]:
    step = steps[drawn.name]
    what = step.transform or {"operations": "linked operations"}.get(step.kind, "a choice")
    names = drawn.only or tuple(step.streams)
    reached = tuple(name for name in names if name in sample) if drawn.applied else ()
    parts = tuple(_parts(drawn, step)) if drawn.applied else ("not this time",)
    yield StepLine(drawn.name, what, drawn.applied, parts, reached, depth)
    for inner in drawn.steps:
        yield from _lines(inner, steps, sample, depth + 1)


def _parts(drawn: StepDraw, step: Step) -> Iterator[str]:
    """The parameters of a step that happened, as short phrases."""
    for name, value in drawn.variables.items():
        yield f"{name} = {_number(value)}"
    if step.kind == "transform":
        tell = _SENTENCES.get(step.transform, _generic)
        for stream, parameters in drawn.parameters.items():
            prefix = "" if stream == SHARED else f"{stream}: "
            yield prefix + tell(parameters)
    elif step.kind == "operations":
        operations: dict[str, list[str]] = {}
        for call in step.calls:
            if call.operation:
                operations.setdefault(call.stream, []).append(call.operation)
        for key, parameters in drawn.parameters.items():
            stream, _, number = key.partition("/")
            operation = operations[stream][int(number or 0)]
            yield ", ".join(filter(None, [f"{stream}: {operation}", _generic(parameters)]))
    elif drawn.steps:
        yield "chose " + ", ".join(inner.name for inner in drawn.steps)


def _generic(parameters: Parameters) -> str:
    return ", ".join(f"{name} {_number(value)}" for name, value in parameters.items())


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
    return f"{abs(value):.0%} {up if value >= 0 else down}"


def _colour(p: Parameters) -> str:
    parts = [f"hues turned by {_number(p['hue'])}° on the colour wheel"] if p["hue"] else []
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


_SENTENCES: Mapping[str, Callable[[Parameters], str]] = {
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
    "world_scale": lambda p: f"the world grown by {p['factor']:.3f}",
    "world_translate": lambda p: f"the world shifted by {p['x']:.2f}, {p['y']:.2f}, {p['z']:.2f} m",
    "camera_rotate": _camera,
}
"""Transform -> its parameters in words; any other is told by the names of its parameters."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a check's measure reads, and the option that bounds it."""

    about: str
    form: str
    option: str
    bound: str


_READINGS = {
    "boxes_visible": _Reading("the least visible box keeps {}", "{:.0%}", "min_area", "at least"),
    "mentions_visible": _Reading(
        "the least visible mention keeps {}", "{:.0%}", "min_area", "at least"
    ),
    "colour_words": _Reading("words and pixels differ by {}", "{:.1f}°", "tolerance", "at most"),
    "reprojection": _Reading(
        "points miss their pixels by {}", "{:.4f} px", "max_pixels", "at most"
    ),
    "same_duration": _Reading("durations differ by {}", "{:.3f} s", "tolerance", "at most"),
}


def check_lines(record: Record, plan: Plan) -> tuple[CheckLine, ...]:
    """The checks of the last attempt, as far as it was measured."""
    last = record.attempts[-1] if record.attempts else None
    if last is None or not last.measures:
        return ()
    lines: list[CheckLine] = []
    for check in plan.checks:
        value = last.measures.get(check.name, math.nan)
        passed = not any(reason.startswith(f"{check.name}:") for reason in last.failed)
        reading = _READINGS.get(check.name)
        if math.isnan(value):
            lines.append(CheckLine(check.name, "nothing to measure", "", passed))
        elif reading is None:
            lines.append(CheckLine(check.name, f"{value:.4g}", _generic(check.options), passed))
        else:
            wanted = f"{reading.bound} {reading.form.format(check.options[reading.option])}"
            measured = reading.about.format(reading.form.format(value))
            lines.append(CheckLine(check.name, measured, wanted, passed))
    return tuple(lines)


def outcome_of(record: Record) -> str:
    """How it ended, and after how many draws."""
    count = len(record.attempts)
    draws = "the first draw" if count == 1 else f"{count} draws"
    return {
        "accepted": "accepted" if count == 1 else f"accepted, draw {count}",
        "kept_original": f"kept the original after {draws}",
        "dropped": f"dropped after {draws}",
    }[record.outcome]


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, float):
        return str(list(value)) if isinstance(value, tuple) else str(value)
    return f"{value:.4g}"
