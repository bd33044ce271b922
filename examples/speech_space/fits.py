"""A space of windows, fitted and saved by what `syncaug fit-latent` runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from examples.speech_space.windows import Table
from syncaug import load_policy
from syncaug.training.latent import LatentSpace
from syncaug.training.latent.fitting import fit_latent

__all__ = ["COMPONENTS", "DIMENSIONS", "fitted"]

POLICY = Path(__file__).resolve().parent / "windows.yaml"
DIMENSIONS, COMPONENTS = 3, 8
_DIGITS = 6


def fitted(clips: Sequence[tuple[str, Table, Table]], path: Path) -> LatentSpace:
    """The space at `path` (.npz) of the windows of clips: key, mouth (N, F) and voice (N, G).

    The manifest of the windows stands beside it.
    """
    lines = [
        {"key": f"{key}/{n}", "mouth": seen.tolist(), "voice": heard.tolist()}
        for key, mouth, voice in clips
        for n, (seen, heard) in enumerate(
            zip(np.round(mouth, _DIGITS), np.round(voice, _DIGITS), strict=True)
        )
    ]
    manifest = path.with_suffix(".jsonl")
    text = "".join(json.dumps(line) + "\n" for line in lines)
    manifest.write_text(text, encoding="utf-8", newline="\n")
    fit_latent(
        load_policy(POLICY).plan,
        manifest,
        ["mouth", "voice"],
        path,
        dimensions=DIMENSIONS,
        components=COMPONENTS,
        method="cca",
        bank=False,
    )
    return LatentSpace.load(path)
