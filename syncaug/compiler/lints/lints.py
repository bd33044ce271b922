"""Lints: policies that compile and are probably not what was meant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.lints.amounts import warn_of_chances, warn_of_shares, warn_of_units
from syncaug.compiler.lints.drops import warn_of_drops
from syncaug.compiler.lints.measured import warn_of_measured
from syncaug.compiler.lints.rows import warn_of_parted, warn_of_unlinked
from syncaug.compiler.lints.sides import warn_of_sides
from syncaug.compiler.lints.stale import warn_of_stale
from syncaug.compiler.lints.untrue import warn_of_untrue
from syncaug.compiler.parameters.values import Scope
from syncaug.compiler.walk import located_steps
from syncaug.plan.changes import may_change
from syncaug.plan.plan import Plan, Step, Stream
from syncaug.plan.strength import shrinks
from syncaug.values.interval import Interval, Support
from syncaug.values.value import Constant, Value

__all__ = ["lint"]

_TURNS = frozenset({"rotate", "camera_rotate"})
_CAMERA_TURNS = frozenset({"flip", "camera_rotate", "perspective"})
_LEAVE_BELOW = 20.0
"""Degrees of tilt up to which words stay, as in `modalities/wording.py`."""


def lint(plan: Plan, complaints: Complaints) -> None:
    """Warn about words that a picture would leave behind, or that would stop a run."""
    if plan.on_fail.shrink and not (shrinks(plan) and plan.on_fail.retry):
        complaints.add(
            "SA603",
            ("on_fail", "shrink"),
            "no parameter of these steps can be weakened"
            if plan.on_fail.retry
            else "without retry: no weaker draw is tried",
            hint="shrink acts on amounts of library transforms, such as rotate: degrees"
            if plan.on_fail.retry
            else "add retry: 4",
            severity="warning",
        )
    if plan.on_fail.then == "keep_original":
        _kept(plan, complaints)
    warn_of_sides(plan, complaints)
    warn_of_stale(plan, complaints)
    warn_of_measured(plan, complaints)
    warn_of_units(plan, complaints)
    warn_of_drops(plan, complaints)
    warn_of_unlinked(plan, complaints)
    sensors = [stream for stream in plan.streams if stream.modality in ("camera", "imu")]
    grouped = any(stream.rows for stream in plan.streams)
    for step, path, inner in located_steps(plan):
        _tilts(plan, step, path, inner, complaints)
        _bodiless(sensors, step, path, complaints)
        warn_of_untrue(plan, step, path, complaints)
        warn_of_chances(step, path, complaints)
        warn_of_shares(step, path, inner, complaints)
        if grouped:
            warn_of_parted(plan, step, path, complaints)


def _kept(plan: Plan, complaints: Complaints) -> None:
    """Warn where an original that is kept has another shape than all other results."""
    for step in plan.walk():
        found = may_change(step, "area", "length")
        if found:
            complaints.add(
                "SA608",
                ("on_fail", "then"),
                f"{found} in step {step.name!r} changes sizes or lengths, and an original that is "
                "kept has its own",
                hint="write then: neutral, which hands it out in the shape of all others",
                severity="warning",
            )
            return


def _tilts(plan: Plan, step: Step, path: Path, scope: Scope, complaints: Complaints) -> None:
    """Warn where a turn may end in an error because a text speaks of sides."""
    angle = dict(step.parameters).get("degrees") if step.transform in _TURNS else None
    if angle is None or isinstance(angle, Constant) or plan.on_fail.then != "error":
        return
    rule = dict(step.parameters).get("words")
    if rule == Constant("refuse"):
        return  # an error is what was asked for
    texts = [name for name in step.streams if plan.stream(name).spec.writes]
    if not texts:
        return
    limit, text = min((_limit(plan.stream(name), rule), name) for name in texts)
    if _tilt(angle.interval(scope)) > limit:
        complaints.add(
            "SA602",
            (*path, "with", "degrees"),
            f"this turn may make direction words of {text!r} wrong: an error",
            hint=f"add on_fail: {{retry: 5, then: neutral}}, or stay within {limit:g} degrees",
            severity="warning",
        )


def _bodiless(sensors: Sequence[Stream], step: Step, path: Path, complaints: Complaints) -> None:
    """Warn where a camera of `sensors` turns and an inertial one, tied to none, does not."""
    keeps = step.transform == "flip" and step.parameters.get("world") == Constant("keep")
    if step.transform not in _CAMERA_TURNS or keeps:
        return
    if not any(s.modality == "camera" and s.name in step.streams for s in sensors):
        return
    for stream in sensors:
        if stream.modality == "imu" and not stream.options.get("body"):
            complaints.add(
                "SA605",
                (*path, "uses"),
                f"{step.transform} turns a camera, and {stream.name!r} stays as it is",
                hint=f"add body: {_plane(sensors)} to stream {stream.name!r} if the sensor turns "
                "with that camera",
                severity="warning",
            )


def _plane(sensors: Sequence[Stream]) -> str:
    """The plane of the only camera; a word for one where there are several."""
    planes = {s.spaces["plane"] for s in sensors if s.modality == "camera" and "plane" in s.spaces}
    return planes.pop() if len(planes) == 1 else "PLANE"


def _limit(text: Stream, rule: Value | None) -> float:
    """Degrees from a quarter turn up to which a text's direction words stay."""
    given: Any = rule.value if isinstance(rule, Constant) else text.options.get("words")
    if isinstance(given, Mapping):
        return float(given["leave_below"])
    return 0.0 if given is not None else float(text.options.get("leave_below", _LEAVE_BELOW))


def _tilt(angles: Support) -> float:
    """The farthest that any of the angles lies from a quarter turn, in degrees."""
    if not isinstance(angles, Interval):
        return max(_from_quarter_turn(angle) for angle in angles)
    if not angles.is_finite or math.floor((angles.high - 45.0) / 90.0) >= math.ceil(
        (angles.low - 45.0) / 90.0
    ):
        return 45.0  # a half of a quarter turn lies within
    return max(_from_quarter_turn(angles.low), _from_quarter_turn(angles.high))


def _from_quarter_turn(angle: float) -> float:
    return abs(math.remainder(angle, 90.0))
