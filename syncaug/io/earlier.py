"""What an earlier run has written into a folder: its results by key and epoch, torn lines aside."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.names import folder_name
from syncaug.io.plain import parse_json
from syncaug.io.problem import FileProblem, read_bytes
from syncaug.io.streams import path_of

__all__ = [
    "MANIFEST",
    "RECORDS",
    "Done",
    "Earlier",
    "Unit",
    "owned_folders",
    "read_earlier",
    "require_files",
    "unit_of",
    "whole_lines",
]

MANIFEST = "manifest.jsonl"
RECORDS = "records.jsonl"

_MAY_BE_EMPTY = (".bin", ".csv", ".sub", ".srt", ".txt")
"""Forms of files without anything where there is nothing to tell: no point, no cue."""

Unit = tuple[str | int, int]
"""The key and the epoch of a result."""


@dataclass(frozen=True, slots=True)
class Done:
    """One result: its record as data, and the lines of records and manifest as they stand.

    A dropped sample has no line in the manifest.
    """

    unit: Unit
    record: Mapping[str, Any]
    record_line: bytes
    manifest_line: bytes = b""

    @property
    def outcome(self) -> str:
        """What the record says of it."""
        return str(self.record["outcome"])


@dataclass(slots=True)
class Earlier:
    """The whole results of a folder in their order, and how long its two files should be.

    What stands behind those lengths was torn by the end of the run: half a line, or a record
    without the line of its result.
    """

    done: dict[Unit, Done] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)


def read_earlier(out: Path) -> Earlier:
    """The results in a folder. Raises ManifestError where they are not those of one run."""
    lines = {unit_of(out / MANIFEST, n, d): line for n, d, line, _ in whole_lines(out / MANIFEST)}
    ends = {MANIFEST: 0, RECORDS: 0}
    for _, _, _, end in whole_lines(out / MANIFEST):
        ends[MANIFEST] = end
    earlier = Earlier(lengths=ends)
    without: tuple[int, Unit] | None = None
    for number, record, line, end in whole_lines(out / RECORDS):
        place = f"{out / RECORDS}:{number}"
        if without is not None:
            raise ManifestError(
                f"{out / RECORDS}:{without[0]}: expected the result of {without[1][0]!r}, epoch "
                f"{without[1][1]}, in {MANIFEST}; got none. Start anew with --overwrite."
            )
        draw, outcome = record.get("draw"), record.get("outcome")
        if not isinstance(draw, dict) or not isinstance(outcome, str):
            raise ManifestError(f"{place}: expected a record; got something else")
        unit = unit_of(out / RECORDS, number, draw)
        if unit in earlier.done:
            raise ManifestError(f"{place}: expected one record each; got {unit[0]!r} again")
        manifest_line = b"" if outcome == "dropped" else lines.pop(unit, None)
        if manifest_line is None:
            without = number, unit
            continue
        earlier.done[unit] = Done(unit, record, line, manifest_line)
        ends[RECORDS] = end
    if lines and not os.path.lexists(out / RECORDS):
        raise ManifestError(
            f"{out / RECORDS}: expected the records of the results that {MANIFEST} names; there is "
            "no such file. Start anew in another folder."
        )
    if lines:
        key, epoch = next(iter(lines))
        raise ManifestError(
            f"{out / MANIFEST}: expected a record for each line; got none for {key!r}, epoch "
            f"{epoch}. Start anew with --overwrite."
        )
    return earlier


def require_files(out: Path, earlier: Earlier) -> None:
    """Raise ManifestError where a file that the manifest in `out` names is gone, or is emptied.

    Of a machine that lost its power, names may be there without what the files held.
    """
    for (key, epoch), done in earlier.done.items():
        if not done.manifest_line:
            continue
        start = folder_name(key) + "/"
        for name, value in parse_json(done.manifest_line.decode()).items():
            path = path_of(value)
            if path.startswith(start) and (lost := _lost(out / path)):
                raise ManifestError(
                    f"{out / path}: expected the file of {key!r}, epoch {epoch}, stream {name!r}, "
                    f"that {MANIFEST} names; it {lost}. Start anew with --overwrite."
                )


def _lost(path: Path) -> str:
    """What has become of a file of a result; empty where nothing has."""
    if not os.path.lexists(path):
        return "was removed"
    empty = not os.lstat(path).st_size and path.suffix.lower() not in _MAY_BE_EMPTY
    return "was emptied" if empty else ""


def owned_folders(out: Path) -> set[str]:
    """The result folders, relative to `out`, that the manifest in it names. Raises ManifestError.

    A folder without records beside its manifest was not written by a writer of ours.
    """
    for name in (MANIFEST, RECORDS):
        path = out / name
        if path.is_symlink() or not os.path.lexists(path):
            continue
        first = read_or_empty(path)[:64]
        ours = b'{"record"' if name == RECORDS else b'{"key"'
        if not path.is_file() or not (first.startswith(ours) or ours.startswith(first)):
            raise ManifestError(
                f"{path}: expected what syncaug wrote; got something else, which is not replaced. "
                "Move it, or choose another folder."
            )
    manifest, records = out / MANIFEST, out / RECORDS
    if os.path.lexists(manifest) and not os.path.lexists(records):
        raise ManifestError(
            f"{manifest}: expected {RECORDS} beside it, as syncaug writes them; it was written by "
            "something else and is not replaced. Move it, or choose another folder."
        )
    if manifest.is_symlink():
        return set()
    found: set[str] = set()
    for line in read_or_empty(manifest).split(b"\n"):
        try:
            data = parse_json(line.decode())
            start = folder_name(data["key"]) + "/"
        except (ValueError, KeyError, TypeError):
            continue
        for value in data.values():
            named = value.get("path") if isinstance(value, dict) else value
            parts = named.split("/") if isinstance(named, str) else []
            if len(parts) == 3 and parts[0] + "/" == start and parts[1].isdecimal():
                found.add("/".join(parts[:2]))
    return found


def read_or_empty(path: Path) -> bytes:
    """The bytes of a file of ours; none where there is no such file or nothing in it."""
    if path.is_symlink():
        raise ManifestError(f"{path}: expected a file of this folder; got a link. Remove it.")
    if not os.path.lexists(path) or (path.is_file() and not path.stat().st_size):
        return b""
    try:
        return read_bytes(path, "JSON Lines")
    except FileProblem as problem:
        raise ManifestError(str(problem)) from None


def whole_lines(path: Path) -> Iterator[tuple[int, dict[str, Any], bytes, int]]:
    """Number, data, bytes and end of each whole line; half a line at the end is left out."""
    end = 0
    for number, line in enumerate(read_or_empty(path).split(b"\n")[:-1], start=1):
        end += len(line) + 1
        try:
            data = parse_json(line.decode())
        except ValueError as error:
            raise _no_line(path, number, str(error)) from None
        if not isinstance(data, dict):
            raise _no_line(path, number, "something else")
        yield number, data, line, end


def _no_line(path: Path, number: int, came: str) -> ManifestError:
    return ManifestError(
        f"{path}:{number}: expected a line of apply; got {came}. Somebody has changed the file: "
        "put it back, or start anew with --overwrite or in another folder."
    )


def unit_of(path: Path, number: int, data: Mapping[str, Any]) -> Unit:
    """The key and the epoch of a line, or of a record's draw. Raises ManifestError."""
    key, epoch = data.get("key"), data.get("epoch")
    if isinstance(key, str | int) and not isinstance(key, bool) and type(epoch) is int:
        return key, epoch
    raise ManifestError(f"{path}:{number}: expected a key and an epoch; got something else")
