"""Fields of noise: their numbers, their spectra, and that no length is slow."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from syncaug.kernels.fast_length import fast_length
from syncaug.kernels.noise_level import mean_square
from syncaug.kernels.normals import standard_normals
from syncaug.kernels.phase import phase_rotated
from syncaug.kernels.sound_noise import noisy_sound


def generator(key: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=key))


def test_normals_are_distributed_as_normals() -> None:
    numbers = np.sort(standard_normals(generator(), 1_000_000).astype(np.float64))
    wanted = np.array([0.5 * (1.0 + math.erf(x / math.sqrt(2.0))) for x in numbers[::1000]])
    assert np.abs(wanted - np.arange(0, 1, 1e-3)).max() < 2e-3  # Kolmogorov and Smirnov
    assert abs(numbers.mean()) < 4e-3
    assert abs(numbers.var() - 1.0) < 6e-3
    assert 4.4 < np.abs(numbers).max() < 6.8


def test_normals_are_independent() -> None:
    numbers = standard_normals(generator(2), (3, 1 << 17))
    flat = numbers.reshape(-1)
    for shift in (1, 2, 1 << 15, 1 << 16):
        assert abs(np.mean(flat[shift:] * flat[:-shift])) < 0.01
        assert abs(np.mean(np.square(flat[shift:]) * np.square(flat[:-shift])) - 1.0) < 0.03


def test_normals_are_those_of_the_formula() -> None:
    """Box and Muller, one pair at a time, in Python's own floats."""
    bits = generator(3).bit_generator.random_raw(4).view(np.uint32).tolist()
    wanted = []
    for turn in (math.cos, math.sin):
        for radius, angle in zip(bits[:4], bits[4:], strict=True):
            share = (radius + 1) / 2**32
            signed = angle - 2**32 if angle >= 2**31 else angle
            wanted.append(math.sqrt(-2.0 * math.log(share)) * turn(math.pi * signed / 2**31))
    assert standard_normals(generator(3), 8).tolist() == pytest.approx(wanted, abs=1e-5)
    assert standard_normals(generator(3), 7).tolist() == pytest.approx(wanted[:7], abs=1e-5)
    assert standard_normals(generator(3), (2, 0)).shape == (2, 0)


def test_the_smallest_and_the_largest_bits_are_numbers() -> None:
    class Bits:
        def random_raw(self, count: int) -> np.ndarray:
            return np.array([0, 2**64 - 1, 2**63, 1][:count], dtype=np.uint64)

    class Generator:
        bit_generator = Bits()

    numbers = standard_normals(Generator(), 8)  # type: ignore[arg-type]
    assert np.isfinite(numbers).all()


def test_a_fast_length_is_the_next_without_a_large_prime_factor() -> None:
    smooth = {
        2**a * 3**b * 5**c * 7**d
        for a in range(13)
        for b in range(8)
        for c in range(6)
        for d in range(5)
    }
    for length in range(1, 1500):
        assert fast_length(length) == min(n for n in range(length, 4097) if n in smooth)
    assert fast_length(160_000) == 160_000


def seconds(work: object) -> float:
    best = math.inf
    for _ in range(5):
        start = time.thread_time()
        work()  # type: ignore[operator]
        best = min(best, time.thread_time() - start)
    return best


@pytest.mark.parametrize("kind", ["white", "pink", "brown", "babble", "phase"])
def test_no_length_is_slow(kind: str) -> None:
    def work(length: int) -> object:
        sound = np.ones(length, np.float32)
        if kind == "phase":
            return lambda: phase_rotated(sound, 30.0)
        return lambda: noisy_sound(sound, kind, 10.0, 16_000.0, generator())

    assert seconds(work(160_001)) < 4.0 * seconds(work(160_000))


@pytest.mark.parametrize("length", [16_000, 16_001, 20_011])
@pytest.mark.parametrize(("kind", "slope"), [("white", 0.0), ("pink", -10.0), ("brown", -20.0)])
def test_coloured_noise_falls_by_decibels_for_each_tenfold_frequency(
    kind: str, slope: float, length: int
) -> None:
    quiet = np.full((4, length), 1e-6, np.float32)
    field = noisy_sound(quiet, kind, -100.0, 16_000.0, generator(4)) - quiet
    field *= np.hanning(length)
    power = np.mean(np.abs(np.fft.rfft(field.astype(np.float64), axis=-1)) ** 2, axis=0)
    low, high = 100, 1000
    near = [power[at - at // 10 : at + at // 10].mean() for at in (low, high)]
    assert 10 * math.log10(near[1] / near[0]) == pytest.approx(slope, abs=2.0)


def test_channels_of_babble_hear_the_same_voices_at_other_places() -> None:
    quiet = np.full((3, 160_000), 1e-6, np.float32)
    field = noisy_sound(quiet, "babble", -100.0, 16_000.0, generator(5)) - quiet
    together = np.corrcoef(field)
    apart = together[np.triu_indices(3, 1)]
    assert (apart > 0.5).all()
    assert (apart < 0.99).all()


def test_more_channels_than_voices_babble_too() -> None:
    quiet = np.full((20, 4000), 1e-3, np.float32)
    field = noisy_sound(quiet, "babble", -20.0, 16_000.0, generator(6)) - quiet
    assert np.isfinite(field).all()
    assert (field.std(axis=1) > 0.0).all()


@pytest.mark.parametrize("length", [16_000, 16_001, 15_991])
def test_a_tone_is_turned_whatever_the_length(length: int) -> None:
    moments = np.arange(length) / 16_000
    tone = np.cos(2 * np.pi * 440.0 * moments).astype(np.float32)
    inside = slice(800, -800)
    for degrees in (90.0, 180.0, -30.0):
        wanted = np.cos(2 * np.pi * 440.0 * moments + math.radians(degrees))
        out = phase_rotated(np.stack([tone, -tone]), degrees)
        assert np.abs(out[0] - wanted)[inside].max() < 0.02
        assert np.array_equal(out[0], -out[1])


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("count", [0, 1, 4095, 4096, 10_001])
def test_a_mean_square_is_that_of_exact_sums(count: int, kind: str) -> None:
    numbers = generator(7).random(count).astype(kind)
    wanted = math.fsum(x * x for x in numbers.tolist()) / max(1, count)
    assert mean_square(numbers) == pytest.approx(wanted, rel=1e-6)
    assert mean_square(np.tile(numbers, (3, 1)).T) == pytest.approx(wanted, rel=1e-6)
