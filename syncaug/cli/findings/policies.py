"""Which policies the arguments of `validate` mean, and what is wrong with each."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from syncaug.errors import PolicyError
from syncaug.problem import Problem

__all__ = ["Checked", "Wanted", "check_all", "find_policies", "is_policy"]

_SUFFIXES = (".yaml", ".yml")
_FEW = 48
"""Up to so many policies are checked in this process: others take longer to start."""
_KEY = re.compile(rb"""^["']?([A-Za-z_][\w-]*)["']?\s*:""", re.MULTILINE)
_PARTS = {"sample", "steps"}
"""What every policy says, beside its version."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The policies that are meant, in order; and the YAML files of folders that are none."""

    names: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """One policy: whether it can be loaded, its fingerprint and size if so, and its problems."""

    name: str
    fingerprint: str
    streams: int
    steps: int
    problems: tuple[Problem, ...]

    @property
    def valid(self) -> bool:
        """Whether it can be loaded."""
        return bool(self.fingerprint)


def find_policies(arguments: Sequence[str]) -> Wanted:
    """Files as they are named, the policies in folders, those of patterns, and `-`.

    What is a policy in folders and patterns says `is_policy`. Raises click.UsageError where an
    argument means no policy.
    """
    names: dict[str, None] = {}
    others: dict[str, None] = {}
    for argument in arguments:
        if argument == "-" or not (_is_pattern(argument) or os.path.isdir(argument)):
            names[argument] = None
            continue
        found = list(_inside(argument))
        policies = [path for path in found if is_policy(path)]
        if not policies:
            said = "YAML file there does" if len(found) == 1 else "YAML files there do"
            seen = f"; {len(found)} {said} not say syncaug:" if found else ""
            raise click.UsageError(f"{argument!r} holds no policy{seen}")
        names |= dict.fromkeys(policies)
        others |= dict.fromkeys(path for path in found if path not in names)
    return Wanted(tuple(names), tuple(path for path in others if path not in names))


def check_all(names: Sequence[str], jobs: int) -> Iterator[Checked]:
    """Check policies, in order; many in several processes (`jobs`; 0 is one for each core)."""
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1 or len(names) <= _FEW:
        yield from map(_check, names)
        return
    from concurrent.futures import ProcessPoolExecutor

    here = [name for name in names if name == "-"]  # only this process reads its standard input
    read = {name: _check(name) for name in here}
    with ProcessPoolExecutor(min(jobs, len(names) // _FEW + 1)) as pool:
        others = [name for name in names if name not in read]
        checked = pool.map(_check, others, chunksize=16)
        for name in names:
            yield read[name] if name in read else next(checked)


def _check(name: str) -> Checked:
    from syncaug.loading import check_policy

    try:
        if name == "-":
            plan, problems, _ = check_policy(sys.stdin.buffer, extras="warning")
        else:
            plan, problems, _ = check_policy(name, extras="warning")
    except PolicyError as error:
        plan, problems = None, list(error.problems)
    steps = sum(1 for _ in plan.walk()) if plan else 0
    streams = len(plan.streams) if plan else 0
    return Checked(name, plan.fingerprint if plan else "", streams, steps, tuple(problems))


def _is_pattern(argument: str) -> bool:
    return any(mark in argument for mark in "*?[") and not os.path.lexists(argument)


def _inside(argument: str) -> Iterator[str]:
    """The YAML files of a folder and of all folders in it, or of a pattern; hidden ones not."""
    if _is_pattern(argument):
        import glob

        for path in sorted(glob.glob(argument, recursive=True)):
            yield from _inside(path) if os.path.isdir(path) else [path]
        return
    for folder, inner, files in os.walk(argument):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(_SUFFIXES) and not name.startswith("."):
                yield os.path.join(folder, name)


def is_policy(path: str) -> bool:
    """Whether a YAML file says `syncaug:`, or what only a policy says whose `syncaug:` is mistyped.

    That is `sample:` and `steps:`, or one of them below a first key that is nearly `syncaug`, each
    at the start of a line.
    """
    from syncaug.policy.suggest import nearest

    try:
        with Path(path).open("rb") as file:
            keys = [key.decode() for key in _KEY.findall(file.read(1_000_000))]
    except OSError:
        return True  # that it cannot be read is told when it is checked
    if "syncaug" in keys or _PARTS.issubset(keys):
        return True
    return not _PARTS.isdisjoint(keys) and bool(nearest(keys[0], ["syncaug"]))
