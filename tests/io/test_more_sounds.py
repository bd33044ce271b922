"""Sounds of further kinds: each as an independent decoder gives it."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from syncaug.errors import ManifestError
from syncaug.io.containers import open_container
from tests.io.material import load

RATE = 48_000


def tones(channels: int, seconds: float = 1.0) -> NDArray[np.float32]:
    """Each channel of a frequency of its own."""
    time = np.arange(round(seconds * RATE)) / RATE
    rows = [0.3 * np.sin(2 * np.pi * 100 * (one + 1) * time) for one in range(channels)]
    return np.array(rows, np.float32)


def encoded(path: Path, codec: str, layout: str, form: str | None = None) -> Path:
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    with av.open(str(path), "w", format=form) as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.codec_context.layout = layout
        frame = av.AudioFrame.from_ndarray(tones(channels), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = RATE, 0
        resampler = av.AudioResampler(stream.codec_context.format.name, layout, RATE)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


def decoded(path: Path) -> NDArray[Any]:
    parts = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            channels = frame.layout.nb_channels
            if frame.format.is_planar:  # PyAV miscounts the planes of eight channels
                packer = av.AudioResampler(
                    frame.format.packed.name, frame.layout, frame.sample_rate
                )
                (frame,) = packer.resample(frame)
            samples = frame.to_ndarray().reshape(-1, channels).T
            if samples.dtype == np.uint8:
                samples = (samples - 128.0) / 128.0
            scale = {"i2": 2.0**15, "i4": 2.0**31}.get(samples.dtype.str[1:], 1.0)
            parts.append(samples / scale)
    return np.concatenate(parts, axis=1)


def read(path: Path) -> NDArray[np.float32]:
    return np.atleast_2d(load(path.parent, path.name, "audio")["array"])


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [
        ("a.aac", "aac", "adts"),
        ("a.ac3", "ac3", None),
        ("a.wv", "wavpack", None),
        ("a.tta", "tta", None),
        ("a.oga", "flac", "ogg"),
        ("a.ogg", "flac", "ogg"),
        ("a.opus", "libopus", None),
        ("a.flac", "flac", None),
    ],
)
def test_sounds_are_those_of_a_decoder(
    tmp_path: Path, name: str, codec: str, form: str | None, layout: str
) -> None:
    path = encoded(tmp_path / name, codec, layout, form)
    expected, came = decoded(path), read(path)
    assert came.shape == expected.shape
    assert np.abs(came - expected).max() < 2e-3


@pytest.mark.parametrize("kind", ["VORBIS", "OPUS"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5, 6, 8])
def test_channels_of_vorbis_and_opus_come_in_the_order_of_wav(
    tmp_path: Path, kind: str, channels: int
) -> None:
    path = tmp_path / "a.ogg"
    soundfile.write(path, tones(channels).T, RATE, format="OGG", subtype=kind)
    expected, came = decoded(path), read(path)
    length = min(expected.shape[1], came.shape[1])
    assert np.abs(came[:, :length] - expected[:, :length]).max() < 2e-3


def wave(length: int | None, tail: bytes = b"") -> tuple[bytes, NDArray[np.int16]]:
    samples = np.arange(-2000, 2000, dtype=np.int16)
    data = samples.tobytes()
    said = len(data) if length is None else length
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    size = min(said + 36, 0xFFFFFFFF)
    return b"RIFF" + struct.pack("<I", size) + head + b"data" + struct.pack("<I", said) + data, (
        samples
    )


@pytest.mark.parametrize("length", [None, 0, 0x7FFFFFFF, 0x7FFFF000, 0xFFFFFFFF, 0xFFFFFFDB])
def test_wav_from_a_pipe_keeps_every_sample(tmp_path: Path, length: int | None) -> None:
    data, samples = wave(length)
    (tmp_path / "a.wav").write_bytes(data)
    assert np.array_equal(read(tmp_path / "a.wav")[0] * 32768, samples)


@pytest.mark.parametrize("length", [8001, 8192, 1 << 20])
def test_wav_of_which_samples_are_missing_is_refused(tmp_path: Path, length: int) -> None:
    (tmp_path / "a.wav").write_bytes(wave(length)[0])
    with pytest.raises(ManifestError, match="bytes of samples are missing"):
        read(tmp_path / "a.wav")


def test_aiff_from_a_pipe_keeps_every_sample(tmp_path: Path) -> None:
    """Of one channel and 16 bits, as SoX writes it where it cannot know the length."""
    soundfile.write(tmp_path / "a.aiff", tones(1).T, RATE, "PCM_16")
    data = bytearray((tmp_path / "a.aiff").read_bytes())
    common, part = data.index(b"COMM"), data.index(b"SSND")
    data[common + 10 : common + 14] = struct.pack(">I", 0x7F000000 // 2)
    data[part + 4 : part + 8] = struct.pack(">I", 0x7F000000 + 8)
    (tmp_path / "b.aiff").write_bytes(data)
    assert np.array_equal(read(tmp_path / "b.aiff"), read(tmp_path / "a.aiff"))


def test_sounds_of_an_amiga_are_no_aiff_without_samples(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.iff", tones(1).T, RATE, "PCM_16", format="SVX")
    assert read(tmp_path / "a.iff").shape == (1, RATE)


def test_wav_without_samples_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wave(0)[0][:44])
    with pytest.raises(ManifestError, match="no samples"):
        read(tmp_path / "a.wav")


def test_what_no_reader_knows_names_a_way(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_bytes(b"something else" * 20)
    with pytest.raises(ManifestError, match="ffmpeg -i FILE out.wav"):
        read(tmp_path / "a.xyz")


@pytest.mark.parametrize("rate", [16000, 44100, 48000])
def test_layer_2_of_mpeg_keeps_every_sample(tmp_path: Path, rate: int) -> None:
    """Whose frames no header counts, so that libsndfile guesses how long it is."""
    path = tmp_path / "a.mp2"
    with av.open(str(path), "w", format="mp2") as container:
        stream = container.add_stream("mp2", rate=rate, layout="mono")
        for start in range(0, 5 * 1152, 1152):
            times = (start + np.arange(1152)) / rate
            samples = (8000 * np.sin(2 * np.pi * 440 * times)).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
            frame.rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    came = read(path)
    with av.open(str(path)) as container:
        parts = [frame.to_ndarray()[0] / 2.0**15 for frame in container.decode(audio=0)]
    assert np.abs(came[0] - np.concatenate(parts)).max() < 1e-4
    assert came.shape[1] >= 5 * 1152


def test_sound_that_cannot_be_sought_in_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tones(1)[0], RATE, format="WAV", subtype="GSM610")
    came = read(path)
    assert came.shape[1] >= RATE
    assert np.abs(came - decoded(path)[:, : came.shape[1]]).max() < 2e-3


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("x.aiff", "AIFF"), ("x.wav", "RF64"), ("x.w64", "W64"), ("x.au", "AU"),
        ("x.ogg", "OGG"), ("x.wav", "WAV"), ("x.caf", "CAF"), ("x.flac", "FLAC"),
    ],
)  # fmt: skip
def test_a_sound_that_is_cut_off_is_damage(tmp_path: Path, name: str, form: str) -> None:
    path = tmp_path / name
    soundfile.write(path, tones(2).T, RATE, format=form)
    assert load(tmp_path, name, "audio")["array"].shape == (2, RATE)
    path.write_bytes(path.read_bytes()[:-700])
    with pytest.raises(ManifestError, match="damaged|lost sync"):
        np.asarray(load(tmp_path, name, "audio")["array"])


@pytest.mark.parametrize(
    ("name", "where", "unknown"),
    [("x.aiff", b"SSND", bytes(4)), ("x.au", b".snd", b"\xff" * 4)],
)
def test_sounds_from_a_pipe_are_as_long_as_they_are(
    tmp_path: Path, name: str, where: bytes, unknown: bytes
) -> None:
    path = tmp_path / name
    soundfile.write(path, tones(1)[0], RATE)
    data = path.read_bytes()
    at = data.index(where) + (4 if where == b"SSND" else 8)
    path.write_bytes(data[:at] + unknown + data[at + 4 :])
    assert abs(load(tmp_path, name, "audio")["array"].shape[0] - RATE) <= 4


@pytest.mark.parametrize("subtype", ["GSM610", "MS_ADPCM"])
@pytest.mark.parametrize("length", [RATE + 77, 320 * 500])
def test_what_fills_up_the_last_block_is_no_sound(
    tmp_path: Path, subtype: str, length: int
) -> None:
    sound = np.resize(tones(1)[0], length)
    soundfile.write(tmp_path / "x.wav", sound, RATE, format="WAV", subtype=subtype)
    assert load(tmp_path, "x.wav", "audio")["array"].shape == (length,)
    assert load(tmp_path, "x.wav", "audio", sample_rate=RATE).shape == (length,)


@pytest.mark.parametrize(
    ("name", "subtype"),
    [("x.au", "G721_32"), ("x.au", "G723_24"), ("x.au", "G723_40"), ("x.wav", "G721_32")],
)
def test_adpcm_of_g721_and_g723_is_decoded_as_it_was_coded(
    tmp_path: Path, name: str, subtype: str
) -> None:
    sound = tones(1, 0.3)[0]
    soundfile.write(tmp_path / name, sound, 8000, subtype=subtype)
    back = load(tmp_path, name, "audio")["array"]
    assert np.corrcoef(back[: len(sound)], sound)[0, 1] > 0.99


def test_an_array_of_numpy_is_no_sound_and_told_the_way(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", tones(2, 0.1))
    with pytest.raises(ManifestError, match=r"an array of numpy\. It has no rate: write it with"):
        load(tmp_path, "x.npy", "audio")
    soundfile.write(tmp_path / "x.wav", tones(2, 0.1).T, RATE, "FLOAT")
    assert np.array_equal(load(tmp_path, "x.wav", "audio")["array"], tones(2, 0.1))


def coded(path: Path, codec: str, layout: str, rate: int = RATE) -> NDArray[np.float32]:
    """A sound by an encoder of PyAV; the samples that went in, (C, T)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.codec_context.layout = layout
        channels = stream.codec_context.layout.nb_channels
        sound = tones(channels)[:, :rate]
        form = stream.codec_context.format.name
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound.T).reshape(1, -1), format="flt", layout=layout
        )
        frame.sample_rate, frame.pts = rate, 0
        resampler = av.AudioResampler(form, layout, rate)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return sound


