"""Cycle consistency: from A to B and back to A, through decoders or by soft nearest neighbours."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from syncaug.training.losses.blocks import blocks
from syncaug.training.losses.features import (
    Weights,
    full,
    mean_of,
    normalised,
    number_of,
    paired,
    weights_of_pairs,
)
from syncaug.training.losses.scales import scale_of

__all__ = ["CycleConsistency", "cycle_consistency"]

Decoder = Callable[[Tensor], Tensor]


def cycle_consistency(
    a: Tensor,
    b: Tensor,
    *,
    to_b: Decoder | None = None,
    to_a: Decoder | None = None,
    temperature: float | Tensor = 0.1,
    weights: Weights = None,
) -> Tensor:
    """How far features are from themselves after the way to the other modality and back.

    With decoders `to_b` and `to_a` it is the mean square of to_a(to_b(a)) - a, plus that of
    to_b(to_a(b)) - b (J.-Y. Zhu and others, CycleGAN, 2017, with squares).

    Without them the way leads through soft nearest neighbours: a_i becomes the mean of all b_j by
    softmax(cos / temperature), and that one looks for its neighbours among all of a. The loss is
    the cross entropy of finding i, the mean over both directions (D. Dwibedi and others, Temporal
    Cycle-Consistency Learning, 2019, with cosines).

    Features are N x D. Raises ValueError for what is no finite tensor, other shapes, a batch of one
    where neighbours are looked for, one decoder without the other, a decoder that gives another
    shape, and weights that do not fit.

    >>> import torch
    >>> from syncaug.training.losses import cycle_consistency
    >>> features = torch.eye(4)
    >>> float(cycle_consistency(features, features, to_b=torch.neg, to_a=torch.neg))
    0.0
    """
    _both(to_b, to_a)
    given = a, b
    a, b = paired(a, b, alone=to_b is not None)
    share = weights_of_pairs(weights, a)
    if to_b is not None and to_a is not None:
        there, back = _decoded("to_b", to_b, given[0]), _decoded("to_a", to_a, given[1])
        around = (
            full(_decoded("to_a", to_a, there)) - a,
            full(_decoded("to_b", to_b, back)) - b,
        )
        return mean_of(around[0].square().mean(dim=1) + around[1].square().mean(dim=1), share)
    scale = scale_of(temperature, a)
    with torch.autocast(a.device.type, enabled=False):
        a, b = normalised(a), normalised(b)
        return mean_of((_neighbours(a, b, scale) + _neighbours(b, a, scale)) / 2.0, share)


def _decoded(name: str, decoder: Decoder, features: Tensor) -> Tensor:
    out: Any = decoder(_as_taken(decoder, features))
    if not isinstance(out, Tensor) or out.shape != features.shape:
        came = tuple(out.shape) if isinstance(out, Tensor) else type(out).__name__
        raise ValueError(f"{name}: expected features of shape {tuple(features.shape)}; got {came}")
    if not out.is_floating_point() or not bool(torch.isfinite(out).all()):
        came = "NaN or infinity" if out.is_floating_point() else f"{out.dtype}"
        raise ValueError(f"{name}: expected finite features of floating point; got {came}")
    return out


def _as_taken(decoder: Decoder, features: Tensor) -> Tensor:
    """Features in the precision of a module's parameters, or as they are."""
    own = next(decoder.parameters(), None) if isinstance(decoder, nn.Module) else None
    return features if own is None or not own.is_floating_point() else features.to(own.dtype)


def _both(to_b: Any, to_a: Any) -> None:
    """Raise ValueError for one decoder without the other, and for what is none."""
    if (to_b is None) != (to_a is None):
        raise ValueError("to_b and to_a: expected both decoders, or none; got one")
    for name, decoder in (("to_b", to_b), ("to_a", to_a)):
        if decoder is not None and not callable(decoder):
            came = type(decoder).__name__
            raise ValueError(f"{name}: expected a module or a function; got {came}")


def _neighbours(own: Tensor, others: Tensor, scale: Tensor) -> Tensor:
    """The cross entropy of each row's way back to itself."""
    work = partial(_block, own=own, others=others, scale=scale)
    return torch.cat([each for (each,) in blocks(work, own, len(others))])


def _block(
    rows: Tensor, start: int, *, own: Tensor, others: Tensor, scale: Tensor
) -> tuple[Tensor]:
    there = normalised(torch.softmax(scale * (rows @ others.T), dim=1) @ others)
    back = scale * (there @ own.T)
    places = torch.arange(start, start + len(rows), device=rows.device)
    return (nn.functional.cross_entropy(back, places, reduction="none"),)


class CycleConsistency(nn.Module):
    """`cycle_consistency` with its decoders, whose parameters it holds, or its temperature.

    >>> import torch
    >>> from syncaug.training.losses import CycleConsistency
    >>> loss = CycleConsistency(torch.nn.Linear(4, 4), torch.nn.Linear(4, 4))
    >>> len(list(loss.parameters())), loss(torch.eye(4), torch.eye(4)).ndim
    (4, 0)
    """

    def __init__(
        self,
        to_b: Decoder | None = None,
        to_a: Decoder | None = None,
        *,
        temperature: float = 0.1,
    ) -> None:
        super().__init__()
        _both(to_b, to_a)
        if not number_of("temperature", temperature) > 0.0:
            raise ValueError(f"temperature: expected a number above 0; got {temperature!r}")
        self.to_b, self.to_a, self.temperature = to_b, to_a, temperature

    def forward(self, a: Tensor, b: Tensor, *, weights: Weights = None) -> Tensor:
        """The loss of a batch."""
        return cycle_consistency(
            a, b, to_b=self.to_b, to_a=self.to_a, temperature=self.temperature, weights=weights
        )
