"""Recordings: formats without an index read in any order, and files that begin anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from syncaug.errors import ManifestError
from syncaug.io.problem import FileProblem
from syncaug.io.soundtrack import read_soundtrack
from syncaug.io.video import open_clip
from tests.io.films import RATE, film, numbers_of
from tests.io.material import load

COUNT = 100
TIMES = np.arange(COUNT) / 25
KINDS = [
    ("mpeg2.ts", "mpeg2video", {"g": "12", "bf": "2"}),
    ("h264.ts", "libx264", {"g": "20", "bf": "3"}),
    ("open.ts", "libx264", {"g": "20", "bf": "3", "x264-params": "open-gop=1"}),
    ("refresh.ts", "libx264", {"g": "20", "bf": "0", "x264-params": "intra-refresh=1"}),
    ("hevc.m2ts", "libx265", {"g": "20", "x265-params": "log-level=none"}),
    ("mpeg2.mpg", "mpeg2video", {"g": "12", "bf": "2"}),
    ("mpeg1.mpg", "mpeg1video", {"g": "12", "bf": "2"}),
    ("h264.flv", "libx264", {"g": "20", "bf": "2"}),
    ("h264.mkv", "libx264", {"g": "20", "bf": "3"}),
]


def chirp(seconds: float) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.4 * np.sin(300 * time * time))[None].astype(np.float32)


@pytest.fixture(scope="module", params=KINDS, ids=[kind[0] for kind in KINDS])
def recording(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    name, codec, options = request.param
    path = tmp_path_factory.mktemp("recordings") / name
    audio = "aac" if path.suffix == ".flv" else "mp2"
    form = {"mp2": "s16"}.get(audio, "fltp")
    return recorded(path, codec, options, audio, form)


def recorded(path: Path, codec: str, options: dict[str, str], audio: str, form: str) -> Path:
    from tests.io import films

    before = films._SAMPLES.get(audio)
    films._SAMPLES[audio] = form
    try:
        ticks = 25 if codec.startswith("mpeg") else 90_000
        return film(
            path, TIMES, ticks=ticks, video=codec, options=options, sound=chirp(4.0), audio=audio
        )
    finally:
        if before is None:
            del films._SAMPLES[audio]


def decoded(path: Path) -> np.ndarray:
    """All pictures as PyAV gives them, one after the other."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    return np.stack(frames)


def test_any_order_gives_the_frames_of_one_pass(recording: Path) -> None:
    whole = open_clip(recording).decode(range(COUNT))
    assert len(decoded(recording)) == len(whole) == COUNT
    clip = open_clip(recording)
    draw = np.random.default_rng(1)
    for start in [0, 50, 20, 99, 75, *draw.integers(0, COUNT, 12)]:
        span = range(start, min(COUNT, start + int(draw.integers(1, 15))))
        assert np.array_equal(clip.decode(span), whole[span.start : span.stop])
    assert np.array_equal(clip.decode(range(COUNT)), whole)
    assert np.array_equal(clip.decode(range(50, 90)), whole[50:90])


def test_seeks_that_never_land_end_at_the_beginning(recording: Path) -> None:
    """As in formats whose seeking is only a guess: bounded, and the same frames."""
    clip = open_clip(recording)
    whole = clip.decode(range(COUNT))
    reader = clip._reader
    seeks: list[int] = []
    go_to = reader._go_to

    def astray(key: int) -> None:
        seeks.append(key)
        go_to(key)
        if key:
            reader._container.seek(2**40, stream=reader._stream, any_frame=True)
            reader._frames = reader._given()

    reader._go_to = astray  # type: ignore[method-assign]
    assert np.array_equal(clip.decode([70, 71]), whole[70:72])
    assert np.array_equal(clip.decode([60, 99]), whole[[60, 99]])
    assert len(seeks) <= 6


CUT = [kind for kind in KINDS if kind[0].endswith("ts")]


