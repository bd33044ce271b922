"""Scorers that `syncaug stress` is given by name."""

from __future__ import annotations

from typing import Any

import numpy as np

COLOURS = {"orange": (200, 140, 90), "grey": (120, 120, 120), "black": (40, 40, 40)}


def colours_and_sides(samples: list[Any]) -> list[float]:
    """Whether the caption first names the side of more detail, and how many colours it names."""
    out = []
    for sample in samples:
        image = np.asarray(sample["image"], dtype=float)
        middle = image.shape[1] // 2
        busier = "left" if image[:, :middle].std() > image[:, middle:].std() else "right"
        first = min(
            ("left", "right"), key=lambda side: (sample["caption"] + " left right").index(side)
        )
        named = [name for name in COLOURS if name in sample["caption"]]
        out.append(float(first == busier) + 0.5 * len(named))
    return out


def raises(samples: list[Any]) -> list[float]:
    """A scorer that fails."""
    raise RuntimeError("out of paper")


def few(samples: list[Any]) -> list[float]:
    """A scorer that forgets samples."""
    return [1.0]


def nan(samples: list[Any]) -> list[float]:
    """A scorer whose numbers are none."""
    return [float("nan")] * len(samples)


def prints(samples: list[Any]) -> list[float]:
    """A scorer that tells how far it is."""
    print("scored", len(samples))
    return [1.0] * len(samples)
