"""Recording: what became of a sample as a record from which it comes again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.attempts import Result
from syncaug.engine.program import Program
from syncaug.engine.state import State
from syncaug.engine.unread import unread
from syncaug.environment import libraries, machine
from syncaug.inverse import written
from syncaug.partner import Partner
from syncaug.plan.extras import installed
from syncaug.record import ACCEPTED, DROPPED, Attempt, Record

__all__ = ["record_of"]


def record_of(
    result: Result,
    program: Program,
    sample: Mapping[str, Any],
    policy: Mapping[str, Any],
    sync: str,
    partner: Partner,
) -> Record:
    """The record of a result; it holds digests of the sample, and of the partner if one came in.

    Digests are those of the samples as they came, with all texts of which one was chosen.
    """
    plan = program.plan
    state = result.state if result.outcome == ACCEPTED else None
    states = [] if state is None else [state, *result.others.values()]
    came_in = any(one.partner is not None for one in states)
    mixed = partner.sample() if came_in else None
    notes = {} if state is None else _notes(state, result.others)
    if result.outcome != DROPPED:
        for name, place in program.choices.places(sample, result.draw).items():
            notes[name] = {"chosen": place, **notes.get(name, {})}
    by_file = unread(sample)
    return Record(
        policy,
        plan.fingerprint,
        result.draw,
        result.outcome,
        tuple(Attempt(*tried) for tried in result.attempts),
        notes,
        {**libraries(), **program.packages},
        sync,
        checks=dict(program.checked),
        digest=program.digest(sample, by_file),
        partner=None if mixed is None else _partner(program, partner, mixed),
        machine=machine(program.has_pictures and installed("opencv")),
        maps={} if result.moved is None else written(result.moved, result.others),
        by_file=by_file,
    )


def _notes(state: State, others: Mapping[str, State]) -> dict[str, dict[str, Any]]:
    """The notes of each stream, by the state that it came out of."""
    notes = state.notes()
    for name, other in others.items():
        notes.pop(name, None)
        if told := other.notes().get(name):
            notes[name] = told
    return notes


def _partner(program: Program, partner: Partner, mixed: Mapping[str, Any]) -> dict[str, Any]:
    """What a record holds of the sample that came in."""
    by_file = unread(mixed)
    told = {"key": partner.key, "digest": program.digest(mixed, by_file)}
    return {**told, "by_file": list(by_file)} if by_file else told
