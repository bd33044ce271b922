"""What every transform promises on every modality: pure, repeatable, in the form that came."""

from __future__ import annotations

import copy
import pickle
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch

from syncaug import load_policy
from syncaug.catalogue.transforms import transform_names
from tests.samples import EVERYTHING, equal, everything

UNCODED = (
    "with: {image: keep, video: keep, mask: keep, depth: keep, heat: keep, flow: keep, "
    "normals: keep, boxes: keep, keypoints: keep, phrases: keep, outlines: keep, masks: keep, "
    "oriented: keep, speech: keep, chat: keep, points: keep, boxes3d: keep, imu: keep, "
    "label: larger}"
)
STEPS = {
    "flip": "with: {axis: {choice: [horizontal, vertical, both]}}",
    "crop": "with: {area: [0.7, 1.0], points: visible, caption: rebuild}",
    "rotate": "with: {degrees: [-15, 15], words: {leave_below: 20}, audio: phase}",
    "perspective": "with: {strength: [0.02, 0.1]}",
    "occlude": "with: {area: [0.02, 0.1], count: [1, 3], mask: {choice: [fill, keep]}}",
    "drop_modality": "with: {at_most: 4}",
    "scale": "with: {factor: [0.8, 1.3]}",
    "translate": "with: {x: [-0.1, 0.1], y: [-0.1, 0.1]}",
    "resize": "with: {height: [24, 60], width: [30, 80]}",
    "colour": "with: {hue: {choice: [120, -120]}, saturation: [-0.2, 0.2], value: [-0.2, 0.2]}",
    "light": "with: {value: [-0.3, 0.3], contrast: [-0.2, 0.2], gamma: 0.9, reflectivity: follow}",
    "noise": "with: {snr_db: [10, 30]}",
    "world_rotate": "with: {degrees: [-30, 30]}",
    "world_scale": "with: {factor: [0.9, 1.1]}",
    "world_translate": "with: {x: [-1, 1], y: [-1, 1], z: [-1, 1]}",
    "camera_rotate": "with: {axis: {choice: [optical, vertical, horizontal]}, degrees: [-8, 8]}",
    "undistort": "with: {alpha: [0.0, 1.0]}",
    "trim": "with: {duration: [0.03, 0.08]}",
    "time_shift": "with: {seconds: [-0.03, 0.03], wrap: {choice: [true, false]}}",
    "speed": "with: {factor: [0.7, 1.4], preserve_pitch: {choice: [true, false]}}",
    "time_warp": "with: {strength: [0.1, 0.4], preserve_pitch: {choice: [true, false]}}",
    "reverse": "with: {}",
    "loop": "with: {times: [1, 3]}",
    "mask_time": "with: {spans: [1, 3], duration: [0.005, 0.02], text: blank}",
    "pitch": "with: {semitones: [-4, 4]}",
    "mixup": "with: {chat: keep, points: keep, boxes3d: keep, imu: keep, label: larger}",
    "cutmix": "with: {chat: keep, points: keep, boxes3d: keep, imu: keep, label: larger}",
    "mix": "with: {mask: keep, depth: keep, heat: keep, flow: keep, normals: keep, boxes: keep, "
    "keypoints: keep, phrases: keep, "
    "outlines: keep, masks: keep, oriented: keep, "
    "chat: keep, label: larger}",
    "stitch": "with: {chat: keep, points: keep, boxes3d: keep, imu: keep, label: larger}",
    **dict.fromkeys(("latent_mix", "latent_interpolate", "feature_mix"), UNCODED),
    "latent_noise": "with: {strength: [0.1, 0.5]}",
    "insert": "with: {image: keep, video: keep, depth: keep, least_points: 0}",
}


PARTNER = everything(99)
"""What transforms that mix mix with."""


def policy_of(name: str) -> Any:
    return load_policy(
        f"syncaug: 1\nsample:{EVERYTHING}steps:\n  - {{name: step, uses: {name}, {STEPS[name]}}}\n"
        "on_fail: {retry: 3, then: error}\n",
        seed=5,
    )