@pytest.mark.parametrize("codec", ["pcm_s24le", "pcm_f32le"])
def test_channels_with_names_of_their_own_end_no_process(tmp_path: Path, codec: str) -> None:
    """QuickTime names eight channels in an order of its own; PyAV frees such a list twice."""
    sound = coded(tmp_path / "x.mov", codec, "7.1")
    with open_container(tmp_path / "x.mov") as container:
        assert container.streams.audio[0].codec_context.layout.name == "7.1"
    came = load(tmp_path, "x.mov", "audio")["array"]
    assert came.shape == sound.shape
    order = [int(np.argmax(np.corrcoef(row, sound)[0, 1:])) for row in came]
    assert sorted(order) == list(range(8))
    assert np.abs(came - sound[order]).max() < 1e-5


@pytest.mark.parametrize(
    ("name", "codec", "layout", "rate"),
    [
        ("x.w64", "pcm_f32le", "stereo", RATE),
        ("x.caf", "alac", "stereo", RATE),
        ("x.wav", "adpcm_g722", "mono", 16_000),
    ],
)
def test_what_libsndfile_does_not_know_is_decoded(
    tmp_path: Path, name: str, codec: str, layout: str, rate: int
) -> None:
    sound = coded(tmp_path / name, codec, layout, rate)
    came = np.atleast_2d(load(tmp_path, name, "audio")["array"])
    assert len(came) == len(sound)
    length = min(came.shape[1], sound.shape[1])
    assert length > 0.9 * rate
    assert np.abs(came[:, :length] - sound[:, :length]).max() < (0.1 if rate < RATE else 1e-4)


