"""The spaces that a policy names: given, installed, or read from the files beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from syncaug.catalogue.encoders import external_encoder
from syncaug.engine.coding import Coding, encoder_names
from syncaug.io.manifest import Entry, read_manifest
from syncaug.io.streams import load_sample
from syncaug.latent.fitted import FittedSpace
from syncaug.latent.opened import AsTheyCome, OpenSpace
from syncaug.latent.protocol import as_encoder
from syncaug.plan.encoding import encoding_steps, is_file
from syncaug.plan.plan import Plan

__all__ = ["open_coding"]


def open_coding(
    plan: Plan, encoders: Mapping[str, Any], take: Callable[[Any], Any]
) -> Coding | None:
    """What the steps of a plan ask of encoders; None where no step has any.

    `take` turns samples of banks to what carriers see, as `Border.take` does.

    Raises LatentError for a file that holds no space any more.
    """
    names = {encoder_names(step.parameters) for step in encoding_steps(plan)}
    if not names:
        return None
    spaces = {name: _space(name, plan, encoders) for name in sorted(names)}
    return Coding(plan, spaces, take)


def _space(name: str, plan: Plan, encoders: Mapping[str, Any]) -> Any:
    if not name:
        return AsTheyCome()
    if is_file(name):
        options = {stream.name: stream.options for stream in plan.streams}
        streams = {stream.name: stream for stream in plan.streams}

        def fetch(manifest: Path, key: str | int) -> Mapping[str, Any]:
            entries = _entries(manifest, manifest.stat().st_mtime_ns)
            entry = entries[type(key).__name__, key]
            known = {n: v for n, v in entry.values.items() if n in streams}
            return load_sample(replace(entry, values=known), streams)

        fitted = FittedSpace(name, options, fetch, lambda kind: _named(kind, encoders))
        return OpenSpace(Path(name).name, fitted, fitted.space.spread)
    return OpenSpace(name, as_encoder(_named(name, encoders)))


def _named(name: str, encoders: Mapping[str, Any]) -> Any:
    """An encoder by its name; no file of a space makes a program import what it names."""
    return encoders[name] if name in encoders else external_encoder(name)


@lru_cache(maxsize=4)
def _entries(manifest: Path, changed: int) -> dict[tuple[str, str | int], Entry]:
    """The lines of a manifest by their keys, and whether these are numbers."""
    return {(type(entry.key).__name__, entry.key): entry for entry in read_manifest(manifest)}
