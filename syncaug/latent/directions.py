"""Directions in which two tables of features go together, from scikit-learn."""

from __future__ import annotations

import numpy as np

from syncaug.errors import MissingExtraError
from syncaug.latent.protocol import Vectors

__all__ = ["evened", "paired_directions", "reduced"]


def reduced(centred: Vectors, components: int | None) -> tuple[Vectors, Vectors]:
    """A table on its principal components, and their directions (F, C); all of it without."""
    width = centred.shape[1]
    if components is None or components >= min(centred.shape):
        return centred, np.eye(width)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    axes = directions[:components].T
    return centred @ axes, axes


def paired_directions(
    first: tuple[Vectors, Vectors], second: tuple[Vectors, Vectors], dimensions: int, method: str
) -> tuple[Vectors, Vectors]:
    """The directions of two tables that go together, (F, D) each; each comes with its axes."""
    try:
        from sklearn.cross_decomposition import CCA, PLSCanonical
    except ImportError:
        raise MissingExtraError("scikit-learn", "analysis") from None

    one, other = first[0], second[0]
    model = (CCA if method == "cca" else PLSCanonical)(n_components=dimensions, max_iter=2000)
    model.fit(one, other)
    scales = [np.where(t.std(axis=0, ddof=1) > 0, t.std(axis=0, ddof=1), 1.0) for t in (one, other)]
    return (
        first[1] @ (model.x_rotations_ / scales[0][:, None]),
        second[1] @ (model.y_rotations_ / scales[1][:, None]),
    )


def evened(centred: Vectors, weights: Vectors) -> Vectors:
    """Weights whose latents vary alike in each dimension."""
    spread = (centred @ weights).std(axis=0)
    out: Vectors = weights / np.where(spread > 0.0, spread, 1.0)
    return out
