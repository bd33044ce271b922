"""`policy.batch`: many samples in one call, to the byte what they are one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from syncaug import DROPPED, SampleError, load_policy

POLICY = """
syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-15, 15]}, p: 0.8}
  - {name: mirror, uses: flip, p: 0.5}
  - {name: grain, uses: noise, with: {snr_db: [20, 30]}}
on_fail: {retry: 2, then: drop}
"""
MIXED = """
syncaug: 1
sample: {image: image, label: {modality: label, classes: 3}}
steps:
  - {name: mix, uses: mixup, with: {share: [0.2, 0.4]}}
"""


def sample(number: int) -> dict[str, Any]:
    generator = np.random.default_rng(number)
    return {
        "image": generator.integers(0, 256, (24, 32, 3), dtype=np.uint8),
        "caption": f"a dog to the left of {number} trees",
    }


def same(one: Any, other: Any) -> bool:
    if not isinstance(one, Mapping):
        return one is other
    return one.keys() == other.keys() and all(
        np.array_equal(one[name], other[name]) for name in one
    )


def test_a_batch_is_its_samples_one_by_one() -> None:
    policy = load_policy(POLICY, seed=3)
    samples = [sample(number) for number in range(12)]
    keys = [f"key-{number}" for number in range(12)]
    batch = policy.batch(iter(samples), iter(keys), epoch=4)
    single = [policy(s, key=key, epoch=4) for s, key in zip(samples, keys, strict=True)]
    assert all(map(same, batch, single))
    assert len({one["image"].tobytes() for one in batch if one is not DROPPED}) > 6


def test_partners_run_beside_the_samples() -> None:
    policy = load_policy(MIXED, seed=3)
    samples = [{"image": sample(n)["image"], "label": n} for n in range(3)]
    partners = [samples[1], lambda: samples[2], samples[0]]
    batch = policy.batch(samples, range(3), partners=partners)
    single = [policy(s, key=n, partner=partners[n]) for n, s in enumerate(samples)]
    assert all(map(same, batch, single))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"keys": ["a"]}, "argument 'keys': expected 2 of them, one for each sample; got 1"),
        ({"keys": 7}, "argument 'keys': expected 2 of them, one for each sample; got 7"),
        ({"keys": "ab"}, "argument 'keys': expected 2 of them, one for each sample; got 'ab'"),
        (
            {"keys": ["a", "b"], "partners": [None]},
            "argument 'partners': expected 2 of them, one for each sample; got 1",
        ),
    ],
)
def test_columns_are_as_long_as_the_samples(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(SampleError) as caught:
        load_policy(POLICY).batch([sample(1), sample(2)], **columns)
    assert str(caught.value).startswith(said)


def test_an_error_names_its_sample() -> None:
    with pytest.raises(SampleError, match="sample 'second', stream 'image'"):
        load_policy(POLICY).batch([sample(1), {**sample(2), "image": 3}], ["first", "second"])


def test_nothing_gives_nothing() -> None:
    assert load_policy(POLICY).batch([], []) == []


def test_one_sample_is_no_list_of_samples() -> None:
    one: Any = {"image": np.zeros((4, 4, 3), np.uint8)}
    policy = load_policy("syncaug: 1\nsample: {image: image}\nsteps: [{name: mirror, uses: flip}]")
    with pytest.raises(SampleError, match="expected a list of samples; got one mapping"):
        policy.batch(one, ["a"])
