"""One profile of noise: on real pictures and real speech the measured levels are what was asked."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.io.audio import read_audio
from syncaug.io.pictures import read_image
from syncaug.kernels.noise_level import scale_for, snr_between
from syncaug.kernels.picture_noise import noisy_picture
from syncaug.kernels.sound_noise import _SPEECH, noisy_sound
from tests.samples import DATA

PICTURES = ["pets/cats.jpg", "pets/dog_and_cat.jpg", "living_room/color/00000.jpg"]
SOUNDS = ["jfk/jfk.wav", "ljspeech/LJ002-0020.wav"]
GRAIN = ["gaussian", "speckle", "salt_and_pepper"]
HISS = ["white", "pink", "brown", "babble"]
LEVELS = [5.0, 10.0, 20.0, 30.0, 40.0]


@cache
def picture(name: str) -> Any:
    return read_image(DATA / name, {})


@cache
def sound(name: str) -> Any:
    return read_audio(DATA / name, {})


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=seed))


def noisy(sample: dict[str, Any], step: str) -> tuple[dict[str, Any], Any]:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, sound: audio}\n"
        f"steps:\n  - {{name: sensors, uses: noise, with: {{{step}}}}}\n"
    )
    return policy.apply(sample, key="real")  # type: ignore[no-any-return]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("grain", GRAIN)
def test_picture_and_sound_measure_what_one_level_asks(grain: str, level: float) -> None:
    for index, name in enumerate(PICTURES):
        hiss = HISS[(index + GRAIN.index(grain)) % len(HISS)]
        voice = sound(SOUNDS[index % 2])
        sample = {"image": picture(name), "sound": voice}
        out, _ = noisy(sample, f"snr_db: {level}, image: {grain}, sound: {hiss}")
        seen = snr_between(sample["image"], out["image"])
        heard = snr_between(voice["array"], out["sound"]["array"])
        assert out["image"].dtype == np.uint8
        assert abs(seen - level) < 0.1, (name, grain)
        assert abs(heard - level) < 0.01, hiss
        assert abs(seen - heard) < 0.1


@pytest.mark.parametrize("kind", HISS)
@pytest.mark.parametrize("level", LEVELS)
def test_every_colour_of_noise_is_exact_in_mono_and_stereo(kind: str, level: float) -> None:
    mono = sound(SOUNDS[0])["array"][:20000]
    for clean in (mono, np.stack([mono, 0.2 * mono[::-1]])):
        out = noisy_sound(clean, kind, level, 16000.0, generator())
        assert out.dtype == np.float32
        assert out.shape == clean.shape
        assert abs(snr_between(clean, out) - level) < 1e-3


@pytest.mark.parametrize("kind", GRAIN)
@pytest.mark.parametrize("level", [5.0, 15.0, 25.0, 40.0])
def test_floats_and_dark_pictures_have_the_level_too(kind: str, level: float) -> None:
    shades = np.random.default_rng(0).random((90, 120, 3)).astype(np.float32)
    for clean in (shades, shades * np.float32(0.05), 0.9 + shades * np.float32(0.1)):
        out = noisy_picture(clean, kind, level, generator())
        assert out.dtype == np.float32
        assert 0.0 <= out.min() <= out.max() <= 1.0
        if kind != "salt_and_pepper" or clean.mean() > 0.1 or level < 20.0:
            assert abs(snr_between(clean, out) - level) < 0.1, clean.mean()


def test_a_level_that_black_and_white_cannot_hold_is_told_in_the_record() -> None:
    sample = {"image": picture(PICTURES[2]), "sound": sound(SOUNDS[1])}
    out, record = noisy(sample, "snr_db: 0, image: gaussian, sound: white")
    told = record.as_json()["notes"]["image"]["snr_db"]
    assert told == pytest.approx(snr_between(sample["image"], out["image"]), abs=1e-3)
    assert 0.5 < told < 3.5, "half of the levels err by all they can"
    heard = snr_between(sample["sound"]["array"], out["sound"]["array"])
    assert abs(heard) < 1e-3
    _, record = noisy(sample, "snr_db: 20, image: gaussian, sound: white")
    assert "image" not in record.as_json()["notes"]


def test_nothing_is_added_to_black_and_to_silence() -> None:
    black, silence = np.zeros((8, 8, 3), np.uint8), np.zeros(100, np.float32)
    assert not noisy_picture(black, "gaussian", 5.0, generator()).any()
    assert not noisy_sound(silence, "babble", 5.0, 16000.0, generator()).any()


def test_babble_sounds_like_speech_in_its_spectrum_and_in_its_rhythm() -> None:
    rate, seconds = 16000, 20
    clean = np.full(rate * seconds, 1e-3, np.float32)
    babble = noisy_sound(clean, "babble", -60.0, rate, generator(3)) - clean
    frequency = np.fft.rfftfreq(babble.size, 1 / rate)
    spectrum = np.fft.rfft(babble)
    power = np.abs(spectrum) ** 2
    apart = []
    for centre, level in _SPEECH:
        if centre * 2 ** (1 / 6) < rate / 2:
            band = (frequency >= centre * 2 ** (-1 / 6)) & (frequency < centre * 2 ** (1 / 6))
            apart.append(10 * np.log10(power[band].sum()) - level)
    assert np.ptp(apart) < 4.0, "each third octave has its share, within the noise of its band"
    assert np.std(apart) < 1.0

    def rhythm(wave: np.ndarray) -> np.ndarray:
        loudness = np.abs(wave).reshape(-1, rate // 100).mean(axis=1)
        return np.abs(np.fft.rfft(loudness / loudness.mean() - 1.0)) ** 2

    beat = np.fft.rfftfreq(babble.size // (rate // 100), 0.01)
    syllables, fast = (beat >= 3) & (beat <= 8), (beat > 16) & (beat < 32)
    spoken = rhythm(np.fft.irfft(np.where(frequency > 250, spectrum, 0.0)))
    hiss = rhythm(generator(4).standard_normal(babble.size))
    assert spoken[syllables].mean() > 3.0 * spoken[fast].mean()
    assert spoken[syllables].mean() > 30.0 * hiss[syllables].mean()


def test_the_scale_is_found_under_any_growing_measure() -> None:
    assert scale_for(lambda s: s * s, 0.25, 1.0) == pytest.approx(0.5, rel=1e-2)
    clipped = scale_for(lambda s: min(s * s, 4.0) * 0.5, 1.0, 1.0)
    assert clipped == pytest.approx(2**0.5, rel=1e-2)
    stepped = scale_for(lambda s: float(s > 3.0) + 1e-3 * s, 0.5, 1.0)
    assert stepped == pytest.approx(3.0, rel=1e-3)
    assert scale_for(lambda s: min(s * s, 1.0), 2.0, 1.0) >= 1.0
    assert scale_for(lambda s: 0.0, 1.0, 1.0) >= 1.0


def test_typos_follow_the_same_level() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, caption: text}\nsteps:\n"
        "  - {name: a, uses: noise, with: {severity: {from: severity}, "
        "image: gaussian, caption: typos}}\n"
    )
    words = "four score and seven years ago our fathers brought forth upon this continent " * 8
    sample = {"image": picture(PICTURES[2]), "caption": words}
    spoilt, levels = [], []
    for severity in (0.0, 0.25, 0.5, 1.0):
        out = policy.with_severity(severity)(sample, key=0)
        pairs = zip(words.split(), out["caption"].split(), strict=True)
        spoilt.append(sum(old != new for old, new in pairs) / len(words.split()))
        levels.append(snr_between(sample["image"], out["image"]))
    assert np.allclose(spoilt, [0.0, 0.125, 0.25, 0.5], atol=0.1)
    assert levels[0] == np.inf
    assert np.allclose(levels[1:], [38.75, 27.5, 5.0], atol=0.1)
