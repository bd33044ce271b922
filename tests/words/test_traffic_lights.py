"""Lamps of traffic lights follow the pixels, stay, or are refused, as the stream says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, load_policy
from syncaug.words import colour_words

RED = np.full((40, 60, 3), (200, 40, 30), np.uint8)
LAMPS = [
    "Stop at the red light.", "Wait for the red light to change.", "The light turns red.",
    "The traffic light is red and the bus waits.", "A red traffic light hangs over the road.",
    "The signal is still red.", "Do not run the red light.", "The traffic signal shows red.",
    "Cars are waiting at a red light.", "The stop light is red.",
]  # fmt: skip
NO_LAMPS = [
    "Red lights hang on the tree.", "A red light bulb.", "A red light glows on the dashboard.",
    "A red bus stops.", "The light in the red room is dim.", "A room with red light.",
    "Stop at the red house.", "The red car runs the race.",
]  # fmt: skip


def painted(rule: str, caption: str, hue: int = 120) -> Any:
    option = f", traffic_lights: {rule}" if rule else ""
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, caption: {modality: text, describes: image"
        f"{option}}}}}\nsteps: [{{name: a, uses: colour, with: {{hue: {hue}}}}}]\n"
        "checks: [colour_words]\non_fail: {retry: 0, then: error}\n"
    )
    return policy({"image": RED, "caption": caption}, key=0)["caption"]


@pytest.mark.parametrize("caption", LAMPS)
def test_lamps_do_what_the_stream_says(caption: str) -> None:
    assert any(word.signal for word in colour_words(caption))
    assert painted("", caption) == painted("pixels", caption) == caption.replace("red", "green")
    assert painted("keep", caption) == caption
    with pytest.raises(AlignmentError, match="lamp of a traffic light"):
        painted("refuse", caption)


@pytest.mark.parametrize("caption", NO_LAMPS)
@pytest.mark.parametrize("rule", ["pixels", "keep", "refuse"])
def test_other_lights_are_lights(caption: str, rule: str) -> None:
    assert painted(rule, caption).lower() == caption.lower().replace("red ", "green ")


@pytest.mark.parametrize("rule", ["pixels", "keep", "refuse"])
def test_without_a_turn_nothing_is_refused(rule: str) -> None:
    assert painted(rule, LAMPS[0], hue=0) == LAMPS[0]


def test_cues_have_the_rule_too() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {film: {modality: video, fps: 4}, cues: {modality: timed_text, "
        "describes: film, traffic_lights: keep}}\n"
        "steps: [{name: a, uses: colour, with: {hue: 120}}]\n"
    )
    cues = [{"start": 0.0, "end": 1.0, "text": "Stop at the red light, by the red car."}]
    out = policy({"film": np.stack([RED] * 4), "cues": cues}, key=0)
    assert out["cues"][0]["text"] == "Stop at the red light, by the green car."
