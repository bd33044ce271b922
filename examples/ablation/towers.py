"""A small two-tower model: films on one side; words, sound and cues on the other.

There are two spaces. In that of scenes, of 64 dimensions, a film meets the texts that speak of it.
In that of times, of 8 dimensions for each of 16 moments, films and cues meet sounds moment by
moment, so that a shift costs similarity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from examples.ablation.scenes import COLOURS, FRAMES, KINDS, RATE, SECONDS, SIDES

__all__ = ["Towers", "beep_track", "plain", "tokens_of"]

_WORDS = (
    *(
        "a",
        "an",
        "the",
        "is",
        "to",
        "of",
        "on",
        "and",
        "shape",
        "which",
        "colour",
        "side",
        ",",
        "?",
    ),
    *SIDES,
    *KINDS,
    *(name.replace(" ", "") for name in COLOURS),
)
VOCABULARY = {word: number for number, word in enumerate(_WORDS, start=2)}
"""Words that training scenes have; 0 fills, 1 is any other word."""
_WORD = re.compile(r"\w+|[,?]")
_BANDS = 16


def plain(text: str) -> str:
    """A text in small letters, and one word for lime green: lime alone could be a fruit."""
    return re.sub(r"\blime( green)?\b", "limegreen", text.lower())


def tokens_of(texts: Sequence[str]) -> Tensor:
    """Numbers of words, (N, words of the longest text), filled with zeros."""
    rows = [[VOCABULARY.get(word, 1) for word in _WORD.findall(plain(text))] for text in texts]
    longest = max(map(len, rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def beep_track(cues: Sequence[Sequence[dict[str, Any]]]) -> Tensor:
    """The share of each of the 16 moments in which a cue stands, (N, 16)."""
    edges = torch.arange(FRAMES + 1) * (SECONDS / FRAMES)
    out = torch.zeros(len(cues), FRAMES)
    for row, sample in enumerate(cues):
        for cue in sample:
            begin = edges[:-1].clamp(min=cue["start"])
            out[row] += (edges[1:].clamp(max=cue["end"]) - begin).clamp(min=0.0)
    return (out / (SECONDS / FRAMES)).clamp(max=1.0)


class Towers(nn.Module):
    """Encoders of films, texts, sounds and cues."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.picture = nn.Sequential(
            *(nn.Conv2d(3, 24, 3, 2, 1), nn.BatchNorm2d(24), nn.ReLU()),
            *(nn.Conv2d(24, 48, 3, 2, 1), nn.BatchNorm2d(48), nn.ReLU()),
            *(nn.Conv2d(48, 48, 3, 2, 1), nn.BatchNorm2d(48), nn.ReLU(), nn.Flatten()),
            *(nn.Linear(768, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, width)),
        )
        self.frames = nn.Sequential(nn.Linear(192, 64), nn.ReLU(), nn.Linear(64, 8))
        self.words = nn.Embedding(len(VOCABULARY) + 2, 48, padding_idx=0)
        self.near = nn.Sequential(nn.Conv1d(48, 96, 5, padding=2), nn.ReLU())
        self.phrases = nn.Sequential(nn.Conv1d(96, 128, 5, padding=2), nn.ReLU())
        self.told = nn.Sequential(nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, width))
        self.heard = nn.Sequential(
            nn.Conv1d(2 * _BANDS, 32, 3, padding=1), nn.ReLU(), nn.Conv1d(32, 8, 1)
        )
        self.cued = nn.Sequential(nn.Conv1d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv1d(16, 8, 1))

    def see(self, films: Tensor) -> tuple[Tensor, Tensor]:
        """Films, uint8 (N, 16, 32, 32, 3): what they show (N, 64), and when (N, 128)."""
        frames = films.permute(0, 1, 4, 2, 3).float() / 127.5 - 1.0
        coarse = avg_pool2d(frames.flatten(0, 1), 4).flatten(1).unflatten(0, (-1, FRAMES))
        moments = self.frames(3.0 * (coarse - coarse.mean(1, True)))
        return self.picture(frames.mean(dim=1)), _changes(moments)

    def read(self, tokens: Tensor) -> Tensor:
        """Texts, (N, words): what they say, (N, 64)."""
        there = (tokens > 0)[:, None]
        near = self.near(self.words(tokens).transpose(1, 2)).masked_fill(~there, 0.0)
        phrases = self.phrases(near).masked_fill(~there, 0.0)
        return self.told(phrases.amax(dim=2))

    def hear(self, sounds: Tensor) -> Tensor:
        """Sounds, (N, 2, 4000): when what is heard, (N, 128)."""
        return _changes(self.heard(_spectrum(sounds)).transpose(1, 2))

    def cue(self, track: Tensor) -> Tensor:
        """Tracks of cues, (N, 16): when there is one, (N, 128)."""
        return _changes(self.cued(track[:, None]).transpose(1, 2))


def _changes(moments: Tensor) -> Tensor:
    """Moments (N, 16, 8) less their mean, as rows: what always lasts tells nothing of when."""
    return (moments - moments.mean(1, True)).flatten(1)


def _spectrum(sounds: Tensor) -> Tensor:
    """Levels in 16 even bands of both channels at 16 moments: (N, 32, 16), in 20 dB."""
    pieces = sounds.unflatten(2, (FRAMES, int(RATE * SECONDS) // FRAMES))
    window = torch.hann_window(pieces.shape[-1], periodic=False)
    power = torch.fft.rfft(pieces * window).abs().square()[..., 1 : 1 + 7 * _BANDS]
    bands = power.unflatten(3, (_BANDS, 7)).mean(dim=4)
    return (bands + 1e-2).log10().permute(0, 1, 3, 2).flatten(1, 2) / 2.0
