"""What the contrastive losses take beside features, read on every rank or refused on every rank."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from torch import Tensor

from syncaug.training.losses.features import Weights, weights_of_pairs
from syncaug.training.losses.ranks import Ranks, together
from syncaug.training.losses.relations import Relation, Relations, read, relations_of
from syncaug.training.losses.scales import scale_of

__all__ = ["arguments_of"]

T = TypeVar("T")


def arguments_of(
    features: Tensor,
    temperature: float | Tensor,
    weights: Weights,
    groups: Relation,
    exclude: Relation,
    ranks: Ranks | None,
    check: Callable[[], T],
) -> tuple[Tensor, Tensor, Relations, Tensor, T]:
    """1 / temperature, the weights of these pairs, relations, and the weights of all pairs.

    `check` gives what else a loss takes, the last of the result, or raises ValueError.

    Raises ValueError, with `ranks` on every rank. A rank's weights may all be zero where others'
    are not.
    """

    def made() -> tuple[tuple[Tensor, Tensor, Tensor | None, Tensor | None, T], tuple[int, int]]:
        scale = scale_of(temperature, features)
        share = weights_of_pairs(weights, features, alone=ranks is None)
        own = tuple(
            read(name, given, features, gathered=ranks is not None)
            for name, given in (("groups", groups), ("exclude", exclude))
        )
        counts = tuple(0 if each is None else each.shape[1] for each in own)
        return (scale, share, *own, check()), counts  # type: ignore[return-value]

    scale, share, own_groups, own_exclude, other = together(ranks, features.device, made)
    relations = relations_of(features, own_groups, own_exclude, ranks)
    every = share if ranks is None else ranks.all_of(share)
    if ranks is not None and not bool(every.sum() > 0):
        raise ValueError("weights: expected some above 0 on any rank; got zeros alone on all")
    return scale, share, relations, every, other
