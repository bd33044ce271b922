"""Words move to what the pixels show: patches of each word's colour, moved by the step and named.

The patches are named by their distance in CIELAB, by OpenCV, to the values of the survey; the
library compares in OKLab, and never sees a pixel.
"""

from __future__ import annotations

import colorsys
from collections import Counter
from typing import Any

import cv2
import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from syncaug import load_policy
from syncaug.words import AmbiguousColour, apply_edits, recolour_edits
from tests.samples import ROOT

DATA: dict[str, Any] = yaml.safe_load(
    (ROOT / "syncaug/words/lexicons/colour_names.yaml").read_text(encoding="utf-8")
)["colours"]
SURVEY: dict[str, list[str]] = {}
for _shade in DATA["survey"].values():
    for _name, _values in _shade.items():
        SURVEY[_name] = SURVEY.get(_name, []) + _values
PLAIN = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "magenta", "pink")
# Words with a shade, and their values in the survey.
SHADED = {
    "light blue": "95d0fc", "dark blue": "00035b", "light green": "96f97b", "dark green": "033500",
    "dark red": "840000", "light brown": "ad8150", "dark brown": "341c02", "light pink": "ffd1df",
    "light purple": "bf77f6", "dark purple": "35063e", "dark pink": "990f4b",
    "bright blue": "0165fc", "light orange": "fdaa48", "dark orange": "c65102",
    "light yellow": "fffe7a",
}  # fmt: skip
# What the survey calls a pair of words.
PAIRS = {
    "light lime": "pale green", "light green": "pale green", "light cyan": "pale cyan",
    "light blue": "pale blue", "light purple": "lavender", "light pink": "pale pink",
    "light yellow": "cream", "dark red": "maroon", "dark blue": "navy",
}  # fmt: skip
COLOURS = {name: SURVEY[name][0] for name in PLAIN} | DATA["typical"] | SHADED
WORDS = sorted(COLOURS.keys() - {"charcoal"})
OF_HAIR = ("blond", "blonde", "brunette", "sandy")
STEPS = range(30, 360, 30)
# Names that people give to one colour, in rows from one to the next.
NEIGHBOURS = [
    set(row.split(", "))
    for row in (
        "red, orange, pink, maroon, dark pink, magenta",
        "red, brown",
        "orange, yellow, mustard, peach, brown",
        "yellow, lime, mustard, cream, olive",
        "lime, green, pale green, olive, yellow",
        "lime, mustard",
        "green, teal, cyan, pale green, dark green",
        "green, olive",
        "cyan, pale cyan, teal, blue, pale blue",
        "blue, navy, purple, pale blue, teal, lavender",
        "blue, dark purple",
        "purple, magenta, dark purple, lavender, pink, dark pink",
        "magenta, pink, dark pink, lavender",
        "pink, pale pink, peach, dark pink, lavender",
        "maroon, brown, dark pink, dark purple",
        "brown, mustard, olive, tan",
        "olive, dark green, mustard",
        "dark green, teal, navy",
        "dark purple, navy, dark pink",
        "peach, tan, cream, beige, pale pink, orange",
        "tan, beige, mustard, pale green",
        "cream, beige, pale green",
        "cream, tan",
        "pale green, pale cyan, beige",
        "pale cyan, pale blue",
        "pale blue, lavender",
        "lavender, pale pink",
    )
]


def patches(colour: str) -> list[list[int]]:
    """Twelve colours that people call the same: a little other hue, saturation and value."""
    hue, saturation, value = colorsys.rgb_to_hsv(
        *(int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    )
    return [
        [round(255 * level) for level in colorsys.hsv_to_rgb((hue + turn / 360) % 1, s, v)]
        for turn in (-4, 0, 4)
        for s in (saturation, 0.9 * saturation)
        for v in (value, 0.92 * value)
    ]


PICTURE = (
    np.array([patches(COLOURS[word]) for word in WORDS], np.uint8).repeat(2, axis=0).repeat(2, 1)
)


def lab(colours: NDArray[Any]) -> NDArray[Any]:
    return cv2.cvtColor(colours.astype(np.float32)[None] / 255, cv2.COLOR_RGB2LAB)[0]


VALUES = [(name, value) for name, values in SURVEY.items() for value in values]
PLACES = lab(np.array([list(bytes.fromhex(value)) for _, value in VALUES]))


def names(colours: NDArray[Any]) -> list[str]:
    """What the survey calls each of these colours; of finer names the basic ones."""
    distances = ((lab(colours)[:, None] - PLACES[None]) ** 2).sum(axis=2)
    found = [VALUES[int(at)][0] for at in distances.argmin(axis=1)]
    return [DATA["broad"].get(name, name) for name in found]


def near(one: str, other: str) -> bool:
    return one == other or any({one, other} <= row for row in NEIGHBOURS)


def said_of(word: str, degrees: int) -> str:
    """What the words say, or nothing where they are refused."""
    text = f"the {word} {'hair' if word in OF_HAIR else 'shirt'}"
    try:
        name = apply_edits(text, recolour_edits(text, degrees))[4:].rsplit(" ", 1)[0]
    except AmbiguousColour:
        return ""
    name = PAIRS.get(name, name).removeprefix("bright ")
    return DATA["broad"].get(name, name)


def judged(degrees: int) -> dict[str, tuple[str, Counter[str]]]:
    """word -> what is said of it after the turn, and the names of its moved patches."""
    policy = load_policy(
        "syncaug: 1\nsample: {image: image}\n"
        f"steps: [{{name: turn, uses: colour, with: {{hue: {degrees}}}}}]\n"
    )
    moved = policy({"image": PICTURE}, key=0)["image"][::2, ::2]
    return {
        word: (said_of(word, degrees), Counter(names(row)))
        for word, row in zip(WORDS, moved, strict=True)
    }


@pytest.mark.parametrize("degrees", STEPS)
def test_a_word_says_what_its_moved_pixels_show(degrees: int) -> None:
    exact = neighbours = patches_ = 0
    for word, (said, shown) in judged(degrees).items():
        if not said:
            continue
        close = sum(count for name, count in shown.items() if near(said, name))
        assert close >= 6, f"{word} is said {said}, its pixels show {dict(shown)}"
        exact += shown[said]
        neighbours += close
        patches_ += 12
    assert patches_ >= 12 * 60
    assert exact >= 0.65 * patches_
    assert neighbours >= 0.98 * patches_


def test_a_wrong_turn_would_be_seen() -> None:
    """The measure tells a word that moved by 60 degrees too far from one that moved right."""
    shown = judged(120)
    wrong = sum(
        count * (not near(said_of(word, 180), name))
        for word in WORDS
        for name, count in shown[word][1].items()
        if said_of(word, 180)
    )
    assert wrong >= 0.25 * 12 * len(WORDS)
