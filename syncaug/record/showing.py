"""A record as small tables, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from syncaug.draw import SHARED, StepDraw
from syncaug.plan.showing import table_html

if TYPE_CHECKING:
    from syncaug.record.model import Record

__all__ = ["record_html"]


def record_html(record: Record) -> str:
    """A record: what became of a sample, what was drawn and what was measured."""
    draw = record.draw
    title = (
        f"<b>{escape(str(draw.key))}</b>, epoch {draw.epoch}: "
        f"{escape(record.outcome.replace('_', ' '))} "
        f"(policy <code>{escape(record.fingerprint)}</code>, seed {draw.seed}, "
        f"{len(record.attempts)} draw{'s' if len(record.attempts) > 1 else ''})"
    )
    steps = [
        (step.name, "; ".join(_drawn(step)) if step.happens else "not this time")
        for step in _all(draw.steps)
    ]
    measured = [
        (name, _number(value), "failed" if any(name in told for told in attempt.failed) else "")
        for attempt in record.attempts[-1:]
        for name, value in attempt.measures.items()
    ]
    refused = [(f"draw {a.number + 1}", "; ".join(a.failed)) for a in record.attempts if a.failed]
    tables = [
        table_html(("step", "drawn"), steps),
        table_html(("check", "measured", ""), measured),
        table_html(("refused", "because"), refused),
    ]
    return f"<div><p>{title}</p>{''.join(tables)}</div>"


def _all(steps: Iterable[StepDraw]) -> Iterable[StepDraw]:
    for step in steps:
        yield step
        yield from _all(step.steps)


def _drawn(step: StepDraw) -> Iterable[str]:
    for name, value in step.variables.items():
        yield f"{name} {_number(value)}"
    for stream, parameters in step.parameters.items():
        prefix = "" if stream == SHARED else f"{stream}: "
        told = ", ".join(f"{name} {_number(value)}" for name, value in parameters.items())
        if told:
            yield prefix + told


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
