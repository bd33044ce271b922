"""Features and weights as the losses take them: checked once, in numbers that can be summed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import torch
from torch import Tensor

__all__ = [
    "Weights",
    "full",
    "mean_of",
    "normalised",
    "number_of",
    "paired",
    "tensor_of",
    "trouble",
    "weights_of_pairs",
]

Weights: TypeAlias = Tensor | Sequence[float] | None
"""One number from 0 on for each pair, or None for all alike."""
_DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
_SHOWN = 80


def trouble(a: Any, b: Any) -> str:
    """What is wrong with a batch of features, in words; empty where nothing is."""
    for name, features in (("a", a), ("b", b)):
        if not isinstance(features, Tensor):
            return f"{name}: expected an N x D tensor of features; got {type(features).__name__}"
        if features.ndim != 2 or not features.numel():
            shape = tuple(features.shape)
            return f"{name}: expected an N x D tensor of features; got one of shape {shape}"
        if features.dtype not in _DTYPES:
            return (
                f"{name}: expected features of floating point, of 16, 32 or 64 bits; got "
                f"{features.dtype}"
            )
        if features.layout != torch.strided or features.is_meta:
            kind = "one without values (meta)" if features.is_meta else f"{features.layout}"
            return f"{name}: expected a dense tensor of features; got {kind}"
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
    """Rows of length 1; a row of zeros stays one.

    Rows are divided by their greatest entry before, whose square may not be a number of theirs.
    """
    greatest = features.detach().abs().amax(dim=1, keepdim=True)
    smallest = torch.finfo(features.dtype).tiny
    scale = torch.where(greatest > 0, greatest.clamp(min=smallest), 1.0)
    return torch.nn.functional.normalize(features / scale, dim=1)


def tensor_of(name: str, given: Any, like: Tensor, expected: str) -> Tensor:
    """One or several numbers as a tensor beside the features, which keeps its gradient.

    Raises ValueError for what are no numbers.
    """
    try:
        return torch.as_tensor(given, dtype=like.dtype, device=like.device)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        came = f"{type(given).__name__} {given!r}"[:_SHOWN]
        raise ValueError(f"{name}: expected {expected}; got {came}") from None


def number_of(name: str, value: Any, least: float = 0.0) -> float:
    """A setting as a number. Raises ValueError unless it is finite and no less than `least`."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        number = math.nan
    if isinstance(value, str) or not least <= number < math.inf:
        bound = "" if least == -math.inf else f" from {least:g} on"
        if getattr(value, "ndim", 0):
            came = f"{type(value).__name__} of shape {tuple(value.shape)}"
            raise ValueError(
                f"{name}: expected a finite number{bound}; got a {came}. Features go into the "
                "call: loss = InfoNCE(), and then loss(a, b)."
            )
        raise ValueError(f"{name}: expected a finite number{bound}; got {value!r}"[:200])
    return number


def weights_of_pairs(weights: Weights, like: Tensor, *, alone: bool = True) -> Tensor:
    """The weights as a tensor beside the features. Raises ValueError where they are none.

    All may be zero where these pairs are not `alone`, but part of a batch of several ranks.
    """
    count = len(like)
    if weights is None:
        return like.new_ones(count)
    given = tensor_of("weights", weights, like, f"{count} numbers, one for each pair").detach()
    if given.shape != (count,):
        raise ValueError(
            f"weights: expected {count} numbers, one for each pair; got {tuple(given.shape)}"
        )
    if not bool((torch.isfinite(given) & (given >= 0)).all()):
        raise ValueError("weights: expected finite numbers from 0 on; got others among them")
    if not bool(torch.isfinite(count * given.square().sum())):
        raise ValueError(
            f"weights: expected numbers that can be summed in {given.dtype}; got "
            f"{float(given.max()):g} among them. Divide all by the greatest."
        )
    if alone and not bool(given.sum() > 0):
        raise ValueError(
            "weights: expected some above 0; got zeros alone: the batch counts nothing"
        )
    return given


def mean_of(values: Tensor, weights: Tensor) -> Tensor:
    """The weighted mean of one number for each pair."""
    return (values * weights).sum() / weights.sum()
