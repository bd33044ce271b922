"""Features and weights as the losses take them: checked once, in numbers that can be summed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import torch
from torch import Tensor

__all__ = ["Weights", "full", "mean_of", "normalised", "paired", "trouble", "weights_of_pairs"]

Weights: TypeAlias = Tensor | Sequence[float] | None
"""One number from 0 on for each pair, or None for all alike."""


def trouble(a: Any, b: Any) -> str:
    """What is wrong with a batch of features, in words; empty where nothing is."""
    for name, features in (("a", a), ("b", b)):
        if not isinstance(features, Tensor):
            return f"{name}: expected an N x D tensor of features; got {type(features).__name__}"
        if features.ndim != 2 or not features.numel():
            shape = tuple(features.shape)
            return f"{name}: expected an N x D tensor of features; got one of shape {shape}"
        if not features.is_floating_point():
            return f"{name}: expected features of floating point; got {features.dtype}"
    if a.shape != b.shape:
        return (
            "a and b: expected two tensors of one shape, row i of both of pair i; got "
            f"{tuple(a.shape)} and {tuple(b.shape)}"
        )
    if a.device != b.device:
        return f"a and b: expected both on one device; got {a.device} and {b.device}"
    for name, features in (("a", a), ("b", b)):
        whole = torch.isfinite(features).all(dim=1)
        if not bool(whole.all()):
            row = int((~whole).nonzero()[0])
            return (
                f"{name}: expected finite features; row {row} holds NaN or infinity. Look for a "
                "division by zero or an overflow in what made them, or clip gradients."
            )
    return ""


def full(features: Tensor) -> Tensor:
    """Features in float32, or in float64 where they are."""
    return features if features.dtype == torch.float64 else features.float()


def paired(a: Tensor, b: Tensor, *, alone: bool = False) -> tuple[Tensor, Tensor]:
    """Both sides of a batch, checked and in full precision.

    Raises ValueError where they do not fit, and for a batch of one unless it may be `alone`.
    """
    wrong = trouble(a, b)
    if not wrong and not alone and len(a) < 2:
        wrong = (
            "a and b: expected two pairs or more; got a batch of one, which has nothing to be told "
            "from. Use larger batches, leave out a last short one (drop_last=True), or gather "
            "across ranks."
        )
    if wrong:
        raise ValueError(wrong)
    both = torch.promote_types(a.dtype, b.dtype)
    return full(a.to(both)), full(b.to(both))


def normalised(features: Tensor) -> Tensor:
    """Rows of length 1; a row of zeros stays one."""
    return torch.nn.functional.normalize(features, dim=1)


def weights_of_pairs(weights: Weights, like: Tensor) -> Tensor:
    """The weights as a tensor beside the features. Raises ValueError where they are none."""
    count = len(like)
    if weights is None:
        return like.new_ones(count)
    given = torch.as_tensor(weights, dtype=like.dtype, device=like.device).detach()
    if given.shape != (count,):
        raise ValueError(
            f"weights: expected {count} numbers, one for each pair; got {tuple(given.shape)}"
        )
    if not bool((torch.isfinite(given) & (given >= 0)).all()):
        raise ValueError("weights: expected finite numbers from 0 on; got others among them")
    if not bool(given.sum() > 0):
        raise ValueError(
            "weights: expected some above 0; got zeros alone: the batch counts nothing"
        )
    return given


def mean_of(values: Tensor, weights: Tensor) -> Tensor:
    """The weighted mean of one number for each pair."""
    return (values * weights).sum() / weights.sum()
