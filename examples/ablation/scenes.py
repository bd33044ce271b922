"""Generated scenes: two coloured shapes on a film, one of which beeps, told in words.

Each shape stands on a side of its own. One of them grows at a few moments, and beeps then: on the
side where it stands, at the pitch of its kind. Colours, kinds, sides, places, times and the form of
the caption are drawn evenly. Nothing here uses syncaug: what is said is known from the scene.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    *("ANSWERS", "COLOURS", "FPS", "FRAMES", "KINDS", "QUESTIONS", "RATE", "SECONDS", "SIDES"),
    *("SIZE", "Scene", "Scenes", "draw_scene", "sample_of"),
]

SIZE, FPS, FRAMES, RATE = 32, 8, 16, 2000
SECONDS = FRAMES / FPS
KINDS = {"disc": 180.0, "ring": 320.0, "bar": 480.0, "cross": 700.0}
"""Kinds of shapes, and the pitch in Hz at which each beeps."""
COLOURS: dict[str, float | None] = {
    "red": 0.0,
    "orange": 30.0,
    "yellow": 60.0,
    "lime green": 90.0,
    "green": 125.0,
    "cyan": 180.0,
    "blue": 235.0,
    "purple": 275.0,
    "magenta": 302.0,
    "pink": 328.0,
    "black": None,
    "grey": None,
    "white": None,
}
"""Names of colours, and their hues in degrees."""
_LEVELS = {"black": 0.04, "grey": 0.55, "white": 0.97}
SIDES = ("left", "right")
ANSWERS = {"colour": tuple(COLOURS), "side": SIDES}
"""The answers among which a model chooses, for each kind of question."""
QUESTIONS = {
    "colour": tuple(f"which colour is the shape on the {side}?" for side in SIDES),
    "side": tuple(f"on which side is the {colour} shape?" for colour in COLOURS),
}
"""The questions of each kind."""
_SPLITS = ("train", "dev", "dev probe", "test", "test probe")
_CAPTIONS = (
    "a {0} on the {2} and a {1} on the {3}",
    "a {0} is to the {2} of a {1}",
    "a {0} on the {2}",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to see and to hear; the first of each pair is the shape on the left."""

    kinds: tuple[str, str]
    colours: tuple[str, str]
    loud: int
    """Which of the two beeps."""
    beeps: tuple[float, ...]
    """When, in seconds; each lasts `length`."""
    length: float
    caption: str
    """True, but it need not say everything."""
    question: str
    answer: str
    asks: str
    """What the question asks for: colour or side."""
    look: int
    """The seed of all that no word speaks of: places, sizes, shades, noise."""

    @property
    def everything(self) -> str:
        """A caption that says both kinds, colours and sides."""
        told = (f"{colour} {kind}" for colour, kind in zip(self.colours, self.kinds, strict=True))
        return _with_articles(_CAPTIONS[0].format(*told, *SIDES))


def draw_scene(split: str, seed: int, index: int) -> Scene:
    """The scene of an address: the same for the same split, seed and index."""
    rng = np.random.default_rng([_SPLITS.index(split), seed, index])
    kinds = tuple(str(kind) for kind in rng.choice(list(KINDS), 2, replace=False))
    colours = tuple(str(name) for name in rng.choice(list(COLOURS), 2, replace=False))
    first = int(rng.integers(2))
    plain = rng.random() < 0.4
    told = [
        kinds[shape] if plain else f"{colours[shape]} {kinds[shape]}"
        for shape in (first, 1 - first)
    ]
    form = _CAPTIONS[int(rng.integers(len(_CAPTIONS)))]
    caption = _with_articles(form.format(*told, SIDES[first], SIDES[1 - first]))
    asked, asks = int(rng.integers(2)), ("colour", "side")[int(rng.integers(2))]
    if asks == "colour":
        question, answer = QUESTIONS[asks][asked], colours[asked]
    else:
        question, answer = QUESTIONS[asks][list(COLOURS).index(colours[asked])], SIDES[asked]
    length = float(rng.uniform(0.14, 0.26))
    slots = rng.choice(6, int(rng.integers(2, 4)), replace=False)
    beeps = tuple(sorted(float(slot / 3 + rng.uniform(0.0, 0.06)) for slot in slots))
    return Scene(
        (kinds[0], kinds[1]),
        (colours[0], colours[1]),
        int(rng.integers(2)),
        beeps,
        length,
        caption,
        question,
        answer,
        asks,
        int(rng.integers(2**62)),
    )


