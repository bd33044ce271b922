"""The strictest test: sounds are shifted in all clips alike, and the spaces fitted anew each time.

What is drawn is then all that a chance could be: neither a clip that is asked nor one that a space
was fitted on has its own sound at its own time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from examples.speech_space.fits import COMPONENTS, DIMENSIONS
from examples.speech_space.retrieval import found
from examples.speech_space.windows import Table
from syncaug.training.latent import LatentSpace

__all__ = ["refitted"]

Clips = Mapping[str, tuple[Table, Table]]


def refitted(cut: Clips, halves: Sequence[Sequence[str]], draws: int) -> dict[str, Any]:
    """The p of the mean rank of two halves of the clips, each asked of a space of the other.

    `cut` are the windows of clips by key, `halves` the keys of each half.
    """
    random = np.random.default_rng(0)
    real = _rank(cut, halves)
    ranks = []
    for _ in range(draws):
        moved = {
            key: (mouth, np.roll(voice, random.integers(len(voice)), axis=0))
            for key, (mouth, voice) in cut.items()
        }
        ranks.append(_rank(moved, halves))
    as_good = sum(rank <= real + 1e-12 for rank in ranks)
    return {"draws": draws, "rank": real, "best": min(ranks), "p": (1 + as_good) / (1 + draws)}


def _rank(cut: Clips, halves: Sequence[Sequence[str]]) -> float:
    """The mean rank of the own sound over all clips."""
    out = []
    for asked, known in zip(halves, reversed(halves), strict=True):
        tables = {
            name: np.concatenate([cut[key][place] for key in known])
            for place, name in enumerate(("mouth", "voice"))
        }
        space = LatentSpace.fit(tables, dimensions=DIMENSIONS, components=COMPONENTS)
        out += [found(space, *cut[key]).rank for key in asked]
    return float(np.mean(out))
