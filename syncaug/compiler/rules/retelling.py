"""Paraphrases that a sample brings speak of it as it came: they replace a text first of all."""

from __future__ import annotations

from syncaug.compiler.complaints import Complaints, Path
from syncaug.plan.plan import Plan, Step

__all__ = ["RETELLING", "require_told_first"]

RETELLING = "syncaug.Paraphrase"


def require_told_first(plan: Plan, complaints: Complaints) -> None:
    """Complain where a text has no paraphrases, or has met something before it is replaced."""
    met: dict[str, str] = {}
    for index, step in enumerate(plan.steps):
        met |= _told(step, ("steps", index), met, plan, complaints)


def _told(
    step: Step, path: Path, met: dict[str, str], plan: Plan, complaints: Complaints
) -> dict[str, str]:
    """The streams that have met something after a step, and in which step."""
    now = dict(met)
    for index, child in enumerate(step.steps):
        before = met if step.kind == "one_of" else now
        now |= _told(child, (*path, step.kind, index), dict(before), plan, complaints)
    for call in step.calls:
        if call.operation == RETELLING:
            where = (*path, "apply", call.stream)
            if not plan.stream(call.stream).options.get("paraphrases"):
                complaints.add(
                    "SA319",
                    where,
                    f"{call.stream!r} has no paraphrases",
                    expected=f"paraphrases: KEY of {call.stream!r}, the sample's key that has them",
                    key=True,
                )
            elif call.stream in now:
                complaints.add(
                    "SA319",
                    where,
                    f"step {now[call.stream]!r} may have changed what {call.stream!r} says, and "
                    "paraphrases speak of the sample as it came",
                    expected="the step before all others that reach the text",
                    key=True,
                )
        if call.operation:
            now[call.stream] = step.name
    for name in step.streams:
        now[name] = step.name
    return now
