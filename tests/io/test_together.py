"""Streams of one container go into one container again, and the new manifest says where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug.clips.clip import ArrayClip, regular_times
from syncaug.errors import ManifestError
from syncaug.io import Formats, ResultWriter, load_sample, read_manifest, save_sample
from syncaug.io.container_forms import Coding
from syncaug.io.containers import list_tracks
from tests.io.films import click, film, numbers_of
from tests.io.material import Declared
from tests.io.test_writer import Told, tree
from tests.samples import DATA

STREAMS = {
    stream.name: stream
    for stream in (
        Declared("video", "video"),
        Declared("speech", "audio", {"track": 1}),
        Declared("other", "audio"),
        Declared("subtitles", "timed_text"),
        Declared("imu", "imu", {"units": "degrees_g"}),
        Declared("vector", "embedding"),
        Declared("numbers", "tabular"),
    )
}
WEBB = str(DATA / "webb" / "webb.mp4")


def through(folder: Path, values: dict[str, Any], **how: Any) -> tuple[dict[str, Any], Any, Any]:
    """A line of a manifest loaded, written and loaded again: the new line and both samples."""
    folder.mkdir(exist_ok=True)
    (folder / "m.jsonl").write_text(json.dumps({"key": "a", **values}) + "\n")
    before = load_sample(next(read_manifest(folder / "m.jsonl")), STREAMS)
    with ResultWriter(folder / "out", STREAMS) as writer:
        line = writer.write("a", before, Told(), sources=values, **how)
    after = load_sample(next(read_manifest(folder / "out" / "manifest.jsonl")), STREAMS)
    return line, before, after


def test_one_container_in_one_container_out(tmp_path: Path) -> None:
    line, before, after = through(
        tmp_path, {"video": WEBB, "speech": WEBB, "subtitles": WEBB, "note": "kept"}
    )
    assert line["video"] == line["subtitles"] == "a/0/video.mp4"
    assert line["speech"] == {"path": "a/0/video.mp4", "track": 0}  # declared is track 1
    assert line["note"] == "kept"
    assert tree(tmp_path / "out") == ["a/0/video.mp4", "manifest.jsonl", "records.jsonl"]
    kinds = [track.kind for track in list_tracks(tmp_path / "out" / "a" / "0" / "video.mp4")]
    assert kinds == ["video", "audio", "subtitle"]
    assert after["video"]["fps"] == 25.0
    assert after["video"]["frames"].shape == before["video"]["frames"].shape
    assert after["subtitles"] == before["subtitles"]
    assert after["speech"]["array"].shape == before["speech"]["array"].shape
    assert after["speech"]["sampling_rate"] == 16000


def test_both_sounds_keep_their_numbers(tmp_path: Path) -> None:
    again = WEBB.replace("/webb/", "/webb/../webb/")  # another way to the same file
    line, _, after = through(tmp_path, {"video": WEBB, "other": again, "speech": WEBB})
    assert set(map(str, line.values())) == {"a", "0", "a/0/video.mp4"}
    assert after["other"]["sampling_rate"] == 8000
    assert after["speech"]["sampling_rate"] == 16000


@pytest.mark.parametrize(
    ("suffix", "audio", "text", "gives"),
    [
        (".mkv", "flac", "subrip", ".mkv"),
        (".mov", "aac", "mov_text", ".mov"),
        (".webm", "libopus", "webvtt", ".webm"),
        (".ts", "aac", "", ".mp4"),
    ],
)
def test_kinds_of_containers_are_kept(
    tmp_path: Path, suffix: str, audio: str, text: str, gives: str
) -> None:
    path = film(
        tmp_path / f"it{suffix}",
        np.arange(25) / 25,
        sound=click(1.0, 0.5),
        audio=audio,
        video="libvpx-vp9" if suffix == ".webm" else "libx264",
        text=text,
        cues=[(0.1, 0.9, "hello")] if text else (),
    )
    values = {"video": path.name, "other": path.name}
    if text:
        values["subtitles"] = path.name
    line, before, after = through(tmp_path, values)
    assert line["video"] == f"a/0/video{gives}"
    assert numbers_of(after["video"]["frames"]) == list(range(25))
    assert np.argmax(after["other"]["array"]) == np.argmax(before["other"]["array"])
    if text:
        assert after["subtitles"] == before["subtitles"]


def test_files_of_their_own_stay_files_of_their_own(tmp_path: Path) -> None:
    film(tmp_path / "it.mkv", np.arange(5) / 25)
    values = {
        "video": "it.mkv",
        "subtitles": str(DATA / "jfk" / "jfk.words.srt"),
        "other": str(DATA / "jfk" / "jfk.wav"),
        "imu": str(DATA / "imu" / "imu.csv"),
        "vector": [0.5, 1.0],
        "numbers": [1, 2.5],
    }
    line, before, after = through(tmp_path, values)
    assert line == {
        "key": "a",
        "epoch": 0,
        "video": "a/0/video.mkv",
        "subtitles": "a/0/subtitles.srt",
        "other": "a/0/other.wav",
        "imu": "a/0/imu.csv",
        "vector": [0.5, 1.0],
        "numbers": [1, 2.5],
    }
    assert after["subtitles"] == before["subtitles"]
    assert np.array_equal(after["imu"]["array"], before["imu"]["array"])
    assert after["vector"].tolist() == [0.5, 1.0]


def test_sound_alone_from_a_container_is_stored_exactly(tmp_path: Path) -> None:
    line, before, after = through(tmp_path, {"other": WEBB})
    assert line["other"] == "a/0/other.wav"
    assert np.array_equal(after["other"]["array"], before["other"]["array"])


def test_cues_that_overlap_stand_beside_an_mp4(tmp_path: Path) -> None:
    cues = [
        {"start": 0.0, "end": 2.0, "text": "one"},
        {"start": 1.0, "end": 3.0, "text": "over it"},
    ]
    sample = load_sample_of(tmp_path, {"video": WEBB, "subtitles": WEBB})
    sources = {"video": WEBB, "subtitles": WEBB}
    values = save_sample(tmp_path, {**sample, "subtitles": cues}, STREAMS, sources=sources)
    assert values == {"video": "video.mp4", "subtitles": "subtitles.srt"}
    apart = [cues[0], {**cues[1], "start": 2.0}]
    values = save_sample(tmp_path, {**sample, "subtitles": apart}, STREAMS, sources=sources)
    assert values == {"video": "video.mp4", "subtitles": "video.mp4"}


def load_sample_of(folder: Path, values: dict[str, Any]) -> dict[str, Any]:
    clip = ArrayClip(np.zeros((5, 16, 16, 3), np.uint8), regular_times(5, 25.0), 0.2)
    return dict.fromkeys(values) | {"video": clip}


def test_words_from_json_and_vectors_from_files(tmp_path: Path) -> None:
    words = [{"word": "left", "start": 0.1, "end": 0.2, "score": 1}]
    (tmp_path / "w.json").write_text(json.dumps(words))
    np.save(tmp_path / "v.npy", np.arange(6.0).reshape(3, 2))
    line, _, after = through(tmp_path, {"subtitles": "w.json", "vector": "v.npy"})
    assert line["subtitles"] == "a/0/subtitles.json"
    assert line["vector"] == "a/0/vector.npy"
    assert after["vector"].shape == (3, 2)
    assert json.loads((tmp_path / "out" / line["subtitles"]).read_text()) == words


def test_webm_gives_way_where_opus_does_not_know_the_rate(tmp_path: Path) -> None:
    sample = load_sample_of(tmp_path, {"video": "x.webm"})
    sample["other"] = {"array": click(1.0, 0.5, rate=16000)[0], "sampling_rate": 16000}
    sources = {"video": "x.webm", "other": "x.webm"}
    values = save_sample(tmp_path, sample, STREAMS, sources=sources)
    assert values == {"video": "video.mkv", "other": "video.mkv"}


def test_the_quality_is_the_users(tmp_path: Path) -> None:
    sizes = []
    for crf in (5, 35):
        line, _, _ = through(
            tmp_path / str(crf), {"video": WEBB}, formats=Formats(coding=Coding(crf=crf))
        )
        sizes.append((tmp_path / str(crf) / "out" / line["video"]).stat().st_size)
    assert sizes[0] > 3 * sizes[1]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("video", np.zeros((3, 8, 8, 3), np.uint8), "frames in a second"),
        ("video", np.zeros((8, 8, 3), np.uint8), "frames of shape TxHxWxC"),
        ("video", {"frames": np.zeros((3, 8, 8, 5), np.uint8), "fps": 5}, "1 or 3 channels"),
        ("subtitles", [{"text": "a"}], '"start", "end", "text"'),
        ("subtitles", [{"start": 2.0, "end": 1.0, "text": "a"}], "cues that end after they start"),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, name: str, value: Any, message: str) -> None:
    with (
        ResultWriter(tmp_path / "out", STREAMS) as writer,
        pytest.raises(ManifestError, match=f"stream '{name}': expected .*{message}"),
    ):
        writer.write("a", {name: value}, Told())
    assert tree(tmp_path / "out") == []


@pytest.mark.parametrize("raw", [{"path": "x.mp4", "track": -1}, {"path": "x.mp4", "track": "1"}])
def test_a_track_that_is_no_number(tmp_path: Path, raw: Any) -> None:
    with pytest.raises(ManifestError, match="expected a whole number from 0 as 'track'"):
        through(tmp_path, {"video": raw})
