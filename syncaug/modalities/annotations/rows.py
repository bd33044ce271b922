"""Rows: what a carrier answers whose stream may share its rows with others, by `rows: NAME`.

Row n of all streams of a group is the same thing. While a sample is carried no stream of a group
deletes a row: each knows which of its rows are alive by its own rules. At the end the engine asks
the leader which rows are alive, and each stream of the group hands out exactly these; one that has
nothing left in a row hands out nothing in its place: NaN numbers in arrays, None in lists,
keypoints of visibility 0, a null phrase. In a mix each stream takes in all rows of the partner's,
behind its own and in their order, those alive by the mix's rules and the others dead, so that no
stream needs to know what became of the others.

A modality takes part by `rows=True` in its ModalitySpec, a model that extends `Rowed`, and a
carrier with the methods of `RowCarrier`. Where `stream.rows` is empty it is in no group, and
deletes rows as it likes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError
from syncaug.modalities.carrier import Carrier, describe

__all__ = [
    "Bools",
    "Numbers",
    "RowCarrier",
    "absent_rows",
    "alive_at",
    "gone_rows",
    "require_ids",
    "spread",
]

Numbers = NDArray[np.intp]
Bools = NDArray[np.bool_]


@runtime_checkable
class RowCarrier(Protocol):
    """A carrier of rows that may be those of a group."""

    def row_count(self) -> int:
        """How many rows it counts: all that came, then all that partners brought; dead ones too.

        A carrier in a group counts alike before and after every map but a mix.
        """

    def alive_rows(self) -> Bools:
        """Which of the counted rows are alive by the stream's own rules, once it is settled.

        A stream that `drop_modality` left out still tells what it would have kept.
        """

    def give_rows(self, kept: Numbers) -> dict[str, Any]:
        """As `finish`, with exactly the counted rows at `kept`, those that are dead as nothing.

        Lists beside the stream keep the entries of all of these rows.
        """

    def add_rows(self, partner: Carrier) -> None:
        """Take in all of the partner's rows as dead ones, with their entries in lists.

        This is for a step that mixes other streams of the group and not this one.
        """


def alive_at(kept: Numbers, count: int) -> Bools:
    """Which of `count` rows are among those at `kept`."""
    alive = np.zeros(count, dtype=bool)
    alive[kept] = True
    return alive


def gone_rows(kept: Numbers, count: int) -> list[int]:
    """Those of `count` rows that are not among those at `kept`."""
    dead: list[int] = (~alive_at(kept, count)).nonzero()[0].tolist()
    return dead


def absent_rows(value: Any, width: int) -> Any:
    """A list of rows in which NaN stands for each that is None; anything else as it came.

    `width` is that of a row where there is no other to tell.
    """
    if not isinstance(value, list | tuple) or all(row is not None for row in value):
        return value
    shape = next((np.shape(row) for row in value if row is not None), (width,))
    nothing = np.full(shape, np.nan).tolist()
    return [nothing if row is None else row for row in value]


def spread(rows: Any, seen: Bools, carrier: Carrier) -> Any:
    """Rows of those that are `seen` at their places among all, and nothing at the others.

    Nothing is NaN in an array, which becomes float64 where its dtype holds none (and the carrier
    says so), and None in a list or a tuple.
    """
    if seen.all():
        return rows
    if not isinstance(rows, np.ndarray):
        given: Iterator[Any] = iter(rows)
        return type(rows)([next(given) if is_seen else None for is_seen in seen.tolist()])
    dtype = rows.dtype
    if dtype.kind != "f":
        carrier.suspect("wider", f"a row without anything came about, and {dtype} holds no NaN; "
                        "float64 goes out for this sample. Give float32.")  # fmt: skip
        dtype = np.dtype(np.float64)
    out = np.full((len(seen), *rows.shape[1:]), np.nan, dtype=dtype)
    out[seen] = rows
    return out


def require_ids(key: str, values: Sequence[Any] | NDArray[Any]) -> None:
    """Raise SampleError unless the entries of a list are numbers or texts, no two alike."""
    entries = values.tolist() if isinstance(values, np.ndarray) else list(values)
    seen: dict[Any, int] = {}
    for index, entry in enumerate(entries):
        if isinstance(entry, bool) or not isinstance(entry, int | str | np.integer):
            raise SampleError(
                key,
                expected="a whole number or a text as the identity of each row",
                came=f"entry {index}: {describe(entry)}",
                hint="Name a list of other values under labels:.",
            )
        if entry in seen:
            raise SampleError(
                key,
                expected="identities of rows, no two alike",
                came=f"{entry!r} in rows {seen[entry]} and {index}",
                hint="Name a list whose values repeat under labels:.",
            )
        seen[entry] = index
