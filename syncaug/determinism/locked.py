"""A lock held against what its policy gives now: which upgrade changed which stream, and where."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syncaug.augmenter import Augmenter
from syncaug.determinism.steps import LOADED, named_step
from syncaug.errors import RecordError
from syncaug.loading import compiled
from syncaug.plan.plan import Plan
from syncaug.policy.document import CheckedPolicy
from syncaug.record.plain import parse
from syncaug.regular import open_regular

__all__ = ["Finding", "changed_versions", "findings", "lock_path", "locked_policy", "read_lock"]

_FORM: Mapping[str, type] = {
    "engine": int,
    "draws": int,
    "fingerprint": str,
    "seed": int,
    "policy": dict,
    "samples": dict,
    "versions": dict,
    "machine": dict,
    "steps": list,
    "results": list,
}
"""What a lock holds."""
_WORDS = {int: "a whole number", str: "a text", dict: "a mapping", list: "a list"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is another than when the policy was locked: of a stream, or of all draws where empty."""

    stream: str
    step: str
    results: int
    why: str


def lock_path(policy: str) -> Path:
    """The lock of a policy's file: beside it, with `.lock` after its name."""
    return Path(policy.rstrip("/\\") + ".lock")


def read_lock(path: Path, command: str) -> dict[str, Any]:
    """A lock as plain data; `command` is what writes one.

    Raises RecordError where it is missing or is none.
    """
    anew = f"Write it anew: {command}"
    try:
        with open_regular(path) as file:
            data = parse(file.read())
    except OSError as error:
        remedy = f"Write it: {command}" if isinstance(error, FileNotFoundError) else anew
        raise RecordError(
            f"{path}: expected the lock of the policy; {error.strerror or error}. {remedy}"
        ) from error
    except RecordError as error:
        raise RecordError(f"{path}: {error}") from error
    if not isinstance(data, dict) or data.get("lock") != 1:
        raise RecordError(f"{path}: expected a lock, a mapping with 'lock': 1. {anew}")
    for name, form in _FORM.items():
        if not isinstance(data.get(name), form):
            raise RecordError(
                f"{path}: {name}: expected {_WORDS[form]}; got {data.get(name)!r:.60}. {anew}"
            )
    for name, parts in (("steps", ("step", "packages", "streams")), ("results", _RESULT)):
        for number, item in enumerate(data[name]):
            if not isinstance(item, dict) or any(part not in item for part in parts):
                raise RecordError(
                    f"{path}: {name}[{number}]: expected a mapping of {', '.join(parts)}; "
                    f"got {item!r:.60}. {anew}"
                )
    return data


_RESULT = ("key", "epoch", "draw", "streams")


def locked_policy(lock: Mapping[str, Any]) -> Augmenter:
    """The policy as it was locked. Raises PolicyError where this version does not take it."""
    return compiled(CheckedPolicy(lock["policy"])).with_seed(lock["seed"])


def changed_versions(lock: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, str]:
    """Package -> what became of its version, of all that a lock tells."""
    before, after = lock["versions"], now["versions"]
    return {
        name: f"{name} {before.get(name, 'none')}, now {after.get(name, 'none')}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def findings(lock: Mapping[str, Any], now: Mapping[str, Any], plan: Plan) -> list[Finding]:
    """What differs between a lock and the lock of the same policy now, stream by stream."""
    found = list(_draws(lock, now))
    pairs = list(zip(lock["results"], now["results"], strict=False))
    streams = dict.fromkeys(name for one, _ in pairs for name in one["streams"])
    streams |= dict.fromkeys(name for _, other in pairs for name in other["streams"])
    for stream in streams:
        unlike = sum(1 for a, b in pairs if a["streams"].get(stream) != b["streams"].get(stream))
        if unlike:
            found.append(_of_stream(lock, now, plan, stream, unlike))
    return found


def _draws(lock: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Finding]:
    before = {(type(one["key"]), one["key"], one["epoch"]): one["draw"] for one in lock["results"]}
    after = {(type(one["key"]), one["key"], one["epoch"]): one["draw"] for one in now["results"]}
    if before.keys() != after.keys():
        yield Finding("", "", len(before.keys() - after.keys()), "the samples have other keys")
        return
    unlike = sum(1 for place, digest in before.items() if after[place] != digest)
    if not unlike:
        return
    if lock["draws"] != now["draws"]:
        why = f"draws of version {lock['draws']}, now {now['draws']}"
    elif lock["versions"].get("syncaug") != now["versions"].get("syncaug"):
        why = changed_versions(lock, now)["syncaug"]
    else:
        why = "the lock was edited, or syncaug's own code"
    yield Finding("", "", unlike, why)


def _of_stream(
    lock: Mapping[str, Any], now: Mapping[str, Any], plan: Plan, stream: str, unlike: int
) -> Finding:
    """The first step after which a stream differs, and what of it is another version."""
    after = {step["step"]: step for step in now["steps"]}
    for step in lock["steps"]:
        other = after.get(step["step"])
        if other is None or step["streams"].get(stream) == other["streams"].get(stream):
            continue
        name = step["step"]
        if name == LOADED and lock["samples"].get("files") != now["samples"].get("files"):
            named = named_step(plan, name, stream)
            return Finding(stream, named, unlike, "the samples are other ones")
        needed = {*step["packages"], *other["packages"]}
        changed = [told for one, told in changed_versions(lock, now).items() if one in needed]
        why = "; ".join(changed) or _without_versions(lock, now)
        return Finding(stream, named_step(plan, name, stream), unlike, why)
    return Finding(
        stream, "", unlike, "the digests of its steps are as locked: the lock was edited"
    )


def _without_versions(lock: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What may be the reason where no package of a step has another version."""
    if lock["engine"] != now["engine"]:
        return f"engine {lock['engine']} of syncaug, now {now['engine']}"
    there, here = lock["machine"], now["machine"]
    changed = [
        f"{name}: {there.get(name, 'none')}, now {here.get(name, 'none')}"
        for name in {**there, **here}
        if there.get(name) != here.get(name)
    ]
    if changed:
        return f"another machine: {'; '.join(changed)}"
    return (
        "no package that it uses has another version: one was edited, or it is not deterministic "
        "(syncaug check-determinism)"
    )


def relative(path: Path, folder: Path) -> str:
    """A path as a lock holds it, from the lock's own folder."""
    return Path(os.path.relpath(path, folder)).as_posix()
