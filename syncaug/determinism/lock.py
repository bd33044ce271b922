"""A lock: digests of sixteen draws and results of a policy, and the versions they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from syncaug.augmenter import Augmenter
from syncaug.determinism.contents import digests_of
from syncaug.determinism.packages import packages_of, versions_of
from syncaug.determinism.samples import OUTCOME, Rows, augmented, tried
from syncaug.determinism.steps import Beginning, beginnings
from syncaug.environment import machine
from syncaug.io.manifest import Entry
from syncaug.plan.extras import needs_opencv
from syncaug.randomness import STREAM_VERSION
from syncaug.record.plain import canonical
from syncaug.version import ENGINE_VERSION

__all__ = ["COUNT", "lock_of", "sources_of", "units"]

COUNT = 16
"""Draws and results that a lock holds."""


def units(samples: int) -> list[tuple[int, int]]:
    """(place, epoch) of each result: sixteen samples, or fewer in several epochs."""
    return [(number % samples, number // samples) for number in range(COUNT)]


def lock_of(policy: Augmenter, samples: Rows, source: Mapping[str, Any]) -> dict[str, Any]:
    """A policy's lock as plain data; `source` says where the samples come from.

    `steps` holds for each beginning of the policy (no step, the first, the first two ...) one
    digest of each stream over all results, by which a check finds the first step that differs.
    """
    begun = beginnings(policy)
    steps = [_step(one, policy, samples) for one in begun]
    results = []
    for place, epoch in units(len(samples)):
        key = samples.key(place)
        out = tried(augmented, policy, samples, place, epoch)
        results.append(
            {
                "key": key,
                "epoch": epoch,
                "draw": digest_of_plain(policy.draw(key=key, epoch=epoch).as_json()),
                "streams": digests_of(out),
                **({"outcome": out[OUTCOME]} if OUTCOME in out else {}),
            }
        )
        samples.close()
    names = {name for step in steps for name in step["packages"]}
    return {
        "lock": 1,
        "engine": ENGINE_VERSION,
        "draws": STREAM_VERSION,
        "fingerprint": policy.plan.fingerprint,
        "seed": policy.seed,
        "policy": dict(policy.policy),
        "samples": dict(source),
        "versions": versions_of(sorted(names)),
        "machine": machine(needs_opencv(policy.plan)),
        "steps": steps,
        "results": results,
    }


def _step(begun: Beginning, policy: Augmenter, samples: Rows) -> dict[str, Any]:
    states: dict[str, Any] = {}
    for place, epoch in units(len(samples)):
        out = tried(augmented, begun.policy, samples, place, epoch)
        for stream, digest in digests_of(out).items():
            state = states.setdefault(stream, blake2b(digest_size=16))
            state.update(f"{place}\0{epoch}\0{digest}".encode())
        samples.close()
    return {
        "step": begun.name,
        "packages": list(packages_of(policy.plan, begun.name)),
        "streams": {stream: state.hexdigest() for stream, state in states.items()},
    }


def digest_of_plain(data: Any) -> str:
    """A digest of plain data, whatever the order of its keys."""
    return blake2b(repr(canonical(data)).encode(), digest_size=16).hexdigest()


def sources_of(entries: Sequence[Entry]) -> str:
    """A digest of the lines of samples and of the files that they name, as they lie on disk.

    Empty where that cannot be told without reading the samples: entries of tables and shards.
    """
    state = blake2b(digest_size=16)
    for entry in entries:
        if entry.read is not None:
            return ""
        state.update(digest_of_plain([entry.key, dict(entry.values)]).encode())
        for value in entry.values.values():
            path = value.get("path") if isinstance(value, Mapping) else value
            if isinstance(path, str) and 0 < len(path) < 1_000:
                _feed_file(state, entry.folder / path)
    return state.hexdigest()


def _feed_file(state: Any, path: Path) -> None:
    try:
        if not path.is_file():
            return
    except (OSError, ValueError):  # a text that is no name of a file
        return
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            state.update(block)
