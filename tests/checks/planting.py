"""Outcomes with errors planted in what came out, as a check sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syncaug import load_policy
from syncaug.checks import Measure, Outcome, measure_of
from syncaug.suspicions import Suspicions

__all__ = ["measured"]


def measured(
    policy: str,
    sample: Mapping[str, Any],
    plant: Callable[[dict[str, Any]], Mapping[str, Any]] = dict,
    *,
    key: str | int = 1,
    encoders: Mapping[str, Any] | None = None,
) -> Measure:
    """What the policy's only check measures on its first draw, after `plant` spoiled the result."""
    augmenter = load_policy(policy, encoders=encoders)
    program = augmenter._compiled.engine().program
    state = program.run(sample, augmenter.draw(key=key), Suspicions())
    out = state.finish()
    (check,) = augmenter.plan.checks
    outcome = Outcome(sample, {**out, **plant(dict(out))}, state, encoders or {})
    return measure_of(check.name)(check.options, outcome)
