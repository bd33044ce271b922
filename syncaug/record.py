"""The record: a JSON account of one application, from which it can be replayed bit for bit."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.draw import Draw
from syncaug.errors import RecordError

__all__ = ["ACCEPTED", "DROPPED", "KEPT_ORIGINAL", "NEUTRAL", "Attempt", "Record"]

ACCEPTED, KEPT_ORIGINAL, DROPPED = "accepted", "kept_original", "dropped"
NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One draw that was tried: the measures of its checks, or why it was refused.

    `parts` holds for a check the numbers of which its measure is the worst, by stream. `strength`
    is the share of its full strength at which the draw was carried out.
    """

    number: int
    measures: Mapping[str, float]
    failed: tuple[str, ...] = ()
    parts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    strength: float = 1.0

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"attempt": self.number}
        if self.strength != 1.0:
            out["strength"] = self.strength
        out["measures"] = _numbers(self.measures)
        if self.parts:
            out["parts"] = {name: _numbers(parts) for name, parts in self.parts.items()}
        return {**out, "failed": list(self.failed)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Attempt:
        return Attempt(
            data["attempt"],
            _floats(data["measures"]),
            tuple(data["failed"]),
            {name: _floats(parts) for name, parts in data.get("parts", {}).items()},
            data.get("strength", 1.0),
        )


@dataclass(frozen=True, slots=True)
class Record:
    """What was drawn, what it did to which stream, what was measured, and with which libraries.

    `policy` is the policy's own data, so that the record needs no other file. `outcome` is
    `accepted`, `kept_original`, `neutral` or `dropped`; only an accepted draw changed the sample,
    and a neutral one gave it its size and length. `source` is free for whoever applies a manifest:
    where the sample came from. `checks` holds the options of each check with their values, those
    that the policy left to their defaults too. `digest` tells the sample from all others, and
    `partner` holds the `key` and the `digest` of the sample that was mixed in; it is None where
    none was.
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
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    digest: str = ""
    partner: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The record as plain data."""
        mixed = {} if self.partner is None else {"partner": dict(self.partner)}
        return {
            "record": 1,
            "policy": dict(self.policy),
            "fingerprint": self.fingerprint,
            "sync": self.sync,
            "digest": self.digest,
            **mixed,
            "draw": self.draw.as_json(),
            "outcome": self.outcome,
            "checks": {name: dict(options) for name, options in self.checks.items()},
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
                loaded.get("checks", {}),
                loaded.get("digest", ""),
                loaded.get("partner"),
            )
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
            raise RecordError(
                f"expected a record as syncaug writes it; {error!r} shows that it is damaged"
            ) from error


def _numbers(values: Mapping[str, float]) -> dict[str, float | str | None]:
    return {name: _number(value) for name, value in values.items()}


def _floats(values: Mapping[str, Any]) -> dict[str, float]:
    return {name: math.nan if value is None else float(value) for name, value in values.items()}


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
