"""Options that several commands share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter

__all__ = [
    "OutFile",
    "as_key",
    "echo_json",
    "format_option",
    "limit_options",
    "loaded",
    "manifest_option",
    "policy_argument",
    "seed_option",
]


class OutFile(click.Path):
    """A file that is written at the end of a command; that it cannot be is told at its beginning.

    Folders on its way may be missing: they are made.
    """

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        around = Path(os.path.abspath(path)).parents
        there = next(folder for folder in around if os.path.lexists(folder))
        if not there.is_dir():
            self.fail(f"{path} cannot be written: {there} is no folder. Name another file.")
        if not os.access(there, os.W_OK | os.X_OK):
            self.fail(f"{path} cannot be written: you may not write in {there}. Name another file.")
        return path


F = TypeVar("F", bound=Callable[..., Any])

policy_argument = click.argument("policy", type=click.Path(dir_okay=True))
manifest_option = click.option(
    "--manifest",
    required=True,
    type=click.Path(path_type=Path),
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
