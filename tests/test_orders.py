"""Maps that wait give words what each step gives by itself, whatever stands before or after."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.errors import AlignmentError

SAMPLE = (
    "image: image, boxes: boxes, caption: {modality: text, describes: image}, "
    "phrases: {modality: phrases, boxes: boxes, text: caption}"
)
CAPTION = "There is a blue dog near the wooden fence. There is a red cat behind the table."
HUE = "{name: wheel, uses: colour, with: {hue: 120}}"
TYPOS = "{name: typing, uses: noise, with: {severity: 0.6, caption: typos}}"
WIDE = "{name: wide, uses: crop, with: {area: 0.6, x: 0.0, y: 0.5, caption: rebuild}}"
NARROW = "{name: narrow, uses: crop, with: {area: 0.4, x: 0.0, y: 0.5, caption: rebuild}}"
NOTHING = "{name: nothing, uses: crop, with: {area: 0.01, x: 0.45, y: 0.5, caption: rebuild}}"
OUT = "{name: out, uses: drop_modality, with: {at_most: 1}}"
GRAIN = "{name: grain, uses: noise, with: {severity: 0.5, image: gaussian}}"
AWAY = "{name: away, uses: translate, with: {x: 0.9}}"


def sample() -> dict[str, Any]:
    picture = np.random.default_rng(0).integers(0, 256, (60, 100, 3), dtype=np.uint8)
    return {
        "image": picture,
        "boxes": [[2.0, 2.0, 30.0, 50.0], [60.0, 5.0, 95.0, 55.0]],
        "phrases": ["a blue dog", "a red cat"],
        "caption": CAPTION,
    }


def out(steps: list[str], given: dict[str, Any], fuse: str, key: int = 0) -> Any:
    policy = load_policy(
        f"syncaug: 1\nfuse: {fuse}\nsample: {{{SAMPLE}}}\nsteps: [{', '.join(steps)}]\n"
    )
    return policy(given, key=key)


ORDERS = [
    [TYPOS, NARROW],
    [WIDE, TYPOS, NARROW],
    [WIDE, TYPOS, AWAY],
    [NARROW, TYPOS, HUE],
    [TYPOS, HUE, NARROW],
]


@pytest.mark.parametrize("steps", ORDERS, ids=lambda steps: "+".join(s[7:11] for s in steps))
def test_a_phrase_goes_at_the_step_that_cuts_it(steps: list[str]) -> None:
    for key in range(3):
        fused, literal = (out(steps, sample(), fuse, key) for fuse in ("on", "off"))
        assert fused["caption"] == literal["caption"]
        assert fused["phrases"] == literal["phrases"]


def test_typing_errors_stay_where_they_were_made_when_a_phrase_goes_later() -> None:
    for key in range(3):
        full = out([TYPOS], sample(), "on", key)["caption"]
        left = out([TYPOS, NARROW], sample(), "on", key)["caption"]
        if "dog" in left:
            assert full.startswith(left)
        assert out([WIDE, TYPOS, NARROW], sample(), "on", key)["caption"].count(".") == 1


def told(steps: list[str], given: dict[str, Any], fuse: str, key: int) -> Any:
    """The caption, or why there is none."""
    try:
        return out(steps, given, fuse, key)["caption"]
    except AlignmentError as error:
        return str(error)


@pytest.mark.parametrize("steps", [[OUT, HUE], [HUE, OUT], [OUT, NOTHING], [WIDE, OUT, NOTHING]])
def test_what_shows_nothing_says_nothing_from_its_step_on(steps: list[str]) -> None:
    for key in range(8):
        assert told(steps, sample(), "on", key) == told(steps, sample(), "off", key)


def test_a_picture_that_shows_nothing_has_no_hue_to_turn() -> None:
    kept = 0
    for key in range(8):
        made = out([OUT, HUE], sample(), "on", key)
        if not made["image"].any():
            kept += 1
            assert made["caption"] == CAPTION
        elif made["caption"]:
            assert "a red cat" not in made["caption"]
    assert kept


def test_a_grey_picture_with_coloured_noise_has_hues() -> None:
    grey = {**sample(), "image": np.full((60, 100, 3), 120, np.uint8)}
    for steps, turns in (([HUE, GRAIN], False), ([GRAIN, HUE], True)):
        for fuse in ("on", "off"):
            assert ("a red cat" not in out(steps, grey, fuse)["caption"]) == turns
