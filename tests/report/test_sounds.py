"""Sounds for the page: a WAV that can be played, an outline, a spectrum."""

from __future__ import annotations

import wave
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from syncaug.report.sounds import show_sound, spectrum_levels

RATE = 8000


def tone(hertz: float, seconds: float = 0.5) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE)).astype(
        np.float32
    )


def test_the_wav_holds_the_samples() -> None:
    stereo = np.stack([tone(300), -2.5 * tone(300)])
    shown = show_sound(stereo, RATE, peak=1.0, loudest=0.0)
    with wave.open(BytesIO(b64decode(shown.uri.partition(",")[2]))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2).T
    assert np.abs(samples / 32767 - np.clip(stereo, -1.0, 1.0)).max() < 1e-4
    assert shown.seconds == pytest.approx(0.5)
    assert "8 kHz, stereo" in shown.about


def test_the_outline_fills_its_box_at_the_peak() -> None:
    shown = show_sound(tone(300), RATE, peak=0.5, loudest=0.0)
    heights = [float(pair.split(",")[1]) for pair in shown.outline.strip("MZ").split("L")]
    assert min(heights) == pytest.approx(1.0, abs=0.3)
    assert max(heights) == pytest.approx(39.0, abs=0.3)


def test_a_tone_stands_at_its_frequency() -> None:
    levels = spectrum_levels(tone(1000))
    assert levels.argmax(axis=0).min() == levels.argmax(axis=0).max() == 1000 * 512 // RATE // 2


@pytest.mark.parametrize("count", [1, 7, 100])
def test_the_shortest_and_the_most_silent_sounds_are_shown(count: int) -> None:
    shown = show_sound(np.zeros(count, np.float32), RATE, peak=0.0, loudest=-120.0)
    assert shown.outline.endswith("Z")
    assert shown.spectrum.startswith("data:image/jpeg")


def test_silence_is_dark() -> None:
    silence = np.zeros(RATE, np.float32)
    loudest = float(spectrum_levels(silence).max())
    shown = show_sound(silence, RATE, peak=0.0, loudest=loudest)
    picture = decoded(shown.spectrum)
    assert picture.mean() < 40
    heard = show_sound(tone(1000), RATE, peak=0.5, loudest=float(spectrum_levels(tone(1000)).max()))
    assert decoded(heard.spectrum).max() > 200


def decoded(uri: str) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(b64decode(uri.partition(",")[2]))))
