"""Between and around vectors: linear and spherical ways, mixes of rows, noise as the data vary."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from syncaug.kernels.vectors import vectors_of

__all__ = ["as_long", "lerp", "mixed_rows", "principal_noise", "slerp"]

Vectors = NDArray[np.float64]
_NEARLY = 1e-9


def lerp(a: ArrayLike, b: ArrayLike, weight: ArrayLike) -> Vectors:
    """The straight way from `a` (weight 0) to `b` (weight 1): vectors (..., D).

    `weight` is one number, or one for each row. The ends are exact. Raises ValueError for shapes
    that differ, and for values that are not finite.

    >>> lerp([0.0, 2.0], [4.0, 2.0], 0.25).tolist()
    [1.0, 2.0]
    """
    first, second, share = _checked(a, b, weight)
    return _with_ends(first + (second - first) * share, first, second, share)


def slerp(a: ArrayLike, b: ArrayLike, weight: ArrayLike) -> Vectors:
    """The way along the sphere, at an even angle; lengths go evenly from one to the other.

    As `lerp` where two vectors point the same way, or one is zero. Vectors that point in opposite
    ways have no shortest way between them: ValueError. (Shoemake, SIGGRAPH 1985.)

    >>> [round(x, 4) for x in slerp([1.0, 0.0], [0.0, 2.0], 0.5).tolist()]
    [1.0607, 1.0607]
    """
    first, second, share = _checked(a, b, weight)
    lengths = [np.linalg.norm(v, axis=-1, keepdims=True) for v in (first, second)]
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.sum(first * second, axis=-1, keepdims=True) / (lengths[0] * lengths[1])
    cosine = np.clip(np.nan_to_num(cosine, nan=1.0), -1.0, 1.0)
    if bool((cosine < -1.0 + _NEARLY).any()):
        row = int(np.argmin(cosine.ravel()))
        raise ValueError(
            f"slerp: expected vectors that do not point in opposite ways; row {row} does. Take "
            "lerp (latent_mix), which goes through zero there."
        )
    angle = np.arccos(cosine)
    straight = np.sin(angle) < _NEARLY
    sine = np.where(straight, 1.0, np.sin(angle))
    own = np.where(straight, 1.0 - share, np.sin((1.0 - share) * angle) / sine)
    other = np.where(straight, share, np.sin(share * angle) / sine)
    length = lengths[0] + (lengths[1] - lengths[0]) * share
    with np.errstate(divide="ignore", invalid="ignore"):
        units = [np.nan_to_num(v / n) for v, n in zip((first, second), lengths, strict=True)]
    curved = (own * units[0] + other * units[1]) * length
    flat = straight | (lengths[0] == 0.0) | (lengths[1] == 0.0)
    found = np.where(flat, first + (second - first) * share, curved)
    return _with_ends(found, first, second, share)


def mixed_rows(vectors: ArrayLike, weight: ArrayLike, partners: ArrayLike) -> Vectors:
    """Each row of a batch (N, D) mixed with the row of its partner, a place for each.

    This is manifold mixup (Verma and others, ICML 2019) where `vectors` are features of a model;
    labels take the same weights. `weight` is the partner's share. Raises ValueError for what is no
    row of numbers, and for a tensor that requires a gradient, which would be lost.
    """
    rows = vectors_of("vectors", vectors)
    if rows.ndim < 2:
        raise ValueError(f"vectors: expected rows (N, D); got the shape {rows.shape}")
    places = np.asarray(partners)
    if places.shape != rows.shape[:1] or places.dtype.kind not in "iu":
        raise ValueError(
            f"partners: expected {len(rows)} whole numbers, the place of each row's partner; got "
            f"{places.dtype} of the shape {places.shape}"
        )
    if len(places) and (int(places.min()) < 0 or int(places.max()) >= len(rows)):
        raise ValueError(f"partners: expected places from 0 to {len(rows) - 1}")
    return lerp(rows, rows[places], weight)


def principal_noise(
    vectors: ArrayLike, like: ArrayLike, strength: float, generator: np.random.Generator
) -> Vectors:
    """Vectors (N, D) with noise along the directions in which the rows `like` (M, D) vary.

    `strength` 1 is noise as strong as the data's own spread in each principal direction (fancy PCA
    of Krizhevsky and others, 2012, of features). A direction in which nothing varies gets none.
    Raises ValueError for values that are not finite, a strength below 0, and another generator.
    """
    rows, known = np.atleast_2d(vectors_of("vectors", vectors)), vectors_of("like", like)
    given: Any = generator
    if not isinstance(given, np.random.Generator):
        came = type(given).__name__
        raise ValueError(f"generator: expected one of numpy.random.default_rng(seed); got {came}")
    if not 0.0 <= strength < np.inf:
        raise ValueError(f"strength: expected a finite number from 0 on; got {strength!r}")
    for name, table in (("vectors", rows), ("like", known)):
        _finite(name, table)
    if known.ndim != 2 or len(known) < 2 or known.shape[1] != rows.shape[1]:
        raise ValueError(
            f"like: expected at least two rows of {rows.shape[1]} numbers; got {known.shape}"
        )
    centred = known - known.mean(axis=0)
    _, spreads, directions = np.linalg.svd(centred, full_matrices=False)
    scaled = generator.normal(size=(len(rows), len(spreads))) * spreads / np.sqrt(len(known) - 1)
    out: Vectors = rows + strength * scaled @ directions
    return out


def as_long(rows: Vectors, count: int) -> Vectors:
    """So many rows (count, ...): those that are too many go, and the last stands on in their lack.

    >>> as_long(np.array([[1.0], [2.0]]), 3).ravel().tolist()
    [1.0, 2.0, 2.0]
    """
    out: Vectors = rows[np.minimum(np.arange(count), len(rows) - 1)]
    return out


def _checked(a: ArrayLike, b: ArrayLike, weight: ArrayLike) -> tuple[Vectors, Vectors, Vectors]:
    first, second = vectors_of("a", a), vectors_of("b", b)
    if first.shape != second.shape or not first.ndim:
        raise ValueError(f"expected vectors of one shape; got {first.shape} and {second.shape}")
    for name, given in (("a", first), ("b", second)):
        _finite(name, given)
    share = vectors_of("weight", weight)
    if share.ndim and share.shape != first.shape[:-1]:
        raise ValueError(f"weight: expected one number, or {first.shape[:-1]}; got {share.shape}")
    if not bool(((share >= 0.0) & (share <= 1.0)).all()):
        raise ValueError(f"weight: expected numbers from 0 to 1; got {weight!r}")
    return first, second, share[..., None] if share.ndim else share


def _finite(name: str, given: Vectors) -> None:
    if not np.isfinite(given).all():
        raise ValueError(f"{name}: expected finite numbers; got {given[~np.isfinite(given)][0]}")


def _with_ends(found: Any, first: Vectors, second: Vectors, share: Vectors) -> Vectors:
    """Exactly the ends where the weight is 0 or 1."""
    out: Vectors = np.where(share == 0.0, first, np.where(share == 1.0, second, found))
    return out
