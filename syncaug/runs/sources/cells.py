"""Cells of tables, in Parquet or in a data set of Hugging Face: files, paths and inline values."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from syncaug.errors import ManifestError
from syncaug.io.arrays import write_npy
from syncaug.io.packed import Folder
from syncaug.io.plain import parse_json
from syncaug.io.problem import FileProblem
from syncaug.runs.sources.contents import suffix_of
from syncaug.runs.sources.declared import Declared

__all__ = ["JSON_MARK", "Columns", "cell_at", "entry_key"]

JSON_MARK = (b"syncaug", b"json")
"""What the metadata of a column says whose texts are JSON."""

KEYS = ("key", "__key__")
"""Columns that hold keys where none is named."""
ROW = "@row"
"""Says that the number of a row is its key."""
EPOCH = "epoch"
_HINT = "Name its column: --map {name}=COLUMN; COLUMN.FIELD is a field of a structure."


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table is which entry: `of` holds the path of a column or a field for each.

    `key` is the column of keys, or ROW; `epoch` that of epochs, or empty.
    """

    of: Mapping[str, str]
    key: str
    epoch: str
    left: tuple[str, ...]

    @property
    def read(self) -> list[str]:
        """The columns that the entries need, without what is inside of them."""
        return list(dict.fromkeys(path.partition(".")[0] for path in self.of.values()))

    @staticmethod
    def chosen(
        there: Sequence[str],
        declared: Declared,
        mapped: Mapping[str, str],
        key: str,
        place: str,
        *,
        whole: Collection[str] = (),
    ) -> Columns:
        """The columns of a table by their names; `whole` are those of whole numbers.

        Raises ManifestError, with what to say.
        """
        declared.check_mapped(mapped, "--map")
        shown = ", ".join(there) or "no columns"
        for name, path in mapped.items():
            if path not in there and path.partition(".")[0] not in there:
                raise ManifestError(
                    f"{place}: expected the column {path!r}, as --map {name}={path} says; it has "
                    f"{shown}"
                )
        of = {name: mapped.get(name, name) for name in declared.order}
        of = {name: path for name, path in of.items() if name in mapped or path in there}
        declared.require(of, place, f"the columns {shown}", _HINT)
        chosen = key or next((name for name in KEYS if name in there), "")
        if not chosen or (chosen != ROW and chosen not in there):
            came = f"{key!r}, and it has {shown}" if key else shown
            raise ManifestError(
                f"{place}: expected a column that tells each sample's key; got {came}. Name it: "
                f"--key-from COLUMN; or --key-from {ROW} for the number of the row, where rows are "
                "never filtered or sorted anew."
            )
        epoch = EPOCH if EPOCH in whole and EPOCH not in of and chosen != EPOCH else ""
        used = {path.partition(".")[0] for path in of.values()} | {chosen, epoch}
        if epoch:  # a table of results, whose records tell the variants
            used.add("variant")
        return Columns(of, chosen, epoch, tuple(name for name in there if name not in used))


def entry_key(place: str, key: Any, epoch: Any) -> tuple[str | int, int]:
    """The key and the epoch that a row tells. Raises ManifestError."""
    if isinstance(key, bool) or not isinstance(key, str | int) or key == "":
        raise ManifestError(f"{place}: expected a text or a whole number as key; got {key!r}"[:300])
    if epoch is None:
        epoch = 0
    if isinstance(epoch, bool) or not isinstance(epoch, int) or not 0 <= epoch < 1 << 53:
        raise ManifestError(
            f"{place}: expected a whole number from 0 as epoch; got {epoch!r}"[:300]
        )
    return key, epoch


def cell_at(
    row: Mapping[str, Any],
    name: str,
    path: str,
    place: str,
    folder: Folder,
    declared: Declared,
    *,
    is_json: bool = False,
) -> Any:
    """The value of an entry in a row, as a manifest has it: a path, or inline; None where null.

    `place` names the cell as a file of its table. Bytes are written to the folder by that name.
    Raises FileProblem.
    """
    value: Any = row
    for part in [path] if path in row else path.split("."):
        if isinstance(value, list):
            value = [None if each is None else each.get(part) for each in value]
        elif isinstance(value, Mapping):
            value = value.get(part)
    if value is None:
        return None
    if is_json and isinstance(value, str):
        return _parsed(value)
    files = declared.in_files(name)
    said = ""
    if isinstance(value, Mapping) and "bytes" in value and set(value) <= {"bytes", "path"}:
        said, value = value.get("path") or "", value["bytes"]
        if value is None:
            return {"path": _beside(folder.container, said)} if said else None
    if isinstance(value, bytes):
        suffix = PurePosixPath(said).suffix.lower() or suffix_of(value)
        return _content(name, {"path": folder.write(place + suffix, value)}, value, declared)
    if files and isinstance(value, str):
        return {"path": _beside(folder.container, value)}
    if files and isinstance(value, list) and declared.modality(name) not in _LISTS:
        return _array(value, place, folder)
    if isinstance(value, str) and declared.modality(name) in _JSON and value[:1] in ("[", "{"):
        return _parsed(value)
    return _plain(value)


_LISTS = frozenset({"timed_text", "points", "audio"})
"""Modalities of files whose readers take lists, or none of whose readers takes an array."""
_JSON = frozenset(
    {"boxes", "keypoints", "polygons", "oriented_boxes", "phrases", "messages", "boxes3d"}
    | {"joints", "camera", "tabular", "embedding", "state", "action", "timed_text"}
)


def _content(name: str, path: dict[str, str], data: bytes, declared: Declared) -> Any:
    """Bytes of what is no stream are a text where they can be; a file of a stream is its path."""
    if declared.modality(name):
        return path
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise FileProblem(
            "text, numbers or lists, as the entry is no stream",
            f"{len(data):,} bytes",
            "Declare it as a stream, or leave it out of the policy's untouched:.",
        ) from None


def _beside(container: Path, said: str) -> str:
    return str(Path(container).absolute() / said)


def _array(value: list[Any], place: str, folder: Folder) -> dict[str, str]:
    """Nested lists of numbers as the file of an array."""
    try:
        array = np.array(value)
    except ValueError:
        array = np.array(None)
    if array.dtype.kind not in "buif":
        raise FileProblem("bytes of a file, a path or numbers", "a list of something else")
    if array.dtype.kind == "i" and array.size and array.min() >= 0 and array.max() < 1 << 16:
        small = array.max() < 1 << 8  # lists tell no type: the levels of a picture
        array = array.astype(np.uint8 if small else np.uint16)
    elif array.dtype.kind == "f":
        array = array.astype(np.float32)
    write_npy(folder.path(f"{place}.npy"), array)
    return {"path": f"{place}.npy"}


def _parsed(text: str) -> Any:
    try:
        return parse_json(text)
    except ValueError as error:
        raise FileProblem("JSON", f"what is not JSON: {error}") from None


def _plain(value: Any) -> Any:
    """A cell as JSON has it: what is null in a structure is not there, and NaN is null.

    Raises FileProblem for what a manifest cannot hold.
    """
    if isinstance(value, float):
        return None if value != value else value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    raise FileProblem("text, numbers, lists or structures of them", type(value).__name__)
