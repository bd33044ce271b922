"""WebDataset shards: a tar file of many samples, the same bytes in every run."""

from __future__ import annotations

import contextlib
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from syncaug.io.names import folder_name
from syncaug.io.plain import dump_json
from syncaug.io.saving import Formats
from syncaug.io.streams import StreamDecl
from syncaug.runs.sinks.alone import Alone, write_alone

if TYPE_CHECKING:
    from syncaug.io.container_writer import Progress
    from syncaug.io.manifest import Entry
    from syncaug.runs.units import Unit

__all__ = ["ShardEncoder", "ShardForm", "member_key"]

_BLOCK = 512
_SAFE = re.compile(r"[^\x00-\x1f\\/]+(?:/[^\x00-\x1f\\/]+)*")
_LONGEST = 120


def member_key(key: str | int, variant: int, variants: int) -> str:
    """The `__key__` of a result: the sample's key, and which of its results it is.

    A key that WebDataset would not give back (with a dot in its last part, for instance) becomes
    a readable name with a hash. Where each sample has one result, its key stands alone.
    """
    text = str(key)
    parts = text.split("/")
    dotted = "." in parts[-1] or any(part in ("", ".", "..") for part in parts)
    plain = _SAFE.fullmatch(text) and len(text) <= _LONGEST and not text.startswith("__")
    stem = text if plain and not dotted and "~" not in text else folder_name(key)
    if variants == 1:
        return stem if variant == 0 else f"{stem}~{variant}"
    return f"{stem}_{variant}"


@dataclass(frozen=True, slots=True)
class ShardEncoder:
    """Writes the members of a result as files; its value is their extensions and sizes.

    A stream's member is `KEY.STREAM.SUFFIX`: a picture, sound, film or cloud as its file, a text
    as `.txt`, a whole number as `.cls`, all else as `.json`.
    """

    streams: Mapping[str, StreamDecl]
    formats: Formats
    variants: int = 1

    def encode(
        self,
        folder: Path,
        unit: Unit,
        entry: Entry,
        result: Mapping[str, Any],
        progress: Progress | None = None,
    ) -> Members:
        """Write a result below `folder`. Raises ManifestError."""
        alone = write_alone(folder, unit.key, result, self.streams, self.formats, entry, progress)
        order = [*self.streams, *sorted(set(alone) - set(self.streams))]
        files = [self._member(folder, name, alone[name]) for name in order if name in alone]
        sizes = [(folder / file).stat().st_size for _, file in files]
        total = sum(_BLOCK + -(-size // _BLOCK) * _BLOCK for size in sizes)
        return Members(member_key(unit.key, unit.variant, self.variants), tuple(files), total)

    def _member(self, folder: Path, name: str, alone: Alone) -> tuple[str, str]:
        """The extension of an entry, and its file in the folder."""
        label = name if re.fullmatch(r"[\w-]+", name) else folder_name(name)
        if alone.file:
            return f"{label}{PurePosixPath(alone.file).suffix}", alone.file
        value = alone.value
        if isinstance(value, str):
            suffix, text = ".txt", value
        elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            suffix, text = ".cls", str(value)
        else:
            suffix, text = ".json", dump_json(value)
        file = f"inline-{folder_name(name)}{suffix}"
        (folder / file).write_bytes(text.encode())
        return f"{label}{suffix}", file


@dataclass(frozen=True, slots=True)
class Members:
    """What a shard holds of one result: its key, its members as (extension, file), their bytes."""

    key: str
    files: tuple[tuple[str, str], ...]
    size: int


class ShardForm:
    """Parts that are tar files."""

    suffix = ".tar"

    def begin(self, path: Path) -> TarPart:
        """A new shard. Raises OSError."""
        return TarPart(path)

    def size(self, value: Members) -> int:
        """The bytes that the members take in a tar file."""
        return value.size


class TarPart:
    """One shard while it is written; owner, mode and time of its members are always the same."""

    intact = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("xb")
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def add(self, unit: Unit, folder: Path, value: Members) -> None:
        """Append the members of a sample, all or none. Raises OSError."""
        before = self._tar.offset
        try:
            for extension, file in value.files:
                data = (folder / file).read_bytes()
                info = tarfile.TarInfo(f"{value.key}.{extension}")
                info.size, info.mode = len(data), 0o444
                self._tar.addfile(info, BytesIO(data))
            self._file.flush()
        except BaseException:
            self._tar.offset = before
            self._file.seek(before)
            self._file.truncate()
            raise

    def close(self) -> None:
        """Write the end of the tar file. Raises OSError."""
        self._tar.close()
        self._file.close()

    def abandon(self) -> None:
        """Let go of the file, and remove it."""
        with contextlib.suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)
