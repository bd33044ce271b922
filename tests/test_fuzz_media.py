"""What damaged media files gave once: each kind of file in every way, and what was found."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tools.fuzz.media import damaged, read_all, run
from tools.fuzz.media_files import write_originals
from tools.fuzz.outcomes import tell

OUTCOMES = {
    "result", "refused", "in part", "result in one way, refused in the other",
    "result, with damage that the decoder conceals",
}  # fmt: skip


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_originals(tmp_path_factory.mktemp("originals"))


def test_whole_files_give_what_they_hold(originals: list[Path]) -> None:
    for path in dict.fromkeys(originals):
        assert read_all(path) in ("result", "in part"), path.name


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("f.ts", "2/796"),  # times of sound that leap by hours
        ("b.mkv", "2/741"),  # pictures that a decoder mends from what it decoded before
        ("i.mkv", "1/8"),  # levels that a decoder leaves as the memory was
        ("a.mp4", "1/148"),
    ],
)
def test_found_before(tmp_path: Path, originals: list[Path], name: str, seed: str) -> None:
    original = next(path for path in originals if path.name == name)
    data, _ = damaged(original.read_bytes(), random.Random(seed))
    (tmp_path / name).write_bytes(data)
    assert read_all(tmp_path / name) in OUTCOMES


def test_a_few_of_each_kind_in_children(capsys: pytest.CaptureFixture[str]) -> None:
    tally = run(7, 40, 2)
    assert tell("media", tally) == 0, capsys.readouterr().out
    assert sum(tally.outcomes.values()) == 40
    assert set(tally.outcomes) <= OUTCOMES
