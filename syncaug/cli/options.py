"""Options that several commands share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from syncaug.cli.given import AnyPath

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter

__all__ = [
    "as_key",
    "echo_json",
    "format_option",
    "limit_options",
    "loaded",
    "manifest_option",
    "policy_argument",
    "seed_option",
]


F = TypeVar("F", bound=Callable[..., Any])

policy_argument = click.argument("policy", type=AnyPath())
manifest_option = click.option(
    "--manifest",
    required=True,
    type=AnyPath(path_type=Path),
    help="The samples, as JSON Lines; paths in it are relative to its folder.",
)
seed_option = click.option("--seed", type=int, default=None, help="Replace the policy's own seed.")


def format_option(function: F) -> F:
    """`--format text|json`."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How to print.",
    )(function)


def limit_options(function: F) -> F:
    """`--max-pixels N` and `--max-memory MIB`: what one file may ask for."""
    function = click.option(
        "--max-memory",
        default=4096,
        show_default=True,
        type=click.IntRange(min=1),
        metavar="MIB",
        help="A sound, an array or a picture that takes more than this is refused.",
    )(function)
    return click.option(
        "--max-pixels",
        default=178_956_970,
        show_default=True,
        type=click.IntRange(min=1),
        help="A picture or a frame of more pixels than this is refused.",
    )(function)


def echo_json(data: Any) -> None:
    """Print data as indented JSON."""
    text = json.dumps(data, indent=2, ensure_ascii=False, default=_plain)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can carry
        text = json.dumps(data, indent=2, default=_plain)
    click.echo(text)


def loaded(policy: str, *, seed: int | None = None) -> Augmenter:
    """The policy of a path; what the compiler warns of goes to standard error."""
    from syncaug.loading import compiled

    augmenter = compiled(policy, seed=seed)
    for problem in augmenter.warnings:
        click.echo(f"{problem} (warning)", err=True)
    return augmenter


def as_key(text: str) -> str | int:
    """A key from the command line: an integer where it reads as one, as in a manifest's JSON."""
    try:
        number = int(text)
    except ValueError:
        return text
    return number if str(number) == text else text


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else list(value)
