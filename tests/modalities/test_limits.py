"""What no library and no memory takes is refused before it is tried, with number and limit."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from syncaug import AlignmentError, PolicyError, load_policy
from syncaug.limits import WARP_SIDE

PICTURE = np.zeros((40, 60, 3), np.uint8)
SOUND = np.zeros(16000, np.float32)
FILM = np.zeros((10, 8, 8, 3), np.uint8)
AUDIO = "s: {modality: audio, sample_rate: 16000}"


def policy_of(sample: str, *steps: str, fuse: str = "on") -> Any:
    named = ", ".join(f"{{name: n{i}, {step}}}" for i, step in enumerate(steps))
    return load_policy(f"syncaug: 1\nsample: {{{sample}}}\nsteps: [{named}]\nfuse: {fuse}\n")


def refused(sample: str, data: dict[str, Any], *steps: str, fuse: str = "on") -> str:
    policy = policy_of(sample, *steps, fuse=fuse)
    begun = time.thread_time()
    with pytest.raises(AlignmentError) as caught:
        policy(data, key=1)
    assert time.thread_time() - begun < 20
    return str(caught.value)


@pytest.mark.parametrize(
    "step",
    [
        "uses: resize, with: {height: 65536, width: 65536}",
        "uses: resize, with: {height: 10, width: 32767}",
        "uses: crop, with: {area: 0.5, resize: [40000, 100]}",
    ],
)
def test_a_size_that_is_known_at_load_is_a_problem(step: str) -> None:
    with pytest.raises(PolicyError, match="32766"):
        policy_of("image: image", step)


def test_sizes_within_the_limit_load_and_pass() -> None:
    out = policy_of("seg: mask", "uses: resize, with: {height: 2, width: 32766}")(
        {"seg": np.zeros((6, 8), np.int32)}, key=1
    )
    assert out["seg"].shape == (2, WARP_SIDE)


GROWTH = {
    "turns": (
        "image: image",
        {"image": PICTURE},
        ["uses: rotate, with: {degrees: 40, expand: true}"] * 40,
    ),
    "sizes": (
        "image: image",
        {"image": PICTURE},
        ["uses: resize, with: {height: 32000, width: 32000}"],
    ),
    "loops": (AUDIO, {"s": SOUND}, ["uses: loop, with: {times: 1000}"] * 2),
    "many loops": (AUDIO, {"s": SOUND}, ["uses: loop, with: {times: 1000}"] * 4),
    "hours": (AUDIO, {"s": SOUND}, ["uses: loop, with: {duration: 360000}"]),
    "slow": (AUDIO, {"s": SOUND}, ["uses: speed, with: {factor: 0.1}"] * 9),
    "years": (
        "s: {modality: audio, sample_rate: 16000, offset: 1.0e+9}",
        {"s": SOUND},
        ["uses: speed, with: {factor: 0.5}"],
    ),
    "films": (
        "v: {modality: video, fps: 10}",
        {"v": FILM},
        ["uses: speed, with: {factor: 0.1}"] * 8,
    ),
    "readings": (
        "i: {modality: imu, rate: 100, columns: [gx, gy, gz, ax, ay, az]}",
        {"i": np.zeros((100, 6), np.float32)},
        ["uses: speed, with: {factor: 0.1}"] * 8,
    ),
    "cues": (
        "t: timed_text",
        {"t": [{"start": 0.0, "end": 1.0, "text": "a"}]},
        ["uses: loop, with: {times: 1000}"] * 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", GROWTH)
def test_growth_that_no_memory_holds_is_refused_with_number_and_limit(what: str) -> None:
    sample, data, steps = GROWTH[what]
    text = refused(sample, data, *steps)
    assert "the limit is" in text
    assert "step 'n" in text
    assert repr(next(iter(data))) in text


def test_an_offset_beyond_all_clocks_is_a_problem() -> None:
    with pytest.raises(PolicyError, match="SA204"):
        policy_of("s: {modality: audio, sample_rate: 16000, offset: 1.0e+308}")


def test_moments_of_an_absolute_clock_pass_where_nothing_moves_them() -> None:
    policy = policy_of("s: {modality: audio, sample_rate: 16000, offset: 1.6e+9}")
    assert policy({"s": SOUND}, key=1)["s"].shape == SOUND.shape


WIDE = {
    "mask int32": ("seg: mask", np.zeros((6, 40000), np.int32)),
    "mask uint8": ("seg: mask", np.zeros((6, 40000), np.uint8)),
    "mask high": ("seg: mask", np.zeros((40000, 6), np.int64)),
    "image": ("seg: image", np.zeros((6, 40000, 3), np.uint8)),
    "depth": ("seg: depth", np.ones((6, 40000), np.float32)),
}


@pytest.mark.parametrize("what", WIDE)
def test_a_warp_of_more_pixels_a_side_than_opencv_counts_is_refused(what: str) -> None:
    sample, data = WIDE[what]
    text = refused(sample, {"seg": data}, "uses: rotate, with: {degrees: 5}")
    assert "32,766" in text
    assert "40,000 pixels a side" in text
    assert "step 'n0'" in text


@pytest.mark.parametrize("what", WIDE)
@pytest.mark.parametrize(
    "step",
    [
        "uses: flip",
        "uses: rotate, with: {degrees: 180}",
        "uses: crop, with: {area: 0.25}",
    ],
)
def test_copies_of_any_size_pass(what: str, step: str) -> None:
    sample, data = WIDE[what]
    assert policy_of(sample, step)({"seg": data}, key=1)["seg"].size


def test_a_picture_of_any_size_is_brought_to_a_smaller_one() -> None:
    policy = policy_of("seg: image", "uses: resize, with: {height: 6, width: 400}")
    assert policy({"seg": WIDE["image"][1]}, key=1)["seg"].shape == (6, 400, 3)


def test_what_a_library_cannot_take_is_an_error_of_the_stream() -> None:
    from syncaug import SampleError

    text = "apply: {image: {op: albumentations.Affine, rotate: [5, 5]}}"
    with pytest.raises(SampleError, match=r"albumentations\.Affine"):
        policy_of("image: image", text)({"image": np.zeros((6, 40000, 5), np.float32)}, key=1)


def test_the_users_errors_of_floating_point_are_the_users() -> None:
    policy = policy_of(
        AUDIO,
        "apply: {s: {op: audiomentations.BandPassFilter}}",
        "uses: noise, with: {snr_db: 20}",
    )
    sound = np.random.default_rng(1).normal(0, 0.1, 16000).astype(np.float32)
    sound[:4000] = 1e-38
    usual = policy({"s": sound}, key=2)["s"]
    with np.errstate(all="raise"):
        before = np.geterr()
        assert np.array_equal(policy({"s": sound}, key=2)["s"], usual)
        _, record = policy.apply({"s": sound}, key=2)
        assert np.array_equal(policy.replay({"s": sound}, record)["s"], usual)
        assert np.geterr() == before
