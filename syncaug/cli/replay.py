"""`syncaug replay`: make results again, bit for bit, from their records."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncaug.cli.given import AnyPath
from syncaug.cli.options import echo_json, format_option, limit_options
from syncaug.errors import RecordError

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter
    from syncaug.cli.destination import Destination
    from syncaug.io.limits import Limits
    from syncaug.io.manifest import Entry
    from syncaug.io.saving import Formats
    from syncaug.plan.plan import Stream
    from syncaug.record import Record

__all__ = ["command"]


@click.command("replay")
@click.argument("records", type=AnyPath(path_type=Path))
@click.option("--key", default=None, help="Only the record of this key.")
@click.option("--epoch", type=int, default=None, help="Only the record of this epoch.")
@click.option(
    "--manifest",
    type=AnyPath(path_type=Path),
    default=None,
    help="The manifest of the samples, or the folder of their data set, where it lies elsewhere.",
)
@click.option("--out", type=AnyPath(path_type=Path), default=None, help="A new folder to write to.")
@click.option("--verify", is_flag=True, help="Compare with the files beside the records instead.")
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@limit_options
@format_option
def command(
    records: Path,
    key: str | None,
    epoch: int | None,
    manifest: Path | None,
    out: Path | None,
    verify: bool,
    overwrite: bool,
    max_pixels: int,
    max_memory: int,
    form: str,
) -> None:
    """Make again what RECORDS describe: a records.jsonl of `apply`, or one record as JSON.

    A folder stands for the records.jsonl in it.

    The samples are found by the lines of their keys in the manifest that they came from. Each
    record is checked as a whole before anything is written.
    """
    from syncaug.cli.verify import differences, reasons
    from syncaug.io.limits import Limits
    from syncaug.record.files import file_of, read_records
    from syncaug.version import ENGINE_VERSION

    if (out is None) == (not verify):
        raise click.UsageError("give --out DIR to write the results, or --verify to compare them")
    records = file_of(records)
    found = ((where, record) for where, record in read_records(records) if _is(record, key, epoch))
    replays = _prepared(found, records.parent, manifest)
    if not replays:
        asked = [f"key {key!r}"] if key is not None else []
        asked += [f"epoch {epoch}"] if epoch is not None else []
        raise RecordError(f"{records}: no record" + (f" of {', '.join(asked)}" if asked else ""))
    told = [replay.record for replay in replays]
    in_parts = any("samples" in (record.source.get("written") or {}) for record in told)
    if verify and in_parts and (key, epoch) != (None, None):
        raise click.UsageError(
            "--verify compares whole shards and tables: leave --key and --epoch out, or write the "
            "results with --out"
        )
    limits = Limits(pixels=max_pixels, memory=max_memory << 20)
    differing: list[str] = []
    if out is not None:
        used = {records.parent.resolve(), *(r.entry.manifest.parent.resolve() for r in replays)}
        if out.resolve() in used:
            raise click.UsageError(
                f"--out {out}: the records or their samples lie there; give another folder"
            )
        _write(replays, out, overwrite, limits)
        result: dict[str, Any] = {"out": str(out), "replayed": len(replays)}
        why = reasons(told, engines_only=True)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            again = Path(temporary) / "again"
            _write(replays, again, False, limits)
            differing = differences(again, records.parent)
        result = {"replayed": len(replays), "differing": differing}
        why = reasons(told, engines_only=not differing)
    if form == "json":
        echo_json({**result, "notes": why})
    else:
        if result.get("differing") and all(record.engine != ENGINE_VERSION for record in told):
            result["another engine's, as was to be expected"] = result.pop("differing")
        click.echo(", ".join(f"{name}: {value}" for name, value in result.items()))
        for line in why:
            click.echo(line, err=True)
    if differing:
        raise click.exceptions.Exit(1)


def _is(record: Record, key: str | None, epoch: int | None) -> bool:
    return key in (None, str(record.draw.key)) and epoch in (None, record.draw.epoch)


class _Replay:
    """A record that has been checked, with its policy and the lines that its samples come from."""

    def __init__(
        self,
        where: str,
        record: Record,
        augmenter: Augmenter,
        entries: tuple[Entry, Entry | None],
    ) -> None:
        self.where, self.record, self.augmenter = where, record, augmenter
        self.entry, self.partner = entries

    @property
    def streams(self) -> Mapping[str, Stream]:
        """The streams that the record's policy declares."""
        return {stream.name: stream for stream in self.augmenter.plan.streams}

    @contextmanager
    def opened(self, limits: Limits) -> Iterator[tuple[Entry, Any]]:
        """The entry, and the result again; the files of both stay until the end.

        Nothing is carried before its digest is that of the record.
        """
        from syncaug.io.packed import unpacked

        with ExitStack() as files:
            entry = files.enter_context(unpacked(self.entry))
            yield entry, self._result(entry, files, limits)

    def _result(self, entry: Entry, files: ExitStack, limits: Limits) -> Any:
        import warnings

        from syncaug.errors import RecordWarning
        from syncaug.io.packed import unpacked
        from syncaug.io.streams import load_sample
        from syncaug.io.video import LAZY_ABOVE

        load = partial(
            load_sample,
            streams=self.streams,
            lazy_above=self.record.source.get("lazy_above", LAZY_ABOVE),
            limits=limits,
        )

        def load_partner() -> Any:
            assert self.partner is not None
            return load(files.enter_context(unpacked(self.partner)))

        partner = None if self.partner is None else load_partner
        sample = load(entry)
        with warnings.catch_warnings():  # said once for all records, at the end
            warnings.simplefilter("ignore", RecordWarning)
            try:
                return self.augmenter.replay(sample, self.record, partner=partner)
            except RecordError as error:
                raise RecordError(f"{self.where}: {error}") from error


