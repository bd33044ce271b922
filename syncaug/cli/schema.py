"""`syncaug schema`: the JSON Schema of policies, for editors and other tools."""

from __future__ import annotations

import json
from pathlib import Path

import click

__all__ = ["command"]


@click.command("schema")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="Write to a file instead of printing.",
)
def command(out: Path | None) -> None:
    """Print the JSON Schema of policies.

    Put `# yaml-language-server: $schema=PATH` on the first line of a policy: editors complete
    keys, transforms and operations.
    """
    from syncaug.policy.schema import current_schema

    text = json.dumps(current_schema(), indent=1, ensure_ascii=False) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