def test_every_transform_is_under_contract() -> None:
    assert set(STEPS) == set(transform_names())


@pytest.fixture(params=sorted(STEPS))
def policy(request: pytest.FixtureRequest) -> Any:
    return policy_of(request.param)


def test_the_sample_and_all_global_random_state_are_untouched(policy: Any) -> None:
    sample = everything()
    before, other = copy.deepcopy(sample), copy.deepcopy(PARTNER)
    states = random.getstate(), np.random.get_state(), torch.random.get_rng_state()
    for epoch in range(4):
        policy.apply(sample, key="a", epoch=epoch, partner=PARTNER)
    assert equal(sample, before)
    assert equal(PARTNER, other)
    assert random.getstate() == states[0]
    after = np.random.get_state()
    assert all(np.array_equal(old, new) for old, new in zip(states[1], after, strict=True))
    assert torch.equal(torch.random.get_rng_state(), states[2])


def test_the_same_address_gives_the_same_bytes_everywhere(policy: Any) -> None:
    sample = everything()
    wanted = [policy(sample, key="a", epoch=epoch, partner=PARTNER) for epoch in range(4)]
    for key in range(20):
        policy(everything(key), key=key, partner=PARTNER)
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(
                lambda epoch: policy(sample, key="a", epoch=epoch % 4, partner=PARTNER), range(16)
            )
        )
    copied = pickle.loads(pickle.dumps(policy))
    for index, out in enumerate(found):
        assert equal(out, wanted[index % 4])
    assert equal(copied(sample, key="a", epoch=2, partner=PARTNER), wanted[2])


def test_a_record_replays_from_its_json_alone(policy: Any) -> None:
    sample = everything()
    for epoch in range(4):
        out, record = policy.apply(sample, key="a", epoch=epoch, partner=PARTNER)
        same = load_policy(record.as_json()["policy"])
        again = same.replay(sample, record.to_json(), partner=PARTNER)
        assert equal(out, again)


def test_what_comes_in_one_form_goes_out_in_the_same_form(policy: Any) -> None:
    sample = everything()
    out = policy(sample, key="a", partner=PARTNER)
    assert list(out) == list(sample)
    for name, value in sample.items():
        assert type(out[name]) is type(value), name
        if isinstance(value, np.ndarray):
            assert out[name].dtype == value.dtype, name
            assert out[name].ndim == value.ndim, name
    assert len(out["boxes"]) == len(out["classes"]) == len(out["phrases"])
    assert len(out["boxes3d"]) == len(out["classes3d"])
    assert out["image"].shape[:2] == out["mask"].shape[:2] == out["depth"].shape[:2]
    assert out["video"].shape[1:3] == out["image"].shape[:2]
    assert out["camera"]["size"] == (out["image"].shape[1], out["image"].shape[0])
    for phrase in out["phrases"]:
        assert phrase is None or phrase in out["caption"]


def test_independent_streams_are_the_ablation(policy: Any) -> None:
    sample = everything()
    apart = policy.with_sync("independent")
    out, record = apart.apply(sample, key="a", partner=PARTNER)
    assert equal(apart.replay(sample, record, partner=PARTNER), out)


@pytest.mark.parametrize("name", ["cutmix", "noise", "mask_time"])
def test_a_stream_that_chooses_for_itself_may_choose_what_does_not_reach_it(name: str) -> None:
    choice = f"[{{name: a, uses: {name}, {STEPS[name]}}}, {{name: b, uses: flip}}]"
    policy = load_policy(
        f"syncaug: 1\nsample:{EVERYTHING}steps:\n"
        f"  - {{name: choice, one_of: {choice}, sync: independent}}\n"
        "on_fail: {retry: 3, then: neutral}\n",
        seed=5,
    )
    sample = everything()
    for epoch in range(4):
        out, record = policy.apply(sample, key="a", epoch=epoch, partner=PARTNER)
        assert equal(out, policy.replay(sample, record, partner=PARTNER))
