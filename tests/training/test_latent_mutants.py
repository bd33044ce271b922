"""Planted errors in the ways of vectors: each must break what the steps promise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import syncaug.engine.latents as latents
from syncaug import load_policy
from syncaug.kernels.between import lerp

RANDOM = np.random.default_rng(5)
SAMPLE = "syncaug: 1\nsample: {a: embedding, b: embedding, kind: {modality: label, classes: 2}}\n"


def holds(step: str) -> bool:
    """Whether two streams that tell the same of a scene still do, and the label goes with them."""
    policy = load_policy(f"{SAMPLE}steps: [{{name: step, {step}}}]")
    for key in range(8):
        one, two = RANDOM.normal(size=(2, 6))
        own = {"a": one, "b": -one, "kind": 0}
        out, _ = policy.apply(own, key=key, partner={"a": two, "b": -two, "kind": 1})
        if not np.allclose(out["a"], -out["b"]) and "noise" not in step:
            return False
        if "noise" in step:
            moved = out["a"] - one
            if not np.allclose(moved, out["b"] + one):
                return False
        elif "feature" in step:
            share = np.mean([x == y for x, y in zip(out["a"], two, strict=True)])
            if not np.allclose(out["kind"], [1.0 - share, share]):
                return False
        elif not np.allclose(out["a"], one + out["kind"][1] * (two - one), atol=1e-6):
            return False
    return True


MIX = "uses: latent_mix, with: {share: [0.2, 0.8]}"
SWAP = "uses: feature_mix, with: {share: [0.2, 0.8]}"
NOISE = "uses: latent_noise, with: {strength: [0.2, 0.8]}"


def _other_way(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(latents._WAYS, "lerp", lambda a, b, weight: lerp(b, a, weight))


def _weight_left_behind(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(latents, "replace", lambda mix, **changes: mix)


def _noise_of_each(patch: pytest.MonkeyPatch) -> None:
    own = np.random.default_rng(1)
    patch.setattr(latents, "_normals", lambda shape, count: own.normal(size=count))


def _dimensions_of_each(patch: pytest.MonkeyPatch) -> None:
    own = np.random.default_rng(1)
    patch.setattr(latents, "numbers", lambda shape, count: own.random(count))


@pytest.mark.parametrize("step", [MIX, SWAP, NOISE])
def test_what_the_steps_promise_holds(step: str) -> None:
    assert holds(step)


@pytest.mark.parametrize(
    ("step", "plant"),
    [
        (MIX, _other_way),
        (SWAP, _weight_left_behind),
        (NOISE, _noise_of_each),
        (SWAP, _dimensions_of_each),
    ],
)
def test_a_planted_error_is_seen(
    monkeypatch: pytest.MonkeyPatch, step: str, plant: Callable[[Any], None]
) -> None:
    plant(monkeypatch)
    assert not holds(step)
