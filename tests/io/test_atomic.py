"""Files and lines that are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from syncaug.io.atomic import append_line, replacing, write_bytes


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    write_bytes(path, b"old")

    def fail() -> None:
        with replacing(path) as temporary:
            assert temporary.suffix == ".png"
            temporary.write_bytes(b"ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_append_leaves_the_lines_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lines.jsonl"
    append_line(path, '{"a": "é"}')
    write = os.write
    calls = []

    def fill_up(file: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return write(file, data[:3])

    monkeypatch.setattr(os, "write", fill_up)
    with pytest.raises(OSError, match="No space"):
        append_line(path, '{"b": 2}')
    monkeypatch.undo()
    append_line(path, '{"c": 3}')
    assert path.read_text(encoding="utf-8") == '{"a": "é"}\n{"c": 3}\n'


def test_a_line_holds_no_line_break(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line break"):
        append_line(tmp_path / "x", "a\nb")
