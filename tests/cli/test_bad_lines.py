"""One bad line of a manifest costs one sample, whatever is wrong with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from syncaug.backends.codecs import encode_png
from syncaug.cli import cli
from syncaug.errors import SyncaugError
from syncaug.io import read_manifest
from tests.samples import ROOT

POLICY = """syncaug: 1
sample:
  image: image
  boxes: {modality: boxes, labels: classes, optional: true}
  caption: {modality: text, describes: image, optional: true}
  cloud: {modality: points, optional: true}
  vector: {modality: embedding, optional: true}
  kind: {modality: label, classes: 3, optional: true}
untouched: [meta]
steps: [{name: mirror, uses: flip, with: {world: keep}}]
"""

BAD = {
    "half a character": (r'"caption": "\ud800"', "stream 'caption': expected text of whole char"),
    "half of another": (r'"caption": "a\udfffb"', r"\\udfff alone"),
    "in a class": (r'"boxes": [[0,0,2,2]], "classes": ["\ud83d"]', "stream 'classes': expected"),
    "deep inside": (
        r'"meta": {"a": [1, {"b": "\udc00"}]}',
        "stream 'meta': expected text of whole",
    ),
    "in a name": (r'"meta": {"\ud800": 1}', "stream 'meta': expected text of whole characters"),
    "in a stream's name": (r'"\ud800": 1', "expected text of whole characters"),
    "in a path": (r'"image": "\ud800.png"', "stream 'image': expected text of whole characters"),
    "infinite": ('"meta": 1e999', "a number too large for floating point"),
    "infinite inside": ('"meta": {"a": [0, -1e400]}', "a number too large for floating point"),
    "NaN": ('"meta": [NaN]', "NaN is not JSON"),
    "400 digits": ('"boxes": [[0,0,1,' + "9" * 400 + "]]", "more than 308 digits"),
    "10,000 digits": ('"meta": ' + "9" * 10_000, "more than 308 digits"),
    "310 digits": ('"cloud": [[0,0,' + "1" * 310 + "]]", "more than 308 digits"),
    "many digits in a cloud": ('"cloud": [[0,0,' + "1" * 300 + "]]", "stream 'cloud'"),
    "100,000 brackets": ('"meta": ' + "[" * 100_000 + "]" * 100_000, "nested too deeply"),
    "500 brackets": ('"meta": ' + "[" * 500 + "]" * 500, "nested too deeply"),
    "500 braces": ('"meta": ' + '{"a":' * 500 + "1" + "}" * 500, "nested too deeply"),
    "a key twice": ('"meta": {"a": 1, "a": 2}', "the key 'a' stands there twice"),
    "epoch of 4,300 digits": ('"epoch": ' + "9" * 4_300, "more than 308 digits"),
    "epoch of 30 digits": ('"epoch": ' + "9" * 30, "a whole number from 0 as 'epoch'"),
    "NUL": (r'"image": "\u0000"', "stream 'image': .*null byte"),
    "not an object": (None, "expected a JSON object"),
    "text as boxes": ('"boxes": "none", "classes": []', "stream 'boxes'"),
    "text in boxes": ('"boxes": [["a",0,1,2]], "classes": [1]', "stream 'boxes'"),
    "object as caption": ('"caption": {"text": "a"}', "stream 'caption'"),
    "a device": ('"image": "/dev/zero"', "which is a device"),
    "a folder": ('"image": "."', "which is a folder"),
}

FINE = {
    "null where a stream is optional": '"kind": null',
    "whole characters by halves": r'"caption": "\ud83d\ude00 a cat"',
    "separators": r'"caption": "left\u2028right\u0085\u000b\u001c"',
    "a digest as a number": '"meta": ' + str((1 << 128) - 1),
    "a long number": '"meta": ' + "9" * 308,
    "90 levels": '"meta": ' + "[" * 90 + "]" * 90,
    "NUL inside of a note": r'"meta": "a\u0000b"',
    "large and small": '"meta": [1e308, 1e-400, -0.0]',
    "a late epoch": '"epoch": 1000000000000',
}


def apply(folder: Path, line: bytes, *more: str) -> Result:
    picture = np.arange(8 * 8 * 3, dtype=np.uint8).reshape(8, 8, 3)
    (folder / "a.png").write_bytes(encode_png(picture))
    (folder / "p.yaml").write_text(POLICY)
    good = '{{"key": "{}", "image": "a.png"}}'
    lines = [good.format("first").encode(), line, good.format("last").encode()]
    (folder / "m.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    given = [str(folder / "p.yaml"), "--manifest", str(folder / "m.jsonl")]
    return CliRunner().invoke(cli, ["apply", *given, "--out", str(folder / "out"), *more])


def line_of(values: str | None) -> bytes:
    if values is None:
        return b'"just a text"'
    image = "" if '"image"' in values else '"image": "a.png", '
    return f'{{"key": "k", {image}{values}}}'.encode()


def keys(folder: Path) -> list[object]:
    return [entry.key for entry in read_manifest(folder / "out" / "manifest.jsonl")]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_skipped_with_its_reason(tmp_path: Path, name: str) -> None:
    values, message = BAD[name]
    skip = ("--on-error", "skip", "--variants", "2")
    done = apply(tmp_path, line_of(values), *skip, "--format", "json")
    assert done.exit_code == 1
    assert not isinstance(done.exception, SyncaugError)
    told = json.loads(done.output)
    assert told["outcomes"] == {"accepted": 4}
    (reason,) = told["skipped"]
    assert "bug of ours" not in reason
    with pytest.raises(ValueError, match=message):
        raise ValueError(reason)
    assert keys(tmp_path) == ["first", "first", "last", "last"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "first", "last", "manifest.jsonl", "records.jsonl",
    }  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_without_skip_it_is_one_error_of_ours(tmp_path: Path, name: str) -> None:
    done = apply(tmp_path, line_of(BAD[name][0]))
    assert isinstance(done.exception, SyncaugError)
    str(done.exception).encode()
    assert keys(tmp_path) == ["first"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "first", "manifest.jsonl", "records.jsonl",
    }  # fmt: skip


@pytest.mark.parametrize("content", [b"\xff", b"\xed\xa0\x80", b"\xc3(", b"\0"])
def test_bytes_that_are_no_text(tmp_path: Path, content: bytes) -> None:
    line = b'{"key": "k", "image": "a.png", "caption": "' + content + b'"}'
    done = apply(tmp_path, line, "--on-error", "skip", "--format", "json")
    assert len(json.loads(done.output)["skipped"]) == 1
    assert keys(tmp_path) == ["first", "last"]


@pytest.mark.parametrize("name", FINE)
def test_odd_lines_that_are_fine_pass(tmp_path: Path, name: str) -> None:
    done = apply(tmp_path, line_of(FINE[name]))
    assert done.exit_code == 0, (done.output, done.exception)
    assert keys(tmp_path) == ["first", "k", "last"]


def test_what_no_check_has_named_is_skipped_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from syncaug.runs.making import Maker

    one = Maker._made

    def odd(maker: Maker, task: object, *rest: object) -> object:
        if task.unit.key == "k":
            raise ZeroDivisionError("odd")
        return one(maker, task, *rest)

    monkeypatch.setattr(Maker, "_made", odd)
    line = line_of('"caption": "a cat"')
    done = apply(tmp_path, line, "--on-error", "skip", "--format", "json")
    assert "m.jsonl:2: sample 'k': ZeroDivisionError: odd; this is a bug" in done.output
    assert keys(tmp_path) == ["first", "last"]
    assert isinstance(apply(tmp_path, line, "--overwrite").exception, ZeroDivisionError)


@pytest.mark.parametrize("skip", [(), ("--on-error", "skip")])
def test_warnings_that_the_user_makes_errors_are_no_bug(
    tmp_path: Path, skip: tuple[str, ...]
) -> None:
    np.full((4, 3), np.nan, np.float32).tofile(tmp_path / "a.bin")
    (tmp_path / "p.yaml").write_text("syncaug: 1\nsample: {cloud: points}\nsteps: []\n")
    (tmp_path / "m.jsonl").write_text('{"key": "k", "cloud": "a.bin"}\n')
    command = [
        sys.executable,
        "-W",
        "error::UserWarning",
        "-c",
        "from syncaug.cli import main; main()",
    ]
    given = ["p.yaml", "--manifest", "m.jsonl", "--out", "out", *skip]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "apply", *given], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "of the raw cloud are not all finite" in done.stderr
    assert "bug" not in done.stderr


def test_a_damaged_picture_is_one_line(tmp_path: Path) -> None:
    """OpenCV writes lines of its own to standard error, unless it is told not to."""
    picture = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    Image.fromarray(picture).save(tmp_path / "a.tif")
    (tmp_path / "a.tif").write_bytes((tmp_path / "a.tif").read_bytes()[:2000])
    (tmp_path / "p.yaml").write_text("syncaug: 1\nsample: {image: image}\nsteps: []\n")
    (tmp_path / "m.jsonl").write_text('{"key": "k", "image": "a.tif"}\n')
    given = ["apply", "p.yaml", "--manifest", "m.jsonl", "--out", "out"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "syncaug", *given],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("syncaug: m.jsonl:1: sample 'k'")
    assert done.stderr.count("\n") == 1
