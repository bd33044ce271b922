"""The course of a run in words, for tables and pages."""

from __future__ import annotations

from syncaug.record.summary.course import Level, Stage
from syncaug.record.summary.summary import PolicySummary

__all__ = ["told_course", "told_drops"]


def told_drops(stage: Stage) -> str:
    """How many results lack which stream, and how many lack several at once."""
    told = [
        f"{name} in {count} of {stage.results} results ({count / stage.results:.0%})"
        for name, count in sorted(stage.dropped.items())
    ]
    several = [(number, count) for number, count in sorted(stage.at_once.items()) if number > 1]
    return ", ".join([*told, *(f"{number} at once in {count}" for number, count in several)])


def told_course(policy: PolicySummary) -> list[tuple[str, str, str, str, str]]:
    """Rows of epochs, results, severity, progress and the shares of dropped streams.

    None where a run has one epoch, or nothing changes from one to the next.
    """
    course, whole = policy.course, policy.whole
    levels = whole.severity, whole.progress
    if len(course) < 2 or not (whole.dropped or any(one.least < one.greatest for one in levels)):
        return []
    return [
        (
            f"{stage.first}" if stage.first == stage.last else f"{stage.first} to {stage.last}",
            f"{stage.results}",
            _level(stage.severity, stage.results),
            _level(stage.progress, stage.results),
            ", ".join(
                f"{name} {count / stage.results:.0%}"
                for name, count in sorted(stage.dropped.items())
            ),
        )
        for stage in course
    ]


def _level(level: Level, results: int) -> str:
    if level.least == level.greatest:
        return f"{level.least:.3g}"
    return f"{level.total / results:.3g} ({level.least:.3g} to {level.greatest:.3g})"
