"""`syncaug diff`: what changes in meaning between two policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from syncaug.cli.given import AnyPath
from syncaug.cli.options import echo_json, format_option
from syncaug.errors import PolicyError
from syncaug.loading import check_policy
from syncaug.plan.difference import Change, Difference, difference
from syncaug.plan.plan import Plan
from syncaug.values.wording import of_json

__all__ = ["command"]

_SAYS: Mapping[str, str] = {
    "stay": "draw the same values",
    "mapped": "draw the same random number over another range",
    "new": "are new",
    "gone": "are gone",
}


@click.command("diff")
@click.argument("old", type=AnyPath())
@click.argument("new", type=AnyPath())
@format_option
def command(old: str, new: str, form: str) -> None:
    """Say what changes in meaning from the policy OLD to NEW: streams, steps, ranges and draws.

    Names of policies, comments and the order of keys change nothing. Draws are placed by the names
    of steps and parameters: while those and the seed stay, a sample's random numbers stay.

    Exit codes: 0 the same meaning, 1 another meaning or a policy that cannot be loaded, 2 wrong
    usage, 3 a bug of ours.
    """
    before, after = _plan(old), _plan(new)
    found = difference(before, after)
    if form == "json":
        echo_json(
            {
                "same": not found.changes,
                "fingerprints": [before.fingerprint, after.fingerprint],
                "changes": [
                    {"where": list(one.where), "before": one.before, "after": one.after}
                    for one in found.changes
                ],
                "draws": found.draws,
            }
        )
    else:
        click.echo("\n".join(_lines(old, new, found)))
    if found.changes:
        raise click.exceptions.Exit(1)


def _plan(name: str) -> Plan:
    plan, problems, _ = check_policy(name, extras="warning")
    if plan is None:
        raise PolicyError([problem for problem in problems if problem.severity == "error"])
    return plan


def _lines(old: str, new: str, found: Difference) -> Iterator[str]:
    if not found.changes:
        yield f"{old} and {new} mean the same"
        return
    count = len(found.changes)
    yield f"{old} -> {new}: {count} change{'s' if count > 1 else ''}"
    yield from (f"  {_told(one)}" for one in found.changes)
    if not found.same_seed:
        yield "  with another seed, every random number is another"
    for kind, addresses in found.draws.items():
        if addresses:
            shown = ", ".join(addresses[:8]) + (", ..." if len(addresses) > 8 else "")
            yield f"  {len(addresses)} {_SAYS[kind]}: {shown}"


def _told(one: Change) -> str:
    where, before, after = one.where, one.before, one.after
    if where == ("order",):
        return f"order of steps: {', '.join(before)} -> {', '.join(after)}"
    place = ".".join(where)
    if where[2:3] == ("reaches",) and (before is None or after is None):
        kinds = ", ".join(before or after)
        verb = "now reaches" if before is None else "no longer reaches"
        return f"{'.'.join(where[:2])} {verb} {where[3]} ({kinds})"
    if before is None:
        return f"{place}: new, {_shown(where, after)}"
    if after is None:
        return f"{place}: gone, was {_shown(where, before)}"
    return f"{place}: {_shown(where, before)} -> {_shown(where, after)}"


def _shown(where: tuple[str, ...], value: Any) -> str:
    if where[2:] == ("p",):
        chance = value.get("draw", {}).get("bernoulli", {}).get("p", value.get("constant", value))
        return of_json(float(chance) if isinstance(chance, bool) else chance)
    if where[2:] == ("sync",):
        strays = ", ".join(f"{item[0]}.{item[1]} {item[2]:g}" for item in value["jitter"])
        return f"jitter {strays}" if strays else str(value["mode"])
    text = of_json(value)
    return text if text not in ("", "[]") else "nothing"
