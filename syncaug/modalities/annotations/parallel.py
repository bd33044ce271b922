"""Parallel lists: classes, ids, areas and others that run beside a stream's rows, entry for entry.

A row that goes takes its entries along, and a partner's rows bring theirs. Lists, tuples and arrays
keep their form and dtype. A list named `area` tells the pixels of each row's thing, as COCO's
segmentations have them: it is multiplied by the share of the thing that is left and by how much the
picture grew there. Velocities beside 3-D boxes turn and grow with their world. Other lists whose
names and entries tell of places or directions do not move, and are warned of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import SampleError
from syncaug.modalities.annotations.list_rules import ListRules, told_in
from syncaug.modalities.annotations.rows import require_ids
from syncaug.modalities.annotations.sides import Sides, texts_of
from syncaug.modalities.annotations.whole_numbers import in_whole_numbers
from syncaug.modalities.carrier import Carrier, describe, plural_key
from syncaug.modalities.pairs import joined

__all__ = ["ParallelLists"]


class ParallelLists(NamedTuple):
    """The lists beside one stream by their keys in the sample; none that came is written to."""

    lists: Mapping[str, Any]
    rules: ListRules

    @classmethod
    def beside(cls, carrier: Carrier, count: int, rules: ListRules) -> ParallelLists:
        """Those that the stream's `labels:` names, each of `count` entries. Raises SampleError."""
        lists = {key: carrier.parallel(key, count) for key in rules.keys}
        for key in rules.areas:
            _require_numbers(key, lists[key])
        if rules.ids:
            require_ids(rules.ids, lists[rules.ids])
        return cls(lists, rules)

    def __bool__(self) -> bool:
        return bool(self.lists)

    @property
    def names(self) -> Any:
        """The list that says what the rows are: the first of texts, else the first of all."""
        lists = [values for key, values in self.lists.items() if key != self.rules.ids]
        texts = (values for values in lists if _is_of_texts(values))
        return next(texts, next(iter(lists), ()))

    def taken(self, kept: NDArray[np.intp]) -> ParallelLists:
        """The entries at the indices `kept`."""
        if not self.lists:
            return self
        lists = {key: plural_key(values, kept) for key, values in self.lists.items()}
        return ParallelLists(lists, self.rules)

    def joined(self, partner: ParallelLists) -> ParallelLists:
        """The entries of both, the own ones first; forms and keys are those of the own lists.

        Raises SampleError where one array does not hold both.
        """
        both = {}
        for key, values in self.lists.items():
            try:
                both[key] = joined(values, partner.lists[key])
            except (TypeError, ValueError):
                raise SampleError(
                    key,
                    expected=f"entries that stand in one array with the partner's, which are "
                    f"{describe(partner.lists[key])}",
                    came=describe(values),
                    hint="Give lists, or arrays of one type and shape.",
                ) from None
        return ParallelLists(both, self.rules)

    def mirrored(self, sides: Sides) -> ParallelLists:
        """The entries of the other side: of all texts by name, or by pairs where `names` are."""
        if not self.lists or not sides.swaps:
            return self
        named = self.names
        others = {
            key: sides.swapped(values)
            if values is named or (sides.by_name and key != self.rules.ids)
            else values
            for key, values in self.lists.items()
        }
        return ParallelLists(others, self.rules)

    def texts(self) -> Iterable[str]:
        """All entries that are texts."""
        ids = self.rules.ids
        return chain.from_iterable(
            texts_of(values) for key, values in self.lists.items() if key != ids
        )

    def flat_velocities(self) -> str:
        """The key of a list with velocities of two components; empty without one."""
        return next((k for k in self._velocities() if any(map(_is_flat, self.lists[k]))), "")

    def turned(self, matrix: NDArray[np.float64], ground: tuple[int, int]) -> ParallelLists:
        """Velocities of two or three components moved by a 3x3 matrix of the world.

        Two are those along the axes of the `ground`; the third is 0.
        """
        found = self._velocities()
        if not found:
            return self
        flat = matrix[np.ix_(ground, ground)]
        moved = {key: _turned(self.lists[key], matrix, flat) for key in found}
        return ParallelLists({**self.lists, **moved}, self.rules)

    def _velocities(self) -> list[str]:
        return [key for key in self.rules.velocities if _are_velocities(self.lists[key])]

    @property
    def tell_places(self) -> bool:
        """Whether a list may tell of places or directions, so that a look at it pays."""
        return bool(self.rules.places or self.rules.directions) or any(
            map(_is_of_mappings, self.lists.values())
        )

    def suspect_places(self, carrier: Carrier, *, turned: bool) -> None:
        """Let the stream say which lists tell of places or directions that stay as they are."""
        rules = self.rules
        named = (*rules.places, *rules.directions) if turned else rules.places
        moved = self._velocities() if named else ()
        for key, values in self.lists.items():
            if key in named and key not in moved and _holds_places(values):
                self._suspect(carrier, key, f"the list {key!r} tells")
            elif _is_of_mappings(values) and (inside := _places_inside(values, turned=turned)):
                names = ", ".join(map(repr, inside))
                self._suspect(carrier, key, f"the entries of {key!r} tell, under {names},")

    def _suspect(self, carrier: Carrier, key: str, what: str) -> None:
        carrier.suspect(
            f"stays {key}",
            f"{what} of places or directions, which do not move with the rows; give them as a "
            "stream of their own (keypoints, polygons, instances, boxes), leave them out, or give "
            "them under another name if they are none",
        )

    def scaled(self, factors: NDArray[np.float64], carrier: Carrier) -> ParallelLists:
        """Areas multiplied by one factor for each entry."""
        if not self.rules.areas or bool((factors == 1.0).all()):
            return self
        scaled = {key: _scaled(key, self.lists[key], factors, carrier) for key in self.rules.areas}
        return ParallelLists({**self.lists, **scaled}, self.rules)


