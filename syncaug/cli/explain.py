"""`syncaug explain`: what each step of a policy does to each stream, or what a code means."""

from __future__ import annotations

import os
from typing import Any

import click

from syncaug.catalogue.modalities import modality_spec
from syncaug.catalogue.transforms import transform
from syncaug.cli.given import AnyPath
from syncaug.cli.known import rows_of
from syncaug.cli.options import echo_json, format_option, loaded
from syncaug.cli.told_code import is_code, tell_code
from syncaug.plan.effects import effect_on
from syncaug.plan.plan import Plan, Step
from syncaug.values.value import Constant
from syncaug.values.wording import in_words

__all__ = ["command"]


@click.command("explain")
@click.argument("policy", metavar="POLICY|CODE", type=AnyPath())
@format_option
def command(policy: str, form: str) -> None:
    """Show what each step of POLICY will do to each stream, or what a CODE such as SA302 means."""
    if is_code(policy):
        tell_code(policy, form)
        return
    if not os.path.exists(policy) and rows_of(policy):
        raise click.UsageError(
            f"no policy is named {policy!r}; `syncaug ops {policy}` describes it"
        )
    plan = loaded(policy).plan
    if form == "json":
        echo_json(plan.as_json())
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.tree import Tree

    title = f"[bold]{escape(plan.name or policy)}[/bold] {plan.fingerprint}, seed {plan.seed}"
    tree = Tree(title)
    streams = tree.add("streams")
    for stream in plan.streams:
        where = (
            ", ".join(
                kind if name == kind else f"{kind} {escape(name)}"
                for kind, name in stream.spaces.items()
            )
            or "no space"
        )
        optional = " (optional)" if stream.optional else ""
        optional += " (one of a list)" if stream.options.get("choose") == "one" else ""
        if stream.rows:
            optional += f" (rows {escape(stream.rows)}{', leads' if stream.leads else ''})"
        streams.add(f"[cyan]{escape(stream.name)}[/cyan] {stream.modality}: {where}{optional}")
    if plan.variables:
        variables = tree.add("draws, shared by all steps")
        for variable in plan.variables:
            variables.add(escape(f"{variable.name} = {in_words(variable.value)}"))
    steps = tree.add("steps")
    for step in plan.steps:
        _add(steps, step, plan)
    if plan.checks:
        checks = tree.add("checks, on what came out")
        for check in plan.checks:
            checks.add(escape(f"{check.name} {dict(check.options)}"))
        checks.add(f"if one fails: {_retries(plan)}, then {plan.on_fail.then}")
    else:
        tree.add(f"if a draw is refused: {_retries(plan)}, then {plan.on_fail.then}")
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    console.print(tree)


def _add(parent: Any, step: Step, plan: Plan) -> None:
    from rich.markup import escape

    what = (
        step.transform
        or {"operations": "linked operations", "one_of": "one of", "some_of": "some of"}[step.kind]
    )
    branch = parent.add(
        f"[bold]{escape(step.name)}[/bold]: {what}{escape(_chance(step))}{_sync(step)}"
    )
    if step.conditions:
        branch.add(escape("when " + " and ".join(each.in_words() for each in step.conditions)))
    for variable in step.variables:
        branch.add(escape(f"{variable.name} = {in_words(variable.value)}"))
    for name, value in dict(step.parameters).items():
        branch.add(escape(f"{name} = {in_words(value)}"))
    led: set[tuple[str, str]] = set()
    for call in step.calls:
        if call.leader:
            if (call.stream, call.leader) in led:
                continue  # a list of operations leads it, which it follows together
            led.add((call.stream, call.leader))
            branch.add(f"[cyan]{escape(call.stream)}[/cyan] follows {escape(call.leader)}")
            continue
        if not call.operation:
            branch.add(f"[dim]{escape(call.stream)} stays as it is: keep[/dim]")
            continue
        given = ", ".join(f"{name} = {in_words(value)}" for name, value in call.parameters.items())
        branch.add(f"[cyan]{escape(call.stream)}[/cyan] {call.operation} {escape(given)}")
    for inner in step.steps:
        _add(branch, inner, plan)
    if step.kind == "transform":
        for stream in plan.streams:
            kinds = step.streams.get(stream.name, ())
            if kinds:
                carries = modality_spec(stream.modality).carries
                did = "; ".join(carries[kind] for kind in kinds)
                if step.transform and effect_on(transform(step.transform), stream.modality).coded:
                    did = "what its new vector becomes"
                branch.add(f"[cyan]{escape(stream.name)}[/cyan]: {did}")
            else:
                branch.add(
                    f"[dim]{escape(stream.name)} is unaffected{_why(stream.modality, step)}[/dim]"
                )


def _retries(plan: Plan) -> str:
    retry, shrink = plan.on_fail.retry, plan.on_fail.shrink
    if shrink:
        return f"up to {retry} times the same draw, each time at {shrink:g} of its strength"
    return f"{retry} more draws"


def _why(modality: str, step: Step) -> str:
    from syncaug.catalogue.transforms import transform

    reason = effect_on(transform(step.transform), modality).reason
    return f": {reason}" if reason else ""


def _chance(step: Step) -> str:
    if step.gate == Constant(True):
        return ""
    if step.gate == Constant(False):
        return ", never"
    data = step.gate.as_json()
    chance = data.get("draw", {}).get("bernoulli", {})
    return f", with probability {chance.get('p', chance) if isinstance(chance, dict) else chance}"


def _sync(step: Step) -> str:
    return "" if step.sync.mode == "strict" else f" ({step.sync.mode})"
