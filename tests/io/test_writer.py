"""Results on disk: whole at every moment, never mixed with what was there before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug.errors import ManifestError
from syncaug.io import ResultWriter, load_sample, read_manifest
from tests.io.material import Declared

STREAMS = {"image": Declared("image", "image"), "caption": Declared("caption", "text")}


@dataclass(frozen=True)
class Told:
    """A stand-in for a record."""

    number: int = 0

    def to_json(self) -> str:
        return json.dumps({"record": self.number})


def sample(level: int = 0) -> dict[str, Any]:
    return {"image": np.full((4, 5, 3), level, np.uint8), "caption": f"level {level}, größer"}


def tree(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_results_records_and_a_manifest_that_can_be_read_again(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with ResultWriter(out, STREAMS) as writer:
        line = writer.write("cats", sample(1), Told(1))
        writer.write("cats", sample(2), Told(2), epoch=1, variant=1)
        writer.write_record(Told(3))
        writer.write("../x", sample(4), Told(4))
    assert line == {
        "key": "cats",
        "epoch": 0,
        "image": "cats/0/image.png",
        "caption": "level 1, größer",
    }
    entries = list(read_manifest(out / "manifest.jsonl"))
    assert [(entry.key, entry.epoch) for entry in entries] == [
        ("cats", 0),
        ("cats", 1),
        ("../x", 0),
    ]
    for entry, level in zip(entries, (1, 2, 4), strict=True):
        back = load_sample(entry, STREAMS)
        assert np.array_equal(back["image"], sample(level)["image"])
        assert back["caption"] == sample(level)["caption"]
    records = (out / "records.jsonl").read_text().splitlines()
    assert [json.loads(text)["record"] for text in records] == [1, 2, 3, 4]
    assert tree(out)[:3] == ["cats/0/image.png", "cats/1/image.png", "manifest.jsonl"]
    assert tree(tmp_path)[0].startswith("deep/out/")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ManifestError, match="is not empty: expected a new or an empty folder"):
        ResultWriter(tmp_path, STREAMS).__enter__()
    assert tree(tmp_path) == ["thesis.txt"]


def test_overwriting_replaces_results_and_leaves_other_files(tmp_path: Path) -> None:
    with ResultWriter(tmp_path, STREAMS) as writer:
        writer.write("a", sample(1) | {"image": np.zeros((2, 2), np.uint8)}, Told(1))
        writer.write("b", sample(1), Told(1))
    (tmp_path / "thesis.txt").write_text("mine")
    with ResultWriter(tmp_path, STREAMS, overwrite=True) as writer:
        writer.write("a", sample(2), Told(2))
    (entry,) = read_manifest(tmp_path / "manifest.jsonl")
    assert load_sample(entry, STREAMS)["image"].max() == 2
    assert (tmp_path / "records.jsonl").read_text() == '{"record": 2}\n'
    assert tree(tmp_path) == [
        "a/0/image.png", "b/0/image.png", "manifest.jsonl", "records.jsonl", "thesis.txt",
    ]  # fmt: skip


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(ManifestError, match="out: expected a folder to write to"):
        ResultWriter(tmp_path / "out", STREAMS).__enter__()


def test_a_result_that_fails_leaves_nothing_and_the_next_goes_on(tmp_path: Path) -> None:
    with ResultWriter(tmp_path, STREAMS) as writer:
        writer.write("a", sample(1), Told(1))
        with pytest.raises(ManifestError, match="^sample 'b': .*stream 'extra': expected a value"):
            writer.write("b", sample(2) | {"extra": object()}, Told(2))
        writer.write("c", sample(3), Told(3))
        writer.write("b", sample(2), Told(4))
    assert [entry.key for entry in read_manifest(tmp_path / "manifest.jsonl")] == ["a", "c", "b"]
    assert tree(tmp_path) == [
        "a/0/image.png", "b/0/image.png", "c/0/image.png", "manifest.jsonl", "records.jsonl",
    ]  # fmt: skip


def test_an_interrupt_in_the_middle_leaves_whole_results_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        with ResultWriter(tmp_path, STREAMS) as writer:
            writer.write("a", sample(1), Told(1))
            monkeypatch.setattr("syncaug.io.writer.os.replace", _interrupt)
            writer.write("b", sample(2), Told(2))

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert tree(tmp_path) == ["a/0/image.png", "manifest.jsonl", "records.jsonl"]
    assert [entry.key for entry in read_manifest(tmp_path / "manifest.jsonl")] == ["a"]


def test_two_results_for_one_epoch_are_refused(tmp_path: Path) -> None:
    with ResultWriter(tmp_path, STREAMS) as writer:
        writer.write("a", sample(1), Told(1))
        with pytest.raises(ManifestError, match="'a' has a result for epoch 0 already; expected"):
            writer.write("a", sample(2), Told(2), variant=1)


def test_results_of_results_find_free_folders(tmp_path: Path) -> None:
    with ResultWriter(tmp_path, STREAMS) as writer:
        for epoch in (0, 3, 4):
            writer.write("a", sample(epoch), Told(epoch), epoch=epoch)
    for entry, number in zip(read_manifest(tmp_path / "manifest.jsonl"), range(3), strict=True):
        assert entry.values["image"] == f"a/{number}/image.png"
        assert load_sample(entry, STREAMS)["image"].max() == entry.epoch


def test_lone_surrogates_survive(tmp_path: Path) -> None:
    with ResultWriter(tmp_path, STREAMS) as writer:
        writer.write("\ud800", sample(1) | {"caption": "a \ud83d"}, Told(1))
    (entry,) = read_manifest(tmp_path / "manifest.jsonl")
    assert entry.key == "\ud800"
    assert entry.values["caption"] == "a \ud83d"


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt
