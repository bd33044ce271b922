"""What `syncaug explain CODE` says of a problem code."""

from __future__ import annotations

import re

import click

from syncaug.cli.options import echo_json
from syncaug.policy.code_examples import CodeExample, code_examples
from syncaug.policy.codes import codes

__all__ = ["is_code", "tell_code"]


def is_code(text: str) -> bool:
    """Whether a word has the form of a problem code; a file of that name is `./SA302`."""
    return re.fullmatch(r"(?i)SA\d+", text) is not None


def tell_code(text: str, form: str) -> None:
    """Print a code's title, what to do, and a policy that has the problem beside one that has not.

    Raises UsageError where no problem has that code.
    """
    entry = codes().get(text.upper())
    if entry is None:
        known = list(codes())
        group = [code for code in known if code[:3] == text.upper()[:3]]
        there = ", ".join(group) or f"{known[0]} to {known[-1]}, in docs/problems.md"
        raise click.UsageError(f"no problem has the code {text.upper()}; there are {there}")
    example = code_examples()[entry.code]
    if form == "json":
        echo_json(
            {
                "code": entry.code,
                "title": entry.title,
                "advice": entry.advice.strip(),
                "severity": "warning" if entry.code.startswith("SA6") else "error",
                "wrong": example.shown,
                "note": example.note,
                "right": example.right,
            }
        )
        return
    kind = " (a warning)" if entry.code.startswith("SA6") else ""
    click.echo(f"{entry.code}: {entry.title}{kind}\n\n{entry.advice.strip()}\n")
    click.echo(f"wrong{_noted(example)}:\n\n{_indented(example.shown)}\n")
    said = _said(example)
    if said:
        click.echo(f"which is told so:\n\n{_indented(said)}\n")
    click.echo(f"right:\n\n{_indented(example.right)}")


def _said(example: CodeExample) -> str:
    """What the wrong policy is told; nothing where it is wrong in another environment alone."""
    if example.note:
        return ""
    from syncaug.errors import PolicyError
    from syncaug.loading import check_policy

    try:
        _, problems, _ = check_policy(example.wrong, extras="warning")
    except PolicyError as error:
        problems = list(error.problems)
    return "\n".join(map(str, problems))


def _noted(example: CodeExample) -> str:
    return f" ({example.note})" if example.note else ""


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip().split("\n"))
