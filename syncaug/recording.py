"""Recording: what became of a sample as a record from which it comes again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.attempts import Result
from syncaug.engine.program import Program
from syncaug.environment import libraries, machine
from syncaug.plan.extras import needs_opencv
from syncaug.record import ACCEPTED, Attempt, Record

__all__ = ["record_of"]


def record_of(
    result: Result,
    program: Program,
    sample: Mapping[str, Any],
    policy: Mapping[str, Any],
    sync: str,
    partner_key: str | int | None,
) -> Record:
    """The record of a result; it holds digests of the sample, and of the partner if one came in."""
    plan = program.plan
    state = result.state if result.outcome == ACCEPTED else None
    mixed = None if state is None else state.partner
    return Record(
        policy,
        plan.fingerprint,
        result.draw,
        result.outcome,
        tuple(Attempt(*tried) for tried in result.attempts),
        {} if state is None else state.notes(),
        {**libraries(), **program.packages},
        sync,
        checks={key: check.options for key, check in plan.keyed_checks()},
        digest=program.digest(sample),
        partner=None
        if mixed is None
        else {"key": partner_key, "digest": program.digest(mixed.sample)},
        machine=machine(needs_opencv(plan)),
    )
