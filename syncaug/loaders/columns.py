"""Batches of columns as rows, and rows as columns again: of numpy, pyarrow and pandas.

A column that no result has changed in kind keeps its type; rows that are gone are left out, and
rows with several results stand once for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from syncaug.errors import SampleError
from syncaug.loaders.requirements import uneven

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["names_of", "rebuilt", "rows_of"]


def names_of(batch: Any) -> list[str]:
    """The names of a batch's columns. Raises SampleError for what is no batch of columns."""
    if isinstance(batch, Mapping):
        return list(batch)
    if _is(batch, "pyarrow", "Table"):
        return list(batch.column_names)
    if _is(batch, "pandas", "DataFrame"):
        return [str(name) for name in batch.columns]
    kind = type(batch)
    raise SampleError(
        "batch",
        what="argument",
        expected="columns: a mapping of numpy arrays, a table of pyarrow or a frame of pandas",
        came=f"{kind.__module__}.{kind.__qualname__}",
        hint="Say batch_format='numpy', 'pyarrow' or 'pandas'.",
    )


def rows_of(batch: Any, optional: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """The rows of a batch, each a mapping of all of its columns.

    What numpy and pandas write for a missing entry (NaN, NA, NaT) is None in `optional` columns.
    """
    names = names_of(batch)
    if isinstance(batch, Mapping):
        wrong = uneven(batch)
        if wrong:
            raise SampleError(
                "batch",
                what="argument",
                expected="columns of one length, each an array with an entry for each row",
                came=wrong,
                hint="Augment stands in map_batches(...), not in map(...) or flat_map(...).",
            )
        columns: list[Sequence[Any]] = [[_plain(value) for value in batch[name]] for name in names]
    elif _is(batch, "pyarrow", "Table"):
        columns = [batch.column(name).to_pylist() for name in names]
    else:
        _require_texts(batch)
        columns = [[_plain(value) for value in batch[name].tolist()] for name in names]
    for place, name in enumerate(names):
        if name in optional:
            columns[place] = [None if _is_missing(value) else value for value in columns[place]]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _require_texts(frame: pandas.DataFrame) -> None:
    """Raises SampleError for columns of pandas that have no name, or the same one."""
    names = list(frame.columns)
    for name in names:
        if not isinstance(name, str) or names.count(name) > 1:
            raise SampleError(
                "batch",
                what="argument",
                expected="columns whose names are texts, each of them once",
                came=f"{names.count(name)} columns {name!r}"
                if isinstance(name, str)
                else f"a column {name!r}, {type(name).__name__}",
                hint="Rename them: frame.rename(columns=...).",
            )


def rebuilt(
    batch: Any, rows: Sequence[Mapping[str, Any]], made: Sequence[tuple[int, Mapping[str, Any]]]
) -> Any:
    """Results as a batch, in the format of the batch whose `rows` they were made of.

    Each result comes with the place of its row, of which it may leave entries out. Columns of which
    no result differs from its row are taken as they are.
    """
    places = [place for place, _ in made]
    changed = dict.fromkeys(
        name for place, out in made for name, value in out.items() if value is not rows[place][name]
    )
    columns = {
        name: [out[name] if name in out else rows[place][name] for place, out in made]
        for name in changed
    }
    if isinstance(batch, Mapping):
        return _arrays(batch, places, columns)
    if _is(batch, "pyarrow", "Table"):
        return _table(batch, places, columns)
    return _frame(batch, places, columns)


def _is(value: Any, package: str, name: str) -> bool:
    """Whether a value is of a type of a package, which is not imported for it."""
    return any(
        kind.__name__ == name and kind.__module__.split(".")[0] == package
        for kind in type(value).__mro__
    )


def _plain(value: Any) -> Any:
    """An entry of a column as policies take it.

    That is the array in an element of Ray's tensor columns, and one array for what pyarrow gives
    of a picture in lists: objects that hold objects that hold rows.
    """
    if type(value).__name__ == "TensorArrayElement":
        return value.to_numpy()
    return _dense(value) if _holds_objects(value) and _holds_objects(value[0]) else value


def _is_missing(value: Any) -> bool:
    """Whether an entry is what numpy and pandas write where there is none."""
    if isinstance(value, float | np.floating):
        return bool(np.isnan(value))
    return type(value).__name__ in ("NAType", "NaTType")


def _holds_objects(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "O" and len(value) > 0


def _dense(value: Any) -> Any:
    """Nested arrays as one, where they are of one shape and type."""
    if not _holds_objects(value):
        return value
    parts = [_dense(part) for part in value]
    if not all(isinstance(part, np.ndarray) and part.dtype.kind != "O" for part in parts):
        return value
    return value if len({(part.shape, part.dtype) for part in parts}) > 1 else np.stack(parts)


def _arrays(
    batch: Mapping[str, Any], places: Sequence[int], columns: Mapping[str, list[Any]]
) -> dict[str, Any]:
    """A batch of numpy: stacked where all entries are of one shape and type, else objects."""
    out = {}
    for name, column in batch.items():
        whole = np.asarray(column)
        out[name] = _array(columns[name], whole.dtype) if name in columns else whole[places]
    return out


def _array(values: list[Any], before: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """One column; `before` is the type of the column whose entries these were."""
    if before.kind == "f":
        values = [np.nan if value is None else value for value in values]
    if before.kind != "O" and all(isinstance(value, np.ndarray | np.generic) for value in values):
        if len({(value.shape, value.dtype) for value in values}) == 1:
            return np.stack(values)
    objects = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):  # at once, numpy would take rows of lists apart
        objects[place] = value
    return objects


def _table(
    table: pyarrow.Table, places: Sequence[int], columns: Mapping[str, list[Any]]
) -> pyarrow.Table:
    """A batch of pyarrow; a column keeps its type where that holds what came out."""
    out = table.take(places)
    for name, values in columns.items():
        kind = table.schema.field(name).type
        index = out.schema.get_field_index(name)
        out = out.set_column(index, name, _chunk(name, values, kind))
    return out


def _chunk(name: str, values: list[Any], kind: pyarrow.DataType) -> Any:
    """One column of pyarrow: tensors by Ray's own conversion, all else by pyarrow's."""
    import pyarrow

    if isinstance(kind, pyarrow.BaseExtensionType) or any(
        isinstance(value, np.ndarray) for value in values
    ):
        from ray.data.block import BlockAccessor

        block: Any = BlockAccessor.batch_to_arrow_block({name: _array(values, np.dtype(object))})
        return block.column(name)
    found = pyarrow.array(values)
    if pyarrow.types.is_floating(_leaf(found.type)) and pyarrow.types.is_integer(_leaf(kind)):
        return found  # whole numbers have become others: in their type these would be cut
    try:
        return found.cast(kind)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError):
        return found


def _leaf(kind: pyarrow.DataType) -> pyarrow.DataType:
    """What lists of any depth hold."""
    import pyarrow

    while pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind):
        kind = kind.value_type
    return kind


def _frame(
    frame: pandas.DataFrame, places: Sequence[int], columns: Mapping[str, list[Any]]
) -> pandas.DataFrame:
    """A batch of pandas; a column of pyarrow's types keeps its type as in a table."""
    out = frame.iloc[list(places)].reset_index(drop=True)
    for name, values in columns.items():
        out[name] = _series(name, values, frame[name].dtype)
    return out


def _series(name: str, values: list[Any], before: Any) -> Any:
    """One column of pandas; `before` is the type of the column whose entries these were."""
    import pandas

    if isinstance(before, pandas.ArrowDtype):
        chunk = _chunk(name, values, before.pyarrow_dtype)
        return pandas.array(chunk, dtype=pandas.ArrowDtype(chunk.type))
    if isinstance(before, pandas.StringDtype):
        return pandas.array(values, dtype=before)
    if before.kind == "f":
        values = [np.nan if value is None else value for value in values]
    column = pandas.Series(list(_array(values, np.dtype(object))), dtype=object)
    found = column.infer_objects() if before.kind in "biuf" else column
    return found.astype(before) if found.dtype.kind == before.kind else found
