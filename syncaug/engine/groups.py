"""Groups of rows: their streams count alike, and hand out the rows that their leader keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from syncaug.errors import RefusalError, SampleError
from syncaug.modalities.annotations.rows import Numbers, RowCarrier
from syncaug.modalities.carrier import Carrier
from syncaug.plan.plan import Stream

if TYPE_CHECKING:
    from syncaug.modalities.plane.boxes import BoxesCarrier

__all__ = [
    "Group",
    "add_missing",
    "counts_of",
    "fits_of",
    "groups_of",
    "kept_rows",
    "refit",
    "require_equal_counts",
]


@dataclass(frozen=True, slots=True)
class Group:
    """The streams of which row n is the same thing: the leader, then all in their order."""

    name: str
    members: tuple[str, ...]

    def present(self, carriers: Mapping[str, Carrier]) -> list[str]:
        """Those that a sample has; the first of them leads it."""
        return [name for name in self.members if name in carriers]


def groups_of(streams: Iterable[Stream]) -> tuple[Group, ...]:
    """The groups of rows that streams declare."""
    found: dict[str, list[str]] = {}
    for stream in streams:
        if stream.rows:
            members = found.setdefault(stream.rows, [])
            members.insert(0 if stream.leads else len(members), stream.name)
    return tuple(Group(name, tuple(members)) for name, members in found.items())


def fits_of(streams: Iterable[Stream]) -> tuple[tuple[str, str], ...]:
    """The streams to whose rows boxes are fitted, each with those boxes."""
    return tuple((s.name, s.options["fit"]) for s in streams if s.options.get("fit"))


def refit(fits: Iterable[tuple[str, str]], carriers: Mapping[str, Carrier]) -> None:
    """Let boxes become the rectangles around what is left of the rows that they are fitted to."""
    for name, boxes in fits:
        if name in carriers and boxes in carriers:
            carriers[name].settle()
            cast("BoxesCarrier", carriers[boxes]).refit(cast("Any", carriers[name]).extents)


def require_equal_counts(groups: Iterable[Group], carriers: Mapping[str, Carrier]) -> None:
    """Raise SampleError where two streams of a group came with another number of rows."""
    for group in groups:
        counts = counts_of(group, carriers)
        leader = next(iter(counts), "")
        for name, count in counts.items():
            if count != counts[leader]:
                raise SampleError(
                    name,
                    expected=f"{counts[leader]} rows, as many as {leader!r} has, because row n of "
                    f"both is the same {group.name} (rows: {group.name})",
                    came=f"{count}",
                    hint="Give an entry for each row, with nothing in it where there is nothing, "
                    f"or remove rows: from {name!r}.",
                )


def counts_of(group: Group, carriers: Mapping[str, Carrier]) -> dict[str, int]:
    """How many rows each stream of a group counts, the leader first."""
    return {name: _rows(carriers[name]).row_count() for name in group.present(carriers)}


def kept_rows(group: Group, carriers: Mapping[str, Carrier]) -> Numbers:
    """The counted rows that the settled leader of a group keeps, which go into its notes."""
    leader = carriers[group.present(carriers)[0]]
    leader.settle()
    alive = _rows(leader).alive_rows()
    kept: Numbers = np.flatnonzero(alive)
    if len(kept) < len(alive):
        leader.notes["rows"] = kept.tolist()
    return kept


def add_missing(
    group: Group,
    before: Mapping[str, int],
    carriers: Mapping[str, Carrier],
    partner: Mapping[str, Carrier],
) -> None:
    """Let streams that a mix has not reached take in the partner's rows, as ones of nothing.

    `before` are the counts before the mix. Raises RefusalError where the partner lacks a stream.
    """
    if counts_of(group, carriers) == before:
        return
    for name, count in before.items():
        if _rows(carriers[name]).row_count() > count:
            continue
        if name not in partner:
            raise RefusalError(
                name, f"the partner has no such stream, and brings rows of {group.name}"
            )
        _rows(carriers[name]).add_rows(partner[name])


def _rows(carrier: Carrier) -> RowCarrier:
    """A carrier of a modality with rows, as the compiler has made sure."""
    return cast("RowCarrier", carrier)
