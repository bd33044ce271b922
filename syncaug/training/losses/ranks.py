"""The features of all ranks of a distributed training, with gradients that find their way back.

Each rank works out the rows of its own pairs against the pairs of all ranks. The mean of the ranks'
losses is the loss of the whole batch, and since DistributedDataParallel takes the mean of the
ranks' gradients, the gradients of parameters are those of one process with the whole batch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from syncaug.training.losses.features import trouble

__all__ = ["Gather", "Ranks", "ranks_of", "together"]

T = TypeVar("T")

Gather: TypeAlias = bool | Any
"""False for the features of this process alone; True, or a process group, for those of all."""
Shape: TypeAlias = tuple[int, int]
"""How many numbers `groups` and `exclude` hold for each pair; 0 where they are not given."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """A group of processes, and this one's place in it."""

    group: Any
    rank: int
    size: int

    def all_of(self, values: Tensor) -> Tensor:
        """The values of all ranks, one below the other; gradients do not pass."""
        parts = [torch.empty_like(values) for _ in range(self.size)]
        dist.all_gather(parts, values.detach().contiguous(), group=self.group)
        return torch.cat(parts)

    def features_of(self, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
        """Both sides of all ranks; the gradients that all ranks find for them come back summed."""
        both: Tensor = _Gathered.apply(torch.cat([a, b], dim=1), self)  # type: ignore[no-untyped-call]
        return both[:, : a.shape[1]], both[:, a.shape[1] :]

    def shared(self, loss: Tensor) -> Tensor:
        """A rank's loss with the value of all: the mean. Its gradient stays the rank's own."""
        whole = loss.detach().clone()
        dist.all_reduce(whole, group=self.group)
        return loss + (whole / self.size - loss.detach())


class _Gathered(torch.autograd.Function):
    """All ranks' rows; backward, the sum of all ranks' gradients of this rank's rows."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, ranks: Ranks) -> Tensor:
        ctx.ranks, ctx.count = ranks, len(rows)
        return ranks.all_of(rows)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        total = gradients[0].contiguous().clone()
        dist.all_reduce(total, group=ctx.ranks.group)
        start = ctx.ranks.rank * ctx.count
        return total[start : start + ctx.count], None


def ranks_of(gather: Gather, a: Any, b: Any) -> Ranks | None:
    """The ranks to gather from; None where there is one process.

    What is wrong with the features of one rank, and batches of different sizes, are a ValueError on
    every rank, so that none waits for another.
    """
    if gather is False or not dist.is_available() or not dist.is_initialized():
        return None
    group = None if gather is True else gather
    size = dist.get_world_size(group)
    if size < 2:
        return None
    ranks = Ranks(group, dist.get_rank(group), size)
    wrong = trouble(a, b)
    device = a.device if isinstance(a, Tensor) else torch.device("cpu")
    rows, width = (0, 0) if wrong else a.shape
    wide = not wrong and torch.float64 in (a.dtype, b.dtype)
    told = torch.tensor([[bool(wrong), rows, width, wide]], dtype=torch.int64, device=device)
    everyone = ranks.all_of(told).tolist()
    if wrong:
        raise ValueError(wrong)
    bad = [rank for rank, (failed, *_) in enumerate(everyone) if failed]
    if bad:
        raise ValueError(
            f"a and b: expected features on every rank; those of rank {bad[0]} are bad"
        )
    if len({tuple(each) for each in everyone}) > 1:
        shapes = ", ".join(f"{rows} x {width}" for _, rows, width, _ in everyone)
        raise ValueError(
            "a and b: expected features of one shape and precision on all ranks; got "
            f"{shapes}. Use a DistributedSampler and drop_last=True."
        )
    return ranks


def together(ranks: Ranks | None, device: torch.device, read: Callable[[], tuple[T, Shape]]) -> T:
    """What `read` makes of the other arguments of a call, where it can on every rank.

    Beside it `read` gives whole numbers that have to be the same on all ranks. What is wrong on one
    rank is a ValueError on every rank.
    """
    if ranks is None:
        return read()[0]
    wrong, made, shape = None, None, (0, 0)
    try:
        made, shape = read()
    except ValueError as error:
        wrong = error
    told = torch.tensor([[wrong is not None, *shape]], dtype=torch.int64, device=device)
    everyone = ranks.all_of(told).tolist()
    if wrong is not None:
        raise wrong
    bad = [rank for rank, (failed, *_) in enumerate(everyone) if failed]
    if bad:
        raise ValueError(f"the arguments of rank {bad[0]} are bad; it says what is wrong")
    if len({tuple(each) for each in everyone}) > 1:
        shapes = ", ".join(f"{groups} and {exclude}" for _, groups, exclude in everyone)
        raise ValueError(
            "groups and exclude: expected as many numbers for each pair on all ranks; got "
            f"{shapes} (0 is none)"
        )
    assert made is not None
    return made
