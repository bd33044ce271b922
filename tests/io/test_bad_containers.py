"""Containers that are damaged, or lack what was declared: one clear error each."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner

from syncaug.cli import apply
from syncaug.errors import ManifestError
from syncaug.io import ResultWriter
from syncaug.io.video import open_clip
from tests.io.films import click, film
from tests.io.material import Declared, load
from tests.io.test_writer import tree
from tests.io.test_writer_links import Told

TIMES = np.arange(50) / 25


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A small film in each kind of container, with sound and cues."""
    folder = tmp_path_factory.mktemp("whole")
    made = {}
    for suffix, audio, text in ((".mp4", "aac", "mov_text"), (".mkv", "flac", "subrip")):
        path = film(
            folder / f"it{suffix}", TIMES, sound=click(2.0, 1.0), audio=audio, text=text,
            cues=[(0.1, 0.9, "hello")], options={"g": "10"},
        )  # fmt: skip
        made[suffix] = path.read_bytes()
    return made


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
@pytest.mark.parametrize("modality", ["video", "audio", "timed_text"])
def test_truncated(
    tmp_path: Path, whole: dict[str, bytes], suffix: str, share: float, modality: str
) -> None:
    data = whole[suffix]
    (tmp_path / f"x{suffix}").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ManifestError, match=r"stream 'it': expected .*; got .*, which is damaged"):
        load(tmp_path, f"x{suffix}", modality)


@pytest.mark.parametrize("modality", ["video", "audio", "timed_text"])
def test_of_another_kind_or_not_there(tmp_path: Path, modality: str) -> None:
    (tmp_path / "x.mp4").write_bytes(b"This is no film." * 100)
    with pytest.raises(ManifestError, match="x.mp4, which is damaged or of another format"):
        load(tmp_path, "x.mp4", modality)
    (tmp_path / "empty.mp4").write_bytes(b"")
    with pytest.raises(ManifestError, match="empty.mp4, which is empty"):
        load(tmp_path, "empty.mp4", modality)
    with pytest.raises(ManifestError, match="no.mp4, which does not exist"):
        load(tmp_path, "no.mp4", modality)
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(ManifestError, match="folder.mp4, which is a folder"):
        load(tmp_path, "folder.mp4", modality)


def test_pictures_that_are_overwritten(tmp_path: Path, whole: dict[str, bytes]) -> None:
    data = bytearray(whole[".mp4"])
    start = data.find(b"mdat") + 600
    data[start : start + 3000] = b"\xa5" * 3000
    (tmp_path / "x.mp4").write_bytes(data)
    with pytest.raises(ManifestError, match="x.mp4, which is damaged"):
        load(tmp_path, "x.mp4", "video")


@pytest.mark.parametrize(("suffix", "codec"), [(".m4a", "aac"), (".mkv", "flac")])
@pytest.mark.parametrize("length", [20, 2000])
def test_sound_that_is_overwritten(tmp_path: Path, suffix: str, codec: str, length: int) -> None:
    hiss = np.random.default_rng(0).normal(0, 0.1, (1, 96000)).astype(np.float32)
    path = film(tmp_path / f"x{suffix}", sound=hiss, audio=codec)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + length] = b"\xa5" * length
    path.write_bytes(data)
    with pytest.raises(ManifestError, match=f"x{suffix}, which is damaged"):
        load(tmp_path, path.name, "audio")


def test_damage_that_a_lazy_clip_meets_later(tmp_path: Path, whole: dict[str, bytes]) -> None:
    path = tmp_path / "x.mp4"
    path.write_bytes(whole[".mp4"])
    clip = open_clip(path)
    assert len(clip.read([0, 1])) == 2
    clip.close()
    path.write_bytes(whole[".mp4"][:4000])
    with pytest.raises(ManifestError, match="x.mp4, which is damaged"):
        clip.read([30])


@pytest.mark.parametrize(
    ("modality", "message"),
    [
        ("video", "expected a video track; got .*x.m4a, which holds audio only"),
        ("timed_text", "expected a subtitle track; got .*x.m4a, which holds audio only"),
    ],
)
def test_a_sound_alone(tmp_path: Path, modality: str, message: str) -> None:
    film(tmp_path / "x.m4a", sound=click(1.0, 0.5))
    with pytest.raises(ManifestError, match=message):
        load(tmp_path, "x.m4a", modality)


