"""Containers written and read again: times, samples and cues are where they were."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from syncaug.clips.clip import ArrayClip, regular_times
from syncaug.io.container_forms import FORMS, SOUNDS, Coding
from syncaug.io.container_writer import Contents, write_container
from syncaug.io.containers import list_tracks
from syncaug.io.problem import FileProblem
from syncaug.io.soundtrack import read_soundtrack
from syncaug.io.subtitle_track import read_subtitle_track
from syncaug.io.video import open_clip
from tests.io.films import click, loudest, numbers_of, picture
from tests.samples import DATA

COUNT = 40
PICTURES = np.stack([picture(number) for number in range(COUNT)])
VARYING = np.cumsum(np.random.default_rng(2).uniform(0.011, 0.09, COUNT))
CLIPS = {
    "25": ArrayClip(PICTURES, regular_times(COUNT, 25.0), COUNT / 25),
    "ntsc": ArrayClip(PICTURES, regular_times(COUNT, 30000 / 1001), COUNT * 1001 / 30000),
    "odd rate": ArrayClip(PICTURES, regular_times(COUNT, 11.37), COUNT / 11.37),
    "varying": ArrayClip(PICTURES, VARYING - VARYING[0], float(VARYING[-1] - VARYING[0] + 0.3)),
    "late": ArrayClip(PICTURES, regular_times(COUNT, 25.0) + 0.1234, 0.1234 + COUNT / 25),
}
SUFFIXES = (".mp4", ".mov", ".mkv", ".webm")
CUES = [
    {
        "start": 0.12345,
        "end": 0.7,
        "text": "left one\ntwo",
        "ass": {"markup": r"{\i1}left{\i0} one\Ntwo"},
    },
    {"start": 0.7, "end": 1.23456, "text": "a < b & c"},
]


def correlated(a: NDArray[Any], b: NDArray[Any]) -> float:
    """By how many samples `b` lags behind `a`, to a fraction of one."""
    size = 2 * max(len(a), len(b))
    both = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)
    peak = int(np.argmax(both))
    left, middle, right = both[peak - 1], both[peak], both[(peak + 1) % size]
    offset = 0.5 * (left - right) / (left - 2 * middle + right)
    return float((peak + offset + size / 2) % size - size / 2)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", CLIPS)
def test_frames_keep_their_times(tmp_path: Path, suffix: str, kind: str) -> None:
    clip = CLIPS[kind]
    write_container(tmp_path / f"it{suffix}", Contents([clip]), Coding())
    back = open_clip(tmp_path / f"it{suffix}")
    tick = FORMS[suffix].tick or 90_000
    exact = kind in ("25", "ntsc", "odd rate")
    assert back.shape == clip.shape
    assert back.fps == pytest.approx(clip.fps, rel=1e-9)
    assert np.abs(back.times - clip.times).max() <= (1e-12 if exact else 0.51 / tick + 1e-9)
    assert back.duration == pytest.approx(clip.duration, abs=1e-9 if exact else 2.01 / tick)
    assert numbers_of(back.read(range(COUNT))) == list(range(COUNT))


@pytest.mark.parametrize(
    ("suffix", "sound"), [(suffix, sound) for suffix in SUFFIXES for sound in FORMS[suffix].sounds]
)
def test_sound_keeps_its_place_and_its_length(tmp_path: Path, suffix: str, sound: str) -> None:
    """The offset between sound and picture is under half a sample, whatever the codec."""
    samples = click(1.613, 0.3003, 1.1001, channels=2)
    contents = Contents([CLIPS["25"]], [(samples, 48000)])
    write_container(tmp_path / f"it{suffix}", contents, Coding(sound=sound))
    back = read_soundtrack(tmp_path / f"it{suffix}", {})
    assert back["sampling_rate"] == 48000
    assert loudest(back["array"]) == loudest(samples)
    for before, after in zip(samples, back["array"], strict=True):
        assert abs(correlated(before, after)) < 0.5
    extra = back["array"].shape[1] - samples.shape[1]
    assert 0 <= extra < 1024 if (suffix, sound) == (".mkv", "aac") else extra == 0
    if sound in ("pcm", "alac", "flac"):
        assert np.abs(back["array"] - samples).max() <= (0 if sound == "pcm" else 2.0**-23)


@pytest.mark.parametrize(
    ("suffix", "sound", "channels"),
    [
        (suffix, sound, channels)
        for suffix, sound in [
            (".mp4", "aac"),
            (".mp4", "alac"),
            (".mkv", "flac"),
            (".webm", "opus"),
        ]
        for channels in SOUNDS[sound].channels
    ],
)
def test_channels_keep_their_order(tmp_path: Path, suffix: str, sound: str, channels: int) -> None:
    time = np.arange(24000) / 48000
    samples = np.stack([0.3 * np.sin(2 * np.pi * 40 * (k + 1) * time) for k in range(channels)])
    contents = Contents([CLIPS["25"]], [(samples.astype(np.float32), 48000)])
    write_container(tmp_path / f"it{suffix}", contents, Coding(sound=sound))
    back = np.atleast_2d(read_soundtrack(tmp_path / f"it{suffix}", {})["array"])
    alike = np.abs(np.corrcoef(samples[:, 4000:20000], back[:, 4000:20000])[:channels, channels:])
    assert (alike.argmax(axis=1) == np.arange(channels)).all(), alike.round(2)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_cues_keep_their_times_texts_and_marks(tmp_path: Path, suffix: str) -> None:
    write_container(tmp_path / f"it{suffix}", Contents([CLIPS["25"]], texts=[CUES]), Coding())
    back = read_subtitle_track(tmp_path / f"it{suffix}", {})
    assert [cue["text"] for cue in back] == [cue["text"] for cue in CUES]
    assert back[0]["ass"]["markup"].startswith(r"{\i1}left{\i0} one") or (
        back[0]["ass"]["markup"].startswith(r"{\i1}left{\r} one")  # how MP4's styles are told
    )
    half = 0.5 / (FORMS[suffix].tick or 100_000) + 1e-9
    for before, after in zip(CUES, back, strict=True):
        assert abs(before["start"] - after["start"]) <= half
        assert abs(before["end"] - after["end"]) <= half


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_track_without_cues_stays_a_track(tmp_path: Path, suffix: str) -> None:
    write_container(tmp_path / f"it{suffix}", Contents([CLIPS["25"]], texts=[[]]), Coding())
    assert read_subtitle_track(tmp_path / f"it{suffix}", {}) == []


def test_several_tracks_of_each_kind(tmp_path: Path) -> None:
    small = ArrayClip(PICTURES[:, ::2, ::2], CLIPS["25"].times, CLIPS["25"].duration)
    sounds = [(click(1.0, 0.2), 48000), (click(1.0, 0.7, rate=16000), 16000)]
    contents = Contents([CLIPS["ntsc"], small], sounds, [CUES, CUES[1:]])
    write_container(tmp_path / "it.mp4", contents, Coding())
    kinds = [(t.kind, t.number, t.width or t.rate) for t in list_tracks(tmp_path / "it.mp4")]
    assert kinds == [
        ("video", 0, 64), ("video", 1, 32), ("audio", 0, 48000), ("audio", 1, 16000),
        ("subtitle", 0, 0.0), ("subtitle", 1, 0.0),
    ]  # fmt: skip
    assert open_clip(tmp_path / "it.mp4", 1).shape == (COUNT, 24, 32, 3)
    back = read_soundtrack(tmp_path / "it.mp4", {"sample_rate": 16000}, track=1)
    assert loudest(back) == [11200]
    assert len(read_subtitle_track(tmp_path / "it.mp4", {}, track=1)) == 1


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_contents_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    contents = Contents([CLIPS["varying"]], [(click(1.0, 0.5, channels=2), 48000)], [CUES])
    files = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for file in files:
        write_container(file, contents, Coding())
    assert files[0].read_bytes() == files[1].read_bytes()


def test_threads_of_the_encoder_are_as_told(tmp_path: Path) -> None:
    tall = np.repeat(PICTURES[:12], 8, axis=1)  # x264 gives a thread 32 rows at least
    contents = Contents([ArrayClip(tall, np.arange(12) / 25, 12 / 25)])
    files = {threads: tmp_path / f"{threads}.mp4" for threads in (1, 2, 4)}
    for threads, file in files.items():
        write_container(file, contents, Coding(threads=threads))
        assert f" threads={threads} ".encode() in file.read_bytes()  # x264 notes its settings
    write_container(tmp_path / "default.mp4", contents, Coding())
    assert (tmp_path / "default.mp4").read_bytes() == files[4].read_bytes()


@pytest.mark.parametrize("form", ["odd", "float", "grey"])
def test_frames_of_every_form(tmp_path: Path, form: str) -> None:
    pictures: NDArray[Any] = PICTURES[:5]
    if form == "odd":
        pictures = pictures[:, :47, :63]
    elif form == "float":
        pictures = (pictures / 255).astype(np.float32)
    else:
        pictures = pictures[..., 1:2]
    clip = ArrayClip(pictures, regular_times(5, 25.0), 0.2)
    write_container(tmp_path / "it.mp4", Contents([clip]), Coding())
    back = open_clip(tmp_path / "it.mp4")
    assert back.shape == (*pictures.shape[:3], 3)
    wanted = np.broadcast_to(pictures, back.shape) * (255.0 if form == "float" else 1.0)
    error = float(np.abs(back.read(range(5)) - wanted).mean())
    assert error < 4  # grey levels


def test_what_is_lost_can_hardly_be_measured(tmp_path: Path) -> None:
    """A smooth moving picture at the default quality; x264 stores colours at half the size."""
    y, x = np.mgrid[0:96, 0:128]
    frames = np.stack(
        [
            np.stack([128 + 90 * np.sin((x + k) / 25), 128 + 90 * np.cos(y / 20), x + y / 2], -1)
            for k in range(10)
        ]
    ).astype(np.uint8)
    clip = ArrayClip(frames, regular_times(10, 25.0), 0.4)
    quality = {}
    for crf in (0, 12, 40):
        write_container(tmp_path / "it.mp4", Contents([clip]), Coding(crf=crf))
        error = open_clip(tmp_path / "it.mp4").read(range(10)).astype(float) - frames
        quality[crf] = 10 * np.log10(255**2 / np.mean(error**2))
    assert quality[12] > 40  # decibels
    assert quality[0] > quality[12] > quality[40] + 3


def test_a_reader_of_frames_is_asked_for_a_few_at_a_time(tmp_path: Path) -> None:
    asked: list[int] = []

    class Long(ArrayClip):
        """Frames of a megabyte, made when they are read."""

        @property
        def shape(self) -> tuple[int, int, int, int]:
            return len(self.times), 480, 720, 3

        def __len__(self) -> int:
            return len(self.times)

        def read(self, indices: Any) -> NDArray[np.uint8]:
            asked.append(len(indices))
            return np.zeros((len(indices), 480, 720, 3), np.uint8)

    told: list[tuple[int, int]] = []
    clip = Long(PICTURES[:1], regular_times(100, 25.0), 4.0)
    write_container(
        tmp_path / "it.mp4",
        Contents([clip]),
        Coding(preset="ultrafast"),
        progress=lambda done, total: told.append((done, total)),
    )
    assert max(asked) <= 32
    assert sum(asked) == 100
    assert told[-1] == (100, 100)
    assert all(before[0] < after[0] for before, after in pairwise(told))


@pytest.mark.parametrize(
    ("contents", "coding", "message"),
    [
        (Contents([ArrayClip(PICTURES[:0], np.zeros(0), 0.0)]), Coding(), "a video with frames"),
        (Contents([ArrayClip(PICTURES[..., :2], np.arange(40.0), 40.0)]), Coding(), "1 or 3 chan"),
        (Contents([CLIPS["25"]], [(np.zeros((9, 9), np.float32), 48000)]), Coding(), "1 to 8 chan"),
        (Contents([CLIPS["25"]], [(np.zeros(9, np.float32), 48000)]), Coding(sound="opus"), "mp4"),
        (Contents([CLIPS["25"]], [(np.zeros(9, np.float32), 7)]), Coding(sound="aac"), "at 7 Hz"),
        (Contents([CLIPS["25"]]), Coding(preset="worst"), "tracks that can be encoded"),
    ],
)
def test_what_cannot_be_written_leaves_nothing(
    tmp_path: Path, contents: Contents, coding: Coding, message: str
) -> None:
    with pytest.raises(FileProblem, match=message):
        write_container(tmp_path / "it.mp4", contents, coding)
    assert list(tmp_path.iterdir()) == []


def test_a_clip_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    class Broken(ArrayClip):
        def read(self, indices: Any) -> NDArray[np.uint8]:
            raise KeyError("gone")

    with pytest.raises(KeyError):
        write_container(
            tmp_path / "it.mp4", Contents([Broken(PICTURES, CLIPS["25"].times, 1.6)]), Coding()
        )
    assert list(tmp_path.iterdir()) == []


def test_clicks_and_flashes_over_webb_stay_together(tmp_path: Path) -> None:
    """Measured: sound against picture before and after, in samples and frames."""
    clip = open_clip(DATA / "webb" / "webb.mp4", 1)
    frames = clip.read(range(len(clip)))
    said = read_soundtrack(DATA / "webb" / "webb.mp4", {}, track=1)
    rate = said["sampling_rate"]
    speech = said["array"].copy()
    flashes = [30, 150, 299]
    for index in flashes:
        frames[index] = 255
        speech[:, round(clip.times[index] * rate)] = 0.99
    contents = Contents([ArrayClip(frames, clip.times, clip.duration)], [(speech, rate)])
    write_container(tmp_path / "it.mp4", contents, Coding())
    back = open_clip(tmp_path / "it.mp4")
    heard = read_soundtrack(tmp_path / "it.mp4", {})["array"]
    assert heard.shape == speech.shape
    lag = correlated(speech[0], heard[0])
    assert abs(lag) < 0.05, lag  # samples of 62.5 microseconds
    levels = back.read(range(len(back))).mean(axis=(1, 2, 3))
    assert sorted(np.argsort(-levels)[:3].tolist()) == flashes
    for index in flashes:
        shown = back.times[index]
        place = round(clip.times[index] * rate)
        near = heard[0, place - 20 : place + 20]
        heard_at = (place - 20 + int(np.abs(near).argmax())) / rate
        assert abs(heard_at - shown) <= 0.5 / rate + 1e-9
