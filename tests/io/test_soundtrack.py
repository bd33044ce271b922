"""Sound tracks: every sample on the container's clock, whatever the codec needs to get going."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug.errors import ManifestError
from syncaug.io.soundtrack import read_soundtrack
from tests.io.films import RATE, click, film, loudest
from tests.io.material import load
from tests.samples import DATA

FRAMES = np.arange(30) / 25


@pytest.mark.parametrize(
    ("suffix", "codec", "form", "rate"),
    [
        (".mp4", "aac", "mono", 48000),
        (".mp4", "aac", "mono", 8000),
        (".mov", "aac", "mono", 44100),
        (".mkv", "flac", "mono", 48000),
        (".mp4", "alac", "mono", 44100),
        (".mkv", "libopus", "mono", 48000),
        (".m4a", "aac", "mono", 22050),
    ],
)
def test_a_click_is_where_it_was(
    tmp_path: Path, suffix: str, codec: str, form: str, rate: int
) -> None:
    sound = click(1.1, 0.5003, rate=rate)
    frames = FRAMES if suffix != ".m4a" else ()
    path = film(tmp_path / f"it{suffix}", frames, sound=sound, audio=codec, rate=rate)
    value = read_soundtrack(path, {})
    assert value["sampling_rate"] == rate
    assert value["array"].dtype == np.float32
    assert loudest(value["array"]) == loudest(sound)
    assert value["array"].shape == (sound.shape[1],)


def test_channels_keep_their_order(tmp_path: Path) -> None:
    moments = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    sound = click(1.0, *moments, channels=6)
    sound[3] = 0.5 * np.sin(np.arange(RATE) * 2 * np.pi * 50 / RATE)  # the deep one
    path = film(tmp_path / "it.mp4", FRAMES, sound=sound, layout="5.1")
    back = read_soundtrack(path, {})["array"]
    assert back.shape == sound.shape
    others = [0, 1, 2, 4, 5]
    assert loudest(back[others]) == loudest(sound[others])
    assert np.corrcoef(back[3], sound[3])[0, 1] > 0.99


@pytest.mark.parametrize(("suffix", "codec"), [(".mp4", "aac"), (".mkv", "flac")])
def test_a_track_that_starts_late_begins_with_silence(
    tmp_path: Path, suffix: str, codec: str
) -> None:
    sound = click(1.0, 0.5)
    path = film(tmp_path / f"it{suffix}", FRAMES, sound=sound, sound_start=0.25, audio=codec)
    back = read_soundtrack(path, {})["array"]
    assert loudest(back) == [round(0.75 * RATE)]
    assert len(back) == round(1.25 * RATE)
    assert not back[: round(0.2 * RATE)].any()


def test_sound_and_picture_of_a_stream_share_a_clock(tmp_path: Path) -> None:
    from syncaug.io.video import open_clip

    path = film(tmp_path / "it.ts", FRAMES, sound=click(1.0, 0.5))
    offset = open_clip(path).times[0]
    (place,) = loudest(read_soundtrack(path, {})["array"])
    assert place / RATE - offset == pytest.approx(0.5, abs=1.5 / RATE + 1e-4)


def test_a_declared_rate_gives_the_array_alone(tmp_path: Path) -> None:
    film(tmp_path / "it.mp4", FRAMES, sound=click(1.0, 0.5))
    assert load(tmp_path, "it.mp4", "audio", sample_rate=48000).shape == (48000,)
    with pytest.raises(ManifestError, match="expected a sample rate of 16000 Hz, as declared"):
        load(tmp_path, "it.mp4", "audio", sample_rate=16000)


@pytest.mark.parametrize(
    ("name", "track", "rate", "shape"),
    [
        ("webb/webb.mp4", 0, 8000, (2, 104448)),
        ("webb/webb.mp4", 1, 16000, (2, 208896)),
        ("bunny/bunny.mp4", 0, 48000, (6, 254976)),
    ],
)
def test_real_ones(name: str, track: int, rate: int, shape: Any) -> None:
    value = read_soundtrack(DATA / name, {}, track=track)
    assert (value["sampling_rate"], value["array"].shape) == (rate, shape)
    assert 0.05 < np.abs(value["array"]).max() < 1.0


def test_both_narrations_of_webb_say_the_same_at_the_same_time() -> None:
    narrow = read_soundtrack(DATA / "webb" / "webb.mp4", {}, track=0)["array"][0, :80000]
    wide = read_soundtrack(DATA / "webb" / "webb.mp4", {}, track=1)["array"][0, :160000]
    halved = wide.reshape(-1, 2).mean(axis=1)  # each pair lies half a sample later
    spectrum = np.fft.rfft(narrow) * np.conj(np.fft.rfft(halved))
    lag = int(np.argmax(np.fft.irfft(spectrum)))
    assert min(lag, 80000 - lag) <= 40, lag  # 5 ms: the encoders' own
