"""Where the samples of `apply` come from, a manifest or a data set, and how results are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from syncaug.io.saving import Formats
    from syncaug.runs.protocols import Source
    from syncaug.runs.sinks.dataset import DatasetSink
    from syncaug.runs.sinks.folder import FolderSink

__all__ = ["DATASETS", "Origin", "dataset_sink", "origin_options"]

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

    def source(self) -> Source:
        """Where samples come from."""
        if self.dataset:
            from syncaug.runs.sources.dataset import DatasetSource

            return DatasetSource(self.manifest, self.dataset, self.split)
        from syncaug.runs.sources.manifest import ManifestSource

        return ManifestSource(self.manifest)

    def sink(
        self,
        out: Path,
        streams: Mapping[str, Any],
        formats: Formats,
        run: Mapping[str, Any],
        *,
        overwrite: bool,
        resume: bool,
    ) -> DatasetSink | FolderSink:
        """What writes results of the kind that samples are of."""
        if self.dataset:
            return dataset_sink(self.dataset, out, formats)
        from syncaug.runs.sinks.folder import FolderSink

        return FolderSink(out, streams, formats, run, overwrite=overwrite, resume=resume)


def dataset_sink(dataset: str, out: Path, formats: Formats) -> DatasetSink:
    """What writes results as a data set of a kind."""
    from syncaug.datasets.kinds import kind_of
    from syncaug.runs.sinks.dataset import DatasetSink

    quality = formats.jpeg_quality if formats.image == "jpg" else 0
    return DatasetSink(out, kind_of(dataset).layout(quality))
