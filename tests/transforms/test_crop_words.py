"""Crop and what the words say: speech of what remains, and what a policy needs for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, PolicyError, SampleError, load_policy
from tests.samples import pets

POLICY = """
syncaug: 1
sample:
  image: {modality: image, plane: plane}
  boxes: {modality: boxes, labels: classes, plane: plane, min_visible: 0.3}
  phrases: {modality: phrases, boxes: boxes, text: caption, times: times}
  caption: {modality: text, describes: image}
  speech: {modality: audio, sample_rate: 1000, spatial: false, clock: talk, plane: plane}
  clip: {modality: video, fps: 10, clock: talk, plane: other}
untouched: [id]
steps:
  - name: window
    uses: crop
    with: {area: 0.4, x: AT, y: 1.0, caption: rebuild, speech: RULE, plane: plane}
"""


def talk() -> dict[str, Any]:
    """The dog is spoken of in [0.2, 1.0], its headphones in [1.3, 2.0], the cat in [3.0, 3.7]."""
    sample = dict(pets()["dog_and_cat.jpg"])
    sample["times"] = [[0.2, 1.0], [3.0, 3.7], [1.3, 2.0], None]
    sample["speech"] = np.arange(4000, dtype=np.float32) / 4000 + 0.1
    sample["clip"] = np.zeros((40, 8, 8, 3), np.uint8)
    sample["clip"][:] = np.arange(40, dtype=np.uint8)[:, None, None, None]
    return sample


def cropped(rule: str, x: float = 0.0) -> dict[str, Any]:
    text = POLICY.replace("RULE", rule).replace("AT", str(x))
    return dict(load_policy(text)(talk(), key="pair"))


def test_cut_keeps_the_speech_of_the_phrases_that_remain() -> None:
    out = cropped("cut")
    assert out["phrases"] == ["A black dog", "blue headphones", None]
    assert out["times"] == [
        [0.0, pytest.approx(0.8)],
        [pytest.approx(0.8), pytest.approx(1.5)],
        None,
    ]
    before = talk()["speech"]
    assert np.array_equal(out["speech"], np.concatenate([before[200:1000], before[1300:2000]]))
    frames = out["clip"][:, 0, 0, 0].tolist()
    assert frames == [*range(2, 10), *range(13, 20)], "the film on the same clock is cut alike"


def test_mute_silences_the_rest_and_keeps_the_time() -> None:
    out, before = cropped("mute"), talk()["speech"]
    spoken = np.zeros(4000, bool)
    spoken[200:1000] = spoken[1300:2000] = True
    assert np.array_equal(out["speech"], np.where(spoken, before, 0.0))
    assert out["times"] == [[0.2, 1.0], [1.3, 2.0], None]
    assert out["clip"].max() == 39, "a film is not silenced"


def test_keep_keeps_and_so_does_a_crop_that_loses_nothing() -> None:
    assert np.array_equal(cropped("keep")["speech"], talk()["speech"])
    whole = POLICY.replace("RULE", "cut").replace("area: 0.4", "area: 1.0").replace("AT", "0")
    out = load_policy(whole)(talk(), key="pair")
    assert np.array_equal(out["speech"], talk()["speech"])
    assert out["times"] == talk()["times"]


def test_a_crop_after_which_nothing_is_spoken_of_is_refused() -> None:
    sample = talk()
    sample["times"] = [None, [3.0, 3.7], None, None]
    text = POLICY.replace("RULE", "cut").replace("AT", "0.0")
    with pytest.raises(AlignmentError, match="no phrase that remains in the picture is spoken"):
        load_policy(text)(sample, key="pair")


@pytest.mark.parametrize("times", [[[1.0, 0.5], None, None, None], [["a", "b"], None, None, None]])
def test_times_that_are_none_fail_clearly(times: list[Any]) -> None:
    text = POLICY.replace("RULE", "cut").replace("AT", "0.0")
    with pytest.raises(SampleError, match=r"stream 'times': expected \[start, end\] in seconds"):
        load_policy(text)({**talk(), "times": times}, key="pair")


def test_rules_without_grounding_do_not_compile() -> None:
    policy = """
syncaug: 1
sample:
  image: image
  caption: {modality: text, describes: image}
  speech: {modality: audio, sample_rate: 1000}
steps:
  - {name: window, uses: crop, with: {caption: rebuild, speech: cut}}
"""
    with pytest.raises(PolicyError) as caught:
        load_policy(policy)
    assert [problem.code for problem in caught.value.problems] == ["SA505", "SA505"]
    assert "no phrases join a text to boxes" in str(caught.value)
    assert "no phrases have times" in str(caught.value)
