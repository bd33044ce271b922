"""PyTorch's loaders over one data set in many configurations, for checks of determinism.

A `Trial` is a loader of some workers. A batch of it is the list of what the data set gives.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from multiprocessing import get_all_start_methods
from typing import Any

import torch
from torch.utils.data import BatchSampler, DataLoader, RandomSampler

__all__ = ["STARTS", "Order", "Trial", "cut", "kept", "order_of", "stateful_installed"]

STARTS = tuple(start for start in ("fork", "spawn") if start in get_all_start_methods())
"""How this system starts workers, of those that are tried."""

_TOLD = ("This DataLoader will create", "'set_vital' is deprecated")
"""How warnings begin of more workers than cores, and of torchdata's own calls."""

_ANSWER = 300.0
"""Seconds after which a worker that says nothing counts as hung."""


@dataclass(frozen=True, slots=True)
class Order:
    """The places of one iteration, and how many make a batch."""

    places: tuple[int, ...]
    batch: int


def order_of(count: int, *, shuffled: bool, batch: int, seed: int = 0) -> Order:
    """The places from 0 on, or those that PyTorch's sampler gives for a seed."""
    places: Sequence[int] = range(count)
    if shuffled:
        generator = torch.Generator().manual_seed(seed)
        places = list(RandomSampler(places, generator=generator))
    return Order(tuple(places), batch)


def cut(order: Order, count: int) -> tuple[Order, Order]:
    """The first places of an order, and the rest."""
    return Order(order.places[:count], order.batch), Order(order.places[count:], order.batch)


class _Batches:
    """The batches of an order that may change between the iterations of one loader."""

    def __init__(self) -> None:
        self.order = Order((), 1)

    def __iter__(self) -> Iterator[list[int]]:
        return iter(BatchSampler(self.order.places, self.order.batch, drop_last=False))

    def __len__(self) -> int:
        return -(-len(self.order.places) // self.order.batch)


class Trial:
    """A loader over `data` with some workers, started by `fork` or `spawn`, or with none."""

    def __init__(
        self, data: Any, workers: int, start: str = "", *, persistent: bool = False
    ) -> None:
        self._batches = _Batches()
        how: dict[str, Any] = {"num_workers": workers}
        if workers:
            how |= {
                "multiprocessing_context": start,
                "persistent_workers": persistent,
                "timeout": _ANSWER,
            }
        with _quiet():
            self._loader = DataLoader(data, batch_sampler=self._batches, collate_fn=list, **how)

    def rows(self, order: Order) -> list[Any]:
        """All samples of one iteration in an order, as they come.

        Raises RuntimeError where a worker dies or hangs.
        """
        self._batches.order = order
        with _quiet():
            return [one for batch in self._loader for one in batch]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warnings of loaders that tell nothing of determinism."""
    with warnings.catch_warnings():
        for told in _TOLD:
            warnings.filterwarnings("ignore", told)
        yield


def stateful_installed() -> bool:
    """Whether torchdata's StatefulDataLoader is there to be tried, too."""
    return find_spec("torchdata") is not None


def kept(data: Any, workers: int, start: str, batch: int) -> list[Any]:
    """The samples of a shuffled StatefulDataLoader that stops half-way, and of one that goes on.

    The second one knows no more than the state of the first.
    """
    from torchdata.stateful_dataloader import StatefulDataLoader

    how: dict[str, Any] = {"multiprocessing_context": start} if workers else {}
    with _quiet():
        first, second = (
            StatefulDataLoader(
                data,
                batch,
                shuffle=True,
                num_workers=workers,
                collate_fn=list,
                generator=torch.Generator().manual_seed(seed),
                **how,
            )
            for seed in (1, 2)
        )
        seen = list(islice(first, len(data) // batch // 2))
        second.load_state_dict(first.state_dict())
        return [one for batches in (seen, second) for rows in batches for one in rows]
