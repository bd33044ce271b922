"""`syncaug schema`: the JSON Schemas of policies, records and manifests."""

from __future__ import annotations

from pathlib import Path

import click

from syncaug.cli.given import OutFile

__all__ = ["command"]


@click.command("schema")
@click.argument("of", type=click.Choice(["policy", "record", "manifest"]), default="policy")
@click.option(
    "--out",
    type=OutFile("a schema"),
    default=None,
    help="Write to a file instead of printing.",
)
def command(of: str, out: Path | None) -> None:
    """Print the JSON Schema of policies, of records, or of the lines of manifests.

    Put `# yaml-language-server: $schema=PATH` on the first line of a policy: editors complete
    keys, transforms and operations.
    """
    text = _TEXTS[of]()
    if out is None:
        click.echo(text, nl=False)
    else:
        from syncaug.io.atomic import write_bytes

        out.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(out, text.encode())


def _policy() -> str:
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
    return dump(policy_schema(transforms, operations, checks()))


def _record() -> str:
    from syncaug.record.reading import SCHEMA

    return SCHEMA.read_text(encoding="utf-8")


def _manifest() -> str:
    from syncaug.io.manifest import SCHEMA

    return SCHEMA.read_text(encoding="utf-8")


_TEXTS = {"policy": _policy, "record": _record, "manifest": _manifest}
