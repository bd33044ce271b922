"""Whether an earlier run is the one that is asked for now: what decides its bytes, and differs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from syncaug.errors import ManifestError

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter

__all__ = ["check_result", "check_run", "check_variants", "describe"]


class Resumable(Protocol):
    """What a writer tells of an earlier run in its folder."""

    out: Path

    @property
    def done(self) -> Mapping[Any, Any]:
        """What was there before, by key and epoch."""
        ...

    @property
    def left(self) -> Mapping[str, Any] | None:
        """The description of a run that was killed."""
        ...


_SHOWN = 5
"""Differences that a message names."""


def describe(augmenter: Augmenter, manifest: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What decides the bytes of a run, as plain data."""
    from syncaug.io.problem import FileProblem, read_bytes

    try:
        digest = blake2b(read_bytes(manifest, "a manifest"), digest_size=16).hexdigest()
    except FileProblem as problem:
        raise ManifestError(str(problem)) from None
    facts = {
        **_facts(augmenter),
        "manifest": manifest.name,
        "content of the manifest": digest,
        **options,
    }
    plain: dict[str, Any] = json.loads(json.dumps(facts, default=list))
    return plain


def check_run(writer: Resumable, run: Mapping[str, Any]) -> None:
    """Raise ManifestError where a killed run in the folder was another one, with the difference."""
    if writer.left is not None:
        _refuse(writer, "the run that was killed there", dict(writer.left), dict(run))


def check_result(
    writer: Resumable,
    unit: tuple[str | int, int],
    augmenter: Augmenter,
    source: Mapping[str, Any],
) -> None:
    """Raise ManifestError where a recorded result is not the one that this run would make.

    `source` is what the run would say of where the sample comes from; a partner counts where the
    record has one.
    """
    record = dict(writer.done[unit].record)
    draw = record.get("draw", {})
    before = {
        "policy": record.get("policy"),
        **{name: draw.get(name) for name in ("seed", "severity", "progress")},
        "versions": record.get("versions"),
        "engine": record.get("engine", 1),
        "source": record.get("source"),
    }
    now = {**_facts(augmenter), "source": dict(source)}
    told = record.get("source")
    if not isinstance(told, dict) or "partner" not in told:
        now["source"].pop("partner", None)
    plain = json.loads(json.dumps(now, default=list))
    _refuse(writer, f"its result of {unit[0]!r}, epoch {unit[1]}", before, plain)


def check_variants(writer: Resumable, counts: list[int], variants: int) -> None:
    """Raise ManifestError where samples have fewer results than the run would make of each.

    `counts` are those of the samples that have any; the last may just have been under way.
    """
    before = max(counts[:-1], default=variants)
    if before < variants:
        _refuse(writer, "it", {"variants": before}, {"variants": variants})


def _facts(augmenter: Augmenter) -> dict[str, Any]:
    from syncaug.environment import libraries
    from syncaug.version import ENGINE_VERSION

    return {
        "policy": augmenter.policy,
        "seed": augmenter.seed,
        "severity": augmenter.severity,
        "progress": augmenter.progress,
        "engine": ENGINE_VERSION,
        "versions": libraries(),
    }


def _refuse(writer: Resumable, what: str, before: Any, now: Any) -> None:
    found = list(_differences(before, now, ""))
    if not found:
        return
    more = f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    raise ManifestError(
        f"{writer.out}: cannot be resumed: expected the same run again; {what} had "
        + "; ".join(found[:_SHOWN])
        + more
        + ". Run what was run before, or start anew with --overwrite or in another folder."
    )


def _differences(before: Any, now: Any, place: str) -> Iterator[str]:
    """Each place where two plain values differ, as "place: before, now other"."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for name in {**before, **now}:
            inner = f"{place}.{name}" if place else str(name)
            if name not in now or name not in before:
                yield f"{inner} {_shown(before, name)}, now {_shown(now, name)}"
            else:
                yield from _differences(before[name], now[name], inner)
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (one, other) in enumerate(zip(before, now, strict=True)):
            yield from _differences(one, other, f"{place}[{number}]")
    elif json.dumps(before) != json.dumps(now):
        yield f"{place} {_short(before)}, now {_short(now)}"


def _shown(values: Mapping[str, Any], name: str) -> str:
    return _short(values[name]) if name in values else "nothing"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else text[:57] + "..."
