"""Which findings are told: `--select`, `--ignore` and `--strict`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import click

from syncaug.cli.findings.policies import Checked
from syncaug.problem import Problem

__all__ = ["select"]


def select(selected: str, ignored: str, *, strict: bool) -> Callable[[Checked], Checked]:
    """A function that leaves of a policy's findings those that are to be told.

    Codes are divided by commas; a beginning such as SA6 means all that begin so. Errors cannot be
    ignored: a policy that has one cannot be loaded. With `strict` warnings become errors.

    Raises click.UsageError for what begins no code, and for ignored codes that are errors.
    """
    wanted = _codes(selected, "--select")
    without = _codes(ignored, "--ignore")

    def told(problem: Problem) -> bool:
        if wanted and not problem.code.startswith(wanted):
            return False
        if without and problem.code.startswith(without):
            if problem.severity == "error":
                raise click.UsageError(
                    f"--ignore: {problem.code} is an error in {problem.position}; only warnings "
                    "can be ignored, because a policy with an error cannot be loaded"
                )
            return False
        return True

    def chosen(one: Checked) -> Checked:
        problems = tuple(problem for problem in one.problems if told(problem))
        if strict:
            problems = tuple(replace(problem, severity="error") for problem in problems)
        return replace(one, problems=problems)

    return chosen


def _codes(text: str, option: str) -> tuple[str, ...]:
    words = tuple(word for word in text.replace(",", " ").split() if word)
    if words:
        from syncaug.policy.codes import codes

        for word in words:
            if not any(code.startswith(word) for code in codes()):
                raise click.UsageError(f"{option}: no code is {word!r} or begins so")
    return words
