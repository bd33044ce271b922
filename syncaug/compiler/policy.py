"""The compiler: a validated policy becomes a plan, or all of its problems at once.

It resolves names, infers spaces, and bounds every link. It imports none of the augmentation
libraries and no numpy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from syncaug.compiler.ablation import compile_ablation
from syncaug.compiler.checks import compile_checks
from syncaug.compiler.complaints import Complaints, Places
from syncaug.compiler.declared import Declared
from syncaug.compiler.encoders import require_encoders
from syncaug.compiler.extras import missing_extras
from syncaug.compiler.languages import require_languages
from syncaug.compiler.lints.lints import lint
from syncaug.compiler.parameters.variables import RESERVED, declare, of_steps
from syncaug.compiler.rules.addresses import require_own_addresses
from syncaug.compiler.rules.retelling import require_told_first
from syncaug.compiler.steps.steps import compile_steps
from syncaug.compiler.streams.streams import compile_streams
from syncaug.plan.plan import OnFail, Plan
from syncaug.policy.lost import Lost
from syncaug.problem import Problem

__all__ = ["compile_policy"]


def compile_policy(
    data: Mapping[str, Any],
    places: Places,
    *,
    extras: str = "error",
    encoders: Collection[str] = (),
    lost: Lost | None = None,
) -> tuple[Plan | None, list[Problem]]:
    """The plan of a policy's data, which the model has found well formed, and its problems.

    The plan is None where a problem is an error. `extras` says whether a missing library is an
    `error` or a `warning`; `encoders` are those that a caller brings for checks. `lost` is what the
    data lack where they are the rest of a broken policy; then there is no plan.
    """
    complaints = Complaints(places, lost, lambda: of_steps(data.get("steps", ())))
    declared = Declared.of(compile_streams(data.get("sample", {}), complaints), complaints)
    scope = dict(RESERVED)
    variables = declare(data.get("draw", {}), scope, "", ("draw",), complaints)
    steps = compile_steps(data.get("steps", ()), scope, ("steps",), declared)
    untouched = tuple(data.get("untouched", ()))
    plan = Plan(
        name=data.get("name", ""),
        seed=int(data.get("seed", 0)),
        streams=tuple(declared.streams.values()),
        untouched=untouched,
        variables=variables,
        steps=steps,
        checks=compile_checks(data.get("checks", ()), untouched, encoders, declared),
        on_fail=_on_fail(data.get("on_fail", {})),
        fuse=data.get("fuse", "on") not in ("off", False),
        ablation=compile_ablation(data.get("ablation"), steps, declared),
    )
    whole = lost is None and not complaints.failed
    if whole:
        require_own_addresses(plan, complaints)
        require_languages(plan, complaints)
        require_told_first(plan, complaints)
        missing_extras(plan, data, complaints, extras)
        require_encoders(plan, encoders, complaints)
        lint(plan, complaints)
    problems = sorted(complaints.problems, key=lambda problem: problem.position)
    return (plan if whole and not complaints.failed else None), problems


def _on_fail(raw: Mapping[str, Any]) -> OnFail:
    return OnFail(int(raw.get("retry", 0)), raw.get("then", "error"), float(raw.get("shrink", 0.0)))
