"""MP3: every sample that an independent decoder gives, whatever the header says."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from syncaug.errors import ManifestError
from syncaug.io.audio import read_audio
from tests.io.material import load


def mp3(path: Path, rate: int, channels: int, *, header: bool, quality: int = 0) -> Path:
    """5.19 s of a chirp; at a varying bit rate with a quality."""
    time = np.arange(round(5.19 * rate)) / rate
    sound = np.stack([0.3 * np.sin(300 * time * time) * np.sin(time)] * channels)
    with av.open(str(path), "w", options={"write_xing": str(int(header))}) as container:
        stream = container.add_stream("libmp3lame", rate=rate)
        stream.codec_context.layout = "mono" if channels == 1 else "stereo"
        stream.codec_context.format = "fltp"
        if quality:
            stream.codec_context.flags |= av.codec.context.Flags.qscale
            stream.codec_context.global_quality = quality * 118
        else:
            stream.bit_rate = 32_000 * channels
        layout = "mono" if channels == 1 else "stereo"
        frame = av.AudioFrame.from_ndarray(sound.astype(np.float32), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return path


def decoded(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as container:
        return np.concatenate([one.to_ndarray() for one in container.decode(audio=0)], axis=1)


def ours(path: Path) -> NDArray[np.float32]:
    return np.atleast_2d(read_audio(path, {})["array"])


def said_at(data: bytes) -> int:
    """Where the header counts its frames."""
    return max(data.find(b"Xing"), data.find(b"Info")) + 8


@pytest.mark.parametrize("header", [True, False], ids=["header", "none"])
@pytest.mark.parametrize("quality", [0, 4], ids=["constant", "varying"])
@pytest.mark.parametrize(("rate", "channels"), [(44100, 2), (22050, 1), (16000, 2), (8000, 1)])
def test_every_sample(tmp_path: Path, rate: int, channels: int, quality: int, header: bool) -> None:
    path = mp3(tmp_path / "x.mp3", rate, channels, header=header, quality=quality)
    expected, found = decoded(path), ours(path)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 1e-5


@pytest.mark.parametrize("factor", [0.5, 0.98, 1.01, 3.0])
def test_a_header_that_counts_wrongly(tmp_path: Path, factor: float) -> None:
    path = mp3(tmp_path / "x.mp3", 22050, 1, header=True, quality=4)
    expected = decoded(path)
    data = bytearray(path.read_bytes())
    (count,) = struct.unpack_from(">I", data, said_at(data))
    struct.pack_into(">I", data, said_at(data), round(count * factor) + (factor > 1))
    path.write_bytes(data)
    assert ours(path).shape == expected.shape
    assert np.abs(ours(path) - expected).max() < 1e-5


@pytest.mark.parametrize("wrapped", [b"TAG" + bytes(125), b""])
def test_tags_around_a_file_without_a_header(tmp_path: Path, wrapped: bytes) -> None:
    path = mp3(tmp_path / "x.mp3", 44100, 1, header=False)
    expected = decoded(path)
    path.write_bytes(path.read_bytes() + wrapped)
    assert np.abs(ours(path) - expected).max() < 1e-5


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_file_that_is_cut_off_stays_refused(tmp_path: Path, share: float) -> None:
    path = mp3(tmp_path / "x.mp3", 44100, 2, header=True, quality=4)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ManifestError, match="which is damaged: it ends inside a frame"):
        load(tmp_path, "x.mp3", "audio")
