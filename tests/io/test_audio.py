"""Sounds: exact there and back, in the declared form, the same bytes at any time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from syncaug.errors import ManifestError
from syncaug.io.audio import write_audio
from syncaug.io.problem import FileProblem
from tests.io.material import load

GENERATOR = np.random.default_rng(1)
MONO = GENERATOR.normal(0, 0.3, 800).astype(np.float32)
STEREO = GENERATOR.normal(0, 0.3, (2, 800)).astype(np.float32)
DECLARED = {"sample_rate": 8000}


@pytest.mark.parametrize("samples", [MONO, STEREO], ids=["mono", "stereo"])
def test_samples_come_back_exactly(tmp_path: Path, samples: np.ndarray) -> None:
    assert write_audio(tmp_path, "x", samples, DECLARED) == "x.wav"
    back = load(tmp_path, "x.wav", "audio", **DECLARED)
    assert back.dtype == np.float32
    assert np.array_equal(back, samples)


def test_without_a_declared_rate_the_file_tells_it(tmp_path: Path) -> None:
    value = {"array": MONO, "sampling_rate": 22050}
    write_audio(tmp_path, "x", value, {})
    back = load(tmp_path, "x.wav", "audio")
    assert back["sampling_rate"] == 22050
    assert np.array_equal(back["array"], MONO)


def test_the_declared_rate_must_be_the_file_s(tmp_path: Path) -> None:
    write_audio(tmp_path, "x", MONO, {"sample_rate": 22050})
    with pytest.raises(
        ManifestError,
        match=r"expected a sample rate of 16000 Hz, as declared; got .*x.wav with 22050 Hz\. Res",
    ):
        load(tmp_path, "x.wav", "audio", sample_rate=16000)


def test_an_array_without_a_rate_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="Declare sample_rate"):
        write_audio(tmp_path, "x", MONO, {})


def test_the_bytes_do_not_depend_on_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_audio(tmp_path, "x", STEREO, DECLARED)
    data = (tmp_path / "x.wav").read_bytes()
    peak = data.index(b"PEAK")
    assert data[peak + 12 : peak + 16] == bytes(4)
    assert abs(time.time() - int.from_bytes(data[peak + 12 : peak + 16], "little")) > 1000
    assert np.array_equal(soundfile.read(tmp_path / "x.wav", dtype="float32")[0].T, STEREO)


@pytest.mark.parametrize(
    ("subtype", "stored", "error"),
    [("pcm16", "PCM_16", 2**-15), ("pcm24", "PCM_24", 2**-23), ("float", "DOUBLE", 0.0)],
)
def test_how_samples_are_stored(tmp_path: Path, subtype: str, stored: str, error: float) -> None:
    samples = np.clip(MONO, -0.9, 0.9).astype(np.float64)
    write_audio(tmp_path, "x", samples, DECLARED, subtype=subtype)
    assert soundfile.info(tmp_path / "x.wav").subtype == stored
    back = soundfile.read(tmp_path / "x.wav", dtype="float64")[0]
    assert np.abs(back - samples).max() <= error


@pytest.mark.parametrize("name", ["x.flac", "x.ogg", "x.wav"])
def test_other_formats_are_read(tmp_path: Path, name: str) -> None:
    soundfile.write(tmp_path / name, STEREO.T * 0.5, 8000)
    back: Any = load(tmp_path, name, "audio", **DECLARED)
    assert back.shape == STEREO.shape
    assert back.dtype == np.float32


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
@pytest.mark.parametrize("name", ["x.flac", "x.wav"])
def test_a_truncated_sound_is_refused(tmp_path: Path, name: str, share: float) -> None:
    soundfile.write(tmp_path / name, GENERATOR.normal(0, 0.1, 40_000), 8000)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ManifestError, match="expected a sound .WAV, FLAC, Ogg or MP3.; got"):
        load(tmp_path, name, "audio")


def test_a_sound_without_samples_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", np.zeros(0), 8000)
    with pytest.raises(ManifestError, match="which holds no samples"):
        load(tmp_path, "x.wav", "audio")
