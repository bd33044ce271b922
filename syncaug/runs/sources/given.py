"""What the options say of a source, and which kind of source a path is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncaug.errors import ManifestError

__all__ = ["FORMATS", "Given", "format_of"]

FORMATS = ("manifest", "files", "parquet", "webdataset", "huggingface")
"""The kinds of sources that a path may name, beside those of `syncaug.datasets`."""

_TABLES, _SHARDS = (".parquet",), (".tar",)
_HF = ("dataset_info.json", "dataset_dict.json")


@dataclass(frozen=True, slots=True)
class Given:
    """A source as the options give it.

    `streams` says where the entries of a sample come from: a column, a member's extension, or a
    pattern of files. `key` is the column of keys, or the template of a key. `split` is the part of
    a data set of several. `first` is the number of the first row, where numbers are keys.
    """

    path: Path
    format: str = "manifest"
    streams: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[str, ...] = ()
    key: str = ""
    split: str = ""
    first: int = 0

    def as_json(self) -> dict[str, Any]:
        """All but the path, as records tell it."""
        said: dict[str, Any] = {"format": self.format, "streams": dict(self.streams)}
        said |= {"patterns": list(self.patterns), "key": self.key, "split": self.split}
        said["first"] = self.first
        return {name: value for name, value in said.items() if value}

    @staticmethod
    def from_json(path: Path, data: Any) -> Given:
        """What `as_json` gave, at a path. Raises ManifestError."""
        wrong = ManifestError("source.read: expected how a source is read, as `apply` records it")
        if not isinstance(data, Mapping) or data.get("format") not in FORMATS:
            raise wrong
        streams, patterns = data.get("streams", {}), data.get("patterns", [])
        texts = [data.get("key", ""), data.get("split", "")]
        if not isinstance(streams, Mapping) or not isinstance(patterns, list):
            raise wrong
        texts += [*streams, *streams.values(), *patterns]
        first = data.get("first", 0)
        if not all(isinstance(text, str) for text in texts) or type(first) is not int:
            raise wrong
        key, split = map(str, texts[:2])
        return Given(path, data["format"], dict(streams), tuple(patterns), key, split, first)


def format_of(path: Path, patterns: tuple[str, ...] = ()) -> str:
    """The kind of source that a path is, by its suffix and by what lies in a folder.

    Raises ManifestError where a folder may be several kinds, or none.
    """
    if patterns:
        return "files"
    suffix = path.suffix.lower()
    if suffix in _TABLES:
        return "parquet"
    if suffix in _SHARDS or path.name.lower().endswith((".tar.gz", ".tgz")):
        return "webdataset"
    if not os.path.isdir(path):
        return "manifest"
    if any((path / name).is_file() for name in _HF):
        return "huggingface"
    found = {
        kind
        for kind, endings in (("parquet", _TABLES), ("webdataset", _SHARDS))
        if any(next(path.rglob(f"*{ending}"), None) for ending in endings)
    }
    if len(found) == 1:
        return found.pop()
    lies = " and ".join(sorted(found)) or "none of them"
    raise ManifestError(
        f"{path}: expected a manifest, files in Parquet, WebDataset shards, or a data set of "
        f"Hugging Face saved to disk; got a folder that holds {lies}. Say what is meant: "
        f"--in-format {'|'.join(FORMATS)}, or --pattern PATTERN for a folder of files."
    )
