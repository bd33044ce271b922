"""The record: a JSON account of one application, from which it can be replayed bit for bit.

`model` is the record itself, `reading` the one way from JSON to it, `files` the way from files,
`held` compares it with what its policy draws.
"""

from __future__ import annotations

from syncaug.record.model import (
    ACCEPTED,
    DROPPED,
    FIRST_ENGINE,
    KEPT_ORIGINAL,
    NEUTRAL,
    OUTCOMES,
    Attempt,
    Record,
)

__all__ = [
    "ACCEPTED",
    "DROPPED",
    "FIRST_ENGINE",
    "KEPT_ORIGINAL",
    "NEUTRAL",
    "OUTCOMES",
    "Attempt",
    "Record",
]
