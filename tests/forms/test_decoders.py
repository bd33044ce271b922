"""torchcodec's decoders and Hugging Face's files: read lazily, handed back decoded."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from syncaug import SampleError, load_policy
from syncaug.io.audio import read_audio
from tests.forms.ffmpeg import (
    AudioDecoder,
    AudioSamples,
    FrameBatch,
    VideoDecoder,
    VideoEncoder,
)
from tests.samples import DATA

FILM, WAVE = DATA / "bunny" / "bunny.mp4", DATA / "jfk" / "jfk.wav"
TRIM = load_policy(
    "syncaug: 1\nsample: {film: {modality: video, optional: true}, sound: "
    "{modality: audio, optional: true}}\nsteps:\n"
    "  - {name: part, uses: trim, with: {start: 0.5, duration: 0.4}}\n"
    "  - {name: mirror, uses: flip}\n"
)
MIRROR = load_policy(
    "syncaug: 1\nsample: {film: {modality: video, optional: true}, sound: "
    "{modality: audio, optional: true}}\nsteps: [{name: mirror, uses: flip}]\n"
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The frames that a decoder is asked for."""
    places: list[int] = []
    plain = VideoDecoder.get_frames_at

    def counting(self: Any, indices: Any) -> Any:
        places.extend(int(index) for index in indices)
        return plain(self, indices)

    monkeypatch.setattr(VideoDecoder, "get_frames_at", counting)
    return places


@pytest.mark.parametrize("order", ["NCHW", "NHWC"])
def test_a_trim_reads_its_frames_alone(asked: list[int], order: Any) -> None:
    decoder = VideoDecoder(FILM, dimension_order=order)
    out = TRIM({"film": decoder}, key=1)["film"]
    looks, count = 4, len(out)
    assert isinstance(out, FrameBatch)
    assert len(asked) == count + looks
    first, rate = asked[looks], decoder.metadata.average_fps
    assert asked[looks:] == list(range(first, first + count))
    assert abs(first / rate - 0.5) <= 1 / rate
    frames = VideoDecoder(FILM, dimension_order=order).get_frames_in_range(first, first + count)
    assert torch.equal(out.data, frames.data.flip(-1 if order == "NCHW" else -2))
    assert out.data.is_contiguous()
    assert np.allclose(out.pts_seconds, np.arange(count) / rate)
    assert np.allclose(out.duration_seconds, 1 / rate)
    TRIM({"film": decoder}, key=2)
    assert len(asked) == 2 * count + looks  # its times are known by now


def test_a_film_that_nothing_changes_is_a_batch_of_its_frames() -> None:
    idle = load_policy("syncaug: 1\nsample: {film: video}\nsteps: [{name: m, uses: flip, p: 0}]\n")
    decoder = VideoDecoder(FILM)
    out = idle({"film": decoder}, key=1)["film"]
    assert torch.equal(out.data, decoder.get_all_frames().data)


def test_a_varying_rate_is_found(tmp_path: Path) -> None:
    import av

    path = tmp_path / "varying.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("h264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        ticks = np.cumsum([0, 1, 1, 4, 1, 9, 1, 1, 2, 1, 1, 6])
        for index, tick in enumerate(ticks.tolist()):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 20 * index, np.uint8))
            frame.pts, frame.time_base = tick, Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    decoder = VideoDecoder(path)
    out = MIRROR({"film": decoder}, key=1)["film"]
    assert np.allclose(out.pts_seconds, decoder.get_all_frames().pts_seconds)
    assert np.allclose(np.diff(out.pts_seconds), np.diff(ticks) / 30, atol=1e-3)


def test_a_batch_of_frames_keeps_its_own_moments() -> None:
    batch = VideoDecoder(FILM).get_frames_in_range(10, 20)
    out = MIRROR({"film": batch}, key=1)["film"]
    assert torch.equal(out.data, batch.data.flip(-1))
    assert torch.allclose(out.pts_seconds, batch.pts_seconds)
    assert torch.allclose(out.duration_seconds, batch.duration_seconds)


