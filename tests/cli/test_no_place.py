"""Places at which nothing can be written: told in words, before any work where that is known."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syncaug import ManifestError
from syncaug.cli import cli
from syncaug.missing import no_place
from tests.runs.running import on_small_disk_alone

PETS = ("policies/pets.yaml", "--manifest", "examples/data/pets.jsonl")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_text("mine", "utf-8", newline="\n")
    return path


@pytest.mark.parametrize("form", ["folder", "webdataset", "parquet"])
@pytest.mark.parametrize("inside", ["", "in/it"])
def test_a_file_in_the_place_of_the_folder(file: Path, form: str, inside: str) -> None:
    done = run("apply", *PETS, "--out", file / inside, "--out-format", form)
    assert isinstance(done.exception, ManifestError)
    said = f"expected a folder to write to; got {file}, which is no folder. Name another one."
    assert said in str(done.exception)
    assert "Errno" not in str(done.exception)
    assert file.read_text("utf-8") == "mine"


def test_each_reason_has_its_words(tmp_path: Path) -> None:
    gone = tmp_path / "a" / "b"
    assert no_place(gone, PermissionError()) == (
        f"got {tmp_path}, in which you may not write. Name another one."
    )
    assert no_place(gone, FileNotFoundError()) == (
        f"got {tmp_path}, in which none can be made. Name another one."
    )
    full = OSError(errno.ENOSPC, "No space left on device", str(gone))
    assert no_place(gone, full) == "No space left on device. Name another one."


@pytest.mark.parametrize(
    "command",
    [
        ("preview", *PETS, "--out"),
        ("apply", *PETS, "--out", "OUT", "--html"),
        ("apply", *PETS, "--out", "OUT", "--summary"),
        ("stats", "records.jsonl", "--html"),
    ],
)
def test_a_page_that_cannot_be_written_is_told_before_any_work(
    file: Path, command: tuple[str, ...]
) -> None:
    out = file.parent / "out"
    words = [str(out) if word == "OUT" else word for word in command]
    done = run(*words, file / "deep" / "page.html")
    assert done.exit_code == 2, done.output
    assert f"{file} is no folder. Name another file." in " ".join(done.stderr.split())
    assert not out.exists()
    assert file.read_text("utf-8") == "mine"


def test_folders_on_the_way_to_a_page_are_made(tmp_path: Path) -> None:
    page = tmp_path / "a" / "b" / "page.html"
    done = run("preview", *PETS, "--out", page, "--variants", "1")
    assert done.exit_code == 0, done.output
    assert page.is_file()


POLICY = "syncaug: 1\nsample: {image: image}\nsteps: [{name: m, uses: flip}]\n"
WRITING = {
    "a schema": ("schema", "--out"),
    "findings": ("validate", "policies/pets.yaml", "--format", "sarif", "--output"),
    "a policy": ("init", "examples/data/pets.jsonl", "--out"),
}


@pytest.mark.parametrize("what", WRITING)
@pytest.mark.parametrize("before", ["", '{\n "$schema": "old"}'])
def test_a_full_disk_leaves_what_was_there_and_names_the_file(
    tmp_path: Path, what: str, before: str
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "full").write_bytes(b"full")
    path = disk / "out.json"
    if before and what != "a policy":
        path.write_text(before, "utf-8", newline="\n")
    done = on_small_disk_alone([*WRITING[what], str(path)], disk)
    assert done.returncode in (1, 2)
    assert str(path) in done.stderr
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(one.name for one in disk.iterdir()) == sorted(
        ["full", *(["out.json"] if before and what != "a policy" else [])]
    )
    if before and what != "a policy":
        assert path.read_text("utf-8") == before


def test_more_results_than_can_be_listed_are_refused() -> None:
    for option in ("--variants", "--epoch"):
        done = run("apply", *PETS, "--out", "x", option, 10**20)
        assert done.exit_code == 2
        assert "is not in the range" in done.output
