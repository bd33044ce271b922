"""The files of a folder that belong to a data set."""

from __future__ import annotations

from pathlib import Path

__all__ = ["listed"]


def listed(folder: Path, pattern: str) -> list[Path]:
    """What matches a pattern, sorted; without hidden files, such as macOS's `._000000.png`."""
    return sorted(path for path in folder.glob(pattern) if not path.name.startswith("."))
