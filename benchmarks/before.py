"""This checkout and another, in two processes that take turns: what has become faster.

Only the public interface is used, so that both may be old or new. With `--against TREE`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import loader, worker
from benchmarks.fresh import Fresh
from benchmarks.report import ROOT, Report, Run, commit
from benchmarks.timing import Contestant, Race, race

__all__ = ["contestants", "measure", "policies"]

POLICIES = ("pets", "driving", "living_room", "robot", "speech", "spoken_words", "mixing")
EPOCHS = 4
"""Draws of each sample of a shipped policy in one call."""
FIRST = """
from syncaug import load_policy
import numpy
policy = load_policy({'syncaug': 1, 'name': 'first', 'sample': {'image': 'image'}, 'steps': [
    {'name': 'mirror', 'uses': 'flip', 'p': 0.5},
    {'name': 'turn', 'uses': 'rotate', 'with': {'degrees': [-10, 10]}},
    {'name': 'lamp', 'uses': 'light', 'with': {'value': [-0.3, 0.3]}}]})
policy({'image': numpy.zeros((64, 64, 3), numpy.uint8)}, key=1)
"""
"""A process from nothing to its first sample of a picture."""
ITS_LIBRARIES = "import numpy, cv2, yaml, pydantic; pydantic.BaseModel"
LOADED = "from syncaug import load_policy; load_policy('policies/pets.yaml')"

Contestants = tuple[dict[str, Callable[[], Any]], dict[str, str]]


def contestants() -> Contestants:
    """Calls on samples that are made here."""
    import cv2

    from benchmarks import chain, flip, load, points, tiny
    from syncaug import load_policy

    cv2.setNumThreads(1)
    warnings.simplefilter("ignore")
    four, whole, one = tiny.sample(), chain.sample(), flip.sample()
    small = load_policy(tiny.POLICY, seed=1)
    made: dict[str, Callable[[], Any]] = {
        "tiny": partial(small, four, key=tiny.KEY),
        "tiny, with a record": partial(small.apply, four, key=tiny.KEY),
        "flip": partial(load_policy(flip.POLICY), one, key="k"),
        "load_policy, 20 steps": load.load_twenty,
        "load_policy, 200 simple steps": partial(load.load_many, 200),
    }
    for title, streams in chain.STREAMS.items():
        settings = {"syncaug": 1, "name": "chain", "sample": streams, "steps": chain.STEPS}
        extra = ["classes"] if "bboxes" in streams else []
        wanted = {name: whole[name] for name in [*streams, *extra]}
        made[f"chain, {title}"] = partial(load_policy(settings, seed=3), wanted, key=chain.KEY)
    cloud = {"points": points.cloud()}
    made["100,000 points"] = partial(load_policy(points.POLICY, seed=2), cloud, key="cloud")
    return made, {"syncaug": _tree()}


def policies(names: Iterable[str]) -> Contestants:
    """Shipped policies on their own files, some draws of each sample in one call."""
    import cv2

    cv2.setNumThreads(1)
    warnings.simplefilter("ignore")
    return {name: _shipped(name) for name in names}, {"syncaug": _tree()}


def _shipped(name: str) -> Callable[[], Any]:
    from syncaug import load_policy
    from syncaug.io import load_sample, read_manifest

    tree = Path(_tree())
    policy = load_policy(tree / "policies" / f"{name}.yaml", seed=7)
    entries = list(read_manifest(tree / "examples" / "data" / f"{name}.jsonl"))[:2]
    streams = {stream.name: stream for stream in policy.plan.streams}
    samples = [load_sample(entry, streams) for entry in entries]
    keys = [entry.key for entry in entries]
    partners: dict[str, Any] = {"partner": samples[1]} if name == "mixing" else {}

    def call() -> None:
        for key, sample in zip(keys, samples, strict=True):
            for epoch in range(EPOCHS):
                policy(sample, key=key, epoch=epoch, **partners)

    return call


def _tree() -> str:
    import syncaug

    return str(Path(syncaug.__file__).parent.parent)


def measure(run: Run) -> Report:
    """Races of one contestant each, before and after."""
    if run.against is None:
        raise SystemExit("before needs another checkout: --against TREE")
    report = Report(f"Before ({commit(run.against)}) and after, processes taking turns")
    trees = {"before": run.against, "after": ROOT}
    for function, arguments in (
        ("before:contestants", ()),
        ("loader:held", (loader.BATCH,)),
        ("before:policies", (POLICIES,)),
    ):
        workers = {
            name: worker.Worker(f"benchmarks.{function}", *arguments, tree=tree)
            for name, tree in trees.items()
        }
        try:
            for name, tree in trees.items():
                measured = workers[name].about.get("syncaug", tree)
                report.check(Path(measured) == tree, f"{name} is {commit(tree)}")
            for name in workers["after"].names:
                _race(report, run, name, {which: workers[which][name] for which in workers})
        finally:
            for each in workers.values():
                each.close()
    for name, code in (("first image sample", FIRST), ("import and load_policy", LOADED)):
        fresh = {which: Fresh(code, tree) for which, tree in trees.items()}
        fresh["its libraries alone"] = Fresh(ITS_LIBRARIES)
        result = _race(report, run, f"{name}, a fresh process", fresh)
        took = {which: 1e3 * result.cpu(which) for which in fresh}
        told = ", ".join(f"{which} {milliseconds:.0f}" for which, milliseconds in took.items())
        report.notes.append(f"{name}, milliseconds of CPU: {told}")
    return report


AIMS = {
    "first image sample, a fresh process": 2.0,
    "load_policy, 20 steps": 0.95,  # no slower, within what is noise
    "load_policy, 200 simple steps": 0.95,
}


def _race(report: Report, run: Run, name: str, both: Mapping[str, Contestant]) -> Race:
    result = race(name, both, seconds=run.seconds, turn=worker.TURN)
    report.races.append(result)
    report.ratio(f"before/after: {name}", result, "before", "after", AIMS.get(name))
    return result
