"""What differs between results and their replay, and what may be the reason."""

from __future__ import annotations

import filecmp
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from syncaug.errors import RecordError
from syncaug.regular import open_regular

if TYPE_CHECKING:
    from syncaug.record import Record

__all__ = ["differences", "reasons"]

_MANIFEST = "manifest.jsonl"
_PARTS = (".tar", ".parquet")
"""Suffixes of files that hold many results, beside the records."""
_NAMES = {"numpy": "instruction sets of numpy", "opencv": "instruction sets of OpenCV"}
"""What the entries of a record's `machine` are called, where their names alone do not say it."""


def differences(again: Path, before: Path) -> list[str]:
    """Files, and lines of the manifest, that are not byte for byte what lies beside the records."""
    files = sorted(
        path.relative_to(again).as_posix()
        for path in again.rglob("*")
        if path.is_file() and (path.parent != again or path.suffix in _PARTS)
    )
    differing = [
        name
        for name in files
        if not (before / name).is_file()
        or not filecmp.cmp(again / name, before / name, shallow=False)
    ]
    if not (again / _MANIFEST).exists():  # every sample was dropped
        return differing
    try:
        with open_regular(before / _MANIFEST) as file:
            known = set(file.read().split(b"\n"))
    except OSError as error:
        raise RecordError(
            f"{before / _MANIFEST}: expected the manifest of the results beside their records; "
            f"{error.strerror or error}. Write the results with --out instead."
        ) from error
    for line in (again / _MANIFEST).read_bytes().split(b"\n"):
        if line not in known:
            differing.append(f"{_MANIFEST}: {line[:60].decode(errors='replace')}")
    return differing


def reasons(records: Iterable[Record], *, engines_only: bool) -> list[str]:
    """What is another here than where the records were made, as lines of text.

    With `engines_only` no more than other versions of syncaug's engine.
    """
    from syncaug.environment import libraries_among, machine
    from syncaug.record.engines import told_engine
    from syncaug.version import ENGINE_VERSION

    said: dict[str, int] = {}
    for record in records:
        lines = []
        if record.engine != ENGINE_VERSION:
            lines.append(told_engine(record.engine))
        if not engines_only:
            lines += _others(record.versions, libraries_among(record.versions), {})
            lines += _others(record.machine, machine("opencv" in record.machine), _NAMES)
        for line in lines:
            said[line] = said.get(line, 0) + 1
    return [line if count == 1 else f"{line} ({count} records)" for line, count in said.items()]


def _others(
    there: Mapping[str, str], here: Mapping[str, str], names: Mapping[str, str]
) -> list[str]:
    return [
        f"{names.get(name, name)}: made with {there.get(name) or 'none'}; "
        f"here {here.get(name) or 'none'}"
        for name in {**there, **here}
        if there and there.get(name) != here.get(name)
    ]
