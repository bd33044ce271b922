"""Small scenes whose picture, caption and sound tell the same two things: a colour and a side."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug import load_policy

COLOURS = {"red": (220, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 220)}
TONES = {"red": 300.0, "green": 600.0, "blue": 1200.0}
RATE = 8000
POLICY = """
syncaug: 1
name: scenes
sample:
  image: image
  caption: {modality: text, describes: image}
  sound: {modality: audio, clock: t, sample_rate: 8000}
  answer: {modality: label, classes: [red, green, blue]}
steps:
  - name: grain
    uses: noise
    with: {severity: {from: severity, scale: 0.6}, image: gaussian, sound: white}
  - {name: mirror, uses: flip, p: 0.5}
"""


def policy() -> Any:
    """The policy of these scenes."""
    return load_policy(POLICY, seed=3)


def scenes(count: int) -> list[dict[str, Any]]:
    """Scenes of each colour on each side, in turn."""
    out = []
    for number in range(count):
        colour = list(COLOURS)[number % 3]
        side = ("left", "right")[number // 3 % 2]
        image = np.full((48, 96, 3), 40, np.uint8)
        start = 8 if side == "left" else 56
        image[8:40, start : start + 32] = COLOURS[colour]
        time = np.arange(RATE // 4) / RATE
        sound = (0.5 * np.sin(2 * np.pi * TONES[colour] * time)).astype(np.float32)
        caption = f"a {colour} square on the {side}"
        out.append({"image": image, "caption": caption, "sound": sound, "answer": number % 3})
    return out


def seen(image: Any) -> tuple[str, str]:
    """The colour and the side that a picture shows."""
    levels = np.asarray(image, dtype=float)
    halves = {"left": levels[:, :48], "right": levels[:, 48:]}
    side = max(halves, key=lambda name: float(halves[name].std()))
    bright = halves[side].reshape(-1, 3)
    bright = bright[bright.max(axis=1) > bright.min(axis=1) + 60]
    mean = bright.mean(axis=0) if len(bright) else np.zeros(3)
    return list(COLOURS)[int(np.argmax(mean))], side


def heard(sound: Any) -> str:
    """The colour that a sound stands for."""
    spectrum = np.abs(np.fft.rfft(np.asarray(sound, dtype=float).ravel()))
    peak = np.fft.rfftfreq(np.asarray(sound).size, 1 / RATE)[int(np.argmax(spectrum))]
    return min(TONES, key=lambda name: abs(TONES[name] - peak))


def score(samples: list[Any], *, sides: bool = True, sound: bool = True) -> Any:
    """How well picture, caption and sound of each sample agree, as a fair judge would say.

    A judge without `sides` cannot tell left from right; one without `sound` does not listen.
    """
    out = []
    for sample in samples:
        colour, side = seen(sample["image"])
        said = sample["caption"].split()
        told = float(colour in said)
        told += float(side in said) if sides else 0.0
        told += float(heard(sample["sound"]) == colour) if sound else 0.0
        out.append(told / (1 + sides + sound))
    return out


def deaf(samples: list[Any]) -> Any:
    """A judge that ignores the sound."""
    return score(samples, sound=False)


def one_sided(samples: list[Any]) -> Any:
    """A judge that cannot tell left from right."""
    return score(samples, sides=False)


def reader(samples: list[Any]) -> Any:
    """A model that answers which colour it is, and believes the caption more than all else."""
    out = []
    for sample in samples:
        belief = dict.fromkeys(COLOURS, 0.0)
        belief[seen(sample["image"])[0]] += 1.0
        belief[heard(sample["sound"])] += 1.0
        for word in sample["caption"].split():
            if word in belief:
                belief[word] += 8.0
        out.append(belief[list(COLOURS)[sample["answer"]]] / sum(belief.values()))
    return out
