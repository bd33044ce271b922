"""Points of the compass in captions of pictures from above: what `compass` of the stream says."""

from __future__ import annotations

import numpy as np
import pytest

from syncaug import AlignmentError, load_policy

PICTURE = np.zeros((40, 60, 3), np.uint8)
FLIP = "{name: s, uses: flip}"


def caption(text: str, option: str = "", step: str = FLIP) -> str:
    stream = f"{{modality: text, describes: image{option}}}"
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, caption: {stream}}}\nsteps: [{step}]\n", seed=1
    )
    out: str = policy({"image": PICTURE, "caption": text}, key="k")["caption"]
    return out


def test_they_move_where_the_stream_says_so() -> None:
    text = "The courts are in the east of the park, a pond lies in the south-west corner."
    moved = "The courts are in the west of the park, a pond lies in the south-east corner."
    assert caption(text, ", compass: moves") == moved


def test_they_stay_where_the_stream_says_so() -> None:
    text = "The courts are in the east, a bench is on the left."
    assert caption(text, ", compass: keep") == text.replace("left", "right")


def test_else_they_are_refused_and_the_message_says_what_to_declare() -> None:
    with pytest.raises(AlignmentError, match="'east'.*compass: moves or compass: keep"):
        caption("The courts are in the east.")


@pytest.mark.parametrize(
    "text",
    ["A cafe on West Street.", "Dancers from North Korea.", "A bazaar in the Middle East."],
)
def test_names_of_places_pass(text: str) -> None:
    assert caption(text) == text


def test_a_vertical_flip_leaves_east_and_west() -> None:
    step = "{name: s, uses: flip, with: {axis: vertical}}"
    assert caption("The courts are in the east.", step=step) == "The courts are in the east."


def test_a_tilt_that_the_words_do_not_bear_is_refused() -> None:
    step = "{name: s, uses: rotate, with: {degrees: 40}}"
    with pytest.raises(AlignmentError, match="speaks of directions"):
        caption("The courts are in the east.", ", compass: moves", step)
    assert caption("The courts are in the east.", ", compass: keep", step)
