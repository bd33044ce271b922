"""Noise in the space of an encoder, the same for all streams.

Noise along the principal directions of the data (Krizhevsky and others, NeurIPS 2012), of vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.transforms.latents import latents
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import LatentNoiseParameters

__all__ = ["maps"]


def maps(parameters: LatentNoiseParameters, view: View) -> Maps:
    """One way for each stream, all of one strength."""
    return latents("noise", parameters["strength"], parameters, view)