def _is_of_texts(values: Sequence[Any] | NDArray[Any]) -> bool:
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        return values.dtype.kind in "US"
    return any(isinstance(value, str | bytes) for value in values)


def _are_velocities(values: Any) -> bool:
    """Whether a list's rows have the form of two or three components of a velocity."""
    rows = [row for row in values if row is not None]
    return bool(rows) and all(
        isinstance(row, list | tuple | np.ndarray)
        and len(row) in (2, 3)
        and all(isinstance(n, int | float | np.number) for n in row)
        for row in rows
    )


def _is_flat(row: Any) -> bool:
    return row is not None and len(row) == 2


def _turned(values: Any, matrix: NDArray[np.float64], flat: NDArray[np.float64]) -> Any:
    """Rows of three components times a matrix, of two times another. What is None stays."""
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        moved = values.astype(np.float64) @ (flat if values.shape[1] == 2 else matrix).T
        return moved.astype(np.result_type(values, np.float16))
    out = [
        None if row is None else _turned_row(row, flat if len(row) == 2 else matrix)
        for row in values
    ]
    if isinstance(values, np.ndarray):
        whole = np.empty(len(out), dtype=object)
        whole[:] = out
        return whole
    return type(values)(out)


def _turned_row(row: Any, matrix: NDArray[np.float64]) -> Any:
    moved = matrix @ np.asarray(row, dtype=np.float64)
    if isinstance(row, np.ndarray):
        return moved.astype(row.dtype if row.dtype.kind == "f" else moved.dtype)
    return type(row)(moved.tolist())


def _holds_places(values: Any) -> bool:
    """Whether entries are fractions, lists of numbers, arrays or mappings of counts."""
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        kind = values.dtype.kind
        return values.size > 0 and (kind == "f" or (values.ndim > 1 and kind in "iub"))
    return any(
        isinstance(value, float | np.floating)
        or (isinstance(value, Mapping) and "counts" in value)
        or (isinstance(value, list | tuple | np.ndarray) and _has_number(value))
        for value in values
    )


def _is_of_mappings(values: Any) -> bool:
    """Whether a list begins with a mapping, as all that COCO says of a row."""
    return isinstance(values, list | tuple) and bool(values) and isinstance(values[0], dict)


def _places_inside(values: Sequence[Any], *, turned: bool) -> list[str]:
    """The keys under which mappings tell of places; zeros alone are what nobody has told."""
    found = dict.fromkeys(
        name
        for entry in values
        if isinstance(entry, dict)
        for name, value in told_in(entry, turned=turned)
        if _holds_places([value]) and not _is_zero(value)
    )
    return list(found)


def _is_zero(value: Any) -> bool:
    """Whether a number, or a list of lists of numbers, is of zeros alone."""
    if isinstance(value, list | tuple):
        return all(map(_is_zero, value))
    return not isinstance(value, Mapping) and not np.any(value)


def _has_number(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiub" and value.size > 0
    return any(
        isinstance(each, int | float | np.number)
        or (isinstance(each, list | tuple | np.ndarray) and _has_number(each))
        for each in value
    )


def _require_numbers(key: str, values: Any) -> None:
    for index, value in enumerate(values):
        if isinstance(value, str | bool) or not isinstance(value, int | float | np.number):
            raise SampleError(
                key,
                expected="the pixels of each row, as numbers",
                came=f"entry {index}: {describe(value)}",
                hint="Give the list another name if it holds something else.",
            )


def _scaled(key: str, values: Any, factors: NDArray[np.float64], carrier: Carrier) -> Any:
    numbers = np.asarray(values, dtype=np.float64) * factors
    if isinstance(values, np.ndarray):
        if values.dtype.kind in "iu":
            return in_whole_numbers(np.rint(numbers), values.dtype, carrier, key)
        return numbers.astype(values.dtype)
    entries = [
        round(number) if isinstance(value, int | np.integer) else number
        for value, number in zip(values, numbers.tolist(), strict=True)
    ]
    return type(values)(entries)
