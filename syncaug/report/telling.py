"""Telling: a record in words. What each step drew, and what the checks measured."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syncaug.catalogue.checks import check_spec
from syncaug.draw import SHARED, StepDraw
from syncaug.plan.plan import Plan, Step
from syncaug.record import Record
from syncaug.report.result import Result
from syncaug.report.sentences import SENTENCES, list_parameters, tell_number

__all__ = ["CheckLine", "StepLine", "check_lines", "outcome_of", "step_lines"]


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
        parts = tuple(f"{name} = {tell_number(value)}" for name, value in variables.items())
        lines.append(StepLine("drawn once", "shared by all steps", True, parts, ()))
    for drawn in result.record.draw.steps:
        lines += _lines(drawn, steps, result, 0)
    return tuple(lines)


def _lines(
    drawn: StepDraw, steps: Mapping[str, Step], result: Result, depth: int
) -> Iterator[StepLine]:
    step = steps[drawn.name]
    what = step.transform or {"operations": "linked operations"}.get(step.kind, "a choice")
    names = drawn.only or tuple(step.streams)
    reached = tuple(name for name in names if name in result.before) if drawn.happens else ()
    parts = tuple(_parts(drawn, step)) if drawn.happens else ("not this time",)
    if step.transform == "drop_modality" and drawn.happens:
        reached = tuple(name for name in reached if result.record.notes.get(name, {}).get("out"))
        parts = ("shows nothing" if len(reached) == 1 else "show nothing",)
    yield StepLine(drawn.name, what, drawn.happens, parts, reached, depth)
    for inner in drawn.steps:
        yield from _lines(inner, steps, result, depth + 1)


def _parts(drawn: StepDraw, step: Step) -> Iterator[str]:
    """The parameters of a step that happened, as short phrases."""
    for name, value in drawn.variables.items():
        yield f"{name} = {tell_number(value)}"
    if step.kind == "transform":
        tell = SENTENCES.get(step.transform, list_parameters)
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
            yield ", ".join(filter(None, [f"{stream}: {operation}", list_parameters(parameters)]))
    elif drawn.steps:
        yield "chose " + ", ".join(inner.name for inner in drawn.steps)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a check's measure reads."""

    about: str
    form: str


_READINGS = {
    "boxes_visible": _Reading("the least visible box keeps {}", "{:.0%}"),
    "mentions_visible": _Reading("the least visible mention keeps {}", "{:.0%}"),
    "colour_words": _Reading("words and pixels differ by {}", "{:.1f}°"),
    "reprojection": _Reading("points miss their pixels by {}", "{:.4f} px"),
    "same_duration": _Reading("durations differ by {}", "{:.3f} s"),
    "cues_in_range": _Reading("a cue lies {} outside", "{:.3f} s"),
    "av_offset": _Reading("sound and picture came {} apart", "{:.3f} s"),
    "depth_consistency": _Reading("{} of the points have their depth", "{:.0%}"),
    "visible_share": _Reading("{} of the picture is content", "{:.0%}"),
    "direction_words": _Reading("{} of what is said of sides is still true", "{:.0%}"),
    "mutual_information": _Reading("{} of the information is left", "{:.0%}"),
    "cue_overlap": _Reading("{} of the cues' time overlaps", "{:.1%}"),
    "similarity": _Reading("the cosine fell by {}", "{:.3f}"),
}


def check_lines(record: Record, plan: Plan) -> tuple[CheckLine, ...]:
    """The checks of the last attempt, as far as it was measured."""
    last = record.attempts[-1] if record.attempts else None
    if last is None or not last.measures:
        return ()
    lines: list[CheckLine] = []
    for key, check in plan.keyed_checks():
        if key not in last.measures:
            lines.append(CheckLine(key, "not measured", "another check had failed", passed=True))
            continue
        value = last.measures[key]
        passed = not any(reason.startswith(f"{key}:") for reason in last.failed)
        reading = _READINGS.get(check.name)
        if math.isnan(value):
            lines.append(CheckLine(key, "nothing to measure", "", passed))
        elif reading is None or (bound := check_spec(check.name).bound) is None:
            lines.append(CheckLine(key, f"{value:.4g}", list_parameters(check.options), passed))
        else:
            wanted = f"at {bound.side} {reading.form.format(check.options[bound.option])}"
            measured = reading.about.format(reading.form.format(value))
            lines.append(CheckLine(key, measured, wanted, passed))
    return tuple(lines)


def outcome_of(record: Record) -> str:
    """How it ended, and after how many draws, or at which share of the first one's strength."""
    count = len(record.attempts)
    draws = "the first draw" if count == 1 else f"{count} draws"
    if record.outcome == "accepted" and record.draw.strength != 1.0:
        return f"accepted at {record.draw.strength:.1%} of its strength, attempt {count}"
    return {
        "accepted": "accepted" if count == 1 else f"accepted, draw {count}",
        "kept_original": f"kept the original after {draws}",
        "neutral": f"only brought to size and length after {draws}",
        "dropped": f"dropped after {draws}",
    }[record.outcome]
