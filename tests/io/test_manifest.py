"""Manifests: what is read, and what each bad line says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from syncaug.errors import ManifestError
from syncaug.io import Entry, read_manifest, scan_manifest
from syncaug.io.manifest import SCHEMA
from syncaug.missing import where_to_look


def write(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "samples.jsonl"
    path.write_bytes(b"\n".join(x if isinstance(x, bytes) else x.encode() for x in lines))
    return path


def test_entries_come_in_order_with_their_place(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '{"key": "pets/1", "image": "a.jpg", "caption": "eine Katze, grün"}',
        "",
        '{"key": 7, "epoch": 2, "boxes": [[0, 1, 2, 3]]}\r',
    )
    assert list(read_manifest(path)) == [
        Entry(path, 1, "pets/1", {"image": "a.jpg", "caption": "eine Katze, grün"}),
        Entry(path, 3, 7, {"boxes": [[0, 1, 2, 3]]}, epoch=2),
    ]
    assert next(read_manifest(str(path))).folder == tmp_path


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, b'\xef\xbb\xbf{"key": 1}')
    assert [entry.key for entry in read_manifest(path)] == [1]


BAD_LINES = {
    "not JSON": (
        b"{'key': 1}",
        'expected a JSON object such as {"key": "pets/1", "image": "cats.jpg"}; '
        "got what is not JSON: Expecting property name enclosed in double quotes at column 2",
    ),
    "cut off": (b'{"key": 1, "caption": "a c', "got what is not JSON: Unterminated string"),
    "not an object": (b"[1, 2]", 'cats.jpg"}; got [1, 2]'),
    "no key": (b'{"image": "a.jpg"}', "got an object without 'key'. Give each sample a stable"),
    "null as key": (b'{"key": null}', "expected a text or a whole number as 'key'; got null"),
    "truth as key": (b'{"key": true}', "expected a text or a whole number as 'key'; got true"),
    "fraction as key": (b'{"key": 1.5}', "expected a text or a whole number as 'key'; got 1.5"),
    "empty key": (b'{"key": ""}', "expected a text or a whole number as 'key'; got \"\""),
    "bad epoch": (b'{"key": 2, "epoch": -1}', "expected a whole number from 0 as 'epoch'; got -1"),
    "same key": (
        b'{"key": "a"}',
        "expected each key once; got 'a' again; it is the key of line 1",
    ),
    "stream twice": (b'{"key": 2, "x": 1, "x": 2}', "the key 'x' stands there twice"),
    "NaN": (b'{"key": 2, "label": NaN}', "NaN is not JSON"),
    "not UTF-8": (b'{"key": "\xff"}', "expected UTF-8; got another byte at column 10"),
    "bottomless": (b"[" * 100_000, "got what is not JSON: it is nested too deeply"),
    "endless number": (b'{"key": ' + b"9" * 5000 + b"}", "got what is not JSON"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_named_and_the_next_one_follows(tmp_path: Path, name: str) -> None:
    line, message = BAD_LINES[name]
    path = write(tmp_path, '{"key": "a"}', line, '{"key": "b"}')
    first, error, last = scan_manifest(path)
    assert isinstance(first, Entry)
    assert isinstance(error, ManifestError)
    assert isinstance(last, Entry)
    assert str(error).startswith(f"{path}:2: expected ")
    assert message in str(error)
    reading = read_manifest(path)
    next(reading)
    with pytest.raises(ManifestError):
        next(reading)


def test_a_key_may_come_again_in_another_epoch(tmp_path: Path) -> None:
    path = write(tmp_path, '{"key": "a"}', '{"key": "a", "epoch": 1}', '{"key": "a", "epoch": 1}')
    *good, bad = scan_manifest(path)
    assert [entry.epoch for entry in good if isinstance(entry, Entry)] == [0, 1]
    assert "got 'a' again, epoch 1; it is the key of line 2" in str(bad)


def test_text_and_number_are_different_keys(tmp_path: Path) -> None:
    assert len(list(read_manifest(write(tmp_path, '{"key": "1"}', '{"key": 1}')))) == 2


def test_a_manifest_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="got .*missing.jsonl, which does not exist"):
        list(read_manifest(tmp_path / "missing.jsonl"))
    with pytest.raises(ManifestError, match="which is a folder"):
        list(read_manifest(tmp_path))


@pytest.mark.parametrize(
    ("text", "message"), [("", "which is empty"), ("\n \n", "got no sample at all")]
)
def test_an_empty_manifest(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ManifestError, match=message):
        list(read_manifest(write(tmp_path, text)))


def test_the_schema_of_a_line_and_the_reader_agree(tmp_path: Path) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    good = [{"key": "a"}, {"key": -3, "epoch": 2}, {"key": "b", "image": "b.png", "more": [1, {}]}]
    good += [{"key": "c", "film": {"path": "c.mp4", "track": 1}, "table": {"path": 3, "age": 4}}]
    bad = [3, "a", [], {}, {"key": ""}, {"key": None}, {"key": [1]}, {"key": True}]
    bad += [{"key": "a", "epoch": epoch} for epoch in (-1, "1", None, True, 0.5)]
    path = tmp_path / "m.jsonl"
    for line in [*good, *bad]:
        path.write_text(json.dumps(line))
        [item] = scan_manifest(path)
        assert isinstance(item, Entry) == validator.is_valid(line) == (line in good), line
    for value in ({"path": ""}, {"path": 3}, {"path": "a.mp4", "track": -1}):
        assert not validator.is_valid({"key": "a", "film": value})


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('[{"key": 1}, {"key": 2}]', r"jq -c '\.\[\]' FILE"),
        ("[", r"jq -c"),
        ("{", r"jq -c"),
        ("# all of our pets", "Lines of comments"),
        ("key,image,caption", "orient='records', lines=True"),
        ('{"id": 3, "image": "a.jpg"}', "Name it key, if 'id' is that"),
        ('{"Key": 3, "image": "a.jpg"}', "Name it key, if 'Key' is that"),
        ('{"key": null, "image": "a.jpg"}', "as 'key'; got null"),
        ("null", "got null"),
        (b"\x1f\x8b\x08\x00\xff", "unpack it with gunzip"),
    ],
)
def test_a_manifest_of_another_form_is_told_the_way(
    tmp_path: Path, line: str | bytes, told: str
) -> None:
    with pytest.raises(ManifestError, match=told):
        list(read_manifest(write(tmp_path, line)))


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("~/a.jpg", "~ is taken as it is written: write the path out"),
        ("$DATA/a.jpg", r"\$DATA is taken as it is written"),
        ("https://host/a.jpg", "Addresses are not fetched"),
        ("s3://bucket/a.jpg", "Addresses are not fetched"),
        ("file:///a.jpg", "no file:// before it"),
        ("sub\\a.jpg", r"Did you mean .*sub/a\.jpg\? Folders are divided by /"),
    ],
)
def test_paths_that_nobody_writes_out_are_told_why(tmp_path: Path, named: str, told: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.jpg").write_bytes(b"x")
    assert re.search(told, where_to_look(tmp_path / named))
