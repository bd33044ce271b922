"""Where the samples of `apply` come from, a manifest or a data set, and how results are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncaug.errors import ManifestError

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter
    from syncaug.cli.dataset_writer import DatasetWriter
    from syncaug.io.manifest import Entry
    from syncaug.io.saving import Formats
    from syncaug.io.writer import ResultWriter

__all__ = ["DATASETS", "Origin", "origin_options", "writer_like"]

DATASETS = ("coco", "films", "flickr30k", "kitti", "lerobot", "lhotse", "nuscenes")
"""As syncaug.datasets.KINDS, which is not imported before it is needed."""


def origin_options(function: Any) -> Any:
    """`--manifest`, or `--dataset`, `--root` and `--split`."""
    for option in (
        click.option("--split", default="", help="The split or version, where there are several."),
        click.option("--root", type=click.Path(path_type=Path), help="The folder of the data set."),
        click.option(
            "--dataset", type=click.Choice(DATASETS), help="Read, and write, a data set of a kind."
        ),
        click.option(
            "--manifest",
            type=click.Path(path_type=Path),
            help="The samples, as JSON Lines; paths in it are relative to its folder.",
        ),
    ):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Origin:
    """The manifest, or the data set, that samples come from."""

    manifest: Path
    dataset: str = ""
    split: str = ""

    @staticmethod
    def of(options: Mapping[str, Any]) -> Origin:
        """What the options name. Raises click.UsageError unless that is one thing."""
        manifest, dataset, root = (options[name] for name in ("manifest", "dataset", "root"))
        if (manifest is None) == (dataset is None):
            raise click.UsageError("give --manifest FILE, or --dataset KIND and --root FOLDER")
        if (dataset is None) != (root is None):
            raise click.UsageError("--dataset KIND and --root FOLDER go together")
        if manifest is not None:
            if options["split"]:
                raise click.UsageError("--split goes with --dataset")
            return Origin(manifest)
        if options["resume"] or options["overwrite"]:
            raise click.UsageError(
                "--resume and --overwrite go with --manifest; a data set is written into a new "
                "folder as a whole"
            )
        return Origin(root, dataset, options["split"])

    def items(self) -> list[Entry | ManifestError]:
        """All samples as entries, none of them read yet. Raises ManifestError."""
        if self.dataset:
            from syncaug.datasets.kinds import entries_of

            return list(entries_of(self.dataset, self.manifest, self.split))
        from syncaug.io.manifest import scan_manifest

        return list(scan_manifest(self.manifest))

    def run(self, augmenter: Augmenter, options: Mapping[str, Any]) -> dict[str, Any]:
        """What decides the bytes of a run, for whoever resumes it; nothing for a data set."""
        from syncaug.cli.resuming import describe

        return {} if self.dataset else describe(augmenter, self.manifest, options)

    def writer(
        self,
        out: Path,
        streams: Mapping[str, Any],
        formats: Formats,
        run: Mapping[str, Any],
        *,
        overwrite: bool,
        resume: bool,
    ) -> ResultWriter | DatasetWriter:
        """What writes results of the kind that samples are of."""
        if self.dataset:
            return writer_like(self.dataset, out, formats)
        from syncaug.io.writer import ResultWriter

        return ResultWriter(
            out, streams, overwrite=overwrite, resume=resume, run=run, formats=formats
        )


def writer_like(dataset: str, out: Path, formats: Formats) -> DatasetWriter:
    """What writes results as a data set of a kind."""
    from syncaug.cli.dataset_writer import DatasetWriter
    from syncaug.datasets.kinds import kind_of

    quality = formats.jpeg_quality if formats.image == "jpg" else 0
    return DatasetWriter(out, kind_of(dataset).layout(quality))
