"""The joint latent space: what is mixed there is the mix of the scenes, and its ends are exact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from syncaug.latent.protocol import LatentError
from syncaug.training.latent import (
    Bank,
    Decoder,
    LatentSpace,
    lerp,
    mixed_rows,
    principal_noise,
    slerp,
)

RANDOM = np.random.default_rng(7)
SCENES = RANDOM.normal(size=(200, 4))
SEEN, HEARD = RANDOM.normal(size=(4, 12)), RANDOM.normal(size=(4, 9))


def films(scenes: Any) -> Any:
    """What a linear camera sees of scenes of four numbers."""
    return scenes @ SEEN + 3.0


def voices(scenes: Any) -> Any:
    """What a linear microphone hears of them."""
    return scenes @ HEARD - 1.0


@pytest.fixture(scope="module")
def space() -> LatentSpace:
    return LatentSpace.fit({"film": films(SCENES), "voice": voices(SCENES)}, dimensions=4)


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 1.0])
def test_a_mix_of_latents_is_the_latent_of_mixed_scenes(space: LatentSpace, weight: float) -> None:
    """The square: encode, mix, decode equals what is seen and heard of the mixed scenes."""
    one, other = RANDOM.normal(size=(2, 50, 4))
    mixed = one + (other - one) * weight
    for sense, name in ((films, "film"), (voices, "voice")):
        latent = lerp(space.encode(name, sense(one)), space.encode(name, sense(other)), weight)
        assert np.allclose(space.decode(name, latent), sense(mixed), atol=1e-6)


def test_both_senses_of_a_scene_lie_together_and_lead_to_each_other(space: LatentSpace) -> None:
    scenes = RANDOM.normal(size=(60, 4))
    seen, heard = space.encode("film", films(scenes)), space.encode("voice", voices(scenes))
    assert np.allclose(seen, heard, atol=1e-5)
    assert np.allclose(space.decode("voice", seen), voices(scenes), atol=1e-4)
    bank = Bank(heard, list(range(60)))
    assert bank.nearest(seen) == list(range(60))


@pytest.mark.parametrize("way", [lerp, slerp])
def test_the_ends_are_exact(way: Any) -> None:
    one, other = RANDOM.normal(size=(20, 6)) * 1e-6, RANDOM.normal(size=(20, 6)) * 1e6
    assert np.array_equal(way(one, other, 0.0), one)
    assert np.array_equal(way(one, other, 1.0), other)
    assert np.allclose(way(one, one, 0.37), one, rtol=1e-12)


def test_a_way_along_the_sphere_has_even_angles_and_lengths() -> None:
    one, other = np.array([2.0, 0.0, 0.0]), np.array([0.0, 0.0, 4.0])
    for weight in (0.25, 0.5, 0.75):
        found = slerp(one, other, weight)
        assert np.linalg.norm(found) == pytest.approx(2.0 + 2.0 * weight)
        assert np.arctan2(found[2], found[0]) == pytest.approx(weight * np.pi / 2)
    rows = slerp(np.stack([one, one]), np.stack([other, one]), [0.5, 0.5])
    assert np.allclose(rows[1], one)
    assert np.allclose(slerp(one, 0.0 * one, 0.5), one / 2)


def test_rows_are_mixed_with_their_partners_and_labels_alike() -> None:
    features, labels = RANDOM.normal(size=(6, 3)), np.eye(6)
    partners, weights = np.array([1, 2, 3, 4, 5, 0]), np.linspace(0, 1, 6)
    mixed = mixed_rows(features, weights, partners)
    assert np.allclose(mixed, mixed_rows(labels, weights, partners) @ features)
    assert np.array_equal(mixed[0], features[0])
    assert np.array_equal(mixed[5], features[0])


def test_noise_varies_as_the_data_do() -> None:
    known = RANDOM.normal(size=(4000, 2)) @ np.array([[3.0, 1.0, 0.0], [0.0, 0.5, 0.0]])
    noisy = principal_noise(np.zeros((40000, 3)), known, 0.5, np.random.default_rng(1))
    assert np.allclose(np.cov(noisy.T), 0.25 * np.cov(known.T), atol=0.05)
    assert np.abs(noisy[:, 2]).max() < 1e-9


def test_a_saved_space_is_the_same_and_knows_what_it_was_fitted_on(
    space: LatentSpace, tmp_path: Path
) -> None:
    space.save(tmp_path / "space.npz")
    again = LatentSpace.load(tmp_path / "space.npz", fingerprint=space.fingerprint)
    given = films(SCENES[:5])
    assert np.array_equal(again.encode("film", given), space.encode("film", given))
    features = {"film": films(SCENES), "voice": voices(SCENES)}
    assert LatentSpace.fit(features, dimensions=4).fingerprint == space.fingerprint
    for other in ({"dimensions": 3}, {"dimensions": 4, "method": "pls"}):
        assert LatentSpace.fit(features, **other).fingerprint != space.fingerprint
    named = LatentSpace.fit(features, dimensions=4, policy="0123456789abcdef")
    assert named.fingerprint != space.fingerprint
    with pytest.raises(LatentError, match="other features or under another policy"):
        LatentSpace.load(tmp_path / "space.npz", fingerprint=named.fingerprint)
    (tmp_path / "space.npz").write_bytes(b"no space")
    with pytest.raises(LatentError, match="expected a saved latent space"):
        LatentSpace.load(tmp_path / "space.npz")
    assert isinstance(space, Decoder)


@pytest.mark.parametrize("method", ["cca", "pls"])
def test_three_streams_and_more_columns_than_a_space_needs(method: str) -> None:
    features = {"film": films(SCENES), "voice": voices(SCENES), "scene": SCENES}
    space = LatentSpace.fit(features, dimensions=2, method=method)
    assert space.streams == ("film", "voice", "scene")
    latents = [space.encode(name, table) for name, table in features.items()]
    for other in latents[1:]:
        kept = [np.corrcoef(latents[0][:, d], other[:, d])[0, 1] for d in range(2)]
        assert min(np.abs(kept)) > 0.5


@pytest.mark.parametrize(
    ("features", "dimensions", "told"),
    [
        ({"film": np.ones((9, 3))}, 2, "two streams or more"),
        ({"film": np.ones((9, 3)), "voice": np.ones((8, 3))}, 2, "as many rows"),
        ({"film": np.ones((9, 3)), "voice": np.full((9, 3), np.nan)}, 2, "not finite"),
        ({"film": np.ones(9), "voice": np.ones((9, 3))}, 2, r"\(N, F\)"),
        ({"film": np.ones((9, 3)), "voice": np.ones((9, 4))}, 4, "from 1 to 3"),
        ({"film": np.ones((2, 3)), "voice": np.ones((2, 3))}, 1, "at least 3 rows"),
        ({"film": SCENES, "voice": 7.0 * np.ones((200, 4))}, 2, "'voice': .* vary in .*; got 0"),
        ({"film": SCENES, "voice": np.hstack([SCENES, SCENES])[:, 3:5]}, 2.5, "from 1 to 2"),
        ({"film": SCENES, "voice": np.hstack([SCENES[:, :1]] * 3)}, 2, "'voice': .*; got 1 dir"),
    ],
)
def test_features_that_do_not_fit_are_told(features: Any, dimensions: int, told: str) -> None:
    with pytest.raises(LatentError, match=told):
        LatentSpace.fit(features, dimensions=dimensions)


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (lambda s: s.encode("radar", [[1.0]]), LatentError, "film, voice"),
        (lambda s: s.encode("film", [[1.0]]), LatentError, "rows of 12 numbers"),
        (lambda s: s.decode("film", [[np.inf] * 4]), LatentError, "not finite"),
        (lambda s: lerp([1.0, 2.0], [1.0], 0.5), ValueError, "one shape"),
        (lambda s: lerp([1.0], [2.0], 1.5), ValueError, "from 0 to 1"),
        (lambda s: lerp([1.0], [np.nan], 0.5), ValueError, "finite"),
        (lambda s: slerp([1.0, 0.0], [-1.0, 0.0], 0.5), ValueError, "opposite"),
        (lambda s: mixed_rows(np.eye(3), 0.5, [0, 1, 5]), ValueError, "from 0 to 2"),
        (lambda s: mixed_rows(np.eye(3), 0.5, [0, 1]), ValueError, "3 whole numbers"),
        (lambda s: Bank([[0.0, 0.0]], ["a"]), ValueError, "not zero"),
        (lambda s: Bank([[1.0, 0.0]], []), ValueError, "a key for each row"),
        (lambda s: Bank([[1.0, 0.0]], ["a"]).nearest([[1.0]]), ValueError, "2 numbers"),
    ],
)
def test_what_does_not_fit_a_space_is_told(
    space: LatentSpace, make: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        make(space)


def test_tensors_of_any_floats_are_vectors_and_gradients_are_not_lost() -> None:
    rows = torch.tensor(np.random.default_rng(0).normal(size=(20, 3)))
    short = rows.bfloat16()
    assert np.array_equal(lerp(short, short.flip(0), 1.0), short.flip(0).double().numpy())
    assert Bank(short, list(range(20))).nearest(short[:2].clone().requires_grad_()) == [0, 1]
    space = LatentSpace.fit({"a": short, "b": rows.requires_grad_()}, dimensions=2)
    for call in (lambda: lerp(rows, rows, 0.5), lambda: mixed_rows(rows, 0.5, [0] * 20)):
        with pytest.raises(ValueError, match="requires a gradient, which would be lost here"):
            call()
    with pytest.raises(LatentError, match="requires a gradient"):
        space.encode("a", rows)


def test_noise_asks_for_finite_vectors_a_strength_and_a_generator() -> None:
    like, generator = np.random.default_rng(0).normal(size=(10, 3)), np.random.default_rng(0)
    bad: Any = torch.Generator()
    for strength in (-0.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="strength: expected a finite number from 0 on"):
            principal_noise(like, like, strength, generator)
    with pytest.raises(ValueError, match=r"generator: expected one of numpy\.random\.default_rng"):
        principal_noise(like, like, 0.1, bad)
    with pytest.raises(ValueError, match="vectors: expected finite numbers; got nan"):
        principal_noise(like * np.nan, like, 0.1, generator)


def test_places_of_partners_and_dimensions_are_whole_numbers() -> None:
    rows = np.random.default_rng(0).normal(size=(10, 3))
    with pytest.raises(ValueError, match="expected 10 whole numbers, the place of each row's"):
        mixed_rows(rows, 0.5, np.zeros(10))
    with pytest.raises(ValueError, match=r"vectors: expected rows \(N, D\)"):
        mixed_rows(rows[0], 0.5, [0, 0, 0])
    given: Any = [rows, rows]
    with pytest.raises(LatentError, match="by the name of each stream; got list"):
        LatentSpace.fit(given, dimensions=2)
    with pytest.raises(LatentError, match="dimensions: expected from 1 to 3"):
        LatentSpace.fit({"a": rows, "b": rows}, dimensions=True)
    half: Any = 2.5
    with pytest.raises(LatentError, match="components: expected an integer"):
        LatentSpace.fit({"a": rows, "b": rows}, dimensions=2, components=half)
