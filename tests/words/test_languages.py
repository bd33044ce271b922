"""Texts that are plainly not English get no English words, and one warning."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from syncaug import SampleWarning, load_policy

PICTURE = np.full((40, 60, 3), (200, 40, 30), np.uint8)
FOREIGN = [
    "Une fille en robe orange danse.", "Ein Mann in orange Jacke lacht.",
    "Una chica con vestido beige.", "La robe est orange et le chat dort.",
    "Das Auto ist orange und steht auf der Wiese.", "Un gatto magenta dorme.",
    "Un chien dans un fauteuil beige.", "Een man met een oranje jas en violet hemd.",
]  # fmt: skip
ENGLISH = [
    "Two girls in red dresses.", "A red van on the road.", "Red car, blue sky", "Red balloons",
    "Les Misérables red flag", "El Camino truck in red", "La La Land poster, red dress",
    "A red sign that says la casa de papel.", "red van de luxe", "Der Clown holds red balloons",
]  # fmt: skip


def carried(step: str, caption: str, keys: int = 1) -> Any:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, caption: {modality: text, describes: image}}\n"
        f"steps: [{{name: a, {step}}}]\n"
    )
    return [policy({"image": PICTURE, "caption": caption}, key=k)["caption"] for k in range(keys)]


@pytest.mark.parametrize("caption", FOREIGN)
@pytest.mark.parametrize("step", ["uses: colour, with: {hue: 90}", "uses: flip"])
def test_other_languages_stay_with_one_warning(step: str, caption: str) -> None:
    with pytest.warns(SampleWarning, match="is not English") as caught:
        assert carried(step, caption, keys=3) == [caption] * 3
    assert len(caught) == 1


@pytest.mark.parametrize("caption", ENGLISH)
def test_english_follows_without_a_word(caption: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (out,) = carried("uses: colour, with: {hue: 120}", caption)
        carried("uses: flip", caption)
    assert "green" in out.lower()


def test_a_step_that_moves_no_words_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert carried("uses: light, with: {value: 0.2}", FOREIGN[0]) == [FOREIGN[0]]
