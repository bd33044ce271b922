"""Declarations and entries for the tests of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncaug.io import Entry, load_sample


@dataclass(frozen=True)
class Declared:
    """A stream's declaration, as a plan would have it."""

    name: str
    modality: str
    options: Mapping[str, Any] = field(default_factory=dict)


def load(folder: Path, raw: Any, modality: str, **options: Any) -> Any:
    """One stream of a manifest that lies in `folder`."""
    entry = Entry(folder / "samples.jsonl", 3, "pets/1", {"it": raw})
    return load_sample(entry, {"it": Declared("it", modality, options)})["it"]
