"""What a record holds, as data and as one line of JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.draw import Draw
from syncaug.policy.document import CheckedPolicy
from syncaug.record.reading import one_line, read_data
from syncaug.record.seal import seal_of
from syncaug.version import ENGINE_VERSION

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

ACCEPTED, KEPT_ORIGINAL, DROPPED = "accepted", "kept_original", "dropped"
NEUTRAL = "neutral"

OUTCOMES = {
    ACCEPTED: "",
    NEUTRAL: "neutral",
    KEPT_ORIGINAL: "keep_original",
    DROPPED: "drop",
}
"""What can have become of a sample, and which `on_fail: {then: ...}` it takes; empty for any."""

FIRST_ENGINE = 1
"""The engine that made the records that name none."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One draw that was tried: the measures of its checks, or why it was refused.

    `measures` holds what was measured: where a cheap check failed, the costly ones were not.
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
    none was. `engine` is the version of what syncaug does with a draw, and `machine` the system and
    the instruction sets that libraries choose their code by. `seal` is read from a record and empty
    in a new one, which gets its own when it is written: a hash of all that results depend on, which
    shows damage. `maps` holds what has moved each stream, composed for its spaces, by which
    `invert` brings predictions back; records of earlier versions have none. `by_file` are the
    streams of which not all was read, which the digest tells by their files.

    >>> from syncaug import load_policy
    >>> policy = load_policy('''
    ... syncaug: 1
    ... sample: {image: image, caption: {modality: text, describes: image}}
    ... steps: [{name: mirror, uses: flip}]
    ... ''')
    >>> import numpy as np
    >>> photo = np.zeros((4, 6, 3), np.uint8)
    >>> sample = {"image": photo, "caption": "a cat on the left"}
    >>> out, record = policy.apply(sample, key="photo/1")
    >>> record.outcome, record.notes["caption"]["text"] if "text" in record.notes["caption"] else ""
    ('accepted', '')
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
    engine: int = ENGINE_VERSION
    machine: Mapping[str, str] = field(default_factory=dict)
    seal: str = ""
    maps: Mapping[str, Any] = field(default_factory=dict)
    by_file: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        """What became of the sample, for notebooks."""
        from syncaug.record.showing import record_html

        return record_html(self)

    def as_json(self) -> dict[str, Any]:
        """The record as plain data.

        >>> from syncaug import load_policy
        >>> policy = load_policy('''
        ... syncaug: 1
        ... sample: {image: image, caption: {modality: text, describes: image}}
        ... steps: [{name: mirror, uses: flip}]
        ... ''')
        >>> import numpy as np
        >>> photo = np.zeros((4, 6, 3), np.uint8)
        >>> sample = {"image": photo, "caption": "a cat on the left"}
        >>> _, record = policy.apply(sample, key="photo/1")
        >>> record.as_json()["draw"]["key"]
        'photo/1'
        """
        mixed = {} if self.partner is None else {"partner": dict(self.partner)}
        moved = {"maps": dict(self.maps)} if self.maps else {}
        unread = {"by_file": list(self.by_file)} if self.by_file else {}
        told = {
            "record": 1,
            "engine": self.engine,
            "policy": dict(self.policy),
            "fingerprint": self.fingerprint,
            "sync": self.sync,
            "digest": self.digest,
            **unread,
            **mixed,
            "draw": self.draw.as_json(),
            "outcome": self.outcome,
            "checks": {name: dict(options) for name, options in self.checks.items()},
            "attempts": [attempt.as_json() for attempt in self.attempts],
            "notes": {stream: dict(notes) for stream, notes in self.notes.items()},
            **moved,
            "versions": dict(self.versions),
            "machine": dict(self.machine),
            "source": dict(self.source),
        }
        return {**told, "seal": self.seal or seal_of(told)}

    def to_json(self) -> str:
        """The record as one line of JSON. Raises RecordError where JSON cannot hold it.

        >>> from syncaug import load_policy
        >>> policy = load_policy('''
        ... syncaug: 1
        ... sample: {image: image, caption: {modality: text, describes: image}}
        ... steps: [{name: mirror, uses: flip}]
        ... ''')
        >>> import numpy as np
        >>> photo = np.zeros((4, 6, 3), np.uint8)
        >>> sample = {"image": photo, "caption": "a cat on the left"}
        >>> _, record = policy.apply(sample, key="photo/1")
        >>> record.to_json()[:13]
        '{"record": 1,'
        """
        return one_line(self.as_json())

    @staticmethod
    def from_json(data: str | bytes | Mapping[str, Any]) -> Record:
        """Read a record back, from JSON or from what `as_json` gave.

        The whole of it is held against the schema of records first. Raises RecordError, which names
        the field, what came and what was expected.

        >>> from syncaug import load_policy
        >>> policy = load_policy('''
        ... syncaug: 1
        ... sample: {image: image, caption: {modality: text, describes: image}}
        ... steps: [{name: mirror, uses: flip}]
        ... ''')
        >>> import numpy as np
        >>> photo = np.zeros((4, 6, 3), np.uint8)
        >>> sample = {"image": photo, "caption": "a cat on the left"}
        >>> from syncaug import Record
        >>> _, record = policy.apply(sample, key="photo/1")
        >>> Record.from_json(record.to_json()).draw == record.draw
        True
        """
        return Record._of(read_data(data))

    @staticmethod
    def from_own(line: str) -> Record:
        """Read back a line that `to_json` gave in this run: it is not validated again.

        >>> from syncaug import Record, load_policy
        >>> import numpy as np
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [{name: mirror, uses: flip}]}"
        >>> policy = load_policy(text)
        >>> _, record = policy.apply({"image": np.zeros((4, 6, 3), np.uint8)}, key=1)
        >>> Record.from_own(record.to_json()).draw == record.draw
        True
        """
        return Record._of(json.loads(line))

    @staticmethod
    def _of(told: Mapping[str, Any]) -> Record:
        return Record(
            CheckedPolicy(told["policy"]),
            told["fingerprint"],
            Draw.from_json(told["draw"]),
            told["outcome"],
            tuple(Attempt.from_json(attempt) for attempt in told["attempts"]),
            told["notes"],
            told["versions"],
            told["sync"],
            told["source"],
            told["checks"],
            told["digest"],
            told.get("partner"),
            told.get("engine", FIRST_ENGINE),
            told.get("machine", {}),
            told.get("seal", ""),
            told.get("maps", {}),
            tuple(told.get("by_file", ())),
        )


def _numbers(values: Mapping[str, float]) -> dict[str, float | str | None]:
    return {name: _number(value) for name, value in values.items()}


def _floats(values: Mapping[str, Any]) -> dict[str, float]:
    return {name: math.nan if value is None else float(value) for name, value in values.items()}


def _number(value: float) -> float | str | None:
    """A measure as JSON knows it: null where there was none, "inf" where it is unbounded."""
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else str(value)
