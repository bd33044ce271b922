"""`syncaug ops`: what a policy can name, and the parameters of each."""

from __future__ import annotations

from typing import Any

import click

from syncaug import catalogue
from syncaug.catalogue.external import TRANSFORMS, external_names
from syncaug.catalogue.transforms import transform, transform_names
from syncaug.cli.options import echo_json, format_option
from syncaug.policy.suggest import suggest

__all__ = ["command"]


@click.command("ops")
@click.argument("name", default="")
@click.option(
    "--refused", is_flag=True, help="List those that cannot be used too, with the reason."
)
@format_option
def command(name: str, refused: bool, form: str) -> None:
    """List transforms and operations; with NAME (or a part such as `open3d`), describe one."""
    if name in _transforms():
        _describe(_transform(name), form)
    elif name in catalogue.names():
        _describe(_operation(name), form)
    else:
        _list(name, refused, form)


def _list(part: str, refused: bool, form: str) -> None:
    rows = [_transform(name) for name in _transforms() if part in name]
    rows += [_operation(name) for name in catalogue.names() if part in name]
    rows = [row for row in rows if refused or not row["refused"]]
    if not rows:
        hint = suggest(part, [*_transforms(), *catalogue.names()])
        raise click.UsageError(f"no transform or operation is named {part!r}. {hint}".rstrip())
    if form == "json":
        echo_json(rows)
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        click.echo(f"{row['name']:{width}}  {row['refused'] or row['summary']}")


def _describe(row: dict[str, Any], form: str) -> None:
    if form == "json":
        echo_json(row)
        return
    click.echo(f"{row['name']}: {row['summary']}")
    if row["refused"]:
        click.echo(f"cannot be used: {row['refused']}")
    click.echo(row["about"])
    for name, parameter in row["parameters"].items():
        click.echo(f"  {name}: {parameter['description']}")
        default = f", default {parameter['default']}" if parameter["default"] is not None else ""
        click.echo(f"      {parameter['form']}{default}")


def _transforms() -> list[str]:
    """The names of all transforms, those of installed packages too."""
    return sorted({*transform_names(), *external_names(TRANSFORMS)})


def _transform(name: str) -> dict[str, Any]:
    spec = transform(name)
    return {
        "name": name,
        "kind": "transform",
        "summary": spec.summary,
        "about": f"a transform; makes {', '.join(spec.makes)} maps",
        "refused": "",
        "parameters": {
            key: {
                "description": parameter.description,
                "schema": dict(parameter.schema),
                "default": parameter.default,
                "form": "required" if parameter.required else "optional",
            }
            for key, parameter in spec.parameters.items()
        },
    }


def _operation(name: str) -> dict[str, Any]:
    spec = catalogue.operation(name)
    return {
        "name": name,
        "kind": "operation",
        "summary": spec.summary,
        "about": f"an operation on {' or '.join(spec.takes)}; moves {spec.moves}; "
        f"may change {', '.join(spec.changes) or 'nothing'}; needs syncaug[{spec.extra}]",
        "changes": list(spec.changes),
        "refused": spec.refused,
        "parameters": {
            key: {
                "description": parameter.description,
                "schema": dict(parameter.schema),
                "default": parameter.default,
                "form": {
                    "range": "a number, [low, high] or a link",
                    "value": "a value or a link",
                }.get(parameter.form, f"constant: {parameter.reason}"),
            }
            for key, parameter in spec.parameters.items()
        },
    }
