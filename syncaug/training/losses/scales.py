"""Temperatures: a number, a tensor, or a parameter that is learned."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from syncaug.training.losses.features import number_of, tensor_of

__all__ = ["Temperature", "scale_of"]

_LEARNED = 0.01
"""Below it no temperature is learned."""
_LEAST = 1e-20
"""Below it similarities leave what stands for a logarithm of nothing."""
_EXPECTED = "one finite number above 0"


def scale_of(temperature: float | Tensor, like: Tensor) -> Tensor:
    """1 / temperature in the features' precision. Raises ValueError unless it is above 0."""
    given = tensor_of("temperature", temperature, like, _EXPECTED)
    if given.numel() != 1 or not bool(torch.isfinite(given) & (given > _LEAST)):
        raise ValueError(f"temperature: expected {_EXPECTED}; got {temperature!r}")
    return 1.0 / given.reshape(())


class Temperature(nn.Module):
    """A temperature; where it is learnable, the logarithm of its inverse is a parameter.

    A learned one never falls below 0.01: as in CLIP (A. Radford and others, 2021, section 2.5) the
    parameter itself goes back there, so that its gradient can raise it again.
    """

    def __init__(self, temperature: float, *, learnable: bool) -> None:
        super().__init__()
        if not number_of("temperature", temperature) > _LEAST:
            raise ValueError(f"temperature: expected {_EXPECTED}; got {temperature!r}")
        if learnable and temperature < _LEARNED:
            raise ValueError(
                f"temperature: expected a number from {_LEARNED} on, below which no learnable one "
                f"falls; got {temperature!r}"
            )
        start = torch.tensor(-math.log(temperature))
        self._learnable = learnable
        if learnable:
            self.log_scale = nn.Parameter(start)
        else:
            self.register_buffer("log_scale", start)

    def forward(self) -> Tensor:
        """The temperature now."""
        scale: Tensor = self.log_scale
        if self._learnable:
            greatest = -math.log(_LEARNED)
            if not torch.is_grad_enabled():
                return torch.exp(-scale.clamp(max=greatest))
            with torch.no_grad():
                scale.clamp_(max=greatest)
        return torch.exp(-scale)
