"""VICReg: pairs together, each dimension spread, no two dimensions alike."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from syncaug.training.losses.features import Weights, number_of, paired, weights_of_pairs

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
        number_of(name, value)
    share = weights_of_pairs(weights, a)
    if int((share > 0).sum()) < 2:
        raise ValueError("weights: expected two above 0, which vary; got one")
    with torch.autocast(a.device.type, enabled=False):
        share = share / share.sum()
        # What is N - 1 of N without weights; of weights near (1, 0, 0) little is left of 1.
        left = (share * (1.0 - share.double())).sum().to(share.dtype)
        near = ((a - b).square().mean(dim=1) * share).sum()
        spread, alike = a.new_zeros(()), a.new_zeros(())
        for side in (a, b):
            centred = side - (share[:, None] * side).sum(dim=0)
            matrix = (centred * share[:, None]).T @ centred / left
            deviation = (matrix.diagonal() + _EPSILON).sqrt()
            spread = spread + torch.relu(gamma - deviation).mean() / 2.0
            squares = matrix.square()
            alike = alike + (squares.sum() - squares.diagonal().sum()) / side.shape[1]
        loss = invariance * near + variance * spread + covariance * alike
    if not bool(torch.isfinite(loss)):
        greatest = float(torch.maximum(a.detach().abs().max(), b.detach().abs().max()))
        raise ValueError(
            f"a and b: expected features whose squares are finite in {a.dtype}; got {greatest:g} "
            "among them. Features are not normalised here: scale them down before."
        )
    return loss


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
        given = {"invariance": invariance, "variance": variance, "covariance": covariance}
        for name, value in {**given, "gamma": gamma}.items():
            number_of(name, value)
        self.invariance, self.variance = invariance, variance
        self.covariance, self.gamma = covariance, gamma

    def forward(self, a: Tensor, b: Tensor, *, weights: Weights = None) -> Tensor:
        """The loss of a batch."""
        settings = {"invariance": self.invariance, "variance": self.variance}
        more = {"covariance": self.covariance, "gamma": self.gamma}
        return vicreg(a, b, weights=weights, **settings, **more)
