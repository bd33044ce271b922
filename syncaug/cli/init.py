"""`syncaug init`: a first policy, by looking at the samples of a manifest."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click

from syncaug.cli.given import AnyPath
from syncaug.errors import PolicyError

__all__ = ["command"]

_LOOKED_AT = 50
"""So many samples are looked at."""


@click.command("init")
@click.argument("manifest", type=AnyPath(path_type=Path))
@click.option(
    "--out",
    type=AnyPath(path_type=Path, dir_okay=False),
    help="Write the policy to this new file instead of printing it.",
)
@click.option("--name", default="", help="The policy's name; the manifest's without it.")
def command(manifest: Path, out: Path | None, name: str) -> None:
    """Write a first policy for MANIFEST by looking at its streams.

    The policy is valid, and is tried on the first sample. What was guessed stands in its comments.
    """
    from syncaug.io.kinds import kinds_of
    from syncaug.io.manifest import read_manifest

    entries = list(islice(read_manifest(manifest), _LOOKED_AT))
    kinds = kinds_of(entries)
    if not kinds.streams:
        raise click.UsageError(
            f"{manifest}: no entry of the first sample is a stream: {', '.join(kinds.untouched)}"
        )
    policy, about = _policy(
        name or manifest.stem, kinds.streams, kinds.untouched, robots=bool(kinds.robots)
    )
    text = _text(policy, about, kinds.doubts)
    if out is None:
        click.echo(text, nl=False)
    else:
        _write(text, out)
    click.echo(_tried(text, entries[0]), err=True)


def _policy(
    name: str, streams: Mapping[str, Any], untouched: Sequence[str], *, robots: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    """A policy with all steps and checks that its streams allow; and what each step is for.

    Beside a robot's numbers that are no streams yet, no step is taken that they would have to
    follow.
    """
    import yaml

    about: dict[str, str] = {}
    data = yaml.safe_load((Path(__file__).parent / "first_steps.yaml").read_text(encoding="utf-8"))
    policy: dict[str, Any] = {"syncaug": 1, "name": name, "sample": dict(streams)}
    if untouched:
        policy["untouched"] = list(untouched)
    policy["steps"], policy["checks"] = [], []
    there = {said["modality"] for said in streams.values()}
    for kind in ("steps", "checks"):
        for one in data[kind]:
            if there.isdisjoint(one["where"]) or (robots and one.get("moves")):
                continue
            item = one["step"]
            longer = {**policy, kind: [*policy[kind], item]}
            if _is_fine(longer):
                policy = longer
                about |= {item["name"]: one["about"]} if kind == "steps" else {}
    if not policy["checks"]:
        del policy["checks"]
    return {**policy, "on_fail": {"retry": 5, "then": "neutral"}}, about


def _is_fine(policy: Mapping[str, Any]) -> bool:
    from syncaug.loading import check_policy

    try:
        plan, problems, _ = check_policy(policy, extras="warning")
    except PolicyError:
        return False
    return plan is not None and all(problem.code.startswith("SA7") for problem in problems)


def _text(policy: Mapping[str, Any], about: Mapping[str, str], doubts: Sequence[str]) -> str:
    lines = [
        "# A first policy, made by looking at the samples: read it, and change what is not meant.",
        *(f"# Please check {doubt}." for doubt in doubts),
        "syncaug: 1",
        f"name: {_flow(policy['name'])}",
        "",
        "sample:",
        *(f"  {_flow(stream)}: {_short(said)}" for stream, said in policy["sample"].items()),
    ]
    if "untouched" in policy:
        lines.append(f"untouched: {_flow(policy['untouched'])}")
    steps = list(_steps(policy["steps"], about))
    lines += ["", "steps:", *steps] if steps else ["", "steps: []  # None of the first ones fits."]
    if "checks" in policy:
        lines += ["", "checks:", *(f"  - {_flow(check)}" for check in policy["checks"])]
    return "\n".join([*lines, "", f"on_fail: {_flow(policy['on_fail'])}"]) + "\n"


def _steps(steps: Sequence[Mapping[str, Any]], about: Mapping[str, str]) -> Iterator[str]:
    for step in steps:
        yield f"  - name: {step['name']}  # {about[step['name']]}"
        for key in ("uses", "with", "p"):
            if key in step:
                yield f"    {key}: {_flow(step[key])}"


def _short(said: Mapping[str, Any]) -> str:
    return str(said["modality"]) if len(said) == 1 else _flow(said)


def _flow(value: Any) -> str:
    """A value on one line of YAML."""
    import yaml

    text = yaml.safe_dump(
        value, default_flow_style=True, width=10_000, sort_keys=False, allow_unicode=True
    )
    return text.removesuffix("\n...\n").strip().removesuffix("\n...")


def _write(text: str, out: Path) -> None:
    from syncaug.io.atomic import write_bytes

    if os.path.lexists(out):
        raise click.UsageError(f"{out} exists already: choose another name")
    try:
        write_bytes(out, text.encode())
    except OSError as error:
        raise click.UsageError(
            f"{out} cannot be written: {os.strerror(error.errno or 0)}"
        ) from error


def _tried(text: str, entry: Any) -> str:
    """What becomes of the first sample, in one sentence."""
    from syncaug.errors import SyncaugError
    from syncaug.io.streams import load_sample
    from syncaug.loading import compiled

    try:
        policy = compiled(text)
        sample = load_sample(entry, {stream.name: stream for stream in policy.plan.streams})
        _, record = policy.apply(sample, key=entry.key)
    except SyncaugError as error:
        return f"The first sample does not fit yet:\n{error}"
    return f"Tried on sample {entry.key!r}: {record.outcome.replace('_', ' ')}."
