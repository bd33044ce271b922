"""Data sets of Hugging Face as `save_to_disk` leaves them: features as a sample's streams.

Pictures, sounds and films are read as the bytes that they were stored as, by the readers of files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any

from syncaug.datasets.problem import require_folder
from syncaug.errors import ManifestError, MissingExtraError
from syncaug.forks import in_child
from syncaug.io.manifest import Entry
from syncaug.io.problem import FileProblem
from syncaug.runs.sources.cells import ROW
from syncaug.runs.sources.declared import Declared
from syncaug.runs.sources.given import Given
from syncaug.runs.sources.parts import each_once
from syncaug.runs.sources.rows import Row, columns_of, notes_of

__all__ = ["SavedDataset"]

_SAVED = "a data set as datasets' save_to_disk leaves it"


@dataclass(slots=True)
class SavedDataset:
    """The rows of a data set on disk, in their order; `--split` names one of several."""

    given: Given
    declared: Declared
    notes: list[str] = field(default_factory=list)

    @property
    def place(self) -> Path:
        """The folder."""
        return self.given.path

    def items(self) -> Iterator[Entry | ManifestError]:
        """Each sample as an entry, or what is wrong with it. Raises ManifestError."""
        root = self._root()
        data = _data(str(root))
        columns = columns_of(data.features.arrow_schema, self.declared, self.given, root)
        self.notes = notes_of(root, columns.left)
        keys = range(len(data)) if columns.key == ROW else data[columns.key]
        epochs = data[columns.epoch] if columns.epoch else [0] * len(data)
        how = self.given.as_json() | {"split": ""}
        how = {name: value for name, value in how.items() if value}
        yield from each_once(
            SavedRow(root, number, columns.of, self.declared, how).entry(key, epoch)
            for number, (key, epoch) in enumerate(zip(keys, epochs, strict=True))
        )

    def description(self) -> Mapping[str, Any]:
        """The library's own fingerprint of the data, and how they are read."""
        state = json.loads((self._root() / "state.json").read_text(encoding="utf-8"))
        return {"fingerprint": state.get("_fingerprint"), "read": self.given.as_json()}

    def types(self) -> Mapping[str, str]:
        """The types of columns, by their entries. Raises ManifestError."""
        from syncaug.runs.sources.types import type_at

        root = self._root()
        data = _data(str(root))
        schema = data.features.arrow_schema
        chosen = columns_of(schema, self.declared, self.given, root).of
        return {name: type_at(schema, path) for name, path in chosen.items()}

    def _root(self) -> Path:
        """The folder of the split. Raises ManifestError where that is not clear."""
        path, split = self.given.path, self.given.split
        if (path / "state.json").is_file():
            if split and split != path.name:
                raise ManifestError(
                    f"{path}: expected no --split, since it holds one part; got {split!r}"
                )
            return path
        splits = sorted(p.parent.name for p in path.glob("*/state.json"))
        if not splits:
            require_folder(path, _SAVED)
            raise ManifestError(f"{path}: expected {_SAVED}; got a folder without state.json")
        if not split and len(splits) == 1:
            return path / splits[0]
        if split not in splits:
            came = repr(split) if split else "none"
            raise ManifestError(
                f"{path}: expected one of its splits, {', '.join(splits)}; got {came}. Name it: "
                "--split NAME"
            )
        return path / split


@dataclass(frozen=True, slots=True)
class SavedRow(Row):
    """A row of a data set on disk."""

    def _row(self, names: list[str]) -> tuple[Mapping[str, Any], frozenset[str]]:
        data = _data(str(self.place))
        try:
            return data.select_columns(names)[self.number], frozenset()
        except (OSError, ValueError, LookupError) as error:
            raise FileProblem(
                "a row of the data set", f"{self.place}, which is damaged: {str(error)[:200]}"
            ) from None


def _data(root: str) -> Any:
    """The data set with its files undecoded. Raises ManifestError, MissingExtraError."""
    try:
        written = Path(root, "state.json").stat().st_mtime_ns
    except OSError:  # loading says what is wrong
        written = 0
    return _loaded(root, written)


@lru_cache(maxsize=4)
def _loaded(root: str, written: int) -> Any:
    """The data set as it was written at some time: another one may lie there later."""
    datasets = _datasets()
    try:
        data = datasets.load_from_disk(root)
        for name, feature in data.features.items():
            undecoded = _undecoded(datasets, feature)
            if undecoded is not feature:
                data = data.cast_column(name, undecoded)
    except Exception as error:  # the library raises what those below it do
        raise ManifestError(
            f"{root}: expected {_SAVED}; it cannot be read: "
            f"{type(error).__name__}: {str(error)[:200]}"
        ) from error
    return data.with_format(None)


in_child(_loaded.cache_clear)


def _undecoded(datasets: Any, feature: Any) -> Any:
    """A feature whose files come as bytes and paths; the same where it holds none."""
    for kind in ("Image", "Audio", "Video"):
        form = getattr(datasets, kind, None)
        if form is not None and isinstance(feature, form):
            return form(decode=False)
    return feature


def _datasets() -> Any:
    try:
        import datasets
    except ImportError as error:
        if error.name != "datasets":
            raise
        raise MissingExtraError("datasets", "huggingface") from None
    _bars_without_semaphores()
    return datasets


def _bars_without_semaphores() -> None:
    """Lock the library's progress bars in this process alone.

    By default they lock in all processes, by a semaphore that a worker leaves behind when its
    run ends it.
    """
    import tqdm

    if not hasattr(tqdm.tqdm, "_lock"):
        tqdm.tqdm.set_lock(RLock())
