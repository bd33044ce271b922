"""Interpolate between vectors of an encoder and the partner's, along the sphere.

Shoemake, Animating Rotation with Quaternion Curves (SIGGRAPH 1985).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.transforms.latents import latents
from syncaug.transforms.view import Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import LatentInterpolateParameters

__all__ = ["maps"]


def maps(parameters: LatentInterpolateParameters, view: View) -> Maps:
    """One way for each stream, all of one share."""
    return latents("slerp", parameters["share"], parameters, view)
