"""Replaying: the result of a record again, from its sample; nothing is drawn.

But for an arm of an ablation, whose streams come out of draws that are found by trying.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from syncaug.attempts import called, neutral
from syncaug.draw import Draw
from syncaug.dropped import DROPPED
from syncaug.engine.brought import blame
from syncaug.engine.program import Program, warn_of
from syncaug.errors import RecordError, RefusalError, SampleError
from syncaug.partner import Partner
from syncaug.plan.plan import Plan
from syncaug.record import ACCEPTED, KEPT_ORIGINAL, NEUTRAL, Record
from syncaug.record import DROPPED as WAS_DROPPED
from syncaug.record.held import held, plan_of
from syncaug.suspicions import Suspicions
from syncaug.unread import opened

__all__ = ["draw_of", "own_arm", "recognise", "replayed"]


def draw_of(
    record: Record, plan: Plan, policy: Mapping[str, Any], encoders: Mapping[str, Any]
) -> Draw:
    """The record's draw. Raises RecordError unless this policy draws it at its address."""
    # The same but for the order of its keys, which databases and JSON's writers may sort.
    if record.fingerprint == plan.fingerprint and record.policy == policy:
        return held(record, plan)
    own = plan_of(record, encoders=encoders)
    if own.fingerprint != plan.fingerprint:
        raise RecordError(
            f"expected a record of {_named(plan)}; got one of {_named(own)}. "
            "Load the policy that made it; the record holds it under 'policy'."
        )
    return held(record, plan)


def own_arm(plan: Plan, record: Record) -> bool:
    """Whether streams came out of several draws, which only trying again finds."""
    return plan.ablation is not None and record.outcome == ACCEPTED


def replayed(
    program: Program,
    sample: Mapping[str, Any],
    record: Record,
    draw: Draw,
    partner: Partner,
    suspicions: Suspicions,
) -> Any:
    """What the record tells of, once more. Raises RecordError where it is of another sample."""
    recognise(program.digest, sample, record, partner)
    if record.outcome == WAS_DROPPED:
        return DROPPED
    try:
        sample = program.chosen(sample, draw)
        if record.outcome == KEPT_ORIGINAL:
            return opened(program.with_vectors(sample, draw))
        if record.outcome == NEUTRAL:
            return neutral(program, sample, draw)[0]
        state = program.run(sample, draw, suspicions, partner)
        out = state.finish()
        warn_of(state, suspicions, draw.key)
        return out
    except SampleError as error:
        if record.partner is None and error.stream == "partner":
            raise RecordError(
                f"partner: expected the sample that the draw of key {draw.key!r} mixes with; "
                "the record names none"
            ) from error
        raise error.at(draw.key) from error
    except RefusalError as error:
        raise RecordError(
            f"the record of key {draw.key!r} tells of an accepted draw that cannot be carried "
            f"out: {error}"
        ) from error
    except Exception as error:
        blame(program.lanes.by_name.values(), error)
        raise


def recognise(
    digest: Callable[[Mapping[str, Any], Collection[str]], str],
    sample: Mapping[str, Any],
    record: Record,
    partner: Partner,
) -> None:
    """Raise RecordError unless sample and partner are those that the record tells of."""
    key = record.draw.key
    came = digest(sample, record.by_file)
    if came != record.digest:
        raise RecordError(
            f"the record of key {key!r} tells of another sample: expected one of digest "
            f"{record.digest}; got {came}{_by_file(record.by_file)}"
        )
    if record.partner is None:
        return
    other = partner.sample()
    named = "a partner" if partner.key is None else f"the partner {partner.key!r}"
    if other is None:
        raise RecordError(
            f"the record of key {key!r} mixes with {named}: expected partner=SAMPLE; got none"
        )
    unread = tuple(record.partner.get("by_file", ()))
    came = digest(other, unread)
    if came != record.partner["digest"]:
        raise RecordError(
            f"the record of key {key!r} mixes with {named}: expected one of digest "
            f"{record.partner['digest']}; got {came}{_by_file(unread)}"
        )


def _by_file(names: Collection[str]) -> str:
    """What to do about streams of which only a part was read; empty where all were read."""
    if not names:
        return ""
    return f". Of {', '.join(names)} not all was read: give the sample as load_sample reads it."


def _named(plan: Plan) -> str:
    """A policy as a message tells it from another one."""
    return f"{called(plan)} ({plan.fingerprint})"
