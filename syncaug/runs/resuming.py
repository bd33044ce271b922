"""Whether an earlier run is the one that is asked for now: what decides its bytes, and differs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from syncaug.errors import ManifestError, SampleError
from syncaug.runs.making import source_of

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter
    from syncaug.runs.making import Job
    from syncaug.runs.protocols import Sink
    from syncaug.runs.units import Unit, Units

__all__ = ["check_resumed", "describe"]


_OPTIONS = {
    "seed": "--seed",
    "severity": "--severity",
    "progress": "--progress",
    "shard": "--shard",
    "variants": "--variants",
    "epoch": "--epoch",
    "source.lazy_above": "--lazy-above",
    "source.formats.image": "--image-format",
    "source.formats.audio": "--audio-format",
    "source.formats.coding.crf": "--crf",
    "source.formats.coding.preset": "--preset",
    "source.formats.coding.sound": "--sound",
    "source.formats.coding.threads": "--encoder-threads",
    "source.written.format": "--out-format",
    "source.written.prefix": "--shard, or the name of --out",
    "source.written.samples": "--part-samples",
    "source.written.bytes": "--part-size",
    "source.written.variants": "--variants",
}
"""Which option of `syncaug apply` says what a record or a run holds at a place."""

_SHOWN = 5
"""Differences that a message names."""


def describe(
    augmenter: Augmenter, source: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, Any]:
    """What decides the bytes of a run, as plain data.

    `source` is the description of where samples come from; without one a run has none either.
    """
    if not source:
        return {}
    facts = {**_facts(augmenter), **source, **options}
    plain: dict[str, Any] = json.loads(json.dumps(facts, default=list))
    return plain


def check_resumed(sink: Sink, units: Units, job: Job, run: Mapping[str, Any]) -> None:
    """Raise ManifestError unless `run` is the one that was killed or stopped at the sink's place.

    Every earlier result must be one that this run would make.
    """
    if sink.left is not None:
        _refuse(sink, "the run that was killed there", dict(sink.left), dict(run))
    earlier = {**sink.done, **sink.again}
    left = dict(earlier)
    counts, most = [], 1
    for sample in units.samples():
        if isinstance(sample, ManifestError):
            continue
        entry, own = sample
        done = [unit for unit in own if left.pop(unit.name, None) is not None]
        for unit in done:
            task = units.task(entry, unit)
            partner = None if isinstance(task.partner, SampleError) else task.partner
            record = earlier[unit.name].record
            _check_result(sink, unit, record, job.augmenter, source_of(job, task, partner))
        counts.append(len(done))
        most = len(own)
    if left:
        key, epoch = next(iter(left))
        raise ManifestError(
            f"{sink.out}: cannot be resumed: expected the results of this manifest and "
            f"these options only; it holds one of {key!r}, epoch {epoch}, and "
            f"{units.why_not((key, epoch))}. {_way(sink)}"
        )
    _check_variants(sink, [count for count in counts if count], most)


def _check_result(
    sink: Sink,
    unit: Unit,
    told_before: Mapping[str, Any],
    augmenter: Augmenter,
    source: Mapping[str, Any],
) -> None:
    """Raise ManifestError where a recorded result is not the one that this run would make.

    `source` is what the run would say of where the sample comes from; a partner counts where the
    record has one.
    """
    record = dict(told_before)
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
        now["source"].pop("partner_in", None)
    plain = json.loads(json.dumps(now, default=list))
    _refuse(sink, f"its result of {unit.key!r}, epoch {unit.epoch}", before, plain)


def _check_variants(sink: Sink, counts: list[int], variants: int) -> None:
    """Raise ManifestError where samples have fewer results than the run would make of each.

    `counts` are those of the samples that have any; the last may just have been under way.
    """
    before = max(counts[:-1], default=variants)
    if before < variants:
        _refuse(sink, "it", {"variants": before}, {"variants": variants})


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


def _refuse(sink: Sink, what: str, before: Any, now: Any) -> None:
    found = list(_differences(before, now, ""))
    if not found:
        return
    more = f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    raise ManifestError(
        f"{sink.out}: cannot be resumed: expected the same run again; {what} had "
        + "; ".join(map(_optioned, found[:_SHOWN]))
        + more
        + f". {_way(sink)}"
    )


def _optioned(difference: str) -> str:
    """A difference with the option that makes it, where that is one."""
    option = _OPTIONS.get(difference.split(" ", 1)[0], "")
    return f"{difference} ({option})" if option else difference


def _way(sink: Sink) -> str:
    """What to do; a data set is never written over."""
    over = "with --overwrite or " if getattr(sink, "replaces", True) else ""
    return f"Run what was run before, or start anew {over}in another folder."


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