@pytest.mark.parametrize(
    ("modality", "what"), [("audio", "a sound track"), ("timed_text", "a subtitle track")]
)
def test_a_video_without_what_was_declared(tmp_path: Path, modality: str, what: str) -> None:
    film(tmp_path / "x.mp4", TIMES[:3])
    with pytest.raises(ManifestError, match=f"expected {what}; got .*, which holds video only"):
        load(tmp_path, "x.mp4", modality)


@pytest.mark.parametrize("modality", ["video", "audio", "timed_text"])
def test_a_track_that_is_not_there(tmp_path: Path, whole: dict[str, bytes], modality: str) -> None:
    (tmp_path / "x.mp4").write_bytes(whole[".mp4"])
    with pytest.raises(
        ManifestError,
        match="track with the number 2; got .*x.mp4 with 1 such track, counted from 0. Change",
    ):
        load(tmp_path, "x.mp4", modality, track=2)


def test_a_codec_that_nobody_knows(tmp_path: Path, whole: dict[str, bytes]) -> None:
    (tmp_path / "x.mp4").write_bytes(whole[".mp4"].replace(b"avc1", b"zzz9"))
    with pytest.raises(ManifestError, match="expected a video track that can be decoded; got"):
        load(tmp_path, "x.mp4", "video")


def test_a_video_without_frames(tmp_path: Path) -> None:
    import av

    with av.open(str(tmp_path / "x.mkv"), "w") as container:
        video = container.add_stream("libx264", rate=25)
        video.width, video.height = 64, 48
        sound = container.add_stream("pcm_s16le", rate=8000)
        sound.codec_context.layout = "mono"
        container.start_encoding()
        samples = np.zeros((1, 8000), np.int16)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux([*sound.encode(frame), *sound.encode(None)])
    with pytest.raises(ManifestError, match="x.mkv, whose video track holds no frame"):
        load(tmp_path, "x.mkv", "video")


def test_subtitles_in_another_encoding(tmp_path: Path, whole: dict[str, bytes]) -> None:
    (tmp_path / "x.mp4").write_bytes(
        whole[".mp4"].replace(b"\x00\x05hello", b"\x00\x05h\xe9l\xff\xfe")
    )
    with pytest.raises(ManifestError, match="expected .*; got .*x.mp4"):
        load(tmp_path, "x.mp4", "timed_text")


def test_apply_writes_nothing_of_a_damaged_film_and_goes_on(
    tmp_path: Path, whole: dict[str, bytes]
) -> None:
    (tmp_path / "good.mp4").write_bytes(whole[".mp4"])
    (tmp_path / "bad.mp4").write_bytes(whole[".mp4"][:5000])
    (tmp_path / "m.jsonl").write_text(
        '{"key": "bad", "video": "bad.mp4", "speech": "bad.mp4"}\n'
        '{"key": "good", "video": "good.mp4", "speech": "good.mp4"}\n'
    )
    (tmp_path / "p.yaml").write_text(
        "syncaug: 1\nname: p\nsample: {video: {modality: video}, speech: {modality: audio}}\n"
        "steps:\n  - {name: f, uses: flip, with: {axis: horizontal}}\n"
    )
    done = CliRunner().invoke(
        apply.command,
        [
            str(tmp_path / "p.yaml"), "--manifest", str(tmp_path / "m.jsonl"),
            "--out", str(tmp_path / "out"), "--on-error", "skip", "--crf", "20", "--sound", "alac",
        ],
    )  # fmt: skip
    assert done.exit_code == 1, done.output
    assert "sample 'bad', stream 'video': expected a video" in done.output
    assert "bad.mp4, which is damaged: it ends too early" in done.output
    assert tree(tmp_path / "out") == ["good/0/video.mp4", "manifest.jsonl", "records.jsonl"]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("seed", range(8))
def test_any_damage_gives_a_result_or_one_clear_error(
    tmp_path: Path, whole: dict[str, bytes], suffix: str, seed: int
) -> None:
    """Bytes overwritten at random, half of them where headers and indices are."""
    draw = np.random.default_rng(seed)
    data = bytearray(whole[suffix])
    for _ in range(int(draw.integers(1, 6))):
        near_an_end = int(draw.integers(0, 2000))
        place = draw.choice([draw.integers(len(data)), near_an_end, len(data) - 1 - near_an_end])
        data[int(place)] = int(draw.integers(256))
    (tmp_path / f"x{suffix}").write_bytes(data)
    for modality in ("video", "audio", "timed_text"):
        try:
            load(tmp_path, f"x{suffix}", modality)
        except ManifestError as error:
            assert "sample 'pets/1', stream 'it': expected" in str(error)  # noqa: PT017


