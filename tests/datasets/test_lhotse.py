"""Lhotse's cuts: what its own classes write is read, and they open what is written."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lhotse import CutSet, MonoCut, MultiCut, Recording, SupervisionSegment
from lhotse.audio.recording import VideoInfo
from lhotse.supervision import AlignmentItem

from syncaug import ManifestError, load_policy
from syncaug.datasets import lhotse
from tests.samples import DATA

JFK = DATA / "jfk" / "jfk.wav"
BUNNY = DATA / "bunny" / "bunny.mp4"


def cuts() -> CutSet:
    """A part of the speech, with words, and the whole of it, without text."""
    speech = Recording.from_file(JFK)
    words = [AlignmentItem("and", 0.3, 0.2, 0.9), AlignmentItem("so", 0.6, 0.25)]
    said = SupervisionSegment(
        id="jfk-1",
        recording_id=speech.id,
        start=0.3,
        duration=1.5,
        text="and so, my fellow Americans",
        speaker="JFK",
        language="English",
        alignment={"word": words},
        custom={"mood": "solemn"},
    )
    part = MonoCut(
        "part", start=0.0, duration=3.25, channel=0, recording=speech, supervisions=[said]
    )
    whole = MonoCut("whole", start=0.0, duration=speech.duration, channel=0, recording=speech)
    return CutSet.from_cuts([part, whole])


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "cuts_train.jsonl.gz"
    path.parent.mkdir()
    cuts().to_file(path)
    return path


def test_cuts_sound_and_say_what_lhotse_says(manifest: Path) -> None:
    samples = lhotse.samples(manifest.parent)
    assert samples.keys == ("part", "whole")
    for cut, sample in zip(cuts(), samples, strict=True):
        assert sample["audio"]["sampling_rate"] == cut.sampling_rate
        assert np.array_equal(sample["audio"]["array"], cut.load_audio()[0])
        for cue, said in zip(sample["supervisions"], cut.supervisions, strict=True):
            assert (cue["start"], cue["end"], cue["text"]) == (said.start, said.end, said.text)
            assert cue["speaker"] == said.speaker
            assert [(w["word"], w["start"]) for w in cue["words"]] == [
                (item.symbol, item.start) for item in said.alignment["word"]
            ]


def test_lhotse_opens_what_is_written(
    manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = list(lhotse.samples(manifest))
    lhotse.write([*samples, samples[0]], tmp_path / "out")
    monkeypatch.chdir(tmp_path / "out")
    result = CutSet.from_file("cuts.jsonl.gz")
    assert [cut.id for cut in result] == ["part", "whole", "part-1"]
    first = next(iter(result))
    assert np.array_equal(first.load_audio()[0], samples[0]["audio"]["array"])
    said, before = first.supervisions[0], next(iter(cuts())).supervisions[0]
    assert (said.text, said.speaker, said.language, said.custom) == (
        before.text, before.speaker, before.language, before.custom,
    )  # fmt: skip
    assert said.start == pytest.approx(before.start)
    assert said.duration == pytest.approx(before.duration)
    for one, other in zip(said.alignment["word"], before.alignment["word"], strict=True):
        assert one.symbol == other.symbol
        assert one.score == other.score
        assert (one.start, one.duration) == pytest.approx((other.start, other.duration))


def test_supervisions_follow_the_sound(manifest: Path, tmp_path: Path) -> None:
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": lhotse.STREAMS,
            "untouched": ["source"],
            "steps": [{"name": "faster", "uses": "speed", "with": {"factor": 1.25}}],
        }
    )
    sample = lhotse.samples(manifest)[0]
    lhotse.write([policy(sample, key="part")], tmp_path / "out")
    with gzip.open(tmp_path / "out" / "cuts.jsonl.gz", "rt") as file:
        cut = json.loads(file.readline())
    said = cut["supervisions"][0]
    assert said["start"] == pytest.approx(0.3 / 1.25, abs=1e-6)
    assert said["duration"] == pytest.approx(1.5 / 1.25, abs=1e-6)
    assert said["alignment"]["word"][1][1] == pytest.approx(0.6 / 1.25, abs=1e-6)
    assert cut["duration"] == pytest.approx(3.25 / 1.25, abs=1e-3)


def test_channels_of_a_cut_are_those_that_it_names(tmp_path: Path) -> None:
    import soundfile

    sound = np.stack([np.full(800, 0.1), np.full(800, 0.2), np.full(800, 0.3)], axis=1)
    soundfile.write(tmp_path / "three.wav", sound, 8000, subtype="FLOAT")
    recording = Recording.from_file(tmp_path / "three.wav")
    both = MultiCut("both", start=0.01, duration=0.05, channel=[2, 0], recording=recording)
    CutSet.from_cuts([both]).to_file(tmp_path / "cuts.jsonl")
    array = lhotse.samples(tmp_path)[0]["audio"]["array"]
    assert array.shape == (2, 400)
    assert np.allclose(array[:, 0], [0.3, 0.1])
    lhotse.write(lhotse.samples(tmp_path), tmp_path / "out")
    assert lhotse.samples(tmp_path / "out")[0]["audio"]["array"].shape == (2, 400)


BROKEN: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", r"cuts.jsonl:1: expected a cut in JSON"),
    "a padded cut": ({"type": "PaddingCut", "id": "x"}, "expected a MonoCut or a MultiCut"),
    "no recording": (
        {"id": "x", "start": 0, "duration": 1, "type": "MonoCut"},
        "expected 'recording' in a cut; got none",
    ),
    "a lost file": (
        {
            "id": "x", "start": 0, "duration": 1, "channel": 0, "type": "MonoCut",
            "recording": {
                "id": "r", "sampling_rate": 8000, "num_samples": 8000, "duration": 1,
                "sources": [{"type": "file", "channels": [0], "source": "lost.wav"}],
            },
        },
        "lost.wav, which does not exist",
    ),
}  # fmt: skip


def test_cuts_of_old_manifests_are_single_channel_cuts(manifest: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in gzip.decompress(manifest.read_bytes()).splitlines()]
    old = "".join(json.dumps({**row, "type": "Cut"}) + "\n" for row in rows)
    (tmp_path / "cuts.jsonl").write_text(old)
    assert lhotse.samples(tmp_path / "cuts.jsonl").keys == lhotse.samples(manifest).keys


def test_a_cut_of_a_film_is_refused(tmp_path: Path) -> None:
    """Its pictures would be lost."""
    sound = Recording.from_file(BUNNY)
    seen = VideoInfo(fps=24.0, num_frames=132, height=360, width=640)
    film = replace(sound, sources=[replace(sound.sources[0], video=seen)])
    assert film.has_video
    for name, recording in (("sound", sound), ("film", film)):
        cut = MonoCut(name, start=0.0, duration=1.0, channel=0, recording=recording)
        (tmp_path / name).mkdir()
        CutSet.from_cuts([cut]).to_file(tmp_path / name / "cuts.jsonl")
    assert lhotse.samples(tmp_path / "sound").keys == ("sound",)
    with pytest.raises(ManifestError, match="cut 'film': expected a recording of sound alone; got"):
        lhotse.samples(tmp_path / "film")


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_manifest_is_one_error(tmp_path: Path, name: str) -> None:
    line, told = BROKEN[name]
    text = line if isinstance(line, str) else json.dumps(line)
    (tmp_path / "cuts.jsonl").write_text(text + "\n")
    with pytest.raises(ManifestError, match=told):
        lhotse.samples(tmp_path)[0]


def test_channels_of_supervisions_are_those_of_the_new_recording(tmp_path: Path) -> None:
    import soundfile

    sound = np.stack([np.full(800, 0.1), np.full(800, 0.2), np.full(800, 0.3)], axis=1)
    soundfile.write(tmp_path / "three.wav", sound, 8000, subtype="FLOAT")
    recording = Recording.from_file(tmp_path / "three.wav")
    said = [
        SupervisionSegment("a", recording.id, 0.0, 0.02, channel=2, text="third"),
        SupervisionSegment("b", recording.id, 0.02, 0.02, channel=[2, 1], text="both"),
    ]
    both = MultiCut("both", 0.0, 0.05, channel=[1, 2], recording=recording, supervisions=said)
    CutSet.from_cuts([both]).to_file(tmp_path / "cuts.jsonl")
    lhotse.write(lhotse.samples(tmp_path), tmp_path / "out")
    cut = json.loads(gzip.decompress((tmp_path / "out" / "cuts.jsonl.gz").read_bytes()))
    assert cut["channel"] == [0, 1]
    assert [one["channel"] for one in cut["supervisions"]] == [1, [1, 0]]


def test_what_was_worked_out_from_the_old_sound_is_left_out(tmp_path: Path) -> None:
    """Features of the sound before would be taken for those of the result."""
    cut = cuts()[0].to_dict()
    cut["features"] = {"type": "fbank", "storage_type": "numpy_files", "storage_path": "old"}
    kept = {"mood": "solemn", "weights": {"low": 1}}
    cut["custom"] = {
        **kept,
        "codes": {"array": {"storage_type": "numpy_files"}, "start": 0},
        "noise": {"id": "n", "sources": [], "sampling_rate": 8000},
    }
    (tmp_path / "cuts.json").write_text(json.dumps([cut], indent=2))
    lhotse.write(lhotse.samples(tmp_path), tmp_path / "out")
    told = json.loads(gzip.decompress((tmp_path / "out" / "cuts.jsonl.gz").read_bytes()))
    assert "features" not in told
    assert told["custom"] == kept


def test_each_cut_of_a_long_recording_is_its_part(tmp_path: Path) -> None:
    speech = Recording.from_file(JFK)
    parts = [(0.0, 0.4), (0.99999, 2.3), (3.2, 1.0), (10.5, speech.duration - 10.5)]
    made = [
        MonoCut(str(number), start=start, duration=duration, channel=0, recording=speech)
        for number, (start, duration) in enumerate(parts)
    ]
    CutSet.from_cuts(made).to_file(tmp_path / "cuts.jsonl")
    for cut, sample in zip(made, lhotse.samples(tmp_path), strict=True):
        assert np.array_equal(sample["audio"]["array"], cut.load_audio()[0])


def test_a_recording_of_another_rate_is_refused(manifest: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in gzip.decompress(manifest.read_bytes()).splitlines()]
    for row in rows:
        row["recording"]["sampling_rate"] = 8000
    path = tmp_path / "cuts.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8", newline="\n")
    with pytest.raises(ManifestError, match=r"sound of 8000 Hz, as its recording says; got .* Hz"):
        lhotse.samples(path)[0]
