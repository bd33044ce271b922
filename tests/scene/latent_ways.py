"""Where vectors should be after their way in a latent space, by formulas of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["WAYS", "follows_its_way"]

WAYS = ("latent_mix", "latent_interpolate", "feature_mix", "latent_noise")
Vectors = NDArray[np.float64]


def follows_its_way(
    transform: str, parameters: Mapping[str, Any], own: Vectors, other: Vectors, got: Vectors
) -> None:
    """Fail unless rows went where the transform takes them; a last row goes on."""
    assert got.shape == own.shape
    count = len(own)
    lasting = [other[min(row, len(other) - 1)] for row in range(count)]
    one, two, found = own, np.array(lasting), got
    if transform == "latent_mix":
        share = parameters["share"]
        assert np.abs(share * (two - found) + (1.0 - share) * (one - found)).max() < 1e-9
    elif transform == "latent_interpolate":
        for row in range(count):
            _on_the_arc(one[row], two[row], found[row], parameters["share"])
    elif transform == "feature_mix":
        theirs = np.all(found == two, axis=0)
        assert np.all(found == np.where(theirs, two, one))
        alike = np.all(one == two, axis=0)
        due = round(parameters["share"] * own.shape[1])
        assert int((theirs & ~alike).sum()) <= due <= int(theirs.sum())
    else:
        moved = found - one
        assert np.ptp(moved, axis=0).max() < 1e-9, "all moments go the same way"
        size = np.sqrt(np.mean(own**2))
        length = np.sqrt(np.mean(moved**2)) / (parameters["strength"] * size)
        assert 0.0 < length < 6.0  # deviations of a normal distribution


def _on_the_arc(one: Vectors, two: Vectors, found: Vectors, share: float) -> None:
    """A turn from `one` towards `two` by a share of the angle, in the plane of both."""
    lengths = [float(np.linalg.norm(each)) for each in (one, two)]
    along = one / lengths[0]
    across = two - (two @ along) * along
    if np.linalg.norm(across) < 1e-9:
        assert np.allclose(found, one + share * (two - one))
        return
    across /= np.linalg.norm(across)
    angle = share * np.arctan2(two @ across, two @ along)
    wanted = (np.cos(angle) * along + np.sin(angle) * across) * (
        lengths[0] * (1.0 - share) + lengths[1] * share
    )
    assert np.abs(found - wanted).max() < 1e-9
