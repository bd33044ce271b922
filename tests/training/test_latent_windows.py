"""What a joint space of pictures and sound finds in the real films: windows of 0.2 s, unseen."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import permutation_test

from syncaug.io.manifest import read_manifest
from syncaug.io.streams import load_sample
from syncaug.latent.features import built_in
from syncaug.loading import check_policy
from syncaug.training.latent import LatentSpace

DATA = Path(__file__).parent.parent.parent / "examples" / "data"
FILMS = {"film": ("video", "sound"), "talking_video": ("video", "speech")}
SECONDS = 0.2


@cache
def windows(film: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The features of the pictures and of the sound of each window of a film, in their order."""
    plan, _, _ = check_policy(film)
    assert plan is not None
    entry = next(iter(read_manifest(DATA / f"{film}.jsonl")))
    sample = load_sample(entry, {stream.name: stream for stream in plan.streams})
    shown, heard = (sample[name] for name in FILMS[film])
    frames = np.asarray(shown["frames"] if isinstance(shown, dict) else shown)
    rate, fps = heard["sampling_rate"], 25.0
    count = int(min(len(frames) / fps, heard["array"].shape[1] / rate) / SECONDS)
    seen, sound = [], []
    for index in range(count):
        start, stop = index * SECONDS, (index + 1) * SECONDS
        part = heard["array"][:, round(start * rate) : round(stop * rate)]
        seen.append(built_in("video")(frames[round(start * fps) : round(stop * fps)], {}))
        sound.append(built_in("audio")({"array": part, "sampling_rate": rate}, {}))
    return np.stack(seen), np.stack(sound)


def fitted(parts: list[tuple[Any, Any]]) -> LatentSpace:
    seen, heard = (np.concatenate(side) for side in zip(*parts, strict=True))
    return LatentSpace.fit({"seen": seen, "heard": heard}, dimensions=2, components=8)


def retrieval(space: LatentSpace, parts: list[tuple[Any, Any]]) -> tuple[float, float]:
    """The p of a permutation test that pairs lie together, and the mean rank of the own sound."""
    seen, heard = (np.concatenate(side) for side in zip(*parts, strict=True))
    units = [
        v / np.linalg.norm(v, axis=1, keepdims=True)
        for v in (space.encode("seen", seen), space.encode("heard", heard))
    ]
    cosines = units[0] @ units[1].T
    places = np.arange(len(seen))

    def together(order: Any) -> float:
        return float(cosines[places, order.astype(int)].mean())

    found = permutation_test(
        (places,),
        together,
        permutation_type="pairings",
        n_resamples=9999,
        alternative="greater",
        rng=np.random.default_rng(0),
    )
    ranks = (cosines >= np.diag(cosines)[:, None]).sum(axis=1)
    return float(found.pvalue), float(ranks.mean())


def test_unseen_windows_find_their_sound_better_than_chance() -> None:
    """Fitted on the first part of each film, asked of the last third."""
    films = [windows(film) for film in FILMS]
    first = [tuple(side[: int(0.6 * len(side))] for side in film) for film in films]
    last = [tuple(side[-int(0.32 * len(side)) :] for side in film) for film in films]
    p, rank = retrieval(fitted(first), last)
    count = sum(len(seen) for seen, _ in last)
    assert p < 0.01
    assert rank < 0.4 * (count + 1)  # 0.5 by chance


@pytest.mark.parametrize(
    ("known", "unseen"), [("film", "talking_video"), ("talking_video", "film")]
)
def test_a_space_of_one_film_knows_nothing_of_another(known: str, unseen: str) -> None:
    """What docs/latent.md says: two films of seconds share nothing that lasts."""
    p, _ = retrieval(fitted([windows(known)]), [windows(unseen)])
    assert p > 0.05
