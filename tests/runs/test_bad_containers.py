"""What is wrong with a shard, a table or a folder is named, and costs its sample alone."""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.runs.containers import (
    MAPPED,
    PATTERNS,
    SAVED,
    add,
    files_in,
    many,
    members,
    policy_in,
    run,
    saved_in,
    shards_in,
    table_of,
    told,
)

SKIP = ("--on-error", "skip")


def cut_in_picture(data: bytes) -> bytes:
    return data[: data.find(b"k001.jpg") + 5000]


def torn_picture(data: bytes) -> bytes:
    """The second half of the first JPEG's bytes gone, its size in the header kept."""
    start = data.find(b"\xff\xd8\xff")
    return data[: start + 20_000] + bytes(80_000) + data[start + 100_000 :]


SHARDS: dict[str, tuple[Callable[[bytes], bytes], int, str]] = {
    "cut off in a member": (
        cut_in_picture, 1, "a.tar, which is cut off or damaged in or behind the member 'k001.jpg'"),
    "cut off before its end": (
        lambda data: data[: data.rfind(b"}") + 1 + 511 & ~511], 1,
        "behind the member 'k001.json': blocks of zeros do not follow"),
    "junk for a header": (
        lambda data: data.replace(b"k001.jpg", b"k0\xff\xff.jpg", 1), 0, "a.tar, which is cut off"),
    "compressed": (gzip.compress, 0, "It is compressed, and no member can be found in it: `gunzip"),
    "no shard": (lambda data: b"junk" * 999, 0, "expected a WebDataset shard (.tar, not comp"),
    "empty": (lambda data: b"", 0, "a.tar, which is empty"),
    "two in one file": (lambda data: data + data, 2, "a.tar, which goes on"),
    "a picture without an end": (
        lambda data: data.replace(b"\xff\xd9", b"\xff\xd8"), 0,
        "a.tar:1: sample 'k000', stream 'image': expected an image"),
    "zeros inside of a picture": (
        torn_picture, 1, "k000.jpg, which is damaged: 256 bytes or more in its pixels are zeros"),
    "JSON that is none": (
        lambda data: data.replace(b'{"boxes', b'["boxes', 1), 1,
        "a.tar:1: sample 'k000': expected JSON; got a.tar/k000.json"),
    "a sound that is none": (
        lambda data: data.replace(b"RIFF", b"RUFF", 1), 1,
        "a.tar/k000.wav, which cannot be decoded"),
}  # fmt: skip


@pytest.mark.parametrize("what", SHARDS)
def test_a_damaged_shard_is_named_and_the_next_one_follows(tmp_path: Path, what: str) -> None:
    change, whole, message = SHARDS[what]
    policy, names = policy_in(tmp_path), shards_in(tmp_path / "s")
    good = tmp_path / "s" / "000.tar"
    bad = tmp_path / "s" / "a.tar"
    bad.write_bytes(change(good.read_bytes()))
    good.unlink()
    given = ("--in", tmp_path / "s", *MAPPED)
    done = run("apply", policy, *given, "--out", tmp_path / "out", *SKIP, code=1)
    assert f"{whole + 2} accepted" in done.output
    assert message in done.output
    assert names.name == "{000..001}.tar"
    stopped = run("apply", policy, *given, "--out", tmp_path / "stopped", code=1)
    assert "Traceback" not in told(stopped)


def test_a_key_that_repeats_is_refused_with_both_places(tmp_path: Path) -> None:
    policy = policy_in(tmp_path)
    shards_in(tmp_path / "s")
    shutil.copy(tmp_path / "s" / "000.tar", tmp_path / "s" / "009.tar")
    done = run(
        "apply", policy, "--in", tmp_path / "s", *MAPPED, "--out", tmp_path / "o", *SKIP, code=1
    )
    first, again = tmp_path / "s" / "000.tar:1", tmp_path / "s" / "009.tar:1"
    assert (
        f"{again}: expected each key once; got 'k000' again; it is the key of {first}"
        in done.output
    )
    assert "4 accepted" in done.output


