"""What a run has to do: one unit for each result of each sample, in the order of its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syncaug.errors import ManifestError, SampleError
from syncaug.runs.partners import Partners

if TYPE_CHECKING:
    from syncaug.io.earlier import Unit as Name
    from syncaug.io.manifest import Entry

__all__ = ["Task", "Unit", "Units"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One result of one sample.

    `index` is the sample's place in its source, from 0, bad lines counted; `variant` counts the
    results of its key, also of those epochs that other lines of the key have.
    """

    index: int
    key: str | int
    epoch: int
    variant: int

    @property
    def name(self) -> Name:
        """The key and the epoch, by which results are told apart."""
        return self.key, self.epoch


@dataclass(frozen=True, slots=True)
class Task:
    """A unit with all that a process needs to make it: its sample, and the one to mix with."""

    unit: Unit
    entry: Entry
    partner: Entry | SampleError | None = None
    """The error says why there is no sample to mix with."""


class Units:
    """The units of a run over the items of a source, or over one of several shares of them.

    Each share has its own samples, and all samples to mix them with.
    """

    def __init__(
        self,
        augmenter: Any,
        items: Iterable[Entry | ManifestError],
        *,
        variants: int = 1,
        epoch: int = 0,
        shard: tuple[int, int] = (0, 1),
    ) -> None:
        """`variants` results of each sample, from `epoch` on.

        `shard` (i, n) takes the samples whose index leaves the rest i when it is divided by n.
        """
        items = list(items)
        self._items = _apart(items, variants)
        self.variants, self._first, self._shard = variants, epoch, shard
        entries = [item for item in items if not isinstance(item, ManifestError)]
        self._partners = Partners(augmenter, entries)

    def __len__(self) -> int:
        """How many samples there are, bad lines counted."""
        share, shares = self._shard
        return len(range(share, len(self._items), shares))

    def samples(self) -> Iterator[tuple[Entry, list[Unit]] | ManifestError]:
        """Each sample with its units, or what is wrong with its line, in order."""
        before: dict[str | int, int] = {}
        share, shares = self._shard
        for index, item in enumerate(self._items):
            mine = index % shares == share
            if isinstance(item, ManifestError):
                if mine:
                    yield item
                continue
            start = before.get(item.key, 0)
            before[item.key] = start + self.variants
            if not mine:
                continue
            first = item.epoch + self._first
            yield (
                item,
                [
                    Unit(index, item.key, first + number, start + number)
                    for number in range(self.variants)
                ],
            )

    def why_not(self, name: Name) -> str:
        """Why a result of a key and an epoch is none of these units, in words."""
        key, _ = name
        found = [
            (index, item)
            for index, item in enumerate(self._items)
            if not isinstance(item, ManifestError) and item.key == key
        ]
        if not found:
            return "there is no such sample"
        share, shares = self._shard
        mine = [item for index, item in found if index % shares == share]
        if not mine:
            at = found[0][0] % shares
            return f"that sample is of share {at}/{shares}, now --shard {share}/{shares}"
        spans = [
            (item.epoch + self._first, item.epoch + self._first + self.variants - 1)
            for item in mine
        ]
        told = " and ".join(
            str(first) if first == last else f"{first} to {last}" for first, last in spans
        )
        return (
            f"its epochs are now {told}, with --epoch {self._first} and --variants {self.variants}"
        )

    def task(self, entry: Entry, unit: Unit) -> Task:
        """A unit with its sample, and the sample that its draw mixes with."""
        try:
            return Task(unit, entry, self._partners.of(entry, unit.epoch))
        except SampleError as error:
            return Task(unit, entry, error)

    def order(self) -> list[Name]:
        """The key and the epoch of every result, as they come one after the other."""
        return [
            unit.name
            for sample in self.samples()
            if not isinstance(sample, ManifestError)
            for unit in sample[1]
        ]


def _apart(items: list[Entry | ManifestError], variants: int) -> list[Entry | ManifestError]:
    """The items, with an error for each whose results have epochs of an earlier one of its key."""
    if variants == 1:  # a source gives each key and epoch once
        return items
    counts = Counter(item.key for item in items if not isinstance(item, ManifestError))
    before: dict[str | int, list[Entry]] = {}
    apart: list[Entry | ManifestError] = []
    for item in items:
        if isinstance(item, ManifestError) or counts[item.key] == 1:
            apart.append(item)
            continue
        others = before.setdefault(item.key, [])
        other = next((one for one in others if abs(one.epoch - item.epoch) < variants), None)
        if other is None:
            others.append(item)
            apart.append(item)
            continue
        apart.append(
            ManifestError(
                f"{item.place}: sample {item.key!r}: expected epochs that no other sample of the "
                f"key has; got {variants} variants from epoch {item.epoch} on, and those of "
                f"{other.place} are drawn from epoch {other.epoch} on. Give epochs that are "
                f"{variants} apart, or fewer --variants."
            )
        )
    return apart
