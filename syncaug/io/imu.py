"""Inertial measurements in files: CSV with a header, .npz and .npy.

A table's columns are found by the names that the stream declares, or by those that `imu.yaml`
knows for them; a column of times becomes timestamps in seconds. Times that count from an epoch
(beyond one day) are counted from the first row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from syncaug.io.arrays import read_npy, read_npz, write_npy
from syncaug.io.atomic import replacing, write_bytes
from syncaug.io.problem import TEXT_BYTES, FileProblem, read_bytes

__all__ = ["read_imu", "write_imu"]

Options = Mapping[str, Any]

COLUMNS = ("gx", "gy", "gz", "ax", "ay", "az")
"""What a stream holds that declares no columns."""

TIME = "t"
"""The column that holds times where a stream wants them among its rows."""

_EXPECTED = "inertial measurements (.csv, .npz or .npy)"
_EPOCH = 86_400.0
_SLOWEST = 2.0
"""Farther apart, in seconds, no sensor of motion reads as a rule: such numbers have other units."""
_UNIT = re.compile(r"(.*?)\s*[(\[]\s*([^)\]]*?)\s*[)\]]\s*")


@dataclass(frozen=True, slots=True)
class _Table:
    """Names of columns, rows of numbers, and by column where its first text stands, if any."""

    names: Sequence[str]
    rows: NDArray[Any]
    texts: Mapping[int, str]

    def require_numbers(self, path: Path, place: int) -> None:
        """Raise FileProblem for a column that is wanted and holds texts."""
        if place in self.texts:
            came = f"{path}, where {self.texts[place]}"
            raise FileProblem(f"a number as {self.names[place]!r}", came)


def read_imu(path: Path, options: Options) -> Any:
    """Rows TxC of float64, in the order of the declared columns (gx ... az without any).

    Where the file has times: {"array", "timestamps"}; with a declared `rate`, which must be the
    file's to a thousandth, or with times as column `t`, the array alone. Arrays of .npy and .npz
    keep float32. Raises FileProblem.
    """
    wanted = tuple(options.get("columns") or COLUMNS)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        array, times = _chosen(path, _read_csv(path), wanted, options)
    elif suffix == ".npz":
        array, times = _from_npz(path, wanted, options)
    elif suffix == ".npy":
        array, times = read_npy(path, _EXPECTED), None
    else:
        raise FileProblem(_EXPECTED, f"{path}")
    if array.ndim != 2 or array.shape[1] != len(wanted) or array.dtype.kind != "f":
        raise FileProblem(
            f"rows of {len(wanted)} numbers: {', '.join(wanted)}",
            f"{path}, an array of {array.dtype} with shape {array.shape}",
        )
    rate = float(options.get("rate") or 0.0)
    if rate and times is not None and len(times) > 1:
        found = (len(times) - 1) / max(float(times[-1] - times[0]), 1e-12)
        if abs(found - rate) > 1e-3 * rate:
            raise FileProblem(
                f"{rate:g} rows in a second, as declared",
                f"{path} with {found:g}",
                "Leave rate out of the declaration; the file's own times serve then.",
            )
    if times is None or rate or TIME in wanted:
        return array
    return {"array": array, "timestamps": times}


def write_imu(folder: Path, stem: str, value: Any, options: Options, *, suffix: str = "") -> str:
    """Write as .csv, or as .npz or .npy where it came from there; the file's name."""
    said: Mapping[str, Any] = value if isinstance(value, Mapping) else {"array": value}
    array = np.asarray(said["array"])
    names = list(options.get("columns") or COLUMNS)
    if suffix == ".npy" and "timestamps" not in said:
        write_npy(folder / f"{stem}.npy", array)
        return f"{stem}.npy"
    if suffix in (".npy", ".npz"):
        arrays: dict[str, Any] = {"array": array, "columns": np.array(names)}
        if "timestamps" in said:
            arrays["timestamps"] = np.asarray(said["timestamps"], dtype=np.float64)
        with replacing(folder / f"{stem}.npz") as temporary:
            np.savez_compressed(temporary, **arrays)
        return f"{stem}.npz"
    heads = [_with_unit(name, str(options.get("units", "si"))) for name in names]
    rows = array.astype(np.float64).tolist() if array.dtype != np.float32 else array.tolist()
    if "timestamps" in said:
        heads = ["Time (s)", *heads]
        times = np.asarray(said["timestamps"], dtype=np.float64).tolist()
        rows = [[time, *row] for time, row in zip(times, rows, strict=True)]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(heads)
    table.writerows(rows)
    write_bytes(folder / f"{stem}.csv", text.getvalue().encode())
    return f"{stem}.csv"


