"""InfoNCE: each pair against all others, in both directions."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from syncaug.training.losses.arguments import arguments_of
from syncaug.training.losses.blocks import FILL, blocks, log_sum
from syncaug.training.losses.features import Weights, normalised, number_of, paired
from syncaug.training.losses.ranks import Gather, ranks_of
from syncaug.training.losses.relations import Relation, Relations
from syncaug.training.losses.scales import Temperature

__all__ = ["InfoNCE", "info_nce"]


def info_nce(
    a: Tensor,
    b: Tensor,
    *,
    temperature: float | Tensor = 0.07,
    weights: Weights = None,
    groups: Relation = None,
    exclude: Relation = None,
    hardness: float = 0.0,
    gather: Gather = False,
) -> Tensor:
    """The symmetric InfoNCE loss of N x D features, row i of `a` and of `b` being pair i.

    With s = cos(a_i, b_j) / temperature, positives P(i) and negatives N(i), the loss of row i is

        log(sum over P(i) of exp s + sum over N(i) of exp s) - mean over P(i) of s

    and the loss of a column likewise; the result is the mean of both, over pairs by `weights`. This
    is CLIP's loss (A. Radford and others, 2021) where each row has one positive, and the supervised
    contrastive loss in its form L_out (P. Khosla and others, 2020) where it has several.

    `groups` names a group for each pair, whose members are all positives of one another; `exclude`
    names what is alike, such as captions: pairs that are alike and no positives are no negatives
    either. Both are whole numbers, one or several for each pair (equal ones relate), or N x N masks
    with rows of `a` and columns of `b`; row i and column i are always positive.

    With `hardness` above 0 a negative counts the more the more similar it is, in proportion to
    exp(hardness s), all weighing as much together as before (J. Robinson and others, Contrastive
    Learning with Hard Negative Samples, 2021, with their debiasing left out).

    `temperature` may be a tensor, which then gets a gradient. With `gather` features come from all
    ranks of the default process group, or of the one that is given; every rank needs batches of one
    size. Raises ValueError for features that are no finite N x D tensors of one shape, a batch of
    one, and weights or relations that do not fit.

    >>> import torch
    >>> from syncaug.training.losses import info_nce
    >>> features = torch.eye(4)
    >>> round(float(info_nce(features, features, temperature=1.0)), 4)
    0.7437
    """
    ranks = ranks_of(gather, a, b)
    a, b = paired(a, b, alone=ranks is not None)
    check = partial(number_of, "hardness", hardness)
    given = arguments_of(a, temperature, weights, groups, exclude, ranks, check)
    scale, share, relations, all_share, hardness = given
    with torch.autocast(a.device.type, enabled=False):
        a, b = normalised(a), normalised(b)
        if ranks is None:
            rows, columns = _losses(a * scale, b, relations, hardness, both=True)
            return ((rows + columns) * share).sum() / (2.0 * share.sum())
        all_a, all_b = ranks.features_of(a, b)
        rows, _ = _losses(a * scale, all_b, relations, hardness)
        columns, _ = _losses(b * scale, all_a, relations, hardness)
        whole = all_share.sum() / ranks.size
        return ranks.shared(((rows + columns) * share).sum() / (2.0 * whole))


class InfoNCE(nn.Module):
    """`info_nce` with its settings and a temperature that may be learned.

    A learnable temperature is kept as the logarithm of its inverse, and never falls below 0.01, as
    in CLIP.

    >>> import torch
    >>> from syncaug.training.losses import InfoNCE
    >>> loss = InfoNCE(0.1, learnable=True)
    >>> [name for name, _ in loss.named_parameters()]
    ['temperature.log_scale']
    >>> loss(torch.eye(4), torch.eye(4)).ndim
    0
    """

    def __init__(
        self,
        temperature: float = 0.07,
        *,
        learnable: bool = False,
        hardness: float = 0.0,
        gather: Gather = False,
    ) -> None:
        super().__init__()
        self.temperature = Temperature(temperature, learnable=learnable)
        self.hardness, self.gather = number_of("hardness", hardness), gather

    def forward(
        self,
        a: Tensor,
        b: Tensor,
        *,
        weights: Weights = None,
        groups: Relation = None,
        exclude: Relation = None,
    ) -> Tensor:
        """The loss of a batch."""
        return info_nce(
            a,
            b,
            temperature=self.temperature(),
            weights=weights,
            groups=groups,
            exclude=exclude,
            hardness=self.hardness,
            gather=self.gather,
        )


def _losses(
    rows: Tensor, columns: Tensor, relations: Relations, hardness: float, *, both: bool = False
) -> tuple[Tensor, Tensor]:
    """The loss of each row, and with `both` that of each column."""
    work = partial(_block, columns=columns, relations=relations, hardness=hardness, both=both)
    found = list(blocks(work, rows, len(columns)))
    by_row = torch.cat([each[0] for each in found], dim=1)
    if not both:
        return _loss(by_row), by_row
    parts = torch.stack([each[1] for each in found])
    linear, logs = parts[:, :_LINEAR].sum(dim=0), torch.logsumexp(parts[:, _LINEAR:], dim=0)
    return _loss(by_row), _loss(torch.cat([linear, logs]))


_LINEAR = 3
"""How many of the sums over a row are plain ones; the others are logarithms of sums."""


def _block(
    rows: Tensor,
    start: int,
    *,
    columns: Tensor,
    relations: Relations,
    hardness: float,
    both: bool,
) -> tuple[Tensor, ...]:
    """The sums over the rows of a block, and what they add to the sums over columns."""
    logits = rows @ columns.T
    if relations.alone and not hardness:
        own = logits.diagonal(start + relations.offset)
        one, every = torch.ones_like(own), torch.full_like(own, len(columns) - 1.0)
        by_row = torch.stack([own, one, every, torch.logsumexp(logits, dim=1)])
        if not both:
            return (by_row,)
        around = start, len(columns) - start - len(rows)
        linear = nn.functional.pad(torch.stack([own, one, 0.0 * one]), around)
        return by_row, torch.cat([linear, torch.logsumexp(logits, dim=0)[None]])
    positive, kept = relations.block(start, len(rows))
    by_row = _sums(logits, positive, kept, hardness, dim=1)
    return (by_row, _sums(logits, positive, kept, hardness, dim=0)) if both else (by_row,)


def _sums(
    logits: Tensor, positive: Tensor, kept: Tensor | None, hardness: float, dim: int
) -> Tensor:
    """Similarities and numbers of positives and of negatives, and the logarithms of their sums."""
    count = positive.sum(dim=dim).to(logits.dtype)
    every = logits.shape[dim] if kept is None else kept.sum(dim=dim)
    linear = [(logits * positive).sum(dim=dim), count, every - count]
    if not hardness:
        return torch.stack([*linear, log_sum(logits, kept, dim)])
    negative = ~positive if kept is None else kept & ~positive
    return torch.stack(
        [
            *linear,
            log_sum(logits, positive, dim),
            log_sum((1.0 + hardness) * logits, negative, dim),
            log_sum(hardness * logits, negative, dim),
        ]
    )


def _loss(sums: Tensor) -> Tensor:
    similar, positives, negatives = sums[:_LINEAR].unbind()
    logs = sums[_LINEAR:].unbind()
    if len(logs) == 1:
        return logs[0] - similar / positives
    # The sum of the negatives by weights exp(hardness s), whose mean is 1.
    hard = torch.log(negatives.clamp(min=1.0)) + logs[1] - logs[2]
    hard = torch.where(negatives > 0, hard, FILL)
    return torch.logaddexp(logs[0], hard) - similar / positives
