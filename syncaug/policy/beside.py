"""Files that a policy names stand beside it: their paths are read from its folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from syncaug.policy.document import Document

__all__ = ["beside"]

_KEYS = frozenset({"wordnet"})
"""The parameters of operations that name a file or folder beside the policy."""


def beside(document: Document) -> Document:
    """The document with whole paths, so that workers and records find the same files.

    Those of a policy that is no file are read from the current folder.
    """
    folder = os.path.dirname(document.name) if os.path.isfile(document.name) else ""
    data = _whole(document.data, folder)
    return document if data is document.data else replace(document, data=data)


def _whole(value: Any, folder: str) -> Any:
    """A value with whole paths; the very same where it names none."""
    if isinstance(value, Mapping):
        calls = "op" in value
        changed = {
            key: os.path.abspath(os.path.join(folder, os.path.expanduser(inner)))
            if calls and key in _KEYS and isinstance(inner, str) and inner
            else _whole(inner, folder)
            for key, inner in value.items()
        }
        return changed if any(changed[key] is not value[key] for key in value) else value
    if isinstance(value, list):
        items = [_whole(item, folder) for item in value]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value
