"""A record against its policy: whether the policy could have drawn what the record tells.

A draw is a pure function of the policy and of its address, and both are in the record: it is drawn
again and compared. No number that was changed passes, whatever its range would allow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from syncaug.compiler.policy import compile_policy
from syncaug.draw import MET, SHARED, UNMET, AugmentationCoordinator, Draw, StepDraw
from syncaug.errors import PolicyError, RecordError
from syncaug.plan.plan import Plan
from syncaug.policy.model import parse
from syncaug.policy.source import read
from syncaug.record.model import ACCEPTED, OUTCOMES, Record
from syncaug.record.plain import canonical, one_line
from syncaug.record.plain import parse as parse_json
from syncaug.record.reading import shown
from syncaug.record.seal import seal_of
from syncaug.version import ENGINE_VERSION

__all__ = ["held", "plan_of"]

_ROUNDING = 1e-13
"""The relative difference of two numbers that other mathematical libraries may give: some ulp."""


def plan_of(record: Record, *, encoders: Collection[str] = ()) -> Plan:
    """The plan of the record's own policy.

    Raises RecordError where the policy cannot be loaded, or is not that of the fingerprint.
    """
    plan = _compiled(one_line(record.policy), tuple(sorted(encoders)))
    if isinstance(plan, str):
        raise RecordError(f"policy: expected one that can be loaded; got {plan}")
    if record.fingerprint != plan.fingerprint and record.engine == ENGINE_VERSION:
        raise RecordError(
            f"fingerprint: expected {plan.fingerprint}, that of the record's own policy; got "
            f"{record.fingerprint}: policy or fingerprint was changed, or keys of the policy were "
            "sorted (jsonb, sort_keys). Call replay of the policy itself, or keep records as text."
        )
    return plan


@lru_cache(maxsize=64)
def _compiled(text: str, encoders: tuple[str, ...]) -> Plan | str:
    """The plan of a policy as JSON, or what is wrong with it."""
    try:
        document = read(parse_json(text))
        policy, problems = parse(document)
        plan = None
        if policy is not None:
            plan, more = compile_policy(document.data, document, encoders=encoders)
            problems = [*problems, *more]
    except PolicyError as error:
        return str(error)
    return plan if plan is not None else str(PolicyError(problems))


def held(record: Record, plan: Plan) -> Draw:
    """The draw to carry out, once all of the record agrees with the plan of its policy.

    Records of an older engine may lack parameters that a transform has got since: they are
    completed by what is drawn now. Raises RecordError, which names step and parameter.
    """
    own = record.engine == ENGINE_VERSION
    _attempts(record, plan, strict=own)
    draw = record.draw
    again = AugmentationCoordinator(plan, sync=record.sync).draw(
        seed=draw.seed,
        key=draw.key,
        epoch=draw.epoch,
        attempt=draw.attempt,
        severity=draw.severity,
        progress=draw.progress,
        strength=draw.strength,
        view=draw.view,
    )
    drawn = _steps_of(again)
    told = _steps_of(draw)
    _Comparison(f"as the policy draws it for key {shown(draw.key)}, epoch {draw.epoch}", own).draws(
        drawn, told
    )
    if record.seal and record.seal != seal_of(record.as_json()):
        raise RecordError(
            "seal: expected the hash of what the record tells; got another: its draw's address, "
            "digests, formats or variant were changed"
        )
    return draw if own else replace(draw, steps=_completed(again.steps, draw.steps))


def _attempts(record: Record, plan: Plan, *, strict: bool) -> None:
    """Outcome, attempts and checks against `on_fail` and the checks of the policy."""
    count, then = len(record.attempts), OUTCOMES.get(record.outcome)
    on_fail = plan.on_fail
    if then is None or then not in ("", on_fail.then):
        raise RecordError(
            f"outcome: expected {ACCEPTED}, or what on_fail: {{then: {on_fail.then}}} gives; "
            f"came {shown(record.outcome)}"
        )
    most = on_fail.retry + 1
    if count > most or (record.outcome != ACCEPTED and count < most):
        least = "" if record.outcome != ACCEPTED else "at most "
        raise RecordError(f"attempts: expected {least}{most} by on_fail; got {count}")
    for number, tried in enumerate(record.attempts):
        expected = on_fail.shrink**number if on_fail.shrink else 1.0
        if not _close(expected, tried.strength):
            raise RecordError(
                f"attempts[{number}].strength: expected {expected} by on_fail; "
                f"came {tried.strength}"
            )
    attempt = 0 if on_fail.shrink else count - 1
    if record.draw.attempt != attempt:
        raise RecordError(
            f"draw.attempt: expected {attempt}, for {count} were tried; got {record.draw.attempt}"
        )
    if not strict:
        return
    checks = {key: dict(check.options) for key, check in plan.keyed_checks()}
    if canonical(record.checks) != canonical(checks):
        raise RecordError(
            f"checks: expected those of the policy, {shown(canonical(checks))}; "
            f"came {shown(canonical(record.checks))}"
        )
    for number, tried in enumerate(record.attempts):
        unknown = [name for name in (*tried.measures, *tried.parts) if name not in checks]
        if unknown:
            raise RecordError(
                f"attempts[{number}].measures: expected checks of the policy; "
                f"came {shown(unknown[0])}"
            )


class _Comparison:
    """Compares what is drawn again with what a record tells, and names the first difference."""

    def __init__(self, reason: str, strict: bool) -> None:
        self._reason, self._strict = reason, strict

    def draws(self, drawn: Mapping[str, Any], told: Mapping[str, Any]) -> None:
        self._values("draw.variables", "variable", drawn["variables"], told["variables"])
        self._steps("draw", drawn["steps"], told["steps"])

    def _steps(self, place: str, drawn: list[Any], told: list[Any]) -> None:
        names, came = [step["name"] for step in drawn], [step["name"] for step in told]
        if names != came:
            self._differs(f"{place}.steps", f"the steps {names}", f"{came}")
        for index, (ours, theirs) in enumerate(zip(drawn, told, strict=True)):
            self._step(f"{place}.steps[{index}]", ours, theirs)

    def _step(self, place: str, drawn: Mapping[str, Any], told: Mapping[str, Any]) -> None:
        where = f"{place} (step {shown(drawn['name'])})"
        for name in ("applied", "only"):
            if drawn.get(name) != told.get(name):
                self._differs(f"{where}, {name}", shown(drawn.get(name)), shown(told.get(name)))
        decided = told.get("when", "")
        if decided not in ((MET, UNMET) if drawn.get("when") else ("",)):
            expected = f"{MET} or {UNMET}" if drawn.get("when") else "none"
            self._differs(f"{where}, when", expected, shown(decided))
        self._values(where, "variable", drawn.get("variables", {}), told.get("variables", {}))
        ours, theirs = drawn.get("parameters", {}), told.get("parameters", {})
        if set(ours) != set(theirs):
            self._differs(f"{where}, parameters", f"of {sorted(ours)}", f"{sorted(theirs)}")
        for stream, values in ours.items():
            of = "all streams" if stream == SHARED else f"stream {shown(stream)}"
            self._values(f"{where}, {of}", "parameter", values, theirs[stream])
        self._steps(place, drawn.get("steps", []), told.get("steps", []))

    def _values(
        self, where: str, kind: str, drawn: Mapping[str, Any], told: Mapping[str, Any]
    ) -> None:
        for name, came in told.items():
            if name not in drawn:
                self._differs(f"{where}, {kind} {shown(name)}", "no such one", shown(came))
        for name, value in drawn.items():
            if name not in told:
                if self._strict:
                    self._differs(f"{where}, {kind} {shown(name)}", shown(value), "none")
            elif not _equal(value, told[name]):
                self._differs(f"{where}, {kind} {shown(name)}", shown(value), shown(told[name]))

    def _differs(self, where: str, expected: str, came: str) -> None:
        raise RecordError(f"{where}: expected {expected}, {self._reason}; got {came[:200]}")


def _steps_of(draw: Draw) -> dict[str, Any]:
    """Variables and steps of a draw, in the types of JSON."""
    told = draw.as_json()
    data: dict[str, Any] = parse_json(
        canonical({"variables": told["variables"], "steps": told["steps"]})
    )
    return data


def _equal(drawn: Any, told: Any) -> bool:
    """Whether two values of JSON are the same, but for the rounding of other libraries."""
    if type(drawn) is not type(told):
        return False
    if isinstance(drawn, float):
        return _close(drawn, told)
    if isinstance(drawn, list):
        return len(drawn) == len(told) and all(map(_equal, drawn, told))
    if isinstance(drawn, dict):
        return drawn.keys() == told.keys() and all(_equal(drawn[key], told[key]) for key in drawn)
    return bool(drawn == told)


def _close(drawn: float, told: float) -> bool:
    return abs(drawn - told) <= _ROUNDING * abs(drawn)


def _completed(drawn: Iterable[StepDraw], told: Iterable[StepDraw]) -> tuple[StepDraw, ...]:
    """The steps of a record, with parameters that have come since as they are drawn now."""
    return tuple(
        replace(
            step,
            parameters={
                stream: {**again.parameters[stream], **values}
                for stream, values in step.parameters.items()
            },
            steps=_completed(again.steps, step.steps),
        )
        for again, step in zip(drawn, told, strict=True)
    )
