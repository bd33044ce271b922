"""Tables in Parquet files, through pyarrow."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.errors import ManifestError, MissingExtraError
from syncaug.io.atomic import write_bytes
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["read_columns", "write_columns"]


def read_columns(path: Path) -> dict[str, Any]:
    """The columns of a table: arrays of T numbers, or of TxD and more where a cell holds lists.

    Raises ManifestError, MissingExtraError.
    """
    arrow, parquet = _pyarrow()
    try:
        table = parquet.read_table(BytesIO(read_bytes(path, "a table in Parquet")))
    except FileProblem as problem:
        raise ManifestError(str(problem)) from None
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise ManifestError(
            f"{path}: expected a table in Parquet; it is damaged: {error}"
        ) from None
    columns: dict[str, Any] = {}
    for name in table.column_names:
        values = table[name].to_pylist()
        try:
            array = np.array(values)
        except ValueError:
            raise ManifestError(f"{path}: column {name!r}: expected rows of one length") from None
        if array.dtype == object:
            raise ManifestError(
                f"{path}: column {name!r}: expected numbers in each row; got none in some"
            )
        form = table.schema.field(name).type
        inner = form
        while hasattr(inner, "value_type"):
            inner = inner.value_type
        columns[name] = (
            array.astype(inner.to_pandas_dtype()) if array.dtype.kind in "iuf" else array
        )
    return columns


def write_columns(path: Path, columns: Mapping[str, Any]) -> None:
    """Write a table of arrays (T, TxD or of more axes), whole or not at all.

    Raises MissingExtraError.
    """
    arrow, parquet = _pyarrow()
    arrays = {}
    for name, column in columns.items():
        rows = np.asarray(column)
        cells = arrow.array(rows.ravel())
        for length in reversed(rows.shape[1:]):
            cells = arrow.FixedSizeListArray.from_arrays(cells, length)
        arrays[name] = cells
    buffer = BytesIO()
    parquet.write_table(arrow.table(arrays), buffer)
    write_bytes(path, buffer.getvalue())


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        if error.name != "pyarrow":
            raise
        raise MissingExtraError("pyarrow", "parquet") from None
    return pyarrow, pyarrow.parquet
