"""`syncaug replay`: make results again, bit for bit, from their records."""

from __future__ import annotations

import filecmp
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from syncaug.cli.options import echo_json, format_option
from syncaug.errors import RecordError

__all__ = ["command"]

MANIFEST = "manifest.jsonl"


@click.command("replay")
@click.argument("records", type=click.Path(path_type=Path))
@click.option("--key", default=None, help="Only the record of this key.")
@click.option("--epoch", type=int, default=None, help="Only the record of this epoch.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="A new folder to write to."
)
@click.option("--verify", is_flag=True, help="Compare with the files beside the records instead.")
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@format_option
def command(
    records: Path,
    key: str | None,
    epoch: int | None,
    out: Path | None,
    verify: bool,
    overwrite: bool,
    form: str,
) -> None:
    """Make again what RECORDS describe: a records.jsonl of `apply`, or one record as JSON.

    The original samples are found by the record's source, relative to its folder.
    """
    if (out is None) == (not verify):
        raise click.UsageError("give --out DIR to write the results, or --verify to compare them")
    chosen = [
        record
        for record in _read(records)
        if key in (None, str(record.draw.key)) and epoch in (None, record.draw.epoch)
    ]
    if not chosen:
        asked = [f"key {key!r}"] if key is not None else []
        asked += [f"epoch {epoch}"] if epoch is not None else []
        raise RecordError(f"{records}: no record" + (f" of {', '.join(asked)}" if asked else ""))
    if out is not None:
        written = _write(chosen, records.parent, out, overwrite)
        result: dict[str, Any] = {"out": str(out), "replayed": len(chosen)}
    else:
        with tempfile.TemporaryDirectory() as temporary:
            again = Path(temporary) / "again"
            written = _write(chosen, records.parent, again, False)
            differing = _differences(again, records.parent, written)
        result = {"replayed": len(chosen), "differing": differing}
    if form == "json":
        echo_json(result)
    else:
        click.echo(", ".join(f"{name}: {value}" for name, value in result.items()))
    if result.get("differing"):
        raise click.exceptions.Exit(1)


def _read(path: Path) -> Iterator[Any]:
    from syncaug.record import Record

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"{path}: expected a file of records; {error}") from error
    lines = text.splitlines() if path.suffix == ".jsonl" else [text]
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield Record.from_json(line)
            except RecordError as error:
                raise RecordError(f"{path}:{number}: {error}") from error


def _write(records: list[Any], folder: Path, out: Path, overwrite: bool) -> list[str]:
    """Replay records into a folder; the paths of the files that were written."""
    from syncaug import load_policy
    from syncaug.augmenter import DROPPED
    from syncaug.io.saving import Formats
    from syncaug.io.writer import ResultWriter

    for record in records:
        if not record.source:
            raise RecordError(
                f"the record of key {record.draw.key!r} does not say where its sample is; "
                "call replay(sample, record) with the sample instead"
            )
    policies: dict[str, Any] = {}
    for record in records:
        if record.fingerprint not in policies:
            policies[record.fingerprint] = load_policy(record.policy)
    streams = {
        stream.name: stream for augmenter in policies.values() for stream in augmenter.plan.streams
    }
    with ResultWriter(out, streams, overwrite=overwrite) as writer:
        for record in records:
            augmenter = policies[record.fingerprint]
            manifest = folder / record.source["folder"] / "manifest.jsonl"
            load = partial(_load, manifest, streams, record.source)
            sample = load(record.draw.key, record.source["values"])
            other = None
            if record.partner is not None and "partner" in record.source:
                other = load(record.partner["key"], record.source["partner"])
            result = augmenter.replay(sample, record, partner=other)
            if result is not DROPPED:
                writer.write(
                    record.draw.key,
                    result,
                    record,
                    epoch=record.draw.epoch,
                    variant=record.source["variant"],
                    sources=record.source["values"],
                    formats=Formats.from_json(record.source.get("formats", {})),
                )
    return sorted(
        path.relative_to(out).as_posix()
        for path in out.rglob("*")
        if path.is_file() and path.parent != out
    )


def _load(
    manifest: Path, streams: Any, source: Mapping[str, Any], key: Any, values: Mapping[str, Any]
) -> dict[str, Any]:
    """One sample as `apply` loaded it."""
    from syncaug.io.manifest import Entry
    from syncaug.io.streams import load_sample
    from syncaug.io.video import LAZY_ABOVE

    lazy_above = source.get("lazy_above", LAZY_ABOVE)
    return load_sample(Entry(manifest, 0, key, values), streams, lazy_above=lazy_above)


def _differences(again: Path, before: Path, files: list[str]) -> list[str]:
    """Files, and lines of the manifest, that are not byte for byte what lies beside the records."""
    differing = [
        name
        for name in files
        if not (before / name).is_file()
        or not filecmp.cmp(again / name, before / name, shallow=False)
    ]
    known = set((before / MANIFEST).read_bytes().splitlines())
    for line in (again / MANIFEST).read_bytes().splitlines():
        if line not in known:
            differing.append(f"{MANIFEST}: {line[:60].decode(errors='replace')}")
    return differing
