"""What is given to functions of a training: records, and lists with an entry for each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from syncaug.errors import RecordError
from syncaug.record import Record

__all__ = ["records_of", "require_list"]


def require_list(name: str, given: Any, what: str = "a list, one for each row") -> None:
    """Raises ValueError for what cannot be iterated row by row."""
    if isinstance(given, str | bytes):
        raise ValueError(f"{name}: expected {what}; got one text {given!r}")
    if not hasattr(given, "__iter__"):
        raise ValueError(f"{name}: expected {what}; got {type(given).__name__} {given!r}"[:160])


def records_of(records: Iterable[Any], row: str) -> list[Record]:
    """Records as such, each of a `row` (pair or row) of the batch.

    Raises ValueError for what is no list, and RecordError, with its place, for what is no record.
    """
    what = f"a list of records, one for each {row}"
    if isinstance(records, Record | Mapping | str):
        raise ValueError(f"records: expected {what}; got one {type(records).__name__}")
    require_list("records", records, what)
    return [_record(place, one) for place, one in enumerate(records)]


def _record(place: int, given: Any) -> Record:
    if isinstance(given, Record):
        return given
    try:
        return Record.from_json(given)
    except RecordError as error:
        raise RecordError(f"records[{place}]: {error}") from None
