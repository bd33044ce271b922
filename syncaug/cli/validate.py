"""`syncaug validate`: every problem of every policy, with its place and a hint."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from syncaug.cli.findings.policies import Checked, check_all, find_policies
from syncaug.cli.findings.selected import select
from syncaug.cli.given import AnyPath
from syncaug.problem import Problem

__all__ = ["command"]

_NAMED = 5
"""So many files that are passed over are named."""
_FORMATS = ("text", "json", "github", "sarif", "junit")


@click.command("validate")
@click.argument("policies", nargs=-1, required=True)
@click.option("--strict", is_flag=True, help="Count warnings as problems.")
@click.option(
    "--select",
    "selected",
    default="",
    metavar="CODES",
    help="Tell only of these codes, or of all that begin so: SA302,SA6.",
)
@click.option(
    "--ignore", "ignored", default="", metavar="CODES", help="Do not tell of these warnings."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="For people (text), programs (json), pull requests (github), code scanning (sarif) or "
    "test reports (junit).",
)
@click.option("--output", type=AnyPath(dir_okay=False), help="Write to this file instead.")
@click.option(
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    help="How many processes check many policies; 0 is one for each core.",
)
def command(
    policies: tuple[str, ...],
    strict: bool,
    selected: str,
    ignored: str,
    form: str,
    output: str | None,
    jobs: int,
) -> None:
    """Check POLICIES and report every problem at once.

    POLICIES are files, folders, patterns such as 'policies/**/*.yaml', or - for standard input. In
    folders and patterns, YAML files that are no policies are passed over, and named. A comment
    `# syncaug: ignore[SA602]` accepts a warning of its line, or of the next.

    No augmentation library is imported or needed: one that is missing is a warning.

    Exit codes: 0 fine, 1 problems found, 2 wrong usage, 3 a bug of ours.
    """
    wanted = find_policies(policies)
    _require_apart(output, wanted.names)
    choose = select(selected, ignored, strict=strict)
    results = [choose(one) for one in check_all(wanted.names, jobs)]
    if form == "text":
        _write("\n".join(line for one in results for line in _lines(one)), output)
        if wanted.others:
            click.echo(_passed_over(wanted.others), err=True)
    else:
        from syncaug.cli.findings.forms import FORMS

        _write(FORMS[form](results), output)
    found = sum(1 for one in results for p in one.problems if p.severity == "error")
    if found:
        if form == "text":
            click.echo(f"{_counted(found, 'problem')} found", err=True)
        raise click.exceptions.Exit(1)


def _require_apart(output: str | None, policies: Sequence[str]) -> None:
    """Raise click.UsageError where what is told would take the place of a policy."""
    for name in policies if output is not None and os.path.isfile(output) else ():
        if os.path.isfile(name) and os.path.samefile(name, output or ""):
            raise click.UsageError(
                f"--output {output!r} is a policy that is checked: it stays. Name another file"
            )


def _write(text: str, output: str | None) -> None:
    if output is None:
        if text:
            click.echo(text)
        return
    from syncaug.io.atomic import write_bytes

    told = (text + "\n" if text else "").encode()
    path = Path(output)
    try:
        if path.exists() and not path.is_file():  # such as /dev/stdout
            path.write_bytes(told)
        else:
            write_bytes(path.resolve(), told)  # of a link, where it leads
    except OSError as error:
        raise click.UsageError(
            f"--output {output!r} cannot be written: {error.strerror}"
        ) from error


def _lines(one: Checked) -> Sequence[str]:
    told = [_told(problem) for problem in one.problems]
    failed = any(problem.severity == "error" for problem in one.problems)
    return told if failed or not one.valid else [*told, _fine(one)]


def _told(problem: Problem) -> str:
    return str(problem) if problem.severity == "error" else f"{problem} (warning)"


def _fine(one: Checked) -> str:
    counts = f"{_counted(one.streams, 'stream')}, {_counted(one.steps, 'step')}"
    return f"{one.name}: fine ({counts}, {one.fingerprint})"


def _passed_over(names: Sequence[str]) -> str:
    which = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
    kind = "file that is no policy" if len(names) == 1 else "files that are no policies"
    return f"{len(names)} YAML {kind} passed over: {which}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
