"""`syncaug apply` from and to shards, tables, saved data sets and folders of files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from syncaug.cli import cli
from syncaug.errors import MissingExtraError
from tests.runs.containers import (
    MAPPED,
    PATTERNS,
    SAVED,
    contents,
    files_in,
    manifest_in,
    policy_in,
    run,
    saved_in,
    shards_in,
    table_of,
)


def sources(folder: Path) -> dict[str, tuple[Any, ...]]:
    """The same four samples in every kind of source, each as options name it."""
    from pyarrow import parquet

    parquet.write_table(table_of(), folder / "t.parquet", row_group_size=3)
    (folder / "tables").mkdir()
    for number in range(2):
        part = table_of().slice(2 * number, 2)
        parquet.write_table(part, folder / "tables" / f"part-{number}.parquet")
    return {
        "manifest": ("--manifest", manifest_in(folder)),
        "webdataset": ("--in", shards_in(folder / "shards"), *MAPPED),
        "glob": ("--in", folder / "shards" / "*.tar", *MAPPED),
        "folder of shards": ("--in", folder / "shards", *MAPPED),
        "huggingface": ("--in", saved_in(folder / "saved"), *SAVED),
        "files": ("--in", files_in(folder / "files"), *PATTERNS),
        "parquet": ("--in", folder / "t.parquet"),
        "folder of tables": ("--in", folder / "tables"),
    }


def test_the_same_samples_give_the_same_bytes_from_every_source(tmp_path: Path) -> None:
    policy = policy_in(tmp_path)
    wanted: dict[str, dict[str, bytes]] = {}
    for name, given in sources(tmp_path).items():
        for form in ("folder", "webdataset", "parquet"):
            out = tmp_path / f"{name}-{form}"
            options = ("--out-format", form, "--part-samples", 3, "--variants", 2)
            done = run("apply", policy, *given, "--out", out, *options)
            assert "8 accepted" in done.output
            found = contents(out)
            lines = found.pop("manifest.jsonl", b"").decode().splitlines()
            found["lines"] = json.dumps(list(map(json.loads, lines)), sort_keys=True).encode()
            assert found == wanted.setdefault(form, found), (name, form)
            again = run("replay", out / "records.jsonl", "--verify")
            assert "replayed: 8, differing: []" in again.output, (name, form)
    assert sorted(wanted["webdataset"])[:3] == ["000000.tar", "000001.tar", "000002.tar"]
    assert len(wanted["folder"]) == 17


def test_preview_takes_every_source(tmp_path: Path) -> None:
    policy = policy_in(tmp_path)
    for name, given in sources(tmp_path).items():
        page = tmp_path / f"{name}.html"
        run("preview", policy, *given, "--key", "k001", "--out", page, "--variants", 1)
        assert page.stat().st_size > 10_000


@pytest.mark.parametrize("form", ["webdataset", "parquet"])
def test_a_run_that_stopped_goes_on_to_the_same_bytes(tmp_path: Path, form: str) -> None:
    policy, manifest = policy_in(tmp_path), manifest_in(tmp_path)
    options = ("--out-format", form, "--part-samples", 2)
    run("apply", policy, "--manifest", manifest, "--out", tmp_path / "whole", *options)
    lines = manifest.read_text().splitlines()
    broken = [*lines[:3], lines[3].replace("pets/", "pets/none/")]
    manifest.write_text("\n".join(broken) + "\n")
    run("apply", policy, "--manifest", manifest, "--out", tmp_path / "out", *options, code=1)
    assert len(contents(tmp_path / "out")) == 2
    manifest.write_text("\n".join(lines) + "\n")
    out = tmp_path / "out"
    done = run("apply", policy, "--manifest", manifest, "--out", out, *options, "--resume")
    assert "2 of them done before" in done.output
    assert contents(out) == contents(tmp_path / "whole")
    records = [(folder / "records.jsonl").read_bytes() for folder in (out, tmp_path / "whole")]
    assert records[0] == records[1]
    done = run("apply", policy, "--manifest", manifest, "--out", out, *options, "--resume")
    assert "nothing to do" in done.output


def test_workers_change_no_byte(tmp_path: Path) -> None:
    policy, made = policy_in(tmp_path), sources(tmp_path)
    for name, form in {"webdataset": "parquet", "parquet": "webdataset"}.items():
        how = ("--out-format", form, "--part-samples", 3, "--variants", 2, "--workers")
        for workers in (0, 2):
            out = tmp_path / f"{name}-{workers}" / "out"
            run("apply", policy, *made[name], "--out", out, *how, workers)
        one, two = (tmp_path / f"{name}-{workers}" / "out" for workers in (0, 2))
        assert contents(one) == contents(two)
        assert (one / "records.jsonl").read_bytes() == (two / "records.jsonl").read_bytes()


def test_results_in_parts_are_a_source_again(tmp_path: Path) -> None:
    policy = policy_in(tmp_path)
    first = ("--manifest", manifest_in(tmp_path), "--variants", 2)
    run("apply", policy, *first, "--out", tmp_path / "t", "--out-format", "parquet")
    done = run("apply", policy, "--in", tmp_path / "t", "--out", tmp_path / "again")
    assert done.output.splitlines() == [f"{tmp_path / 'again'}: 8 accepted"], "nothing is left out"
    run("apply", policy, *first, "--out", tmp_path / "s", "--out-format", "webdataset")
    done = run("apply", policy, "--in", tmp_path / "s", "--out", tmp_path / "third")
    assert done.output.splitlines() == [f"{tmp_path / 'third'}: 8 accepted"]


@pytest.mark.parametrize(
    ("library", "extra", "given"),
    [
        ("pyarrow", "parquet", ("--in", "t.parquet")),
        ("pyarrow", "parquet", ("--manifest", "m.jsonl", "--out-format", "parquet")),
        ("datasets", "huggingface", ("--in", "saved", *SAVED)),
    ],
)
def test_a_missing_library_is_told_by_its_extra(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    library: str,
    extra: str,
    given: tuple[str, ...],
) -> None:
    policy = policy_in(tmp_path)
    sources(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, library, None)
    result = CliRunner().invoke(cli, ["apply", str(policy), *given, "--out", "out"])
    assert isinstance(result.exception, MissingExtraError)
    assert f"pip install 'syncaug[{extra}]'" in str(result.exception)


def test_what_a_data_set_says_beside_streams_may_be_an_epoch_or_not(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    table = table_of().append_column("epoch", pyarrow.array(["first", "second"] * 2))
    parquet.write_table(table, tmp_path / "t.parquet")
    given = ("--in", tmp_path / "t.parquet", "--out", tmp_path / "out")
    done = run("apply", policy_in(tmp_path), *given)
    assert "are not in the results: epoch" in done.output
    assert "4 accepted" in done.output
