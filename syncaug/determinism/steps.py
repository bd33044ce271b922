"""Which step of a policy is the first whose result differs.

A policy of its first steps draws what the whole one draws, since each draw has its own address. So
each of these beginnings is carried out: twice, in another order, and in other processes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from syncaug.augmenter import Augmenter
from syncaug.catalogue.external import OPERATIONS, TRANSFORMS, package_of
from syncaug.determinism.contents import digests_of
from syncaug.determinism.generators import changed_generators, global_generators
from syncaug.determinism.samples import Rows, Samples, augmented, tried
from syncaug.errors import PolicyError
from syncaug.loading import compiled
from syncaug.plan.plan import Plan
from syncaug.plan.step import Step
from syncaug.policy.document import CheckedPolicy

__all__ = ["CHECKS", "LOADED", "Beginning", "Origin", "beginnings", "named_step", "origins"]

LOADED = "as it was loaded"
CHECKS = "the checks"

EVERY_CALL = "another result at every call"
AFTER_OTHERS = "another result after other calls"
OTHER_PROCESS = "another result in another process"

Seen = list[dict[int, dict[str, str]]]
"""For each beginning the digests of each sample, by stream."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A policy of the first steps of another one, and the name of the last of them."""

    name: str
    policy: Augmenter


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a stream differs first, and what it depends on there."""

    step: str
    depends: str
    generators: tuple[str, ...] = ()


def beginnings(policy: Augmenter) -> list[Beginning]:
    """No step at all, the first, the first two, and so on without checks; then the whole policy.

    A beginning that would be no policy of its own is left out.
    """
    data = {name: value for name, value in policy.policy.items() if name != "checks"}
    steps = list(data.get("steps") or ())
    found = []
    for count in range(len(steps) + 1):
        name = str(steps[count - 1].get("name", count)) if count else LOADED
        try:
            begun = compiled(CheckedPolicy({**data, "steps": steps[:count]}))
        except PolicyError:
            continue
        found.append(Beginning(name, _like(begun, policy)))
    if policy.policy.get("checks"):
        found.append(Beginning(CHECKS, policy))
    return found


def _like(policy: Augmenter, other: Augmenter) -> Augmenter:
    """A policy with the settings of another one."""
    policy = policy.with_seed(other.seed).with_severity(other.severity)
    policy = policy.with_progress(other.progress)
    return policy.with_sync(other.sync) if other.sync else policy


def observed(
    begun: Sequence[Beginning], samples: Rows, places: Sequence[int], epoch: int
) -> tuple[Seen, list[list[str]]]:
    """The digests of every beginning, and the global generators that each drew from."""
    seen: Seen = []
    touched = []
    for one in begun:
        before = global_generators()
        seen.append({})
        for place in places:
            seen[-1][place] = digests_of(tried(augmented, one.policy, samples, place, epoch))
            samples.close()
        touched.append(changed_generators(before))
    return seen, touched


def origins(
    policy: Augmenter, samples: Samples, epoch: int, streams: Sequence[str]
) -> dict[str, Origin]:
    """Where each of these streams differs first, of those that differ again when they are tried."""
    begun = beginnings(policy)
    places = range(len(samples))
    backwards = list(reversed(places))
    first, touched = observed(begun, samples, places, epoch)
    turned = observed(begun, samples, backwards, epoch)[0]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        tasks = [
            pool.submit(observed, begun, samples, order, epoch)
            for order in (places, places, backwards)
        ]
        fresh, same, back = (task.result()[0] for task in tasks)
    found = {}
    for stream in streams:
        for number, one in enumerate(begun):
            depends = ""
            if _unlike(first, turned, number, stream):
                kept = not _unlike(fresh, same, number, stream)
                depends = AFTER_OTHERS if kept else EVERY_CALL
            elif _unlike(fresh, back, number, stream) or _unlike(first, fresh, number, stream):
                depends = OTHER_PROCESS
            if depends:
                found[stream] = Origin(one.name, depends, tuple(touched[number]))
                break
    return found


def _unlike(one: Seen, other: Seen, number: int, stream: str) -> bool:
    return any(
        digests.get(stream) != other[number][place].get(stream)
        for place, digests in one[number].items()
    )


def named_step(plan: Plan, name: str, stream: str) -> str:
    """A step as messages call it: its name, and what it does to the stream, by which package."""
    if name in (LOADED, CHECKS):
        return "what was loaded" if name == LOADED else name
    step = next((step for step in plan.steps if step.name == name), None)
    what = ", ".join(dict.fromkeys(_did(step, stream))) if step is not None else ""
    return f"step {name!r}" + (f" ({what})" if what else "")


def _did(step: Step, stream: str) -> Iterator[str]:
    if step.transform:
        package = package_of(TRANSFORMS, step.transform)
        yield f"{step.transform} of {package}" if package else step.transform
    for call in step.calls:
        if call.operation and call.stream == stream:
            package = package_of(OPERATIONS, call.operation.partition(".")[0])
            yield f"{call.operation} of {package}" if package else call.operation
    for inner in step.steps:
        yield from _did(inner, stream)
