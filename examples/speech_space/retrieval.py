"""Whether windows of speakers that a space has never seen find their own sound, and by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from examples.speech_space.windows import Table
from syncaug.training.latent import LatentSpace

__all__ = ["DRAWS", "Found", "crossed", "crossed_p", "found", "shifted_p"]

DRAWS = 99_999
"""Draws of a permutation test."""


@dataclass(frozen=True, slots=True)
class Found:
    """What windows of one clip find: mean rank of the own sound among all of the clip, from 0 to 1.

    0.5 is chance. `by_shift` (N,) is the mean rank of the sound that begins n windows later, round
    the clip.
    """

    rank: float
    by_shift: Table


def similar(space: LatentSpace, mouth: Table, voice: Table) -> Table:
    """The cosine of each window of the mouth and each of the voice, (N, M)."""
    seen, heard = space.encode("mouth", mouth), space.encode("voice", voice)
    seen /= np.linalg.norm(seen, axis=1, keepdims=True)
    heard /= np.linalg.norm(heard, axis=1, keepdims=True)
    return np.asarray(seen @ heard.T)


def ranks(cosines: Table) -> Table:
    """The rank of each sound for each window (N, M): 0 is the nearest of all, 1 the farthest."""
    order = np.argsort(np.argsort(-cosines, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(order / (cosines.shape[1] - 1))


def found(space: LatentSpace, mouth: Table, voice: Table) -> Found:
    """What windows of a clip find among the sounds of the same clip."""
    table = ranks(similar(space, mouth, voice))
    places = np.arange(len(table))
    shifted = np.array([table[places, (places + n) % len(table)].mean() for n in places])
    return Found(float(shifted[0]), shifted)


def shifted_p(each: Sequence[Found], seed: int = 0) -> float:
    """The p of ranks this good, where the sound of each clip is shifted by chance against its film.

    Shifts go round the clip, so that neighbours in time stay neighbours.
    """
    random = np.random.default_rng(seed)
    total = np.zeros(DRAWS)
    for one in each:
        total += one.by_shift[random.integers(0, len(one.by_shift), DRAWS)]
    real = sum(one.rank for one in each)
    return float((1 + (total <= real + 1e-12).sum()) / (1 + DRAWS))


def crossed(asked: Sequence[tuple[LatentSpace, Table, Table]]) -> Table:
    """The mean rank of the sound of clip m at the same time for the windows of clip n, (N, N)."""
    out = np.empty((len(asked), len(asked)))
    for n, (space, mouth, _) in enumerate(asked):
        for m, (_, _, voice) in enumerate(asked):
            out[n, m] = np.diag(ranks(similar(space, mouth, voice))).mean()
    return out


def crossed_p(table: Table, seed: int = 0) -> float:
    """The p of own sounds this near, where clips are given the sounds of clips by chance.

    What all clips have in common at a time, a silence at the beginning, does not help here.
    """
    random = np.random.default_rng(seed)
    places = np.arange(len(table))
    orders = random.permuted(np.tile(places, (DRAWS, 1)), axis=1)
    total = table[places, orders].sum(axis=1)
    return float((1 + (total <= np.trace(table) + 1e-12).sum()) / (1 + DRAWS))
