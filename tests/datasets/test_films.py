"""Folders of films: real films, sounds and subtitles in and out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from syncaug import ManifestError, load_policy
from syncaug.datasets import films
from syncaug.io.containers import list_tracks
from tests.samples import DATA


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    (folder / "more").mkdir()
    shutil.copy(DATA / "bunny" / "bunny.mp4", folder)
    shutil.copy(DATA / "webb" / "webb.mp4", folder / "more")
    shutil.copy(DATA / "webb" / "webb.srt", folder / "more")
    return folder


def test_films_are_samples(root: Path) -> None:
    assert films.streams(root) == {
        "video": {"modality": "video"},
        "audio": {"modality": "audio"},
        "subtitles": {"modality": "timed_text", "optional": True},
    }
    samples = films.samples(root)
    assert samples.keys == ("bunny", "more/webb")
    first = samples[0]
    assert set(first) == {"video", "audio", "source"}
    assert first["audio"]["array"].shape[0] == 6
    assert "subtitles" in samples[1]


@pytest.mark.parametrize("name", ["a [x]", "what?*", "film.v1"])
def test_names_that_are_patterns_are_names(tmp_path: Path, name: str) -> None:
    shutil.copy(DATA / "webb" / "webb.mp4", tmp_path / f"{name}.mp4")
    shutil.copy(DATA / "webb" / "webb.srt", tmp_path / f"{name}.srt")
    [sample] = films.samples(tmp_path)
    assert sample["source"]["key"] == name
    assert sample["source"]["files"]["subtitles"] == f"{name}.srt"


@pytest.mark.parametrize("tag", [".en", ".pt-BR", ".de.forced"])
def test_subtitles_may_be_named_after_their_language(tmp_path: Path, tag: str) -> None:
    root = tmp_path / "in"
    root.mkdir()
    shutil.copy(DATA / "webb" / "webb.mp4", root / "a.film.mp4")
    shutil.copy(DATA / "webb" / "webb.srt", root / f"a.film{tag}.srt")
    (root / "a.film.info.json").write_bytes(b"{}")
    assert films.streams(root)["subtitles"] == {"modality": "timed_text"}
    [sample] = films.samples(root)
    assert len(sample["subtitles"]) > 3
    films.write([sample, sample], tmp_path / "out")
    named = {path.name for path in (tmp_path / "out").glob("*.srt")}
    assert named == {f"a.film{tag}.srt", f"a.film-1{tag}.srt"}
    shutil.copy(DATA / "webb" / "webb.srt", root / "a.film.fr.vtt")
    with pytest.raises(ManifestError, match=r"expected one file of subtitles .* got a\.film\."):
        films.streams(root)
    shutil.copy(DATA / "webb" / "webb.srt", root / "a.film.srt")
    [sample] = films.samples(root)
    assert sample["source"]["files"]["subtitles"] == "a.film.srt"


def test_subtitles_of_a_film_with_a_longer_name_are_its_own(tmp_path: Path) -> None:
    for name in ("film.mp4", "film.cut.mp4"):
        shutil.copy(DATA / "webb" / "webb.mp4", tmp_path / name)
    shutil.copy(DATA / "webb" / "webb.srt", tmp_path / "film.cut.srt")
    files = [sample["source"]["files"].get("subtitles") for sample in films.samples(tmp_path)]
    assert files == ["film.mp4", "film.cut.srt"]


def test_a_trim_reaches_film_sound_and_subtitles(root: Path, tmp_path: Path) -> None:
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": films.streams(root),
            "untouched": ["source"],
            "steps": [{"name": "part", "uses": "trim", "with": {"start": 1.0, "duration": 2.0}}],
        }
    )
    before = list(films.samples(root))
    films.write(
        (policy(sample, key=sample["source"]["key"]) for sample in before), tmp_path / "out"
    )
    names = {
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")
    }
    assert names == {"bunny.mp4", "more/webb.mp4", "more/webb.srt"}
    for sample, result in zip(before, films.samples(tmp_path / "out"), strict=True):
        rate = result["audio"]["sampling_rate"]
        assert result["audio"]["array"].shape[-1] / rate == pytest.approx(2.0, abs=0.05)
        film = result["video"]
        assert len(film["frames"]) / film["fps"] == pytest.approx(2.0, abs=0.05)
        if "subtitles" in result:
            wanted = [cue for cue in sample["subtitles"] if cue["end"] > 1 and cue["start"] < 3]
            assert len(result["subtitles"]) == len(wanted)
            for cue, other in zip(result["subtitles"], wanted, strict=True):
                assert cue["start"] == pytest.approx(max(0.0, other["start"] - 1), abs=1e-3)
    assert [track.kind for track in list_tracks(tmp_path / "out" / "bunny.mp4")] == [
        "video",
        "audio",
    ]


def test_several_results_of_a_film(root: Path, tmp_path: Path) -> None:
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": films.streams(root),
            "untouched": ["source"],
            "steps": [{"name": "part", "uses": "trim", "with": {"duration": 0.5}}],
        }
    )
    sample = films.samples(root)[0]
    films.write([policy(sample, key=0, epoch=epoch) for epoch in range(2)], tmp_path / "out")
    assert films.samples(tmp_path / "out").keys == ("bunny", "bunny-1")


def test_what_is_no_film_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="expected a folder of films"):
        films.samples(tmp_path)
    (tmp_path / "a.mp4").write_bytes(b"no film")
    with pytest.raises(ManifestError, match=r"a\.mp4"):
        films.samples(tmp_path)[0]
    shutil.copy(DATA / "bunny" / "bunny.mp4", tmp_path / "a.mkv")
    with pytest.raises(
        ManifestError, match=r"expected one film of each name; got a\.mkv and a\.mp4"
    ):
        films.samples(tmp_path)
