"""pyarrow, imported where a table is read or written."""

from __future__ import annotations

from typing import Any

from syncaug.errors import MissingExtraError

__all__ = ["load_arrow"]


def load_arrow() -> Any:
    """The library. Raises MissingExtraError."""
    try:
        import pyarrow
    except ImportError as error:
        if error.name != "pyarrow":
            raise
        raise MissingExtraError("pyarrow", "parquet") from None
    return pyarrow