def test_sound_of_a_decoder_is_samples() -> None:
    out = TRIM({"sound": AudioDecoder(WAVE)}, key=1)["sound"]
    rate = AudioDecoder(WAVE).metadata.sample_rate
    assert isinstance(out, AudioSamples)
    assert (out.sample_rate, out.data.shape) == (rate, (1, round(0.4 * rate)))
    assert out.duration_seconds == pytest.approx(0.4)
    wanted = TRIM({"sound": read_audio(WAVE, {})}, key=1)["sound"]["array"]
    assert np.allclose(out.data[0], wanted, atol=1e-4)
    part = AudioDecoder(WAVE).get_samples_played_in_range(1.0, 2.0)
    moved = MIRROR({"sound": part}, key=1)["sound"]
    assert moved is part


@pytest.mark.filterwarnings("ignore:.*on the same clock")  # streams of two recordings
def test_a_record_of_decoders_replays_on_others_of_the_same_files() -> None:
    out, record = TRIM.apply({"film": VideoDecoder(FILM), "sound": AudioDecoder(WAVE)}, key=1)
    again = TRIM.replay({"film": VideoDecoder(FILM), "sound": AudioDecoder(WAVE)}, record)
    assert torch.equal(out["film"].data, again["film"].data)
    assert torch.equal(out["sound"].data, again["sound"].data)


def test_films_of_one_length_have_digests_of_their_own(tmp_path: Path) -> None:
    digests = set()
    for level in (20, 200):
        path = tmp_path / f"{level}.mp4"
        frames = torch.full((10, 3, 48, 64), level, dtype=torch.uint8)
        VideoEncoder(frames, frame_rate=10).to_file(str(path))
        digests.add(MIRROR.apply({"film": VideoDecoder(path)}, key=1)[1].digest)
    assert len(digests) == 2


# Hugging Face ----------------------------------------------------------------------------------


@pytest.mark.parametrize("held", ["bytes", "path"])
def test_files_of_sound_come_back_decoded(held: str) -> None:
    value = {"bytes": WAVE.read_bytes() if held == "bytes" else None, "path": str(WAVE)}
    out = TRIM({"sound": value}, key=1)["sound"]
    wanted = TRIM({"sound": read_audio(WAVE, {})}, key=1)["sound"]
    assert list(out) == ["array", "sampling_rate", "path"]
    assert out["path"] == str(WAVE)
    assert np.array_equal(out["array"], wanted["array"])
    assert value["bytes"] is None or len(value["bytes"]) == WAVE.stat().st_size


@pytest.mark.parametrize("held", ["bytes", "path"])
def test_files_of_films_come_back_decoded(held: str) -> None:
    value = {"bytes": FILM.read_bytes() if held == "bytes" else None, "path": str(FILM)}
    out = TRIM({"film": value}, key=1)["film"]
    assert list(out) == ["frames", "path", "fps"]
    frames = TRIM({"film": VideoDecoder(FILM)}, key=1)["film"].data.movedim(1, -1).numpy()
    assert out["frames"].shape == frames.shape
    assert np.abs(out["frames"].astype(int) - frames).mean() < 3  # two decoders of one film


def test_a_file_of_a_picture_comes_back_as_its_array() -> None:
    path = DATA / "pets" / "cats.jpg"
    policy = load_policy("syncaug: 1\nsample: {image: image}\nsteps: [{name: m, uses: flip}]\n")
    out = policy({"image": {"bytes": path.read_bytes(), "path": None}}, key=1)["image"]
    assert out.ndim == 3
    assert out.dtype == np.uint8


@pytest.mark.parametrize(
    ("name", "value", "came"),
    [
        ("sound", {"bytes": b"nonsense", "path": None}, "8 bytes, which cannot be decoded"),
        ("film", {"bytes": b"nonsense", "path": "a.mp4"}, "8 bytes"),
        ("sound", {"bytes": None, "path": "/none.wav"}, "/none.wav, which does not exist"),
        ("sound", {"bytes": None, "path": None}, "a mapping with 'bytes', 'path'"),
    ],
)
def test_files_that_cannot_be_read(name: str, value: Any, came: str) -> None:
    with pytest.raises(SampleError) as caught:
        TRIM({name: value}, key="k")
    assert (caught.value.stream, caught.value.key) == (name, "k")
    assert came in caught.value.came


def test_several_clips_in_one_batch_are_refused() -> None:
    batch = VideoDecoder(FILM).get_frames_in_range(0, 4)
    clips = FrameBatch(batch.data[None], batch.pts_seconds[None], batch.duration_seconds[None])
    with pytest.raises(SampleError, match="'film'.*FrameBatch"):
        MIRROR({"film": clips}, key="k")