def _prepared(found: Any, folder: Path, manifest: Path | None) -> list[_Replay]:
    """All records with their policies and sources, checked. Raises RecordError with the place."""
    from syncaug.augmenter import Augmenter
    from syncaug.cli.sources import Sources
    from syncaug.record.held import held, plan_of

    sources = Sources(folder, manifest)
    policies: dict[int, Augmenter] = {}
    replays = []
    for where, record in found:
        try:
            plan = plan_of(record)
            held(record, plan)
            if id(plan) not in policies:
                policies[id(plan)] = Augmenter(plan, record.policy, seed=plan.seed)
            replays.append(_Replay(where, record, policies[id(plan)], sources.of(record, plan)))
        except RecordError as error:
            raise RecordError(f"{where}: {error}") from error
    return replays


def _write(replays: list[_Replay], out: Path, overwrite: bool, limits: Limits) -> None:
    """Replay records into a folder, as they were written."""
    from syncaug.augmenter import DROPPED
    from syncaug.cli.destination import Destination
    from syncaug.io.saving import Formats
    from syncaug.io.writer import ResultWriter
    from syncaug.runs.sinks.alone import without_source
    from syncaug.runs.sinks.dataset import DatasetEncoder, DatasetSink

    streams = {name: stream for replay in replays for name, stream in replay.streams.items()}
    first = replays[0]
    formats = Formats.from_json(first.record.source.get("formats", {}))
    written = first.record.source.get("written")
    if written is not None and Destination.from_json(out, written).in_parts:
        _write_parts(replays, Destination.from_json(out, written), formats, overwrite, limits)
        return
    writer: ResultWriter | DatasetSink = ResultWriter(
        out, streams, overwrite=overwrite, formats=formats
    )
    if first.entry.read is not None and written is None:
        to = Destination(out, "dataset", dataset=first.entry.manifest.name)
        writer = DatasetSink(out, DatasetEncoder(to.layout(formats)))
    with writer:
        for replay in replays:
            with replay.opened(limits) as (entry, result):
                record = replay.record
                if result is DROPPED:
                    writer.write_record(record)
                    continue
                if written is not None:
                    result = without_source(entry, result)
                writer.write(
                    record.draw.key,
                    result,
                    record,
                    epoch=record.draw.epoch,
                    variant=record.source["variant"],
                    sources=entry.values,
                    source_folder=entry.folder,
                    formats=Formats.from_json(record.source.get("formats", {})),
                )


def _write_parts(
    replays: list[_Replay],
    to: Destination,
    formats: Formats,
    overwrite: bool,
    limits: Limits,
) -> None:
    """Replay records into shards or tables, one after the other."""
    from syncaug.augmenter import DROPPED
    from syncaug.io.result_folders import make_new
    from syncaug.runs.making import Made
    from syncaug.runs.units import Unit

    with to.sink(replays[0].augmenter.plan, formats, {}, overwrite=overwrite) as sink:
        for index, replay in enumerate(replays):
            record = replay.record
            unit = Unit(index, record.draw.key, record.draw.epoch, record.source["variant"])
            line, outcome = record.to_json(), str(record.outcome)
            with replay.opened(limits) as (entry, result):
                made = Made(unit, outcome, line)
                if result is not DROPPED:
                    folder = sink.scratch / str(index)
                    make_new(folder)
                    value = sink.encoder.encode(folder, unit, entry, result)
                    made = Made(unit, outcome, line, value, folder)
            sink.commit(made)
        sink.finish([])