def sample_of(scene: Scene) -> dict[str, Any]:
    """The streams of a scene: film (16, 32, 32, 3), stereo sound (2, 4000), cues of the beeps, and
    words: a caption, and a question with its answer."""
    rng = np.random.default_rng(scene.look)
    return {
        "film": _film(scene, rng),
        "sound": _sound(scene, rng),
        "beeps": [
            {"start": start, "end": start + scene.length, "text": "beep"} for start in scene.beeps
        ],
        "words": [scene.caption, f"{scene.question} {scene.answer}"],
    }


class Scenes:
    """A map-style data set of the first scenes of a split, rendered when first asked for."""

    def __init__(self, split: str, seed: int, count: int) -> None:
        self.split = split
        self.scenes = [draw_scene(split, seed, index) for index in range(count)]
        self._samples: dict[int, dict[str, Any]] = {}

    def __len__(self) -> int:
        return len(self.scenes)

    def __getitem__(self, index: int) -> dict[str, Any]:
        if index not in self._samples:
            streams = sample_of(self.scenes[index])
            self._samples[index] = {**streams, "key": f"{self.split}/{index}"}
        return self._samples[index]


def _with_articles(text: str) -> str:
    return text.replace("a orange", "an orange")


def _sounding(scene: Scene, times: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.any([(times >= at) & (times < at + scene.length) for at in scene.beeps], axis=0)


def _film(scene: Scene, rng: np.random.Generator) -> NDArray[np.uint8]:
    frames = np.full((FRAMES, SIZE, SIZE, 3), rng.uniform(0.2, 0.4))
    y, x = np.mgrid[:SIZE, :SIZE].astype(float)
    # A frame shows what goes on in its middle, give or take its exposure.
    loud = _sounding(scene, (np.arange(FRAMES * 8) + 0.5) / FPS / 8).reshape(FRAMES, 8).any(axis=1)
    for shape in range(2):
        colour = np.array(_shade(scene.colours[shape], rng))
        centre = (rng.uniform(7, 10) + 15 * shape, rng.uniform(9, 23))
        radius, drift = rng.uniform(4.5, 6.0), rng.uniform(-0.15, 0.15)
        for frame in range(FRAMES):
            pulse = 1.3 if loud[frame] and shape == scene.loud else 1.0
            offset = (x - centre[0], y - centre[1] - drift * frame)
            inside = _inside(scene.kinds[shape], *offset, radius * pulse)
            frames[frame][inside] = colour
    frames += rng.normal(0.0, 0.02, frames.shape)
    return (np.clip(frames, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


def _shade(name: str, rng: np.random.Generator) -> tuple[float, float, float]:
    hue = COLOURS[name]
    if hue is None:
        level = float(np.clip(_LEVELS[name] + rng.uniform(-0.05, 0.05), 0.0, 1.0))
        return (level, level, level)
    return colorsys.hsv_to_rgb(
        (hue + rng.uniform(-6.0, 6.0)) % 360.0 / 360.0, rng.uniform(0.8, 1.0), rng.uniform(0.8, 1.0)
    )


def _inside(
    kind: str, x: NDArray[np.float64], y: NDArray[np.float64], radius: float
) -> NDArray[np.bool_]:
    if kind == "disc":
        return np.hypot(x, y) <= radius
    if kind == "ring":
        return abs(np.hypot(x, y) - 0.8 * radius) <= 0.3 * radius
    if kind == "bar":
        return (abs(x) <= 0.35 * radius) & (abs(y) <= 1.2 * radius)
    arm = 0.3 * radius
    return ((abs(x) <= arm) | (abs(y) <= arm)) & (np.maximum(abs(x), abs(y)) <= radius)


def _sound(scene: Scene, rng: np.random.Generator) -> NDArray[np.float32]:
    times = (np.arange(int(SECONDS * RATE)) + 0.5) / RATE
    pitch = KINDS[scene.kinds[scene.loud]] * rng.uniform(0.95, 1.05)
    tone = 0.4 * np.sin(2.0 * np.pi * pitch * times) * _sounding(scene, times)
    channels = np.stack([tone, tone]) * np.array([[1.0], [0.25]])[:: 1 if scene.loud == 0 else -1]
    return (channels + rng.normal(0.0, 0.01, channels.shape)).astype(np.float32)
