"""Manifests: JSON Lines that name the samples of a data set.

    {"key": "pets/1", "image": "cats.jpg", "caption": "a cat", "boxes": [[0, 2, 75, 71]]}

Each line is one sample: its `key`, perhaps an `epoch`, and the streams, inline or as paths. Paths
are relative to the manifest's folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syncaug.errors import ManifestError
from syncaug.io.plain import parse_json
from syncaug.io.problem import TEXT_BYTES, FileProblem, read_bytes

if TYPE_CHECKING:
    from syncaug.io.packed import Packed

__all__ = ["SCHEMA", "Entry", "read_manifest", "scan_manifest"]

SCHEMA = Path(__file__).parent / "manifest.schema.json"
"""The JSON Schema (draft 7) of a manifest's lines."""

_FORM = 'a JSON object such as {"key": "pets/1", "image": "cats.jpg"}'

_KEYS = frozenset({"key", "id", "uid", "uuid"})
"""What keys are called elsewhere, in small letters and without _ around them."""
_EPOCHS = 1 << 53
"""Below this, epochs are exact in every language's JSON, and can be counted on from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a manifest: where it stands, the sample's key and epoch, and its raw values.

    A sample of a data set has an entry too: `read` gives its streams then, `values` say which data
    set it is, and `manifest` is the kind's name in its folder. One that lies in a container has
    its container as `manifest`, and `packed` puts its files where they can be read
    (`syncaug.io.packed.unpacked`).
    """

    manifest: Path
    line: int
    key: str | int
    values: Mapping[str, Any]
    epoch: int = 0
    read: Callable[[], dict[str, Any]] | None = field(default=None, compare=False, repr=False)
    packed: Packed | None = field(default=None, compare=False, repr=False)

    @property
    def folder(self) -> Path:
        """What relative paths start from."""
        return self.manifest.parent

    @property
    def place(self) -> str:
        """Where the sample comes from, as messages begin."""
        return f"{self.manifest}:{self.line}" if self.read is None else str(self.folder)

    def error(self, stream: str, problem: FileProblem) -> ManifestError:
        """The problem with its place: file, line, key and stream."""
        return ManifestError(
            f"{self.manifest}:{self.line}: sample {self.key!r}, stream {stream!r}: {problem}"
        )


def read_manifest(path: str | Path) -> Iterator[Entry]:
    """The entries in their order. Raises ManifestError at the first line that is not one."""
    for entry in scan_manifest(path):
        if isinstance(entry, ManifestError):
            raise entry
        yield entry


def scan_manifest(path: str | Path) -> Iterator[Entry | ManifestError]:
    """The entries in their order; a bad line comes as its error, and the next line follows.

    Lines are divided at line feeds alone. A key may occur once per epoch. Blank lines are passed
    over. Raises ManifestError where there is no such file, or nothing in it.
    """
    path = Path(path)
    try:
        data = read_bytes(path, "a manifest in JSON Lines")
    except FileProblem as problem:
        raise ManifestError(str(problem)) from None
    first: dict[tuple[str | int, int], int] = {}
    empty = True
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        empty = False
        try:
            entry = _entry(path, number, line)
            before = first.setdefault((entry.key, entry.epoch), number)
            if before != number:
                again = f"{entry.key!r} again" + (f", epoch {entry.epoch}" if entry.epoch else "")
                raise FileProblem("each key once", f"{again}; it is the key of line {before}")
        except FileProblem as problem:
            yield ManifestError(f"{path}:{number}: {problem}")
        else:
            yield entry
    if empty:
        raise ManifestError(f"{path}: expected {_FORM} on each line; got no sample at all")


def _entry(path: Path, number: int, line: bytes) -> Entry:
    if len(line) > TEXT_BYTES:
        raise FileProblem(f"a line of at most {TEXT_BYTES:,} bytes", f"{len(line):,}")
    try:
        data = parse_json(line.decode())
    except UnicodeDecodeError as error:
        packed = "It is packed: unpack it with gunzip." if line[:2] == b"\x1f\x8b" else ""
        raise FileProblem("UTF-8", f"another byte at column {error.start + 1}", packed) from None
    except ValueError as error:
        reason = str(error).replace("line 1, ", "")
        raise FileProblem(_FORM, f"what is not JSON: {reason}", _way_out(line)) from None
    if not isinstance(data, dict):
        raise FileProblem(_FORM, json.dumps(data)[:40], _way_out(line))
    if "key" not in data:
        own = next((name for name in data if name.lower().strip("_") in _KEYS), "")
        hint = f"Name it key, if {own!r} is that." if own else "Give each sample a stable identity."
        raise FileProblem(_FORM, "an object without 'key'", hint)
    key, epoch = data.pop("key"), data.pop("epoch", 0)
    if isinstance(key, bool) or not isinstance(key, str | int) or key == "":
        raise FileProblem("a text or a whole number as 'key'", json.dumps(key)[:60])
    if isinstance(epoch, bool) or not isinstance(epoch, int) or not 0 <= epoch < _EPOCHS:
        raise FileProblem("a whole number from 0 as 'epoch'", json.dumps(epoch)[:60])
    return Entry(path, number, key, data, epoch)


def _way_out(line: bytes) -> str:
    """What to do about a line of another form, where it is plain which one; else nothing."""
    begin = line.strip()
    if begin[:1] in (b"#", b"/"):
        return "Lines of comments are no part of JSON Lines: take them out."
    if begin[:1] == b"[" or begin == b"{":
        return "One sample stands on each line: `jq -c '.[]' FILE` writes a list so."
    if b"," in begin and begin[:1] != b"{":
        return (
            "Write a table's rows as objects: pandas' to_json(FILE, orient='records', lines=True)."
        )
    return ""
