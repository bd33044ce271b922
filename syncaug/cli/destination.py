"""How results of `apply` are written: a folder for each, WebDataset shards, Parquet, or alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncaug.cli.given import AnyPath
from syncaug.errors import RecordError

if TYPE_CHECKING:
    from syncaug.datasets.folder import Layout
    from syncaug.io.saving import Formats
    from syncaug.plan.plan import Plan
    from syncaug.runs.protocols import Sink, Source
    from syncaug.runs.units import Units

__all__ = ["OUT_FORMATS", "Destination", "destination_options"]

OUT_FORMATS = ("folder", "webdataset", "parquet", "dataset")
_FORMS: Mapping[str, Any] = {
    "format": str,
    "prefix": str,
    "columns": Mapping,
    "samples": int,
    "bytes": int,
    "variants": int,
}
"""What records tell of parts, and its types."""
_SUFFIXES = {".tar": "webdataset", ".parquet": "parquet"}


def destination_options(function: Any) -> Any:
    """`--out`, `--out-format`, `--part-samples` and `--part-size`."""
    for option in (
        click.option(
            "--part-size",
            default=1024,
            show_default=True,
            type=click.IntRange(min=1),
            metavar="MIB",
            help="What the files of one shard, or one file in Parquet, hold at most.",
        ),
        click.option(
            "--part-samples",
            default=1000,
            show_default=True,
            type=click.IntRange(min=1),
            help="Results in one shard, or in one file in Parquet, at most.",
        ),
        click.option(
            "--out-format",
            type=click.Choice(["auto", *OUT_FORMATS]),
            default="auto",
            show_default=True,
            help="auto: by the suffix of OUT, else a data set for a data set and a folder for all "
            "others.",
        ),
        click.option(
            "--out",
            required=True,
            type=AnyPath(path_type=Path),
            help="A new folder; or NAME.tar, NAME.parquet for parts NAME-000000 ... in its place.",
        ),
    ):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Destination:
    """Where results go and in which format.

    `samples` and `bytes` limit a part, whose name begins with `prefix`. `columns` are the types of
    a table's columns that hold anything. `dataset` is the kind of a data set. With `beside` the
    folder may hold what others wrote, by other names.
    """

    out: Path
    format: str = "folder"
    prefix: str = ""
    samples: int = 1000
    bytes: int = 1 << 30
    variants: int = 1
    columns: Mapping[str, str] = field(default_factory=dict)
    dataset: str = ""
    beside: bool = False

    @staticmethod
    def of(options: Mapping[str, Any], dataset: str) -> Destination:
        """What the options name. Raises click.UsageError."""
        out, form = options["out"], options["out_format"]
        named = _SUFFIXES.get(out.suffix.lower(), "")
        if form == "auto":
            form = named or ("dataset" if dataset else "folder")
        if form == "dataset" and not dataset:
            raise click.UsageError("--out-format dataset goes with --dataset KIND")
        prefix = ""
        if named and form == named:
            out, prefix = out.parent, f"{out.stem}-"
        share, shares = options.get("shard") or (0, 1)
        if shares > 1:  # so that the parts of all shares may lie in one folder
            prefix += f"{share:0{len(str(shares - 1))}d}-of-{shares}-"
        return Destination(
            out,
            form,
            prefix,
            options["part_samples"],
            options["part_size"] << 20,
            options["variants"],
            dataset=dataset if form == "dataset" else "",
            beside=named == form,
        )

    def with_columns(self, columns: Mapping[str, str]) -> Destination:
        """The same with the types of columns."""
        return replace(self, columns=dict(columns))

    @property
    def in_parts(self) -> bool:
        """Whether many results lie in one file."""
        return self.format in ("webdataset", "parquet")

    def as_json(self) -> dict[str, Any]:
        """What decides the bytes of parts, as records tell it; of all others the format."""
        if not self.in_parts:
            return {"format": self.format}
        said = {name: getattr(self, name) for name in ("format", "samples", "bytes", "variants")}
        said |= {"prefix": self.prefix, "columns": dict(self.columns)}
        return {name: value for name, value in said.items() if value}

    @staticmethod
    def from_json(out: Path, data: Any) -> Destination:
        """What `as_json` gave, for another folder. Raises RecordError."""
        known = ("folder", "webdataset", "parquet")
        if not isinstance(data, Mapping) or data.get("format") not in known:
            raise RecordError("source.written: expected how parts are written, as `apply` says it")
        for name, value in data.items():
            fits = isinstance(value, _FORMS.get(name, ())) and (type(value) is not int or value > 0)
            if not fits:
                raise RecordError(f"source.written.{name}: expected what `apply` writes there")
        if Path(data.get("prefix", "")).name != data.get("prefix", ""):
            raise RecordError("source.written.prefix: expected the beginning of a file's name")
        return Destination(out, **data)

    def layout(self, formats: Formats, meta: Any = None) -> Layout:
        """How the data set of a kind lies in its folder; `meta` is what it says of itself."""
        from syncaug.datasets.kinds import kind_of

        quality = formats.jpeg_quality if formats.image == "jpg" else 0
        return kind_of(self.dataset).layout(quality, meta)

    def sink(
        self,
        plan: Plan,
        formats: Formats,
        run: Mapping[str, Any],
        *,
        overwrite: bool = False,
        resume: bool = False,
        source: Source | None = None,
        units: Units | None = None,
    ) -> Sink:
        """What writes there; a data set is told whose `units` it gets.

        Raises MissingExtraError, and ManifestError where a run that is resumed had another format.
        """
        if resume:
            from syncaug.runs.earlier_form import require_form

            require_form(self.out, self.format)
        streams = {stream.name: stream for stream in plan.streams}
        how: dict[str, Any] = {"overwrite": overwrite, "resume": resume}
        if self.format == "dataset":
            from syncaug.runs.sinks.dataset import DatasetEncoder, DatasetSink, named_otherwise

            samples = getattr(source, "samples", None)
            if samples is None or units is None:
                return DatasetSink(self.out, DatasetEncoder(self.layout(formats)))
            layout = self.layout(formats, samples.meta)
            told = [samples.told(place) for place in range(len(samples))]
            otherwise = named_otherwise(layout, told, units.variants)
            return DatasetSink(
                self.out,
                DatasetEncoder(layout, units.variants, otherwise),
                run=run,
                order=units.order(),
                resume=resume,
            )
        if self.format == "folder":
            from syncaug.runs.sinks.folder import FolderSink

            return FolderSink(self.out, streams, formats, run, **how)
        from syncaug.runs.sinks.parts import PartSize, PartsSink

        how |= {"size": PartSize(self.samples, self.bytes), "prefix": self.prefix}
        how |= {"beside": self.beside}
        if self.format == "webdataset":
            from syncaug.runs.sinks.shards import ShardEncoder, ShardForm

            encoder = ShardEncoder(streams, formats, self.variants)
            return PartsSink(self.out, ShardForm(), encoder, run, **how)
        from syncaug.runs.sinks.columns import schema_of
        from syncaug.runs.sinks.tables import TableEncoder, TableForm

        try:
            schema = schema_of(plan, self.columns)
        except ValueError as error:
            raise RecordError(f"source.written.columns: {error}") from None
        return PartsSink(self.out, TableForm(schema), TableEncoder(streams, formats), run, **how)
