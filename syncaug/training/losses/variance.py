"""VICReg: pairs together, each dimension spread, no two dimensions alike."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from syncaug.training.losses.features import Weights, paired, weights_of_pairs

__all__ = ["VICReg", "vicreg"]

_EPSILON = 1e-4


def vicreg(
    a: Tensor,
    b: Tensor,
    *,
    invariance: float = 25.0,
    variance: float = 25.0,
    covariance: float = 1.0,
    gamma: float = 1.0,
    weights: Weights = None,
) -> Tensor:
    """Variance, invariance and covariance of N x D features (A. Bardes and others, 2022).

    Invariance is the mean square of a - b. Variance is, of each side, the mean over dimensions of
    max(0, gamma - sqrt(var + 0.0001)), and covariance the sum of the squares of all covariances of
    two dimensions, divided by D; both are halved and summed, respectively summed, over the sides as
    in the authors' code. Moments are those of the pairs by `weights`, divided by what is N - 1
    without them. Features are not normalised.

    Raises ValueError for what is no finite tensor, other shapes, a batch of one, and settings or
    weights that do not fit.

    >>> import torch
    >>> from syncaug.training.losses import vicreg
    >>> features = torch.tensor([[2.0, 0.0], [-2.0, 0.0], [0.0, 2.0], [0.0, -2.0]])
    >>> float(vicreg(features, features))
    0.0
    """
    a, b = paired(a, b)
    settings = {"invariance": invariance, "variance": variance, "covariance": covariance}
    for name, value in {**settings, "gamma": gamma}.items():
        if not 0.0 <= value < math.inf:
            raise ValueError(f"{name}: expected a finite number from 0 on; got {value!r}")
    share = weights_of_pairs(weights, a)
    if int((share > 0).sum()) < 2:
        raise ValueError("weights: expected two above 0, which vary; got one")
    with torch.autocast(a.device.type, enabled=False):
        share = share / share.sum()
        near = ((a - b).square().mean(dim=1) * share).sum()
        spread, alike = a.new_zeros(()), a.new_zeros(())
        for side in (a, b):
            centred = side - (share[:, None] * side).sum(dim=0)
            matrix = (centred * share[:, None]).T @ centred / (1.0 - share.square().sum())
            deviation = (matrix.diagonal() + _EPSILON).sqrt()
            spread = spread + torch.relu(gamma - deviation).mean() / 2.0
            squares = matrix.square()
            alike = alike + (squares.sum() - squares.diagonal().sum()) / side.shape[1]
        return invariance * near + variance * spread + covariance * alike


class VICReg(nn.Module):
    """`vicreg` with its settings.

    >>> import torch
    >>> from syncaug.training.losses import VICReg
    >>> VICReg(covariance=0.5)(torch.eye(4), torch.eye(4)).ndim
    0
    """

    def __init__(
        self,
        invariance: float = 25.0,
        variance: float = 25.0,
        covariance: float = 1.0,
        gamma: float = 1.0,
    ) -> None:
        super().__init__()
        self.invariance, self.variance = invariance, variance
        self.covariance, self.gamma = covariance, gamma

    def forward(self, a: Tensor, b: Tensor, *, weights: Weights = None) -> Tensor:
        """The loss of a batch."""
        settings = {"invariance": self.invariance, "variance": self.variance}
        more = {"covariance": self.covariance, "gamma": self.gamma}
        return vicreg(a, b, weights=weights, **settings, **more)
