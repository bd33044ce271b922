"""Which pairs of a batch belong together, which do not, and which are neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor

from syncaug.training.losses.ranks import Ranks

__all__ = ["Relation", "Relations", "read", "relations_of"]
_SHOWN = 80

Relation: TypeAlias = Tensor | Sequence[int] | None
"""Whole numbers, one or several for each pair, equal where they are related; or an N x N mask."""


@dataclass(frozen=True, slots=True)
class Relations:
    """Positives and what is left out, for blocks of rows against all columns.

    Row i and column i + `offset` are always a positive pair. `groups` makes more of them, and
    `left_out` takes pairs that are none from the negatives: numbers of rows and of columns, which
    say the same seen from the other side, or a mask.
    """

    columns: int
    offset: int
    groups: tuple[Tensor, Tensor] | Tensor | None
    left_out: tuple[Tensor, Tensor] | Tensor | None
    device: torch.device

    @property
    def alone(self) -> bool:
        """Whether each pair is positive with itself alone, and nothing is left out."""
        return self.groups is None and self.left_out is None

    def block(self, start: int, count: int) -> tuple[Tensor, Tensor | None]:
        """Of some rows, positives and what is kept of all pairs (None for all): count x columns."""
        places = torch.arange(self.columns, device=self.device)
        own = torch.arange(start, start + count, device=self.device) + self.offset
        positive = own[:, None] == places
        rows = slice(start, start + count)
        if self.groups is not None:
            positive = positive | _related(self.groups, rows)
        if self.left_out is None:
            return positive, None
        return positive, positive | ~_related(self.left_out, rows)


def _related(relation: tuple[Tensor, Tensor] | Tensor, rows: slice) -> Tensor:
    if isinstance(relation, Tensor):
        return relation[rows]
    own, others = relation
    found = own[rows, :1] == others[:, 0]
    for column in range(1, own.shape[1]):
        found = found | (own[rows, column : column + 1] == others[:, column])
    return found


def relations_of(
    like: Tensor, groups: Tensor | None, exclude: Tensor | None, ranks: Ranks | None
) -> Relations:
    """The relations of a batch, and of its rows to the pairs of all ranks, of what was `read`."""
    count = len(like)
    size, rank = (1, 0) if ranks is None else (ranks.size, ranks.rank)
    related, left_out = _of_all(groups, ranks), _of_all(exclude, ranks)
    return Relations(count * size, count * rank, related, left_out, like.device)


def _of_all(found: Tensor | None, ranks: Ranks | None) -> tuple[Tensor, Tensor] | Tensor | None:
    """A mask as it is; numbers of the rows, and of the columns."""
    if found is None or found.dtype == torch.bool:
        return found
    return found, (found if ranks is None else ranks.all_of(found))


def read(name: str, relation: Any, like: Tensor, *, gathered: bool) -> Tensor | None:
    """A relation of this process: a mask, or N x K whole numbers. Raises ValueError."""
    if relation is None:
        return None
    count, device = len(like), like.device
    try:
        found = torch.as_tensor(relation, device=device)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        came = f"{type(relation).__name__} {relation!r}"[:_SHOWN]
        raise ValueError(
            f"{name}: expected whole numbers of 64 bits, one for each pair, or a mask; got {came}. "
            "syncaug.training.layout.layout_of makes numbers of keys and captions."
        ) from None
    if found.dtype == torch.bool:
        if found.shape != (count, count):
            raise ValueError(
                f"{name}: expected an N x N mask of {count} pairs; got {tuple(found.shape)}"
            )
        if gathered:
            raise ValueError(
                f"{name}: expected whole numbers, one for each pair, where features are gathered "
                "across ranks; got a mask, which says nothing of the pairs of other ranks"
            )
        return found
    if found.is_floating_point() or found.is_complex():
        raise ValueError(f"{name}: expected whole numbers or a mask; got {found.dtype}")
    if found.ndim not in (1, 2) or len(found) != count or not found.numel():
        raise ValueError(
            f"{name}: expected {count} whole numbers, one for each pair, or {count} rows of them; "
            f"got {tuple(found.shape)}"
        )
    found = found.reshape(count, -1).long()
    if found.shape == (count, count) and count > 2 and bool(((found == 0) | (found == 1)).all()):
        raise ValueError(
            f"{name}: expected a mask of torch.bool; got an N x N one of whole numbers, which "
            "would be read as N numbers for each pair. Use .bool()."
        )
    return found
