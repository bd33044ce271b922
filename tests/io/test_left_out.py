"""What results do not hold is named once a file; languages of tracks stay."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner

from syncaug.cli import apply, replay
from syncaug.io.containers import list_tracks
from tests.io.films import click, film
from tests.samples import DATA

POLICY = """syncaug: 1
name: p
sample: {video: {modality: video}, speech: {modality: audio}, subs: {modality: timed_text}}
steps: [{name: turn, uses: flip, with: {axis: horizontal}}]
"""


def spoken(folder: Path, suffix: str, text: str) -> Path:
    """A film whose sound is German and whose cues are French."""
    source = film(
        folder / f"source{suffix}", np.arange(10) / 25, sound=click(0.4, 0.1),
        audio="aac" if suffix != ".mkv" else "flac", text=text, cues=[(0.1, 0.3, "un")],
        options={"bf": "0"},
    )  # fmt: skip
    path = folder / f"it{suffix}"
    with av.open(str(source)) as before, av.open(str(path), "w") as after:
        streams = {}
        for old in before.streams:
            streams[old.index] = after.add_stream_from_template(old)
            language = {"audio": "ger", "subtitle": "fre"}.get(old.type)
            if language:
                streams[old.index].metadata["language"] = language
        for packet in before.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                after.mux(packet)
    return path


def applied(folder: Path, values: dict[str, str], policy: str = POLICY) -> str:
    (folder / "p.yaml").write_text(policy)
    (folder / "m.jsonl").write_text(json.dumps({"key": "k", **values}) + "\n")
    done = CliRunner().invoke(
        apply.command,
        [str(folder / "p.yaml"), "--manifest", str(folder / "m.jsonl"), "--out",
         str(folder / "out"), "--crf", "30", "--preset", "ultrafast"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize(("suffix", "text"), [(".mkv", "subrip"), (".mp4", "mov_text")])
def test_languages_stay(tmp_path: Path, suffix: str, text: str) -> None:
    name = spoken(tmp_path, suffix, text).name
    said = applied(tmp_path, {"video": name, "speech": name, "subs": name})
    assert "no stream takes" not in said
    line = json.loads((tmp_path / "out" / "manifest.jsonl").read_text())
    tracks = list_tracks(tmp_path / "out" / line["video"])
    assert [track.language for track in tracks if track.kind != "video"] == ["ger", "fre"]
    done = CliRunner().invoke(replay.command, [str(tmp_path / "out" / "records.jsonl"), "--verify"])
    assert "differing: []" in done.output


def test_tracks_that_no_stream_takes_and_pixels_that_are_not_square(tmp_path: Path) -> None:
    name = spoken(tmp_path, ".mkv", "subrip").name
    policy = POLICY.replace(", subs: {modality: timed_text}", "").replace(
        ", speech: {modality: audio}", ""
    )
    said = " ".join(applied(tmp_path, {"video": name}, policy).split())
    assert "not in the results: audio 0 (ger), subtitle 0 (fre)." in said
    other = tmp_path / "other"
    other.mkdir()
    bunny = str(DATA / "bunny" / "bunny.mp4")
    said = " ".join(applied(other, {"video": bunny}, policy).split())
    assert "the pixels of video 0 are 4:3 and not square" in said
