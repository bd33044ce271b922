"""Losses of pairs by themselves: cosine, and alignment beside uniformity."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from syncaug.training.losses.blocks import FILL, blocks
from syncaug.training.losses.features import (
    Weights,
    mean_of,
    normalised,
    number_of,
    paired,
    weights_of_pairs,
)

__all__ = ["AlignmentUniformity", "Cosine", "alignment_uniformity", "cosine"]


def cosine(a: Tensor, b: Tensor, *, weights: Weights = None) -> Tensor:
    """The mean of 1 - cos(a_i, b_i) over pairs: 0 where all point alike, 2 where all are opposed.

    Features are N x D. Raises ValueError for what is no finite tensor, other shapes, and weights
    that do not fit.

    >>> import torch
    >>> from syncaug.training.losses import cosine
    >>> float(cosine(torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 2.0]])))
    1.0
    """
    a, b = paired(a, b, alone=True)
    share = weights_of_pairs(weights, a)
    with torch.autocast(a.device.type, enabled=False):
        return mean_of(1.0 - (normalised(a) * normalised(b)).sum(dim=1), share)


class Cosine(nn.Module):
    """`cosine` as a module.

    >>> import torch
    >>> from syncaug.training.losses import Cosine
    >>> float(Cosine()(torch.eye(2), torch.eye(2)))
    0.0
    """

    def forward(self, a: Tensor, b: Tensor, *, weights: Weights = None) -> Tensor:
        """The loss of a batch."""
        return cosine(a, b, weights=weights)


def alignment_uniformity(
    a: Tensor,
    b: Tensor,
    *,
    alpha: float = 2.0,
    t: float = 2.0,
    uniformity: float = 1.0,
    weights: Weights = None,
) -> Tensor:
    """Alignment of pairs plus `uniformity` times the uniformity of each side, on the unit sphere.

    Alignment is the mean of |a_i - b_i| ** alpha. Uniformity of a side is the logarithm of the mean
    of exp(-t |x_i - x_j| ** 2) over all i and j that differ; both sides count half. (T. Wang and
    P. Isola, Understanding Contrastive Representation Learning, 2020.) With `weights` the term of i
    and j counts by the product of both weights.

    Features are N x D. Raises ValueError for what is no finite tensor, other shapes, a batch of
    one, and settings or weights that do not fit.

    >>> import torch
    >>> from syncaug.training.losses import alignment_uniformity
    >>> round(float(alignment_uniformity(torch.eye(4), torch.eye(4))), 4)
    -4.0
    """
    a, b = paired(a, b)
    _settings(alpha, t, uniformity)
    share = weights_of_pairs(weights, a)
    if uniformity and int((share > 0).sum()) < 2:
        raise ValueError("weights: expected two above 0, whose distance can be told; got one")
    with torch.autocast(a.device.type, enabled=False):
        a, b = normalised(a), normalised(b)
        squares = (a - b).square().sum(dim=1)
        # The root has no gradient at 0, where its power has one.
        aligned = squares if alpha == 2.0 else squares.clamp(min=1e-24) ** (alpha / 2.0)
        loss = mean_of(aligned, share)
        if not uniformity:
            return loss
        spread = (_uniformity(a, share, t) + _uniformity(b, share, t)) / 2.0
        return loss + uniformity * spread


def _settings(alpha: float, t: float, uniformity: float) -> None:
    """Raise ValueError for settings that are none."""
    for name, value, least in (("alpha", alpha, 1.0), ("t", t, 0.0), ("uniformity", uniformity, 0)):
        number_of(name, value, least)


def _uniformity(features: Tensor, share: Tensor, t: float) -> Tensor:
    share = share / share.max()
    logs = torch.where(share > 0, share.clamp(min=1e-38).log(), FILL)
    work = partial(_closeness, features=features, logs=logs, t=t)
    sums = torch.cat([each for (each,) in blocks(work, features, len(features))])
    exact = share.double()  # of weights near (1, 0, 0) little is left of the square of the sum
    pairs = (exact * (exact.sum() - exact)).sum()
    return torch.logsumexp(sums, dim=0) - pairs.log().to(share.dtype)


def _closeness(
    rows: Tensor, start: int, *, features: Tensor, logs: Tensor, t: float
) -> tuple[Tensor]:
    """log sum over j of w_i w_j exp(-t |x_i - x_j| ** 2), of the rows of a block."""
    # |x - y| ** 2 of unit vectors; a row of zeros is none, so that the lengths stand in it.
    lengths = features.square().sum(dim=1)
    own = lengths[start : start + len(rows)]
    apart = own[:, None] + lengths - 2.0 * (rows @ features.T)
    terms = logs - t * apart
    places = torch.arange(len(features), device=rows.device)
    same = places[start : start + len(rows), None] == places
    return (
        torch.logsumexp(terms.masked_fill(same, FILL), dim=1) + logs[start : start + len(rows)],
    )


class AlignmentUniformity(nn.Module):
    """`alignment_uniformity` with its settings.

    >>> import torch
    >>> from syncaug.training.losses import AlignmentUniformity
    >>> AlignmentUniformity(t=1.0)(torch.eye(4), torch.eye(4)).ndim
    0
    """

    def __init__(self, alpha: float = 2.0, t: float = 2.0, uniformity: float = 1.0) -> None:
        super().__init__()
        _settings(alpha, t, uniformity)
        self.alpha, self.t, self.uniformity = alpha, t, uniformity

    def forward(self, a: Tensor, b: Tensor, *, weights: Weights = None) -> Tensor:
        """The loss of a batch."""
        settings = {"alpha": self.alpha, "t": self.t, "uniformity": self.uniformity}
        return alignment_uniformity(a, b, weights=weights, **settings)
