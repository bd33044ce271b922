"""A container that somebody has done with is handed on while a sample is made, and then closed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syncaug.cli import main
from syncaug.io import containers, shared_container
from syncaug.io.shared_container import is_sharing, sharing
from syncaug.io.shared_container import shared_container as shared
from tests.io.films import film


def test_who_asks_next_gets_the_same_container_within_a_sample(tmp_path: Path) -> None:
    path = film(tmp_path / "it.mp4", np.arange(20) / 25)
    with shared(path, "a video", anywhere=False) as alone:
        pass
    with shared(path, "a video", anywhere=False) as other:
        assert other is not alone
    with sharing():
        assert is_sharing()
        with shared(path, "a video", anywhere=False) as first:
            with shared(path, "a video", anywhere=True) as meanwhile:
                assert meanwhile is not first
            assert not first.moved
        with shared(path, "a video", anywhere=True) as second:
            assert second is meanwhile
            second.moved = True
        with shared(path, "a video", anywhere=False) as third:
            assert third is not second
        with shared(path, "a video", anywhere=True) as fourth:
            fourth.kept().close()
        with shared(path, "a video", anywhere=True) as fifth:
            assert fifth is not fourth
    assert not is_sharing()
    with pytest.raises(AssertionError):
        fifth.container.demux().__next__()


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_film_with_sound_is_opened_few_times(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For frames and for sound; for Matroska also where both are held against packets."""
    sound = np.random.default_rng(1).uniform(-0.3, 0.3, (1, 48_000 * 70)).astype(np.float32)
    film(tmp_path / f"it.{suffix}", np.arange(70 * 25) / 25, sound=sound)
    (tmp_path / "p.yaml").write_text(
        "syncaug: 1\nsample: {film: video, sound: audio}\n"
        "steps: [{name: cut, uses: trim, with: {duration: 3, at: 0.6}}]\n"
    )
    (tmp_path / "m.jsonl").write_text(
        json.dumps({"key": "a", "film": f"it.{suffix}", "sound": f"it.{suffix}"}) + "\n"
    )
    opened: list[Path] = []
    original = containers.open_container

    def counted(path: Path, expected: str = "") -> Any:
        opened.append(path)
        return original(path, expected)

    for module in (
        "containers",
        "shared_container",
        "track_reader",
        "frame_reader",
        "block_table",
        "soundtrack",
    ):
        monkeypatch.setattr(f"syncaug.io.{module}.open_container", counted)
    arguments = [str(tmp_path / name) for name in ("p.yaml", "m.jsonl", "out")]
    call = ["apply", arguments[0], "--manifest", arguments[1], "--out", arguments[2]]
    monkeypatch.setattr("sys.argv", ["syncaug", *call])
    with pytest.raises(SystemExit) as done:
        main()
    assert not done.value.code
    assert len(opened) <= {"mp4": 2, "mkv": 4}[suffix]
    assert shared_container._SHELF.idle == {}
