"""`syncaug ops`: everything that a policy can name, or one of them with its parameters."""

from __future__ import annotations

import json

import click

from syncaug.catalogue.schema_words import schema_in_words
from syncaug.cli.known import KINDS, Row, known_names, rows_of, rows_with
from syncaug.cli.options import echo_json, format_option
from syncaug.policy.other_names import meant
from syncaug.policy.suggest import suggest

__all__ = ["command"]


@click.command("ops")
@click.argument("name", default="")
@click.option(
    "--refused", is_flag=True, help="List those that cannot be used too, with the reason."
)
@format_option
def command(name: str, refused: bool, form: str) -> None:
    """List transforms, operations, checks, modalities and distributions, or describe one by NAME.

    NAME may be a part, such as `open3d`, which lists what bears it.
    """
    rows = rows_of(name)
    if not rows:
        _list(name, refused, form)
    elif form == "json":
        echo_json(rows[0] if len(rows) == 1 else rows)
    else:
        for row in rows:
            _describe(row)


def _list(part: str, refused: bool, form: str) -> None:
    rows, broken = rows_with(part)
    for error in broken:
        click.echo(f"left out: {error}", err=True)
    rows = [row for row in rows if refused or not row["refused"]]
    if not rows:
        hint = _hint(part)
        kinds = ", ".join(list(KINDS)[:-1])
        raise click.UsageError(
            f"no {kinds} or {list(KINDS)[-1]} is named {part!r}; {hint}".rstrip("; ")
        )
    if form == "json":
        echo_json(rows)
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        click.echo(f"{row['name']:{width}}  {row['refused'] or row['summary']}")


_REFERRED = {
    "link": "a link",
    "distribution": "a distribution",
    "normal": "a mapping",
    "beta": "a mapping",
    "choice": "a mapping",
}
"""What a schema refers to, in words."""


def _hint(part: str) -> str:
    """What was probably meant, of the names here and those of other libraries."""
    for section in ("transforms", "modalities", "distributions", "checks"):
        near = meant(section, part, known_names())
        if near.hint:
            return near.hint
    return suggest(part, known_names())


def _describe(row: Row) -> None:
    click.echo(f"{row['name']}: {row['summary']}")
    if row["refused"]:
        click.echo(f"cannot be used: {row['refused']}")
    click.echo(row["about"])
    for name, parameter in row["parameters"].items():
        click.echo(f"  {name}: {parameter['description']}")
        takes = schema_in_words(parameter["schema"], _REFERRED).replace("`", "")
        unit = f" ({parameter['unit']})" if parameter.get("unit") else ""
        default = parameter["default"]
        told = "" if default in (None, "") else f", default {json.dumps(default)}"
        click.echo(f"      {takes}{unit}; {parameter['form']}{told}")
