"""The sigmoid loss of SigLIP: every pair a question of its own, together or not."""

from __future__ import annotations

import math
from functools import partial

import torch
from torch import Tensor, nn

from syncaug.training.losses.arguments import arguments_of
from syncaug.training.losses.blocks import blocks
from syncaug.training.losses.features import (
    Weights,
    normalised,
    number_of,
    paired,
    tensor_of,
)
from syncaug.training.losses.ranks import Gather, ranks_of
from syncaug.training.losses.relations import Relation, Relations
from syncaug.training.losses.scales import Temperature

__all__ = ["SigLIP", "siglip"]


def siglip(
    a: Tensor,
    b: Tensor,
    *,
    temperature: float | Tensor = 0.1,
    bias: float | Tensor = -10.0,
    weights: Weights = None,
    groups: Relation = None,
    exclude: Relation = None,
    gather: Gather = False,
) -> Tensor:
    """The sigmoid loss of N x D features (X. Zhai and others, Sigmoid Loss, 2023).

    With x = cos(a_i, b_j) / temperature + bias and z = 1 for positives and -1 for all others, it is
    the sum of log(1 + exp(-z x)) over all i and j, divided by N. With `weights` the term of i and j
    counts by the mean of both weights, and the sum is divided by theirs.

    `temperature` and `bias` may be tensors, which then get gradients. `groups`, `exclude`, `gather`
    and what is refused are as in `info_nce`.

    >>> import torch
    >>> from syncaug.training.losses import siglip
    >>> features = torch.eye(4)
    >>> round(float(siglip(features, features)), 4)
    0.6933
    """
    ranks = ranks_of(gather, a, b)
    a, b = paired(a, b, alone=ranks is not None)
    check = partial(_bias, bias, a)
    given = arguments_of(a, temperature, weights, groups, exclude, ranks, check)
    scale, share, relations, all_share, shift = given
    with torch.autocast(a.device.type, enabled=False):
        a, b = normalised(a), normalised(b)
        all_b = b if ranks is None else ranks.features_of(a, b)[1]
        whole = all_share.sum() / (1 if ranks is None else ranks.size)
        # The bias as one more entry of each row.
        rows = torch.cat([a * scale, shift.reshape(1, 1).expand(len(a), 1)], dim=1)
        columns = torch.cat([all_b, all_b.new_ones(len(all_b), 1)], dim=1)
        work = partial(
            _block, columns=columns, relations=relations, share=share, all_share=all_share
        )
        parts = [part for (part,) in blocks(work, rows, len(columns))]
        loss = torch.stack(parts).sum() / whole
        return loss if ranks is None else ranks.shared(loss)


def _bias(bias: float | Tensor, like: Tensor) -> Tensor:
    """The bias beside the features. Raises ValueError."""
    shift = tensor_of("bias", bias, like, "one finite number")
    if shift.numel() != 1 or not bool(torch.isfinite(shift)):
        raise ValueError(f"bias: expected one finite number; got {bias!r}")
    return shift


def _block(
    rows: Tensor,
    start: int,
    *,
    columns: Tensor,
    relations: Relations,
    share: Tensor,
    all_share: Tensor,
) -> tuple[Tensor]:
    positive, kept = relations.block(start, len(rows))
    logits = rows @ columns.T
    terms = nn.functional.softplus(torch.where(positive, -logits, logits))
    if kept is not None:
        terms = terms * kept
    own = share[start : start + len(rows)]
    return ((terms.sum(dim=1) * own + terms @ all_share).sum() / 2.0,)


class SigLIP(nn.Module):
    """`siglip` with its settings; temperature and bias may be learned.

    >>> import torch
    >>> from syncaug.training.losses import SigLIP
    >>> loss = SigLIP(learnable=True)
    >>> [name for name, _ in loss.named_parameters()]
    ['bias', 'temperature.log_scale']
    >>> loss(torch.eye(4), torch.eye(4)).ndim
    0
    """

    bias: Tensor

    def __init__(
        self,
        temperature: float = 0.1,
        bias: float = -10.0,
        *,
        learnable: bool = False,
        gather: Gather = False,
    ) -> None:
        super().__init__()
        self.temperature = Temperature(temperature, learnable=learnable)
        start = torch.tensor(number_of("bias", bias, -math.inf))
        if learnable:
            self.bias = nn.Parameter(start)
        else:
            self.register_buffer("bias", start)
        self.gather = gather

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
        return siglip(
            a,
            b,
            temperature=self.temperature(),
            bias=self.bias,
            weights=weights,
            groups=groups,
            exclude=exclude,
            gather=self.gather,
        )
