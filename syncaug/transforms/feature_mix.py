"""Take some dimensions of the space from the partner, the same in all streams.

Beckham and others, On Adversarial Mixup Resynthesis (NeurIPS 2019): Bernoulli mixup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.transforms.latents import latents
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import FeatureMixParameters

__all__ = ["maps"]


def maps(parameters: FeatureMixParameters, view: View) -> Maps:
    """One way for each stream, all of one share."""
    return latents("swap", parameters["share"], parameters, view)
