"""`syncaug validate`: every problem of every policy, with its place and a hint."""

from __future__ import annotations

import click

from syncaug.cli.options import echo_json, format_option
from syncaug.errors import PolicyError, Problem
from syncaug.loading import check_policy
from syncaug.plan.plan import Plan

__all__ = ["command"]


@click.command("validate")
@click.argument("policies", nargs=-1, required=True, type=click.Path())
@click.option("--strict", is_flag=True, help="Count warnings as problems.")
@format_option
def command(policies: tuple[str, ...], strict: bool, form: str) -> None:
    """Check POLICIES and report every problem at once.

    No augmentation library is imported or needed: one that is missing is a warning.
    """
    results = [(name, *_check(name)) for name in policies]
    if form == "json":
        echo_json(
            [
                {
                    "policy": name,
                    "valid": plan is not None,
                    "fingerprint": plan.fingerprint if plan else "",
                    "problems": [problem.as_json() for problem in problems],
                }
                for name, plan, problems in results
            ]
        )
    else:
        for name, plan, problems in results:
            for problem in problems:
                click.echo(str(problem) if problem.severity == "error" else f"{problem} (warning)")
            if plan is not None and not (strict and problems):
                click.echo(_fine(name, plan))
    found = [p for _, _, problems in results for p in problems if strict or p.severity == "error"]
    if found:
        if form == "text":
            click.echo(f"{len(found)} problem{'s' if len(found) > 1 else ''} found", err=True)
        raise click.exceptions.Exit(1)


def _check(name: str) -> tuple[Plan | None, list[Problem]]:
    try:
        plan, problems, _ = check_policy(name, extras="warning")
    except PolicyError as error:
        return None, list(error.problems)
    return plan, problems


def _fine(name: str, plan: Plan) -> str:
    steps = sum(1 for _ in plan.walk())
    counts = f"{_counted(len(plan.streams), 'stream')}, {_counted(steps, 'step')}"
    return f"{name}: fine ({counts}, {plan.fingerprint})"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
