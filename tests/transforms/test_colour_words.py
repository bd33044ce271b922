"""Colour words where colours fade, and where there are none to turn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, load_policy

POLICY = """
syncaug: 1
sample:
  image: image
  caption: {modality: text, describes: image}
steps:
  - {name: paint, uses: colour, with: {STEP}}
"""


def painted(step: str, caption: str, *, grey: bool = False, more: str = "") -> Any:
    image = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    if grey:
        image[:] = image[..., :1]
    policy = load_policy(POLICY.replace("STEP", step) + more)
    return policy({"image": image, "caption": caption}, key="a")


@pytest.mark.parametrize("step", ["saturation: -1", "hue: 120, saturation: -0.95"])
def test_colours_that_have_faded_are_refused(step: str) -> None:
    with pytest.raises(AlignmentError, match="of the saturation is left, and the text names 'red'"):
        painted(step, "a red ball on a black box")


def test_what_names_no_colour_may_fade() -> None:
    out = painted("saturation: -1", "a white cat on a black box")
    assert out["caption"] == "a white cat on a black box"
    assert (out["image"] == out["image"][..., :1]).all()


def test_steps_that_fade_together_count_together() -> None:
    more = "  - {name: again, uses: colour, with: {saturation: -0.7}}\n"
    assert painted("saturation: -0.7", "a red ball")["caption"] == "a red ball"
    for fuse in ("", "fuse: off\n"):
        with pytest.raises(AlignmentError, match="9% of the saturation is left"):
            painted("saturation: -0.7", "a red ball", more=more + fuse)


def test_a_turn_of_the_wheel_changes_neither_a_grey_picture_nor_its_words() -> None:
    out = painted("hue: 120", "a grey photo of a red car", grey=True)
    assert out["caption"] == "a grey photo of a red car"
    assert painted("hue: 120", "a red car")["caption"] == "a green car"