def test_times_that_stand_still_are_none(tmp_path: Path) -> None:
    sound = coded(tmp_path / "x.rm", "real_144", "mono", 8000)
    assert load(tmp_path, "x.rm", "audio")["array"].shape[0] >= 0.98 * sound.shape[1]


@pytest.mark.parametrize(("begin", "end"), [(0, 30), (11, 25), (20, None)])
def test_pieces_of_flac_are_what_their_blocks_hold(
    tmp_path: Path, begin: int, end: int | None
) -> None:
    """As `ffmpeg -ss 1 -t 2 -c copy` makes them: the head counts the samples of the whole."""
    sound = np.random.default_rng(1).normal(0, 0.1, (2, 3 * RATE)).astype(np.float32)
    soundfile.write(tmp_path / "whole.flac", sound.T, RATE, "PCM_16")
    with (
        av.open(str(tmp_path / "whole.flac")) as whole,
        av.open(str(tmp_path / "piece.flac"), "w") as piece,
    ):
        stream = piece.add_stream_from_template(whole.streams.audio[0])
        packets = [packet for packet in whole.demux(audio=0) if packet.size][begin:end]
        first, count = packets[0].pts, sum(packet.duration for packet in packets)
        for packet in packets:
            packet.stream = stream
            piece.mux(packet)
    data = (tmp_path / "piece.flac").read_bytes()
    data = data[:22] + struct.pack(">I", 3 * RATE) + data[26:]
    (tmp_path / "piece.flac").write_bytes(data)
    whole_sound = read(tmp_path / "whole.flac")
    assert np.array_equal(read(tmp_path / "piece.flac"), whole_sound[:, first : first + count])
    (tmp_path / "piece.flac").write_bytes(data[:-100])
    with pytest.raises(ManifestError, match="damaged"):
        read(tmp_path / "piece.flac")


