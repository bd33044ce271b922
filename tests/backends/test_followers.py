"""Streams that follow several operations: each is met once, in order, whatever leads."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.errors import PolicyError

MOVES = {
    "HorizontalFlip": {},
    "VerticalFlip": {},
    "Transpose": {},
    "Affine": {"translate_px": {"x": 3, "y": 2}},
    "Crop": {"x_min": 2, "y_min": 1, "x_max": 22, "y_max": 25},
}


def picture() -> np.ndarray:
    out = np.zeros((30, 30, 3), np.uint8)
    out[6:10, 5:12] = 255
    return out


def around(picture: np.ndarray) -> list[float]:
    y, x = np.nonzero(picture[..., 0] if picture.ndim == 3 else picture)
    return [float(x.min()), float(y.min()), float(x.max() + 1), float(y.max() + 1)]


def load(streams: str, calls: dict[str, Any]) -> Any:
    sample = {name: {"modality": name} for name in streams.split()}
    return load_policy(
        {"syncaug": 1, "sample": sample, "steps": [{"name": "moves", "apply": calls}]}
    )


@pytest.mark.parametrize(
    "chain",
    [*itertools.permutations(MOVES, 2), ("HorizontalFlip",) * 3, ("Affine", "Transpose", "Crop")],
    ids="-".join,
)
def test_what_follows_a_list_of_operations_meets_each_once(chain: tuple[str, ...]) -> None:
    calls = [{"op": f"albumentations.{name}", **MOVES[name]} for name in chain]
    policy = load("image boxes mask", {"image": calls, "boxes": "follow", "mask": "follow"})
    sample = {
        "image": picture(),
        "boxes": [[5.0, 6.0, 12.0, 10.0]],
        "mask": picture()[..., 0] // 255,
    }
    out = policy(sample, key=0)
    np.testing.assert_allclose(out["boxes"], [around(out["image"])], atol=1e-3)
    np.testing.assert_array_equal(out["mask"], out["image"][..., 0] // 255)


def test_cues_follow_a_list_of_operations_on_sound() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {a: {modality: audio, sample_rate: 1000}, cues: timed_text}\n"
        "steps: [{name: s, apply: {cues: follow, a: [{op: audiomentations.Reverse}, "
        "{op: audiomentations.Reverse}, {op: audiomentations.Reverse}]}}]\n"
    )
    sound = np.zeros(1000, np.float32)
    sound[100:200] = 0.5
    out = policy({"a": sound, "cues": [{"start": 0.1, "end": 0.2, "text": "x"}]}, key=0)
    assert np.flatnonzero(out["a"])[[0, -1]].tolist() == [800, 899]
    assert out["cues"][0]["start"] == pytest.approx(0.8)


def test_what_would_follow_two_leaders_is_a_problem() -> None:
    text = (
        "syncaug: 1\nsample: {a: {modality: audio, sample_rate: 1000}, cues: timed_text, "
        "b: {modality: audio, sample_rate: 1000}}\nsteps: [{name: s, apply: {cues: follow, "
        "a: {op: audiomentations.Reverse}, b: {op: audiomentations.Reverse}}}]\n"
    )
    with pytest.raises(PolicyError, match="SA507 'cues' cannot follow both 'a' and 'b'") as caught:
        load_policy(text)
    assert "b: follow" in caught.value.problems[0].expected
    load_policy(text.replace("b: {op: audiomentations.Reverse}", "b: follow"))


def test_two_thousand_operations_and_a_follower_are_carried_in_linear_time() -> None:
    calls = [{"op": "albumentations.HorizontalFlip"}] * 2000
    policy = load("image boxes", {"image": calls, "boxes": "follow"})
    program = policy._compiled.engine().program
    (runner,) = program.runners.values()
    assert all(call.followers == ("boxes",) for call in runner._calls)
