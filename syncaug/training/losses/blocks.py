"""Work in blocks of rows whose inner results are made again in the backward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

__all__ = ["FILL", "blocks", "log_sum"]

_ELEMENTS = 1 << 24
"""So many numbers a block of rows against all columns holds: 64 MiB in float32, which the C library
gives back to the system at once. Blocks of 16 MiB it keeps in pieces, up to gigabytes."""
FILL = -1e30
"""What stands for a logarithm of nothing: finite, so that gradients stay numbers."""

Block = Callable[[Tensor, int], tuple[Tensor, ...]]


def blocks(work: Block, rows: Tensor, columns: int) -> Iterator[tuple[Tensor, ...]]:
    """What `work(block of rows, its first row)` gives for each block, in order.

    One block is plain work. Of several, none keeps what it made: the backward pass works each out
    again (T. Chen and others, Training Deep Nets with Sublinear Memory Cost, 2016).
    """
    size = max(1, _ELEMENTS // max(columns, 1))
    with torch.autocast(rows.device.type, enabled=False):
        for start in range(0, len(rows), size):
            block = rows[start : start + size]
            if len(block) == len(rows):
                yield work(block, start)
            else:
                yield checkpoint(work, block, start, use_reentrant=False, preserve_rng_state=False)


def log_sum(logs: Tensor, kept: Tensor | None, dim: int) -> Tensor:
    """The logarithm of the sum of exponentials of what is kept; near `FILL` where nothing is."""
    if kept is not None:
        logs = logs.masked_fill(~kept, FILL)
    return torch.logsumexp(logs, dim=dim)