def _read_csv(path: Path) -> _Table:
    """A table of numbers, divided by commas, or by semicolons or tabs where its header has none."""
    try:
        text = read_bytes(path, _EXPECTED, limit=TEXT_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileProblem("a table in UTF-8", f"{path}, which is not UTF-8") from None
    head = text.split("\n", 1)[0]
    comma = "," in head or not (";" in head or "\t" in head)
    divided = "," if comma else ";" if ";" in head else "\t"
    try:
        lines = [line for line in csv.reader(io.StringIO(text, None), delimiter=divided) if line]
    except csv.Error as error:
        raise FileProblem("a table with a header and rows", f"{path}: {error}") from None
    while len(lines) > 1 and _is_comment(*lines[:2]):
        del lines[0]
    if len(lines) < 2:
        raise FileProblem("a table with a header and rows", f"{path} with {len(lines)} lines")
    names = [name.strip().lstrip("#").strip() for name in lines[0]]
    if _number(names[0]) is not None:
        raise FileProblem("a table with a header", f"{path}, which starts with numbers")
    rows = np.full((len(lines) - 1, len(names)), np.nan)
    texts: dict[int, str] = {}
    for number, line in enumerate(lines[1:]):
        if len(line) != len(names):
            came = f"{path}, where row {number + 1} has {len(line)}"
            raise FileProblem(f"{len(names)} numbers in each row", came)
        for place, cell in enumerate(line):
            value = _number(cell if comma else cell.replace(",", "."))
            if value is None:
                texts.setdefault(place, f"row {number + 1} has {cell.strip()[:20]!r}")
            else:
                rows[number, place] = value
    return _Table(names, rows, texts)


def _is_comment(line: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a line is none of the table: a header of its own may begin with # as well."""
    return line[0].lstrip().startswith("#") and (
        len(line) != len(below) or below[0].lstrip().startswith("#")
    )


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _chosen(
    path: Path, table: _Table, wanted: Sequence[str], options: Options
) -> tuple[NDArray[Any], NDArray[np.float64] | None]:
    """The wanted columns of a table, and its times in seconds."""
    names, rows = table.names, table.rows
    known, kind = _known(), rows.dtype
    times: NDArray[np.float64] | None = None
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        words, unit = _words(name)
        head, _, last = words.rpartition(" ")
        if not unit and head in known["time"]["names"] and last in known["time"]["units"]:
            words, unit = head, last  # as in time_ms
        if times is None and words in known["time"]["names"] and unit in known["time"]["units"]:
            table.require_numbers(path, place)
            times = rows[:, place].astype(np.float64) * float(known["time"]["units"][unit])
            _check_times(path, name, unit, times)
            if len(times) and _EPOCH < abs(float(times[0])) < np.inf:
                times = times - times[0]
            continue
        found[name] = place
        short = _short(words)
        if short:
            found.setdefault(short, place)
            if short in wanted:
                _check_unit(path, name, short, unit, str(options.get("units", "si")))
    missing = [
        name for name in wanted if name not in found and not (name == TIME and times is not None)
    ]
    if missing:
        raise FileProblem(
            f"columns {', '.join(wanted)}", f"{path} with {', '.join(names)}; no {missing[0]!r}"
        )
    for name in wanted:
        if name in found:
            table.require_numbers(path, found[name])
    if times is not None:
        rows, found = np.column_stack([rows, times]), {TIME: rows.shape[1], **found}
    return rows[:, [found[name] for name in wanted]].astype(kind), times


def _from_npz(
    path: Path, wanted: Sequence[str], options: Options
) -> tuple[NDArray[Any], NDArray[np.float64] | None]:
    arrays = read_npz(path, _EXPECTED)
    name = next((name for name in ("array", "data", "imu") if name in arrays), "")
    if not name:
        raise FileProblem("an .npz file with an array 'array'", f"{path} with {sorted(arrays)}")
    array = arrays[name]
    times = arrays.get("timestamps")
    if times is not None and times.shape != array.shape[:1]:
        raise FileProblem(f"{len(array)} timestamps", f"{path} with shape {times.shape}")
    columns = tuple(map(str, arrays["columns"])) if "columns" in arrays else ()
    if columns and array.ndim == 2 and array.shape[1] == len(columns):
        array, _ = _chosen(path, _Table(columns, array, {}), wanted, options)
    return array, None if times is None else times.astype(np.float64)


def _check_times(path: Path, name: str, unit: str, times: NDArray[np.float64]) -> None:
    """Raise FileProblem for times of no said unit that are hardly seconds."""
    apart = float(np.median(np.diff(times))) if len(times) > 2 else 0.0
    if not unit and apart > _SLOWEST:
        raise FileProblem(
            "times in seconds where a header says no unit",
            f"{path}, whose rows are {apart:g} apart in {name!r}",
            f"Say the unit in the header: {name} (ms), (us), (ns) or (s).",
        )


def _check_unit(path: Path, name: str, short: str, unit: str, declared: str) -> None:
    measured = _known()["quantities"][short[0]]
    system = measured["units"].get(unit)
    if system is not None and system != declared:
        raise FileProblem(
            f"{measured[declared]}, as `units: {declared}` says",
            f"{path} with {name!r}",
            f"Declare units: {system}.",
        )


def _words(name: str) -> tuple[str, str]:
    """A header in plain words, and its unit."""
    split = _UNIT.fullmatch(name)
    words, unit = split.groups() if split else (name, "")
    return re.sub(r"[\s_.\-]+", " ", words).strip().lower(), unit


def _short(words: str) -> str:
    """gx for "gyroscope x"; empty where it is something else."""
    head, axis = words[:-1].rstrip(), words[-1:]
    if axis not in ("x", "y", "z"):
        return ""
    for letter, measured in _known()["quantities"].items():
        if head in measured["names"]:
            return str(letter) + axis
    return ""


def _with_unit(name: str, units: str) -> str:
    short = _short(_words(name)[0])
    return f"{name} ({_known()['quantities'][short[0]][units]})" if short else name


@cache
def _known() -> Mapping[str, Any]:
    text = (files("syncaug.io") / "imu.yaml").read_text(encoding="utf-8")
    known: Mapping[str, Any] = yaml.safe_load(text)
    return known
