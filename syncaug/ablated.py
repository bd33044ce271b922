"""An arm of an ablation: which streams of a sample come out of which accepted draw.

The draw that all streams share is tried and accepted, or refused, in every arm alike, by the checks
of a sample whose streams agree. So all arms keep, drop and retry the same samples, however the
streams then part. An arm takes each stream whole, from the result of an accepted draw:

    none, alone     the stream as it came, in the size and length of all results
    independent     of another accepted draw of the same sample
    jittered        of a draw that strays from the shared one, or of that where it is refused
    strict          of the shared one

What is taken has the distribution of accepted draws. For independent draws that is plain. The draw
that strays moves from the accepted attempt by symmetric steps; where it is refused the shared one
stays, which keeps the distribution (Metropolis et al., 1953).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from syncaug.attempts import Engine, Result, neutral
from syncaug.backends.errstate import own_errstate
from syncaug.draw import Draw
from syncaug.draw.nearby import Nearby
from syncaug.engine.state import State
from syncaug.partner import Partner
from syncaug.plan.ablation import ALONE, INDEPENDENT, JITTERED, NONE, Ablation
from syncaug.record import ACCEPTED
from syncaug.suspicions import Suspicions

__all__ = ["ablated"]

_TRIALS = 64
"""Draws of a unit's own that are tried in the arm `independent`, each with all its attempts."""

DrawsAt = Callable[[Nearby | None], Callable[..., Draw]]


class _Part(NamedTuple):
    """Where a unit of streams comes from: a result, its state and its draw, None where plain."""

    out: Mapping[str, Any]
    state: State | None
    draw: Draw | None


def ablated(
    engine: Engine,
    arm: Ablation,
    sample: Mapping[str, Any],
    key: str | int,
    epoch: int | None,
    draws_at: DrawsAt,
    partner: Partner,
    suspicions: Suspicions,
) -> Result:
    """What becomes of a sample in an arm.

    `draws_at` gives for what strays, or None for the shared draw, the function that `attempt` asks
    for draws. Raises what `attempt` raises, and SampleError where a stream cannot take the size or
    the length of the results.
    """

    def tried(engine: Engine, nearby: Nearby, tries: Iterable[int] = ()) -> Result:
        draw_at = draws_at(nearby)
        return engine.tried(sample, key, epoch, draw_at, partner, suspicions, tries)

    def shared_by(engine: Engine) -> Result:
        return engine.attempt(sample, key, epoch, draws_at(None), partner, suspicions)

    shared = shared_by(engine.seeing(_followers(arm)))
    if shared.outcome != ACCEPTED:
        return shared
    parts: dict[tuple[str, ...], _Part] = {}
    if arm.arm in (NONE, ALONE):
        plain = [unit for unit in arm.units if not set(unit) <= set(arm.streams)]
        if plain:
            parts = dict.fromkeys(plain, _plain(engine, sample, shared.draw))
    elif arm.arm == INDEPENDENT:
        for unit in arm.units[1:]:
            found = _first(partial(tried, engine.seeing(unit)), unit)
            draw = shared.draw if found is None else found.draw
            found = shared_by(engine.seeing(unit)) if found is None else found
            parts[unit] = _Part(found.out, found.moved, draw)
    elif arm.arm == JITTERED:
        tries = () if engine.program.plan.on_fail.shrink else (shared.draw.attempt,)
        for unit in arm.units[1:]:
            found = tried(engine.seeing(unit), Nearby(unit[0], 0, arm.amount), tries)
            if found.outcome == ACCEPTED:
                parts[unit] = _Part(found.out, found.moved, found.draw)
    return _assembled(engine, arm, shared, parts)


def _followers(arm: Ablation) -> Sequence[str]:
    """The streams that may come out of the shared draw."""
    if arm.arm in (NONE, ALONE):
        return arm.streams
    if arm.arm == INDEPENDENT and arm.units:
        return arm.units[0]
    return [name for unit in arm.units for name in unit]


def _plain(engine: Engine, sample: Mapping[str, Any], draw: Draw) -> _Part:
    """The sample as it came, in the shape of what the draw gives."""
    with own_errstate():
        chosen = engine.program.chosen(sample, draw)
        out, state = neutral(engine.program, chosen, draw)
    return _Part({**chosen, **out}, state, None)


def _first(tried: Callable[[Nearby], Result], unit: tuple[str, ...]) -> Result | None:
    """The first draw of a unit's own that is accepted; None where none of many is."""
    for trial in range(_TRIALS):
        found = tried(Nearby(unit[0], trial, 1.0))
        if found.outcome == ACCEPTED:
            return found
    return None


def _assembled(
    engine: Engine, arm: Ablation, shared: Result, parts: Mapping[tuple[str, ...], _Part]
) -> Result:
    """The result of the shared draw, with the units that come from elsewhere in their places."""
    plan, out = engine.program.plan, dict(shared.out)
    others: dict[str, State] = {}
    draws: dict[str, Draw | None] = {name: shared.draw for unit in arm.units for name in unit}
    for unit, part in parts.items():
        for name in unit:
            draws[name] = part.draw
            if part.state is not None:
                others[name] = part.state
            for entry in (name, *plan.stream(name).parallel_keys):
                out.pop(entry, None)
                if entry in part.out:
                    out[entry] = part.out[entry]
    ordered = {entry: out[entry] for entry in (*shared.out, *out) if entry in out}
    return shared._replace(out=ordered, others=others, draws=draws)
