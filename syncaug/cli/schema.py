"""`syncaug schema`: the JSON Schema of policies, for editors and other tools."""

from __future__ import annotations

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
    from syncaug import catalogue
    from syncaug.catalogue.checks import checks
    from syncaug.catalogue.transforms import transform, transform_names
    from syncaug.policy.schema import dump, policy_schema

    transforms = {name: transform(name) for name in transform_names()}
    operations = {  # those of third parties are left out: the file is the same on every machine
        name: catalogue.operation(name)
        for name in catalogue.names()
        if name.partition(".")[0] in catalogue.LIBRARIES
    }
    text = dump(policy_schema(transforms, operations, checks()))
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
