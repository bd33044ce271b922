"""A plan as small tables, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from syncaug.plan.plan import Plan, Step, Stream

__all__ = ["plan_html", "table_html"]

_STYLE = "text-align: left; vertical-align: top"


def plan_html(plan: Plan, *, seed: int) -> str:
    """A policy: its streams, and what each step does to which of them."""
    streams = [
        (stream.name, stream.modality + (" (optional)" if stream.optional else ""), _spaces(stream))
        for stream in plan.streams
    ]
    steps = [
        (("\u2003" if inner else "") + step.name, step.transform or _KINDS[step.kind],
         ", ".join(step.streams))
        for step, inner in _steps(plan.steps, inner=False)
    ]  # fmt: skip
    title = f"<b>{escape(plan.name or 'policy')}</b> <code>{plan.fingerprint}</code>, seed {seed}"
    return (
        f"<div><p>{title}</p>{table_html(('stream', 'modality', 'lives on'), streams)}"
        f"{table_html(('step', 'does', 'to'), steps)}</div>"
    )


def _spaces(stream: Stream) -> str:
    spaces = stream.spaces.items()
    return ", ".join(kind if kind == name else f"{kind} {name}" for kind, name in spaces)


_KINDS = {"operations": "linked operations", "one_of": "one of", "some_of": "some of"}


def _steps(steps: Iterable[Step], *, inner: bool) -> Iterable[tuple[Step, bool]]:
    for step in steps:
        yield step, inner
        yield from _steps(step.steps, inner=True)


def table_html(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; empty where it has no rows."""
    if not rows:
        return ""
    head = "".join(f'<th style="{_STYLE}">{escape(word)}</th>' for word in heads)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_STYLE}">{escape(str(cell))}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
