"""Mix vectors of an encoder with the partner's, along the straight way.

Verma and others, Manifold Mixup: Better Representations by Interpolating Hidden States (ICML 2019).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.transforms.latents import latents
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import LatentMixParameters

__all__ = ["maps"]


def maps(parameters: LatentMixParameters, view: View) -> Maps:
    """One way for each stream, all of one share."""
    return latents("lerp", parameters["share"], parameters, view)
