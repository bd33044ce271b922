"""In which form an earlier run has written its results, so that no other one goes on behind it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.earlier import MANIFEST, RECORDS
from syncaug.io.plain import parse_json

__all__ = ["require_form"]

_MOST = 64 << 20
"""The bytes of a record that are read of it."""


def require_form(out: Path, form: str) -> None:
    """Raise ManifestError where a run that is resumed in `out` has written in another form.

    Its first record tells: "webdataset" and "parquet" by name, a "folder" by the manifest that lies
    beside it, and a "dataset", which has none, by where its samples come from.
    """
    before = _form_in(out)
    if before and before != form:
        raise ManifestError(
            f"{out}: cannot be resumed: expected the same run again; it had --out-format {before}, "
            f"now {form}. Run what was run before, or start anew in another folder."
        )


def _form_in(out: Path) -> str:
    """What the first record says; empty where nothing does."""
    path = out / RECORDS
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        line = file.readline(_MOST)
    try:
        record: Any = parse_json(line.decode())
    except (ValueError, RecursionError):
        return ""
    source = record.get("source") if isinstance(record, Mapping) else None
    if not isinstance(source, Mapping):
        return ""
    written = source.get("written", {})
    said = str(written.get("format", "")) if isinstance(written, Mapping) else ""
    if said or (out / MANIFEST).exists():
        return said or "folder"
    values = source.get("values")
    return "dataset" if isinstance(values, Mapping) and "dataset" in values else ""
