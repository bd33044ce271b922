"""`syncaug preview`: variants of one sample of a manifest, in one page with knobs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncaug.cli.given import OutFile
from syncaug.cli.options import (
    as_key,
    limit_options,
    loaded,
    policy_argument,
    seed_option,
)
from syncaug.cli.origin import Origin, origin_options
from syncaug.cli.summaries import told_refusal
from syncaug.errors import SampleError, SyncaugError

if TYPE_CHECKING:
    from syncaug.record import Record

__all__ = ["command"]

_LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)


@click.command("preview")
@policy_argument
@origin_options
@click.option("--key", "wanted", help="The sample's key; the first sample without it.")
@click.option(
    "--out",
    default="preview.html",
    show_default=True,
    type=OutFile("a page"),
)
@click.option(
    "--variants", default=4, show_default=True, type=click.IntRange(1, 64), help="How many epochs."
)
@click.option("--epoch", default=0, show_default=True, type=click.IntRange(min=0))
@click.option(
    "--extremes", is_flag=True, help="Each step alone, at both ends of its ranges, instead."
)
@limit_options
@seed_option
def command(
    policy: str,
    wanted: str | None,
    out: Path,
    variants: int,
    epoch: int,
    extremes: bool,
    max_pixels: int,
    max_memory: int,
    seed: int | None,
    **options: Any,
) -> None:
    """Show a sample of a manifest, a data set or alike, before and after POLICY, in one HTML file.

    The page has a slider for the epoch and, where ranges follow it, one for severity. All variants
    are made now: it needs no server and no network.
    """
    from syncaug.io.limits import Limits
    from syncaug.io.manifest import Entry
    from syncaug.io.packed import unpacked
    from syncaug.io.streams import load_sample
    from syncaug.report.preview import Preview

    augmenter = loaded(policy, seed=seed)
    origin = Origin.of(options)
    entries = []
    for item in origin.source(augmenter.plan).items():
        if not isinstance(item, Entry):
            raise item
        entries.append(item)
    key = None if wanted is None else as_key(wanted)
    chosen = [entry for entry in entries if key is None or entry.key in (key, wanted)]
    if not chosen:
        known = ", ".join(repr(entry.key) for entry in entries[:8])
        told = (
            f"it holds {known}" + (", ..." if len(entries) > 8 else "") if known else "it is empty"
        )
        raise click.UsageError(f"{origin.manifest} has no sample {wanted!r}: {told}")
    streams = {stream.name: stream for stream in augmenter.plan.streams}
    limits = Limits(pixels=max_pixels, memory=max_memory << 20)
    with ExitStack() as files:

        def load(entry: Entry) -> dict[str, Any]:
            opened = files.enter_context(unpacked(entry))
            return load_sample(opened, streams=streams, limits=limits)

        samples = _Samples(augmenter, entries, chosen[0], load)
        made = samples.extremes() if extremes else samples.variants(epoch, variants)
        if not made:
            raise click.UsageError("the policy has no steps to show")
        page = Preview(
            made, title=f"{augmenter.plan.name or Path(policy).stem}: {chosen[0].key}"
        ).save(out)
    variants_made = "1 variant" if len(made) == 1 else f"{len(made)} variants"
    click.echo(f"{variants_made}: {page.resolve().as_uri()}")
    for line in _refused([variant.result.record for variant in made]):
        click.echo(line, err=True)


def _refused(records: Sequence[Record]) -> Iterator[str]:
    """For each outcome but the accepted one: how many variants came to it, and why."""
    from syncaug.record.summary.refusals import Refusals

    for outcome in dict.fromkeys(record.outcome for record in records):
        if outcome == "accepted":
            continue
        alike = [record for record in records if record.outcome == outcome]
        refusals = Refusals()
        for record in alike:
            for attempt in record.attempts:
                for said in attempt.failed:
                    refusals.add(said)
        why = f": {told_refusal(refusals.as_json()[0])}" if list(refusals) else ""
        yield f"{len(alike)} of {len(records)} variants {outcome.replace('_', ' ')}{why}"


class _Samples:
    """One sample of a manifest, its partners, and what becomes of it."""

    def __init__(self, augmenter: Any, entries: Any, entry: Any, load: Any) -> None:
        from syncaug.runs.partners import Partners

        self._augmenter, self._entry, self._load = augmenter, entry, load
        self._entries = entries
        self._partners = Partners(augmenter, entries)
        self._sample = load(entry)

    def variants(self, first: int, count: int) -> list[Any]:
        """Every epoch, at every severity if the policy asks for it."""
        from syncaug.report.preview import preview_of

        levels = _LEVELS if _follows(self._augmenter.plan.as_json(), "severity") else (None,)
        made = []
        for level in levels:
            policy = self._augmenter if level is None else self._augmenter.with_severity(level)
            told = {} if level is None else {"severity": f"{level:g}"}
            for epoch in range(self._entry.epoch + first, self._entry.epoch + first + count):
                settings = {**told, "epoch": str(epoch)}
                made.append(preview_of(policy, self._sample, settings, **self._how(epoch)))
        return made

    def extremes(self) -> list[Any]:
        """Every step alone at both of its ends; what is refused there is told and left out."""
        from syncaug.loading import compiled
        from syncaug.report.extremes import extremes
        from syncaug.report.preview import preview_of

        made = []
        for name, end, data in extremes(self._augmenter.plan, self._augmenter.policy):
            told = f"{name}, {end}" if end else name
            try:
                policy = compiled(data).with_severity(1.0).with_progress(1.0)
                how = self._how(0)
                made.append(preview_of(policy, self._sample, {"step": told}, **how))
            except SyncaugError as error:
                click.echo(f"{told}: left out: {error}", err=True)
        return made

    def _how(self, epoch: int) -> dict[str, Any]:
        how: dict[str, Any] = {"key": self._entry.key, "epoch": epoch}
        if self._augmenter.plan.mixing:
            place = self._entries.index(self._entry)
            if len(self._entries) < 2:
                raise SampleError(
                    "n", what="argument", expected="at least 2 samples, of which to mix 2", came="1"
                )
            other = self._partners.of(self._entry, epoch)
            other = other or self._entries[(place + 1) % len(self._entries)]
            how |= {"partner": self._load(other), "partner_key": other.key}
        return how


def _follows(data: Any, variable: str) -> bool:
    """Whether a plan's JSON holds a link to a variable."""
    if isinstance(data, dict):
        if data.get("from") == variable or variable in str(data.get("expr", "")):
            return True
        return any(_follows(value, variable) for value in data.values())
    return isinstance(data, list) and any(_follows(value, variable) for value in data)