@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
@pytest.mark.parametrize("form", ["RF64", "W64", "long W64"])
def test_rf64_and_w64_from_a_pipe_keep_every_sample(
    tmp_path: Path, form: str, subtype: str
) -> None:
    """As FFmpeg leaves the lengths that it cannot go back to write."""
    path = tmp_path / "a.w64"
    if form == "long W64":
        coded(path, {"PCM_16": "pcm_s16le", "FLOAT": "pcm_f32le"}[subtype], "5.1")
    else:
        soundfile.write(path, tones(2).T, RATE, subtype, format=form)
    expected = read(path)
    data = bytearray(path.read_bytes())
    at = data.index(b"data", 40)
    if form == "RF64":
        data[4:8] = data[at + 4 : at + 8] = b"\xff" * 4
        data[20:44] = bytes(24)
    else:
        data[16:24], data[at + 16 : at + 24] = b"\xff" * 8, b"\xff" * 7 + b"\x7f"
    path.write_bytes(data)
    assert np.array_equal(read(path), expected)
    path.write_bytes(data[: at + (8 if form == "RF64" else 24)])
    with pytest.raises(ManifestError, match="holds no samples"):
        read(path)


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("x.ac3", "ac3", 44_100),
        ("x.eac3", "eac3", 44_100),
        ("x.ts", "ac3", 44_100),
        ("x.vob", "pcm_dvd", RATE),
    ],
)
def test_times_that_are_rounded_take_and_add_no_samples(
    tmp_path: Path, name: str, codec: str, rate: int
) -> None:
    coded(tmp_path / name, codec, "stereo", rate)
    expected = decoded(tmp_path / name)
    assert np.array_equal(read(tmp_path / name), expected.astype(np.float32))


@pytest.mark.parametrize("kind", ["VORBIS", "OPUS"])
def test_pages_of_ogg_that_are_damaged_missing_or_of_another_sound_are_refused(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "a.ogg"
    noise = np.random.default_rng(1).normal(0, 0.1, (6 * RATE, 2))
    soundfile.write(path, noise, RATE, format="OGG", subtype=kind)
    assert read(path).shape == (2, 6 * RATE)
    data = path.read_bytes()
    begins = [at for at in range(len(data)) if data[at : at + 4] == b"OggS"]
    place = begins[len(begins) // 2]
    for changed, reason in (
        (data[: place + 900] + bytes(300) + data[place + 1200 :], "the checksum of its page"),
        (data[: begins[4]] + data[begins[5] :], "pages between the numbers"),
        (data[:-700], "it ends inside a page"),
        (data + data, "which holds several sounds, one behind the other. Decode them as one"),
    ):
        path.write_bytes(changed)
        with pytest.raises(ManifestError, match=reason):
            read(path)
