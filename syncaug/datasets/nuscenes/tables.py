"""nuScenes' tables: thirteen lists of records in JSON, joined by tokens (nuscenes.org, schema)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.datasets.problem import (
    one_of,
    read_table,
    require_folder,
    require_plain,
)
from syncaug.errors import ManifestError

__all__ = ["TABLES", "Meta", "Tables", "read_tables"]

Record = dict[str, Any]

TABLES = (
    *("category", "attribute", "visibility", "instance", "sensor", "calibrated_sensor", "ego_pose"),
    *("log", "scene", "sample", "sample_data", "sample_annotation", "map"),
)
_NEEDED = frozenset(TABLES) - {"map", "log", "visibility", "attribute"}
_KEYS: Mapping[str, tuple[str, ...]] = {
    "sample": ("timestamp", "scene_token"),
    "sample_data": ("filename", "ego_pose_token", "calibrated_sensor_token"),
    "sample_annotation": ("instance_token", "size"),
    "instance": ("category_token",),
    "category": ("name",),
    "attribute": ("name",),
}
"""What records are read for, beside their tokens and poses."""
_FORM = "nuScenes' folders: v1.0-<version>/*.json and samples/"

_LONGEST = 1.5
"""Seconds between annotations beyond which no velocity is told, as in the devkit."""


@dataclass(frozen=True, slots=True)
class Meta:
    """The version, and the small tables that all samples share, which are written again."""

    version: str
    tables: Mapping[str, tuple[Record, ...]]


_SHARED = ("category", "attribute", "visibility", "sensor")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one version, by token and by what they belong to."""

    root: Path
    meta: Meta
    by_token: Mapping[str, Mapping[str, Record]]
    data: Mapping[str, tuple[tuple[str, Record], ...]]
    """The keyframes' records of `sample_data`, with their channels, by the token of the sample."""
    annotations: Mapping[str, tuple[Record, ...]]
    """The records of `sample_annotation` by the token of the sample."""
    samples: tuple[Record, ...]
    maps: tuple[Record, ...]

    def one(self, table: str, token: str) -> Record:
        """The record of a token. Raises ManifestError."""
        try:
            return self.by_token[table][token]
        except KeyError:
            raise ManifestError(
                f"{self.root / self.meta.version / table}.json: expected a record of token "
                f"{token!r}; got none"
            ) from None

    def category(self, annotation: Record) -> str:
        """The name of what is annotated."""
        instance = self.one("instance", annotation["instance_token"])
        return str(self.one("category", instance["category_token"])["name"])

    def velocity(self, annotation: Record) -> NDArray[np.float64]:
        """Metres a second in the global frame: what the neighbours in time differ by; or NaN.

        As the devkit's `box_velocity`: between the annotations before and after, or one of them
        and this one; further apart than 1.5 s (3 s for both) they tell nothing. A record that tells
        its `velocity` is taken at its word.
        """
        if annotation.get("velocity") is not None:
            return np.array(annotation["velocity"], float)
        before, after = (
            self.by_token["sample_annotation"].get(annotation.get(name, ""))
            for name in ("prev", "next")
        )
        first, last = before or annotation, after or annotation
        seconds = (self._time(last) - self._time(first)) * 1e-6
        longest = _LONGEST * (2 if before is not None and after is not None else 1)
        if first is last or not 0 < seconds <= longest:
            return np.full(3, np.nan)
        moved: NDArray[np.float64] = (
            np.subtract(last["translation"], first["translation"]) / seconds
        )
        return moved

    def _time(self, annotation: Record) -> float:
        return float(self.one("sample", annotation["sample_token"])["timestamp"])


def read_tables(root: Path, version: str) -> Tables:
    """The tables of a version. Raises ManifestError."""
    require_folder(root, _FORM)
    found = {path.parent.name: path.parent for path in sorted(root.glob("*/sample_data.json"))}
    if not found:
        raise ManifestError(f"{root}: expected {_FORM}; got no sample_data.json")
    version = one_of(found, version, "version", root)
    tables: dict[str, tuple[Record, ...]] = {}
    for name in TABLES:
        path = found[version] / f"{name}.json"
        if name in _NEEDED or path.is_file():
            tables[name] = tuple(_records(path))
        else:
            tables[name] = ()
    by_token = {name: {r["token"]: r for r in records} for name, records in tables.items()}
    sensors = {
        record["token"]: by_token["sensor"].get(record.get("sensor_token"), {}).get("channel", "")
        for record in tables["calibrated_sensor"]
    }
    data: dict[str, list[tuple[str, Record]]] = {}
    for record in tables["sample_data"]:
        channel = sensors.get(record.get("calibrated_sensor_token"), "")
        if not channel:
            raise ManifestError(
                f"{found[version]}/sample_data.json: record {record['token']!r}: expected a sensor "
                "with a channel; got none"
            )
        require_plain(channel, "a channel", found[version] / "sensor.json")
        if record.get("is_key_frame", True):
            data.setdefault(record.get("sample_token", ""), []).append((channel, record))
    annotations: dict[str, list[Record]] = {}
    for record in tables["sample_annotation"]:
        annotations.setdefault(record.get("sample_token", ""), []).append(record)
    return Tables(
        root,
        Meta(version, {name: tables[name] for name in _SHARED}),
        by_token,
        {token: tuple(records) for token, records in data.items()},
        {token: tuple(records) for token, records in annotations.items()},
        tables["sample"],
        tables["map"],
    )


_LINKS = ("sample_token", "calibrated_sensor_token", "sensor_token")


def _records(path: Path) -> list[Record]:
    records: list[Any] = read_table(path, list)
    for place, record in enumerate(records):
        if not isinstance(record, dict) or not isinstance(record.get("token"), str):
            raise ManifestError(
                f"{path}: [{place}]: expected a record with a token; got {record!r}"[:300]
            )
        for key in _LINKS:
            if not isinstance(record.get(key), str | None):
                raise ManifestError(
                    f"{path}: [{place}]: expected a text as {key!r}; got {record[key]!r}"[:300]
                )
        missing = next((key for key in _KEYS.get(path.stem, ()) if key not in record), "")
        if missing:
            raise ManifestError(f"{path}: [{place}]: expected {missing!r} in a record; got none")
    return records
