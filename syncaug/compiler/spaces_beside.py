"""Files of latent spaces that steps name: whole paths, and the fingerprint of each."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from syncaug.plan.encoding import is_file
from syncaug.policy.document import Document
from syncaug.policy.space_file import SpaceFileError, read_head

__all__ = ["with_fingerprints"]


def with_fingerprints(document: Document, encoders: Collection[str] = ()) -> Document:
    """The document with whole paths of spaces, and the fingerprint of each that names none.

    So a record is replayed in the very space, and a space that was fitted again is another policy.
    """
    steps = document.data.get("steps")
    folder = os.path.dirname(document.name) if os.path.isfile(document.name) else ""
    found = _pinned(steps, folder, encoders)
    if found is steps:
        return document
    return replace(document, data={**document.data, "steps": found})


def _pinned(value: Any, folder: str, encoders: Collection[str]) -> Any:
    """Steps with whole paths and fingerprints; the very same where they name no file."""
    if isinstance(value, list):
        items = [_pinned(item, folder, encoders) for item in value]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if not isinstance(value, Mapping):
        return value
    changed = {
        key: _pinned(inner, folder, encoders)
        for key, inner in value.items()
        if key in ("one_of", "some_of", "steps")
    }
    given = value.get("with")
    named = given.get("encoder") if isinstance(given, Mapping) else None
    if isinstance(named, str) and is_file(named) and named not in encoders:
        path = os.path.abspath(os.path.join(folder, os.path.expanduser(named)))
        told: dict[str, Any] = {}
        with suppress(SpaceFileError):  # which is told where the policy is compiled
            told["fingerprint"] = read_head(path)["fingerprint"]
        changed["with"] = {**told, **dict(given or {}), "encoder": path}
    if all(changed[key] is value[key] for key in changed):
        return value
    return {**value, **changed}
