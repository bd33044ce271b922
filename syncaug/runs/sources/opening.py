"""A source as it is given, opened for what a policy declares."""

from __future__ import annotations

from syncaug.runs.protocols import Source
from syncaug.runs.sources.declared import Declared
from syncaug.runs.sources.given import Given

__all__ = ["open_source"]


def open_source(given: Given, declared: Declared) -> Source:
    """The source of a format. Raises nothing yet: `items` does."""
    if given.format == "files":
        from syncaug.runs.sources.patterns import Files

        return Files(given, declared)
    if given.format == "parquet":
        from syncaug.runs.sources.parquet import Tables

        return Tables(given, declared)
    if given.format == "webdataset":
        from syncaug.runs.sources.webdataset import Shards

        return Shards(given, declared)
    if given.format == "huggingface":
        from syncaug.runs.sources.huggingface import SavedDataset

        return SavedDataset(given, declared)
    from syncaug.runs.sources.manifest import ManifestSource

    return ManifestSource(given.path)
