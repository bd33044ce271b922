"""The journal of a data set that is being written: which samples are whole, and their rows.

    .syncaug-rows.jsonl     a line for each sample whose files are in their places
    .syncaug-moving.json    the files of the sample that is being moved to its place

Both are gone when the data set is finished.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from syncaug.errors import ManifestError
from syncaug.io.atomic import append_line, shorten, write_bytes
from syncaug.io.earlier import RECORDS, Done, Unit, unit_of, whole_lines
from syncaug.io.plain import dump_json

__all__ = ["MOVING", "ROWS", "Journal", "place_in"]

ROWS = ".syncaug-rows.jsonl"
MOVING = ".syncaug-moving.json"


def place_in(root: Path, name: str) -> Path:
    """Where a file of this name lies in a folder. Raises ValueError where it would lie outside of
    it, also through a link."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\0" in name:
        raise ValueError(f"the name {name!r}"[:200])
    place = root
    for part in parts[:-1]:
        place = place / part
        if place.is_symlink():
            raise ValueError(f"a link at {place}, through which nothing is written"[:200])
    return place / parts[-1]


@dataclass(slots=True)
class Journal:
    """The journal in a folder, and what it said when it was read.

    `done` are the results that are whole, by key and epoch, with the lines of their records.
    `lengths` are those that journal and records should have; what stands behind them was torn.
    """

    root: Path
    done: dict[Unit, Done] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        """Whether the data set is not finished."""
        return (self.root / ROWS).is_file()

    def begin(self) -> None:
        """Make an empty journal. Raises OSError."""
        (self.root / ROWS).touch()

    def moving(self, unit: Unit | None, files: list[str]) -> None:
        """Say which files are about to be moved to their places. Raises OSError."""
        told = {"key": unit and unit[0], "epoch": unit and unit[1], "files": files}
        write_bytes(self.root / MOVING, dump_json(told).encode())

    def add(self, unit: Unit | None, row: Mapping[str, Any]) -> None:
        """Say that the files of a sample are in their places. Raises OSError, FileProblem."""
        told = {"key": unit and unit[0], "epoch": unit and unit[1], "row": row}
        append_line(self.root / ROWS, dump_json(told))

    def rows(self) -> Iterator[tuple[Unit | None, dict[str, Any]]]:
        """The rows of all samples that are whole, with the names of their units."""
        for _, told, _, _ in whole_lines(self.root / ROWS):
            unit = None if told["key"] is None else (told["key"], told["epoch"])
            yield unit, told["row"]

    def read(self) -> None:
        """Learn what is whole. Raises ManifestError where that is not the work of one run."""
        rows = {}
        ends = {ROWS: 0, RECORDS: 0}
        before = 0
        last: Unit | None = None
        for number, told, _, end in whole_lines(self.root / ROWS):
            last = unit_of(self.root / ROWS, number, told)
            rows[last], before, ends[ROWS] = end, ends[ROWS], end
        for number, record, line, end in whole_lines(self.root / RECORDS):
            place = f"{self.root / RECORDS}:{number}"
            draw, outcome = record.get("draw"), record.get("outcome")
            if not isinstance(draw, dict) or not isinstance(outcome, str):
                raise ManifestError(f"{place}: expected a record; got something else")
            unit = unit_of(self.root / RECORDS, number, draw)
            if unit in self.done:
                raise ManifestError(f"{place}: expected one record each; got {unit[0]!r} again")
            if self.exists and outcome != "dropped" and unit not in rows:
                raise ManifestError(
                    f"{place}: expected the row of {unit[0]!r}, epoch {unit[1]}, in {ROWS}; got "
                    "none. Start anew in another folder."
                )
            self.done[unit] = Done(unit, record, line)
            ends[RECORDS] = end
        without = [unit for unit in rows if unit not in self.done]
        if without and without != [last]:
            raise ManifestError(
                f"{self.root / ROWS}: expected a record for each row; got none for "
                f"{without[0][0]!r}, epoch {without[0][1]}. Start anew in another folder."
            )
        if without:
            ends[ROWS] = before
        self.lengths = ends

    def mend(self) -> None:
        """Cut off what was torn, and remove the files that were moved for it. Raises OSError."""
        for name, length in self.lengths.items():
            shorten(self.root / name, length)
        try:
            told = json.loads((self.root / MOVING).read_bytes())
            unit = told["key"], told["epoch"]
            places = [place_in(self.root, name) for name in told["files"]]
        except FileNotFoundError:
            return
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ManifestError(
                f"{self.root / MOVING}: expected the files of one sample; got {error!r}"[:300]
            ) from None
        if unit not in self.done:
            for place in places:
                place.unlink(missing_ok=True)

    def close(self) -> None:
        """The data set is finished. Raises OSError."""
        for name in (MOVING, ROWS):
            if os.path.lexists(self.root / name):
                os.unlink(self.root / name)
