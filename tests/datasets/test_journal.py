"""The journal of a data set: what stands in it moves and removes nothing outside of its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syncaug.datasets.journal import MOVING, Journal, place_in
from syncaug.errors import ManifestError


@pytest.mark.parametrize(
    "told",
    [
        {"key": "k", "epoch": 0, "files": ["../victim"]},
        {"key": "k", "epoch": 0, "files": ["train/../../victim"]},
        {"key": "k", "epoch": 0, "files": ["link/victim"]},
        {"key": "k", "epoch": 0, "files": [""]},
        {"key": "k", "epoch": 0, "files": 5},
        {"key": [1], "epoch": 0, "files": [7]},
        {"files": []},
        [],
        "x",
    ],
)
def test_a_changed_journal_removes_nothing_outside(tmp_path: Path, told: Any) -> None:
    (tmp_path / "victim").write_text("precious")
    root = tmp_path / "out"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    for named in (
        told,
        json.loads(json.dumps(told).replace("../victim", str(tmp_path / "victim"))),
    ):
        (root / MOVING).write_text(json.dumps(named))
        with pytest.raises(ManifestError, match="expected the files of one sample"):
            Journal(root).mend()
    assert (tmp_path / "victim").read_text() == "precious"


def test_a_file_that_was_being_moved_goes(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "a.png").write_text("half")
    Journal(tmp_path).moving(("k", 0), ["train/a.png", "train/b.png"])
    Journal(tmp_path).mend()
    assert not (tmp_path / "train" / "a.png").exists()
    assert place_in(tmp_path, "train/a.png") == tmp_path / "train" / "a.png"
