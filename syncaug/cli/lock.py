"""`syncaug lock`: digests of what a policy draws and gives, and whether they are still the same."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncaug.cli.check_determinism import some_of
from syncaug.cli.options import echo_json, format_option, loaded, policy_argument
from syncaug.cli.origin import Origin, origin_options
from syncaug.errors import ManifestError, SampleError
from syncaug.io.atomic import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from syncaug.augmenter import Augmenter
    from syncaug.determinism.samples import Rows
    from syncaug.plan.plan import Plan

__all__ = ["checked", "command", "told"]


@click.command("lock")
@policy_argument
@origin_options
@click.option("--check", is_flag=True, help="Compare with the lock; write nothing.")
@format_option
def command(policy: str, check: bool, form: str, **options: Any) -> None:
    """Write digests of sixteen draws and results of POLICY into POLICY.lock, or compare with it.

    The samples are the first sixteen of --manifest, or synthetic ones without it. The lock also
    holds the versions of all packages that the policy depends on, and digests after each step. With
    --check it says which stream is another, in which step first, and which upgrade did it; a policy
    that was edited is told apart from libraries that were changed.

    Exit codes: 0 as locked, 1 another policy or other bytes, 2 wrong usage, 3 a bug of ours.
    """
    from syncaug.determinism.locked import lock_path

    path = lock_path(policy)
    given = options["manifest"] is not None or options["dataset"] is not None
    if not check and not given and (options["root"] or options["split"]):
        raise click.UsageError("--root and --split go with --dataset")
    if check and given:
        raise click.UsageError(
            f"--check takes the samples that {path} names; leave out where they are"
        )
    if check:
        result = checked(policy, path)
        if form == "json":
            echo_json(result)
        else:
            click.echo("\n".join(told(policy, path, result)))
        if not result["same"]:
            raise click.exceptions.Exit(1)
        return
    origin = Origin.of({**options, "resume": False, "overwrite": False}) if given else None
    augmenter = loaded(policy)
    lock = _lock(augmenter, origin, path.parent)
    write_bytes(path, json.dumps(lock, indent=1, ensure_ascii=False).encode() + b"\n")
    refused = [one["outcome"] for one in lock["results"] if "outcome" in one]
    if form == "json":
        echo_json({"lock": str(path), "results": len(lock["results"]), "refused": refused})
    else:
        click.echo(f"{path}: {len(lock['results'])} draws and results")
        for outcome in dict.fromkeys(refused):
            click.echo(f"a sample gave no result: {outcome}"[:400], err=True)


def _lock(augmenter: Augmenter, origin: Origin | None, folder: Path) -> dict[str, Any]:
    """The lock of a policy now, on the samples of an origin, or on synthetic ones."""
    from syncaug.determinism.lock import COUNT, lock_of, sources_of
    from syncaug.determinism.locked import relative
    from syncaug.determinism.samples import DROPPED_WORD, Samples
    from syncaug.determinism.synthetic import SyntheticSamples

    source: dict[str, Any] = {}
    if origin is None:
        made = SyntheticSamples(augmenter.plan, COUNT)
        samples: Rows = made
    else:
        entries = some_of(origin, augmenter.plan, COUNT)
        samples = Samples(entries, augmenter)
        source = {
            **asdict(origin),
            "manifest": relative(origin.manifest, folder),
            "files": sources_of(entries),
        }
    lock = lock_of(augmenter, samples, source)
    if all(one.get("outcome", DROPPED_WORD) != DROPPED_WORD for one in lock["results"]):
        hint = "" if origin else " Lock it on samples of yours: --manifest FILE."
        raise ManifestError(
            f"no sample gave a result: {lock['results'][0]['outcome'].rstrip('.')}.{hint}"
        )
    return lock


def checked(policy: str, path: Path) -> dict[str, Any]:
    """What differs between a policy and its lock, as plain data.

    Raises RecordError where the lock cannot be read, ManifestError where its samples cannot, and
    PolicyError where the policy, or the one that was locked, cannot be loaded.
    """
    from syncaug.determinism.locked import changed_versions, findings, locked_policy, read_lock
    from syncaug.plan.difference import difference

    augmenter = loaded(policy)
    lock = read_lock(path, _command(policy, augmenter.plan))
    before, origin = locked_policy(lock), _origin(lock, path.parent)
    now = _lock(before, origin, path.parent)
    found = findings(lock, now, before.plan)
    edited = difference(before.plan, augmenter.plan)
    places = [".".join(change.where) for change in edited.changes]
    places += ["seed"] if augmenter.seed != lock["seed"] and "seed" not in places else []
    return {
        "same": not found and not places,
        "changes": places,
        "findings": [asdict(one) for one in found],
        "versions": changed_versions(lock, now),
        "results": len(lock["results"]),
        "again": _command(policy, augmenter.plan, origin),
    }


def _command(policy: str, plan: Plan, origin: Origin | None = None) -> str:
    """What writes the lock of a policy: on samples of an origin, or on synthetic ones if it can."""
    from syncaug.determinism.synthetic import SyntheticSamples

    given: list[str] = [] if origin is None else origin.arguments()
    try:
        SyntheticSamples(plan, 0)
    except SampleError:
        given = given or ["--manifest", "FILE"]
    return shlex.join(["syncaug", "lock", policy, *given])


def _origin(lock: Mapping[str, Any], folder: Path) -> Origin | None:
    """Where the samples of a lock are; None for synthetic ones."""
    told = {name: value for name, value in lock["samples"].items() if name != "files"}
    if not told:
        return None
    try:
        origin = Origin(**told)
        pairs = tuple((str(name), str(value)) for name, value in origin.mapped)
        return replace(
            origin, manifest=folder / origin.manifest, mapped=pairs, patterns=tuple(origin.patterns)
        )
    except (TypeError, ValueError) as error:
        raise ManifestError(f"the lock's samples: expected where they are; {error}") from error


def told(policy: str, path: Path, result: Mapping[str, Any]) -> list[str]:
    """What `--check` says, line by line."""
    lines = []
    places = result["changes"]
    if places:
        some = ", ".join(places[:5]) + (", ..." if len(places) > 5 else "")
        lines.append(
            f"{policy} is another policy than {path} locks: {some}. "
            f"Look at its results, then lock it anew: {result['again']}"
        )
    for one in result["findings"]:
        what = f"stream {one['stream']!r}" if one["stream"] else "draws"
        where = f", first in {one['step']}" if one["step"] else ""
        lines.append(f"{what}: {one['results']} of {result['results']} differ{where}: {one['why']}")
    others = list(result["versions"].values())
    if others and not result["findings"]:
        lines.append(f"without any effect on the bytes: {'; '.join(others)}")
    if result["findings"]:
        lines.append(
            "The locked policy gives other bytes here. Install what the lock names, or look at the "
            f"results and lock it anew: {result['again']}"
        )
    elif places:
        lines.append("The policy that was locked gives the same bytes as before.")
    else:
        lines.append(f"{path}: {result['results']} draws and results as locked")
    return lines
