"""`syncaug draw`: what would be drawn for a sample, without the sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from syncaug.cli.options import (
    as_key,
    echo_json,
    format_option,
    loaded,
    policy_argument,
    seed_option,
)
from syncaug.draw import SHARED, StepDraw

__all__ = ["command"]


@click.command("draw")
@policy_argument
@click.option(
    "--key", required=True, help="The sample's key; digits alone are taken as an integer."
)
@click.option(
    "--epoch", type=click.IntRange(min=0), default=0, show_default=True, help="The epoch."
)
@click.option(
    "--attempt",
    default=0,
    show_default=True,
    type=click.IntRange(min=0),
    help="The attempt, where checks made it draw again.",
)
@seed_option
@format_option
def command(policy: str, key: str, epoch: int, attempt: int, seed: int | None, form: str) -> None:
    """Print what POLICY would draw for the sample of this key."""
    augmenter = loaded(policy, seed=seed)
    draw = augmenter.draw(key=as_key(key), epoch=epoch, attempt=attempt)
    if form == "json":
        echo_json(draw.as_json())
        return
    click.echo(f"seed {draw.seed}, key {draw.key!r}, epoch {draw.epoch}, attempt {draw.attempt}")
    for name, value in draw.variables.items():
        click.echo(f"  {name} = {_shown(value)}")
    asked = {
        step.name: " and ".join(each.in_words() for each in step.conditions if each.on_content)
        for step in augmenter.plan.walk()
    }
    for step in draw.steps:
        for line in _lines(step, 1, asked):
            click.echo(line)


def _lines(step: StepDraw, depth: int, asked: Mapping[str, str]) -> Iterator[str]:
    indent = "  " * depth
    only = f" ({', '.join(step.only)})" if step.only else ""
    known = "applied" if step.applied else "not applied"
    if step.applied and step.when:
        known += f" to a sample where {asked[step.name]}"
    yield f"{indent}{step.name}{only}: {known}"
    for name, value in step.variables.items():
        yield f"{indent}  {name} = {_shown(value)}"
    for stream, values in step.parameters.items():
        prefix = "" if stream == SHARED else f"{stream}."
        for name, value in values.items():
            yield f"{indent}  {prefix}{name} = {_shown(value)}"
    for inner in step.steps:
        yield from _lines(inner, depth + 1, asked)


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
