"""How the streams of a step share its draw: `sync:` as the plan holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.compiler.complaints import Complaints, Path
from syncaug.compiler.parameters.domain import closed_bounds
from syncaug.compiler.reach.use import Use
from syncaug.plan.step import Sync

__all__ = ["jittered", "unjittered"]


def jittered(raw: Any, use: Use, path: Path, complaints: Complaints) -> Sync:
    """The sync of a transform, whose numbers may stray on some of the streams that it reaches."""
    if isinstance(raw, str):
        return Sync(raw)
    schemas = {name: p.schema for name, p in use.spec.parameters.items()}
    numbers = [n for n in use.parameters if schemas.get(n, {}).get("type") == "number"]
    jitter = []
    for target, amount in raw["jitter"].items():
        stream, _, parameter = target.partition(".")
        where = (*path, "jitter", target)
        if stream in use.reached and not parameter:
            complaints.add(
                "SA307",
                where,
                f"{stream!r} names a stream and no parameter",
                expected=f"stream.parameter, such as {stream}.{next(iter(numbers), 'PARAMETER')}",
                key=True,
            )
        elif stream not in use.reached:
            complaints.unknown("SA306", where, "stream of this step", stream, use.reached, key=True)
        elif parameter not in numbers:
            what = f"number of {use.spec.name}"
            complaints.unknown("SA307", where, what, parameter, numbers, key=True)
        else:
            low, high = closed_bounds(schemas[parameter])
            jitter.append((stream, parameter, float(amount), low, high))
    return Sync("jitter", tuple(jitter))


def unjittered(raw: Any, path: Path, complaints: Complaints) -> Sync:
    """The sync of linked operations, each of which draws parameters of its own."""
    if isinstance(raw, Mapping):
        complaints.add(
            "SA404",
            path,
            "operations cannot be jittered; link them with an offset instead",
            expected="strict or independent",
        )
        return Sync("strict")
    return Sync(raw)