@pytest.mark.parametrize("form", ["webdataset", "parquet"])
def test_keys_that_are_one_in_a_part_are_refused(tmp_path: Path, form: str) -> None:
    """3 and "3" are two keys of a manifest; after a resume, too."""
    (tmp_path / "p.yaml").write_text("{syncaug: 1, sample: {caption: text}, steps: []}")
    lines = [json.dumps({"key": key, "caption": "a cat"}) for key in ("3", "b", 3, 4)]
    manifest, out = tmp_path / "m.jsonl", tmp_path / "out"
    options = ("--out", out, "--out-format", form, "--part-samples", 2)
    message = "sample 3: expected keys that differ as texts, as parts have them; got another"
    manifest.write_text("\n".join(lines))
    for more in ((), ("--resume",)):
        done = run("apply", tmp_path / "p.yaml", "--in", manifest, *options, *more, code=1)
        assert message in told(done)
    done = run("apply", tmp_path / "p.yaml", "--in", manifest, *options, "--resume", *SKIP, code=1)
    assert message in done.output
    assert "3 accepted; 2 of them done before" in done.output


@pytest.mark.parametrize("form", ["folder", "webdataset", "parquet"])
def test_variants_that_meet_those_of_another_line_are_refused(tmp_path: Path, form: str) -> None:
    (tmp_path / "p.yaml").write_text("{syncaug: 1, sample: {caption: text}, steps: []}")
    lines = [
        json.dumps({"key": key, "epoch": epoch, "caption": "a cat"})
        for key, epoch in (("a", 0), ("a", 1), ("b", 1), ("a", 2))
    ]
    manifest = tmp_path / "m.jsonl"
    manifest.write_text("\n".join(lines))
    given = ("apply", tmp_path / "p.yaml", "--in", manifest, "--out-format", form)
    done = run(*given, "--out", tmp_path / "two", "--variants", 2, *SKIP, code=1)
    assert f"{manifest}:2: sample 'a': expected epochs that no other sample of" in done.output
    assert f"those of {manifest}:1 are drawn from epoch 0 on" in done.output
    assert "6 accepted" in done.output
    records = (tmp_path / "two" / "records.jsonl").read_text().splitlines()
    draws = [json.loads(line)["draw"] for line in records]
    assert len({(draw["key"], draw["epoch"]) for draw in draws}) == 6
    assert "4 accepted" in run(*given, "--out", tmp_path / "one").output


