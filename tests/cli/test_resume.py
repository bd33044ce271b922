"""`apply --resume`: the same bytes as an undisturbed run, whenever a run was killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from syncaug.backends.codecs import encode_png
from syncaug.cli import cli
from syncaug.errors import ManifestError
from syncaug.io.atomic import append_line
from syncaug.io.locking import LOCK
from syncaug.io.writer import ResultWriter
from tests.cli.killed import tree_digest
from tests.samples import ROOT

POLICY = """syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}, cloud: points}
untouched: [note]
steps:
  - {name: turn, uses: crop, with: {area: [0.6, 0.9]}}
  - {name: odd, uses: noise, p: 0.5, with: {snr_db: [10, 30]}}
"""


def samples(folder: Path, count: int = 12, *, bad: tuple[int, ...] = ()) -> Path:
    """A policy, pictures and a manifest; some of its lines name no picture."""
    (folder / "p.yaml").write_text(POLICY)
    generator = np.random.default_rng(0)
    lines = []
    for number in range(count):
        picture = generator.integers(0, 256, (9, 12, 3), dtype=np.uint8)
        (folder / f"{number}.png").write_bytes(encode_png(picture))
        name = "none.png" if number in bad else f"{number}.png"
        values = {
            "image": name,
            "caption": "a\u2028grey wall",
            "cloud": [[1.0, 2.0, float(number)]],
        }
        lines.append(json.dumps({"key": f"k/{number}", **values, "note": [number]}))
    (folder / "m.jsonl").write_text("\n".join(lines) + "\n")
    return folder / "m.jsonl"


def apply(folder: Path, *arguments: object, code: int = 0, out: str = "out") -> Result:
    """A run of the command in this process, on the samples in the folder."""
    given = [folder / "p.yaml", "--manifest", folder / "m.jsonl", "--out", folder / out, *arguments]
    result = CliRunner().invoke(cli, ["apply", *map(str, given)])
    error = result.exception
    came = 1 if isinstance(error, ManifestError) else result.exit_code
    assert came == code, (result.output, error)
    return result


def refused(folder: Path, *arguments: object, out: str = "out") -> str:
    return str(apply(folder, *arguments, code=1, out=out).exception)


def cut(out: Path, count: int) -> None:
    """Leave the first results of a run, as if it had been stopped there."""
    for name in ("manifest.jsonl", "records.jsonl"):
        lines = (out / name).read_bytes().splitlines(keepends=True)
        (out / name).write_bytes(b"".join(lines[:count]))


def test_a_run_that_is_killed_at_any_moment_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    samples(tmp_path, bad=(4,))
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.killed", str(tmp_path), "26"],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["code"] == 1, "one sample is skipped"
    assert told["total"] > 200
    for run in told["runs"]:
        assert run["killed"] == -9, run
        assert run["resumed"] == 1, run
        assert run["digest"] == told["digest"], run
    left = Counter(name.split("-")[0] for run in told["runs"] for name in run["left"])
    assert left[".partial"] >= 5
    assert left[LOCK] >= 20


@pytest.mark.parametrize("form", ["webdataset", "parquet"])
def test_a_killed_run_into_parts_ends_as_an_undisturbed_one(tmp_path: Path, form: str) -> None:
    samples(tmp_path, bad=(3, 4))
    options = ["--out-format", form, "--part-samples", "4"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.killed", str(tmp_path), "26", *options],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["code"] == 1, "two samples are skipped"
    assert told["total"] > 200
    for run in told["runs"]:
        assert (run["killed"], run["resumed"]) == (-9, 1), run
        assert run["digest"] == told["digest"], run
    parts = Counter(name.split(".")[0] for run in told["runs"] for name in run["left"])
    assert parts["000001"] >= 5, "some were killed with whole parts"


def test_a_finished_run_has_nothing_to_do(tmp_path: Path) -> None:
    samples(tmp_path, 3)
    apply(tmp_path)
    before = tree_digest(tmp_path / "out")
    assert "nothing to do, all of it was done before" in apply(tmp_path, "--resume").output
    told = json.loads(apply(tmp_path, "--resume", "--format", "json").output)
    assert (told["resumed"], told["outcomes"]) == (3, {"accepted": 3})
    assert tree_digest(tmp_path / "out") == before


@pytest.mark.parametrize("there", [True, False])
def test_an_empty_or_missing_folder_is_a_plain_run(tmp_path: Path, there: bool) -> None:
    samples(tmp_path, 3)
    if there:
        (tmp_path / "out").mkdir()
    assert "3 accepted" in apply(tmp_path, "--resume").output
    apply(tmp_path, out="plain")
    assert tree_digest(tmp_path / "out") == tree_digest(tmp_path / "plain")


def test_a_folder_of_something_else_is_not_resumed(tmp_path: Path) -> None:
    samples(tmp_path, 3)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    assert "is not empty" in refused(tmp_path, "--resume")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]


def test_a_plain_run_after_a_kill_says_how_to_go_on(tmp_path: Path) -> None:
    samples(tmp_path, 3)
    apply(tmp_path)
    assert "go on with --resume" in refused(tmp_path)


CHANGES: dict[str, tuple[list[str], str]] = {
    "seed": (["--seed", "5"], "seed 0, now 5"),
    "severity": (["--severity", "0.9"], "severity 0.5, now 0.9"),
    "format": (["--image-format", "jpg"], 'source.formats.image "png", now "jpg"'),
    "quality": (["--crf", "20"], "source.formats.coding.crf 12, now 20"),
    "threads": (["--encoder-threads", "1"], "source.formats.coding.threads 4, now 1"),
    "memory": (["--lazy-above", "1"], "source.lazy_above 268435456, now 1048576"),
    "epoch": (["--epoch", "3"], "it holds one of 'k/0', epoch 0"),
    "policy": ([], "policy.steps[0].with.area[0] 0.6, now 0.5"),
    "values": ([], 'source.values.caption "a cat", now "a dog"'),
    "variants": (["--variants", "2"], "it had variants 1, now 2"),
    "source": ([], "source 5, now {"),
    "key": ([], "it holds one of 'k/1', epoch 0"),
    "version": ([], 'versions.numpy "0.1", now'),
}


@pytest.mark.parametrize("what", CHANGES)
def test_another_run_is_refused_with_the_difference(tmp_path: Path, what: str) -> None:
    arguments, message = CHANGES[what]
    manifest = samples(tmp_path, 3)
    text = manifest.read_text().replace("a\\u2028grey wall", "a cat")
    manifest.write_text(text)
    apply(tmp_path)
    cut(tmp_path / "out", 2)
    records = tmp_path / "out" / "records.jsonl"
    if what == "policy":
        (tmp_path / "p.yaml").write_text(POLICY.replace("0.6", "0.5"))
    elif what == "values":
        manifest.write_text(text.replace("a cat", "a dog"))
    elif what == "key":
        manifest.write_text(text.replace("k/1", "k/11"))
    elif what in ("version", "source"):
        lines = [json.loads(line) for line in records.read_text().split("\n")[:-1]]
        for line in lines:
            line["versions"]["numpy"] = "0.1" if what == "version" else line["versions"]["numpy"]
            line["source"] = 5 if what == "source" else line["source"]
        records.write_text("".join(json.dumps(line) + "\n" for line in lines))
    before = tree_digest(tmp_path / "out")
    told = refused(tmp_path, "--resume", *arguments)
    assert message in told
    assert "--overwrite" in told
    assert tree_digest(tmp_path / "out") == before


def killed(out: Path, run: dict[str, Any], count: int = 1) -> None:
    """What a kill leaves: the results so far, the state of the run, and half a result."""
    cut(out, count)
    (out / ".partial-999999").mkdir()
    (out / ".partial-999999" / "half.png").write_bytes(b"x")
    (out / LOCK).write_text(json.dumps({"pid": 999999, "host": "x", "run": run, "owned": []}))


@pytest.mark.parametrize("what", ["variants", "manifest"])
def test_a_killed_run_knows_its_options_and_its_manifest(tmp_path: Path, what: str) -> None:
    manifest = samples(tmp_path, 3)
    (tmp_path / "catch").mkdir()
    caught: dict[str, Any] = {}
    begin = ResultWriter._begin

    def spy(writer: ResultWriter) -> None:
        caught.update(writer._run)
        begin(writer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ResultWriter, "_begin", spy)
        apply(tmp_path)
    clean = tree_digest(tmp_path / "out")
    killed(tmp_path / "out", caught)
    if what == "manifest":
        text = manifest.read_text()
        manifest.write_text(text + text.splitlines()[0].replace("k/0", "k/9") + "\n")
        assert "content of the manifest" in refused(tmp_path, "--resume")
        manifest.write_text(text)
    else:
        assert "variants 1, now 2" in refused(tmp_path, "--resume", "--variants", 2)
    assert (tmp_path / "out" / LOCK).exists(), "it can still be resumed as it was"
    assert "3 accepted; 1 of them done before" in apply(tmp_path, "--resume").output
    assert tree_digest(tmp_path / "out") == clean


def test_a_stopped_run_goes_on_when_its_line_is_mended(tmp_path: Path) -> None:
    manifest = samples(tmp_path, 6, bad=(3,))
    assert "none.png" in refused(tmp_path)
    manifest.write_text(manifest.read_text().replace("none.png", "3.png"))
    assert "6 accepted; 3 of them done before" in apply(tmp_path, "--resume").output
    apply(tmp_path, out="plain")
    assert tree_digest(tmp_path / "out") == tree_digest(tmp_path / "plain")


def test_what_was_skipped_is_tried_again_and_takes_its_place(tmp_path: Path) -> None:
    manifest = samples(tmp_path, 6, bad=(1, 3))
    apply(tmp_path, "--on-error", "skip", code=1)
    again = apply(tmp_path, "--on-error", "skip", "--resume", code=1)
    assert "4 accepted; nothing to do" in again.output
    assert "2 samples skipped" in again.output
    manifest.write_text(manifest.read_text().replace("none.png", "5.png"))
    apply(tmp_path, "--resume")
    apply(tmp_path, out="plain")
    assert tree_digest(tmp_path / "out") == tree_digest(tmp_path / "plain")


@pytest.mark.parametrize("torn", ["record", "line", "half a record", "half a line"])
def test_torn_ends_are_mended(tmp_path: Path, torn: str) -> None:
    samples(tmp_path, 4)
    apply(tmp_path)
    clean = tree_digest(tmp_path / "out")
    out = tmp_path / "out"
    keep = {"record": (2, 3), "line": (2, 3), "half a record": (2, 2), "half a line": (2, 3)}[torn]
    for name, count in zip(("manifest.jsonl", "records.jsonl"), keep, strict=True):
        lines = (out / name).read_bytes().splitlines(keepends=True)
        half = lines[count][:20] if torn == f"half a {name[:-7]}"[:-1] else b""
        half = lines[2][:20] if torn == "half a line" and name == "manifest.jsonl" else half
        (out / name).write_bytes(b"".join(lines[:count]) + half)
    if torn == "half a record":
        with (out / "records.jsonl").open("ab") as file:
            file.write(b'{"record": 1, "pol')
    apply(tmp_path, "--resume")
    assert tree_digest(out) == clean


def test_records_that_are_not_those_of_the_manifest_are_refused(tmp_path: Path) -> None:
    samples(tmp_path, 4)
    apply(tmp_path)
    out = tmp_path / "out"
    manifest = (out / "manifest.jsonl").read_bytes().splitlines(keepends=True)
    (out / "manifest.jsonl").write_bytes(b"".join(manifest[1:]))
    assert "expected the result of 'k/0', epoch 0" in refused(tmp_path, "--resume")
    (out / "manifest.jsonl").write_bytes(b"".join(manifest))
    (out / "records.jsonl").write_text("[1]\n")
    assert "records.jsonl:1: expected a line of apply" in refused(tmp_path, "--resume")


def test_resume_and_overwrite_exclude_each_other(tmp_path: Path) -> None:
    samples(tmp_path, 1)
    assert "give --resume" in apply(tmp_path, "--resume", "--overwrite", code=2).output


def test_two_runs_into_one_folder_are_refused(tmp_path: Path) -> None:
    samples(tmp_path, 2)
    with ResultWriter(tmp_path / "out", {}):
        for option in ((), ("--resume",), ("--overwrite",)):
            told = refused(tmp_path, *option)
            assert f"process {os.getpid()} writes there now" in told
    assert "2 accepted" in apply(tmp_path).output


def test_leftovers_of_dead_processes_go_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    samples(tmp_path, 2)
    out = tmp_path / "out"
    living = os.getppid()
    for pid in (999999, living):
        (out / f".partial-{pid}" / "new").mkdir(parents=True)
    apply(tmp_path)
    assert [path.name for path in out.glob(".partial-*")] == [f".partial-{living}"]


@pytest.mark.parametrize("before", [0, 3])
def test_a_full_disk_ends_the_run_and_is_no_fault_of_a_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    samples(tmp_path, 4)
    apply(tmp_path)
    clean = tree_digest(tmp_path / "out")
    count = 0

    def filling(path: Path, line: str) -> None:
        nonlocal count
        count += 1
        if count <= 2 * before:
            append_line(path, line)
        else:
            with open("/dev/full", "w") as disk:
                disk.write(line)

    (tmp_path / "out").rename(tmp_path / "clean")
    with monkeypatch.context() as patched:
        patched.setattr("syncaug.io.result_folders.append_line", filling)
        message = refused(tmp_path, "--on-error", "skip")
    assert "No space left on device" in message
    assert "--resume" in message
    assert count == 2 * before + 1
    apply(tmp_path, "--on-error", "skip", "--resume")
    assert tree_digest(tmp_path / "out") == clean
