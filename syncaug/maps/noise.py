"""Noise: one level on a neutral scale, a kind per stream, and the address of its field."""

from __future__ import annotations

import math
from dataclasses import dataclass

from syncaug.randomness import Entropy

__all__ = ["Noise", "severity_of", "snr_of"]

QUIETEST_DB = 50.0
"""The signal-to-noise ratio at which severity is 0."""
LOUDEST_DB = 5.0
"""The signal-to-noise ratio at which severity is 1."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise of one `kind` for one stream.

    `snr_db` is 10 log10 of mean square signal over mean square noise, with signals in [-1, 1] or
    [0, 1]; infinite means silence. `severity` is the same level on 0..1, linear in decibels.
    """

    kind: str
    snr_db: float
    entropy: Entropy

    @property
    def severity(self) -> float:
        return severity_of(self.snr_db)


def snr_of(severity: float) -> float:
    """The signal-to-noise ratio in dB of a severity in 0..1; 0 means no noise at all."""
    return math.inf if severity <= 0.0 else QUIETEST_DB - (QUIETEST_DB - LOUDEST_DB) * severity


def severity_of(snr_db: float) -> float:
    """The severity in 0..1 of a signal-to-noise ratio in dB."""
    return min(1.0, max(0.0, (QUIETEST_DB - snr_db) / (QUIETEST_DB - LOUDEST_DB)))
