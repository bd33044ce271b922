"""Samples inside of containers of many: their values become files while one sample is worked on.

A shard, a table or a data set on disk is taken for a folder of files: the values of an entry name
`shard.tar/0001.jpg` or `part.parquet/17/image`, below the folder that the container lies in. What
a policy's streams need of one sample is put below a folder of its own by the same names, so that
it meets the readers of all other files, with their checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from syncaug.errors import ManifestError
from syncaug.io.manifest import Entry
from syncaug.io.problem import FileProblem

__all__ = ["Folder", "Packed", "shown_path", "unpacked"]


class Packed(Protocol):
    """Where the values of one entry lie in a container; it is small and can be pickled."""

    @property
    def read(self) -> Mapping[str, Any]:
        """How its source was given, as plain data, by which it is found again."""
        ...

    def peek(self, name: str, values: Mapping[str, Any]) -> Any:
        """The value of one entry where it stands inline and only reading tells it; else None.

        Raises FileProblem.
        """
        ...

    def unpack(self, folder: Folder, values: Mapping[str, Any]) -> dict[str, Any]:
        """Put the files that `values` name into a folder, and return the values to load.

        Raises FileProblem, ManifestError.
        """
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder that stands for the folder of a container while one sample is worked on."""

    root: Path
    container: Path
    """The folder that the container lies in, from which paths in it start."""

    def write(self, name: str, data: bytes) -> str:
        """Write a file by its name in the container, and return the name. Raises FileProblem."""
        path = self.path(name)
        try:
            path.write_bytes(data)
        except OSError as error:
            raise FileProblem("room for the file of a sample", f"{path}: {error}") from error
        return name

    def path(self, name: str) -> Path:
        """The path of a file to be written. Raises FileProblem where it leaves the folder."""
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
            raise FileProblem("the name of a file inside of its container", repr(name)[:200])
        path = self.root.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


_SHOWN: dict[str, str] = {}
"""Folders that stand for containers' -> those, while samples of them are worked on."""


def shown_path(path: Path) -> str:
    """A path as messages show it: that of the container where it stands for a file in one."""
    text = str(path)
    for own, told in list(_SHOWN.items()):
        text = _named(text, own, told)
    return text


@contextmanager
def unpacked(entry: Entry, within: Path | None = None) -> Iterator[Entry]:
    """The entry with its files in a folder, until the end; an entry of plain files as it is.

    The folder lies `within` another, of the system without one. Clips of the sample read from it:
    it must stay until the result is written. Errors name the container and what is in it. Raises
    ManifestError.
    """
    if entry.packed is None:
        yield entry
        return
    with TemporaryDirectory(prefix="syncaug-", dir=within, ignore_cleanup_errors=True) as temporary:
        _SHOWN[temporary] = told = str(entry.folder)
        root = Path(temporary)
        try:
            values = entry.packed.unpack(Folder(root, entry.folder), entry.values)
            yield replace(entry, manifest=root / entry.manifest.name, values=values, packed=None)
        except FileProblem as problem:
            text = f"{entry.place}: sample {entry.key!r}: {problem}"
            raise ManifestError(_named(text, temporary, told)) from problem.__cause__
        except ManifestError as error:
            text = str(error)
            if temporary not in text:
                raise
            raise ManifestError(_named(text, temporary, told)) from error.__cause__
        finally:
            _SHOWN.pop(temporary, None)


def _named(text: str, temporary: str, told: str) -> str:
    return text.replace(temporary, told)
