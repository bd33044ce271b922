"""Where samples come from: a manifest, files, tables, shards, or a data set of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncaug.cli.given import AnyPath

if TYPE_CHECKING:
    from syncaug.plan.plan import Plan
    from syncaug.runs.protocols import Source

__all__ = ["DATASETS", "IN_FORMATS", "Origin", "origin_options", "source_options"]

DATASETS = ("coco", "films", "flickr30k", "kitti", "lerobot", "lhotse", "nuscenes")
"""As syncaug.datasets.KINDS, which is not imported before it is needed."""

IN_FORMATS = ("manifest", "files", "parquet", "webdataset", "huggingface")
"""As syncaug.runs.sources.given.FORMATS, which is not imported before it is needed."""


def source_options(function: Any) -> Any:
    """`--manifest`, which may name more than that, and what says how it is read."""
    for option in (
        click.option(
            "--key-from",
            default="",
            metavar="COLUMN|TEMPLATE",
            help="The column of keys, or how files' keys are made: '{scene}/{frame}'.",
        ),
        click.option(
            "--pattern",
            "patterns",
            multiple=True,
            metavar="[STREAM=]PATTERN",
            help="The files of a stream in a folder: 'image=images/{key}.jpg', "
            "'{key}/{stream}.png'. Give one for each.",
        ),
        click.option(
            "--map",
            "mapped",
            multiple=True,
            metavar="STREAM=SOURCE",
            help="The column, or the extension of members, that a stream comes from.",
        ),
        click.option(
            "--in-format",
            type=click.Choice(["auto", *IN_FORMATS]),
            default="auto",
            show_default=True,
            help="What --manifest names; auto tells it by its suffix, or by what lies in a folder.",
        ),
        click.option("--split", default="", help="The split or version, where there are several."),
        click.option(
            "--manifest",
            "--in",
            "manifest",
            type=AnyPath(path_type=Path),
            help="The samples: a manifest in JSON Lines, files in Parquet, WebDataset shards such "
            "as 'shards/{000..004}.tar', a data set that datasets saved to disk, or a folder.",
        ),
    ):
        function = option(function)
    return function


def origin_options(function: Any) -> Any:
    """`source_options`, and `--dataset` with `--root`."""
    function = click.option(
        "--root", type=AnyPath(path_type=Path), help="The folder of the data set."
    )(function)
    function = click.option(
        "--dataset",
        type=click.Choice(DATASETS),
        help="The kind of a data set that is read; apply writes one, too.",
    )(function)
    return source_options(function)


@dataclass(frozen=True, slots=True)
class Origin:
    """The manifest or other source, or the data set, that samples come from."""

    manifest: Path
    dataset: str = ""
    split: str = ""
    format: str = "auto"
    mapped: tuple[tuple[str, str], ...] = ()
    patterns: tuple[str, ...] = ()
    key: str = ""

    def arguments(self) -> list[str]:
        """What names it on the command line."""
        named = (
            ["--dataset", self.dataset, "--root"]
            if self.dataset
            else [*(["--in-format", self.format] if self.format != "auto" else []), "--manifest"]
        )
        named += [str(self.manifest)]
        named += ["--split", self.split] if self.split else []
        named += [word for pair in self.mapped for word in ("--map", "=".join(pair))]
        named += [word for pattern in self.patterns for word in ("--pattern", pattern)]
        return named + (["--key-from", self.key] if self.key else [])

    @staticmethod
    def of(options: Mapping[str, Any]) -> Origin:
        """What the options name. Raises click.UsageError unless that is one thing."""
        manifest = options["manifest"]
        dataset, root = options.get("dataset"), options.get("root")
        if (manifest is None) == (dataset is None):
            raise click.UsageError("give --manifest FILE, or --dataset KIND and --root FOLDER")
        if (dataset is None) != (root is None):
            raise click.UsageError("--dataset KIND and --root FOLDER go together")
        pairs = tuple(map(_pair, options["mapped"]))
        if len(dict(pairs)) < len(pairs):
            raise click.UsageError("--map: expected each stream once; say 'image=jpg;png' for any")
        origin = Origin(
            Path(manifest or root or ""),
            dataset or "",
            options["split"],
            options["in_format"],
            pairs,
            options["patterns"],
            options["key_from"],
        )
        if not dataset:
            return origin
        if origin.mapped or origin.patterns or origin.key or origin.format != "auto":
            raise click.UsageError(
                "--map, --pattern, --key-from and --in-format go with --manifest; a data set of a "
                "kind says all that itself"
            )
        if options.get("overwrite"):
            raise click.UsageError(
                "--overwrite goes with --manifest; a data set is written into a new folder"
            )
        return origin

    def source(self, plan: Plan) -> Source:
        """Where samples come from. Raises ManifestError, click.UsageError."""
        if self.dataset:
            from syncaug.runs.sources.dataset import DatasetSource

            return DatasetSource(self.manifest, self.dataset, self.split)
        from syncaug.runs.sources.declared import Declared
        from syncaug.runs.sources.given import Given, format_of
        from syncaug.runs.sources.opening import open_source

        form = format_of(self.manifest, self.patterns) if self.format == "auto" else self.format
        self._check(form)
        given = Given(self.manifest, form, dict(self.mapped), self.patterns, self.key, self.split)
        return open_source(given, Declared.of(plan))

    def _check(self, form: str) -> None:
        """Raise click.UsageError where an option says nothing about a format."""
        goes = {
            "--split": (bool(self.split), ("huggingface",)),
            "--map": (bool(self.mapped), ("parquet", "webdataset", "huggingface")),
            "--pattern": (bool(self.patterns), ("files",)),
            "--key-from": (bool(self.key), ("files", "parquet", "huggingface")),
        }
        for option, (given, forms) in goes.items():
            if given and form not in forms:
                also = "--dataset, or with " if option == "--split" else ""
                raise click.UsageError(
                    f"{option} goes with {also}{', '.join(forms)}; {self.manifest} is read as "
                    f"{form} (--in-format)"
                )
        if form == "files" and not self.patterns:
            raise click.UsageError(
                "--in-format files needs --pattern for each stream: "
                "'image=images/{key}.jpg', or '{key}/{stream}.png'"
            )


def _pair(text: str) -> tuple[str, str]:
    name, sign, source = text.partition("=")
    if not sign or not name or not source:
        raise click.UsageError(f"--map {text!r}: expected STREAM=SOURCE, such as image=jpg")
    return name, source