@pytest.mark.parametrize("share", [0.08, 0.37, 0.61])
@pytest.mark.parametrize("kind", CUT, ids=[kind[0] for kind in CUT])
def test_a_recording_that_begins_inside_a_group_of_pictures(
    tmp_path: Path, kind: Any, share: float
) -> None:
    name, codec, options = kind
    path = recorded(tmp_path / name, codec, options, "mp2", "s16")
    whole, before = open_clip(path), read_soundtrack(path, {})["array"]
    pictures = whole.decode(range(COUNT))
    data = path.read_bytes()
    step = 192 if name.endswith("m2ts") else 188
    cut = tmp_path / f"cut{path.suffix}"
    cut.write_bytes(data[int(len(data) * share) // step * step :])
    clip = open_clip(cut)
    rest = clip.decode(range(len(clip)))
    first = COUNT - len(clip)
    assert 0 < first < COUNT
    assert np.array_equal(rest, pictures[first:])
    assert numbers_of(rest[-3:]) == [COUNT - 3, COUNT - 2, COUNT - 1]
    later = whole.times[first] - clip.times[0]  # how much of the clock is gone
    sound = read_soundtrack(cut, {})["array"]
    piece = sound[-24_000:-8_000]
    found = np.correlate(before[-80_000:], piece, "valid").argmax() + len(before) - 80_000
    assert (found - (len(sound) - 24_000)) / RATE == pytest.approx(later, abs=2e-3)
    some = clip.decode([len(clip) - 1, 0, len(clip) // 2])
    assert np.array_equal(some, rest[[-1, 0, len(clip) // 2]])


def noisy(path: Path, codec: str) -> np.ndarray:
    """A film of noise with a sound, so that each picture fills packets of its own."""
    draw = np.random.default_rng(3)
    pictures = draw.integers(0, 256, (60, 96, 128, 3), dtype=np.uint8)
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=25, options={"g": "12", "bf": "2"})
        video.width, video.height, video.bit_rate = 128, 96, 4_000_000
        audio = container.add_stream("mp2", rate=RATE)
        audio.codec_context.layout, audio.codec_context.format = "mono", "s16"
        samples = np.rint(chirp(2.4) * 32767).astype(np.int16)
        sound = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        sound.sample_rate, sound.pts = RATE, 0
        packets = [*audio.encode(sound), *audio.encode(None)]
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            packets += video.encode(frame)
        packets += video.encode(None)
        for packet in sorted(packets, key=lambda one: one.dts * one.time_base):
            container.mux(packet)
    return open_clip(path).decode(range(60))


@pytest.mark.parametrize("codec", ["mpeg1video", "mpeg2video"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.7])
def test_a_program_stream_that_begins_anywhere(tmp_path: Path, codec: str, share: float) -> None:
    pictures = noisy(tmp_path / "it.mpg", codec)
    data = (tmp_path / "it.mpg").read_bytes()
    (tmp_path / "cut.mpg").write_bytes(data[int(len(data) * share) :])
    clip = open_clip(tmp_path / "cut.mpg")
    assert 0 < len(clip) < 60
    assert np.array_equal(clip.decode(range(len(clip))), pictures[60 - len(clip) :])
    before = read_soundtrack(tmp_path / "it.mpg", {})["array"]
    sound = read_soundtrack(tmp_path / "cut.mpg", {})["array"]
    gone = open_clip(tmp_path / "it.mpg").times[60 - len(clip)] - clip.times[0]
    piece = sound[-16_000:-8_000]
    found = np.correlate(before[-40_000:], piece, "valid").argmax() + len(before) - 40_000
    assert (found - (len(sound) - 16_000)) / RATE == pytest.approx(gone, abs=2e-3)


def test_a_recording_without_any_key_frame_says_so(tmp_path: Path) -> None:
    options = {"g": "500", "bf": "0", "sc_threshold": "0"}
    path = recorded(tmp_path / "it.ts", "libx264", options, "mp2", "s16")
    data = path.read_bytes()
    path.write_bytes(data[len(data) // 2 // 188 * 188 :])
    with pytest.raises(FileProblem, match="begins inside a group of pictures"):
        open_clip(path)


@pytest.mark.parametrize("kind", CUT[:2], ids=["mpeg2", "h264"])
def test_a_recording_with_a_hole_stays_refused(tmp_path: Path, kind: Any) -> None:
    name, codec, options = kind
    path = recorded(tmp_path / name, codec, options, "mp2", "s16")
    data = path.read_bytes()
    middle = len(data) // 2 // 188 * 188
    path.write_bytes(data[:middle] + data[middle + 20 * 188 :])
    with pytest.raises(ManifestError, match="which is damaged"):
        load(tmp_path, path.name, "video")