LISTS = {
    "concat": "ffconcat version 1.0\nfile '{}'\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{}\n#EXT-X-ENDLIST\n",
}


@pytest.mark.parametrize("other", ["other.mp4", "below/other.mp4", "/etc/passwd"])
@pytest.mark.parametrize("name", ["x.mp4", "x.mkv", "x.m3u8"])
@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("modality", ["video", "audio", "timed_text"])
def test_a_list_of_other_files_is_no_container(
    tmp_path: Path, whole: dict[str, bytes], kind: str, name: str, other: str, modality: str
) -> None:
    (tmp_path / "below").mkdir()
    for there in ("other.mp4", "below/other.mp4"):
        (tmp_path / there).write_bytes(whole[".mp4"])
    (tmp_path / name).write_text(LISTS[kind].format(other))
    with pytest.raises(ManifestError, match=f"{name}"):
        load(tmp_path, name, modality)


@pytest.mark.parametrize("name", ["12:30.mp4", "http:x.mp4", "concat:x.mp4", "-i.mp4", "%03d.mp4"])
def test_a_name_is_never_taken_for_an_address(
    tmp_path: Path, whole: dict[str, bytes], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(whole[".mp4"])
    clip = load(Path(), name, "video")
    with ResultWriter("run:1", {"it": Declared("it", "video")}) as writer:
        writer.write("k", {"it": clip}, Told())
    assert list(tmp_path.glob("run:1/k/0/*.mp4"))


@pytest.mark.parametrize(("entry", "modality"), [(b"avc1", "video"), (b"mp4a", "audio")])
def test_an_encrypted_film_is_refused(tmp_path: Path, entry: bytes, modality: str) -> None:
    """Whose decoders give noise, and no error."""
    path = film(tmp_path / "a.mp4", [0.0, 0.04, 0.08], sound=click(0.5, 0.1))
    load(tmp_path, "a.mp4", modality)
    data = path.read_bytes()
    assert data.count(entry + bytes(6)) == 1
    path.write_bytes(data.replace(entry + bytes(6), b"enc" + modality[:1].encode() + bytes(6)))
    with pytest.raises(ManifestError, match="its tracks are encrypted; decrypt it first"):
        load(tmp_path, "a.mp4", modality)


@pytest.mark.parametrize(
    ("name", "video", "audio"),
    [("x.avi", "mpeg4", "pcm_s16le"), ("x.avi", "mjpeg", "libmp3lame"), ("x.ogv", "", "flac")],
)
def test_avi_and_ogg_that_are_cut_off_are_refused(
    tmp_path: Path, name: str, video: str, audio: str
) -> None:
    """Whose demuxers end where the file does, between two packets as within one."""
    path = tmp_path / name
    with av.open(str(path), "w", format="ogg" if name == "x.ogv" else None) as container:
        sound = container.add_stream(audio, rate=48_000, layout="mono")
        if video:
            film = container.add_stream(video, rate=25)
            film.width, film.height = 64, 48
            film.pix_fmt = "yuvj420p" if video == "mjpeg" else "yuv420p"
            for level in range(50):
                frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), level, np.uint8), "rgb24")
                container.mux(film.encode(frame))
            container.mux(film.encode(None))
        noise = np.random.default_rng(1).normal(0, 0.1, (1, 96_000)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(noise, "fltp", "mono")
        frame.sample_rate, frame.pts = 48_000, 0
        resampler = av.AudioResampler(sound.codec_context.format.name, "mono", 48_000)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(sound.encode(piece))
        container.mux(sound.encode(None))
    assert load(tmp_path, name, "audio")["array"].shape[0] >= 96_000
    data = path.read_bytes()
    for share in (0.5, 0.8, 0.97):
        path.write_bytes(data[: int(share * len(data))])
        with pytest.raises(ManifestError, match="which is damaged: it ends"):
            load(tmp_path, name, "audio")


def test_a_gif_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.gif"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("gif", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb8"
        for level in range(20):
            noise = np.random.default_rng(level).integers(0, 255, (48, 64, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(noise, "rgb24")))
        container.mux(stream.encode(None))
    data = path.read_bytes()
    for whole in (data, data[:-1], data + bytes(9)):
        path.write_bytes(whole)
        assert len(load(tmp_path, "x.gif", "video")["frames"]) == 20
    for share in (0.3, 0.71, 0.96):
        path.write_bytes(data[: int(share * len(data))])
        with pytest.raises(ManifestError, match="which is damaged: it ends inside a picture"):
            load(tmp_path, "x.gif", "video")
