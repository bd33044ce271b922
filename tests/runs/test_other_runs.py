"""`--resume` of a run that was another one: what differs is named, and nothing is touched."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.runs.containers import POLICY, contents, manifest_in, policy_in, run, told

FORMS = ("folder", "webdataset", "parquet")
OTHER = {
    "seed": (("--seed", 9), r"seed 0, now 9 \(--seed\)"),
    "variants": (("--variants", 2), "variants 1, now 2"),
    "epoch": (("--epoch", 3), "one of '.*', epoch 0, and its epochs are now 3, with --epoch 3"),
    "shard": (("--shard", "1/2"), r"is of share 0/2, now --shard 1/2|\(--shard, or the name"),
    "quality": (("--image-format", "jpg"), r'image "png", now "jpg" \(--image-format\)'),
    "severity": (("--severity", 0.9), r"severity 0.5, now 0.9 \(--severity\)"),
    "policy": ((), r"policy.steps\[0\].p 0.5, now 0.25"),
    "version": ((), 'versions.numpy "0+", now'),
}


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs in every form that stopped at their fourth sample, the third in a half part."""
    folder = tmp_path_factory.mktemp("stopped")
    policy_in(folder)
    manifest = manifest_in(folder)
    text = manifest.read_text(encoding="utf-8")
    lines = text.splitlines()
    broken = [*lines[:3], lines[3].replace("pets/", "pets/none/")]
    manifest.write_text("\n".join(broken) + "\n", encoding="utf-8")
    for form in FORMS:
        applied(folder, form, form, code=1)
    manifest.write_text(text, encoding="utf-8")
    for form in FORMS:
        applied(folder, f"whole-{form}", form)
    return folder


def applied(folder: Path, out: str, form: str, *more: object, code: int = 0) -> Any:
    given = ("--manifest", folder / "m.jsonl", "--out", folder / out)
    parts = ("--out-format", form, "--part-samples", 2)
    return run("apply", folder / "policy.yaml", *given, *parts, *more, code=code)


