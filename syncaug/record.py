"""The record: a JSON account of one application, from which it can be replayed bit for bit."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.draw import Draw
from syncaug.errors import RecordError

__all__ = ["ACCEPTED", "DROPPED", "KEPT_ORIGINAL", "Attempt", "Record"]

ACCEPTED, KEPT_ORIGINAL, DROPPED = "accepted", "kept_original", "dropped"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One draw that was tried: the measures of its checks, or why it was refused."""

    number: int
    measures: Mapping[str, float]
    failed: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "attempt": self.number,
            "measures": {name: _number(v) for name, v in self.measures.items()},
            "failed": list(self.failed),
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Attempt:
        measures = {
            name: math.nan if v is None else float(v) for name, v in data["measures"].items()
        }
        return Attempt(data["attempt"], measures, tuple(data["failed"]))


@dataclass(frozen=True, slots=True)
class Record:
    """What was drawn, what it did to which stream, what was measured, and with which libraries.

    `policy` is the policy's own data, so that the record needs no other file. `outcome` is
    `accepted`, `kept_original` or `dropped`; only an accepted draw changed the sample. `source` is
    free for whoever applies a manifest: where the sample came from.
    """

    policy: Mapping[str, Any]
    fingerprint: str
    draw: Draw
    outcome: str
    attempts: tuple[Attempt, ...]
    notes: Mapping[str, Mapping[str, Any]]
    versions: Mapping[str, str]
    sync: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The record as plain data."""
        return {
            "record": 1,
            "policy": dict(self.policy),
            "fingerprint": self.fingerprint,
            "sync": self.sync,
            "draw": self.draw.as_json(),
            "outcome": self.outcome,
            "attempts": [attempt.as_json() for attempt in self.attempts],
            "notes": {stream: dict(notes) for stream, notes in self.notes.items()},
            "versions": dict(self.versions),
            "source": dict(self.source),
        }

    def to_json(self) -> str:
        """The record as one line of JSON."""
        return json.dumps(self.as_json(), ensure_ascii=False, allow_nan=False, default=_plain)

    @staticmethod
    def from_json(data: str | Mapping[str, Any]) -> Record:
        """Read a record back. Raises RecordError where it is damaged."""
        try:
            loaded = json.loads(data) if isinstance(data, str) else data
            if loaded["record"] != 1:
                raise RecordError(
                    f"expected a record of version 1; came version {loaded['record']!r}"
                )
            return Record(
                loaded["policy"],
                loaded["fingerprint"],
                Draw.from_json(loaded["draw"]),
                loaded["outcome"],
                tuple(Attempt.from_json(attempt) for attempt in loaded["attempts"]),
                loaded["notes"],
                loaded["versions"],
                loaded.get("sync", ""),
                loaded.get("source", {}),
            )
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
            raise RecordError(
                f"expected a record as syncaug writes it; {error!r} shows that it is damaged"
            ) from error


def _number(value: float) -> float | str | None:
    """A measure as JSON knows it: null where there was none, "inf" where it is unbounded."""
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else str(value)


def _plain(value: Any) -> Any:
    """Numpy scalars and arrays, tuples and sets as JSON knows them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return list(value)
