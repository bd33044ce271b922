"""Lints: policies that compile and are probably not what was meant."""

from __future__ import annotations

from collections.abc import Iterator

from syncaug import catalogue
from syncaug.plan.complaints import Complaints, Path
from syncaug.plan.plan import Plan, Step, Stream

__all__ = ["lint"]

_WORD_COLOURS = "syncaug.RecolourWords"


def lint(plan: Plan, complaints: Complaints) -> None:
    """Warn about pictures whose hue moves without the words that name their colours."""
    for step, path in _located(plan.steps, ("steps",)):
        words = {call.stream for call in step.calls if call.operation == _WORD_COLOURS}
        for call in step.calls:
            if call.operation and catalogue.operation(call.operation).tone == "hue":
                for text in _texts(plan, plan.stream(call.stream)):
                    if text.name not in words:
                        complaints.add(
                            "SA601",
                            (*path, "apply", call.stream),
                            f"{call.operation} may move hues; colour words of {text.name!r} stay",
                            hint=f"link {_WORD_COLOURS} on {text.name!r}, or use 'colour'",
                            severity="warning",
                            key=True,
                        )


def _located(steps: tuple[Step, ...], path: Path) -> Iterator[tuple[Step, Path]]:
    for index, step in enumerate(steps):
        here = (*path, index)
        yield step, here
        yield from _located(step.steps, (*here, step.kind))


def _texts(plan: Plan, image: Stream) -> Iterator[Stream]:
    plane = image.spaces.get("plane")
    for stream in plan.streams:
        if stream.modality == "text" and plane and stream.spaces.get("plane") == plane:
            yield stream
