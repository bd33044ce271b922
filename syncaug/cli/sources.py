"""Where the sample of a record is: the line of its key in the manifest that it came from.

A record is data from somebody else. It opens no file: it names a manifest, which lies near it or
is named by the user, and what is read is what that manifest's own line of the key names.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syncaug.cli.origin import DATASETS
from syncaug.errors import ManifestError, RecordError
from syncaug.record.plain import canonical

if TYPE_CHECKING:
    from syncaug.io.manifest import Entry
    from syncaug.plan.plan import Plan
    from syncaug.record import Record

__all__ = ["Sources"]

_MANIFEST = "manifest.jsonl"
"""The name of the manifest where a record of an earlier version tells none."""
_NEEDED = ("folder", "values", "variant")


class Sources:
    """The manifests of records that lie in `folder`.

    Without `manifest` a record's own is taken where it lies below the folder that holds `folder`,
    below the current folder, or below the one that holds the current folder. Paths are compared as
    they are written, so that data folders may be links.
    """

    def __init__(self, folder: Path, manifest: Path | None) -> None:
        self._folder, self._named = Path(os.path.abspath(folder)), manifest
        self._near = [self._folder.parent, *_around()]
        self._lines: dict[tuple[Path, str, str], dict[tuple[bool, str | int], list[Entry]]] = {}

    def of(self, record: Record, plan: Plan) -> tuple[Entry, Entry | None]:
        """The lines of the sample and of its partner, with the values that the record tells.

        Raises RecordError where there are none.
        """
        source = record.source
        missing = [name for name in _NEEDED if name not in source]
        if missing:
            raise RecordError(
                f"source.{missing[0]}: expected where the sample is, as `syncaug apply` records "
                "it; got nothing. Call policy.replay(sample, record) with the sample instead."
            )
        manifest = self._manifest(source)
        lines = self._read(manifest, source, plan)
        entry = _line(lines, manifest, record.draw.key, source["values"], "values")
        if record.partner is None:
            return entry, None
        key, values = record.partner["key"], source.get("partner")
        if values is None or key is None:
            raise RecordError("source.partner: expected the values of the partner; got none")
        if "partner_in" in source:  # another part of the same source
            there = source["partner_in"]
            if not isinstance(there, Mapping) or not {"folder", "manifest", "read"} <= set(there):
                raise RecordError("source.partner_in: expected folder, manifest and read")
            manifest = self._manifest(there)
            lines = self._read(manifest, {**there, "values": values}, plan)
        return entry, _line(lines, manifest, key, values, "partner")

    def _manifest(self, source: Mapping[str, Any]) -> Path:
        if self._named is not None:
            inside = self._named / _name(source)
            whole = "read" in source and not inside.exists()
            return inside if self._named.is_dir() and not whole else self._named
        folder = Path(os.path.normpath(self._folder / source["folder"]))
        if Path(source["folder"]).is_absolute() or not any(
            folder.is_relative_to(near) for near in self._near
        ):
            raise RecordError(
                "source.folder: expected a folder below "
                f"{' or '.join(dict.fromkeys(map(str, self._near)))}; the record names one "
                "elsewhere. Name the manifest yourself if you trust the record: "
                f"--manifest {_quoted(folder / _name(source))}"
            )
        return folder / _name(source)

    def _read(
        self, manifest: Path, source: Mapping[str, Any], plan: Plan
    ) -> dict[tuple[bool, str | int], list[Entry]]:
        values, read = source["values"], source.get("read")
        place = manifest, canonical(read), plan.fingerprint if read else ""
        if place not in self._lines:
            dataset = values.get("dataset")
            if read is not None:
                self._lines[place] = _of_container(manifest, read, plan)
            elif dataset in DATASETS and manifest.name == dataset and not manifest.is_file():
                self._lines[place] = _of_dataset(manifest, values)
            else:
                self._lines[place] = self._scanned(manifest)
        return self._lines[place]

    def _scanned(self, manifest: Path) -> dict[tuple[bool, str | int], list[Entry]]:
        from syncaug.io.manifest import Entry, scan_manifest

        found: dict[tuple[bool, str | int], list[Entry]] = {}
        try:
            if not manifest.is_file():
                raise ManifestError("there is no such file")
            for item in scan_manifest(manifest):
                if isinstance(item, Entry):
                    found.setdefault(_typed(item.key), []).append(item)
        except (ManifestError, OSError, ValueError) as error:
            raise RecordError(
                f"source: expected the manifest of the samples; {manifest} cannot be read. "
                "Name it where it lies now: --manifest PATH."
            ) from error
        return found


def _of_container(place: Path, read: Any, plan: Plan) -> dict[tuple[bool, str | int], list[Entry]]:
    """The samples of a shard, a table, a data set on disk or a folder of files."""
    from syncaug.io.manifest import Entry
    from syncaug.runs.sources.declared import Declared
    from syncaug.runs.sources.given import Given
    from syncaug.runs.sources.opening import open_source

    found: dict[tuple[bool, str | int], list[Entry]] = {}
    try:
        for item in open_source(Given.from_json(place, read), Declared.of(plan)).items():
            if isinstance(item, Entry):
                found.setdefault(_typed(item.key), []).append(item)
    except (ManifestError, OSError) as error:
        raise RecordError(
            f"source: expected the samples in {place}: {error} "
            "Name it where it lies now: --manifest PATH."
        ) from error
    return found


def _of_dataset(
    place: Path, values: Mapping[str, Any]
) -> dict[tuple[bool, str | int], list[Entry]]:
    """The samples of the data set of a kind whose folder is `place`'s."""
    from syncaug.datasets.kinds import entries_of

    try:
        entries = entries_of(place.name, place.parent, str(values.get("split", "")))
    except (ManifestError, OSError) as error:
        raise RecordError(
            f"source: expected the data set of the samples in {place.parent}: {error} "
            "Name its folder where it lies now: --manifest PATH."
        ) from error
    return {_typed(entry.key): [entry] for entry in entries}


def _around() -> list[Path]:
    """The current folder and the one that holds it, less the root, below which everything lies."""
    try:
        here = Path.cwd()
    except OSError:  # it was removed
        return []
    return [folder for folder in (here, here.parent) if folder != Path(here.anchor)]


def _name(source: Mapping[str, Any]) -> str:
    return str(source.get("manifest", _MANIFEST))


def _quoted(path: Path) -> str:
    """A path as a shell takes it; what a terminal could not show, which a record may hold, not."""
    text = str(path)
    return shlex.quote(text) if text.isprintable() else ascii(text)


def _line(
    lines: Mapping[tuple[bool, str | int], list[Entry]],
    manifest: Path,
    key: str | int,
    values: Mapping[str, Any],
    field: str,
) -> Entry:
    """The manifest's line of a key whose values are those of the record; none of them is shown."""
    entries = lines.get(_typed(key))
    if not entries:
        raise RecordError(
            f"source.{field}: expected a sample of {manifest}; it has no line of key "
            f"{ascii(key)[:60]}"
        )
    told = canonical(values)
    for entry in entries:
        if canonical(entry.values) == told:
            return entry
    differing = [
        name
        for name in {**values, **entries[0].values}
        if canonical([values.get(name)]) != canonical([entries[0].values.get(name)])
    ]
    raise RecordError(
        f"source.{field}: expected the values of line {entries[0].line} of {manifest}; those of "
        f"{', '.join(ascii(name)[:60] for name in differing[:5]) or 'some streams'} differ"
    )


def _typed(key: str | int) -> tuple[bool, str | int]:
    """3 and "3" are two keys."""
    return isinstance(key, str), key