def test_two_members_for_one_stream_are_told(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("{syncaug: 1, sample: {caption: text}, steps: []}")
    for name, extensions in {"two": ("txt", "text"), "again": ("txt", "txt")}.items():
        with tarfile.open(tmp_path / f"{name}.tar", "w") as tar:
            for extension in extensions:
                add(tar, f"a.{extension}", b"a cat")
    for name, message in {
        "two": "expected one member for 'caption'; got 'txt' and 'text'. Say which one: --map",
        "again": "expected each member of a sample once, as it is; got the member 'a.txt' again",
    }.items():
        given = ("--in", tmp_path / f"{name}.tar", "--out", tmp_path / name)
        assert message in told(run("apply", tmp_path / "p.yaml", *given, code=1))


def written(folder: Path, table: Any, **how: Any) -> Path:
    from pyarrow import parquet

    parquet.write_table(table, folder / "t.parquet", **how)
    return folder / "t.parquet"


def with_column(name: str, values: list[Any]) -> Any:
    import pyarrow

    table = table_of()
    return table.set_column(table.column_names.index(name), name, pyarrow.array(values))


TABLES: dict[str, tuple[Callable[[], Any], int, str]] = {
    "null in a stream": (
        lambda: with_column("caption", ["a", None, "b", "c"]), 3,
        "t.parquet:2: sample 'k001': expected a value in the column 'caption' for the stream"),
    "bytes that are no sound": (
        lambda: with_column("speech", [b"zz", *table_of()["speech"].to_pylist()[1:]]), 3,
        "t.parquet/1/speech, which cannot be decoded"),
    "a key twice": (
        lambda: with_column("key", ["a", "b", "a", "c"]), 3,
        "t.parquet:3: expected each key once; got 'a' again; it is the key of"),
    "no key": (
        lambda: with_column("key", ["a", None, "b", "c"]), 3,
        "t.parquet:2: expected a text or a whole number as key; got None"),
    "a key that is none": (
        lambda: with_column("key", [0.5, 1.5, 2.5, 3.5]), 0,
        "t.parquet:1: expected a text or a whole number as key; got 0.5"),
    "a path that leads nowhere": (
        lambda: with_column("image", ["none.png"] * 4), 0, "none.png, which does not exist"),
}  # fmt: skip


@pytest.mark.parametrize("what", TABLES)
def test_a_row_that_is_wrong_is_named(tmp_path: Path, what: str) -> None:
    make, whole, message = TABLES[what]
    table = written(tmp_path, make())
    policy = policy_in(tmp_path)
    done = run("apply", policy, "--in", table, "--out", tmp_path / "out", *SKIP, code=1)
    assert message in done.output
    assert (f"{whole} accepted" if whole else "nothing written") in done.output


def test_a_hole_in_a_table_costs_its_row_group_alone(tmp_path: Path) -> None:
    from pyarrow import parquet

    table = written(tmp_path, table_of(), row_group_size=2)
    column = parquet.ParquetFile(table).metadata.row_group(1).column(1)
    data = bytearray(table.read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    data[start : start + column.total_compressed_size] = bytes(column.total_compressed_size)
    table.write_bytes(data)
    done = run(
        "apply", policy_in(tmp_path), "--in", table, "--out", tmp_path / "out", *SKIP, code=1
    )
    assert "2 accepted" in done.output
    assert "t.parquet, which is damaged at row 3" in done.output
    assert "t.parquet, which is damaged at row 4" in done.output


def test_a_table_that_is_cut_off_is_named_and_the_next_one_follows(tmp_path: Path) -> None:
    from pyarrow import parquet

    (tmp_path / "t").mkdir()
    for number in range(2):
        parquet.write_table(table_of().slice(2 * number, 2), tmp_path / "t" / f"{number}.parquet")
    first = tmp_path / "t" / "0.parquet"
    first.write_bytes(first.read_bytes()[:-100])
    given = ("--in", tmp_path / "t", "--out", tmp_path / "out")
    done = run("apply", policy_in(tmp_path), *given, *SKIP, code=1)
    assert "2 accepted" in done.output
    assert "0.parquet, which is damaged" in done.output


USAGE: dict[str, tuple[tuple[str, ...], int, str]] = {
    "a missing shard": (("--in", "s/{000..002}.tar", *MAPPED), 1, "s/002.tar of "),
    "no match": (("--in", "s/x*.tar", *MAPPED), 1, "nothing matches the pattern"),
    "no member for a stream": (
        ("--in", "s"), 1, "expected something for the stream 'boxes' (boxes); got only members"),
    "an entry that is none": (
        ("--in", "s", "--map", "foo=jpg"), 1, "--map foo=...: expected a stream or another entry"),
    "half a mapping": (("--in", "s", "--map", "jpg"), 2, "--map 'jpg': expected STREAM=SOURCE"),
    "a stream mapped twice": (
        ("--in", "s", "--map", "image=jpg", "--map", "image=png"), 2, "expected each stream once"),
    "a field that is none": (
        ("--in", "s", *MAPPED[:-1], "classes=json:kind"), 1, "expected a field 'kind' in its JSON"),
    "a key for shards": (("--in", "s", "--key-from", "id"), 2, "--key-from goes with files"),
    "no column of keys": (
        ("--in", "t.parquet", "--key-from", "id"), 1, "Name it: --key-from COLUMN; or --key-from"),
    "a column that is none": (
        ("--in", "t.parquet", "--map", "label=klass"), 1, "expected the column 'klass'"),
    "a format that is not there": (
        ("--in", "t.parquet", "--in-format", "webdataset"), 1, "expected a WebDataset shard"),
    "no saved data set": (
        ("--in", "s", "--in-format", "huggingface"), 1, "without state.json"),
    "several splits": (("--in", "many", *SAVED), 1, "one of its splits, test, train; got none"),
    "a split that is none": (
        ("--in", "many", *SAVED, "--split", "dev"), 1, "test, train; got 'dev'"),
    "a folder of anything": ((("--in", ".")), 1, "Say what is meant: --in-format"),
    "a folder without patterns": (
        ("--in", "f", "--in-format", "files"), 2, "needs --pattern for each stream"),
    "a pattern of no stream": (
        ("--in", "f", "--pattern", "{key}.dat"), 1, "expected which stream its files are"),
    "a pattern out of the folder": (
        ("--in", "f", "--pattern", "image=../{key}.jpg"), 1, "expected a path below the folder"),
    "a pattern without a key": (
        ("--in", "f", "--pattern", "image=images/{id}.jpg"), 1, "expected a place for {key}"),
    "a pattern that nothing matches": (
        ("--in", "f", *PATTERNS, "--pattern", "image=pics/{key}.jpg"), 1,
        "expected files as the pattern 'pics/{key}.jpg' names them"),
    "a data set's format": (
        ("--in", "t.parquet", "--out-format", "dataset"), 2, "goes with --dataset KIND"),
}  # fmt: skip


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import datasets

    folder = tmp_path_factory.mktemp("everywhere")
    shards_in(folder / "s")
    written(folder, table_of())
    files_in(folder / "f")
    data = datasets.load_from_disk(saved_in(folder / "one"))
    datasets.DatasetDict({"train": data, "test": data}).save_to_disk(folder / "many")
    policy_in(folder)
    return folder


@pytest.mark.parametrize("what", USAGE)
def test_what_is_asked_wrongly_is_told(
    everywhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    given, code, message = USAGE[what]
    monkeypatch.chdir(everywhere)
    done = run("apply", "policy.yaml", *given, "--out", tmp_path / "out", code=code)
    assert message in told(done)
    begun = ("a field that is none", "a format that is not there")
    assert (tmp_path / "out").exists() == (what in begun)


def test_a_sample_without_one_of_its_files_is_named(tmp_path: Path) -> None:
    folder = files_in(tmp_path / "f")
    (folder / "captions" / "k001.txt").unlink()
    shutil.copy(folder / "images" / "k002.jpg", folder / "images" / ".hidden.jpg")
    given = ("--in", folder, *PATTERNS, "--out", tmp_path / "out")
    done = run("apply", policy_in(tmp_path), *given, *SKIP, code=1)
    assert "sample 'k001': expected a file for the stream 'caption'; got only audio/" in done.output
    assert "3 accepted" in done.output


def test_a_skipped_sample_cannot_take_a_place_in_a_whole_part(tmp_path: Path) -> None:
    from tests.runs.containers import manifest_in

    policy, manifest, out = policy_in(tmp_path), manifest_in(tmp_path), tmp_path / "out"
    lines = manifest.read_text().splitlines()
    broken = [lines[0].replace("pets/", "pets/none/"), *lines[1:]]
    manifest.write_text("\n".join(broken))
    options = ("--out-format", "webdataset", "--part-samples", 2, *SKIP)
    run("apply", policy, "--manifest", manifest, "--out", out, *options, code=1)
    manifest.write_text("\n".join(lines))
    again = ("apply", policy, "--manifest", manifest, "--out", out, *options, "--resume")
    assert "expected the samples that the finished run had" in run(*again, code=1).output


def test_a_table_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    """In one process, as a notebook does it."""
    import pyarrow

    first = table_of()
    column = first.column_names.index("caption")
    second = first.set_column(column, "caption", pyarrow.array(["a new caption"] * len(first)))
    for number, table in enumerate((first, second)):
        given = ("--in", written(tmp_path, table), "--out", tmp_path / f"out{number}")
        run("apply", policy_in(tmp_path), *given)
    lines = (tmp_path / "out1" / "manifest.jsonl").read_text().splitlines()
    assert {json.loads(line)["caption"] for line in lines} == {"a new caption"}


def test_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    table = table_of()
    twice = table.append_column("caption", table.column("caption"))
    given = ("--in", written(tmp_path, twice), "--out", tmp_path / "out")
    done = run("apply", policy_in(tmp_path), *given, code=1)
    assert "expected columns of different names; got 'caption' twice" in told(done)


def test_hidden_members_of_a_shard_belong_to_no_sample(tmp_path: Path) -> None:
    shard = tmp_path / "s.tar"
    row = next(many(1))
    with tarfile.open(shard, "w") as tar:
        for extension, data in members(row).items():
            name = f"{row['key']}.{extension}"
            for hidden in (f"._{name}", f"__MACOSX/._{name}"):
                add(tar, hidden, b"\0\5\x16\7")
            add(tar, name, data)
    done = run(
        "apply", policy_in(tmp_path), "--in", shard, *MAPPED, "--out", tmp_path / "out", code=0
    )
    assert "1 accepted" in done.output