@pytest.fixture
def folder(stopped: Path, tmp_path: Path) -> Path:
    """A copy of these runs to go on with."""
    return Path(shutil.copytree(stopped, tmp_path / "runs"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", OTHER)
def test_what_differs_is_named(folder: Path, form: str, what: str) -> None:
    more, message = OTHER[what]
    if what == "policy":
        policy_in(folder, POLICY.replace("p: 0.5", "p: 0.25"))
    if what == "version":
        records = folder / form / "records.jsonl"
        own = f'"numpy": "{np.__version__}"'.encode()
        other = b'"numpy": "' + b"0" * len(np.__version__) + b'"'  # so long that lengths stay
        data = records.read_bytes()
        assert own in data
        records.write_bytes(data.replace(own, other))
    before = contents(folder / form)
    found = told(applied(folder, form, form, "--resume", *more, code=1))
    assert re.search(message, found), found
    assert "Run what was run before, or start anew with --overwrite or in another folder" in found
    assert contents(folder / form) == before


@pytest.mark.parametrize("before", FORMS)
@pytest.mark.parametrize("now", FORMS)
def test_another_format_is_named(folder: Path, before: str, now: str) -> None:
    held = contents(folder / before)
    if now == before:
        applied(folder, before, now, "--resume")
        assert contents(folder / before) == contents(folder / f"whole-{before}")
        return
    found = told(applied(folder, before, now, "--resume", code=1))
    assert f"expected the same run again; it had --out-format {before}, now {now}. Run" in found
    assert contents(folder / before) == held


def test_a_run_of_one_half_part_is_known_too(folder: Path) -> None:
    """Where no part was whole, all is made again: it must be the same run all the same."""
    manifest = folder / "m.jsonl"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("pets/", "pets/none/").replace("pets/none/", "pets/", 1))
    applied(folder, "half", "parquet", code=1)
    manifest.write_text(text, encoding="utf-8")
    assert list(contents(folder / "half")) == ["000000.parquet"]
    assert "seed 0, now 3" in told(
        applied(folder, "half", "parquet", "--resume", "--seed", 3, code=1)
    )
    assert list(contents(folder / "half")) == ["000000.parquet"]
    applied(folder, "half", "parquet", "--resume")
    assert contents(folder / "half") == contents(folder / "whole-parquet")


@pytest.mark.parametrize("form", FORMS)
def test_workers_may_differ(folder: Path, form: str) -> None:
    done = applied(folder, form, form, "--resume", "--workers", 2)
    assert "4 accepted; " in done.output
    assert contents(folder / form) == contents(folder / f"whole-{form}")
    records = [(folder / name / "records.jsonl").read_bytes() for name in (form, f"whole-{form}")]
    assert records[0] == records[1]


LOST = {
    "records of a folder": ("folder", "records.jsonl",
        "expected the records of the results that manifest.jsonl names; there is no such file. "
        "Start anew in another folder"),
    "a manifest": ("folder", "manifest.jsonl",
        "expected the result of '.*', epoch 0, in manifest.jsonl; got none. Start anew with"),
    "a result": ("folder", "*/0/*.png",
        "expected the file of '.*', epoch 0, stream 'image', that manifest.jsonl names; it was "
        "removed. Start anew with --overwrite"),
    "records of parts": ("parquet", "records.jsonl",
        "expected the records of all whole parts; some are missing. Start anew with --overwrite"),
    "a table": ("parquet", "000000.parquet",
        "expected the part of .* bytes that the run had finished; it was changed or removed"),
    "a shard": ("webdataset", "000000.tar",
        "expected the part of .* bytes that the run had finished; it was changed or removed"),
    "a journal": ("parquet", ".syncaug-parts.jsonl",
        "expected .syncaug-parts.jsonl, which tells the parts that are whole, beside the records; "
        "got none. Start anew in another folder"),
}  # fmt: skip


@pytest.mark.parametrize("what", LOST)
def test_what_is_gone_is_told(folder: Path, what: str) -> None:
    form, name, message = LOST[what]
    next((folder / form).glob(name)).unlink()
    found = told(applied(folder, form, form, "--resume", code=1))
    assert re.search(message, found), found
    anew = "other" if "another folder" in message else form
    applied(folder, anew, form, *(() if anew == "other" else ("--overwrite",)))
    assert contents(folder / anew) == contents(folder / f"whole-{form}")


def test_what_was_emptied_is_told(folder: Path) -> None:
    """As by a machine that lost its power: the name is there, and nothing that it held."""
    image = next((folder / "folder").glob("*/0/*.png"))
    image.write_bytes(b"")
    found = told(applied(folder, "folder", "folder", "--resume", code=1))
    assert re.search("expected the file of .* names; it was emptied. Start anew with", found), found
    applied(folder, "folder", "folder", "--overwrite")
    assert contents(folder / "folder") == contents(folder / "whole-folder")
    lines = folder / "folder" / "manifest.jsonl"
    lines.write_bytes(b'{"key": \n' + lines.read_bytes())
    found = told(applied(folder, "folder", "folder", "--resume", code=1))
    assert re.search("manifest.jsonl:1: expected a line of apply; .* put it back, or start", found)


def test_a_source_that_is_not_there_is_told(tmp_path: Path) -> None:
    policy, out = policy_in(tmp_path), tmp_path / "out"
    lost = {
        "none.parquet": f"There is no 'none.parquet' in the folder {tmp_path}: check the path.",
        "none.tar": f"There is no 'none.tar' in the folder {tmp_path}: check the path.",
        "none-*.tar": "Check the path: it starts from the folder in which the command runs.",
        "none-{0..1}.parquet": f"There is no 'none-0.parquet' in the folder {tmp_path}: check",
    }
    for name, remedy in lost.items():
        found = told(run("apply", policy, "--in", tmp_path / name, "--out", out, code=1))
        assert re.search("there is no such file|nothing matches the pattern", found), found
        assert remedy in found
    found = told(run("stats", tmp_path / "none.jsonl", code=1))
    assert "expected a file of records" in found
    assert "`syncaug apply --out FOLDER` writes one, FOLDER/records.jsonl." in found
