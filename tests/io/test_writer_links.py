"""Nothing is written or removed through a link in the output folder, nor what others wrote."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from syncaug.errors import ManifestError
from syncaug.io import ResultWriter
from syncaug.io.locking import LOCK
from tests.io.material import Declared

STREAMS = {"image": Declared("image", "image"), "caption": Declared("caption", "text")}


class Told:
    """A stand-in for a record."""

    def to_json(self) -> str:
        return json.dumps({"record": 1, "outcome": "accepted", "draw": {"key": "k", "epoch": 0}})


def write(out: Path, *, key: str = "k", overwrite: bool = True, resume: bool = False) -> None:
    sample = {"image": np.full((4, 5, 3), 7, np.uint8), "caption": "a wall"}
    with ResultWriter(out, STREAMS, overwrite=overwrite, resume=resume) as writer:
        writer.write(key, sample, Told())


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    folder = tmp_path / "victim"
    (folder / "0").mkdir(parents=True)
    (folder / "new").mkdir()
    for name in ("image.png", "0/image.png", "new/image.png", "manifest.jsonl", "records.jsonl"):
        (folder / name).write_bytes(b"precious")
    return folder


LINKS = {
    "k": "victim",
    "k/0": "victim/0",
    "manifest.jsonl": "victim/manifest.jsonl",
    "records.jsonl": "victim/records.jsonl",
    ".partial-OWN": "victim",
    ".partial-999999": "victim",
    LOCK: "victim/manifest.jsonl",
}


@pytest.mark.parametrize("dangling", [False, True])
@pytest.mark.parametrize("place", LINKS)
@pytest.mark.parametrize("mode", ["overwrite", "resume"])
def test_a_link_is_replaced_or_refused_and_never_followed(
    tmp_path: Path, victim: Path, place: str, mode: str, dangling: bool
) -> None:
    before = contents(victim)
    link = tmp_path / "out" / place.replace("OWN", str(os.getpid()))
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / ("victim/none" if dangling else LINKS[place]))
    try:
        write(tmp_path / "out", overwrite=mode == "overwrite", resume=mode == "resume")
    except ManifestError as error:
        told = str(error)
    else:
        told = ""
    if told:
        assert place.split("/")[0] in told or "is not empty" in told
        assert link.is_symlink()
    else:
        assert not link.is_symlink()
        assert (tmp_path / "out" / "k" / "0" / "image.png").is_file()
        assert not (tmp_path / "out" / "k").is_symlink()
    assert contents(victim) == before


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to("disk")
    write(tmp_path / "out", overwrite=False)
    assert (tmp_path / "disk" / "k" / "0" / "image.png").is_file()
    write(tmp_path / "out")


def test_what_others_wrote_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "k" / "0").mkdir(parents=True)
    (tmp_path / "k" / "0" / "thesis.txt").write_text("mine")
    with pytest.raises(
        ManifestError, match=r"it holds 'thesis.txt', which was written by something"
    ):
        write(tmp_path)
    assert (tmp_path / "k" / "0" / "thesis.txt").read_text() == "mine"
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "0").write_text("mine")
    with pytest.raises(ManifestError, match="it holds 'a file'"):
        write(tmp_path, key="x")
    assert {path.name for path in tmp_path.iterdir()} == {"k", "x"}


@pytest.mark.parametrize("name", ["manifest.jsonl", "records.jsonl"])
def test_a_manifest_that_others_wrote_is_not_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"key": 1}\n' if name == "manifest.jsonl" else "my notes\n")
    with pytest.raises(ManifestError, match="not replaced. Move it, or choose another folder"):
        write(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_results_of_other_streams_are_replaced_where_the_manifest_names_them(
    tmp_path: Path,
) -> None:
    streams = {"photo": Declared("photo", "image")}
    with ResultWriter(tmp_path, streams) as writer:
        writer.write("k", {"photo": np.zeros((4, 5, 3), np.uint8)}, Told())
    write(tmp_path)
    assert [path.name for path in (tmp_path / "k" / "0").iterdir()] == ["image.png"]


def test_results_that_a_killed_overwrite_has_left_are_replaced(tmp_path: Path) -> None:
    streams = {"photo": Declared("photo", "image")}
    with ResultWriter(tmp_path, streams) as writer:
        writer.write("k", {"photo": np.zeros((4, 5, 3), np.uint8)}, Told())
    killed = ResultWriter(tmp_path, STREAMS, overwrite=True)
    killed.__enter__()
    os.close(killed._lock._file)  # as a kill would
    assert not (tmp_path / "manifest.jsonl").exists()
    write(tmp_path)
    assert [path.name for path in (tmp_path / "k" / "0").iterdir()] == ["image.png"]


@pytest.mark.parametrize("which", [1, 2])
def test_a_disk_that_fills_up_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    write(tmp_path)
    (tmp_path / "k" / "0" / "caption").write_text("of the first")
    before = contents(tmp_path / "k")
    count = 0

    def full(path: Path, line: str) -> None:
        nonlocal count
        count += 1
        if count == which:
            raise OSError(errno.ENOSPC, "No space left on device")
        with path.open("a") as file:
            file.write(line + "\n")

    monkeypatch.setattr("syncaug.io.result_folders.append_line", full)
    with pytest.raises(ManifestError, match="No space left"):
        write(tmp_path)
    assert contents(tmp_path / "k") == before
    assert all(not path.stat().st_size for path in tmp_path.glob("*.jsonl"))


def test_a_record_that_cannot_be_written_leaves_no_result(tmp_path: Path) -> None:
    class Odd:
        def to_json(self) -> str:
            return '{"record": "\ud800"}'

    with (
        ResultWriter(tmp_path, STREAMS) as writer,
        pytest.raises(ManifestError, match="no form in JSON"),
    ):
        writer.write("k", {"caption": "a"}, Odd())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["hard link", "a file", "a pipe", "a folder", "a script"])
@pytest.mark.parametrize("mode", ["new", "overwrite", "resume"])
def test_what_has_the_name_of_the_lock_stays(
    tmp_path: Path, victim: Path, kind: str, mode: str
) -> None:
    before, lock = contents(victim), tmp_path / "out" / LOCK
    lock.parent.mkdir()
    if kind == "hard link":
        os.link(victim / "image.png", lock)
    elif kind == "a pipe":
        os.mkfifo(lock)
    elif kind == "a folder":
        lock.mkdir()
    else:
        lock.write_text("mine" if kind == "a file" else '{"name": "mine"}')
    with pytest.raises(ManifestError, match="expected the lock of a writer") as refused:
        write(tmp_path / "out", overwrite=mode == "overwrite", resume=mode == "resume")
    assert "Move it" in str(refused.value)
    assert contents(victim) == before
    assert os.listdir(tmp_path / "out") == [LOCK]
    if lock.is_file():
        assert lock.read_bytes() in (b"precious", b"mine", b'{"name": "mine"}')


@pytest.mark.parametrize("left", [b"", b'{"pid"', b'{"pid": 999999, "host": "x', b'{"pid": '])
def test_a_lock_that_a_killed_writer_began_is_taken_over(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / LOCK).write_bytes(left)
    write(tmp_path / "out")
    assert sorted(os.listdir(tmp_path / "out")) == ["k", "manifest.jsonl", "records.jsonl"]


def test_a_copy_by_hard_links_stays_when_a_run_goes_on(tmp_path: Path) -> None:
    out, copy = tmp_path / "out", tmp_path / "copy"
    write(out)
    shutil.copytree(out, copy, copy_function=os.link)
    before = contents(copy)
    sample = {"image": np.full((4, 5, 3), 9, np.uint8), "caption": "a door"}
    with ResultWriter(out, STREAMS, resume=True) as writer:
        writer.go_on()
        writer.write("other", sample, Told())
    assert contents(copy) == before
    assert len((out / "manifest.jsonl").read_bytes().splitlines()) == 2
